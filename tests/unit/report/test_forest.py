"""Forest plots: places on the scale, what goes beyond it, long labels, many lines, and the numbers of the results."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.report.document import Figure, Panel, figures_of, plain
from remit.report.figures.forest import MOST, PLOT, Forest, Line, Mark, percent_scale, ratio_scale, told_of
from tests.unit.report.studies import example


def mark(value: float | None, low: float | None = None, high: float | None = None, **more: Any) -> Mark:
    return Mark(value, low, high, "a.percent", ("1/2", f"{value}", f"{low}–{high}"), **more)


def forest(*lines: Line) -> Forest:
    return Forest("plot", ("Plot",), lines, ("n/N", "%", "95 % CI"), percent_scale(50), synthetic=False)


def layers(panel: Panel, kind: str) -> list[dict[str, Any]]:
    return [layer for layer in panel.spec["layer"] if layer["mark"]["type"] == kind]


def texts(panel: Panel) -> list[dict[str, Any]]:
    return [value for layer in layers(panel, "text") for value in layer["data"]["values"]]


def test_an_interval_stands_on_its_scale() -> None:
    panel = forest(Line("Some", (mark(50, 25, 100),))).panel()
    (value,) = layers(panel, "point")[-1]["data"]["values"]
    assert (value["x low"], value["x"], value["x high"]) == (PLOT / 4, PLOT / 2, PLOT)
    assert (value["label"], value["value"], value["low"], value["high"]) == ("Some", 50, 25, 100)
    assert value["bound"] == "result a.percent"


def test_all_are_a_diamond_from_end_to_end() -> None:
    panel = forest(Line("All", (mark(50, 40, 60, whole=True),))).panel()
    (diamond,) = layers(panel, "area")
    corners = diamond["data"]["values"]
    assert [corner["x"] for corner in corners] == [0.4 * PLOT, 0.5 * PLOT, 0.6 * PLOT]
    assert [corner["bottom"] > corner["top"] for corner in corners] == [False, True, False]


def test_a_range_without_an_estimate_is_a_bar_and_no_point() -> None:
    panel = forest(Line("Another study", (Mark(50, 20, 80, "a", ("", "", "20–80"), ranged=True),))).panel()
    (bar,) = layers(panel, "rect")
    (ends,) = bar["data"]["values"]
    assert (ends["x low"], ends["x high"]) == (0.2 * PLOT, 0.8 * PLOT)
    assert [layer["data"]["values"] for layer in layers(panel, "point")] == [[], [], []]
    assert panel.alt.endswith("Another study: (20–80).")


def test_a_square_is_as_large_as_its_weight_and_without_weights_all_are_alike() -> None:
    drawn = forest(*(Line(f"{weight}", (mark(50, 40, 60, weight=weight),)) for weight in (0, 10, 20, None)))
    none, some, more, plain_one = (value["size"] for value in layers(drawn.panel(), "point")[-1]["data"]["values"])
    assert 0 < none < some < more
    assert more - some == some - none
    assert plain_one == 46


def test_of_nobody_there_is_no_mark_and_the_text_stands() -> None:
    panel = forest(Line("Nobody", (Mark(None, None, None, "a", ("0/0", "—", "")),))).panel()
    assert [layer["data"]["values"] for layer in layers(panel, "point")] == [[], [], []]
    assert {"0/0", "—"} <= {text["text"] for text in texts(panel)}
    assert panel.alt.endswith("Nobody: —.")


def test_a_percentage_without_an_interval_is_a_hollow_mark() -> None:
    panel = forest(Line("Alone", (mark(50, bare=True),)), Line("With", (mark(40, 30, 60),))).panel()
    *_, hollow, filled = layers(panel, "point")
    assert (hollow["mark"]["filled"], filled["mark"]["filled"]) == (False, True)
    (value,) = hollow["data"]["values"]
    assert value["x low"] == value["x"] == value["x high"] == PLOT / 2
    assert value["beyond"] == (False, False)


def test_an_interval_without_an_end_goes_on_beyond_the_scale() -> None:
    lines = [Line("Far", (Mark(8, 0.3, None, "a", ("8", "0.3 to no limit")),))]
    drawn = Forest("plot", ("Plot",), lines, ("OR", "95 % CI"), ratio_scale("Odds ratio", lines), synthetic=False)
    left, right, _ = (layer["data"]["values"] for layer in layers(drawn.panel(), "point"))
    assert (left, [arrow["end"] for arrow in right]) == ([], [PLOT])


def test_a_ratio_and_its_inverse_stand_alike_on_both_sides_of_1() -> None:
    scale = ratio_scale("Odds ratio", [Line("x", (mark(1, 0.2, 5),))])
    assert (scale.low, scale.high, 1 in scale.ticks) == (0.2, 5, True)
    assert scale.x(1) == PLOT / 2
    assert scale.x(2) - scale.x(1) == pytest.approx(scale.x(1) - scale.x(0.5), abs=0.02)


@given(st.lists(st.tuples(st.floats(1e-9, 1e9), st.floats(1e-9, 1e9), st.floats(1e-9, 1e9)), max_size=5))
def test_any_ratio_has_a_place_and_the_numbers_of_the_axis_keep_apart(ends: list[tuple[float, float, float]]) -> None:
    lines = [Line("x", (mark(middle, low, high),)) for low, middle, high in (sorted(each) for each in ends)]
    scale = ratio_scale("Odds ratio", lines)
    places = [scale.x(end) for each in ends for end in each]
    assert all(0 <= place <= PLOT for place in places)
    ticks = [scale.x(tick) for tick in scale.ticks]
    assert all(two - one >= 28 for one, two in itertools.pairwise(ticks))


def test_long_labels_are_broken_and_lines_do_not_meet() -> None:
    label = "Corticosteroids, immunosuppressants or another biologic at the baseline visit"
    drawn = forest(Line(label, (mark(50, 40, 60),)), Line("Short", (mark(50, 40, 60),)))
    shown = texts(drawn.panel())
    lines = [text for text in shown if text["text"] in label]
    assert len(lines) > 2
    heights = sorted(text["y"] for text in shown if text["x"] < 0)
    assert all(two - one >= 12 for one, two in itertools.pairwise(heights))
    assert drawn.panel().width < 440


def test_of_very_many_lines_the_first_are_drawn_and_the_rest_is_told() -> None:
    lines = [Line(f"Level {number}", (mark(50, 40, 60),)) for number in range(MOST + 7)]
    drawn = forest(*lines)
    assert len(layers(drawn.panel(), "point")[-1]["data"]["values"]) == MOST
    assert told_of(lines) == (("The first 60 lines are drawn; 7 more stand in the table.",),)
    assert told_of(lines[:MOST]) == ()


def figure_of(name: str) -> Figure:
    return next(figure for figure in figures_of(example().document.sections) if figure.name == name)


def test_subgroups_of_the_primary_endpoint() -> None:
    figure = figure_of("effectiveness-forest")
    (panel,) = figure.panels
    assert "All patients: 51.6 (39.6–63.4); Corticosteroids at baseline, Yes: 55.2" in panel.alt
    assert "nothing was tested" in " ".join(map(plain, figure.notes))


def test_each_mark_is_its_result() -> None:
    rows = {row["result"]: row for row in example().results.table.iter_rows(named=True)}
    for name in ("effectiveness-forest", "centres-forest", "predictors-ratios", "persistence-ratios"):
        for panel in figure_of(name).panels:
            marks = [value for layer in layers(panel, "point")[-1:] for value in layer["data"]["values"]]
            assert marks
            for value in marks:
                row = rows[value["bound"].removeprefix("result ")]
                assert value["value"] == row["value"]
                base = row["result"].removesuffix(row["statistic"])
                assert [value["low"], value["high"]] == [rows[f"{base}{end}"]["value"] for end in ("lower", "upper")]


def test_centres_and_all_without_each() -> None:
    (panel,) = figure_of("centres-forest").panels
    assert "Each centre, S01: 54.5" in panel.alt
    assert "Without one centre, Without S01: 50.0" in panel.alt
    assert "Average of such centres: 49.7" in panel.alt
