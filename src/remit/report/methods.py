"""The methods section, written from the definitions that the numbers are made with."""

from __future__ import annotations

from remit.language.describe import describe
from remit.language.query import Not
from remit.language.words import day_in_words
from remit.report.definitions import definition_blocks
from remit.report.document import Block, Definition, Definitions, Listing, Paragraph, Section, Words
from remit.report.effectiveness import said_of_events
from remit.report.methods_adjusted import adjusted_methods
from remit.report.methods_arms import arms_section
from remit.report.methods_centres import centres_section
from remit.report.methods_comparisons import comparisons_section
from remit.report.methods_imputation import imputation_section
from remit.report.methods_indirect import indirect_section
from remit.report.methods_pooling import pooling_section
from remit.report.methods_predictors import predictors_section
from remit.report.methods_rates import rates_section
from remit.report.methods_statistics import denominators, events_section, software, statistics_section
from remit.report.methods_times import times_section
from remit.report.numbers import MINUS
from remit.report.plain import section_text
from remit.report.wording import capital, listed_text, quoted, sentence, small, visit_label
from remit.schema.cohort import ELIGIBLE
from remit.study.analyses.kinds import Endpoints
from remit.study.selection import told_of
from remit.study.study import Criterion, Endpoint, Estimand, Study, Visit
from remit.study.written import Strategy

_PICKS = {
    "nearest": "of several visits in the window the one nearest to the day counts, of two equally near the later",
    "last": "of several visits in the window the last counts",
    "first": "of several visits in the window the first counts",
}


def methods_text(study: Study) -> str:
    """The methods as plain text."""
    return section_text(methods_section(study))


def methods_section(study: Study) -> Section:
    parts = [
        _design(study),
        _eligibility(study),
        _visits(study),
        _endpoints(study),
        _populations(study),
        _estimands(study),
        denominators(study),
        arms_section(study),
        _derived(study),
        _dosing(study),
        events_section(study),
        times_section(study),
        imputation_section(study),
        rates_section(study),
        predictors_section(study),
        adjusted_methods(study),
        centres_section(study),
        comparisons_section(study),
        indirect_section(study),
        pooling_section(study),
        statistics_section(study),
        software(study),
    ]
    return Section("methods", "Methods", sections=tuple(part for part in parts if part and part.blocks))


def _section(name: str, title: str, *blocks: Block) -> Section:
    return Section(f"methods-{name}", title, blocks)


def _said(*texts: str) -> Paragraph:
    return Paragraph((" ".join(texts),))


def _design(study: Study) -> Section:
    identity = study.identity
    index = sentence(f"day 0 is the index date: {describe(study.index, study.scope)}")
    blocks: list[Block] = [_said(identity.design.strip())] if identity.design else []
    until = [_observed_until(study)] if study.observed_until else []
    cutoff = [f"Data were cut off on {cutoff_in_words(study)}."] if study.data_cutoff else []
    blocks.append(_said(index, *until, *cutoff))
    if identity.synthetic:
        blocks.append(_said("Synthetic data.", sentence(identity.synthetic)))
    return _section("design", "Design and index date", *blocks)


def cutoff_in_words(study: Study) -> str:
    return day_in_words(study.data_cutoff) if study.data_cutoff else ""


def _observed_until(study: Study) -> str:
    """The last day on which a patient is known about: a field, with its form where the name is not clear."""
    *form, field = (study.observed_until or "").split(".")
    fields = [part.fields for part in study.scope.forms.values() if not form or part.name == form[0]]
    label = next((found[field].label for found in fields if field in found), field)
    return f"The end of a patient’s observation is given by {quoted(small(label))}."


def _eligibility(study: Study) -> Section | None:
    if not study.criteria:
        return None
    opening = _said(
        "Criteria were applied in this order, and a patient who is not included is counted at the first that fails.",
        "A patient whose eligibility cannot be decided from the charts is counted apart, and is not included.",
    )
    items = tuple(criterion_words(study, criterion) for criterion in study.criteria)
    blocks: list[Block] = [opening, Listing(items, ordered=True)]
    blocks += [_said(told_of(criterion)) for criterion in study.criteria if criterion.selects_survivors]
    return _section("eligibility", "Eligibility", *blocks)


def criterion_words(study: Study, criterion: Criterion) -> Words:
    """What is asked, and the name under which those who fail are counted."""
    if criterion.kind == "exclude" and isinstance(criterion.passes, Not):
        said = describe(criterion.passes.operand, study.scope)
        rule = "excluded if present" if said.lower() == criterion.label.lower() else f"excluded: {said}"
    else:
        rule = f"required: {describe(criterion.passes, study.scope)}"
    return (f"{capital(criterion.label)} ({rule}).",)


def _visits(study: Study) -> Section | None:
    if not study.visits:
        return None
    items = tuple(Definition(visit.label, (_visit(visit),)) for visit in study.visits)
    said = _said(
        "Days are counted from the index date, and both ends belong to a window.",
        "One visit of the charts serves one window; visits that are not used are listed with the intake.",
    )
    return _section("visits", "Visits", Definitions(items), said)


def _visit(visit: Visit) -> Words:
    day, low, high = (str(number).replace("-", MINUS) for number in (visit.day, visit.low, visit.high))
    return (f"Day {day}, window from day {low} to day {high}; {_PICKS[visit.pick]}.",)


# Endpoints


def _endpoints(study: Study) -> Section | None:
    if not study.endpoints:
        return None
    items = tuple(_endpoint(study, endpoint) for endpoint in study.endpoints.values())
    opening = _said("Each endpoint is yes, no or not known for each patient at each visit.", *_primary(study))
    return _section("endpoints", "Endpoints", opening, Definitions(items), *_asked_at_start(study))


def _asked_at_start(study: Study) -> list[Paragraph]:
    """Of which endpoints it is asked who fulfils them before there was any treatment."""
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Endpoints)]
    endpoints = [study.endpoints[name] for name in dict.fromkeys(name for each in analyses for name in each.endpoints)]
    asked = [quoted(small(endpoint.label)) for endpoint in endpoints if endpoint.at_start]
    others = [quoted(small(endpoint.label)) for endpoint in endpoints if not endpoint.at_start]
    if not asked or study.scope.reference is None:
        return []
    visit = small(visit_label(study, study.scope.reference))
    said = f"Whether patients fulfil an endpoint already at {visit} is asked by its own definition, and told if some do"
    not_asked = "It is not asked of what compares with another visit, or looks at what came after the start"
    rest = [f"{not_asked}: {listed_text(others)}."] if others else []
    return [_said(f"{said}: of {listed_text(asked)}.", *rest)]


def _primary(study: Study) -> list[str]:
    primary = study.primary
    if primary is None:
        return []
    return [
        f"Primary is {small(study.endpoints[primary.endpoint].label)} at {small(visit_label(study, primary.visit))} "
        f"in the population {quoted(study.populations[primary.population].label)}, under the estimand "
        f"{quoted(study.estimands[primary.estimand].label)}."
    ]


def _endpoint(study: Study, endpoint: Endpoint) -> Definition:
    at = listed_text([small(visit_label(study, name)) for name in endpoint.at])
    # Of an endpoint at one visit, each value says when it was measured: some may be of an earlier visit.
    unsaid = {name: None if len(endpoint.at) == 1 else name for name in endpoint.at}
    said = {name: describe(endpoint.queries[name], study.scope, visit) for name, visit in unsaid.items()}
    lines = list(_by_visit(study, said))
    if endpoint.requires:
        required = {name: describe(endpoint.requires[name], study.scope, visit) for name, visit in unsaid.items()}
        lines += _by_visit(study, required, "required basis: ")
    return Definition(capital(endpoint.label), tuple((line,) for line in lines), at)


def _by_visit(study: Study, said: dict[str, str], before: str = "") -> list[str]:
    """One sentence where all visits say the same, else one a visit."""
    if len(set(said.values())) == 1:
        return [sentence(before + next(iter(said.values())))]
    return [f"{visit_label(study, name)}: {sentence(before + text)}" for name, text in said.items()]


# Populations and estimands


def _populations(study: Study) -> Section | None:
    items = []
    for population in study.populations.values():
        if population.name == ELIGIBLE:
            text = "all patients who meet the criteria" if study.criteria else "all patients"
        elif population.where is None:
            continue
        else:
            of = study.populations[population.of or ELIGIBLE].label
            text = f"of {quoted(small(of))}, those for whom this holds: {describe(population.where, study.scope)}"
        items.append(Definition(capital(population.label), ((sentence(text),),)))
    if len(items) == 1:
        return None
    tail = _said("A patient for whom it is not known is left out of the population, and counted in the flow.")
    return _section("populations", "Populations", Definitions(tuple(items)), tail)


def _estimands(study: Study) -> Section | None:
    if not study.estimands:
        return None
    items = tuple(_estimand(study, estimand) for estimand in study.estimands.values())
    blocks: list[Block] = []
    if study.events:
        opening = "An estimand says what becomes of the events that come between the treatment and its assessment."
        events = tuple(
            Definition(capital(event.label), tuple((line,) for line in _by_visit(study, _event(study, event.name))))
            for event in study.events.values()
        )
        blocks += [_said(opening, "These are told apart:"), Definitions(events), _said("The estimands are:")]
    return _section("estimands", "Intercurrent events and estimands", *blocks, Definitions(items))


def _event(study: Study, name: str) -> dict[str, str]:
    return {visit: describe(query, study.scope, visit) for visit, query in study.events[name].queries.items()}


STRATEGIES: dict[Strategy, str] = {
    "composite": "after {}, the endpoint counts as not reached (composite strategy)",
    "hypothetical": "what is asked for is the endpoint as it would have been without {}: after it, it is missing "
    "(hypothetical strategy)",
    "while on treatment": "the endpoint is taken as at the last visit before {}; if there was none, it is missing "
    "(while-on-treatment strategy)",
    "principal stratum": "only patients without {} are asked, who are told by what came after the start: they are not "
    "comparable with the others (principal stratum)",
    "treatment policy": "the endpoint is taken as it was assessed, also after {} (treatment policy)",
}


def _estimand(study: Study, estimand: Estimand) -> Definition:
    said = said_of_events(study, estimand, STRATEGIES)
    said.append("where the endpoint is not known, the patient counts as not having reached it (non-response)")
    return Definition(capital(estimand.label), (("; ".join([capital(said[0]), *said[1:]]) + ".",),))


# Derived values and dosing


def _derived(study: Study) -> Section | None:
    blocks = definition_blocks(study)
    return _section("derived", "Derived values", *blocks) if blocks else None


def _dosing(study: Study) -> Section | None:
    dosing = study.dosing
    if dosing is None:
        return None
    form = study.scope.forms[dosing.form].label
    rows = f"Doses are taken from each {form} for which this holds: {describe(dosing.where, study.scope)}."
    permanent = describe(dosing.permanent, study.scope)
    said = (
        rows,
        "Periods are half-open: the stop date is the first day without that dose.",
        "A gap that a later period closes is an interruption, not a stop.",
        f"The last stop is permanent where this holds: {permanent}.",
        "A patient is on the drug from the first dose until the permanent stop, else until the end of observation.",
    )
    return _section("dosing", "Dosing", _said(*said))
