"""Figures in which each patient is drawn."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from remit.report.document import Figure, Paragraph, figures_of, plain
from remit.report.figures.waterfall import bars_left_out, waterfall_figure
from remit.report.formats.figure_data import figure_csv
from remit.report.report import build_document
from remit.schema.profiles import NOBODY, Bar, Bars, Individuals
from remit.study.analyses.kinds import Change
from remit.trace.individuals import individuals_of
from tests.unit.report.studies import NO_INTAKE
from tests.unit.trace.cohort import DOSES, Odd, odd


def figures(made: Odd, individuals: Individuals | None = None) -> dict[str, Figure]:
    shown = individuals_of(made.study, made.records, made.cohort) if individuals is None else individuals
    document = build_document(made.study, made.results, NO_INTAKE, individuals=shown)
    return {figure.name: figure for figure in figures_of(document.sections) if figure.individual}


@pytest.fixture
def made(tmp_path: Path) -> Odd:
    return odd(tmp_path)


def said(figure: Figure) -> str:
    return " ".join(plain(note) for note in figure.notes)


def test_an_edition_that_may_be_shared_draws_nobody(made: Odd) -> None:
    assert figures(made, NOBODY) == {}


def test_all_three_are_drawn(made: Odd) -> None:
    assert [*figures(made)] == ["course-lines", "fall-waterfall", "treatment-swimmer"]


def test_the_waterfall_counts_whom_it_does_not_draw(made: Odd) -> None:
    figure = figures(made)["fall-waterfall"]
    assert (
        "C-reactive protein at week 4: 1 of 4 patients are drawn; of 2 the change is not known; of 1 a value is "
        in (said(figure))
    )
    assert figure.panels[0].alt == (
        "Pain score: change at week 4. A bar a patient, from 5 to −4: it rose in 1, fell in 1, and did not change in "
        "1. 3 of 4 patients are drawn; of 1 the change is not known."
    )


def test_panels_of_one_number_share_a_scale(made: Odd) -> None:
    bars = [panel.spec["layer"][0] for panel in figures(made)["fall-waterfall"].panels]
    scales = [layer["encoding"]["y"]["scale"]["domain"] for layer in bars]
    assert scales[0] == scales[1] == [-4, 5]
    assert scales[2] == scales[3]


def test_too_many_bars_are_told(made: Odd) -> None:
    (analysis,) = (each for each in made.study.analyses if isinstance(each, Change))
    many = {("fall", "eligible", "score", "week4"): Bars((), 5000, 10, 0)}
    assert waterfall_figure(made.study, analysis, many) is None
    told = bars_left_out(made.study, analysis, many)
    assert told is not None
    assert told.endswith("told apart: pain score at week 4, 4990 patients with both values.")
    document = build_document(made.study, made.results, NO_INTAKE, individuals=Individuals(many, {}, None))
    section = next(section for section in document.sections if section.name == "analysis-fall")
    assert isinstance(section.blocks[-1], Paragraph)


def test_nobody_with_both_values_makes_no_figure(made: Odd) -> None:
    (analysis,) = (each for each in made.study.analyses if isinstance(each, Change))
    none = {("fall", "eligible", "score", "week4"): Bars((), 3, 3, 0)}
    assert waterfall_figure(made.study, analysis, none) is None
    assert bars_left_out(made.study, analysis, none) is None


def test_a_bar_without_change_is_seen(made: Odd) -> None:
    (analysis,) = (each for each in made.study.analyses if isinstance(each, Change))
    one = {("fall", "eligible", "score", "week4"): Bars((Bar("A", None, 0.0),), 1, 0, 0)}
    figure = waterfall_figure(made.study, analysis, one)
    assert figure is not None
    assert len(figure.panels[0].spec["layer"][1]["data"]["values"]) == 1


def test_lines_say_what_is_not_drawn(made: Odd) -> None:
    figure = figures(made)["course-lines"]
    assert "C-reactive protein: 2 values known only to lie beyond a limit are not drawn." in said(figure)
    assert figure.panels[0].alt.startswith("Pain score: lines of 3 patients with values from 30 to 50. Medians")


def test_the_swimmer_says_who_goes_on_and_who_stopped(made: Odd) -> None:
    figure = figures(made)["treatment-swimmer"]
    assert figure.panels[0].alt == (
        "Lines of 4 patients from day 0; the drug goes on in 2; 1 stopped it for good (adverse event 1); 2 adverse "
        "events are marked, 1 of them serious."
    )
    assert "Adverse events whose day is not known are not drawn: 1." in said(figure)
    labels = [key.label for key in figure.legend]
    assert labels == [
        "10 mg",
        "20 mg",
        "dose not known",
        "observed, without the drug",
        "serious adverse event",
        "adverse event",
        "operation",
        "stopped for good: adverse event",
        "goes on",
    ]


def test_doses_without_a_day_are_told(tmp_path: Path) -> None:
    """A dose of unknown start may be the first, so that day 0 is not known: none of the patient's three has a day."""
    doses = [*DOSES, {"patient": "A", "drug": "x", "dose": 10, "start_date": None}]
    figure = figures(odd(tmp_path, treatment=doses))["treatment-swimmer"]
    assert "Doses whose start is not known are not drawn: 3." in said(figure)


def data(figure: Figure) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(figure_csv(figure, None).decode("utf-8-sig"))))


def test_each_has_its_data_with_the_patients(made: Odd) -> None:
    for name, figure in figures(made).items():
        marks = [row for row in data(figure) if not row["result"]]
        assert marks, name
        assert all(row["patient"] for row in marks), name


def test_the_data_of_the_swimmer_plot_are_doses_events_and_stops(made: Odd) -> None:
    rows = data(figures(made)["treatment-swimmer"])
    of_a = [(row["what"], row["day"], row["until"]) for row in rows if row["patient"] == "A"]
    assert ("10 mg", "0", "20") in of_a
    assert [what for what, day, _ in of_a if day == "30"] == ["20 mg"]
