"""Whether small studies show something else than large ones, as a funnel plot."""

from __future__ import annotations

import math
from collections.abc import Iterator

from remit.report.document import Figure, plain, words
from remit.report.figures.funnel import Funnel, Point
from remit.report.lookup import Statistics
from remit.report.numbers import p_words
from remit.report.pooling.found import HEADS, THIS_STUDY, Found, label_of

_PERCENTS = (50, 20, 80, 10, 90, 5, 95, 30, 70, 2, 98, 40, 60, 1, 99)
_RATES = (10, 1, 100, 3, 30, 0.3, 300, 0.1)
_READ = (
    "Dashed lines: within them 95 % of studies would lie if there were one effect and nothing but chance. A lopsided "
    "funnel can have many reasons: other patients in small studies, chance, or results that were not published.",
)


def funnel_figure(found: Found) -> Figure | None:
    """None below ten studies, where such a plot misleads."""
    at = found.pooling.funnel
    if not found.lookup.has(at) or found.lookup.at(at)["p"].value is None:
        return None
    test = found.lookup.at(at)
    centre = test["centre"]
    points = [*_points(found)]
    axis = f"{HEADS[found.pooling.measure]}{'' if found.pooling.measure == 'mean' else ' (logarithmic)'}"
    if found.pooling.measure == "proportion":
        axis = "Percentage of patients, % (scale of log odds)"
    name = f"{found.pooling.name}-funnel"
    synthetic = found.study.identity.synthetic is not None
    ticks = [*_ticks(found, points)]
    drawn = Funnel(name, (found.pooling.title,), points, centre.value or 0.0, centre.id, axis, ticks, synthetic)
    return Figure(
        name=name,
        title=words(f"{found.pooling.title}: small and large studies"),
        panels=(drawn.panel(),),
        notes=(_READ, words(f"{test['p'].method}: ", p_words(test["p"]), ".")),
    )


def _points(found: Found) -> Iterator[Point]:
    for each in found.pooling.studies:
        yield _point(found, label_of(each), found.alone(each))
    if found.pooling.joins and found.pooling.ours is not None and found.ours is not None:
        yield _point(found, THIS_STUDY, found.lookup.at(found.pooling.of_ours(found.pooling.ours)))


def _point(found: Found, label: str, alone: Statistics) -> Point:
    value = alone[found.main]
    text = plain(found.with_unit((found.number(value),)))
    return Point(label, alone["effect"].value or 0.0, alone["standard_error"].value or 0.0, value.id, text)


def _ticks(found: Found, points: list[Point]) -> Iterator[tuple[float, str]]:
    """The more wanted first."""
    match found.pooling.measure:
        case "proportion":
            yield from ((math.log(share / (100 - share)), f"{share}") for share in _PERCENTS)
        case "rate":
            yield from ((math.log(rate / 100), f"{rate:g}") for rate in _RATES)
        case "mean":
            values = [point.value for point in points]
            step = 10.0 ** math.floor(math.log10(max(values) - min(values) or 1))
            first, last = math.floor(min(values) / step), math.ceil(max(values) / step)
            yield from ((number * step, f"{number * step:g}") for number in range(first - 2, last + 3))
