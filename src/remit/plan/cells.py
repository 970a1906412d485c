"""What changed in the charts between two runs: patients, rows and cells, as they were read."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from remit.language.types import Number
from remit.schema.records import CENTRE, PATIENT, ROW, Records, censored_column
from remit.study.forms import Field, Form
from remit.study.study import Study
from remit.trace.printed import decimal_text

Told = tuple[str, ...]  # what the cells of a row say, by the fields of its form


@dataclass(frozen=True)
class CellChange:
    """A cell, or a whole row (`field` None), that says another thing. `before`, `now`: None where there is no such row.

    `place`: where the cell stands now, else where it stood: S03.xlsx/visits/F12. `date`: what the row is about.
    """

    patient: str
    form: str
    field: str | None
    date: str | None
    before: str | None
    now: str | None
    place: str


@dataclass(frozen=True)
class _Row:
    key: int
    date: str | None
    cells: Told


def cell_changes(one: tuple[Study, Records], other: tuple[Study, Records]) -> tuple[CellChange, ...]:
    """Of the forms and fields that both studies have. Rows of a patient are the same where they say the same, else
    where they are about the same day, else in their order."""
    found: list[CellChange] = []
    for name in [name for name in one[0].forms if name in other[0].forms]:
        before, now = one[0].forms[name], other[0].forms[name]
        fields = [field for field in before.fields if field in now.fields]
        frames = _with_changes(one[1].forms[name], other[1].forms[name])
        rows = _rows(frames[0], before, fields), _rows(frames[1], now, fields)
        places = _Places(one[1], name), _Places(other[1], name)
        for patient in sorted({*rows[0], *rows[1]}):
            pairs = _pairs(rows[0].get(patient, []), rows[1].get(patient, []))
            for old, new in pairs:
                found += _changes(patient, name, fields, old, new, places)
    return tuple(found)


def _with_changes(one: pl.DataFrame, other: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of the patients of whom some row is not the same: of a million, they are few."""
    if one.drop(ROW).schema != other.drop(ROW).schema:
        return one, other
    sides = [frame.drop(ROW).with_columns(_side=pl.lit(side)) for frame, side in ((one, 1), (other, -1))]
    cells = [name for name in one.columns if name != ROW]
    changed = pl.concat(sides).group_by(cells).agg(pl.col("_side").sum()).filter(pl.col("_side") != 0)
    patients = changed.select(PATIENT).unique()
    return one.join(patients, on=PATIENT, how="semi"), other.join(patients, on=PATIENT, how="semi")


def _changes(
    patient: str, form: str, fields: Sequence[str], old: _Row | None, new: _Row | None, places: tuple[_Places, _Places]
) -> Iterator[CellChange]:
    if old is None and new is not None:
        yield CellChange(patient, form, None, new.date, None, _in_words(fields, new.cells), places[1].of(new.key))
    elif old is not None and new is None:
        yield CellChange(patient, form, None, old.date, _in_words(fields, old.cells), None, places[0].of(old.key))
    elif old is not None and new is not None:
        for field, before, now in zip(fields, old.cells, new.cells, strict=True):
            if before != now:
                place = places[1].of(new.key, field)
                yield CellChange(patient, form, field, new.date, before or "empty", now or "empty", place)


def _in_words(fields: Sequence[str], cells: Told) -> str:
    return ", ".join(f"{field} {cell}" for field, cell in zip(fields, cells, strict=True) if cell)


def _pairs(before: list[_Row], now: list[_Row]) -> Iterator[tuple[_Row | None, _Row | None]]:
    """First those that say the same, then those about the same day, then the others one by one."""
    for same in (lambda row: row.cells, lambda row: row.date, lambda row: 0):
        keyed: dict[object, list[_Row]] = defaultdict(list)
        for row in now:
            keyed[same(row)].append(row)
        rest: list[_Row] = []
        for row in before:
            if keyed[same(row)]:
                yield row, keyed[same(row)].pop(0)
            else:
                rest.append(row)
        before, now = rest, [row for rows in keyed.values() for row in rows]
    yield from ((row, None) for row in before)
    yield from ((None, row) for row in now)


def _rows(frame: pl.DataFrame, form: Form, fields: Sequence[str]) -> dict[str, list[_Row]]:
    """By patient, in the order of the charts."""
    dated = form.date or form.start
    columns = [_texts(frame, form.fields[name]) for name in fields]
    cells = zip(*columns, strict=True) if columns else iter([()] * frame.height)
    dates = frame[dated].to_list() if dated in frame.columns else [None] * frame.height
    found: dict[str, list[_Row]] = defaultdict(list)
    for patient, key, date, told in zip(frame[PATIENT], frame[ROW], dates, cells, strict=True):
        found[patient].append(_Row(key, date.isoformat() if isinstance(date, datetime.date) else None, told))
    return found


def _texts(frame: pl.DataFrame, field: Field) -> list[str]:
    """What each cell says; "" of one that is empty or was refused."""
    values = frame[field.name].to_list()
    if isinstance(field.type, Number):
        unit = f" {field.type.unit}" if field.type.unit else ""
        censored = censored_column(field.name)
        signs = frame[censored].to_list() if censored in frame.columns else [0] * len(values)
        return [_number(value, field.type, sign, unit) for value, sign in zip(values, signs, strict=True)]
    return ["" if value is None else _said(value) for value in values]


def _number(value: int | None, kind: Number, sign: int | None, unit: str) -> str:
    if value is None:
        return ""
    limit = {-1: "<", 1: ">"}.get(sign or 0, "")
    return f"{limit}{decimal_text(Fraction(value, 10**kind.decimals), kind.decimals)}{unit}"


def _said(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime.date():
            return value.isoformat()
    return str(value)


class _Places:
    """Where the rows of a form stand in the charts."""

    def __init__(self, records: Records, form: str) -> None:
        rows = records.rows.filter(pl.col("form") == form)
        self._rows = {key: (file, sheet, row) for key, _, file, sheet, row in rows.iter_rows()}
        columns = records.columns.filter(pl.col("form") == form).select("file", "sheet", "field", "column")
        self._columns = {(file, sheet, field): column for file, sheet, field, column in columns.iter_rows()}

    def of(self, key: int, field: str | None = None) -> str:
        file, sheet, row = self._rows[key]
        cell = f"{self._columns.get((file, sheet, field)) or ''}{row}" if field else f"row {row}"
        inside = None if file.endswith(f"{sheet}.csv") else sheet
        return "/".join(part for part in (file, inside, cell) if part)


def patients_of(records: Records) -> Mapping[str, str]:
    """Each patient of the charts, with the centre."""
    frames = [frame.select(PATIENT, CENTRE) for frame in records.forms.values()]
    return dict(pl.concat(frames).unique(PATIENT, keep="first", maintain_order=True).iter_rows())
