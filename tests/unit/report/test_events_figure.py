"""Events by term: dots by arm or period, differences, and what is left out of very many."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from remit.inference.two_proportions import newcombe
from remit.report.document import Figure, Panel, figures_of, plain
from remit.report.figures.events import MOST
from remit.study.study import Study
from tests.unit.arms import FOLDER, HIGH, LOW, PLACEBO, Patient, made
from tests.unit.derive.small import study_of
from tests.unit.report.studies import Made, example, lines_of, table_named

PATIENTS = [
    Patient(PLACEBO, terms=("nausea",)),
    Patient(PLACEBO),
    Patient(PLACEBO),
    Patient(LOW, terms=("itching", "itching")),
    Patient(LOW, terms=("itching", "nausea")),
    Patient(HIGH, terms=("itching",)),
    Patient(HIGH),
    Patient(None, terms=("cough",)),
]


def comparing(folder: Path) -> Study:
    shutil.copytree(FOLDER / "packs", folder / "packs")
    text = (FOLDER / "study.yaml").read_text("utf-8")
    return study_of(folder, text=text.replace("kind: events\n", "kind: events\n    compare: yes\n"))


def figure_of(found: Made, name: str) -> Figure:
    return next(figure for figure in figures_of(found.document.sections) if figure.name == name)


def points(panel: Panel) -> list[list[dict[str, Any]]]:
    """Of the percentages, and of the differences."""
    return [layer["data"]["values"] for layer in panel.spec["layer"] if layer["mark"]["type"] == "point"]


def test_without_compare_no_arm_is_compared() -> None:
    found = made(PATIENTS)
    assert not found.results.table.filter(analysis="safety", statistic="difference").height
    (panel,) = figure_of(found, "safety-terms").panels
    assert len(points(panel)) == 1


def test_each_term_has_the_difference_of_its_arms(tmp_path: Path) -> None:
    results = {row["result"]: row for row in made(PATIENTS, comparing(tmp_path)).results.table.iter_rows(named=True)}
    at = "safety.eligible.arm.all.term.itching.low-dose-%2D-placebo"
    expected = [100 * end for end in newcombe(2, 2, 0, 3)]
    assert [results[f"{at}.{name}"]["value"] for name in ("difference", "lower", "upper")] == pytest.approx(expected)
    row = results[f"{at}.difference"]
    assert [row[part] for part in ("numerator", "denominator", "missing", "population_n")] == [2, 5, 0, 5]
    assert results["safety.eligible.arm.all.any.high-dose-%2D-placebo.difference"]["value"] == pytest.approx(100 / 6)


def test_dots_stand_by_arm_and_differences_beside(tmp_path: Path) -> None:
    found = made(PATIENTS, comparing(tmp_path))
    figure = figure_of(found, "safety-terms")
    (panel,) = figure.panels
    shares, differences = points(panel)
    assert [(dot["term"], dot["of"], dot["patients"], dot["in"]) for dot in shares[:4]] == [
        ("Itching", "Placebo", 0, 3),
        ("Itching", "Low dose", 2, 2),
        ("Itching", "High dose", 1, 2),
        ("Nausea", "Placebo", 1, 3),
    ]
    assert [mark["of"] for mark in differences[:2]] == ["low dose minus placebo", "high dose minus placebo"]
    assert [mark["difference"] for mark in differences[:2]] == [100, 50]
    assert "Itching: placebo 0.0 %, low dose 100.0 %, high dose 50.0 %, low dose minus placebo 100.0 (" in panel.alt
    assert [key.label for key in figure.legend] == ["Placebo", "Low dose", "High dose"]


def test_the_table_has_the_differences(tmp_path: Path) -> None:
    table = table_named(made(PATIENTS, comparing(tmp_path)), "safety-eligible-terms-all")
    assert [plain(column.group) for column in table.columns][-2:] == ["Difference from placebo"] * 2
    assert lines_of(table)[0][-2].startswith("100.0 (")
    assert "no allowance was made for the number of terms" in " ".join(map(plain, table.notes))


def test_dots_of_one_percentage_do_not_hide_each_other(tmp_path: Path) -> None:
    (panel,) = figure_of(made(PATIENTS, comparing(tmp_path)), "safety-terms").panels
    places = [(dot["x"], dot["y"]) for values in points(panel) for dot in values]
    assert len(set(places)) == len(places)


def test_of_very_many_terms_those_of_most_patients_are_drawn() -> None:
    many = [Patient(PLACEBO, terms=tuple(f"event {number}" for number in range(MOST + 5)))]
    many.append(Patient(LOW, terms=("event 34",)))
    figure = figure_of(made(many), "safety-terms")
    (panel,) = figure.panels
    drawn = list(dict.fromkeys(dot["term"] for dot in points(panel)[0]))
    assert (len(drawn), drawn[0]) == (MOST, "Event 34")
    assert "the 30 terms of most patients are drawn; 5 more stand in the table." in " ".join(map(plain, figure.notes))


def test_no_events_are_no_figure() -> None:
    found = made([Patient(PLACEBO), Patient(LOW)])
    assert "safety-terms" not in [figure.name for figure in figures_of(found.document.sections)]


def test_without_arms_periods_are_dots() -> None:
    figure = figure_of(example(), "safety-terms")
    (panel,) = figure.panels
    assert [key.label for key in figure.legend] == ["All periods", "Induction", "Maintenance"]
    assert len({key.shape for key in figure.legend}) == 3
    rows = {row["result"]: row for row in example().results.table.iter_rows(named=True)}
    for dot in points(panel)[0]:
        row = rows[dot["bound"].removeprefix("result ")]
        assert (dot["percent"], dot["patients"], dot["in"]) == (row["value"], row["numerator"], row["denominator"])
