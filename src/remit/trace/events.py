"""Behind adverse events: who had one, and which rows of the form were counted."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from remit.schema.cohort import special_column
from remit.schema.records import PATIENT, ROW
from remit.schema.results import Address
from remit.study.analyses.kinds import Events
from remit.trace.counted import Counted, PatientRows
from remit.trace.study_people import StudyPeople
from remit.trace.unknown import UNKNOWN

_ALL, _PERIOD, _ANY, _SPECIAL = "all", "period", "any", "special_interest"
_NO_ROWS = PatientRows((), ())


def behind_events(of: StudyPeople, analysis: Events, at: Address) -> Counted:
    """Of a kind of special interest `missing` counts rows: those of which it is not known whether they are of it."""
    asked, found = of.members(at, analysis.arms), _rows_of(of, analysis)
    counted, unknown = found.at(at), _NO_ROWS
    if at.variable == _SPECIAL:
        unknown = found.undecided(at)
    who, doubtful = (each.set & asked for each in (counted, unknown))
    told = "Counted are rows of the form, and the patients who have one."
    if doubtful:
        told += " Not known is of how many rows it cannot be decided."
    return Counted(
        population=asked,
        denominator=asked,
        numerator=who,
        missing=doubtful,
        definitions=of.of_arm(at, analysis.arms),
        note=told,
        instead={"missing": unknown.count(asked)} if doubtful else {},
        rows=counted,
    )


_Key = tuple[str, str]  # the period and the level, as results call them


@dataclass(frozen=True)
class _Rows:
    """The rows of an analysis: by field, those of each period and level."""

    by: Mapping[str, Mapping[_Key, PatientRows]]

    def at(self, at: Address) -> PatientRows:
        field, level = at.variable or "", at.level or ""
        if field == _SPECIAL:
            field, level = special_column(level), "yes"
        return self.by[field].get((at.period or "", level), _NO_ROWS)

    def undecided(self, at: Address) -> PatientRows:
        return self.by[special_column(at.level or "")].get((at.period or "", UNKNOWN), _NO_ROWS)


def _rows_of(of: StudyPeople, analysis: Events) -> _Rows:
    return of.kept(f"rows of {analysis.name}", lambda: _read(of, analysis))


def _read(of: StudyPeople, analysis: Events) -> _Rows:
    patients = of.cohort.patients.select(PATIENT).with_row_index("position")
    rows = of.cohort.events.filter(analysis=analysis.name).join(
        patients, on=PATIENT, how="inner", maintain_order="left"
    )
    special = [special_column(kind.name) for kind in analysis.special_interest]
    fields = ["term", *analysis.by, *special]
    words = rows.sort("position", ROW).select(
        "position",
        ROW,
        pl.col(_PERIOD).fill_null(UNKNOWN),
        pl.lit("").alias(_ANY),
        *(_word(name, rows.schema[name]) for name in fields),
    )
    by = {field: _by_level(words, field) for field in (_ANY, "term", *analysis.by)}
    # Hardly any event is of special interest, and nobody asks for those that are not
    return _Rows(by | {field: _by_level(words.filter(pl.col(field) != "no"), field) for field in special})


def _word(column: str, kind: pl.DataType) -> pl.Expr:
    """A level as results call it; a text that says "unknown" is of those that are not known."""
    return _told(pl.col(column), kind).fill_null(UNKNOWN).alias(column)


def _told(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if kind == pl.Boolean:
        return pl.when(value).then(pl.lit("yes")).when(~value).then(pl.lit("no"))
    if kind == pl.String:
        return pl.when(value.str.strip_chars().str.to_lowercase() != UNKNOWN).then(value)
    return value.cast(pl.String)


def _by_level(words: pl.DataFrame, field: str) -> dict[_Key, PatientRows]:
    """In each period, and in all."""
    rows = [pl.col("position"), pl.col(ROW)]
    found: dict[_Key, PatientRows] = {}
    for period, level, who, keys in words.group_by(_PERIOD, field).agg(rows).iter_rows():
        found[period, level] = PatientRows(array("I", who), array("I", keys))
    for level, who, keys in words.group_by(field).agg(rows).iter_rows():
        found[_ALL, level] = PatientRows(array("I", who), array("I", keys))
    return found
