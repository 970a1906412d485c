"""Methods, of what is pooled."""

from __future__ import annotations

from collections.abc import Iterator

from remit.report.document import Block, Definition, Definitions, Paragraph, Section
from remit.report.pooling.found import PROPERTIES
from remit.report.wording import capital, listed_text, quoted, sentence, small, visit_label
from remit.schema.results import DECIDED
from remit.study.comparisons.pooled import WEEK, YEAR, Ours, Pooling
from remit.study.study import Study

_MIXED = (
    "Counts were pooled by a generalised linear mixed model with a random intercept for the study, tau² by maximum "
    "likelihood (Stijnen, Hamza and Özdemir, Stat Med 2010;29:3046–67); its common effect is that of all patients "
    "together."
)
_INVERSE = (
    "Results were weighted by the inverse of their variance on the scale of {scale}, with tau² by {estimator}; a "
    "half was added to the counts of a study in which nobody or everybody had the event."
)
_SCALES = {"proportion": "log odds", "rate": "log rates", "mean": "means"}
_FREEMAN_TUKEY = (
    "Results were pooled on the scale of Freeman and Tukey (Ann Math Stat 1950;21:607–11), taken back by the "
    "harmonic mean of the studies’ sizes (Miller, Am Stat 1978;32:138), which can mislead where sizes differ much "
    "(Schwarzer and others, Res Synth Methods 2019;10:476–83)."
)
_KNAPP = "Intervals of the mean of effects that differ are those of Hartung and Knapp (Stat Med 2001;20:3875–89)"
_INTERVALS = {
    "Hartung-Knapp": f"{_KNAPP}; of the mixed model, Student’s t.",
    "Hartung-Knapp never narrower": f"{_KNAPP}, never narrower than the normal ones; of the mixed model, Student’s t.",
    "normal": "Intervals are normal.",
}
_ALWAYS = (
    "Prediction intervals are those of Higgins, Thompson and Spiegelhalter (J R Stat Soc A 2009;172:137–59): where "
    "the result of another study would lie, were it of very many patients; what a small one shows may lie farther "
    "out, by chance. What is more than chance is told by I² (Higgins and Thompson, Stat Med 2002;21:1539–58), with "
    "the interval of tau², and tested. A result is pooled only where its numbers are told by its source, or were "
    "worked out for the evidence, as the only count that gives a printed percentage; none is guessed. Where some "
    "numbers are from knowledge alone, all is pooled without them, too. Pooling describes what was published; it is "
    "no comparison of treatments."
)
_PARTS = (
    "Studies of a kind were pooled apart, a kind of one study standing with its own interval; whether kinds differ "
    "is tested by Cochran’s Q between them. Our own result is in none of them."
)
_REGRESSION = (
    "Moderators were each alone in a regression of published results, weighted as above (Knapp and Hartung, Stat Med "
    "2003;22:2693–710)."
)
_FUNNEL = (
    "From ten results on, a funnel plot is drawn; whether effects go with size is tested by regression on the "
    "inverse of the size of the studies, of means on their standard error (Egger and others, BMJ 1997;315:629–34; "
    "Sterne and others, BMJ 2011;343:d4002)."
)


def pooling_section(study: Study) -> Section | None:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Pooling)]
    if not analyses:
        return None
    items = tuple(Definition(capital(each.title), tuple((line,) for line in _asked(study, each))) for each in analyses)
    said = dict.fromkeys(line for each in analyses for line in _methods(each))
    blocks: tuple[Block, ...] = (Definitions(items), Paragraph((" ".join([*said, _ALWAYS]),)), Paragraph((_FUNNEL,)))
    return Section("methods-pooling", "Pooled published results", blocks)


def _asked(study: Study, pooling: Pooling) -> Iterator[str]:
    kinds = {"proportion": "proportions", "rate": "rates", "mean": "means"}
    names = listed_text([each.label for each in pooling.studies])
    yield sentence(f"{kinds[pooling.measure]}, by {pooling.model}, of {names}")
    if pooling.ours is not None:
        joins = "pooled with them" if pooling.joins else "set beside them"
        yield sentence(f"ours, {_ours(study, pooling.ours)}, is {joins}")
    more = ["without each study"] if pooling.leave_one_out else []
    more += [f"by {PROPERTIES[name]}" for name in pooling.subgroups]
    more += [f"on the {_moderator(name)}" for name in pooling.moderators]
    if more:
        yield sentence(f"also {listed_text(more)}")


def _ours(study: Study, ours: Ours) -> str:
    under = "where it is known"
    if ours.estimand != DECIDED:
        under = f"under the estimand {quoted(study.estimands[ours.estimand].label)}"
    endpoint, at = small(study.endpoints[ours.endpoint].label), small(visit_label(study, ours.visit))
    return f"{endpoint} at {at} {under}"


def _moderator(name: str) -> str:
    return {WEEK: "week of the assessment", YEAR: "year of publication"}.get(name, name.replace("_", " "))


def _methods(pooling: Pooling) -> Iterator[str]:
    if "glmm" in pooling.models:
        yield _MIXED
    if "inverse variance" in pooling.models:
        yield _INVERSE.format(scale=_SCALES[pooling.measure], estimator=pooling.heterogeneity)
    if "freeman-tukey" in pooling.models:
        yield _FREEMAN_TUKEY
    yield _INTERVALS[pooling.interval]
    if pooling.subgroups:
        yield _PARTS
    if pooling.moderators:
        yield _REGRESSION
