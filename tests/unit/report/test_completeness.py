"""Of how many patients values are known at each visit."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.report.document import figures_of, plain
from tests.unit.derive.small import day, study_of
from tests.unit.report.studies import Made, lines_of, made, paragraphs_of, section_of, table_of

STUDY = """
remit: 1
study: {id: knee, title: Knees}
packs: {ibd: "1.0"}
index: first_seen
visits:
  baseline: {label: Baseline, day: 0, window: [-7, 0]}
  week4: {label: Week 4, day: 28, window: [14, 42]}
forms:
  people:
    rows: once
    fields:
      first_seen: date
      weight: {unit: kg, range: [0, 300]}
      group: {levels: [new, old]}
  visits:
    rows: visit
    date: seen
    fields:
      seen: date
      crp: {lab: CRP, unit: mg/L, decimals: 0}
      grade: {levels: [none, severe]}
"""
ANALYSIS = """
analyses:
  known:
    kind: completeness
    title: Known
    rows: [crp, grade, weight]
"""
PEOPLE = [
    {"patient": "A", "first_seen": day(0), "weight": 70, "group": "new"},
    {"patient": "B", "first_seen": day(0), "weight": None, "group": "new"},
    {"patient": "C", "first_seen": day(0), "weight": 80, "group": "old"},
]
VISITS = [
    {"patient": "A", "seen": day(0), "crp": 5, "crp__censored": 0, "grade": "none"},
    {"patient": "A", "seen": day(28), "crp": 5, "crp__censored": -1, "grade": None},
    {"patient": "B", "seen": day(0), "crp": 7, "crp__censored": 0, "grade": "severe"},
    {"patient": "C", "seen": day(0), "crp": None, "grade": "severe"},
]


def known(folder: Path, text: str = STUDY + ANALYSIS) -> Made:
    return made(folder, text, people=PEOPLE, visits=VISITS)


def test_how_many_are_known_of_all(tmp_path: Path) -> None:
    """Below a limit is known; what is told once stands under the first visit; who was not seen counts as not known."""
    found = section_of(known(tmp_path), "known")
    assert lines_of(table_of(found)) == [
        ["C-reactive protein", "2/3 (66.7 %)", "1/3 (33.3 %)"],
        ["Grade", "3/3 (100.0 %)", "0/3 (0.0 %)"],
        ["Weight", "2/3 (66.7 %)", ""],
    ]
    assert paragraphs_of(found) == ("Among eligible patients (N = 3) least is known of grade at week 4: 0/3 (0.0 %).")


def test_each_number_has_its_denominator(tmp_path: Path) -> None:
    rows = {row["result"]: row for row in known(tmp_path).results.table.iter_rows(named=True)}
    row = rows["known.eligible.week4.crp.n"]
    assert [row[part] for part in ("numerator", "denominator", "missing", "population_n")] == [1, 3, 2, 3]


def test_the_map(tmp_path: Path) -> None:
    (figure,) = figures_of((section_of(known(tmp_path), "known"),))
    (panel,) = figure.panels
    cells = next(layer["data"]["values"] for layer in panel.spec["layer"] if layer["mark"]["type"] == "rect")
    assert [(cell["value"], cell["visit"], cell["text"]) for cell in cells] == [
        ("C-reactive protein", "Baseline", "2"), ("C-reactive protein", "Week 4", "1"),
        ("grade", "Baseline", "3"), ("grade", "Week 4", "0"), ("weight", "Baseline", "2"),
    ]  # fmt: skip
    shades = {cell["known"]: cell["shade"] for cell in cells}
    assert len(set(shades.values())) == 3, "all, two of three, fewer"
    assert "C-reactive protein: baseline 2 (66.7 %), week 4 1 (33.3 %)" in panel.alt
    assert plain(panel.title).replace("\xa0", " ") == "Known, of N = 3: eligible patients"


def test_by_arm(tmp_path: Path) -> None:
    found = section_of(known(tmp_path, STUDY + "arms: {planned: group}\n" + ANALYSIS), "known")
    assert [line for line in lines_of(table_of(found)) if line[0] in ("New (N = 2)", "C-reactive protein")] == [
        ["New (N = 2)"],
        ["C-reactive protein", "2/2 (100.0 %)", "1/2 (50.0 %)"],
        ["C-reactive protein", "0/1 (0.0 %)", "0/1 (0.0 %)"],
        ["C-reactive protein", "2/3 (66.7 %)", "1/3 (33.3 %)"],
    ]
    assert [panel.name for panel in figures_of((found,))[0].panels] == [
        "known-eligible-new-map",
        "known-eligible-old-map",
    ]


@pytest.mark.parametrize(
    ("criterion", "said"),
    [
        ("weight > 999 kg", "(N = 0) there is nobody of whom a value could be known."),
        ("crp@week4 < 9 mg/L", "(N = 1) least is known of grade at week 4: 0/1 (0.0 %)."),
    ],
)
def test_few_and_nobody(tmp_path: Path, criterion: str, said: str) -> None:
    found = known(tmp_path, STUDY + f"eligibility: {{few: {{include: {criterion}}}}}\n" + ANALYSIS)
    assert paragraphs_of(section_of(found, "known")).endswith(said)


def test_all_is_known(tmp_path: Path) -> None:
    found = known(tmp_path, STUDY + ANALYSIS.replace("[crp, grade, weight]", "[{is: grade@baseline, label: grade}]"))
    said = paragraphs_of(section_of(found, "known"))
    assert said == "Among eligible patients (N = 3) each value is known at each visit."


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as caught:
        study_of(tmp_path, text=STUDY + ANALYSIS.replace("[crp, grade, weight]", "[crp, crp]"))
    assert "two rows are called 'crp'" in caught.value.what
