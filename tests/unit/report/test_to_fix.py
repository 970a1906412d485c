"""What matters most to fix, as the report shows it."""

from __future__ import annotations

from remit.report.document import Document, Paragraph, Table, plain
from remit.report.edition.shareable import shareable
from remit.report.queries import to_fix_section
from remit.report.report import build_document
from remit.schema.to_fix import Fix, ToFix
from tests.unit.report.studies import example, lines_of

FIX = Fix(
    centre="S01",
    place="S01.xlsx/visits/K3",
    patient="S01-001",
    visit="Week 12",
    field="HBI",
    problem="empty",
    changes="could change the primary endpoint of the patient",
    conclusion=True,
    primary=((31, 62), (32, 62)),
)
OTHER = Fix("S02", "visits: no row", "S02-004", "", "visits", "missing visit", "could change another number", False)


def test_a_row_says_cell_patient_what_is_wrong_and_what_it_could_change() -> None:
    paragraph, table = to_fix_section(ToFix((FIX, OTHER), 42)).blocks
    assert isinstance(paragraph, Paragraph)
    assert isinstance(table, Table)
    assert plain(paragraph.words).startswith("42 cells and visits are missing or doubtful, most of consequence first")
    assert lines_of(table) == [
        ["S01.xlsx/visits/K3", "S01-001 Week 12", "HBI empty", "31/62 → 32/62 may turn the conclusion", FIX.changes],
        ["visits: no row", "S02-004", "visits missing visit", "–", OTHER.changes],
    ]
    assert plain(table.rows[0].detail) == "Centre S01"
    assert plain(table.notes[0]) == "… and 40 more: remit queries DIR."


def said(found: ToFix | None) -> str:
    (paragraph,) = to_fix_section(found).blocks
    assert isinstance(paragraph, Paragraph)
    return plain(paragraph.words)


def test_without_cells_one_line_says_why_or_how() -> None:
    assert said(ToFix((), 0)) == "Nothing is missing or doubtful that could change a number."
    assert said(ToFix((), 0, "the run has 6,000 patients")) == "Cells were not tried: the run has 6,000 patients."
    assert "remit report DIR --as html --edition internal" in said(None)


def test_one_cell_is_one() -> None:
    paragraph, table = to_fix_section(ToFix((OTHER,), 1)).blocks
    assert isinstance(paragraph, Paragraph)
    assert isinstance(table, Table)
    assert plain(paragraph.words).startswith("One cell or visit is missing or doubtful")
    assert not any("more:" in plain(note) for note in table.notes)


def names(document: Document) -> list[str]:
    return [section.name for section in document.sections]


def test_the_shareable_edition_has_none_of_it() -> None:
    made = example()
    document = build_document(made.study, made.results, made.intake, to_fix=ToFix((FIX,), 1))
    assert "to-fix" in names(document)
    shared = shareable(document, made.results, made.study)
    assert "to-fix" not in names(shared)
    assert FIX.place not in repr(shared)
