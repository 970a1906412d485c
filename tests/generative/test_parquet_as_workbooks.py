"""The same charts as .csv and as Parquet, whatever stands in them, give the same forms and the same ledger."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import polars as pl
import pytest

from remit.errors import WrongInput
from remit.language.types import Date, Number, Text, YesNo
from remit.schema.records import Records
from remit.sources import parquet, workbooks
from remit.study.forms import Charts, Field, Form, Habits
from tests.unit.sources.making import CHARTS, FORMS, field, form

TOLD = replace(CHARTS, centre_column="centre")
ALL = FORMS | {"wards": form("wards", "once", field("ward", Text(), required=False))}
IDS = ["7", "007", "7.0", "S01-1", "s01-001", " 4 ", "4", "é5", "É5", "Straße", "STRASSE", "ıx", "İx", "#7", "", "ND"]
IDS += ["#N/A", "patient", "Patient", "P A T I E N T", "a\tb", "a\xa0b", "a b", "%", "Σ", "ς", "ｓ01-001"]
CENTRES = ["A", "B", "a", " B", "", "#REF!", "É", "é", "ß", "SS", "C  D", "c d"]
DATES = [
    "2023-03-04 10:30",
    "2023-03-04T00:00:00",
    "2023/03/04",
    "2023-02-30",
    "14-Feb-2023",
    "2023",
    "1/2/23",
    "",
    "ND",
]
DATES += [" 2023-02-15 ", "#VALUE!", "soon", "12345", "25/04/2023", "03/04/2023", "13.02.2023", "04/13/2023"]
NUMBERS = [
    "2.5",
    "<50",
    "> 1800",
    "<=3",
    "1,5",
    "1,234",
    "1.234,5",
    "abc",
    "",
    "n.d.",
    "-0",
    "1e3",
    "0.30",
    "١",
    "1 000",
]
NUMBERS += ["1'000", "−2", "99999999999999999999", "<0", "#N/A", "5 mg", "≤5", "  7 ", "12.50", "\xa0", "300"]
WORDS = [
    "SI",
    "1",
    "TRUE",
    "false",
    "maybe",
    "",
    "ND",
    " Yes ",
    "1.0",
    "ｙes",
    "#DIV/0!",
    "M",
    " f ",
    "line\nbreak",
    "ＮＤ",
]
WORDS += ["N\xa0D", "n.d.\u200b", "#note", "a\x1cb", "\u2003", " a  b ", "perché no"]

Column = list[str]
Table = dict[str, Column]
Read = Callable[[Path, Mapping[str, Form], Charts], Records]


def drawn(random: Random, forms: Mapping[str, Form], faulty: float) -> dict[str, Table]:
    """By sheet, its columns of text."""
    sheets: dict[str, Table] = {}
    people: list[tuple[str, str]] = []
    for each in sorted(forms.values(), key=lambda form: form.rows != "once"):
        rows = random.randint(2, 12)
        if each.rows == "once":
            who = [(f"P{number}", random.choice("AB")) for number in range(rows)]
        else:
            who = [random.choice(people) for _ in range(rows)]
        who = [
            (random.choice(IDS) if random.random() < faulty else patient, centre)
            if random.random() > faulty
            else (patient, random.choice(CENTRES))
            for patient, centre in who
        ]
        people = people or who
        table = {"patient": [patient for patient, _ in who]}
        if each.rows == "once" or random.random() < 0.5:
            table["centre"] = [centre for _, centre in who]
        for field_of in each.fields.values():
            if field_of.required or random.random() < 0.8:
                table[heading(field_of, random)] = [cell(field_of, random, faulty) for _ in who]
        sheets[each.sheet] = disturbed(table, random)
    return sheets


def heading(field: Field, random: Random) -> str:
    return f"{field.name} {random.choice([*field.units])}" if field.units else field.name.upper()


def cell(field: Field, random: Random, faulty: float) -> str:
    match field.type:
        case Date():
            pool, plain = DATES, ["2023-02-14", "2023-05-06", "2022-12-31"]
        case Number():
            pool, plain = NUMBERS, ["1", "5", "40"]
        case YesNo():
            pool, plain = WORDS, ["yes", "no"]
        case _:
            pool, plain = WORDS, ["female", "M"]
    return random.choice(pool if random.random() < faulty else plain)


def disturbed(table: Table, random: Random) -> Table:
    """With a row twice, a row of spaces, the headings again, or a row with nothing but its id."""
    rows = [list(row) for row in zip(*table.values(), strict=True)]
    more = [random.choice(rows), [" "] * len(table), list(table), [*rows[0][:2], *[""] * (len(table) - 2)]]
    for row in more:
        if random.random() < 0.3:
            rows.insert(random.randint(0, len(rows)), row)
    return dict(zip(table, map(list, zip(*rows, strict=True)), strict=True))


def write_csv(folder: Path, sheets: Mapping[str, Table]) -> None:
    folder.mkdir()
    for sheet, table in sheets.items():
        with (folder / f"{sheet}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([list(table), *zip(*table.values(), strict=True)])


def write_parquet(folder: Path, sheets: Mapping[str, Mapping[str, pl.Series]]) -> None:
    folder.mkdir()
    for sheet, columns in sheets.items():
        pl.DataFrame(columns).write_parquet(folder / f"{sheet}.parquet")


def as_text(column: Column, random: Random) -> pl.Series:
    """An empty cell is null, or an empty text."""
    return pl.Series([None if cell == "" and random.random() < 0.5 else cell for cell in column], dtype=pl.String)


def outcome(read: Read, folder: Path, forms: Mapping[str, Form], told: Charts) -> Records | None:
    """None for what cannot be decided: which of several such columns is named first differs."""
    try:
        return read(folder, forms, told)
    except WrongInput:
        return None


def entries(records: Records, first_row: int) -> Counter[tuple[object, ...]]:
    """The ledger without its places. first_row: the number of the first row of data."""
    columns = ["row", "action", "code", "centre", "patient", "form", "field", "written", "value"]
    return Counter(records.ledger.with_columns(pl.col("row") - first_row).select(columns).rows())


def same(csv_charts: Records, parquet_charts: Records) -> None:
    for name, frame in csv_charts.forms.items():
        assert parquet_charts.forms[name].to_dicts() == frame.to_dicts()
    assert parquet_charts.rows["row"].to_list() == (csv_charts.rows["row"] - 1).to_list()
    assert entries(parquet_charts, 1) == entries(csv_charts, 2)


@pytest.mark.parametrize("seed", range(60))
def test_text_is_read_alike(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    habits = {centre: Habits(dates="day/month/year", decimal="point") for centre in ("A", "B")}
    told = replace(TOLD, habits=habits if random.random() < 0.8 else {})
    sheets = drawn(random, ALL, random.choice([0.02, 0.1, 0.3]))
    write_csv(tmp_path / "csv", sheets)
    texts = {
        sheet: {name: as_text(column, random) for name, column in table.items()} for sheet, table in sheets.items()
    }
    write_parquet(tmp_path / "parquet", texts)
    written, found = (outcome(read, tmp_path / kind, ALL, told) for kind, read in READERS)
    assert (written is None) == (found is None)
    if written is not None and found is not None:
        same(written, found)


READERS: Sequence[tuple[str, Read]] = (("csv", workbooks.read), ("parquet", parquet.read))


@pytest.mark.parametrize("seed", range(15))
def test_typed_columns_are_read_as_what_they_show(tmp_path: Path, seed: int) -> None:
    """Whole patients as numbers, dates, true and false; in the .csv, the plain text of each."""
    random = Random(seed)
    sheets = drawn(random, FORMS, 0)
    numbered = {patient: str(place) for place, patient in enumerate(dict.fromkeys(sheets["patients"]["patient"]))}
    for table in sheets.values():
        table["patient"] = [numbered.get(patient, "") for patient in table["patient"]]
    write_csv(tmp_path / "csv", sheets)
    write_parquet(
        tmp_path / "parquet",
        {sheet: {name: typed(column) for name, column in table.items()} for sheet, table in sheets.items()},
    )
    same(*(read(tmp_path / kind, FORMS, TOLD) for kind, read in READERS))


def typed(column: Column) -> pl.Series:
    """The narrowest type that holds every cell: integers, dates, true and false, else text."""
    values = [cell.strip() or None for cell in column]
    for parse in (int, dt.date.fromisoformat, {"yes": True, "no": False}.__getitem__):
        try:
            return pl.Series([None if value is None else parse(value) for value in values])
        except (ValueError, KeyError):
            continue
    return pl.Series(values, dtype=pl.String)
