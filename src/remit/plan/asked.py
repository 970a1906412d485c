"""Which results a study asks for, by the meaning of each part of their address: so it is told what was planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from remit.language.fields import values
from remit.language.query import Query
from remit.plan.meaning import fingerprint, meaning
from remit.schema.results import (
    ARM,
    BEST,
    BOUNDS,
    CRUDE,
    IMPUTATION,
    IMPUTED_VALUES,
    META_REGRESSION,
    MULTIVARIABLE,
    RANDOM_INTERCEPT,
    UNIVARIABLE,
    WEIGHTING,
    WITHOUT_STUDY,
    WORST,
    Address,
    handled,
    modelled,
)
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Analysis,
    Ancova,
    Centres,
    Change,
    Completeness,
    Course,
    Covariate,
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
    Variable,
)
from remit.study.comparisons.indirect_kind import Indirect, Match
from remit.study.comparisons.indirect_model import Method
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.study import ELIGIBLE, Endpoint, Study
from remit.study.written import IMPUTED

FLOW = "flow"
BENCHMARK = ("benchmark_p", "benchmark_probability")

INTERVAL_OF_MEAN = ("mean_lower", "mean_upper")

At = tuple[str, str | None]  # a variable, with its visit or level; None: whatever they are


@dataclass(frozen=True)
class Asked:
    """What an analysis asks: the fingerprint of each part of the addresses of its results.

    `settings`: what all its results rest on. What is not named in a mapping rests on nothing else.
    """

    kind: str
    settings: str
    populations: Mapping[At, str] = field(default_factory=dict)  # a population, with its visit
    variables: Mapping[At, str] = field(default_factory=dict)
    handlings: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    periods: Mapping[str, str] = field(default_factory=dict)
    statistics: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[At, str] = field(default_factory=dict)  # of a group, with the variable

    def parts(self, address: Address, statistic: str) -> Iterator[tuple[str, str]]:
        """Which mapping, and the fingerprint there, of each part of an address that rests on something."""
        variable, population = address.variable or "", address.population or ""
        group = ARM if address.contrast is not None else address.group
        found = {
            "populations": _first(self.populations, population, address.visit, None),
            "variables": _first(self.variables, variable, address.visit, address.level, None),
            "handlings": self.handlings.get(address.handling or ""),
            "groups": self.groups.get(group or ""),
            "levels": self.levels.get((address.group_level or "", address.variable)),
            "times": self.times.get(address.time or ""),
            "periods": self.periods.get(address.period or ""),
            "statistics": self.statistics.get(statistic),
        }
        yield from ((name, mark) for name, mark in found.items() if mark is not None)

    def holds(self, parts: Mapping[str, str]) -> bool:
        """Whether it asks the same, whatever it calls it."""
        return all(mark in getattr(self, name).values() for name, mark in parts.items())


def _first(held: Mapping[At, str], name: str, *at: str | None) -> str | None:
    return next((held[name, each] for each in at if (name, each) in held), None)


@dataclass(frozen=True)
class Asking:
    """All that a study asks, by the name of the analysis."""

    study: Study
    analyses: Mapping[str, Asked]

    def asks(self, asked: Asked, parts: Mapping[str, str]) -> bool:
        alike = (each for each in self.analyses.values() if (each.kind, each.settings) == (asked.kind, asked.settings))
        return any(each.holds(parts) for each in alike)


def asking(study: Study) -> Asking:
    found = {FLOW: _flow(study)}
    if study.imputation is not None:
        found[IMPUTED_VALUES] = Asked(IMPUTED_VALUES, _imputation(study))
    for analysis in study.analyses:
        found[analysis.name] = _asked(study, analysis)
    return Asking(study, found)


# Parts


def _of(study: Study, query: Query | None) -> str:
    """The meaning of a definition, with that of the visits and doses that it reads."""
    if query is None:
        return ""
    read = values(query)
    visits = {value.visit for value in read}
    windows = [meaning(visit) for visit in study.visits if visit.name in visits]
    doses = (study.dosing, study.observed_until) if any(value.form == "dosing" for value in read) else ()
    return fingerprint(query, windows, doses)


def _each(study: Study, queries: Mapping[str, Query]) -> str:
    return fingerprint([f"{name} {_of(study, query)}" for name, query in queries.items()])


def _variable(study: Study, variable: Variable) -> str:
    return fingerprint(_of(study, variable.query), _of(study, variable.among), variable.unit)


def _covariate(study: Study, covariate: Covariate) -> str:
    return fingerprint(_variable(study, covariate.variable), covariate.per, covariate.chosen, covariate.only)


def _population(study: Study, name: str) -> str:
    population = study.populations[name]
    if population.name == ELIGIBLE or population.of is None:
        return fingerprint(study.index, sorted(_of(study, criterion.passes) for criterion in study.criteria))
    return fingerprint(_population(study, population.of), _of(study, population.where))


def _estimand(study: Study, name: str) -> str:
    """Of "decided" too, which is none."""
    if name not in study.estimands:
        return fingerprint(name)
    estimand = study.estimands[name]
    events = sorted(f"{_each(study, study.events[event].queries)} {how}" for event, how in estimand.strategies.items())
    return fingerprint(events, estimand.missing)


def _imputation(study: Study) -> str:
    made = study.imputation
    if made is None:
        return ""
    after = [_each(study, study.events[event].queries) for event in made.non_response_after]
    predictors = [_variable(study, variable) for variable in made.predictors]
    return fingerprint(made.seed, made.imputations, made.iterations, predictors, after, made.shifts)


def _endpoint(study: Study, name: str, visit: str) -> str:
    return _judged(study, study.endpoints[name], visit)


def _judged(study: Study, endpoint: Endpoint, visit: str) -> str:
    return fingerprint(_of(study, endpoint.queries[visit]), _of(study, endpoint.requires.get(visit)), visit)


def _endpoints_at(study: Study, names: tuple[str, ...]) -> dict[At, str]:
    """At each of their visits; elsewhere, as at the reference visit, by all of it."""
    found: dict[At, str] = {}
    for name in names:
        endpoint = study.endpoints[name]
        found[name, None] = _each(study, endpoint.queries)
        found |= {(name, visit): _endpoint(study, name, visit) for visit in endpoint.at}
    return found


def _at_visits(study: Study, rows: tuple[tuple[Variable, Mapping[str, Query]], ...]) -> dict[At, str]:
    found: dict[At, str] = {}
    for variable, queries in rows:
        found[variable.name, None] = fingerprint(_each(study, queries), variable.unit)
        found |= {(variable.name, visit): fingerprint(_of(study, query), visit) for visit, query in queries.items()}
    return found


# Each kind of analysis


def _flow(study: Study) -> Asked:
    """The criteria count in their order: a patient falls at the first that fails."""
    found: dict[At, str] = {(ELIGIBLE, None): _population(study, ELIGIBLE)}
    found["undecidable", None] = found[ELIGIBLE, None]
    before: list[str] = [meaning(study.index)]
    for criterion in study.criteria:
        before.append(_of(study, criterion.passes))
        found["excluded", criterion.name] = fingerprint(before)
    found |= {("population", name): _population(study, name) for name in study.populations}
    found |= {(f"{kind}_arm", None): meaning(arms) for kind, arms in study.arms.items()}
    return Asked(FLOW, "", variables=found)


def _asked(study: Study, analysis: Analysis) -> Asked:
    groups = {ARM: meaning(analysis.arms)} if analysis.arms else {}
    populations: dict[At, str] = {}
    if not isinstance(analysis, Endpoints):
        populations = {(name, None): _population(study, name) for name in analysis.populations}
    kind, arms = type(analysis).__name__, meaning(analysis.arms)
    match analysis:
        case Summary():
            rows: dict[At, str] = {(row.name, None): _variable(study, row) for row in analysis.rows}
            return Asked(kind, "", populations, rows, groups=groups)
        case Endpoints():
            return _endpoints(study, analysis, groups)
        case Course():
            intervals = dict.fromkeys(INTERVAL_OF_MEAN, fingerprint("intervals")) if analysis.intervals else {}
            rows = _at_visits(study, analysis.rows)
            return Asked(kind, "", populations, rows, groups=groups, statistics=intervals)
        case States() | Completeness():
            return Asked(kind, "", populations, _at_visits(study, analysis.rows), groups=groups)
        case Change():
            handlings: dict[str, str] = {missing: fingerprint(missing) for missing in analysis.missing}
            if IMPUTATION in handlings:
                handlings[IMPUTATION] = _imputation(study)
            origin = fingerprint(analysis.origin)
            return Asked(kind, origin, populations, _at_visits(study, analysis.rows), handlings, groups)
        case Shift():
            return Asked(
                kind, fingerprint(analysis.origin), populations, _at_visits(study, analysis.rows), groups=groups
            )
        case Events():
            return _events(study, analysis, populations, groups)
        case TimeToEvent():
            return _times(study, analysis, populations)
        case Sensitivity():
            return _sensitivity(study, analysis, populations, groups)
        case Predictors():
            return _predictors(study, analysis, populations)
        case AdjustedComparison():
            return _adjusted(study, analysis, populations)
        case Centres():
            of: dict[At, str] = {
                (analysis.endpoint, analysis.visit): _endpoint(study, analysis.endpoint, analysis.visit)
            }
            estimand = _estimand(study, analysis.estimand)
            models = {analysis.estimand: estimand, modelled(analysis.estimand, RANDOM_INTERCEPT): estimand}
            return Asked(kind, "", populations, of, models, groups)
        case Comparison():
            return _comparison(study, analysis, populations)
        case Indirect():
            return _indirect(study, analysis, populations)
        case Pooling():
            return _pooling(study, analysis, populations)
        case RepeatedMeasures():
            covariates = [_variable(study, each) for each in analysis.covariates]
            chosen = (analysis.origin, analysis.to, analysis.weights, analysis.errors, arms)
            return Asked(kind, fingerprint(_each(study, analysis.queries), covariates, *chosen), populations)
        case Ancova():
            variables = [_variable(study, each) for each in analysis.variables]
            return Asked(kind, fingerprint(variables, analysis.dose is None, analysis.weights, arms), populations)
        case Rates():
            rows = {(row.name, None): _variable(study, row) for row in analysis.rows}
            return Asked(kind, _of(study, analysis.exposure), populations, rows, groups=groups)
        case Multiplicity():
            tests = [(test.result, test.step) for test in analysis.tests]
            return Asked(kind, fingerprint(analysis.method, analysis.level, tests))
        case _:
            assert_never(analysis)


def _endpoints(study: Study, analysis: Endpoints, groups: dict[str, str]) -> Asked:
    windows = {visit.name: meaning(visit) for visit in study.visits}
    populations: dict[At, str] = {
        (name, visit): fingerprint(_population(study, name), windows[visit])
        for visit, names in analysis.populations.items()
        for name in names
    }
    populations |= {(name, None): _population(study, name) for name in analysis.every_population}
    estimands = {name: _estimand(study, name) for name in study.estimands}
    subgroups = {name: _variable(study, study.subgroups[name]) for name in analysis.subgroups}
    endpoints = _endpoints_at(study, analysis.endpoints)
    return Asked("Endpoints", "", populations, endpoints, estimands, {**groups, **subgroups})


def _comparison(study: Study, analysis: Comparison, populations: dict[At, str]) -> Asked:
    """All rests on our endpoint; what is compared with a published number, on that too."""
    own = _endpoint(study, analysis.endpoint, analysis.visit)
    endpoints: dict[At, str] = {(analysis.endpoint, analysis.visit): own}
    for rule, each in analysis.judged:
        endpoints[rule.name, analysis.visit] = _judged(study, each, analysis.visit)
    published: dict[At, str] = {}
    for beside in analysis.beside:
        for arm in beside.arms:
            address = analysis.published(beside, arm)
            published[address.group_level or "", address.variable] = fingerprint(beside.content_of(arm))
    handlings = {name: _estimand(study, name) for name in study.estimands}
    benchmark = dict.fromkeys(BENCHMARK, fingerprint("each published percentage")) if analysis.benchmark else {}
    return Asked("Comparison", own, populations, endpoints, handlings, levels=published, statistics=benchmark)


def _events(study: Study, analysis: Events, populations: dict[At, str], groups: dict[str, str]) -> Asked:
    special = fingerprint([_of(study, kind.where) for kind in analysis.special_interest])
    variables: dict[At, str] = {(name, None): fingerprint(name) for name in analysis.by}
    variables |= {("special_interest", kind.name): _of(study, kind.where) for kind in analysis.special_interest}
    variables["special_interest", None] = special
    periods = fingerprint([_of(study, period.where) for period in analysis.periods])
    named = {period.name: periods for period in analysis.periods}
    settings = fingerprint(analysis.form, analysis.term)
    return Asked("Events", settings, populations, variables, groups=groups, periods=named)


def _times(study: Study, analysis: TimeToEvent, populations: dict[At, str]) -> Asked:
    asked = (analysis.start, analysis.event, analysis.happened, analysis.censored, analysis.reason)
    covariates: dict[At, str] = {(each.variable.name, None): _covariate(study, each) for each in analysis.modelled}
    together = fingerprint(sorted(covariates.values()))
    groups = {ARM: fingerprint(analysis.arms, analysis.compare)} if analysis.arms else {}
    return Asked(
        "TimeToEvent",
        fingerprint([_of(study, query) for query in asked]),
        populations,
        covariates,
        {MULTIVARIABLE: together},
        groups,
        {str(day): str(day) for day in analysis.days},
    )


def _sensitivity(study: Study, analysis: Sensitivity, populations: dict[At, str], groups: dict[str, str]) -> Asked:
    handlings: dict[str, str] = {}
    for name in analysis.estimands:
        handlings[name] = _estimand(study, name)
        for missing in analysis.missing:
            imputed = _imputation(study) if missing in IMPUTED else ""
            for each in (WORST, BEST) if missing == BOUNDS else (missing,):
                handlings[handled(name, each)] = fingerprint(handlings[name], each, imputed)
    endpoint: dict[At, str] = {(analysis.endpoint, analysis.visit): _endpoint(study, analysis.endpoint, analysis.visit)}
    benchmark = dict.fromkeys(BENCHMARK, fingerprint(analysis.benchmark)) if analysis.benchmark is not None else {}
    return Asked("Sensitivity", "", populations, endpoint, handlings, groups, statistics=benchmark)


def _pooling(study: Study, analysis: Pooling, populations: dict[At, str]) -> Asked:
    """All its results rest on which numbers are pooled, and how."""
    pooled = [each.beside.content for each in analysis.studies]
    how = (analysis.measure, analysis.model, analysis.heterogeneity, analysis.interval, analysis.joins)
    ours, of, handlings = analysis.ours, dict[At, str](), dict[str, str]()
    if ours is not None:
        of[ours.endpoint, ours.visit] = _endpoint(study, ours.endpoint, ours.visit)
        handlings[ours.estimand] = _estimand(study, ours.estimand)
    joining = (*of.values(), *handlings.values()) if analysis.joins else ()
    groups = {WITHOUT_STUDY: fingerprint(WITHOUT_STUDY)} if analysis.leave_one_out else {}
    groups |= {name: fingerprint(name) for name in analysis.subgroups}
    of |= {(analysis.measure, name): fingerprint(META_REGRESSION, name) for name in analysis.moderators}
    return Asked("Pooling", fingerprint(pooled, how, joining), populations, of, handlings, groups)


def _predictors(study: Study, analysis: Predictors, populations: dict[At, str]) -> Asked:
    estimand = _estimand(study, analysis.estimand)
    covariates: dict[At, str] = {(each.variable.name, None): _covariate(study, each) for each in analysis.covariates}
    handlings = {
        analysis.estimand: estimand,
        modelled(analysis.estimand, UNIVARIABLE): estimand,
        modelled(analysis.estimand, MULTIVARIABLE): fingerprint(estimand, sorted(covariates.values())),
    }
    settings = fingerprint(_endpoint(study, analysis.endpoint, analysis.visit), analysis.arms)
    return Asked("Predictors", settings, populations, covariates, handlings)


def _adjusted(study: Study, analysis: AdjustedComparison, populations: dict[At, str]) -> Asked:
    """Each estimate rests on all covariates, for a patient of whom one is not known is in none of them."""
    covariates = sorted(_covariate(study, each) for each in analysis.covariates)
    chosen = (analysis.target, analysis.truncate, analysis.arms)
    endpoint = _endpoint(study, analysis.endpoint, analysis.visit)
    settings = fingerprint(endpoint, _estimand(study, analysis.estimand), covariates, *chosen)
    handlings = {modelled(analysis.estimand, name): fingerprint(name) for name in (CRUDE, WEIGHTING, *analysis.methods)}
    return Asked("AdjustedComparison", settings, populations, handlings=handlings)


def _indirect(study: Study, analysis: Indirect, populations: dict[At, str]) -> Asked:
    """What is published counts as it is printed; so does what is matched."""
    estimand = _estimand(study, analysis.estimand)
    matches = {match.variable.name: _match(study, match) for match in analysis.matches}
    together = fingerprint(estimand, sorted(matches.values()))
    chosen: dict[Method, tuple[int | None, ...]] = {
        "maic": (analysis.seed, analysis.bootstrap),
        "stc": (analysis.seed,),
    }
    handlings = {analysis.estimand: together} | {
        modelled(analysis.estimand, method): fingerprint(together, method, chosen[method])
        for method in analysis.methods
    }
    of: dict[At, str] = {(name, None): said for name, said in matches.items()}
    own = _judged(study, analysis.judged, analysis.visit)
    settings = fingerprint(own, analysis.beside.content_of(analysis.result.arm))
    return Asked("Indirect", settings, populations, of, handlings)


def _match(study: Study, match: Match) -> str:
    return fingerprint(_variable(study, match.variable), match.mean, match.sd)
