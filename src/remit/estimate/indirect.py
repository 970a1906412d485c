"""Our patients made like those of a published arm: by weights, by a model, and as they are; and what was published."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import polars as pl

from remit.estimate.contrasts import POINTS
from remit.estimate.covariates import numbers_of
from remit.estimate.guards import guard_rows, later
from remit.estimate.outcome import outcome_of
from remit.estimate.proportions import proportion
from remit.inference.estimate import Estimate, Guard
from remit.inference.indirect import stc
from remit.inference.indirect.bootstrap import bootstrapped
from remit.inference.indirect.maic import Outcome, weighted_share
from remit.inference.indirect.matched import Matched
from remit.inference.indirect.published import Published, Share, difference, interval, odds_ratio
from remit.inference.indirect.weights import Balance, Weights, matching_weights
from remit.language.query import digest
from remit.schema.cohort import variable_column
from remit.schema.results import DECIDED, Denominator, Row, Statistic, rows
from remit.study.comparisons.indirect_kind import WEIGHTS, Indirect, Match
from remit.study.evidence.told import certainties
from remit.study.study import Study

Made = TypeVar("Made")

_LATER = "the two studies would be made alike in what the treatments did."
_IMPUTED = "Some of their outcomes were imputed, and what that leaves unsure is not in the interval."
_QUANTILES = {"min": 0.0, "q1": 0.25, "median": 0.5, "q3": 0.75, "max": 1.0}
_TENTH = 10


@dataclass(frozen=True)
class Asked:
    """The patients of a population whom the estimand asks for and of whom the outcome and each covariate is known.

    unknown: of how many others what is not known, by what it is. left_out: how many others there are.
    """

    analysis: Indirect
    population: str
    definition: str
    reached: Outcome
    covariates: list[Matched]
    left_out: int
    asked: int
    unknown: dict[str, int]
    size: int

    @property
    def behind(self) -> Denominator:
        return Denominator(int(self.reached.sum()), len(self.reached), self.left_out, self.size)

    @property
    def theirs(self) -> Published:
        return Published(float(self.analysis.share), self.analysis.of)


def estimate_indirect(study: Study, analysis: Indirect, patients: pl.DataFrame) -> Iterator[Row]:
    """What was published; then of each population ours as it is, and by each method."""
    yield from _published(analysis)
    for population in analysis.populations:
        asked = _asked(study, analysis, population, patients)
        yield from _as_it_is(study, asked)
        for method in analysis.methods:
            yield from _weighted(asked) if method == "maic" else _modelled(asked)


def _asked(study: Study, analysis: Indirect, population: str, patients: pl.DataFrame) -> Asked:
    visit, estimand = analysis.visit, analysis.estimand
    columns = [name for name in patients.columns if name.startswith(variable_column(analysis.name, ""))]
    found = outcome_of(study, analysis.judged.name, visit, estimand, population, patients, columns)
    values = {match.variable.name: _values(analysis, match, found.patients) for match in analysis.matches}
    unknown = {match.variable.label: values[match.variable.name].count(None) for match in analysis.matches}
    if estimand == DECIDED:
        unknown = {"the endpoint": found.reached.null_count(), **unknown}
    together = zip(found.reached.to_list(), *values.values(), strict=True)
    known = [number for number, each in enumerate(together) if None not in each]
    covariates = [
        Matched(
            match.variable.label,
            [float(values[match.variable.name][at] or 0) for at in known],
            float(match.mean),
            None if match.sd is None else float(match.sd),
        )
        for match in analysis.matches
    ]
    return Asked(
        analysis,
        population,
        digest(analysis.judged.queries[visit]),
        found.reached.gather(known).to_numpy().astype(bool),
        covariates,
        len(found.reached) - len(known),
        len(found.reached),
        unknown,
        found.population,
    )


def _values(analysis: Indirect, match: Match, patients: pl.DataFrame) -> list[float | None]:
    """With None where it is not known, or known only to lie beyond a limit."""
    column = variable_column(analysis.name, match.variable.name)
    if match.yes_no:
        return [None if value is None else float(value) for value in patients[column].to_list()]
    return numbers_of(match.variable, column, patients)


# What was published


def _published(analysis: Indirect) -> Iterator[Row]:
    nobody = Denominator(None, None, None, None)
    result = analysis.result
    note = certainties(result)
    told = [Statistic("percent", 100 * float(analysis.share), "%", note=note)]
    told += [Statistic("n", float(analysis.of), note=note)] if analysis.of is not None else []
    yield from rows(analysis.published, told, nobody, None)
    for match in analysis.matches:
        at = replace(analysis.published, variable=match.variable.name, time=None)
        value, unit = (100 * float(match.mean), "%") if match.yes_no else (float(match.mean), _unit(match))
        first, *rest = match.reported
        whole = "" if match.of_arm else ", of their whole study"
        note = f"{first.text} [{first.certainty}]{whole}"
        statistics = [Statistic("percent" if match.yes_no else "mean", value, unit, note=note)]
        for sd in rest:
            note = f"{sd.text} [{sd.certainty}]{whole}"
            statistics.append(Statistic("sd", float(sd.value * match.factor), unit, note=note))
        yield from rows(at, statistics, nobody, None)


def _unit(match: Match) -> str | None:
    return getattr(match.variable.query.type, "unit", None) or match.variable.unit or None


# Ours


def _as_it_is(study: Study, asked: Asked) -> Iterator[Row]:
    at, n, of = asked.analysis.at(asked.population), int(asked.reached.sum()), len(asked.reached)
    told = proportion(n, of)
    if of:
        share = Share(n / of, (n / of * (1 - n / of) / of) ** 0.5, "as they are")
        told += _against(asked, share)
    yield from rows(at, told, asked.behind, asked.definition)
    yield from guard_rows(at, _guards(study, asked), asked.behind, asked.definition)
    for match, covariate in zip(asked.analysis.matches, asked.covariates, strict=True):
        here = asked.analysis.at(asked.population, variable=match.variable.name)
        yield from rows(here, _described(match, covariate), _of_match(asked, match, covariate), _digest(match))


def _described(match: Match, covariate: Matched) -> list[Statistic]:
    values = pl.Series(covariate.values, dtype=pl.Float64)
    if match.yes_no:
        return proportion(int(values.sum()), len(values))[:2]
    mean, sd = values.mean(), values.std(ddof=0)
    return [
        Statistic("mean", _number(mean), _unit(match), note=None if len(values) else "nobody is known"),
        Statistic("sd", _number(sd), _unit(match), "n as divisor", None if len(values) else "nobody is known"),
    ]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _of_match(asked: Asked, match: Match, covariate: Matched) -> Denominator:
    having = int(sum(covariate.values)) if match.yes_no else None
    return replace(asked.behind, numerator=having)


def _digest(match: Match) -> str:
    return digest(match.variable.query)


def _guards(study: Study, asked: Asked) -> Iterator[Guard]:
    if asked.left_out:
        named = ", ".join(f"{name} (in {number})" for name, number in asked.unknown.items() if number)
        told = f"{asked.left_out} of {asked.asked} patients are left out; not known: {named}."
        yield Guard("left out", told)
    yield from later(study, [match.variable for match in asked.analysis.matches], _LATER)


# By each method


def _weighted(asked: Asked) -> Iterator[Row]:
    at = asked.analysis.at(asked.population, "maic")
    made = _made(lambda: matching_weights(asked.covariates))
    share = made if isinstance(made, str) else _made(lambda: weighted_share(asked.reached, made))
    yield from rows(at, _shares(asked, share), asked.behind, asked.definition)
    if asked.analysis.bootstrap is not None and not isinstance(share, str):
        yield from rows(at, _bootstrap(asked, asked.analysis.bootstrap), asked.behind, asked.definition)
    if isinstance(made, str):
        yield from guard_rows(at, [Guard("not made", made)], asked.behind, asked.definition)
        return
    not_made = [Guard("not made", share)] if isinstance(share, str) else []
    yield from guard_rows(at, [*not_made, *made.guards], asked.behind, asked.definition)
    yield from _of_weights(asked, made)
    for match, balance in zip(asked.analysis.matches, made.balance, strict=True):
        here = asked.analysis.at(asked.population, "maic", match.variable.name)
        behind = replace(asked.behind, numerator=None)
        yield from rows(here, _balanced(match, balance), behind, _digest(match))


def _modelled(asked: Asked) -> Iterator[Row]:
    at = asked.analysis.at(asked.population, "stc")
    share = _made(lambda: stc.standardised_share(asked.reached, asked.covariates, asked.analysis.seed))
    yield from rows(at, _shares(asked, share), asked.behind, asked.definition)
    warned = [Guard("not made", share)] if isinstance(share, str) else stc.guards(asked.reached, asked.covariates)
    yield from guard_rows(at, warned, asked.behind, asked.definition)


def _made(make: Callable[[], Made]) -> Made | str:
    """What is made, or why it cannot be: an overlap that is not there, separation, the same outcome for all."""
    try:
        return make()
    except (ValueError, ArithmeticError) as why:
        return f"{why}."


def _shares(asked: Asked, share: Share | str) -> list[Statistic]:
    if isinstance(share, str):
        return [Statistic(name, None, note=share) for name in (*_SHARE, *_AGAINST)]
    told = interval(share)
    percent = _given(_SHARE, told, 100, "%")
    return [*percent, Statistic("standard_error", 100 * share.error, POINTS, share.method), *_against(asked, share)]


_SHARE = ("percent", "lower", "upper")
_DIFFERENCE = ("difference", "difference_lower", "difference_upper")
_RATIO = ("odds_ratio", "odds_ratio_lower", "odds_ratio_upper")
_AGAINST = (*_DIFFERENCE, *_RATIO)


def _against(asked: Asked, share: Share) -> list[Statistic]:
    """Ours less theirs, and the odds of ours into those of theirs."""
    handling = asked.analysis.outcome.handling
    imputed = _IMPUTED if asked.theirs.of and "imputation" in handling else None
    apart, ratio = difference(share, asked.theirs), odds_ratio(share, asked.theirs)
    found = [*_given(_DIFFERENCE, apart, 100, POINTS), *_given(_RATIO, ratio)]
    return [replace(each, note=each.note or imputed) for each in found]


def _given(names: Sequence[str], found: Estimate, times: float = 1, unit: str | None = None) -> list[Statistic]:
    return [
        Statistic(name, None if value is None else times * value, unit, found.method, found.note)
        for name, value in zip(names, (found.value, found.lower, found.upper), strict=True)
    ]


def _bootstrap(asked: Asked, times: int) -> list[Statistic]:
    made = _made(lambda: bootstrapped(asked.reached, asked.covariates, asked.analysis.seed, times))
    names = ("bootstrap_lower", "bootstrap_upper", "bootstrap_lost")
    if isinstance(made, str):
        return [Statistic(name, None, note=made) for name in names]
    _, *ends = _given(("bootstrap", *names[:2]), made.interval, 100, "%")
    return [*ends, Statistic(names[2], float(made.lost), method=made.share.method)]


def _of_weights(asked: Asked, weights: Weights) -> Iterator[Row]:
    at, behind = asked.analysis.at(asked.population, "maic", WEIGHTS), asked.behind
    effective = weights.effective
    told = [
        Statistic("effective", effective),
        Statistic("effective_percent", 100 * effective / weights.patients, "%"),
        Statistic("heaviest_percent", 100 * weights.heaviest(1), "%"),
        Statistic("heaviest_tenth_percent", 100 * weights.heaviest(-(-weights.patients // _TENTH)), "%"),
        *(Statistic(name, weights.quantiles([at])[0]) for name, at in _QUANTILES.items()),
    ]
    yield from rows(at, told, replace(behind, numerator=None), asked.definition)
    for each in weights.bins:
        counted = replace(behind, numerator=each.patients)
        yield from rows(
            replace(at, level=each.label), [Statistic("n", float(each.patients))], counted, asked.definition
        )


def _balanced(match: Match, balance: Balance) -> list[Statistic]:
    if match.yes_no:
        return [Statistic("percent", 100 * balance.after, "%", "weighted")]
    unit = _unit(match)
    return [Statistic("mean", balance.after, unit, "weighted"), Statistic("sd", balance.sd_after, unit, "weighted")]
