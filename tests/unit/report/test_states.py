"""In which state patients are at each visit, and from which to which they go."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.errors import WrongInput
from remit.estimate.states import estimate_states
from remit.report.document import Figure, Fold, Table, figures_of, plain
from remit.schema.cohort import population_column, variable_column
from remit.schema.results import STATE_UNKNOWN, results_of
from remit.study.analyses.kinds import States
from tests.unit.derive.small import day, study_of
from tests.unit.report.studies import Made, lines_of, made, paragraphs_of, section_of, table_of

STUDY = """
remit: 1
study: {id: knee, title: Knees}
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
  knees:
    kind: states
    title: Knees
    rows: [grade]
"""
GRADES: dict[str, tuple[str | None, ...]] = {
    "A": ("severe", "none", "none"),
    "B": ("severe", "mild", "none"),
    "C": ("mild", None, "severe"),
    "D": (None, "mild", None),
}
Rows = list[dict[str, Any]]


def knees(folder: Path, text: str = STUDY + ANALYSIS, grades: dict[str, tuple[str | None, ...]] = GRADES) -> Made:
    people: Rows = [
        {"patient": name, "first_seen": day(0), "group": "new" if name in "AB" else "old"} for name in grades
    ]
    visits: Rows = [
        {"patient": name, "seen": day(28 * place), "grade": grade, "alt": 10 * place}
        for name, each in grades.items()
        for place, grade in enumerate(each)
    ]
    return made(folder, text, people=people, visits=visits)


def flows(found: Made) -> Table:
    (fold,) = (block for block in section_of(found, "knees").blocks if isinstance(block, Fold))
    (table,) = fold.blocks
    assert isinstance(table, Table)
    return table


def figure(found: Made) -> Figure:
    (drawn,) = figures_of((section_of(found, "knees"),))
    return drawn


def test_who_is_in_which_state_at_each_visit(tmp_path: Path) -> None:
    assert lines_of(table_of(section_of(knees(tmp_path), "knees"))) == [
        ["None", "0 (0.0 %)", "1 (25.0 %)", "2 (50.0 %)"],
        ["Mild", "1 (25.0 %)", "2 (50.0 %)", "0 (0.0 %)"],
        ["Severe", "2 (50.0 %)", "0 (0.0 %)", "1 (25.0 %)"],
        ["Not known", "1 (25.0 %)", "1 (25.0 %)", "1 (25.0 %)"],
    ]


def test_from_which_state_to_which(tmp_path: Path) -> None:
    table = flows(knees(tmp_path))
    assert [plain(column.title) for column in table.columns] == ["None", "Mild", "Severe", "Not known"]
    assert lines_of(table) == [
        ["Baseline to week 4"],
        ["None", "0", "0", "0", "0"],
        ["Mild", "0 (0.0 %)", "0 (0.0 %)", "0 (0.0 %)", "1 (100.0 %)"],
        ["Severe", "1 (50.0 %)", "1 (50.0 %)", "0 (0.0 %)", "0 (0.0 %)"],
        ["Not known", "0 (0.0 %)", "1 (100.0 %)", "0 (0.0 %)", "0 (0.0 %)"],
        ["Week 4 to week 8"],
        ["None", "1 (100.0 %)", "0 (0.0 %)", "0 (0.0 %)", "0 (0.0 %)"],
        ["Mild", "1 (50.0 %)", "0 (0.0 %)", "0 (0.0 %)", "1 (50.0 %)"],
        ["Severe", "0", "0", "0", "0"],
        ["Not known", "0 (0.0 %)", "0 (0.0 %)", "1 (100.0 %)", "0 (0.0 %)"],
    ]


def test_the_sentence_leaves_out_states_of_nobody(tmp_path: Path) -> None:
    assert paragraphs_of(section_of(knees(tmp_path), "knees")).endswith(
        "at week 4 none 1 (25.0 %), mild 2 (50.0 %) and not known 1 (25.0 %); "
        "and at week 8 none 2 (50.0 %), severe 1 (25.0 %) and not known 1 (25.0 %)."
    )


def test_each_number_has_its_denominator(tmp_path: Path) -> None:
    results = {row["result"]: row for row in knees(tmp_path).results.table.iter_rows(named=True)}
    state = results["knees.eligible.week4.grade.mild.n"]
    flow = results["knees.eligible.week8.grade.mild-→-(unknown).n"]
    parts = ("numerator", "denominator", "missing", "population_n")
    assert [state[part] for part in parts] == [2, 4, 1, 4]
    assert [flow[part] for part in parts] == [1, 2, 1, 4]


def test_by_arm(tmp_path: Path) -> None:
    found = knees(tmp_path, STUDY + "arms: {planned: group}\n" + ANALYSIS)
    heads = [line[0] for line in lines_of(table_of(section_of(found, "knees"))) if len(line) == 1]
    assert heads == ["New (N = 2)", "Old (N = 2)", "Total (N = 4)"]
    assert [plain(panel.title) for panel in figure(found).panels] == [
        "Grade: New (N\xa0=\xa02)",
        "Grade: Old (N\xa0=\xa02)",
    ]


def test_the_state_at_the_first_visit_may_be_told_otherwise_and_states_be_ordered(tmp_path: Path) -> None:
    rows = """rows:
      - label: state
        is: 'if(fall(alt) > 0, "better", "not better")'
        start: '"not treated"'
        levels: [better, not better, not treated]"""
    found = knees(tmp_path, STUDY + ANALYSIS.replace("rows: [grade]", rows))
    assert [line[0] for line in lines_of(table_of(section_of(found, "knees")))] == [
        "Better", "Not better", "Not treated", "Not known",
    ]  # fmt: skip
    assert paragraphs_of(section_of(found, "knees")).startswith(
        "Among eligible patients (N = 4), state at baseline not treated 4 (100.0 %); at week 4 not better 4 (100.0 %)"
    )


def test_yes_and_no_are_states(tmp_path: Path) -> None:
    found = knees(tmp_path, STUDY + ANALYSIS.replace("[grade]", "[{is: alt >= 10, label: high}]"))
    assert lines_of(table_of(section_of(found, "knees")))[:2] == [
        ["No", "4 (100.0 %)", "0 (0.0 %)", "0 (0.0 %)"],
        ["Yes", "0 (0.0 %)", "4 (100.0 %)", "4 (100.0 %)"],
    ]


def test_nobody_is_no_figure(tmp_path: Path) -> None:
    found = knees(tmp_path, STUDY + "eligibility: {grade: {include: alt@baseline > 999}}\n" + ANALYSIS)
    assert figures_of((section_of(found, "knees"),)) == []
    assert paragraphs_of(section_of(found, "knees")) == "Among eligible patients (N = 0), grade nobody."


def test_the_drawing_holds_each_patient_between_two_visits_once(tmp_path: Path) -> None:
    """Each band leaves and reaches boxes, all bands out of a box together are as high as it."""
    (panel,) = figure(knees(tmp_path)).panels
    layers = panel.spec["layer"]
    bands = [layer["data"]["values"] for layer in layers if layer["mark"]["type"] == "area"]
    (boxes,) = (layer["data"]["values"] for layer in layers if layer["mark"]["type"] == "rect")
    for box in (box for box in boxes if box["visit"] != "week8"):
        out = [band[0] for band in bands if band[0]["x"] == round(box["x2"], 1) and band[0]["from"] == box["state"]]
        assert sum(one["n"] for one in out) == box["n"]
        assert sum(one["bottom"] - one["y"] for one in out) == pytest.approx(box["y2"] - box["y"], abs=0.3)
    assert "week 4: none 1 (25.0 %), mild 2 (50.0 %), not known 1 (25.0 %)" in panel.alt
    assert all(band[0]["bound"].startswith("result knees.eligible.week") for band in bands)


LEVELS = ("none", "mild", "severe")
EACH = st.sampled_from((*LEVELS, None))


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> States:
    (found,) = study_of(tmp_path_factory.mktemp("knees"), text=STUDY + ANALYSIS).analyses
    assert isinstance(found, States)
    return found


@given(states=st.lists(st.tuples(EACH, EACH, EACH), max_size=12))
def test_counts_are_those_of_counting(analysis: States, states: list[tuple[str | None, ...]]) -> None:
    columns = {variable_column("knees", "grade", visit): pl.String() for visit in analysis.visits}
    patients = pl.DataFrame(states, schema=columns, orient="row").with_columns(
        pl.lit(value=True).alias(population_column("eligible"))
    )
    table = results_of(estimate_states(analysis, patients)).table
    found = {(row["visit"], row["level"]): row for row in table.iter_rows(named=True) if row["statistic"] == "n"}
    shown = [tuple(state or STATE_UNKNOWN for state in each) for each in states]
    for place, visit in enumerate(analysis.visits):
        counts = Counter(each[place] for each in shown)
        for level in (*LEVELS, STATE_UNKNOWN):
            assert found[visit, level]["value"] == counts[level]
        if place:
            ways = Counter(each[place - 1 : place + 1] for each in shown)
            for one in (*LEVELS, STATE_UNKNOWN):
                for other in (*LEVELS, STATE_UNKNOWN):
                    row = found[visit, f"{one} → {other}"]
                    before = Counter(each[place - 1] for each in shown)
                    assert (row["value"], row["denominator"]) == (ways[one, other], before[one])


@pytest.mark.parametrize(
    ("line", "instead", "what"),
    [
        ("rows: [grade]", "rows: [alt]", "this is a number"),
        ("rows: [grade]", "rows: [group]", "this is the same at each visit"),
        ("rows: [grade]", "rows: [grade]\n    visits: [week4]", "states go from visit to visit, and this is one"),
        ("rows: [grade]", "rows: [grade]\n    visits: [week5]", "there is no visit 'week5'"),
        ("rows: [grade]", "rows: [{is: grade, levels: [none, mild]}]", "'severe' is not among them"),
        ("rows: [grade]", "rows: [{is: grade, levels: [none, mild, worse]}]", "there is no state 'worse'"),
        ("rows: [grade]", "rows: [{is: grade, start: alt}]", "this is a number"),
        ("rows: [grade]", "rows: [grade, grade]", "two rows are called 'grade'"),
        ("rows: [grade]", "rows: [{is: grade, among: alt > 3}]", "among"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, line: str, instead: str, what: str) -> None:
    with pytest.raises(WrongInput) as caught:
        study_of(tmp_path, text=(STUDY + ANALYSIS).replace(line, instead))
    assert what in caught.value.what


def test_a_text_of_the_charts_is_no_state(tmp_path: Path) -> None:
    text = STUDY.replace("      alt:", "      note: text\n      alt:") + ANALYSIS.replace("[grade]", "[note]")
    with pytest.raises(WrongInput) as caught:
        study_of(tmp_path, text=text)
    assert caught.value.what == "this may be any text"


def test_a_drawing_is_shared_whole_or_not_for_gaps_tell_what_was_there(tmp_path: Path) -> None:
    (panel,) = figure(knees(tmp_path)).panels
    rows = [row for layer in panel.spec["layer"] for row in layer["data"]["values"]]
    assert any("bound" not in row and "visit" in row for row in rows)
