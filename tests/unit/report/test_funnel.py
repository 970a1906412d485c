"""Funnel plots: where points and limits stand, which numbers have room on the axes, and what is said in words."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.report.document import Panel
from remit.report.figures.funnel import HEIGHT, WIDTH, Funnel, Point

TICKS = tuple((float(value), f"{value}") for value in range(-20, 21))


def funnel(*points: tuple[float, float], centre: float = 0.0, ticks: tuple[tuple[float, str], ...] = TICKS) -> Funnel:
    shown = [Point(f"Study {number}", *point, f"a.{number}", f"{point[0]:g}") for number, point in enumerate(points)]
    return Funnel("plot", ("Plot",), shown, centre, "a.pooled", "Log odds", ticks, synthetic=True)


def values(panel: Panel, kind: str) -> list[dict[str, Any]]:
    of_kind = [layer for layer in panel.spec["layer"] if layer["mark"]["type"] == kind]
    return [value for layer in of_kind for value in layer["data"]["values"]]


def test_the_most_precise_study_stands_highest_and_the_funnel_opens_by_two_errors() -> None:
    drawn = funnel((0.0, 0.1), (1.0, 0.5))
    precise, other = values(drawn.panel(), "point")
    assert precise["y"] < other["y"] < HEIGHT
    *_, left, right, middle = values(drawn.panel(), "rule")
    assert (left["x"], left["y"], left["y2"]) == (middle["x"], 0, HEIGHT)
    assert left["x2"] == drawn.x(-1.959963984540054 * drawn.deepest)
    assert right["x2"] - right["x"] == pytest.approx(left["x"] - left["x2"], abs=0.02)
    assert middle["bound"] == "result a.pooled"
    assert other["bound"] == "result a.1"


def test_the_numbers_of_the_errors_are_round() -> None:
    texts = [value["text"] for value in values(funnel((0.0, 0.1), (1.0, 0.74)).panel(), "text")]
    assert [text for text in ("0", "0.2", "0.4", "0.6") if text in texts] == ["0", "0.2", "0.4", "0.6"]


def test_it_is_told_in_words() -> None:
    assert funnel((0.5, 0.25)).panel().alt == "Plot, Log odds. Study 0: 0.5, standard error 0.25."


def test_synthetic_data_say_so() -> None:
    assert "synthetic data" in [value["text"] for value in values(funnel((0.5, 0.25)).panel(), "text")]


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(1e-6, 30)), min_size=1, max_size=30), st.floats(-9, 9))
def test_all_have_room_and_the_numbers_of_the_axis_keep_apart(points: list[tuple[float, float]], centre: float) -> None:
    drawn = funnel(*points, centre=centre)
    panel = drawn.panel()
    for value in values(panel, "point"):
        assert 0 <= value["x"] <= WIDTH
        assert 0 <= value["y"] <= HEIGHT
    below = [value["x"] for value in values(panel, "text") if value.get("y") == HEIGHT + 15]
    assert all(two - one >= 34 for one, two in itertools.pairwise(sorted(below)))
