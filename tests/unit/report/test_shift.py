"""Levels at the reference visit against those at later ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.report.document import plain
from remit.schema.results import OBSERVED, Address
from remit.study.analyses.kinds import Shift
from tests.unit.derive.small import day, study_of
from tests.unit.report.studies import Made, lines_of, made, paragraphs_of, section_of, table_of

STUDY = """
remit: 1
study: {id: liver, title: Liver}
index: first_seen
visits:
  baseline: {label: Baseline, day: 0, window: [-7, 0]}
  week4: {label: Week 4, day: 28, window: [14, 42]}
  week8: {label: Week 8, day: 56, window: [43, 70]}
forms:
  people:
    rows: once
    fields:
      first_seen: date
      group: {levels: [new, old]}
  visits:
    rows: visit
    date: seen
    fields:
      seen: date
      grade: {levels: [none, mild, severe], ordered: yes}
      alt: {type: number, range: [0, 1000]}
"""
ANALYSIS = """
analyses:
  liver:
    kind: shift
    title: Liver
    rows: [grade]
    to: [week4]
"""
Rows = list[dict[str, Any]]
GRADES = {  # at baseline and at week 4
    "A": ("none", "none"),
    "B": ("none", "mild"),
    "C": ("none", None),
    "D": ("severe", "mild"),
    "E": (None, "severe"),
    "F": (None, None),
}
ALT = {"A": (10, 20), "B": (10, 40), "C": (50, None), "D": (60, 35), "E": (10, 70), "F": (None, 20)}


def livers(folder: Path, text: str = STUDY + ANALYSIS) -> Made:
    people: Rows = [
        {"patient": name, "first_seen": day(0), "group": "new" if name in "ABC" else "old"} for name in GRADES
    ]
    visits: Rows = [
        {"patient": name, "seen": day(at), "grade": GRADES[name][place], "alt": ALT[name][place]}
        for name in GRADES
        for place, at in enumerate((0, 28))
    ]
    return made(folder, text, people=people, visits=visits)


def lines(found: Made) -> list[list[str]]:
    table = table_of(section_of(found, "liver"))
    return [[plain(column.title).replace("\xa0", " ") for column in table.columns], *lines_of(table)]


def said(found: Made) -> str:
    return paragraphs_of(section_of(found, "liver"))


def test_from_which_level_to_which(tmp_path: Path) -> None:
    assert lines(livers(tmp_path)) == [
        ["None", "Mild", "Severe", "Unknown", "All"],
        ["Week 4"],
        ["None", "1 (50.0 %)", "1 (50.0 %)", "0 (0.0 %)", "1", "3"],
        ["Mild", "0", "0", "0", "0", "0"],
        ["Severe", "0 (0.0 %)", "1 (100.0 %)", "0 (0.0 %)", "0", "1"],
        ["Unknown", "0", "0", "1", "1", "2"],
    ]


def test_how_many_have_another_level(tmp_path: Path) -> None:
    found = livers(tmp_path)
    n = found.lookup.one(Address("liver", "eligible", visit="week4", variable="grade", handling=OBSERVED), "n")
    assert (n.value, n.denominator, n.missing, n.population_n) == (2, 3, 3, 6)
    assert said(found) == (
        "Among eligible patients (N = 6), at another level than at baseline were: Grade at week 4: 2/3 (66.7 %)."
    )


def test_by_arm(tmp_path: Path) -> None:
    found = livers(tmp_path, STUDY + "arms: {planned: group}\n" + ANALYSIS)
    heads = [line[0] for line in lines(found)[1:] if len(line) == 1]
    assert heads == ["Week 4, New (N = 3)", "Week 4, Old (N = 3)", "Week 4, Total (N = 6)"]
    assert "new 1/2 (50.0 %); old 1/1 (100.0 %); and in total 2/3 (66.7 %)" in said(found)


@pytest.mark.parametrize(
    ("row", "head"),
    [('if(alt >= 30, "high", "low")', ["High", "Low"]), ("alt < 30", ["No", "Yes"])],
)
def test_texts_and_yes_and_no(tmp_path: Path, row: str, head: list[str]) -> None:
    text = (STUDY + ANALYSIS).replace("rows: [grade]", f"rows:\n      - {{label: ALT, is: '{row}'}}")
    assert lines(livers(tmp_path, text)) == [
        [*head, "Unknown", "All"],
        ["Week 4"],
        [head[0], "1 (100.0 %)", "0 (0.0 %)", "1", "2"],
        [head[1], "2 (66.7 %)", "1 (33.3 %)", "0", "3"],
        ["Unknown", "0", "1", "0", "1"],
    ]


def test_a_text_that_occurs_at_one_of_the_visits_only(tmp_path: Path) -> None:
    text = (STUDY + ANALYSIS).replace(
        "rows: [grade]", "rows:\n      - {label: ALT, is: \"if(alt >= 65, 'high', 'low')\"}"
    )
    found = lines(livers(tmp_path, text.replace("to: [week4]", "to: [week4, week8]")))
    assert found[0] == ["High", "Low", "Unknown", "All"]
    assert found[5:] == [
        ["Week 8"],
        ["High", "0", "0", "0", "0"],
        ["Low", "0", "0", "5", "5"],
        ["Unknown", "0", "0", "1", "1"],
    ]


def test_all_later_visits_without_to(tmp_path: Path) -> None:
    (shift,) = study_of(tmp_path, text=(STUDY + ANALYSIS).replace("    to: [week4]\n", "")).analyses
    assert isinstance(shift, Shift)
    assert (shift.origin, shift.to) == ("baseline", ("week4", "week8"))


TWO_LEVELS = """
derived:
  at_start: {label: ALT at baseline, is: 'range_level(alt@baseline, 5, 40)'}
  # Of the visits with the greatest ALT.
  level: {form: visits, is: 'range_level(alt, 5, 40)'}
  highest:
    label: highest ALT
    is: >-
      first(visits.level, where known(alt) and day > 0 days
      and alt == max(visits.alt, where known(alt) and day > 0 days))
analyses:
  liver:
    kind: shift
    title: Liver
    rows:
      - {label: ALT, from: at_start, is: highest}
"""


def test_one_level_of_a_patient_against_another(tmp_path: Path) -> None:
    found = livers(tmp_path, STUDY + TWO_LEVELS)
    assert lines(found) == [
        ["Low", "Normal", "High", "Unknown", "All"],
        ["Highest ALT"],
        ["Low", "0", "0", "0", "0", "0"],
        ["Normal", "0 (0.0 %)", "2 (66.7 %)", "1 (33.3 %)", "0", "3"],
        ["High", "0 (0.0 %)", "1 (100.0 %)", "0 (0.0 %)", "1", "2"],
        ["Unknown", "0", "1", "0", "0", "1"],
    ]
    assert said(found) == (
        "Among eligible patients (N = 6), at another level were: Highest ALT, against ALT at baseline: 2/4 (50.0 %)."
    )
    table = table_of(section_of(found, "liver"))
    assert plain(table.notes[0]) == (
        "Rows: ALT at baseline; columns: highest ALT. Percentages are of those of the row for whom it is known."
    )
    n = found.lookup.one(Address("liver", "eligible", variable="highest", handling=OBSERVED), "n")
    assert (n.value, n.denominator, n.missing, n.population_n) == (2, 4, 2, 6)


def test_two_levels_by_arm(tmp_path: Path) -> None:
    found = livers(tmp_path, STUDY + "arms: {planned: group}\n" + TWO_LEVELS)
    heads = [line[0] for line in lines(found)[1:] if len(line) == 1]
    assert heads == ["Highest ALT, New (N = 3)", "Highest ALT, Old (N = 3)", "Highest ALT, Total (N = 6)"]


@pytest.mark.parametrize(
    ("line", "instead", "what"),
    [
        ("from: at_start", "from: alt@baseline", "this is a number, and `is` a level"),
        ("is: highest", "is: alt@week4", "this is a number"),
        ("    title: Liver", "    from: baseline", "its rows say from which level they go, and `from` names a visit"),
        ("    title: Liver", "    to: [week4]", "its rows say from which level they go, and `to` names a visit"),
        ("highest}", "highest}\n      - grade@week4", "other rows say `from`, and this one does not"),
        ("highest}", "highest}\n      - {from: at_start, is: highest}", "two rows are called 'highest'"),
    ],
)
def test_what_is_wrong_with_two_levels_is_said(tmp_path: Path, line: str, instead: str, what: str) -> None:
    with pytest.raises(WrongInput) as caught:
        study_of(tmp_path, text=(STUDY + TWO_LEVELS).replace(line, instead))
    assert what in caught.value.what


@pytest.mark.parametrize(
    ("line", "instead", "what"),
    [
        ("rows: [grade]", "rows: [alt]", "this is a number"),
        ("rows: [grade]", "rows: [group]", "this is the same at each visit"),
        ("rows: [grade]", "rows: [{is: grade, among: alt > 3}]", "a shift has no `among`"),
        ("to: [week4]", "to: [week5]", "there is no visit 'week5'"),
        ("to: [week4]", "to: [baseline]", "a shift goes from baseline to visits after it"),
        ("to: [week4]", "from: week8", "a shift goes from week8 to visits after it"),
        (
            "baseline: {label: Baseline, day: 0, window: [-7, 0]}",
            "week1: {day: 7, window: [1, 8]}",
            "no reference visit",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, line: str, instead: str, what: str) -> None:
    with pytest.raises(WrongInput) as caught:
        study_of(tmp_path, text=(STUDY + ANALYSIS).replace(line, instead))
    assert what in caught.value.what
