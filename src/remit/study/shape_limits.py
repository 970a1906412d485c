"""The limits of a declared shape: what lies outside of the field's own is refused, with its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from remit.language.types import Number, Type
from remit.study.draws import shares_of
from remit.study.place import Place
from remit.study.quantities import check_range
from remit.study.simulate_model import ValuesPart
from remit.study.written import Range


def limits_of(narrower: Range | None, whole: Range, place: Place) -> Range:
    """The narrower range, or where it has no end the whole one's. Raises WrongInput."""
    if narrower is None:
        return whole
    check_range(narrower, place)
    low, high = narrower
    for bound in narrower:
        outside = bound is not None and (
            (whole[0] is not None and bound < whole[0]) or (whole[1] is not None and bound > whole[1])
        )
        if outside:
            raise place.wrong("it goes beyond the range of the field", "Write a narrower one.")
    return (whole[0] if low is None else low, whole[1] if high is None else high)


def check_assay(kind: Type, name: str, part: ValuesPart, limits: Range, place: Place) -> None:
    """The limits `below` and `above` of an assay. Raises WrongInput."""
    decimals = kind.decimals if isinstance(kind, Number) else 0
    for key, limit in (("below", part.below), ("above", part.above)):
        if limit is None:
            continue
        if not isinstance(kind, Number) or not kind.censored:
            raise (place / key).wrong_name(f"charts cannot say '<' or '>' of {name}", "Its test is not `censored`.")
        if (limit * 10**decimals).denominator != 1:
            raise (place / key).wrong(f"it has more decimals than {name}, {decimals}", "Write fewer.")
        low, high = limits
        if (low is not None and limit <= low) or (high is not None and limit >= high):
            raise (place / key).wrong("the limit of the assay lies outside of the range", "Write one inside.")
    if part.below is not None and part.above is not None and part.below >= part.above:
        raise (place / "above").wrong("the upper limit of the assay lies below the lower", "Exchange them.")


def check_items(shares: Mapping[str, Fraction], items: Collection[str], place: Place) -> None:
    """The shares of an instrument's items in its total. Raises WrongInput."""
    for item in shares:
        (place / item).known_key(items, "item")
    shares_of(shares, place)
