"""Each study with its weight, and the pooled estimate with where another study would lie, as a forest plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from remit.report.document import Figure, plain, words
from remit.report.figures.forest import Forest, Line, Mark, Scale, percent_scale, plain_scale, told_of
from remit.report.figures.style import COLOURS, GREY
from remit.report.figures.subgroups import share_mark
from remit.report.lookup import Statistics
from remit.report.numbers import DASH, NONE, SPACE
from remit.report.pooling.found import HEADS, THIS_STUDY, Found, label_of
from remit.schema.results import COMMON, WITHOUT_OURS
from remit.study.comparisons.pooled import Published

_PUBLISHED, _OURS, _POOLED = COLOURS[0], COLOURS[2], COLOURS[1]
_COUNTS = {"proportion": "n/N", "rate": "Events/years", "mean": "n"}
_LARGEST = 30.0  # as of a weight of 30 %
_READ = (
    "Squares are the larger, the more exact the result is by itself. Diamonds: the pooled estimates, of effects that "
    "differ (random) and of one effect (common); dashed line: the former. Bar: where another such study would be "
    "expected.",
)


def forest_figure(found: Found) -> Figure | None:
    """None where nothing could be pooled."""
    pooled = found.pooled()
    if not found.is_given(pooled):
        return None
    lines = _lines(found)
    measure = found.pooling.measure
    columns = (_COUNTS[measure], "%" if measure == "proportion" else "", f"95{SPACE}% CI")
    name = f"{found.pooling.name}-forest"
    synthetic = found.study.identity.synthetic is not None
    forest = Forest(name, (found.pooling.title,), lines, columns, _scale(found, pooled, lines), synthetic)
    return Figure(
        name=name,
        title=words(f"{found.pooling.title}: each study, and pooled"),
        panels=(forest.panel(),),
        notes=(_READ, *told_of(lines)),
    )


def _scale(found: Found, pooled: Statistics, lines: Sequence[Line]) -> Scale:
    middle = pooled[found.main]
    if found.pooling.measure == "proportion":
        return percent_scale(middle.value, middle.id)
    return plain_scale(HEADS[found.pooling.measure], lines, middle.value, middle.id)


def _lines(found: Found) -> list[Line]:
    pooling = found.pooling
    lines = [Line("Published")]
    lines += [Line(label_of(each), (_mark(found, each),), level=1) for each in pooling.studies]
    if found.ours is not None:
        ours = found.lookup.at(pooling.of_ours(pooling.ours)) if pooling.ours else {}
        mark = replace(share_mark(found.ours), colour=_OURS, weight=_size(found, ours))
        lines.append(Line(THIS_STUDY, (mark,)))
    lines += _pooled(found, "Pooled, with this study" if pooling.joins else "Pooled", None)
    if pooling.joins:
        lines += _pooled(found, "Pooled, without this study", WITHOUT_OURS)
    return lines


def _pooled(found: Found, head: str, group: str | None) -> list[Line]:
    random, common = found.pooled(group), found.pooled(group, effects=COMMON)
    if not found.is_given(random):
        return []
    lines = [Line(head), Line("Random effects", (_diamond(found, random, _POOLED),), level=1)]
    if found.is_given(common):
        lines.append(Line("Common effect", (_diamond(found, common, GREY),), level=1))
    low, high = random["prediction_lower"], random["prediction_upper"]
    if low.value is not None:
        texts = ("", "", plain(found.ends(random, DASH, "prediction_")))
        bar = Mark(random[found.main].value, low.value, high.value, low.id, texts, _POOLED, ranged=True)
        lines.append(Line("Another such study", (bar,), level=1))
    return lines


def _diamond(found: Found, statistics: Statistics, colour: str) -> Mark:
    value, low, high = (statistics[name] for name in (found.main, "lower", "upper"))
    texts = (plain(found.total(statistics)), found.number(value).text, plain(found.ends(statistics, DASH)))
    return Mark(value.value, low.value, high.value, value.id, texts, colour, whole=True)


def _mark(found: Found, published: Published) -> Mark:
    alone = found.alone(published)
    value = alone[found.main]
    number = found.number(value).text if value.value is not None else NONE
    ends = plain(found.ends(alone, DASH)) if value.value is not None else ""
    return Mark(
        value=value.value,
        low=alone["lower"].value,
        high=alone["upper"].value,
        result=value.id,
        texts=(plain(found.counts(published)), number, ends),
        colour=_PUBLISHED,
        weight=_size(found, alone),
    )


def _size(found: Found, alone: Statistics) -> float:
    """How exact a result is, the most exact published one being the largest. Not its weight: those of all but ours
    would give our number of patients away."""
    most = max(_precision(found.alone(each)) for each in found.pooling.studies)
    return _LARGEST * _precision(alone) / most


def _precision(alone: Statistics) -> float:
    return (alone["standard_error"].value or 1.0) ** -2
