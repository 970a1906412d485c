"""The empty workbook for a centre: what stands in it, what it checks, and that it is read back without a word."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from remit.cli import app
from remit.errors import WrongInput
from remit.schema.records import Records
from remit.sources.workbooks import read
from remit.study.build import read_study
from remit.study.forms import EXPLANATIONS, LISTS
from remit.study.study import Study
from remit.workbook.template import write_templates
from tests.unit.study.making import STUDY, changed, written
from tests.unit.workbook.filling import Made, charts, column_of, expected, filled, offered, validation

ROOT = Path(__file__).parents[3]
STUDIES = {
    "crohn": ROOT / "examples" / "upadacitinib-crohn",
    "odd": Path(__file__).parent / "odd_study.yaml",
    "asthma": ROOT / "tests" / "acceptance" / "second_study",
}


def template(command_out: Path, study: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["template", str(study), "--out", str(command_out), *more])


@pytest.fixture(scope="module", params=["crohn", "asthma", "small", "odd"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    path = written(folder) if request.param == "small" else STUDIES[request.param]
    study = read_study(path)
    (book,) = write_templates(study, folder / "out")
    return Made(study, book.read_bytes())


def read_back(study: Study, book: bytes, folder: Path) -> Records:
    folder.mkdir(exist_ok=True)
    named = [*study.charts.habits, "S01"][:1]  # a centre that the study file tells of must have charts
    (folder / f"{named[0]}.xlsx").write_bytes(book)
    return read(folder, study.forms, study.charts)


def test_an_empty_template_is_read_without_a_word(made: Made, tmp_path: Path) -> None:
    study, book = made.study, made.book
    found = read_back(study, book, tmp_path)
    assert found.ledger.rows() == []
    assert {name: frame.height for name, frame in found.forms.items()} == dict.fromkeys(study.forms, 0)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_what_is_filled_in_is_read_as_it_is(
    made: Made, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    study, book = made.study, made.book
    typed = data.draw(charts(study, book))
    found = read_back(study, filled(study, book, typed), tmp_path_factory.mktemp("filled"))
    assert found.ledger.rows() == []
    for form, rows in expected(study, typed):
        fields = ["patient", *study.forms[form].fields]
        assert found.forms[form].select(fields).rows(named=True) == rows


def test_a_sheet_a_form_between_explanations_and_lists(made: Made) -> None:
    study, content = made.study, made.book
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == [EXPLANATIONS, *dict.fromkeys(form.sheet for form in study.forms.values()), LISTS]
    assert book.active is not None
    assert book.active.title == EXPLANATIONS
    assert book[LISTS].sheet_state == "hidden"
    for form in study.forms.values():
        page = book[form.sheet]
        assert (page.freeze_panes, page.max_row) == ("B2", 1)
        assert page.protection.sheet
        assert page.protection.password is None
        assert not page.protection.sort  # which means that sorting is not forbidden
        assert not page.protection.autoFilter
        assert not page.protection.insertRows
        assert not page.protection.formatCells
        assert all(cell.protection.locked for cell in page[1])
        assert page.print_title_rows == "$1:$1"
        assert page.page_setup.orientation == "landscape"


def changed_study(folder: Path, *changes: str) -> Study:
    """The small study with texts written otherwise: old, new, old, new, …"""
    text = STUDY
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        text = changed(text, old, new)
    return read_study(written(folder, text))


def test_what_each_column_checks(tmp_path: Path) -> None:
    study = read_study(written(tmp_path))
    (path,) = write_templates(study, tmp_path / "out")
    book = load_workbook(path)

    def check(form: str, field: str | None) -> tuple[str, object]:
        page = book[form]
        found = validation(page, column_of(page, study.forms[form], field))
        return found.type, offered(book, found) if found.type == "list" and field else found.formula1

    assert check("patients", "sex") == ("list", ["female", "male", "ND"])
    assert check("patients", "smoker") == ("list", ["yes", "no", "ND"])
    assert check("doses", "reason") == ("list", ["no effect", "harm", "done", "ND"])
    assert check("patients", None) == ("custom", "SUMPRODUCT(--($A$2:$A$10001=A2))=1")
    kind, known = check("visits", None)
    assert (kind, str(known).startswith("OFFSET(patients!$A$2,0,0,")) == ("list", True)
    assert check("patients", "birth_date") == (
        "custom", 'IF(ISNUMBER(B2),AND(B2>=DATE(1900,1,1),B2<=TODAY(),INT(B2)=B2),OR(B2="ND"))',
    )  # fmt: skip
    assert check("visits", "weight") == (
        "custom", 'IF(ISNUMBER(G2),AND(G2>=20,G2<=300,ROUND(G2,1)=G2),OR(G2="ND"))',
    )  # fmt: skip
    assert check("visits", "pain")[1] == 'IF(ISNUMBER(C2),AND(C2>=0,C2<=10,ROUND(C2,0)=C2),OR(C2="ND"))'
    censored = 'AND(OR(LEFT(F2)="<",LEFT(F2)=">"),ISNUMBER(VALUE(MID(F2,2,20))))'
    assert check("visits", "crp")[1] == (
        f'IF(ISNUMBER(F2),AND(F2>=0,F2<=100,ROUND(F2,2)=F2),OR(F2="ND",{censored}))'
    )  # fmt: skip


def test_what_is_said_beside_a_cell(tmp_path: Path) -> None:
    study = read_study(written(tmp_path))
    (path,) = write_templates(study, tmp_path / "out")
    page = load_workbook(path)["visits"]
    found = validation(page, column_of(page, study.forms["visits"], "crp"))
    assert (found.promptTitle, found.errorTitle) == ("C-reactive protein", "C-reactive protein")
    told = "number from 0 to 100 mg/dL, with up to 2 decimals; or <5, >5 if it is beyond the limit of the test."
    assert found.prompt == f"A {told} Empty if it is not known. ND if it was not done."
    assert (found.error, found.errorStyle) == (f"Write a {told}", None)  # None: it stops


def test_a_stop_before_its_start_and_an_empty_cell_are_coloured(tmp_path: Path) -> None:
    study = read_study(written(tmp_path))
    (path,) = write_templates(study, tmp_path / "out")
    page = load_workbook(path)["doses"]
    assert [cell.value for cell in page[1]] == ["patient", "drug", "start_date", "stop_date", "reason"]
    rules = {str(area.sqref): [rule.formula[0] for rule in area.rules] for area in page.conditional_formatting}
    began = "COUNTA($A2:$E2)>0"
    assert rules == {
        "A2:A10001": [f"AND({began},LEN(TRIM(A2))=0)"],
        "B2:B10001": [f"AND({began},LEN(TRIM(B2))=0)"],
        "C2:C10001": [f"AND({began},LEN(TRIM(C2))=0)"],
        "D2:D10001": ["AND(ISNUMBER($C2),ISNUMBER($D2),$D2<=$C2)"],
        "E2:E10001": [f"AND({began},LEN($D2)>0,LEN(TRIM(E2))=0)"],
    }


def texts(path: Path) -> list[list[str]]:
    rows = load_workbook(path)[EXPLANATIONS].iter_rows(values_only=True)
    return [[str(cell) for cell in row if cell not in (None, "")] for row in rows]


def test_the_page_of_explanations(tmp_path: Path) -> None:
    study = read_study(written(tmp_path))
    (path,) = write_templates(study, tmp_path / "out", ["S01"])
    told = texts(path)
    assert told[0] == ["A small study"]
    assert told[1] == ["Charts of the centre S01 for the study small, version 1."]
    assert ["doses", "one row for each doses: from its start to the first day without"] in told
    counts = "of several visits in the window, the one nearest to the day counts"
    assert ["Week 12", "day 84", "day 63 to day 105", counts] in told
    crp = [
        "visits",
        "crp (mg/dL)",
        "C-reactive protein",
        "number, 2 decimals",
        "mg/dL",
        "0 to 100",
        "required",
        "response",
    ]
    assert crp in told
    assert ["patients", "sex", "sex", "one of a list", "female; male", "required"] in [row[:6] for row in told]
    assert ["doses", "stop_date", "stop date", "date", "when it ends", "the dates of doses"] in told


def test_each_centre_gets_its_own(tmp_path: Path) -> None:
    done = template(tmp_path / "out", STUDIES["crohn"], "--centre", "S01", "--centre", "S02")
    assert done.exit_code == 0
    assert done.output.splitlines() == [str(tmp_path / "out" / f"{name}.xlsx") for name in ("S01", "S02")]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"S01.xlsx", "S02.xlsx"}


def test_a_centre_column_offers_the_centres(tmp_path: Path) -> None:
    study = read_study(STUDIES["asthma"])
    (path,) = write_templates(study, tmp_path / "out", ["Rome", "Milan"])
    assert path.name == "severe-asthma.xlsx"
    book = load_workbook(path)
    page = book["subjects"]
    assert [cell.value for cell in page[1]][:2] == ["Subject", "Site"]
    assert offered(book, validation(page, 2)) == ["Rome", "Milan"]


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    study = read_study(STUDIES["crohn"])
    one, two = (write_templates(study, tmp_path / name)[0].read_bytes() for name in ("one", "two"))
    assert one == two


def test_a_filled_workbook_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "S02.xlsx").write_bytes(b"filled in")
    done = template(tmp_path, STUDIES["crohn"], "--centre", "S01", "--centre", "S02")
    assert isinstance(done.exception, Exception)
    assert str(done.exception).splitlines() == [
        f"--out: {tmp_path / 'S02.xlsx'} is there already, and may be filled in: it is not overwritten.",
        "  Name another folder, or move the file away.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["S02.xlsx"]


@pytest.mark.parametrize(
    ("centres", "what"),
    [
        (["S01", "S01"], "S01 is named twice."),
        (["S01", "s01"], "S01 and s01 are one file's name."),
        (["a/b"], "'a/b' holds '/', which the name of a file cannot have."),
        (["a:b"], "'a:b' holds ':', which the name of a file cannot have."),
        ([""], "'' cannot be the name of a file."),
        ([".."], "'..' cannot be the name of a file."),
        ([" S01"], "' S01' cannot be the name of a file."),
        ([".S01"], "'.S01' cannot be the name of a file."),
        (["x" * 61], "'xxxxxxxxxxxxxxxxxxxx…' is too long for the name of a file, with 61 characters."),
    ],
)
def test_a_centre_that_cannot_be(tmp_path: Path, centres: list[str], what: str) -> None:
    done = template(tmp_path / "out", STUDIES["crohn"], *(word for name in centres for word in ("--centre", name)))
    assert str(done.exception).splitlines()[0] == f"--centre: {what}"
    assert not (tmp_path / "out").exists()


def test_an_out_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", "utf-8")
    assert "is a file" in str(template(tmp_path / "out", STUDIES["crohn"]).exception)


@pytest.mark.parametrize(("old", "new"), [("forms:\n  patients:", "wrong:\n  patients:"), ("{start: date}", "{}")])
def test_a_study_without_forms_or_a_form_without_fields(tmp_path: Path, old: str, new: str) -> None:
    text = "remit: 1\nstudy: {id: s, title: t}\nindex: start\n"
    text += "forms:\n  patients:\n    rows: once\n    fields: {start: date}\n"
    path = tmp_path / "study.yaml"
    path.write_text(changed(text, old, new), "utf-8")
    done = template(tmp_path / "out", path)
    assert str(done.exception).startswith(f"{path}:")
    assert not (tmp_path / "out").exists()


LEVELS = [f"level {number}, with a name so long that ten of them are no list in a cell" for number in range(10)]


def test_drop_downs_may_be_long_and_have_any_sign(tmp_path: Path) -> None:
    """A list that stands in the cell itself ends at 255 characters, and a comma in it ends a word."""
    levels = "[" + ", ".join(f'"{level}"' for level in LEVELS) + "]"
    study = changed_study(tmp_path, "[no effect, harm, done]", levels, '"no effect", "harm"', f'"{LEVELS[0]}"')
    (path,) = write_templates(study, tmp_path / "out")
    book = load_workbook(path)
    page = book["doses"]
    found = validation(page, column_of(page, study.forms["doses"], "reason"))
    assert offered(book, found) == [*LEVELS, "ND"]
    assert found.prompt is not None
    assert len(found.prompt) == 255
    assert found.prompt.endswith("…")


def test_an_item_offers_what_each_number_stands_for(tmp_path: Path) -> None:
    study = read_study(written(tmp_path))
    visits = study.forms["visits"]
    item = replace(visits.fields["joints_tender"], choices={0: "none", 1: "some", 2: "many"})
    forms = {**study.forms, "visits": replace(visits, fields={**visits.fields, "joints_tender": item})}
    (path,) = write_templates(replace(study, forms=forms), tmp_path / "out")
    book = load_workbook(path)
    found = validation(book["visits"], column_of(book["visits"], visits, "joints_tender"))
    assert (found.type, offered(book, found)) == ("list", [0, 1, 2, "ND"])
    assert found.prompt == "One of: 0 none, 1 some, 2 many. Empty if it is not known. ND if it was not done."
    (row,) = (row for row in texts(path) if "joints_tender" in row)
    assert "0 none; 1 some; 2 many" in row


def test_without_a_word_for_not_done_none_is_offered(tmp_path: Path) -> None:
    study = changed_study(tmp_path, "  not_done: [ND]\n", "")
    (path,) = write_templates(study, tmp_path / "out")
    book = load_workbook(path)
    assert offered(book, validation(book["patients"], 4)) == ["female", "male"]
    assert str(validation(book["patients"], 2).formula1).endswith(",FALSE)")
    assert not [row for row in texts(path) if "not done" in " ".join(row)]


def test_a_word_for_not_done_that_is_a_code_is_not_offered(tmp_path: Path) -> None:
    study = changed_study(tmp_path, "not_done: [ND]", "not_done: [F, ND]")
    (path,) = write_templates(study, tmp_path / "out")
    book = load_workbook(path)
    assert offered(book, validation(book["patients"], 4)) == ["female", "male", "ND"]


@pytest.mark.parametrize(
    ("range", "told", "tests"),
    [
        ("range: [20, null]", "of 20 kg or more", "G2>=20,G2<=100000000"),
        ("range: [null, 300]", "of 300 kg or less", "G2>=-100000000,G2<=300"),
        ("label: weight", "in kg", "G2>=-100000000,G2<=100000000"),
    ],
)
def test_ranges_that_are_open(tmp_path: Path, range: str, told: str, tests: str) -> None:
    study = changed_study(tmp_path, "range: [20, 300]", range)
    (path,) = write_templates(study, tmp_path / "out")
    found = validation(load_workbook(path)["visits"], 7)
    assert found.error == f"Write a number {told}, with up to 1 decimal."
    assert tests in str(found.formula1)


def test_a_study_of_which_the_id_is_no_file_name(tmp_path: Path) -> None:
    study = changed_study(tmp_path, "id: small", "id: a/b")
    (path,) = write_templates(study, tmp_path / "out")
    assert path.name == "a-b.xlsx"


def test_a_study_whose_charts_are_no_workbooks(tmp_path: Path) -> None:
    study = replace(read_study(written(tmp_path)), source="parquet")
    with pytest.raises(WrongInput, match="`source: parquet`, which reads no workbook"):
        write_templates(study, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_long_title_with_an_ampersand_in_the_header(tmp_path: Path) -> None:
    study = changed_study(tmp_path, "title: A small study", f"title: A & B {'and so on ' * 10}")
    (path,) = write_templates(study, tmp_path / "out")
    header = load_workbook(path)["visits"].oddHeader
    assert header.left.text.startswith("A && B")
    assert header.left.text.endswith("…")
