"""Methods, second part: denominators, events, statistics, software."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from remit.language.describe import describe
from remit.language.query import Constant, plain
from remit.language.types import Number, Ratio, Span
from remit.report.document import Definition, Definitions, Paragraph, Section
from remit.report.wording import capital, listed_text, sentence, small
from remit.study.study import Course, Endpoints, Events, Period, Study, Summary


def denominators(study: Study) -> Section | None:
    if not study.endpoints:
        return None
    items = [
        Definition("Decided", (("The patients for whom the definition gives yes or no. One part that is not met decides a "
                                "definition with several parts, whatever the others are. Of such a definition, decided alone "
                                "is biased low: one part that is not met is easier to know than that all are met.",),)),
        Definition("Complete", (("The patients for whom every part of the definition is known.",),)),
    ]  # fmt: skip
    if any(endpoint.requires for endpoint in study.endpoints.values()):
        text = "The patients who have the required basis that the protocol names for the endpoint, and for whom it is decided."
        items.append(Definition("Required", ((text,),)))
    if study.estimands:
        text = "All patients of the population; those in whom the endpoint is not known count as not having reached it."
        items.append(Definition("Estimands", ((text,),)))
    opening = (
        "Definitions are decided by three-valued logic: a comparison with a value that is missing is not known, and so is "
        "what depends on it. A value beyond an assay’s limit decides a comparison where the limit decides it. Each "
        "percentage is shown over each of these denominators; they are never mixed:",
    )
    return Section(
        "methods-denominators", "Denominators and missing data", (Paragraph(opening), Definitions(tuple(items)))
    )


def events_section(study: Study) -> Section | None:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Events)]
    if not analyses:
        return None
    forms = sorted({study.scope.forms[analysis.form].label + "s" for analysis in analyses})
    said = f"{capital(listed_text(forms))} are counted as events, and as patients with at least one; what the chart says counts."
    blocks: list[Paragraph | Definitions] = [Paragraph((said,))]
    if analyses[0].periods:
        blocks.append(Paragraph(("An event belongs to the first of these periods whose condition holds for it:",)))
        blocks.append(Definitions(tuple(_period(study, period) for period in analyses[0].periods)))
    sources = dict.fromkeys(a.special_interest_source for a in analyses if a.special_interest_source)
    for source in sources:
        blocks.append(
            Paragraph((f"Events of special interest are found by their terms, matched whole without regard to case. {sentence(source)} "
                       "Where none occurred, the upper end of the interval is given.",))
        )  # fmt: skip
    return Section("methods-events", "Events", tuple(blocks))


def _period(study: Study, period: Period) -> Definition:
    """A last period whose condition is "yes" takes what remains."""
    inner = plain(period.where)
    rest = isinstance(inner, Constant) and inner.value is True
    text = "all other events" if rest else describe(period.where, study.scope)
    return Definition(capital(period.label), ((sentence(text),),))


def statistics_section(study: Study) -> Section:
    said = []
    if _has_proportions(study):
        said.append(
            "Proportions are given with 95 % confidence intervals by Wilson’s score method without continuity correction "
            "(J Am Stat Assoc 1927;22:209–12)."
        )
    if _has_numbers(study):
        said.append(
            "Numbers are given as mean and standard deviation, and as median, quartiles and range; quartiles are averages of "
            "adjacent order statistics (type 2 of Hyndman and Fan, Am Stat 1996;50:361–5). Values beyond an assay’s limit "
            "take their place in the order; no mean is given where there is one, for it would need a substitution."
        )
    said.append(
        "Comparisons and conversions of units are exact; rounding, half up, is of printed numbers only. Nothing is imputed or "
        "carried forward. No hypothesis is tested, and no allowance is made for multiplicity."
    )
    groups = [small(variable.label) for variable in study.subgroups.values()]
    if groups and any(isinstance(analysis, Endpoints) and analysis.subgroups for analysis in study.analyses):
        said.append(f"Endpoints are also shown by {listed_text(groups)}.")
    return Section("methods-statistics", "Statistics", (Paragraph((" ".join(said),)),))


def _has_proportions(study: Study) -> bool:
    return any(not isinstance(analysis, Course) for analysis in study.analyses)


def _has_numbers(study: Study) -> bool:
    return any(
        isinstance(analysis, Course)
        or (
            isinstance(analysis, Summary)
            and any(isinstance(row.query.type, Number | Span | Ratio) for row in analysis.rows)
        )
        for analysis in study.analyses
    )


def software(study: Study) -> Section:
    return Section("methods-software", "Software", (Paragraph((software_text(study),)),))


def software_text(study: Study) -> str:
    identity = study.identity
    packs = listed_text([f"{name} {number}" for name, number in study.packs.names.items()])
    with_packs = f", with the pack{'s' if len(study.packs.names) > 1 else ''} {packs}" if packs else ""
    return (
        f"remit {remit_version()}; study file {identity.id}, version {identity.version} "
        f"(SHA-256 {study_digest(study)}){with_packs}."
    )


def remit_version() -> str:
    return version("remit")


def study_digest(study: Study) -> str:
    """The fingerprint of the study file as it was read, of sixteen digits: what `sha256sum` says of it begins so."""
    return hashlib.sha256(study.path.read_bytes()).hexdigest()[:16]
