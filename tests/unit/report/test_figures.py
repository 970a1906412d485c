"""Figures: no two ways look alike, visits keep apart, and drawings are bound to results."""

from __future__ import annotations

import itertools
from pathlib import Path

from remit.report.document import Panel, figures_of
from remit.report.figures.style import COLOURS, FONT, look
from remit.report.figures.svg import in_page
from tests.unit.report.studies import ASTHMA, ASTHMA_ANALYSES, asthma

VISITS = "visits:\n  clinic: {label: Clinic, day: 0, window: [-7, 7]}\n"


def test_no_two_of_many_look_alike() -> None:
    looks = [look(number) for number in range(25)]
    assert len(set(looks)) == 25
    assert [colour for colour, _ in looks[:5]] == list(COLOURS)


def panels(folder: Path, more: str) -> dict[str, Panel]:
    text = (ASTHMA + ASTHMA_ANALYSES).replace(VISITS, VISITS + more)
    document = asthma(folder, text=text).document
    return {panel.name: panel for figure in figures_of(document.sections) for panel in figure.panels}


def visits(panel: Panel) -> list[float]:
    return [count["x"] for count in panel.spec["layer"][-2]["data"]["values"]]


def test_one_visit_has_no_course_to_draw(tmp_path: Path) -> None:
    assert list(panels(tmp_path, "")) == ["control-clinic-eligible"]


def test_visits_stand_by_their_day_where_there_is_room(tmp_path: Path) -> None:
    panel = panels(tmp_path, "  later: {day: 40, window: [30, 50]}\n  last: {day: 120, window: [100, 140]}\n")
    one, two, three = visits(panel["peak_flow-eligible-flow"])
    assert round((two - one) / (three - one), 3) == 0.333


def test_visits_stand_at_even_distances_where_their_names_would_meet(tmp_path: Path) -> None:
    panel = panels(tmp_path, "  soon: {day: 10, window: [8, 12]}\n  late: {day: 400, window: [390, 410]}\n")
    one, two, three = visits(panel["peak_flow-eligible-flow"])
    assert two - one == three - two


def test_many_visits_widen_the_drawing(tmp_path: Path) -> None:
    days = [30 * month for month in range(1, 10)]
    more = "".join(f"  day{day}: {{day: {day}, window: [{day - 5}, {day + 5}]}}\n" for day in days)
    places = visits(panels(tmp_path, more)["peak_flow-eligible-flow"])
    assert min(two - one for one, two in itertools.pairwise(places)) >= 58


def test_a_drawing_is_one_picture_with_its_own_names() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" class="marks" width="9" viewBox="0 0 9 9"><g id="clip" role="x">'
        '<path aria-label="result a.b" role="graphics-symbol" clip-path="url(#clip)"></path></g></svg>'
    )
    assert in_page(svg, "p", 'of "x" \\1') == (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="of &quot;x&quot; \\1" viewBox="0 0 9 9" '
        f'font-family="{FONT}">'
        '<g id="p-clip"><path data-result="a.b" clip-path="url(#p-clip)"></path></g></svg>'
    )
