"""An endpoint by centre, as a forest plot."""

from __future__ import annotations

from remit.report.addresses import size
from remit.report.centres import ByCentre, by_centre, notes_of
from remit.report.document import Figure, words
from remit.report.figures.forest import Forest, Line, Mark, percent_scale, told_of
from remit.report.figures.style import COLOURS
from remit.report.figures.subgroups import COLUMNS, share_mark
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import DASH, percent
from remit.report.proportions import proportion
from remit.report.wording import capital, small
from remit.schema.results import CENTRE, WITHOUT_CENTRE
from remit.study.analyses.kinds import Centres
from remit.study.study import Study

MOST = 30  # centres, of which it is also drawn what is found without each


def centres_figure(study: Study, analysis: Centres, lookup: Lookup) -> Figure | None:
    """A panel a population; None where there is nobody."""
    found = [each for each in by_centre(study, analysis, lookup) if proportion(each.overall).known]
    if not found:
        return None
    lines = [_lines(each) for each in found]
    return Figure(
        name=f"{analysis.name}-forest",
        title=(f"{analysis.title}: {found[0].label} at {found[0].at_visit}, {found[0].under}, by centre",),
        panels=tuple(_forest(each, of).panel() for each, of in zip(found, lines, strict=True)),
        notes=(
            ("Diamond and dashed line: all centres. Below: all patients without those of the one centre.",),
            *told_of(max(lines, key=len)),
            *dict.fromkeys(note for each in found for note in notes_of(each)),
        ),
    )


def _forest(found: ByCentre, lines: list[Line]) -> Forest:
    study, population = found.study, found.population
    label = f"{capital(found.label)}, {small(study.populations[population].label)} "
    title = words(label, size(study, found.lookup, population))
    overall = found.overall["percent"]
    scale = percent_scale(overall.value, overall.id)
    name = f"{found.analysis.name}-{population}-forest"
    return Forest(name, title, lines, COLUMNS, scale, study.identity.synthetic is not None)


def _lines(found: ByCentre) -> list[Line]:
    lines = [Line("All centres", (share_mark(proportion(found.overall), whole=True),)), Line("Each centre")]
    centres = found.by(CENTRE)
    lines += [Line(name, (share_mark(proportion(its)),), level=1) for name, its in centres.items()]
    if 1 < len(centres) <= MOST:
        lines.append(Line("Without one centre"))
        without = found.by(WITHOUT_CENTRE)
        lines += [Line(f"Without {name}", (share_mark(proportion(its)),), level=1) for name, its in without.items()]
    if found.model["lower"].value is not None:
        lines += [
            Line("Random intercept for the centre"),
            Line("Average of such centres", (_average(found.model),), level=1),
        ]
    return lines


def _average(model: Statistics) -> Mark:
    value, low, high = (model[name] for name in ("percent", "lower", "upper"))
    texts = ("", percent(value).text, f"{percent(low).text}{DASH}{percent(high).text}")
    return Mark(value.value, low.value, high.value, value.id, texts, COLOURS[1], whole=True)
