"""Each study with its weight, and the pooled estimate with where another study would lie, as a forest plot."""

from __future__ import annotations

from remit.report.document import Figure, plain, words
from remit.report.figures.forest import Forest, Line, Mark, percent_scale, told_of
from remit.report.figures.style import COLOURS, GREY
from remit.report.figures.subgroups import COLUMNS, share_mark
from remit.report.lookup import Statistics
from remit.report.numbers import DASH, percent
from remit.report.pooling.found import THIS_STUDY, Found, ends, is_given, label_of
from remit.report.proportions import fraction, proportion
from remit.schema.results import COMMON, OURS, WEIGHTS, WITHOUT_OURS
from remit.study.comparisons.pooled import Published

_PUBLISHED, _OURS, _POOLED = COLOURS[0], COLOURS[2], COLOURS[1]


def pooling_figure(found: Found) -> Figure | None:
    """None where nothing could be pooled."""
    pooled = found.pooled()
    if not is_given(pooled):
        return None
    lines = _lines(found)
    scale = percent_scale(pooled["percent"].value, pooled["percent"].id)
    title = words(found.pooling.title)
    name = f"{found.pooling.name}-forest"
    forest = Forest(name, title, lines, COLUMNS, scale, found.study.identity.synthetic is not None)
    return Figure(
        name=name,
        title=words(f"{found.pooling.title}: each study, and pooled"),
        panels=(forest.panel(),),
        notes=(
            (
                "Squares are as large as the weight of the study. Diamonds: the pooled estimates; dashed line: that of "
                "effects that differ. Bar: where another such study would be expected.",
            ),
            *told_of(lines),
        ),
    )


def _lines(found: Found) -> list[Line]:
    pooling = found.pooling
    lines = [Line("Published")]
    lines += [Line(label_of(each), (_mark(found, each),), level=1) for each in pooling.studies]
    if found.ours is not None:
        mark = share_mark(found.ours)
        weight = _weight(found, OURS) if pooling.joins else None
        lines.append(Line(THIS_STUDY, (_with(mark, _OURS, weight),)))
    head = "Pooled, with this study" if pooling.joins else "Pooled"
    lines += _pooled(found, head, None)
    if pooling.joins and is_given(found.pooled(WITHOUT_OURS)):
        lines += _pooled(found, "Pooled, without this study", WITHOUT_OURS)
    return lines


def _pooled(found: Found, head: str, group: str | None) -> list[Line]:
    random, common = found.pooled(group), found.pooled(group, effects=COMMON)
    lines = [
        Line(head),
        Line("Effects differ (random)", (_diamond(random, _POOLED),), level=1),
        Line("One effect (common)", (_diamond(common, GREY),), level=1),
    ]
    low, high = random["prediction_lower"], random["prediction_upper"]
    if low.value is not None:
        texts = ("", "", plain(ends(low, high, DASH)))
        bar = Mark(random["percent"].value, low.value, high.value, low.id, texts, _POOLED, ranged=True)
        lines.append(Line("Another such study", (bar,), level=1))
    return lines


def _diamond(found: Statistics, colour: str) -> Mark:
    value, low, high = (found[name] for name in ("percent", "lower", "upper"))
    counted = f"{value.numerator}/{value.denominator}"
    texts = (counted, percent(value).text, plain(ends(low, high, DASH)))
    return Mark(value.value, low.value, high.value, value.id, texts, colour, whole=True)


def _mark(found: Found, published: Published) -> Mark:
    share = proportion(found.alone(published))
    marks = "".join(dict.fromkeys(number.mark for number in published.unsure(found.pooling.measure)))
    mark = share_mark(share)
    texts = (f"{plain(fraction(share))}{marks}", *mark.texts[1:])
    return Mark(mark.value, mark.low, mark.high, mark.result, texts, _PUBLISHED, weight=_weight(found, published.name))


def _with(mark: Mark, colour: str, weight: float | None) -> Mark:
    return Mark(mark.value, mark.low, mark.high, mark.result, mark.texts, colour, weight=weight)


def _weight(found: Found, name: str) -> float | None:
    at = found.pooling.pooled(WEIGHTS, name, "inverse variance")
    return found.lookup.one(at, "weight").value
