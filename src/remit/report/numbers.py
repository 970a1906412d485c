"""Results → printed numbers. Rounding is half up on the decimal digits of the number, as one does it by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

from remit.language.types import Number as NumberType
from remit.language.types import Ratio, Type
from remit.report.document import Number, Part, Quantity, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import MissingResult, Result
from remit.study.style import DASH as DASH
from remit.study.style import PLAIN, Probabilities, Style
from remit.study.style import SPACE as SPACE
from remit.study.style import THIN as THIN

MINUS = "\u2212"
NONE = "\u2014"  # nothing can stand here
_EVERY_DIGIT = Context(prec=400)  # of a float, before and after its point


def rounded(value: float, decimals: int, style: Style = PLAIN) -> str:
    """2.675 with two decimals is 2.68: by the digits that one reads, not by the binary number behind them."""
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EVERY_DIGIT)
    shown = f"{exact.copy_abs():f}"
    whole, point, fraction = shown.partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", style.thousands)
    return (MINUS if exact < 0 else "") + whole + (style.decimal if point else "") + fraction


def signed(day: int) -> str:
    """A day as it is counted from day 0: −3, 12."""
    return f"{day}".replace("-", MINUS)


def percentage(value: float, style: Style = PLAIN, of: int | None = None) -> str:
    """What is not 0 or 100 is not printed as such. `of`: the denominator, of which some styles ask."""
    decimals = 0 if of is not None and of < style.whole_percent_below else style.percent_decimals
    least = 10.0**-decimals
    if value > 0 and rounded(value, decimals) == rounded(0, decimals):
        return f"<{rounded(least, decimals, style)}"
    if value < 100 and rounded(value, decimals) == rounded(100, decimals):
        return f">{rounded(100 - least, decimals, style)}"
    return rounded(value, decimals, style)


def probability(value: float, style: Style = PLAIN) -> str:
    """A p value, never 0."""
    floor = 4 if style.p == "two figures" else 3
    if value < 10.0**-floor:
        return _of_one(f"<{rounded(10.0**-floor, floor, style)}", style)
    decimals = _decimals_of_p(value, style.p)
    if style.p != "three decimals" and value < 1 and rounded(value, decimals) == rounded(1, decimals):
        return _of_one(f">{rounded(1 - 10.0**-decimals, decimals, style)}", style)
    return _of_one(rounded(value, decimals, style), style)


def _decimals_of_p(value: float, asked: Probabilities) -> int:
    match asked:
        case "three decimals":
            return 3
        case "two figures":
            leading = math.floor(math.log10(float(f"{value:.1e}")))  # of 0.0099, rounded to two figures
            return min(4, 1 - leading) if leading < 0 else 2
        case "three decimals to 0.2":
            return 3 if value <= 0.2 else 2
        case "two or three decimals":
            rounds_to_the_border = value < 0.05 and rounded(value, 2) == "0.05"  # 0.049 is no 0.05
            return 3 if value < 0.01 or rounds_to_the_border else 2


def _of_one(text: str, style: Style) -> str:
    """A number that is at most 1, with its leading zero where the style has one."""
    return text if style.p_leading_zero else text.replace(f"0{style.decimal}", style.decimal, 1)


def needed(values: Iterable[float | None], base: int) -> int:
    """The decimals that quantiles of a field with `base` decimals ask for: they may lie halfway between two values."""
    exact = all(value is None or Decimal(repr(value)) == round(Decimal(repr(value)), base) for value in values)
    return base if exact else base + 1


def decimals_of(kind: Type) -> int:
    """The decimals that a value of this type is written with."""
    match kind:
        case NumberType(decimals=decimals):
            return decimals
        case Ratio():
            return 2
    return 0


def decimals_shown(kind: Type, ends: Iterable[float | None]) -> int:
    """The decimals that numbers are printed with; `ends`: the least and the greatest. A field of more than two decimals
    was read so that nothing is lost: of it, three digits of the greatest number are printed."""
    written, known = decimals_of(kind), [abs(end) for end in ends if end]
    if written <= 2 or not known:
        return written
    return min(written, max(1, 2 - math.floor(math.log10(max(known)))))


# Bound to their results


def count(result: Result, part: Part = "value") -> Number:
    """A number of patients or events: the row's value, or what stands behind it."""
    value = getattr(result, part)
    if value is None:
        raise MissingResult(f"{result.id} has no {part.replace('_', ' ')}")
    return Number(rounded(float(value), 0), result.id, part)


def percent(result: Result) -> Number:
    if result.value is None:
        return Number(NONE, result.id)
    return Number(percentage(result.value), result.id, "value", Quantity("percent", result.value, result.denominator))


def decimal(result: Result, decimals: int, say: Language = ENGLISH) -> Number:
    """The value; or, of a quantile that is known only as "<50", its bound."""
    if result.value is not None:
        return Number(rounded(result.value, decimals), result.id)
    if result.denominator and result.note:
        return Number(say.note(result.note), result.id, "note")
    return Number(NONE, result.id)


def with_interval(value: Result, lower: Result, upper: Result, decimals: int, say: Language = ENGLISH) -> Words:
    """−1.3 (−3.0 to 0.4); without an interval the value alone"""
    if lower.value is None:
        return words(decimal(value, decimals))
    middle, low, high = (decimal(each, decimals) for each in (value, lower, upper))
    return say("{value} ({low} to {high})", value=middle, low=low, high=high)


def note(result: Result, say: Language = ENGLISH) -> Words:
    """The result's note, as a footnote."""
    return words(Number(say.note(result.note or ""), result.id, "note"))


def not_given(result: Result) -> Words:
    """Why there is no value, as a footnote."""
    return words("Not given: ", note(result), ".")


def why_not(result: Result) -> tuple[Words, ...]:
    """The footnote of a value that the result says why it does not give; none if it does not say so."""
    return (not_given(result),) if result.note else ()


def p_number(result: Result) -> Number:
    if result.value is None:
        return Number(NONE, result.id)
    return Number(probability(result.value), result.id, "value", Quantity("p", result.value))


def p_words(result: Result) -> Words:
    """p = 0.012, p <0.001; of a result with a value; in any language"""
    p = p_number(result)
    return words(f"p{SPACE}" if p.text.startswith("<") else f"p{SPACE}={SPACE}", p)


def is_many(result: Result, part: Part = "value") -> bool:
    """Whether the word that it counts stands in the plural."""
    return bool(getattr(result, part) != 1)
