"""remit queries: what matters most to fix in the charts of the Crohn example."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.finished import Finished
from remit.moves.cells import cells_at
from remit.moves.copies import without_imputation
from remit.queries import listed
from remit.queries.listed import Question, question_lines, questions_of, write_questions
from remit.queries.to_fix import SHOWN, to_fix
from remit.schema.cohort import endpoint_column
from remit.sources.corrections import plain, rows_of


@pytest.fixture(scope="module")
def questions(run: Finished) -> list[Question]:
    return questions_of(run)


def test_what_could_change_the_conclusion_comes_first(questions: list[Question]) -> None:
    ranks = [each.effect.rank for each in questions]
    assert ranks[:5] == ["conclusion"] * 5
    assert {"another endpoint", "another number"} <= set(ranks)
    assert "conclusion" not in ranks[5:]
    first = questions[:5]
    assert {each.doubt.patient for each in first} == {"S01-021"}
    assert {each.field.split(",")[0] for each in first} == {"HBI"}
    assert all(each.effect.together for each in first)


def test_the_primary_endpoint_does_change_with_the_answers(run: Finished, questions: list[Question]) -> None:
    """The records are changed, and the study derived as a whole."""
    primary = run.study.primary
    assert primary is not None
    column = endpoint_column(primary.endpoint, primary.visit, primary.estimand)
    frame = run.records.forms["visits"]
    (row,) = {each.doubt.row for each in questions[:5]}
    fields = [each.doubt.field or "" for each in questions[:5]]
    zeros = [pl.when(pl.col("_row") == row).then(0).otherwise(field).alias(field) for field in fields]
    records = replace(run.records, forms={**run.records.forms, "visits": frame.with_columns(zeros)})
    after = derive_cohort(without_imputation(run.study), records).patients.filter(patient="S01-021")
    before = run.cohort.patients.filter(patient="S01-021")
    assert (before[column][0], after[column][0]) == (None, True)


def test_the_cell_of_a_question_is_the_one_that_is_empty(run: Finished, questions: list[Question]) -> None:
    cells = [each for each in questions if re.fullmatch(r".+/[A-Z]+[0-9]+", each.doubt.place)]
    assert len(cells) > 300
    for each in cells[::25]:
        (found,) = cells_at(run.records, each.doubt.place)
        assert (found.patient, found.form, found.field) == (each.doubt.patient, each.doubt.form, each.doubt.field)


def test_the_terminal_shows_some_and_says_how_many_there_are(questions: list[Question]) -> None:
    lines = [*question_lines(questions)]
    assert lines[0] == f"{len(questions)} cells and visits are missing or doubtful:"
    assert lines[-1] == f"and {len(questions) - 20} more: --all, or --out FOLDER"
    assert (
        sum("could change" in line or "changes nothing" in line for line in question_lines(questions, every=True)) > 300
    )
    assert [*question_lines([])] == ["Nothing is missing or doubtful that could change a number."]


def test_each_centre_gets_its_questions(run: Finished, questions: list[Question], tmp_path: Path) -> None:
    table, *books = write_questions(run, questions, tmp_path / "to-send")
    with table.open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    assert [int(row["number"]) for row in rows] == [each.number for each in questions]
    assert [path.name for path in books] == [f"queries-S0{number}.xlsx" for number in range(1, 6)]
    asked = 0
    for path in books:
        heading, *lines = openpyxl.load_workbook(path).active.values  # type: ignore[union-attr]
        assert heading[:6] == ("cell", "old", "new", "reason", "who", "when")
        assert {line[6][:3] for line in lines} == {path.stem.removeprefix("queries-")}
        asked += len(lines)
    assert asked == len(questions)


def test_an_answer_is_a_correction_as_it_stands(run: Finished, questions: list[Question], tmp_path: Path) -> None:
    _, first, *_ = write_questions(run, questions, tmp_path / "to-send")
    _, line, *_ = openpyxl.load_workbook(first).active.values  # type: ignore[union-attr]
    cell, old, _, reason, *_ = line
    path = tmp_path / "corrections.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("cell", "old", "new", "reason", "who", "when"), (cell, old, "0", reason, "M. Rossi", "2024-07-02")]
        )
    (correction,) = rows_of(path)
    assert (plain(correction.cell), correction.old, correction.reason) == (
        questions[0].doubt.place,
        "",
        "answer to query 1",
    )


def test_more_patients_than_can_be_tried_are_refused(run: Finished, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "MOST_PATIENTS", 70)
    with pytest.raises(WrongInput, match="the run has 71 patients, and more than 70"):
        questions_of(run)


def test_the_first_stand_in_the_report_with_the_primary_result(run: Finished, questions: list[Question]) -> None:
    found = to_fix(run)
    assert (len(found.fixes), found.total) == (SHOWN, len(questions))
    assert [each.place for each in found.fixes] == [each.doubt.place for each in questions[:SHOWN]]
    assert [each.conclusion for each in found.fixes[:6]] == [True] * 5 + [False]
    for each in found.fixes:
        assert (each.primary is not None) == (each.conclusion or "primary endpoint" in each.changes)
        if each.primary is not None:
            now, then = each.primary
            assert now != then


def test_of_too_many_patients_the_report_says_why_nothing_was_tried(
    run: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listed, "MOST_PATIENTS", 3)
    assert to_fix(run).fixes == ()
    assert "more than 3 are not tried" in (to_fix(run).refused or "")
