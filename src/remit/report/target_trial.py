"""The trial that an adjusted comparison stands for: how each of its elements is emulated, as a table."""

from __future__ import annotations

from dataclasses import replace

from remit.language.describe import describe
from remit.report.document import Cell, Column, Row, Table, Words, words
from remit.report.effectiveness import said_of_events
from remit.report.lookup import Lookup
from remit.report.methods import STRATEGIES, criterion_words
from remit.report.numbers import MINUS, count
from remit.report.wording import capital, listed_text, quoted, sentence, small
from remit.schema.results import ARM, CRUDE, Address, modelled
from remit.study.analyses.kinds import AdjustedComparison
from remit.study.study import Element, Study

_ELEMENTS = {
    "eligibility": "Eligibility",
    "strategies": "Treatment strategies",
    "assignment": "Assignment",
    "time_zero": "Start of follow-up (time zero)",
    "outcome": "Outcome",
    "contrast": "Causal contrast",
    "analysis": "Analysis",
}
_SOURCE = (
    "After Hernán and Robins, Am J Epidemiol 2016;183:758–64. What is in the study file’s `target_trial` is in the "
    "author’s words; below them stands what the study file declares.".replace("`", ""),
)
_TARGETS = {
    "treated": "in patients such as those of the arm that is compared with {reference}",
    "all": "in patients such as those of both arms",
    "overlap": "in patients who might have been in either arm",
}
_METHODS = {
    "weighting": "weighting by the propensity score",
    "standardisation": "standardisation by a regression of the endpoint",
    "doubly robust": "both together, doubly robust",
}
NOT_TOLD = "not told"


def target_trial_table(study: Study, analysis: AdjustedComparison, lookup: Lookup) -> Table:
    """A row an element."""
    declared: dict[str, list[Words]] = {
        "eligibility": _eligibility(study),
        "strategies": _strategies(study, analysis),
        "assignment": _assignment(analysis),
        "time_zero": [(sentence(f"day 0 is the index date: {describe(study.index, study.scope)}"),)],
        "outcome": _outcome(study, analysis),
        "contrast": _contrast(study, analysis),
        "analysis": _analysis(analysis, lookup),
    }
    rows = [
        _row(label, study.target_trial.get(name, Element(None, None)), declared[name])
        for name, label in _ELEMENTS.items()
    ]
    return Table(
        name=f"{analysis.name}-target-trial",
        title=(f"{analysis.title}: the target trial, and how it is emulated",),
        stub="Element",
        columns=(Column(("In the target trial",)), Column(("Emulated here",))),
        rows=tuple(rows),
        notes=(_SOURCE,),
        prose=True,
    )


def _row(label: str, told: Element, declared: list[Words]) -> Row:
    target = (
        Cell(((sentence(told.target),),), wraps=True) if told.target else Cell(((NOT_TOLD,),), muted=True, wraps=True)
    )
    own: list[Words] = [(sentence(told.emulated),)] if told.emulated else []
    return Row((label,), (target, Cell((*own, *declared), wraps=True)))


# What the study file declares


def _eligibility(study: Study) -> list[Words]:
    if not study.criteria:
        return [("All patients in the charts: the study file names no criteria.",)]
    return [criterion_words(study, criterion) for criterion in study.criteria]


def _strategies(study: Study, analysis: AdjustedComparison) -> list[Words]:
    arms = analysis.arms
    assert arms is not None
    said = f"{listed_text(list(arms.names), 'or')}, by this: {describe(arms.query, study.scope)}"
    external = f" {capital(listed_text(list(arms.external)))}: external." if arms.external else ""
    return [(sentence(said) + external,)]


def _assignment(analysis: AdjustedComparison) -> list[Words]:
    arms = analysis.arms
    how = "By chance" if arms and arms.randomised else "Not by chance"
    by = listed_text([small(each.variable.label) for each in analysis.covariates])
    return [(f"{how}. Taken to be as if by chance among patients of the same {by}.",)]


def _outcome(study: Study, analysis: AdjustedComparison) -> list[Words]:
    endpoint = study.endpoints[analysis.endpoint]
    visit = next(each for each in study.visits if each.name == analysis.visit)
    low, high = (str(day).replace("-", MINUS) for day in (visit.low, visit.high))
    when = f"{small(endpoint.label)} at {small(visit.label)} (day {low} to {high})"
    return [(sentence(f"{when}: {describe(endpoint.queries[analysis.visit], study.scope)}"),)]


def _contrast(study: Study, analysis: AdjustedComparison) -> list[Words]:
    reference = analysis.arms.reference if analysis.arms else ""
    who = _TARGETS[analysis.target].format(reference=reference)
    said: list[Words] = [(sentence(f"the risk difference and the risk ratio {who}"),)]
    if (estimand := study.estimands.get(analysis.estimand)) is None:
        return [*said, ("Of those in whom the endpoint is known.",)]
    events = said_of_events(study, estimand, STRATEGIES)
    rest = "where the endpoint is not known, it counts as not reached"
    return [
        *said,
        (sentence(f"estimand {quoted(estimand.label)}: {'; '.join([*(each for each in events if each), rest])}"),),
    ]


def _analysis(analysis: AdjustedComparison, lookup: Lookup) -> list[Words]:
    by = listed_text([_METHODS[method] for method in analysis.methods])
    cut = f"; of the weights, {float(100 * analysis.truncate):g} % at each end are cut" if analysis.truncate else ""
    handling = modelled(analysis.estimand, CRUDE)
    found: list[Words] = [(sentence(f"{by}{cut}"),)]
    for population in analysis.populations:
        at = Address(analysis.name, population, visit=analysis.visit, variable=analysis.endpoint, handling=handling)
        n = lookup.one(replace(at, group=ARM), "n")
        found.append(
            words(
                "Of ",
                count(n, "population_n"),
                " patients ",
                count(n),
                " are compared: those of whom all covariates are known.",
            )
        )
    return found
