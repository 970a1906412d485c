"""How journals print numbers: which styles there are, and what each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

THIN = "\u202f"  # between groups of three digits
SPACE = "\u00a0"  # between a number and its unit
DASH = "\u2013"

StyleName = Literal["plain", "lancet", "jama", "nejm", "annals"]
Probabilities = Literal["three decimals", "two or three decimals", "two figures", "three decimals to 0.2"]


@dataclass(frozen=True)
class Style:
    """How numbers are printed. What a style does not set is printed as `plain` prints it.

    whole_percent_below: of fewer patients a percentage has no decimals; no_percent_below: of fewer none is printed.
    interval: what stands between the ends of an interval; None: "to" in sentences, a dash in tables.
    """

    decimal: str = "."
    thousands: str = THIN
    percent: str = f"{SPACE}%"
    percent_decimals: int = 1
    whole_percent_below: int = 0
    no_percent_below: int = 0
    p: Probabilities = "three decimals"
    p_letter: str = "p"
    p_equals: str = f"{SPACE}={SPACE}"
    p_below: str = SPACE  # between the letter and "<"
    p_leading_zero: bool = True
    interval: str | None = None
    interval_comma: bool = False  # 95 % CI, 30.6 to 86.3


PLAIN = Style()
STYLES: Mapping[StyleName, Style] = MappingProxyType(
    {
        "plain": PLAIN,
        # Information for Authors (2026) and Formatting guidelines for observational studies (July 2025), thelancet.com:
        # "Type decimal points midline (ie, 23·4, not 23.4)"; "Supply p values to two significant figures (capped at
        # four decimal places), or p<0·0001". Dash, p=0·18 and 95% CI as in the tables and figures that these show.
        "lancet": Style(decimal="\u00b7", percent="%", p="two figures", p_equals="=", p_below="", interval=DASH),
        # Instructions for Table Creation, jamanetwork.com (2016): P "to 2 digits past the decimal point …  For values
        # lower than .01, present the P value to 3 digits … P<.001". Instructions for Authors: "0.8%, 95% CI −0.2% to
        # 1.8%; P = .13" (quoted by Aguinis and others, BMJ Evid Based Med 2021, PMC8005799). AMA Manual of Style,
        # 11th edition: no zero before the decimal point of P, and no spaces around "=".
        "jama": Style(
            percent="%",
            p="two or three decimals",
            p_letter="P",
            p_equals="=",
            p_below="",
            p_leading_zero=False,
            interval=" to ",
        ),
        # Statistical Reporting Guidelines, nejm.org author centre: "P values larger than 0.01 should be reported to two
        # decimal places, and those between 0.01 and 0.001 to three …; P values smaller than 0.001 … as P<0.001".
        "nejm": Style(percent="%", p="two or three decimals", p_letter="P", p_equals="=", p_below=""),
        # Annals of Internal Medicine, Information for Authors, acpjournals.org: "between 0.001 and 0.20 … to the
        # nearest thousandth. For P values greater than 0.20 … to the nearest hundredth. … P<0.001"; percentages "to one
        # decimal place … when sample size is ≥200", and none "when sample size is <200".
        "annals": Style(
            percent="%", whole_percent_below=200, p="three decimals to 0.2", p_letter="P", p_equals="=", p_below=""
        ),
    }
)
