"""The primary endpoint by subgroup, as a forest plot."""

from __future__ import annotations

from remit.report.arms import population_notes
from remit.report.document import Figure, plain, words
from remit.report.figures.forest import Forest, Line, Mark, percent_scale, told_of
from remit.report.figures.style import COLOURS
from remit.report.lookup import Lookup
from remit.report.numbers import NONE, SPACE, percent
from remit.report.places import main_handling, primary_place
from remit.report.proportions import Proportion, ends, fraction
from remit.report.subgroups import cautions, levels
from remit.report.wording import capital, quoted
from remit.study.analyses.kinds import Endpoints
from remit.study.study import Study

COLUMNS = ("n/N", "%", f"95{SPACE}% CI")


def subgroup_figure(study: Study, analysis: Endpoints, lookup: Lookup) -> Figure | None:
    """None where the analysis has no subgroups, or another has the primary endpoint."""
    primary = primary_place(study, lookup)
    if not analysis.subgroups or primary is None or primary[0].analysis.name != analysis.name:
        return None
    place, endpoint = primary
    handling = main_handling(study)
    overall = place.share(endpoint, handling)
    lines = [Line("All patients", (share_mark(overall, whole=True),))]
    for group in analysis.subgroups:
        lines.append(Line(capital(study.subgroups[group].label)))
        for level in levels(place, endpoint, group):
            share = place.share(endpoint, handling, group, level)
            lines.append(Line(capital(level), (share_mark(share),), level=1))
    estimand = quoted(study.estimands[handling].label) if handling in study.estimands else handling
    title = words(f"{capital(endpoint.label)} at {place.at_visit} by subgroup ", place.size)
    synthetic = study.identity.synthetic is not None
    scale = percent_scale(overall.percent.value, overall.percent.id)
    forest = Forest(f"{analysis.name}-forest", title, lines, COLUMNS, scale, synthetic)
    return Figure(
        name=f"{analysis.name}-forest",
        title=words(f"{capital(endpoint.label)} at {place.at_visit} by subgroup, under the estimand {estimand}"),
        panels=(forest.panel(),),
        notes=(
            ("Diamond and dashed line: all patients. Those not known are in N.",),
            *told_of(lines),
            *cautions(place),
            *population_notes(analysis, place.population.name, lookup),
        ),
    )


def share_mark(share: Proportion, whole: bool = False) -> Mark:
    """With n/N and the percentage with its interval at the side."""
    number, interval = (percent(share.percent).text, plain(ends(share))) if share.known else (NONE, "")
    return Mark(
        value=share.percent.value,
        low=share.lower.value,
        high=share.upper.value,
        result=share.percent.id,
        texts=(plain(fraction(share)), number, interval),
        colour=COLOURS[0],
        whole=whole,
    )
