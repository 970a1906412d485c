"""How the charts were read, in the report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from remit.report.cautions import cautions_section
from remit.report.document import Definitions, Fold, Paragraph, Table, blocks_of, plain
from remit.report.intake import COLUMNS, SHOWN, intake_section
from remit.schema.intake import Counted, Doubt, Intake
from tests.unit.report.studies import NO_INTAKE, asthma

DOUBT = Doubt("refused", "out-of-range", "S2", "B", "S2.xlsx, sheet visits, C4", "9999", "above the range")
INTAKE = Intake(
    rows={"people": 4, "visits": 3},
    centres=("S1", "S2"),
    counts=(
        Counted("refused", "out-of-range", "S2", 201, "above the range"),
        Counted("converted", "unit", None, 12345, "from L/s"),
        Counted("converted", "unit", "S1", 2, "from L/s"),
        Counted("surprising", "new-code", "S1", 1, ""),
    ),
    doubts=(DOUBT,) * SHOWN,
    left_out=201,
    recognised=("S1.xlsx, column B: a decimal comma",),
)


def test_counts_by_centre(tmp_path: Path) -> None:
    section = intake_section(asthma(tmp_path).study, INTAKE)
    (counts,) = [block for block in section.blocks if isinstance(block, Table)]
    assert [plain(column.title) for column in counts.columns] == ["S1", "S2", "no centre"]
    rows = {plain(row.label): [plain(cell.lines[0]) for cell in row.cells] for row in counts.rows if not row.heading}
    assert rows == {"Unit": ["2", "0", "12\u202f345"], "Out of range": ["0", "201", "0"], "New code": ["1", "0", "0"]}
    assert "Surprising" in [plain(row.label) for row in counts.rows]


def test_doubts_are_shown_up_to_a_limit_and_the_rest_is_counted(tmp_path: Path) -> None:
    section = intake_section(asthma(tmp_path).study, INTAKE)
    folds = [block for block in section.blocks if isinstance(block, Fold)]
    assert [fold.title for fold in folds] == ["Doubts (201)", "Habits of the centres that were recognised"]
    (doubts,) = folds[0].blocks
    assert isinstance(doubts, Table)
    assert len(doubts.rows) == SHOWN
    assert plain(doubts.notes[0]) == "… and 1 more: see ledger.parquet."
    assert [plain(cell.lines[0]) for cell in doubts.rows[0].cells] == ["B", "9999", "Refused: above the range"]


def test_an_intake_without_anything(tmp_path: Path) -> None:
    section = intake_section(asthma(tmp_path).study, NO_INTAKE)
    texts = [plain(block.words) for block in blocks_of((section,)) if isinstance(block, Paragraph)]
    assert texts[0].startswith("Charts came from 0 centres.")
    assert texts[1] == "No cell or row was refused, left unused or queried."


def test_refused_cells_are_something_to_keep_in_mind(tmp_path: Path) -> None:
    made = asthma(tmp_path)
    section = cautions_section(made.study, made.lookup, INTAKE)
    assert section
    (found,) = section.blocks
    assert isinstance(found, Definitions)
    assert [item.term for item in found.items] == ["Refused cells"]
    assert plain(found.items[0].words[0]).startswith("201 cells or rows were refused")
    assert cautions_section(made.study, made.lookup, replace(INTAKE, counts=())) is None


def test_many_centres_stand_in_one_column(tmp_path: Path) -> None:
    counts = tuple(Counted("missing", "not-done", f"C{number:02}", number, "") for number in range(1, COLUMNS + 2))
    section = intake_section(asthma(tmp_path).study, replace(INTAKE, counts=counts))
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert [plain(column.title) for column in table.columns] == ["Entries by centre"]
    assert plain(table.rows[1].cells[0].lines[0]).startswith("C01 1, C02 2, ")


def test_a_form_of_some_records_alone_says_which(tmp_path: Path) -> None:
    study = asthma(tmp_path).study
    only = replace(study.forms["visits"], only={"VSPOS": ("SUPINE", "empty")})
    section = intake_section(replace(study, forms={**study.forms, "visits": only}), INTAKE)
    (said, *_) = [plain(block.words) for block in blocks_of((section,)) if isinstance(block, Paragraph)]
    assert f"3 ({only.sheet}, only VSPOS SUPINE or empty)" in said
