"""Which fields a study needs, and for what: read from its definitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from remit.language.fields import collected
from remit.language.query import Query
from remit.language.resolve import resolve_name
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Analysis,
    Ancova,
    Centres,
    Change,
    Completeness,
    Course,
    Endpoints,
    Events,
    Multiplicity,
    Predictors,
    Rates,
    RepeatedMeasures,
    Sensitivity,
    Shift,
    States,
    Summary,
    TimeToEvent,
)
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study

Where = tuple[str, str]  # form and field


def needs(study: Study) -> dict[Where, tuple[str, ...]]:
    """Each field that something reads, with what reads it, in the order of the study file."""
    found: dict[Where, dict[str, None]] = {}
    for what, query in queries(study):
        for form, field in sorted(collected(query)):
            if form in study.forms:
                found.setdefault((form, field), {})[what] = None
    for where, what in _fields(study):
        found.setdefault(where, {})[what] = None
    order = {(form.name, field): None for form in study.forms.values() for field in form.fields}
    return {where: tuple(found[where]) for where in order if where in found}


def queries(study: Study) -> Iterator[tuple[str, Query]]:
    """Every query of the study, with what it is for."""
    yield "the index date", study.index
    if study.dosing is not None:
        yield "dosing", study.dosing.where
        yield "dosing", study.dosing.permanent
    for criterion in study.criteria:
        yield f"eligibility ({criterion.label})", criterion.passes
    for population in study.populations.values():
        if population.where is not None:
            yield f"the population {population.name}", population.where
    for endpoint in study.endpoints.values():
        for query in (*endpoint.queries.values(), *endpoint.requires.values()):
            yield endpoint.label, query
    for event in study.events.values():
        for query in event.queries.values():
            yield event.label, query
    for name, variable in study.subgroups.items():
        yield f"the subgroup {name}", variable.query
    for analysis in study.analyses:
        yield from _of_analysis(analysis)
    last = study.visits[-1].name if study.visits else None
    for definition in study.scope.definitions.values():
        if definition.form is None and definition.name not in study.endpoints:
            yield definition.label, resolve_name(definition.name, study.scope, visit=last)


def _of_analysis(analysis: Analysis) -> Iterator[tuple[str, Query]]:
    match analysis:
        case Summary():
            for row in analysis.rows:
                yield analysis.title, row.query
                if row.among is not None:
                    yield analysis.title, row.among
        case Course() | Shift() | Change() | States() | Completeness():
            for _, queries in analysis.rows:
                for query in queries.values():
                    yield analysis.title, query
        case RepeatedMeasures():
            for query in (*analysis.queries.values(), *(each.query for each in analysis.covariates)):
                yield analysis.title, query
        case Ancova():
            for variable in analysis.variables:
                yield analysis.title, variable.query
        case Events():
            for period in analysis.periods:
                yield analysis.title, period.where
            for kind in analysis.special_interest:
                yield analysis.title, kind.where
        case TimeToEvent() | Rates():
            for query in analysis.queries.values():
                yield analysis.title, query
        case Predictors() | AdjustedComparison():
            for covariate in analysis.covariates:
                yield analysis.title, covariate.variable.query
        case Indirect():
            for match in analysis.matches:
                yield analysis.title, match.variable.query
        case Comparison():
            for rule, endpoint in analysis.judged:
                for query in (*endpoint.queries.values(), *endpoint.requires.values()):
                    yield f"{analysis.title} ({rule.label})", query
        case Endpoints() | Sensitivity() | Centres() | Multiplicity() | Pooling():
            pass  # `queries` has those of the endpoints
        case _:
            assert_never(analysis)


def _fields(study: Study) -> Iterator[tuple[Where, str]]:
    """What is named in the study file outside expressions."""
    for name, what in ((study.observed_until, "the end of observation"), (study.birth, "the check of dates")):
        if name is not None:
            home, field = name.split(".")
            yield (home, field), what
    for form in study.forms.values():
        for date in (form.date, form.start, form.stop):
            if date is not None:
                yield (form.name, date), f"the dates of {form.name}"
    if study.dosing is not None and study.dosing.reason is not None:
        yield (study.dosing.form, study.dosing.reason), "dosing"
    for analysis in study.analyses:
        if isinstance(analysis, Events):
            for field in (analysis.term, *analysis.by):
                yield (analysis.form, field), analysis.title
