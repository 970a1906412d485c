"""Days in the order of the calendar's months, as a frame expression."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from remit.language.intervals import Expr


def month_key(day: Expr) -> Expr:
    """Days since 1970-01-01 → 32 · (12 · year + month) + day of the month.

    The day itself, plus what its century, year and month are short of having 32 days a month. After Neri and Schneider,
    "Euclidean affine functions and their application to calendar algorithms": years begin in March, so that the leap
    day is the last. Each part is the floor of a linear function; the halves keep it away from whole numbers, so that it
    is exact in doubles, alike on all engines. (narwhals' own `//` writes its operand eight times on DuckDB.)
    """
    century = _floor(day, 4 / 146_097, 2_877_875.5 / 146_097)
    of_century = (day - 36_524.25 * century + 719_468.75).floor()
    year = _floor(of_century, 4 / 1_461, 3.5 / 1_461)
    of_year = (of_century - 365.25 * year + 0.75).floor()
    month = _floor(of_year, 2_141 / 65_536, 197_913.5 / 65_536)
    short = _floor(century, 1_875.75, 0.75) + _floor(year, 18.75, 0.75) + _floor(month, 45 / 32, 2_950 / 32)
    return day + (short + 719_469).cast(nw.Int64)


def _floor(value: Expr, slope: float, start: float) -> Expr:
    return (slope * value + start).floor()
