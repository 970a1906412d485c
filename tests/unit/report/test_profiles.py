"""A page a patient, as a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.report.document import Document, Figure, Fold, Section, Table, plain
from remit.report.profiles import profiles_document
from remit.trace.profiles import first_patients, profiles_of
from tests.unit.derive.small import day
from tests.unit.report.studies import lines_of
from tests.unit.trace.cohort import TEXT, Odd, odd


def document_of(made: Odd) -> Document:
    found = profiles_of(made.study, made.records, made.cohort, first_patients(made.cohort))
    return profiles_document(made.study, found)


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return document_of(odd(tmp_path))


def page(document: Document, patient: str) -> Section:
    return next(section for section in document.sections if section.title == patient)


def tables(section: Section) -> dict[str, Table]:
    found = [block for block in section.blocks if isinstance(block, Table)]
    found += [
        inner
        for block in section.blocks
        if isinstance(block, Fold)
        for inner in block.blocks
        if isinstance(inner, Table)
    ]
    return {plain(table.title).split(": ")[-1]: table for table in found}


def figure(section: Section) -> Figure:
    (only,) = (block for block in section.blocks if isinstance(block, Figure))
    return only


def test_each_patient_is_a_section_on_its_own_page(document: Document) -> None:
    assert [section.title for section in document.sections] == ["Patients", *"ABCDEF"]
    assert all(section.individual for section in document.sections)
    assert all(section.own_page for section in document.sections[1:])
    assert plain(document.facts[0].words).startswith("Internal edition")


def test_the_overview_has_a_row_a_patient(document: Document) -> None:
    (table,) = (block for block in document.sections[0].blocks if isinstance(block, Table))
    assert lines_of(table) == [
        ["A", "S01", "yes", "goes on at day 90", "3", "yes (yes)", "1"],
        ["B", "S01", "yes", "stopped for good on day 25: adverse event", "2", "no (no)", "1, 1 serious"],
        ["C", "S01", "no: no consent", "goes on at day 90", "1", "not known (not counted)", "1, 1 serious"],
        ["D", "S01", "yes", "ended, not for good or not known", "0", "not known (no)", "0"],
        ["E", "S01", "yes", "goes on at day 90", "2", "no (no)", "1"],
        ["F", "S01", "no: undecidable", "none", "0", "not known (not counted)", "0"],
    ]


def test_values_stand_by_visit_and_what_no_rule_uses_is_told(document: Document) -> None:
    table = tables(page(document, "A"))["values at the visits"]
    assert [plain(column.detail) for column in table.columns] == ["day 0", "day 27", "day 56"]
    assert lines_of(table)[:2] == [["Pain score", "50", "46", "50"], ["C-reactive protein, mg/dL", "9.0", "6.0", "5.5"]]
    assert plain(table.notes[0]) == "Also seen on day 40, which no rule uses."
    assert lines_of(tables(page(document, "E"))["values at the visits"])[1][1:] == [">10.0", "<2.0", "—"]
    without = tables(page(document, "D"))["values at the visits"]
    assert {plain(column.detail) for column in without.columns} == {"not seen"}


def test_a_visit_of_which_none_of_the_values_is_known_was_seen_all_the_same(tmp_path: Path) -> None:
    seen = [{"patient": "A", "visit_date": day(0), "score": 50}, {"patient": "A", "visit_date": day(27)}]
    table = tables(page(document_of(odd(tmp_path, visits=seen)), "A"))["values at the visits"]
    assert [plain(column.detail) for column in table.columns] == ["day 0", "day 27: none of these known", "not seen"]


def test_treatment_and_events_stand_in_the_order_of_their_days(document: Document) -> None:
    assert lines_of(tables(page(document, "A"))["treatment and events"]) == [
        ["0 to 20", "X", "x 10 mg, schedule"],
        ["21", "Operation", "removal of a tophus"],
        ["30, goes on", "X", "x 20 mg"],
        ["not known", "Adverse event", "rash (not serious, CTCAE grade: 1)"],
    ]
    assert lines_of(tables(page(document, "D"))["treatment and events"]) == [["0, until when is not known", "X", "x"]]
    assert "treatment and events" not in tables(page(document, "F"))


def test_decisions_have_their_reasons(document: Document) -> None:
    why = lines_of(tables(page(document, "C"))["eligibility, and why"])
    assert why == [["No consent", "yes", "Consent: no"]]
    undecided = lines_of(tables(page(document, "F"))["eligibility, and why"])
    assert undecided == [["No consent", "not known", "Consent: not known"]]
    reached = tables(page(document, "A"))["endpoints, and why"]
    assert [row[:3] for row in lines_of(reached)] == [["Relief, Week 4", "yes", "yes"], ["Relief, Week 8", "no", "no"]]
    assert plain(reached.notes[0]) == "Under the estimand “strict” what is not known counts as “no”."


def test_the_time_axis_is_told_in_words(document: Document) -> None:
    drawn = figure(page(document, "B"))
    assert drawn.individual
    assert drawn.panels[0].alt == (
        "Patient B, from day −10 to day 60; X, mg: x 10 mg from day 0 to day 25; Course of steroids, mg: prednisone "
        "20 mg from day −10 to day 22, methylprednisolone from day 22 on; day 23: pneumonia; pain score: Baseline 30, "
        "Week 4 35; C-reactive protein: Baseline 8.0 mg/dL."
    )


def test_without_day_0_there_is_no_time_axis(document: Document) -> None:
    blocks = page(document, "F").blocks
    assert not any(isinstance(block, Figure) for block in blocks)
    assert any("No time axis" in str(block) for block in blocks)


def test_events_for_whose_names_there_is_no_room_are_told(tmp_path: Path) -> None:
    from tests.unit.derive.small import day

    many = [{"patient": "A", "term": f"a rather long name {number}", "start_date": day(5)} for number in range(8)]
    drawn = figure(page(document_of(odd(tmp_path, adverse_events=many)), "A"))
    assert "no room" in " ".join(plain(note) for note in drawn.notes)


def test_operations_on_one_day_are_one_mark(tmp_path: Path) -> None:
    from tests.unit.derive.small import day

    two = [{"patient": "A", "date": day(21), "what": what} for what in ("one", "two")]
    drawn = figure(page(document_of(odd(tmp_path, surgery=two)), "A"))
    assert "day 21: operation (2)" in drawn.panels[0].alt


def test_what_ended_long_before_is_one_row(tmp_path: Path) -> None:
    from tests.unit.derive.small import day

    past = [
        {"patient": "A", "drug": drug, "start_date": day(start), "stop_date": day(start + 20)}
        for drug, start in (("first", -300), ("second", -200))
    ]
    rows = lines_of(tables(page(document_of(odd(tmp_path, steroids=past)), "A"))["treatment and events"])
    assert rows[0] == ["before −60", "Course of steroids", "first, −300 to −280; second, −200 to −180"]


def test_a_study_without_endpoints_has_pages_too(tmp_path: Path) -> None:
    bare = TEXT[: TEXT.index("dosing:")] + "analyses:\n  who: {kind: summary, rows: [sex]}\n"
    found = page(document_of(odd(tmp_path, bare)), "A")
    assert "values at the visits" not in tables(found)
    assert figure(found).panels[0].alt.startswith("Patient A, from day 0")


def test_doubts_are_folded(document: Document) -> None:
    folded = next(block for block in page(document, "A").blocks if isinstance(block, Fold))
    assert folded.title.startswith("Doubts about the charts of A (")


@pytest.mark.parametrize(
    "forms",
    [
        {"patients": []},
        {"visits": []},
        {"treatment": []},
        {"treatment": [{"patient": "A", "drug": "x", "start_date": None}]},
        {"visits": [], "treatment": [], "steroids": [], "surgery": [], "adverse_events": []},
        {"patients": [{"patient": "A", "consent": False}]},
    ],
)
def test_whatever_the_charts_lack_there_are_pages(tmp_path: Path, forms: dict[str, list[dict[str, object]]]) -> None:
    made = odd(tmp_path, **forms)
    assert len(document_of(made).sections) == 1 + made.cohort.patients.height
