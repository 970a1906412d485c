"""Means over the visits with their intervals."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.inference.t_tests import mean_interval, paired_t
from remit.report.document import Figure, figures_of, plain
from tests.unit.derive.small import day, study_of
from tests.unit.report.studies import Made, lines_of, made, section_of, table_of

STUDY = """
remit: 1
study: {id: knee, title: Knees}
index: first_seen
visits:
  baseline: {label: Baseline, day: 0, window: [-7, 0]}
  week4: {label: Week 4, day: 28, window: [14, 42]}
forms:
  people: {rows: once, fields: {first_seen: date, group: {levels: [new, old]}}}
  visits: {rows: visit, date: seen, fields: {seen: date, score: {type: number, range: [0, 100]}}}
"""
ANALYSIS = "analyses: {course: {kind: course, title: Course, rows: [score], intervals: yes}}\n"
ARMS = "arms: {planned: group, reference: old}\n"
SCORES = {"A": (10, 4), "B": (14, 9), "C": (21, 5), "D": (7, None), "E": (9, None)}


def knees(folder: Path, text: str = STUDY + ANALYSIS) -> Made:
    people = [{"patient": name, "first_seen": day(0), "group": "new" if name in "ABC" else "old"} for name in SCORES]
    visits = [
        {"patient": name, "seen": day(28 * place), "score": score}
        for name, each in SCORES.items()
        for place, score in enumerate(each)
    ]
    return made(folder, text, people=people, visits=visits)


def figure_of(found: Made) -> Figure:
    return next(figure for figure in figures_of((section_of(found, "course"),)) if figure.name == "course-course")


def drawn(figure: Figure, kind: str) -> list[dict[str, Any]]:
    (panel,) = figure.panels
    return [
        value for layer in panel.spec["layer"] if layer["mark"]["type"] == kind for value in layer["data"]["values"]
    ]


@pytest.mark.parametrize("values", [(1, 2), (10, 14, 21, 7, 9), (0.5, 0.25, 3, 3, 8, 1.125)])
def test_the_interval_is_student_s(values: tuple[float, ...]) -> None:
    made_of_all, made_of_two = paired_t(values), mean_interval(fmean(values), stdev(values), len(values))
    assert made_of_two.lower == pytest.approx(made_of_all.lower)
    assert made_of_two.upper == pytest.approx(made_of_all.upper)


@pytest.mark.parametrize(("mean", "sd", "n"), [(1, 1, 1), (math.nan, 1, 5), (1, -1, 5), (1, math.inf, 5)])
def test_what_has_no_interval_is_refused(mean: float, sd: float, n: int) -> None:
    with pytest.raises(ValueError, match="no interval"):
        mean_interval(mean, sd, n)


def test_each_mean_has_its_interval(tmp_path: Path) -> None:
    """12.2 ± 2.776 · 5.541 / √5, by hand."""
    rows = {row["result"]: row for row in knees(tmp_path).results.table.iter_rows(named=True)}
    at = "course.eligible.baseline.score.observed"
    assert rows[f"{at}.mean_lower"]["value"] == pytest.approx(12.2 - 2.776445 * 5.540758 / 5**0.5, abs=1e-4)
    assert rows[f"{at}.mean_upper"]["value"] == pytest.approx(12.2 + 2.776445 * 5.540758 / 5**0.5, abs=1e-4)
    parts = ("numerator", "denominator", "missing", "population_n")
    assert [rows[f"{at}.mean_lower"][part] for part in parts] == [rows[f"{at}.mean"][part] for part in parts]
    assert lines_of(table_of(section_of(knees(tmp_path), "course")))[1][3] == "12.2 (5.5) 95 % CI 5.3 to 19.1"


def test_one_value_has_no_interval_and_says_why(tmp_path: Path) -> None:
    rows = knees(tmp_path, STUDY + ARMS + ANALYSIS).results.table.filter(statistic="mean_lower", group_level="old")
    assert rows["value"].to_list()[1] is None
    assert rows["note"].to_list()[1] == "no value is known"


def test_without_it_there_is_none(tmp_path: Path) -> None:
    found = knees(tmp_path, STUDY + ANALYSIS.replace(", intervals: yes", ""))
    assert not found.results.table.filter(statistic="mean_lower").height


def test_without_arms_means_stand_beside_medians(tmp_path: Path) -> None:
    figure = figure_of(knees(tmp_path))
    assert [key.label for key in figure.legend] == ["median, with its quartiles", "mean, with its 95 % interval"]
    mark = next(each for each in drawn(figure, "rule") if each["visit"] == "Baseline")
    assert (mark["median"], mark["mean"], round(mark["mean_lower"], 1), mark["n"]) == (10, 12.2, 5.3, 5)


def test_beside_arms_means_are_drawn_with_their_intervals(tmp_path: Path) -> None:
    figure = figure_of(knees(tmp_path, STUDY + ARMS + ANALYSIS))
    (panel,) = figure.panels
    marks = drawn(figure, "point")
    assert [mark["median"] for mark in marks if mark["visit"] == "Baseline"] == [15, 8]
    assert marks[0]["median bound"].endswith(".mean")
    assert panel.alt.startswith("Score, mean (95 % CI) by visit: new: baseline 15.0 (1.2 to 28.8; n\xa0=\xa03)")
    assert "means with their 95 % intervals" in " ".join(map(plain, figure.notes))


def test_a_course_is_of_the_whole_population(tmp_path: Path) -> None:
    """It was not asked only of those for whom `among` holds, and did not say so."""
    with pytest.raises(WrongInput) as caught:
        study_of(tmp_path, text=STUDY + ANALYSIS.replace("[score]", "[{is: score, among: score > 3}]"))
    assert caught.value.what == "a course has no `among`"
