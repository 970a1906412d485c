"""The few frame operations that derivation is made of, written once for all engines.

Raw narwhals stays here and in `language.evaluate`. Rows of a form have the columns `patient`, `_row` and
`row__<field>`; patients have `patient` and the columns that `language.evaluate` names. Ties are broken by `_row`, so
that all engines pick the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, cast

import narwhals.stable.v2 as nw

from remit.language.evaluate import (
    HIGH,
    HIGH_OPEN,
    LOW,
    LOW_OPEN,
    Bounds,
    column_of,
    interval_columns,
    is_interval,
    truth,
)
from remit.language.fields import aggregates as aggregates_in
from remit.language.fields import values
from remit.language.query import Aggregate, RowValue, Value
from remit.schema.records import PATIENT, ROW

Frame = nw.LazyFrame[Any]
Expr = nw.Expr

# Row numbers and study days are packed into one integer to be ordered by: day first, then row.
ROWS_BOUND = 2**40


def integer(value: int) -> Expr:
    return nw.lit(value, dtype=nw.Int64)


def day_number(date: Expr) -> Expr:
    """A date as days since 1970-01-01, by integer arithmetic on year, month and day (after Hinnant): each engine has
    its own way to subtract dates, and no two agree."""
    month = date.dt.month().cast(nw.Int64)
    shifted = date.dt.year().cast(nw.Int64) - nw.when(month <= 2).then(integer(1)).otherwise(integer(0))
    era = shifted // 400
    year_of_era = shifted - era * 400
    month_from_march = nw.when(month > 2).then(month - 3).otherwise(month + 9)
    day_of_year = (153 * month_from_march + 2) // 5 + date.dt.day().cast(nw.Int64) - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146_097 + day_of_era - 719_468


def one_if(condition: Expr) -> Expr:
    """1 where the condition holds, else 0; unknown counts as 0."""
    return nw.when(condition).then(integer(1)).otherwise(integer(0))


def any_of(conditions: Iterable[Expr]) -> Expr:
    return reduce(lambda a, b: a | b, conditions)


def pick(frame: Frame, keys: Sequence[str], order: Expr) -> Frame:
    """Of each group of rows with equal `keys`, the row with the least `order` (unique within the group)."""
    ranked = frame.with_columns(order.alias("_order"))
    least = ranked.group_by(*keys).agg(nw.col("_order").min().alias("_least"))
    joined = ranked.join(least, on=list(keys), how="inner")
    return joined.filter(nw.col("_order") == nw.col("_least")).drop("_order", "_least")


def left_join(frame: Frame, other: Frame, key: str = PATIENT) -> Frame:
    return frame.join(other, on=key, how="left")


def add_aggregates(patients: Frame, rows: Mapping[str, Frame], aggregates: Iterable[Aggregate]) -> Frame:
    """Add to each patient the columns of these aggregates, inner ones first.

    patients: one row a patient. rows: by form. An aggregate whose condition needs another comes after it.
    """
    waiting = [aggregate for aggregate in aggregates if column_of(aggregate) + _mark(aggregate) not in patients.columns]
    while waiting:
        ready = [each for each in waiting if not _needs(each, waiting)]
        for form in dict.fromkeys(each.form for each in ready):
            patients = _add_of_form(patients, rows[form], [each for each in ready if each.form == form])
        waiting = [each for each in waiting if each not in ready]
    return patients


def _mark(aggregate: Aggregate) -> str:
    return LOW if is_interval(aggregate.type) else ""


def _needs(aggregate: Aggregate, others: Sequence[Aggregate]) -> bool:
    return any(other in others for other in aggregates_in(aggregate) if other != aggregate)


def _add_of_form(patients: Frame, rows: Frame, aggregates: Sequence[Aggregate]) -> Frame:
    joined = rows.join(patients.select(PATIENT, *_needed(patients, aggregates)), on=PATIENT, how="inner")
    for number, aggregate in enumerate(aggregates):
        verdict = truth(aggregate.where)
        joined = joined.with_columns(
            one_if(verdict).alias(f"_yes{number}"),
            one_if(verdict | verdict.is_null()).alias(f"_may{number}"),
        )
    by_count = [pair for pair in enumerate(aggregates) if pair[1].kind in ("any", "all", "count", "sum", "min", "max")]
    by_order = [pair for pair in enumerate(aggregates) if pair[1].kind in ("first", "last")]
    if by_count:
        patients = _add_counts(patients, joined, by_count)
    for number, aggregate in by_order:
        patients = left_join(patients, _end(joined, number, aggregate))
    return patients


def _needed(patients: Frame, aggregates: Sequence[Aggregate]) -> list[str]:
    """The patient's columns that the conditions read."""
    names: dict[str, None] = {}
    for aggregate in aggregates:
        nested = [each for each in aggregates_in(aggregate) if each != aggregate]
        read: list[Value | Aggregate] = [*values(aggregate), *nested]
        for value in read:
            names.update(dict.fromkeys(columns_of(column_of(value), is_interval(value.type))))
    return [name for name in names if name in patients.columns]


def columns_of(name: str, interval: bool) -> list[str]:
    return [name, name + LOW, name + HIGH, name + LOW_OPEN, name + HIGH_OPEN] if interval else [name]


def _add_counts(patients: Frame, joined: Frame, numbered: Sequence[tuple[int, Aggregate]]) -> Frame:
    """any, all, count, sum, min, max: from how many rows hold, may hold, and the field's sums and ends over them."""
    totals = [nw.len().alias("_rows")]
    for number, aggregate in numbered:
        totals += [nw.col(f"_{what}{number}").sum() for what in ("yes", "may")]
        if aggregate.field is not None:
            joined = joined.with_columns(**_counting_values(number, aggregate))
            totals += _field_totals(number, aggregate)
    per_patient = joined.group_by(PATIENT).agg(*totals)
    patients = left_join(patients, per_patient)
    counts = [name for name in per_patient.columns if name.startswith(("_yes", "_may", "_rows", "_known", "_has"))]
    patients = patients.with_columns(nw.col(name).cast(nw.Int64).fill_null(0) for name in counts)
    for number, aggregate in numbered:
        patients = patients.with_columns(**_counted(number, aggregate))
    return patients.drop([name for name in per_patient.columns if name != PATIENT])


def _ends(aggregate: Aggregate) -> list[str]:
    return [LOW, HIGH] if is_interval(cast("RowValue", aggregate.field).type) else [""]


def _counting_values(number: int, aggregate: Aggregate) -> dict[str, Expr]:
    """The field's ends on rows that count; whether each is there; whether anything is known of the value."""
    field, counts = column_of(cast("RowValue", aggregate.field)), nw.col(f"_yes{number}") == 1
    ends = {end: nw.when(counts).then(nw.col(field + end)) for end in _ends(aggregate)}
    found = {f"_value{number}{end}": value for end, value in ends.items()}
    found |= {f"_has{number}{end}": one_if(~value.is_null()) for end, value in ends.items()}
    found[f"_known{number}"] = one_if(any_of(~value.is_null() for value in ends.values()))
    return found


def _field_totals(number: int, aggregate: Aggregate) -> list[Expr]:
    totals = [nw.col(f"_known{number}").sum()]
    for end in _ends(aggregate):
        value = nw.col(f"_value{number}{end}")
        totals.append({"sum": value.sum(), "min": value.min(), "max": value.max()}[aggregate.kind])
        totals.append(nw.col(f"_has{number}{end}").sum())
    return totals


def _counted(number: int, aggregate: Aggregate) -> dict[str, Expr]:
    name = column_of(aggregate)
    yes, may = nw.col(f"_yes{number}"), nw.col(f"_may{number}")
    sure, never = nw.lit(True, dtype=nw.Boolean), nw.lit(False, dtype=nw.Boolean)
    unknown = nw.lit(None, dtype=nw.Boolean)
    match aggregate.kind:
        case "any":
            return {name: nw.when(yes > 0).then(sure).otherwise(nw.when(may > 0).then(unknown).otherwise(never))}
        case "all":
            rows = nw.col("_rows")
            return {name: nw.when(may < rows).then(never).otherwise(nw.when(yes < rows).then(unknown).otherwise(sure))}
        case "count":
            return interval_columns(name, Bounds(yes, may))
    ends = [_totalled(number, aggregate, end) for end in _ends(aggregate)]
    return {name: ends[0]} if len(ends) == 1 else interval_columns(name, Bounds(ends[0], ends[1]))


def _totalled(number: int, aggregate: Aggregate, end: str) -> Expr:
    """sum, min, max: unknown if a row may or may not count, or a counting row has no value.

    The least of several low ends is one only if all have one; the greatest low end stands alone. Ends count as included.
    """
    yes = nw.col(f"_yes{number}")
    decided = (yes == nw.col(f"_may{number}")) & (nw.col(f"_known{number}") == yes)
    if (aggregate.kind, end) not in (("max", LOW), ("min", HIGH)):
        decided = decided & (nw.col(f"_has{number}{end}") == yes)
    total = nw.col(f"_value{number}{end}").cast(nw.Int64)
    return nw.when(decided).then(total.fill_null(0) if aggregate.kind == "sum" else total)


def _end(joined: Frame, number: int, aggregate: Aggregate) -> Frame:
    """first, last: the row that comes first among those that may count; unknown if it may not, or a date is missing."""
    field, order = cast("RowValue", aggregate.field), cast("RowValue", aggregate.order)
    name = column_of(aggregate)
    candidates = joined.filter(nw.col(f"_may{number}") == 1)
    day = nw.col(column_of(order))
    dated = candidates.with_columns(one_if(day.is_null()).alias("_undated"))
    undated = dated.group_by(PATIENT).agg(nw.col("_undated").max())
    position = day * ROWS_BOUND + nw.col(ROW)
    chosen = pick(candidates.filter(~day.is_null()), [PATIENT], position if aggregate.kind == "first" else 0 - position)
    chosen = chosen.join(undated, on=PATIENT, how="inner")
    sure = (nw.col(f"_yes{number}") == 1) & (nw.col("_undated") == 0)
    parts = columns_of(column_of(field), is_interval(field.type))
    kept = [nw.when(sure).then(nw.col(part)).alias(part.replace(column_of(field), name, 1)) for part in parts]
    return chosen.select(PATIENT, *kept)
