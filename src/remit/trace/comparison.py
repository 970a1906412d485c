"""Behind a comparison: who reached our endpoint and each rule, in whom the two differ; behind what is published, its
source."""

from __future__ import annotations

from remit.schema.results import Address
from remit.schema.trace import Source
from remit.study.comparisons.kinds import EVIDENCE, OWN_ONLY, RULE_ONLY, Beside, Comparison
from remit.study.evidence.evidence import PublishedResult
from remit.study.evidence.told import certainties
from remit.study.study import Endpoint
from remit.trace.counted import Counted, counted
from remit.trace.endpoints import Handled, handled
from remit.trace.study_people import NoTrace, StudyPeople

PUBLISHED = "published: of patients of another study"


def behind_comparison(of: StudyPeople, analysis: Comparison, at: Address, statistic: str) -> Counted:
    if at.group == EVIDENCE:
        beside, result = _published(analysis, at)
        source = source_of(beside, result)
        if at.population is None:
            return _of_source(result, source)
        return _members(of, at, handled(of, _own(of, analysis), analysis.visit, at.handling or ""), source)
    endpoint = _endpoint(of, analysis, at.variable or "")
    found = handled(of, endpoint, analysis.visit, at.handling or "")
    if at.contrast is None:
        return _members(of, at, found)
    return _differing(of, at, found, handled(of, _own(of, analysis), analysis.visit, at.handling or ""), statistic)


def _own(of: StudyPeople, analysis: Comparison) -> Endpoint:
    return of.study.endpoints[analysis.endpoint]


def _endpoint(of: StudyPeople, analysis: Comparison, name: str) -> Endpoint:
    if name == analysis.endpoint:
        return _own(of, analysis)
    endpoint = next((endpoint for rule, endpoint in analysis.judged if rule.name == name), None)
    if endpoint is None:
        raise NoTrace(f"{analysis.name} computes no rule {name}")
    return endpoint


def _members(of: StudyPeople, at: Address, found: Handled, source: Source | None = None) -> Counted:
    asked = of.population(at.population)
    told = counted(asked, asked & found.of, asked & found.yes, *found.definitions, missing=asked & found.missing)
    return told if source is None else told.of_source(source)


def _differing(of: StudyPeople, at: Address, rule: Handled, own: Handled, statistic: str) -> Counted:
    """Who is in both denominators, and who of them is yes by one definition alone."""
    asked = of.population(at.population)
    both = asked & rule.of & own.of
    only = {RULE_ONLY: rule.yes & ~own.yes, OWN_ONLY: own.yes & ~rule.yes}
    numerator = both & only[statistic] if statistic in only else None
    missing = asked & (rule.missing | own.missing)
    return counted(asked, both, numerator, *rule.definitions, *own.definitions, missing=missing)


# What is published


def _published(analysis: Comparison, at: Address) -> tuple[Beside, PublishedResult]:
    for beside in analysis.beside:
        for result in beside.results:
            asked = analysis.published(beside, result.arm)
            if (asked.group_level, asked.variable) == (at.group_level, at.variable):
                return beside, result
    raise NoTrace(f"nothing published stands at {at.group_level}")


def _of_source(result: PublishedResult, source: Source) -> Counted:
    """Patients of another study, whom nobody here can name."""
    counts = {
        "numerator": None if result.n is None else int(result.n.value),
        "denominator": None if result.of is None else int(result.of.value),
    }
    return Counted(None, None, None, None, note=PUBLISHED, instead=counts, source=source)


def source_of(beside: Beside, result: PublishedResult) -> Source:
    evidence, outcome = beside.evidence, beside.outcome
    citation = evidence.citation
    links = {"doi": citation.doi, "pubmed": citation.pubmed, "registration": citation.registration}
    return Source(
        study=evidence.title,
        of=f"{outcome.label}, {result.arm}" + ("" if outcome.week is None else f", week {outcome.week}"),
        citation=citation.text,
        links={name: text for name, text in links.items() if text is not None},
        read=outcome.source or evidence.source,
        certainties=certainties(result),
        cautions=evidence.cautions,
    )
