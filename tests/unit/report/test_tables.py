"""Tables of a small study, read as a reader reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.report.characteristics import summary_tables
from remit.report.course import course_sentences, course_tables
from remit.report.document import Cell, Row, Table, plain
from remit.report.effectiveness import effectiveness_tables
from remit.report.lookup import MissingResult
from remit.report.sentences import endpoint_sentences
from remit.schema.results import Results
from remit.study.analyses.kinds import Course, Endpoints, Summary
from tests.unit.report.studies import PEOPLE, VISITS, Made, asthma


def cells(row: Row) -> list[str]:
    return [said(cell) for cell in row.cells]


def said(cell: Cell) -> str:
    return " | ".join(plain(line).replace("\u00a0", " ") for line in cell.lines)


def read(table: Table) -> dict[str, list[str]]:
    return {plain(row.label): cells(row) for row in table.rows}


def who(made: Made) -> Table:
    analysis = made.study.analyses[0]
    assert isinstance(analysis, Summary)
    return summary_tables(made.study, analysis, made.lookup)[0]


def control(made: Made) -> Table:
    analysis = made.study.analyses[1]
    assert isinstance(analysis, Endpoints)
    return effectiveness_tables(made.study, analysis, made.lookup)[0]


def flow(made: Made) -> Table:
    analysis = made.study.analyses[2]
    assert isinstance(analysis, Course)
    return course_tables(made.study, analysis, made.lookup)[0]


def test_characteristics(tmp_path: Path) -> None:
    table = who(asthma(tmp_path))
    assert [plain(column.title).replace("\u00a0", " ") for column in table.columns] == [
        "Eligible patients (N = 3)",
        "Unknown",
    ]
    assert read(table) == {
        "Sex": ["", "0"],
        '<b>&"x"': ["1/3 (33.3 %)", ""],
        "Other": ["2/3 (66.7 %)", ""],
        "Uses an inhaler": ["2/3 (66.7 %)", "0"],
        "Weight, kg": ["n = 2", "1"],
        "Mean (SD)": ["65.85 (6.58)", ""],
        "Median (quartiles)": ["65.85 (61.20–70.50)", ""],
        "Range": ["61.2–70.5", ""],
        "Occupation": ["", "0"],
        "Clerk": ["2/3 (66.7 %)", ""],
        "Baker": ["1/3 (33.3 %)", ""],
    }


def test_one_patient_has_no_standard_deviation_and_the_note_says_so(tmp_path: Path) -> None:
    table = who(asthma(tmp_path, PEOPLE[:1], VISITS[:1]))
    assert read(table)["Mean (SD)"] == ["70.50 (—)", ""]
    assert [plain(note) for note in table.marked] == ["one value has no standard deviation"]


def test_nothing_known_is_not_zero(tmp_path: Path) -> None:
    people = [{**person, "sex": None, "weight": None, "occupation": None} for person in PEOPLE]
    table = read(who(asthma(tmp_path, people)))
    assert table["Sex"] == ["", "3"]
    assert table["Other"] == ["0/0", ""]
    assert table["Weight, kg"] == ["n = 0", "3"]
    assert [table[row][0] for row in ("Mean (SD)", "Median (quartiles)", "Range")] == ["—"] * 3
    assert table["Occupation"][0] == "none recorded"


def test_nobody_eligible(tmp_path: Path) -> None:
    people = [{**person, "inhaler": None} for person in PEOPLE]
    made = asthma(tmp_path, people)
    assert read(who(made))["Uses an inhaler"] == ["0/0", "0"]
    assert read(control(made))["Good control"] == ["not assessed | 0 of 0 known"] * 2


def test_endpoints_over_each_denominator(tmp_path: Path) -> None:
    table = control(asthma(tmp_path))
    assert [plain(column.title) for column in table.columns] == ["Decided", "Complete"]
    assert read(table) == {"Good control": ["1/2 (50.0 %) | 9.5–90.5 | 1 not known"] * 2}
    assert not table.marked


def test_decided_by_one_part_alone_is_marked(tmp_path: Path) -> None:
    """C is known not to use an inhaler: decided, though her flow was not measured."""
    people = [{**person, "inhaler": person["patient"] == "A"} for person in PEOPLE[:3]]
    table = control(asthma(tmp_path, people))
    assert read(table)["Good control"] == ["1/3 (33.3 %) | 6.1–79.2", "1/2 (50.0 %) | 9.5–90.5 | 1 not known"]
    (note,) = table.marked
    assert plain(note).startswith("Biased low: 3 are decided, but only 2 of them have every part known")


def test_where_no_part_is_ever_complete_nobody_could_have_reached_it(tmp_path: Path) -> None:
    people = [{**person, "inhaler": person["patient"] == "A"} for person in PEOPLE[:3]]
    table = control(asthma(tmp_path, people, []))
    assert read(table)["Good control"] == ["0/2 (0.0 %) | 0.0–65.8 | 1 not known", "not assessed | 0 of 3 known"]
    (note,) = table.marked
    assert plain(note).startswith("Nobody has every part known, so that nobody could count as having reached it. In 2")
    assert table.rows[0].cells[0].muted


def test_course(tmp_path: Path) -> None:
    assert read(flow(asthma(tmp_path)))["Clinic"] == ["2", "1", "402.5 (10.6)", "402.5 (395.0–410.0)", "395–410"]
    assert read(flow(asthma(tmp_path, visits=[])))["Clinic"] == ["0", "3", *["not measured"] * 3]


def test_sentences(tmp_path: Path) -> None:
    made = asthma(tmp_path)
    endpoints, course = made.study.analyses[1:]
    assert isinstance(endpoints, Endpoints)
    assert isinstance(course, Course)
    found = [
        *endpoint_sentences(made.study, endpoints, made.lookup),
        *course_sentences(made.study, course, made.lookup),
    ]
    assert [plain(paragraph.words).replace("\u00a0", " ") for paragraph in found] == [
        "At clinic, among eligible patients (N = 3), endpoints were seen as follows: good control in 1 of 2 "
        "(50.0 %, 95 % CI 9.5 to 90.5; 1 not known).",
        "Among eligible patients (N = 3), medians (quartiles) were as follows. Peak flow, L/min: 402.5 (395.0 to "
        "410.0; n = 2) at clinic.",
    ]


def test_what_was_assessed_in_nobody_is_said_so(tmp_path: Path) -> None:
    people = [{**person, "inhaler": True} for person in PEOPLE]
    made = asthma(tmp_path, people, [])
    endpoints = made.study.analyses[1]
    assert isinstance(endpoints, Endpoints)
    (paragraph,) = endpoint_sentences(made.study, endpoints, made.lookup)
    assert plain(paragraph.words).endswith("good control was assessed in nobody.")


def test_a_result_that_is_missing_is_an_error(tmp_path: Path) -> None:
    made = asthma(tmp_path)
    less = made.results.table.filter(~made.results.table["result"].str.contains("weight"))
    with pytest.raises(MissingResult, match=r"who\.eligible\.weight"):
        _ = Made(made.study, Results(less), made.intake).document
    without_percent = made.results.table.filter(made.results.table["statistic"] != "percent")
    with pytest.raises(MissingResult, match="there is no percent"):
        _ = Made(made.study, Results(without_percent), made.intake).document
