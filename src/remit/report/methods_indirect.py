"""Methods, of indirect comparisons."""

from __future__ import annotations

from remit.language.describe import describe
from remit.report.document import Block, Definition, Definitions, Paragraph, Section
from remit.report.wording import capital, listed_text, quoted, sentence, small, visit_label
from remit.study.comparisons.indirect_kind import Indirect, Match
from remit.study.study import Study

_MAIC = (
    "Matching-adjusted indirect comparison, without a common comparator: each of our patients has a weight, "
    "exponential in what is matched, with which our means are exactly those published (method of moments: Signorovitch "
    "and others, PharmacoEconomics 2010;28:935–45; Phillippo and others, NICE DSU Technical Support Document 18, "
    "2016). The effective sample size is the square of the sum of the weights into the sum of their squares. The "
    "standard error of the weighted percentage is a sandwich with the correction HC3, weights taken as known; its "
    "interval is made on the logit scale. Whether weights can be had at all is decided by a linear program (Glimm and "
    "Yau, Pharm Stat 2022;21:974–87), and where they cannot, the characteristics are named and nothing is estimated."
)
_BOOTSTRAP = (
    "A second interval has the 2.5 % and 97.5 % quantiles of percentages of our patients drawn anew, with weights of "
    "their own."
)
_STC = (
    "Simulated treatment comparison: a logistic regression of our patients, its predictions averaged over 20,000 drawn "
    "people with the published means and standard deviations (ours where none is published), who go together as our "
    "patients’ characteristics do (normal copula: Remiro-Azócar and others, Res Synth Methods 2022;13:716–44). The "
    "prediction at the published means is not used: with a logistic model it is no percentage of a population. The "
    "standard error is by the delta method."
)
_AGAINST = (
    "Differences and odds ratios have normal intervals, the odds ratio’s on the log scale, from our standard error and "
    "the binomial one of the published percentage. Where the number of their patients is not known, no standard error "
    "of theirs is invented: their percentage is then taken as a fixed number, and it is said. Patients of whom the "
    "outcome or a matched characteristic is not known are left out and counted."
)


def indirect_section(study: Study) -> Section | None:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Indirect)]
    if not analyses:
        return None
    items = tuple(Definition(capital(each.title), ((_asked(study, each),),)) for each in analyses)
    methods = {method for each in analyses for method in each.methods}
    said = [_MAIC] if "maic" in methods else []
    said += [_BOOTSTRAP] if any(each.bootstrap for each in analyses) else []
    said += [_STC] if "stc" in methods else []
    blocks: tuple[Block, ...] = (Definitions(items), *(Paragraph((each,)) for each in (*said, _AGAINST)))
    return Section("methods-indirect", "Indirect comparisons", blocks)


def _asked(study: Study, analysis: Indirect) -> str:
    endpoint = small(analysis.judged.label)
    under = "where it is known"
    if analysis.estimand in study.estimands:
        under = f"under the estimand {quoted(study.estimands[analysis.estimand].label)}"
    theirs = f"{analysis.evidence.title}, {analysis.result.arm} ({analysis.evidence.citation.text.rstrip('.')})"
    matched = listed_text([_matched(study, match) for match in analysis.matches], comma="; ")
    where = f"{endpoint} at {small(visit_label(study, analysis.visit))}, {under}"
    return sentence(f"{where}, against {analysis.outcome.label} of {theirs}; matched: {matched}")


def _matched(study: Study, match: Match) -> str:
    """corticosteroids at baseline (theirs “…”), mean and standard deviation"""
    said = describe(match.variable.query, study.scope)
    ours = small(match.variable.label)
    own = "" if said.lower() == ours.lower() else f" ({said})"
    what = "share" if match.yes_no else "mean" if match.sd is None else "mean and standard deviation"
    return f"{ours}{own}, {what}"
