"""What a result is, in words: for the panel of the report, and for `remit explain`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple, assert_never

from remit.language.describe import describe
from remit.language.query import Query
from remit.report.addresses import ALL_PERIODS, ANY, FLOW, SPECIAL_INTEREST, TERM, UNKNOWN
from remit.report.comparison.told import is_of_evidence, of_comparison, of_evidence
from remit.report.effectiveness import said_of_events
from remit.report.methods import STRATEGIES
from remit.report.numbers import MINUS
from remit.report.wording import capital, listed_text, quoted, sentence, small, visit_label, with_unit
from remit.schema.cohort import ELIGIBLE
from remit.schema.results import (
    ARM,
    BEST,
    BOUNDS,
    CARRIED_FORWARD,
    CENTRE,
    COMMON,
    COMPLETE,
    CRUDE,
    DECIDED,
    FUNNEL,
    HYBRID,
    IMPUTATION,
    IMPUTED_VALUES,
    META_REGRESSION,
    MISSING_AT_RANDOM,
    MULTIVARIABLE,
    NON_RESPONSE,
    OBSERVED,
    PROPENSITY,
    RANDOM,
    RANDOM_INTERCEPT,
    REQUIRED,
    SURE_NUMBERS,
    UNIVARIABLE,
    WEIGHTING,
    WITHOUT_CENTRE,
    WITHOUT_OURS,
    WITHOUT_STUDY,
    WORST,
)
from remit.schema.results import WEIGHTS as WEIGHTS_OF_STUDIES
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
    Variable,
)
from remit.study.comparisons.indirect_kind import WEIGHTS, Indirect
from remit.study.comparisons.kinds import EVIDENCE, RULE_AGAINST_OURS, Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study

HANDLINGS: Mapping[str, str] = {
    DECIDED: "Over the patients for whom the definition gives yes or no.",
    COMPLETE: "Over the patients for whom every part of the definition is known.",
    REQUIRED: "Over the patients who have what the protocol asks for.",
    OBSERVED: "Over the patients in whom it is known.",
    MISSING_AT_RANDOM: "All visits in one model: what is missing is taken to be like that of patients who were alike "
    "until then.",
    NON_RESPONSE: "Where it is not known, the patient counts as not having reached it.",
    CARRIED_FORWARD: "As at the last visit at which it was known; over the patients with one.",
    IMPUTATION: "What is missing is imputed many times from what is known of the patients, and the endpoint derived "
    "each time.",
    HYBRID: "Not reached by those who had an event that the study names; of the others what is missing is imputed.",
    BOUNDS: "From the worst case to the best.",
    WORST: "As if nobody of those not known had reached it.",
    BEST: "As if all of those not known had reached it.",
    UNIVARIABLE: "The covariate alone.",
    MULTIVARIABLE: "All covariates together.",
    CRUDE: "Nothing is adjusted for: the patients of the arms as they are, of whom all covariates are known.",
    WEIGHTING: "Patients are weighted by their probability of being in their arm, by their covariates.",
    "standardisation": "By a regression of the outcome on the arm and the covariates, averaged over the patients.",
    "doubly robust": "By regression and weights together: right if one of the two models is.",
    "maic": "Each patient is weighted, so that ours look like theirs in what is matched.",
    "stc": "A model of our patients, applied to a population that looks like theirs in what is matched.",
    RANDOM_INTERCEPT: "A model in which each centre has a level of its own.",
    "glmm": "Pooled by a mixed model of the counts.",
    "inverse_variance": "Pooled by weighting studies by the inverse of their variance.",
    "freeman_tukey": "Pooled on the scale of Freeman and Tukey.",
    RANDOM: "Effects differ from study to study.",
    COMMON: "One effect in all studies.",
    META_REGRESSION: "A regression of published results on what studies are.",
    FUNNEL: "Whether small studies show something else than large ones.",
}
_PARTS_OF_STUDIES = {WITHOUT_OURS: "without ours", SURE_NUMBERS: "without numbers below K+"}
_FLOW = {
    "screened": ("Screened", "All patients in the charts."),
    "undecidable": ("Eligibility cannot be decided", "No criterion surely fails, and one is not known."),
    ELIGIBLE: ("Included", "All criteria are met."),
}

_OverVisits = Course | Shift | Change | States | Completeness


class Told(NamedTuple):
    """What the number is about; its definition; in whom; how what is not known is handled. Empty: does not apply."""

    subject: str
    definition: str
    population: str
    handling: str


@dataclass(frozen=True)
class _Thing:
    label: str
    definition: str = ""
    level: str | None = None  # its label, if it has one


class Teller:
    """`Teller(study).told(row)`: a row of results in words. What several rows share is said once."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._analyses: dict[str, Analysis] = {analysis.name: analysis for analysis in study.analyses}
        self._thing_of = cache(self._thing)
        self._population_of = cache(self._population)
        self._handling_of = cache(self._handling)

    def told(self, row: Mapping[str, Any]) -> Told:
        """row: of Results, with the columns of its address."""
        analysis = self._analyses.get(row["analysis"])
        if isinstance(analysis, Comparison | Pooling) and is_of_evidence(row):
            return self._beside(analysis, row)
        thing = self._thing_of(row["analysis"], row["variable"], row["level"], row["visit"])
        subject = ", ".join(part for part in self._parts(thing, row) if part)
        return Told(
            capital(subject),
            thing.definition,
            self._population_of(row["population"]),
            self._handling_of(row["handling"]),
        )

    def _beside(self, analysis: Comparison | Pooling, row: Mapping[str, Any]) -> Told:
        """A published number; or ours against one, which is of our patients."""
        subject, definition, population, handling = of_evidence(analysis, row)
        if row["contrast"] is None or isinstance(analysis, Pooling):
            return Told(capital(subject), definition, population, handling)
        ours, own_definition = of_comparison(self._study, analysis, analysis.endpoint)
        return Told(
            capital(f"{ours}, ours against {subject}"),
            f"Ours: {own_definition} Theirs, {small(definition)}",
            self._population_of(row["population"]),
            self._handling_of(row["handling"]),
        )

    def _parts(self, thing: _Thing, row: Mapping[str, Any]) -> Iterator[str]:
        yield thing.label
        if row["level"] is not None:
            yield thing.level or row["level"]
        if row["visit"] in {visit.name for visit in self._study.visits}:
            yield f"at {small(visit_label(self._study, row['visit']))}"
        yield self._period(row["period"])
        yield row["time"] or ""
        yield self._group(row["group"], row["group_level"])
        yield self._contrast(row["contrast"], row["group_level"])

    def _contrast(self, contrast: str | None, arm: str | None) -> str:
        if contrast is None:
            return ""
        return f"the difference {contrast}" if arm is None else f"in the comparison {contrast}"

    def _period(self, name: str | None) -> str:
        if name in (None, ALL_PERIODS):
            return ""
        labels = {period.name: small(period.label) for period in self._study.periods}
        return labels.get(name or "", "in a period that is not known")

    def _group(self, group: str | None, level: str | None) -> str:
        if group in _PARTS_OF_STUDIES and level is None:
            return _PARTS_OF_STUDIES[group]
        if group is None or level is None:
            return ""
        if group in (ARM, CENTRE):
            return f"{group} {level}"
        if group == EVIDENCE:
            return level.partition(": ")[2]
        if group == WITHOUT_CENTRE:
            return f"all centres but {level}"
        if group == WITHOUT_STUDY:
            return f"all studies but {level}"
        if group == WEIGHTS_OF_STUDIES:
            return f"the weight of {level}"
        found = self._study.subgroups.get(group)
        return f"{small(found.label) if found else group}: {level}"

    # In whom

    def _population(self, name: str | None) -> str:
        population = self._study.populations.get(name or "")
        if population is None:
            return ""
        if population.where is None:
            return sentence(population.label)
        of = self._population(population.of)
        return f"{sentence(population.label)} {sentence(self._said(population.where, None))} Of: {of}"

    # How what is not known is handled

    def _handling(self, handling: str | None) -> str:
        """ "decided", "as_published", "as_published:imputation"."""
        said = []
        for part in (handling or "").split(":"):
            if estimand := self._study.estimands.get(part):
                events = said_of_events(self._study, estimand, STRATEGIES)
                said.append(f"Estimand {quoted(estimand.label)}: {'; '.join(events)}." if events else "")
                if part == handling:
                    said.append(HANDLINGS[NON_RESPONSE])
            else:
                said.append(HANDLINGS.get(part, part))
        return " ".join(each for each in said if each)

    # What it is

    def _said(self, query: Query | None, visit: str | None) -> str:
        return sentence(describe(query, self._study.scope, visit)) if query is not None else ""

    def _variable(self, variable: Variable, query: Query | None = None, visit: str | None = None) -> _Thing:
        said = self._said(query or variable.query, visit)
        among = f" Among those for whom this holds: {self._said(variable.among, visit)}" if variable.among else ""
        return _Thing(with_unit(small(variable.label), variable.unit), said + among)

    def _endpoint(self, name: str, visit: str | None) -> _Thing:
        endpoint = self._study.endpoints[name]
        start = {endpoint.at_start.visit: endpoint.at_start.query} if endpoint.at_start else {}
        return _Thing(small(endpoint.label), self._said({**start, **endpoint.queries}.get(visit or ""), visit))

    def _thing(self, name: str, variable: str | None, level: str | None, visit: str | None) -> _Thing:
        if name == FLOW:
            return self._of_flow(variable or "", level or "")
        if name == IMPUTED_VALUES:
            return self._of_imputed(variable)
        analysis = self._analyses[name]
        if isinstance(analysis, AdjustedComparison):
            return self._of_adjusted(analysis, variable)
        if variable is None and not isinstance(analysis, Predictors | Multiplicity):
            return _Thing(small(analysis.title))
        match analysis:
            case Comparison():
                return _Thing(*of_comparison(self._study, analysis, variable or ""))
            case Endpoints() | Centres():
                return self._endpoint(variable or "", visit)
            case Sensitivity():
                return replace(self._endpoint(variable or "", visit), level=_completion(level))
            case Indirect():
                return self._of_indirect(analysis, variable or "", visit)
            case Predictors():
                covariates = [covariate.variable for covariate in analysis.covariates]
                thing = self._endpoint(analysis.endpoint, analysis.visit)
                return self._named(covariates, variable, thing.label) if variable else thing
            case Summary() | Rates():
                return self._named(analysis.rows, variable)
            case Course() | Shift() | Change() | States() | Completeness():
                return self._over_visits(analysis, variable, visit)
            case RepeatedMeasures():
                return self._named((analysis.outcome, *analysis.covariates), variable)
            case Ancova():
                return self._named(analysis.variables, variable)
            case TimeToEvent():
                return self._of_time(analysis, variable)
            case Events():
                return self._of_events(analysis, variable or "", level)
            case Multiplicity():
                tests = {test.result: test.label for test in analysis.tests}
                return _Thing(small(analysis.title), level=tests.get(level or "", level))
            case Pooling(ours=ours):
                if ours is not None and (variable, visit) == (ours.endpoint, ours.visit):
                    return self._endpoint(ours.endpoint, visit)
                return _Thing(small(analysis.title))
            case _:
                assert_never(analysis)

    def _named(self, variables: tuple[Variable, ...] | list[Variable], name: str | None, of: str = "") -> _Thing:
        for variable in variables:
            if variable.name == name:
                thing = self._variable(variable)
                return _Thing(f"{of} by {thing.label}", thing.definition) if of else thing
        return _Thing((name or "").replace("_", " "))

    def _over_visits(self, analysis: _OverVisits, name: str | None, visit: str | None) -> _Thing:
        for variable, by_visit in analysis.rows:
            if variable.name == name:
                return self._variable(variable, by_visit.get(visit or ""), visit)
        return _Thing((name or "").replace("_", " "))

    def _of_adjusted(self, analysis: AdjustedComparison, variable: str | None) -> _Thing:
        endpoint = self._endpoint(analysis.endpoint, analysis.visit)
        if variable == PROPENSITY:
            covariates = listed_text([small(each.variable.label) for each in analysis.covariates])
            return _Thing("propensity score", f"The probability of being in the arm, by {covariates}.")
        if variable == analysis.endpoint:
            return endpoint
        return self._named([each.variable for each in analysis.covariates], variable)

    def _of_indirect(self, analysis: Indirect, variable: str, visit: str | None) -> _Thing:
        if visit is None:  # published
            theirs = next((match.theirs for match in analysis.matches if match.variable.name == variable), None)
            label = f"{theirs or small(analysis.outcome.label)} ({analysis.evidence.title})"
            return _Thing(label, "" if theirs else sentence(analysis.outcome.definition.words))
        if variable == analysis.endpoint:
            judged = analysis.judged
            return _Thing(small(judged.label), self._said(judged.queries[analysis.visit], visit))
        if variable == WEIGHTS:
            return _Thing("weights of our patients", "Exponential in what is matched; 1 is an equal weight.")
        return self._named([match.variable for match in analysis.matches], variable)

    def _of_time(self, analysis: TimeToEvent, variable: str | None) -> _Thing:
        covariates = [covariate.variable for covariate in analysis.covariates]
        if any(covariate.name == variable for covariate in covariates):
            return self._named(covariates, variable, small(analysis.label))
        parts = [f"Days from {describe(analysis.start, self._study.scope)} to {small(analysis.label)}."]
        parts.append(f"The event: {self._said(analysis.happened, None)}")
        parts.append(f"Who had none is observed until {describe(analysis.censored, self._study.scope)}.")
        return _Thing(small(analysis.label), " ".join(parts))

    def _of_events(self, analysis: Events, variable: str, level: str | None) -> _Thing:
        form = self._study.scope.forms[analysis.form]
        if variable == SPECIAL_INTEREST:
            kind = next(kind for kind in analysis.special_interest if kind.name == level)
            return _Thing("event of special interest", self._said(kind.where, None), small(kind.label))
        counted = f"Each {form.label} of the charts."
        if variable == ANY:
            return _Thing(f"any {form.label}", counted)
        field = analysis.term if variable == TERM else variable
        label = small(self._study.forms[analysis.form].fields[field].label)
        level = "not known" if level == UNKNOWN else level
        return _Thing(f"{form.label}, {label}", f"{counted} Its {label}: {level}.", level)

    def _of_flow(self, variable: str, level: str) -> _Thing:
        if variable in _FLOW:
            return _Thing(*_FLOW[variable])
        if variable == "excluded":
            criterion = next(each for each in self._study.criteria if each.name == level)
            rule = f"The first criterion that surely fails; it asks for this: {self._said(criterion.passes, None)}"
            return _Thing("not included", rule, small(criterion.label))
        if variable == "population":
            return _Thing("population", self._population(level), small(self._study.populations[level].label))
        arms = self._study.arms.get(variable.removesuffix("_arm"))
        return _Thing(variable.replace("_", " "), self._said(arms.query, None) if arms else "")

    def _of_imputed(self, variable: str | None) -> _Thing:
        form, _, name = (variable or "").partition(".")
        if form not in self._study.forms:
            return _Thing("imputed values")
        label = small(self._study.forms[form].fields[name].label)
        return _Thing(
            f"imputed: {label}", "Empty cells that were filled many times from what is known of the patients."
        )


def _contrast(contrast: str | None) -> str:
    if contrast == RULE_AGAINST_OURS:
        return "against our own definition"
    return f"the difference {contrast}" if contrast else ""


def _completion(level: str | None) -> str | None:
    """Of an analysis of sensitivity: how many of the unknown, or of two arms', are taken to have reached it."""
    if level is None or not level.replace(" and ", "").isdigit():
        return level and f"with a shift of {level} in the log odds of those imputed".replace("-", MINUS)
    return f"if {level} of those not known had reached it"
