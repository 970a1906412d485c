"""Bands of a score: named ranges, both ends included, without gap or overlap."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction

from remit.language.query import Band
from remit.study.place import Place
from remit.study.written import Range


def make_bands(
    parts: Mapping[str, Range], place: Place, decimals: int = 0, whole: Range = (None, None)
) -> tuple[Band, ...]:
    """From the lowest to the highest. `decimals`: of the score, so that the next band begins one step higher.
    `whole`: the score's range, which the bands must cover.

    Raises WrongInput.
    """
    found = tuple(Band(name, low, high) for name, (low, high) in parts.items())
    step = Fraction(1, 10**decimals)
    for band in found:
        for edge in (band.low, band.high):
            if edge is not None and (edge / step).denominator != 1:
                what = f"the band {band.name} ends at {shown(edge)}, and the score has `decimals: {decimals}`"
                raise (place / band.name).wrong(what, "Write its ends with as many decimals as the score.")
        if band.low is not None and band.high is not None and band.low > band.high:
            raise (place / band.name).wrong(f"the band {band.name} ends before it begins", "Exchange its ends.")
    for one, two in itertools.pairwise(found):
        if one.high is None or two.low is None or two.low <= one.high:
            what = f"the bands {one.name} and {two.name} overlap, or stand in the wrong order"
            remedy = "Write them from the lowest to the highest; both ends belong to a band."
            raise (place / two.name).wrong(what, remedy)
        if two.low != one.high + step:
            what = f"between the bands {one.name} and {two.name} there is a gap"
            raise (place / two.name).wrong(what, f"{two.name} begins at {shown(one.high + step)}.")
    if found:
        _cover(found, place, whole)
    return found


def _cover(found: tuple[Band, ...], place: Place, whole: Range) -> None:
    low, high = whole
    first, last = found[0], found[-1]
    if first.low is not None and low is not None and first.low > low:
        what = f"the score begins at {shown(low)}, its lowest band at {shown(first.low)}"
        raise (place / first.name).wrong(what, f"Let {first.name} begin at {shown(low)}.")
    if last.high is not None and (high is None or last.high < high):
        end = "has no upper end" if high is None else f"goes up to {shown(high)}"
        what = f"the score {end}, its highest band to {shown(last.high)}"
        raise (place / last.name).wrong(what, f"Let {last.name} end at {'null' if high is None else shown(high)}.")


def shown(number: Fraction) -> str:
    """A decimal number as people write it."""
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.12g}"
