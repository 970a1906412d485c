"""Methods, of comparisons with published studies."""

from __future__ import annotations

from remit.report.document import Block, Definition, Definitions, Listing, Paragraph, Section
from remit.report.wording import capital, listed_text, quoted, sentence, small, visit_label
from remit.study.comparisons.kinds import Comparison
from remit.study.evidence.evidence import Evidence
from remit.study.study import Study

_METHOD = (
    "Published numbers are those that were collected for this study, each with its source and with how sure it is; no "
    "search is claimed. They are printed as their source prints them, and have an interval where n and N are known "
    "(Wilson’s, 95 %) or where the source prints one. Two definitions are the same where their words or their rules "
    "are, and differ where their rules or the instruments that they name do; of others it is said that they are worded "
    "otherwise. Nothing is adjusted for."
)
_RULES = (
    "Where the definition of another study can be computed from our charts, our patients are judged by it, too, under "
    "each handling of what is missing; the rest of the difference is not one of definition."
)
_BENCHMARK = (
    "Our percentage is compared with each published one by the two-sided exact binomial test and by the posterior "
    "probability of exceeding it, after Jeffreys’ prior, beta(0.5, 0.5); the published percentage is taken as known "
    "without error."
)


def comparisons_section(study: Study) -> Section | None:
    """None without a comparison."""
    asked = [analysis for analysis in study.analyses if isinstance(analysis, Comparison)]
    if not asked:
        return None
    items = tuple(Definition(capital(each.title), ((_asked(study, each),),)) for each in asked)
    rules = [_RULES] if any(analysis.rules for analysis in asked) else []
    tested = [_BENCHMARK] if any(analysis.benchmark for analysis in asked) else []
    sources = {beside.evidence.id: beside.evidence for analysis in asked for beside in analysis.beside}
    blocks: tuple[Block, ...] = (
        Definitions(items),
        Paragraph((" ".join([_METHOD, *rules, *tested]),)),
        Paragraph(("Sources:",)),
        Listing(tuple((f"{evidence.title}: {cited(evidence)}",) for evidence in sources.values())),
    )
    return Section("methods-comparisons", "Comparisons with published studies", blocks)


def _asked(study: Study, analysis: Comparison) -> str:
    endpoint = small(study.endpoints[analysis.endpoint].label)
    under = "where it is known"
    if analysis.estimand in study.estimands:
        under = f"under the estimand {quoted(study.estimands[analysis.estimand].label)}"
    others = listed_text(list(dict.fromkeys(beside.evidence.title for beside in analysis.beside)))
    return sentence(f"{endpoint} at {small(visit_label(study, analysis.visit))}, {under}, beside {others}")


def cited(evidence: Evidence) -> str:
    """Loftus et al. N Engl J Med 2023;388:1966-80. doi:10.1056/NEJMoa2212728, PubMed 37224198, NCT03345849; …"""
    citation = evidence.citation
    found = {"doi:": citation.doi, "PubMed ": citation.pubmed, "": citation.registration}
    named = ", ".join(f"{head}{text}" for head, text in found.items() if text)
    read = f"Read in: {evidence.source}." if evidence.source else ""
    return " ".join(part for part in (sentence(citation.text), f"{named}." if named else "", read) if part)
