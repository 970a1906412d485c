"""The section `report` of the study file: how its numbers are printed, and its texts in other languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from remit.study.place import Place
from remit.study.style import DASH, PLAIN, SPACE, STYLES, THIN, Probabilities, Style, StyleName
from remit.study.written import CLOSED, Decimals, Text, Truth, Whole, takes

_DECIMAL = {"point": ".", "middle dot": "\u00b7", "comma": ","}
_THOUSANDS = {"thin space": THIN, "comma": ",", "point": ".", "none": ""}
_INTERVAL = {"to": " to ", "dash": DASH}
Below = Annotated[Whole, Field(ge=0), takes("a whole number of patients, as in 100")]


class ReportPart(BaseModel):
    """How the numbers of the report are printed."""

    model_config = CLOSED

    style: StyleName = "plain"
    """The journal whose numbers it prints: plain, lancet, jama, nejm or annals. Each other key changes one thing."""
    decimal: Literal["point", "middle dot", "comma"] | None = None
    """The decimal sign."""
    thousands: Literal["thin space", "comma", "point", "none"] | None = None
    """Between groups of three digits, from 10 000 on."""
    percent_space: Truth | None = None
    """Whether a space stands before %."""
    percent_decimals: Decimals | None = None
    """The decimals of percentages."""
    whole_percent_below: Below | None = None
    """Of fewer patients than this, percentages have no decimals."""
    no_percent_below: Below | None = None
    """Of fewer patients than this, no percentage is printed beside the count."""
    p: Probabilities | None = None
    """The digits of p; no p is ever printed as 0."""
    p_letter: Literal["p", "P"] | None = None
    """The letter."""
    p_spaces: Truth | None = None
    """Whether spaces stand around the sign: p = 0.012."""
    p_leading_zero: Truth | None = None
    """Whether p has a zero before its decimal sign."""
    interval: Literal["to", "dash"] | None = None
    """What stands between the ends of an interval; without it, "to" in sentences and a dash in tables."""
    interval_comma: Truth | None = None
    """Whether a comma stands before it: 95 % CI, 30.6 to 86.3."""
    smallest_cell: Annotated[Whole, Field(ge=1), takes("a whole number of patients from 1 on, as in 5")] = 5
    """The least count that the shareable edition shows, beside 0."""
    translations: dict[Literal["it"], dict[Text, Text]] = {}
    """Of texts that are no labels, as levels, periods, reasons, and what packs say: {it: {lack of efficacy: …}}."""


def make_style(part: ReportPart, place: Place) -> Style:
    """The style that is named, with what single keys change. Raises WrongInput."""
    style = STYLES[part.style]
    changed: dict[str, Any] = {
        "decimal": part.decimal and _DECIMAL[part.decimal],
        "thousands": _THOUSANDS[part.thousands] if part.thousands else None,
        "percent": None if part.percent_space is None else f"{SPACE}%" if part.percent_space else "%",
        "percent_decimals": part.percent_decimals,
        "whole_percent_below": part.whole_percent_below,
        "no_percent_below": part.no_percent_below,
        "p": part.p,
        "p_letter": part.p_letter,
        "p_equals": None if part.p_spaces is None else PLAIN.p_equals if part.p_spaces else "=",
        "p_below": None if part.p_spaces is None else PLAIN.p_below if part.p_spaces else "",
        "p_leading_zero": part.p_leading_zero,
        "interval": part.interval and _INTERVAL[part.interval],
        "interval_comma": part.interval_comma,
    }
    style = replace(style, **{name: value for name, value in changed.items() if value is not None})
    if style.decimal == style.thousands:
        what = f"'{style.decimal}' would be the decimal sign and also stand between thousands"
        where = place / "thousands" if part.thousands else place / "decimal"
        raise where.wrong(what, "Write `thousands: thin space`.")
    return style
