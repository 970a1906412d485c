"""What real spreadsheets do: errors, formulas, merged cells, hidden sheets; and charts as .csv."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook, PasswordError

from remit.errors import WrongInput
from remit.schema.records import ONGOING
from remit.sources import faults, places, sheets
from remit.sources.sheets import Cell, delimiter
from tests.unit.sources.making import DAY, DEFAULT, Formula, centre, entries, entry, records, values, visits, workbook

# --- Excel ---


@given(st.integers(0, 20_000))
def test_letters_of_columns(index: int) -> None:
    assert places.column_index(places.column_letter(index)) == index


def test_addresses() -> None:
    assert [places.address(row, column) for row, column in ((0, 0), (11, 2), (0, 25), (9, 26))] == [
        "A1",
        "C12",
        "Z1",
        "AA10",
    ]


def test_a_formula_is_used_by_its_result(tmp_path: Path) -> None:
    assert values(visits(tmp_path, "hbi", Formula("=2+3", 5)), "visits", "hbi") == [5]


def test_an_error_in_the_last_column_is_found_where_no_other_cell_is(tmp_path: Path) -> None:
    rows = [["S01-001", "x", DAY, None], ["S01-001", "x", DAY, Formula("=VLOOKUP(1,A:B,2)", "#N/A")]]
    found = records(centre(tmp_path, treatment=[["patient", "drug", "start_date", "stop_date"], *rows]))
    assert values(found, "treatment", ONGOING) == [True, False]
    assert entry(found, code="spreadsheet-error")["written"] == "#N/A"


def test_formulas_with_an_empty_result_are_empty(tmp_path: Path) -> None:
    """Excel writes the type "str" there; a formula without it and without a result was never calculated."""
    path = workbook(
        tmp_path / "raw.xlsx",
        {**DEFAULT, "visits": [["patient", "visit_date", "hbi"], ["S01-001", DAY, Formula("=A1")]]},
    )
    with zipfile.ZipFile(path) as raw, zipfile.ZipFile(tmp_path / "S01.xlsx", "w") as edited:
        for name in raw.namelist():
            content = raw.read(name).replace(b'<c r="C2"><f>', b'<c r="C2" t="str"><f>')
            edited.writestr(name, content)
    path.unlink()
    found = records(tmp_path)
    assert values(found, "visits", "hbi") == [None]
    assert entries(found, "code", action="refused") == []


def test_faults_in_the_xml_of_other_programs() -> None:
    """With a prefix, without addresses, with a formula of which only the result is shared."""
    sheet = b"""<x:worksheet xmlns:x="urn:x"><x:sheetData>
        <x:row><x:c t='e'><x:v>#REF!</x:v></x:c><x:c><x:v>1</x:v></x:c></x:row>
        <x:row r="4"><x:c r="C4"><x:v>2</x:v></x:c><x:c><x:f>A1</x:f></x:c></x:row>
        <x:row r="5"><x:c r="A5"><x:f t="shared"/><x:v>3</x:v></x:c></x:row>
        </x:sheetData></x:worksheet>"""
    found = {place: fault for place, cell in faults.cells(sheet) if (fault := faults.fault_of(cell))}
    assert {place: (fault.written, fault.code) for place, fault in found.items()} == {
        (0, 0): ("#REF!", "spreadsheet-error"),
        (3, 3): ("=A1", "formula-not-calculated"),
    }


def test_the_cells_of_a_merged_range_are_not_empty(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "S01.xlsx") as book:
        for name, rows in DEFAULT.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, [cell if isinstance(cell, str) else str(cell) for cell in cells])
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        treatment = book.get_worksheet_by_name("treatment")
        assert treatment is not None
        treatment.merge_range(1, 0, 2, 0, "S01-001")
        treatment.write_row(3, 0, ["S01-001"])
        for row in (1, 2, 3):
            treatment.write_row(row, 1, [f"drug {row}"])
            treatment.write_datetime(row, 2, dt.datetime(2023, 1, row), date)
        treatment.merge_range(1, 3, 3, 3, dt.datetime(2023, 5, 1), date)
        treatment.merge_range(0, 6, 40, 9, "")
    found = records(tmp_path)
    assert values(found, "treatment", "drug") == ["drug 1", "drug 3"]
    assert values(found, "treatment", ONGOING) == [False, False]
    assert values(found, "treatment", "stop_date") == [dt.date(2023, 5, 1), None]
    assert entries(found, "row", "column", "reason", code="merged-cell") == [
        (3, None, "the cell is merged with A2; unmerge them and write the value in each"),
        (4, "D", "the cell is merged with D2; unmerge them and write the value in each"),
    ]


def test_a_hidden_sheet_is_read_and_named(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "S01.xlsx") as book:
        for name, rows in DEFAULT.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, [str(cell) for cell in cells])
        book.worksheets()[1].hide()
    assert entries(records(tmp_path), "sheet", code="hidden-sheet") == [("visits",)]


def test_a_workbook_protected_by_a_password_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(path: Path) -> CalamineWorkbook:
        raise PasswordError(path)

    monkeypatch.setattr(sheets, "CalamineWorkbook", SimpleNamespace(from_path=locked))
    with pytest.raises(WrongInput, match=r"S01\.xlsx: the workbook is protected by a password"):
        records(centre(tmp_path))


def test_a_fault_beyond_the_used_cells_widens_the_sheet() -> None:
    rows: list[list[Cell]] = [["a"]]
    sheets.put(rows, 2, 1, "b")
    assert rows == [["a", ""], ["", ""], ["", "b"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [(12.0, "12"), (0.1 + 0.2, "0.3"), (True, "TRUE"), (DAY, "2023-02-14"), (dt.time(9, 30), "09:30:00")],
)
def test_cells_are_shown_as_a_spreadsheet_writes_them(cell: Cell, text: str) -> None:
    assert sheets.show(cell) == text


def test_a_duration_is_no_number_and_no_date(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "S01.xlsx") as book:
        for name, rows in {**DEFAULT, "visits": [["patient", "visit_date", "hbi"], ["S01-001"]]}.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, [str(cell) for cell in cells])
        book.worksheets()[1].write_row(1, 1, [1.5, 1.5], book.add_format({"num_format": "[h]:mm"}))
    found = records(tmp_path)
    assert entries(found, "column", "code", action="refused") == [("B", "not-a-date"), ("C", "not-a-number")]


def test_dates_since_1904_are_the_same_days(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "S01.xlsx", {"date_1904": True}) as book:
        date = book.add_format({"num_format": "d.m.yy"})
        for name, rows in DEFAULT.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), date)
    assert values(records(tmp_path), "patients", "birth_date") == [dt.date(1980, 5, 17)]


# --- csv ---

PATIENTS = "patient,birth_date,sex\nS01-001,1980-05-17,F\n"
VISITS = "patient,visit_date,crp_mg_per_dL\n"
TREATMENT = "patient,drug,start_date,stop_date\n"


def csv_centre(folder: Path, name: str = "S01", **files: str | bytes) -> Path:
    (folder / name).mkdir(parents=True, exist_ok=True)
    for sheet, content in {"patients": PATIENTS, "visits": VISITS, "treatment": TREATMENT, **files}.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / name / f"{sheet}.csv").write_bytes(raw)
    return folder


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(("sign", "number"), [(",", '"0,7"'), (";", "0,7"), ("\t", "0,7")])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_with_each_separator(tmp_path: Path, bom: bytes, sign: str, number: str, end: str) -> None:
    rows = [["patient", "visit_date", "crp_mg_per_dL"], ["S01-001", "25/03/2023", number], []]
    text = end.join(sign.join(row) for row in rows)
    found = records(csv_centre(tmp_path, visits=bom + text.encode()))
    assert found.forms["visits"].select("patient", "centre", "visit_date", "crp").rows() == [
        ("S01-001", "S01", dt.date(2023, 3, 25), 70)
    ]
    assert entry(found, code="text-date")["file"] == "S01/visits.csv"
    assert found.rows.filter(form="visits").rows() == [(1, "visits", "S01/visits.csv", "visits", 2)]


def test_lines_within_quotes_are_one_row(tmp_path: Path) -> None:
    visits = 'patient,visit_date,note\nS01-001,2023-03-04,"two\nlines"\nS01-001,2023-02-30,\n'
    found = records(csv_centre(tmp_path, visits=visits))
    assert values(found, "visits", "note") == ["two lines", None]
    assert entry(found, code="impossible-date")["row"] == 3  # as a spreadsheet counts, not the file's lines


def test_a_row_with_more_cells_than_headings_is_refused(tmp_path: Path) -> None:
    """A decimal comma without quotes cuts the value in two and shifts all that follows."""
    found = records(csv_centre(tmp_path, visits=VISITS + "S01-001,2023-03-04,0,7\nS01-001,2023-03-05,0.7\n"))
    assert values(found, "visits", "crp") == [70]
    assert entry(found, action="refused")["code"] == "too-many-cells"


def test_a_row_with_fewer_cells_has_empty_ones(tmp_path: Path) -> None:
    """Excel itself leaves out empty cells at the end of some rows."""
    found = records(csv_centre(tmp_path, visits=VISITS + "S01-001,2023-03-04\n"))
    assert values(found, "visits", "crp") == [None]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("patient,visit_date\nJosé,2023-03-04\n".encode("latin-1"), "the file is not UTF-8."),
        (b'patient,visit_date\n"S01-001,2023-03-04\n', "it cannot be read: unexpected end of data."),
        (b"", "the sheet is empty."),
    ],
)
def test_a_csv_that_cannot_be_read(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(WrongInput) as error:
        records(csv_centre(tmp_path, visits=content))
    assert error.value.where.startswith("S01/visits.csv")
    assert error.value.what == what


def test_a_missing_csv(tmp_path: Path) -> None:
    (csv_centre(tmp_path) / "S01" / "visits.csv").unlink()
    with pytest.raises(WrongInput, match=r"S01: the sheet visits is missing; there are patients, treatment\."):
        records(tmp_path)


def test_other_files_beside_csv_are_named(tmp_path: Path) -> None:
    (csv_centre(tmp_path) / "S01" / "labs.xlsx").write_bytes(b"")
    (tmp_path / "S01" / "codes.csv").write_text("a,b\n")
    found = records(tmp_path)
    assert entries(found, "code", "file", action="unused") == [
        ("sheet-of-no-form", "S01/codes.csv"),
        ("no-charts", "S01/labs.xlsx"),
    ]


def test_a_csv_of_no_centre_stops_the_run(tmp_path: Path) -> None:
    (csv_centre(tmp_path) / "S02_visits.csv").write_text(VISITS)
    with pytest.raises(WrongInput, match=r"a \.csv file of no centre"):
        records(tmp_path)


def test_workbooks_and_csv_side_by_side(tmp_path: Path) -> None:
    patients = [["patient", "birth_date", "sex"], ["S02-001", DAY, "F"]]
    found = records(centre(csv_centre(tmp_path), "S02", patients=patients))
    assert values(found, "patients", "centre") == ["S01", "S02"]


def test_the_same_centre_as_workbook_and_csv(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"S01\.xlsx and S01 are both of the centre S01"):
        records(centre(csv_centre(tmp_path)))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a,b\n1;2;3", ","),
        ("a;b,c;d\n", ";"),
        ('"a,b,c";d', ";"),
        ("a\tb", "\t"),
        ("title\na;b", ";"),
        ("a", ","),
        ("", ","),
    ],
)
def test_the_separator_is_told_by_the_headings(text: str, sign: str) -> None:
    assert delimiter(text) == sign


def test_csv_and_excel_give_the_same_records(tmp_path: Path) -> None:
    heads, cells = (
        ["patient", "visit_date", "hbi", "note"],
        [["S01-001", "2023-03-04", "5", "a, b"], ["S01-001", "2023-03-05", "", "ND"]],
    )
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [heads, *cells])
    one = records(csv_centre(tmp_path / "csv", visits=text))
    (tmp_path / "xlsx").mkdir()
    two = records(centre(tmp_path / "xlsx", visits=[heads, *cells]))
    assert one.forms["visits"].equals(two.forms["visits"])
    told = pl.col("action", "code", "row", "column", "written", "value")
    assert one.ledger.filter(row=3).select(told).equals(two.ledger.filter(row=3).select(told))
