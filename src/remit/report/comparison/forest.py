"""Ours and theirs as a forest plot."""

from __future__ import annotations

from dataclasses import replace

from remit.report.comparison.compared import KINDS, Compared, Published
from remit.report.comparison.numbers import counts_words, has_interval, interval_words, marks_note, percent_of
from remit.report.comparison.numbers import percent_text as text_of
from remit.report.comparison.side_by_side import OURS
from remit.report.document import Figure, Words, plain, words
from remit.report.figures.forest import Forest, Line, Mark, percent_scale, told_of
from remit.report.figures.style import COLOURS
from remit.report.figures.subgroups import COLUMNS, share_mark
from remit.report.numbers import NONE
from remit.report.wording import capital

_DRAWN = (
    "Diamond and dashed line: this study. Their intervals are worked out from n and N, by Wilson’s method; they know "
    "nothing of what differs between the studies.",
)
_HOLLOW = (
    "Hollow: no interval can be drawn, for n or N is not told, or no whole number of patients gives the percentage.",
)


def comparison_figure(found: Compared) -> Figure | None:
    """None where nobody of ours is in the denominator."""
    if not found.ours.known:
        return None
    lines = _lines(found)
    title = f"{capital(found.label)} at {found.at_visit}, {found.among}, beside what others published"
    scale = percent_scale(found.ours.percent.value, found.ours.percent.id)
    name = f"{found.analysis.name}-{found.population}-forest"
    forest = Forest(name, (title,), lines, COLUMNS, scale, found.study.identity.synthetic is not None)
    return Figure(name, words(title), (forest.panel(),), notes=_notes(found, lines))


def _notes(found: Compared, lines: list[Line]) -> tuple[Words, ...]:
    hollow = any(mark.bare for line in lines for mark in line.marks)
    return (_DRAWN, *((_HOLLOW,) if hollow else ()), *told_of(lines), *marks_note(found.published))


def _lines(found: Compared) -> list[Line]:
    """Ours on top, then theirs by kind of study."""
    lines = [Line(OURS, (replace(share_mark(found.ours, whole=True), colour=COLOURS[2]),))]
    for kind, title in KINDS.items():
        if drawn := [line for theirs in found.of_kind(kind) if (line := _line(theirs)) is not None]:
            lines += [Line(capital(title)), *drawn]
    return lines


def _line(theirs: Published) -> Line | None:
    """None where there is no percentage."""
    percent = percent_of(theirs)
    if percent is None or percent.value is None:
        return None
    week = "" if theirs.outcome.week is None else f", week {theirs.outcome.week}"
    return Line(f"{theirs.label}{week}", (_mark(theirs),), level=1)


def _mark(theirs: Published) -> Mark:
    percent = percent_of(theirs)
    assert percent is not None
    low, high = (theirs.statistics[end].value if has_interval(theirs) else None for end in ("lower", "upper"))
    return Mark(
        value=percent.value,
        low=low,
        high=high,
        result=percent.id,
        texts=(plain(counts_words(theirs)) or NONE, text_of(theirs), plain(interval_words(theirs))),
        colour=COLOURS[0],
        bare=not has_interval(theirs),
    )
