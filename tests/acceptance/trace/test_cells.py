"""Each value that a step ends in is what stands in that very cell of the workbook, read as the reading says."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import openpyxl
import pytest

from remit.derive.define import queries
from remit.language.types import Date, Number, YesNo
from remit.language.words import day_in_words
from remit.schema.trace import Leaf, Reading
from remit.study.forms import Field
from remit.trace.charts import charts_of
from remit.trace.printed import UNKNOWN
from remit.trace.steps import steps_of
from tests.acceptance.trace.examples import example


class Told(NamedTuple):
    """What a leaf says of a patient, what stands in its cell, and how that was read."""

    leaf: Leaf
    field: Field
    value: str
    cell: Any
    reading: Reading | None


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return [*_told()]


def _told() -> Iterator[Told]:
    made = example("upadacitinib-crohn")
    patients = made.cohort.patients
    steps = steps_of(made.study, made.records, patients, [*queries(made.study)])
    charts = charts_of(made.study, made.records, patients["patient"])
    books: dict[str, Any] = {}
    for leaf in steps.leaves:
        field = made.study.forms[leaf.form].fields[leaf.field]
        for value, key in zip(leaf.values, leaf.rows, strict=True):
            if key is None:
                assert value == UNKNOWN, "a value that stands nowhere"
                continue
            row = charts.rows[key]
            if row.file not in books:
                books[row.file] = openpyxl.load_workbook(made.study.charts_folder / row.file, data_only=True)
            cell = books[row.file][row.sheet][f"{charts.columns[row.columns][leaf.field]}{row.row}"].value
            yield Told(leaf, field, value, cell, charts.readings.get((key, leaf.field)))


def test_the_patient_of_the_row_is_the_patient_of_the_value() -> None:
    made = example("upadacitinib-crohn")
    patients = made.cohort.patients
    steps = steps_of(made.study, made.records, patients, [*queries(made.study)])
    owner = {row["_row"]: row["patient"] for form in made.records.forms.values() for row in form.iter_rows(named=True)}
    for leaf in steps.leaves:
        for patient, key in zip(patients["patient"], leaf.rows, strict=True):
            assert key is None or owner[key] == patient
    for rows in steps.counted_rows:
        for patient, own in zip(patients["patient"], rows.of_patients, strict=True):
            assert {owner[key] for key, _, _ in own} <= {patient}


def test_what_was_used_as_written_stands_in_the_cell(told: list[Told]) -> None:
    plain = [each for each in told if each.reading is None]
    assert len(plain) > 1000
    assert [each for each in plain if each.value != _as_written(each)] == []


def test_what_was_not_used_as_written_stands_in_the_cell_as_the_reading_tells(told: list[Told]) -> None:
    read = [each for each in told if each.reading is not None]
    assert {each.reading.action for each in read if each.reading} == {"converted", "censored", "missing"}
    for each in read:
        assert each.reading is not None
        if each.reading.written is not None:
            written = each.reading.written.replace(",", ".")
            assert written in (str(each.cell), str(each.cell).replace(",", "."), _plain(each.cell)), each
        assert each.value == _as_read(each), each


def _plain(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, int | float) else str(cell)


PRINTED = {"d": "days", "a": "years", "ug/g": "µg/g"}
WORDS: Mapping[bool, tuple[str, ...]] = {True: ("yes", "y", "1", "true"), False: ("no", "n", "0", "false")}


def _as_written(told: Told) -> str:
    """The cell, printed as a leaf is."""
    if told.cell is None:
        return UNKNOWN
    match told.field.type:
        case Number(decimals=decimals, unit=unit):
            number = f"{float(told.cell):.{min(decimals, 2)}f}"
            assert Fraction(number) == Fraction(str(told.cell)), "more decimals than are printed"
            return f"{number} {PRINTED.get(unit, unit)}".strip()
        case YesNo():
            return next("yes" if truth else "no" for truth in WORDS if str(told.cell).strip().lower() in WORDS[truth])
        case Date():
            assert isinstance(told.cell, datetime.datetime)
            return day_in_words(told.cell.date())
    return str(told.cell)


def _as_read(told: Told) -> str:
    """The value of the reading, printed as a leaf is."""
    reading = told.reading
    if reading is None or reading.value is None:
        return UNKNOWN
    match told.field.type:
        case Date():
            return day_in_words(datetime.date.fromisoformat(reading.value))
        case Number(decimals=decimals):
            sign = reading.value[:1] if reading.value[:1] in "<>" else ""
            number, _, unit = reading.value.removeprefix(sign).partition(" ")
            return f"{sign}{float(number):.{min(decimals, 2)}f} {PRINTED.get(unit, unit)}".strip()
    return reading.value
