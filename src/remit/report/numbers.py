"""Results → printed numbers. Rounding is half up on the decimal digits of the number, as one does it by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

from remit.language.types import Number as NumberType
from remit.language.types import Ratio, Type
from remit.report.document import Number, Part, Words, words
from remit.report.lookup import MissingResult, Result

THIN = "\u202f"  # between groups of three digits
SPACE = "\u00a0"  # between a number and its unit
MINUS = "\u2212"
DASH = "\u2013"
NONE = "\u2014"  # nothing can stand here
_EVERY_DIGIT = Context(prec=400)  # of a float, before and after its point


def rounded(value: float, decimals: int) -> str:
    """2.675 with two decimals is 2.68: by the digits that one reads, not by the binary number behind them."""
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EVERY_DIGIT)
    shown = f"{exact.copy_abs():f}"
    whole, point, fraction = shown.partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", THIN)
    return (MINUS if exact < 0 else "") + whole + point + fraction


def percentage(value: float) -> str:
    """One decimal; what is not 0 or 100 is not printed as such."""
    if value > 0 and rounded(value, 1) == "0.0":
        return "<0.1"
    if value < 100 and rounded(value, 1) == "100.0":
        return ">99.9"
    return rounded(value, 1)


def probability(value: float) -> str:
    """A p value: three decimals, never 0."""
    return "<0.001" if value < 0.001 else rounded(value, 3)


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
    return Number(NONE if result.value is None else percentage(result.value), result.id)


def decimal(result: Result, decimals: int) -> Number:
    """The value; or, of a quantile that is known only as "<50", its bound."""
    if result.value is not None:
        return Number(rounded(result.value, decimals), result.id)
    if result.denominator and result.note:
        return Number(result.note, result.id, "note")
    return Number(NONE, result.id)


def with_interval(value: Result, lower: Result, upper: Result, decimals: int) -> Words:
    """−1.3 (−3.0 to 0.4); without an interval the value alone"""
    if lower.value is None:
        return words(decimal(value, decimals))
    return words(decimal(value, decimals), " (", decimal(lower, decimals), " to ", decimal(upper, decimals), ")")


def note(result: Result) -> Words:
    """The result's note, as a footnote."""
    return words(Number(result.note or "", result.id, "note"))


def not_given(result: Result) -> Words:
    """Why there is no value, as a footnote."""
    return words("Not given: ", note(result), ".")


def why_not(result: Result) -> tuple[Words, ...]:
    """The footnote of a value that the result says why it does not give; none if it does not say so."""
    return (not_given(result),) if result.note else ()


def p_number(result: Result) -> Number:
    return Number(NONE if result.value is None else probability(result.value), result.id)


def p_words(result: Result) -> Words:
    """p = 0.012, p <0.001; of a result with a value"""
    p = p_number(result)
    return words(f"p{SPACE}" if p.text.startswith("<") else f"p{SPACE}={SPACE}", p)


def is_many(result: Result, part: Part = "value") -> bool:
    """Whether the word that it counts stands in the plural."""
    return bool(getattr(result, part) != 1)
