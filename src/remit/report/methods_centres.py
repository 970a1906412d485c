"""Methods, of centres."""

from __future__ import annotations

from remit.report.document import Block, Definition, Definitions, Paragraph, Section
from remit.report.wording import capital, quoted, sentence, small, visit_label
from remit.study.analyses.kinds import Centres
from remit.study.study import Study

_METHOD = (
    "Whether centres differ is tested exactly (Freeman and Halton, Biometrika 1951;38:141–9); in large cohorts by the "
    "likelihood ratio. How far such centres differ is estimated by logistic regression with a random intercept for the "
    "centre: the average percentage, and the median odds ratio between two centres (Larsen and Merlo, Am J Epidemiol "
    "2005;161:81–8), with 95 % intervals of the profile likelihood. Each centre is left out in turn."
)


def centres_section(study: Study) -> Section | None:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Centres)]
    if not analyses:
        return None
    items = tuple(Definition(capital(each.title), ((_asked(study, each),),)) for each in analyses)
    blocks: tuple[Block, ...] = (Definitions(items), Paragraph((_METHOD,)))
    return Section("methods-centres", "Centres", blocks)


def _asked(study: Study, analysis: Centres) -> str:
    endpoint = small(study.endpoints[analysis.endpoint].label)
    under = "where it is known"
    if analysis.estimand in study.estimands:
        under = f"under the estimand {quoted(study.estimands[analysis.estimand].label)}"
    return sentence(f"{endpoint} at {small(visit_label(study, analysis.visit))}, {under}, by centre")
