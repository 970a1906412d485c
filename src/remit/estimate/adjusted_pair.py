"""An arm against the reference, as if their patients had the same covariates: effects, balance, overlap, and what warns
of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from remit.estimate.contrasts import POINTS, difference_of_proportions, nobody_in
from remit.estimate.guards import guard_rows
from remit.estimate.ratios import ratio_statistics
from remit.inference.confounding.e_value import of_risk_ratio
from remit.inference.design import Covariate, CovariateError, Levels
from remit.inference.estimate import Estimate, Guard
from remit.inference.two_proportions import risk_ratio
from remit.schema.results import (
    PROPENSITY,
    WEIGHTING,
    Address,
    Denominator,
    Row,
    Statistic,
    modelled,
    propensity_level,
    rows,
)
from remit.study.analyses.kinds import AdjustedComparison, Adjustment

if TYPE_CHECKING:
    from remit.inference.confounding.balance import Balance
    from remit.inference.confounding.means import Means
    from remit.inference.confounding.weights import Weights

DIFFERENCE = ("difference", "lower", "upper")
RISK_RATIO = ("risk_ratio", "risk_ratio_lower", "risk_ratio_upper")
E_VALUE = ("e_value", "e_value_limit")
RISK = ("percent", "lower", "upper")
OF_WEIGHTS = ("effective_n", "largest_share", "truncated")
ALIKE = 0.1  # a standardised difference up to which arms count as alike: P. C. Austin, Stat Med 2009;28:3083-107
FEW = 50  # effective patients: docs/methods/confounding-simulated.md
HALF = 0.5  # of an arm's patients: with fewer effective ones, few patients speak for many
POOLED = "standardised by the root of the mean of both arms' variances"
KISH = "Kish"
WEIGHTED = "weighted by the propensity score"


@dataclass(frozen=True)
class Patients:
    """Of each patient the arm, whether the endpoint was reached, and the covariates; None where not known."""

    arm: Sequence[str | None]
    reached: Sequence[bool | None]
    covariates: tuple[Covariate, ...]

    @property
    def size(self) -> int:
        return len(self.arm)

    @property
    def complete(self) -> Patients:
        """Those of whom all is known."""
        columns = (self.arm, self.reached, *(each.values for each in self.covariates))
        return self._only([at for at, known in enumerate(zip(*columns, strict=True)) if None not in known])

    def of(self, arms: Sequence[str] | None) -> Patients:
        """Those of these arms; None: all."""
        return self if arms is None else self._only([at for at, name in enumerate(self.arm) if name in arms])

    def _only(self, places: Sequence[int]) -> Patients:
        from remit.inference.design import only

        covariates = tuple(only(each, places) for each in self.covariates)
        return Patients([self.arm[at] for at in places], [self.reached[at] for at in places], covariates)


@dataclass(frozen=True)
class Adjusted:
    """What the models give: the mean outcomes by method, and why a method gives none. `balance`: by the label of a
    covariate and its level."""

    weights: Weights
    balance: Mapping[tuple[str, str | None], Balance]
    means: Mapping[str, Means]
    refused: Mapping[str, str]


def pair_rows(
    analysis: AdjustedComparison,
    at: Address,
    arms: tuple[str, str],
    pair: Patients,
    behind: Denominator,
    definition: str,
) -> Iterator[Row]:
    """at: of the two arms, as they are. Crude, by each method, then the covariates, the scores, and the guards."""
    arm, reference = arms
    made = _adjusted(analysis, pair, arm, reference)
    yield from rows(at, _crude(pair, arm, reference), behind, definition)
    for method in analysis.methods:
        here = replace(at, handling=modelled(analysis.estimand, method))
        means, why = _means(made, method)
        yield from rows(here, _effect(means, why), behind, definition)
        for name in (arm, reference):
            yield from rows(replace(here, group_level=name), _risk(means, why, name == arm), behind, definition)
    of_both = replace(behind, numerator=None)
    weighted = replace(at, handling=modelled(analysis.estimand, WEIGHTING), variable=PROPENSITY)
    for name in (arm, reference):
        yield from rows(replace(weighted, group_level=name), _of_weights(made, name), of_both, definition)
    yield from _balance(analysis, at, made, of_both, arms)
    yield from _scores(at, made, of_both, definition)
    yield from guard_rows(at, _guards(analysis, made), behind, definition)


# The models


def _adjusted(analysis: AdjustedComparison, pair: Patients, arm: str, reference: str) -> Adjusted | str:
    """What the models give; or why there are none."""
    from remit.inference.confounding.arms import NotComparable, arms
    from remit.inference.confounding.propensity import propensity
    from remit.inference.confounding.weights import weights

    try:
        of = arms([name == arm for name in pair.arm], arm, reference)
        scores = propensity(of, [_held(each) for each in pair.covariates])
    except NotComparable as error:
        return f"{error.why}{_remedy(error.covariates)}"
    except CovariateError as error:
        return f"the propensity score cannot be fitted: {error}"
    share = None if analysis.truncate is None else float(analysis.truncate)
    cut = None if share is None else (share, 1 - share)
    return _outcomes(analysis, pair, weights(scores, analysis.target, percentiles=cut))


def _held(covariate: Covariate) -> Covariate:
    """Without levels that nobody has: which of them others are compared with says nothing here."""
    if not isinstance(covariate, Levels):
        return covariate
    held = [level for level in covariate.levels if level in covariate.values]
    return replace(covariate, levels=held or covariate.levels, reference=None)


def _remedy(covariates: Sequence[str]) -> str:
    if not covariates:
        return ""
    return (
        f"; leave {' and '.join(covariates)} out of the covariates, or compare only patients who could have been in "
        "either arm (`populations`)"
    )


def _outcomes(analysis: AdjustedComparison, pair: Patients, by: Weights) -> Adjusted:
    from remit.inference.confounding.arms import NotComparable
    from remit.inference.confounding.balance import balance

    reached = [bool(value) for value in pair.reached]
    means: dict[str, Means] = {}
    refused: dict[str, str] = {}
    for method in analysis.methods:
        try:
            means[method] = _outcome(method, reached, by)
        except NotComparable as error:
            refused[method] = error.why
    columns = {(each.column.covariate, each.column.level): each for each in balance(by)}
    return Adjusted(by, columns, means, refused)


def _outcome(method: Adjustment, reached: Sequence[bool], by: Weights) -> Means:
    from remit.inference.confounding.outcomes import doubly_robust, standardised, weighted

    match method:
        case "weighting":
            return weighted(reached, by)
        case "standardisation":
            return standardised(reached, by.propensity, by.target)
        case "doubly robust":
            return doubly_robust(reached, by)


def _means(made: Adjusted | str, method: str) -> tuple[Means | None, str]:
    if isinstance(made, str):
        return None, made
    return made.means.get(method), made.refused.get(method, "")


# Effects


def _crude(pair: Patients, arm: str, reference: str) -> list[Statistic]:
    counts = {name: _count(pair, name) for name in (arm, reference)}
    empty = [name for name, (_, of) in counts.items() if not of]
    difference = difference_of_proportions(counts)
    if empty:
        return [*difference, *_none(RISK_RATIO, nobody_in(empty)), *_none(E_VALUE, nobody_in(empty))]
    ratio = risk_ratio(*counts[arm], *counts[reference])
    return [*difference, *_ratio(ratio), *_e_value(ratio)]


def _count(pair: Patients, name: str) -> tuple[int, int]:
    own = pair.of([name])
    return sum(map(bool, own.reached)), own.size


def _effect(means: Means | None, why: str) -> list[Statistic]:
    if means is None:
        return _none((*DIFFERENCE, *RISK_RATIO, *E_VALUE), why)
    from remit.inference.confounding.means import difference, ratio

    found, of_risks = difference(means), ratio(means)
    return [*_points(found), *_ratio(of_risks), *_e_value(of_risks)]


def _points(found: Estimate) -> list[Statistic]:
    ends = [None if value is None else 100 * value for value in (found.value, found.lower, found.upper)]
    return [
        Statistic(name, value, POINTS, found.method, found.note) for name, value in zip(DIFFERENCE, ends, strict=True)
    ]


def _ratio(found: Estimate) -> list[Statistic]:
    return ratio_statistics((*RISK_RATIO, "p"), found)[:-1]


def _e_value(ratio: Estimate) -> list[Statistic]:
    found, why = of_risk_ratio(ratio), ratio.note or "there is no risk ratio above 0"
    if found is None:
        return _none(E_VALUE, why)
    return [
        Statistic("e_value", found.value, method="VanderWeele and Ding"),
        Statistic("e_value_limit", found.limit, method="VanderWeele and Ding", note=None if found.limit else why),
    ]


def _risk(means: Means | None, why: str, treated: bool) -> list[Statistic]:
    if means is None:
        return _none(RISK, why, "%")
    from remit.inference.confounding.means import of_comparator, of_treated

    found = of_treated(means) if treated else of_comparator(means)
    values = [None if value is None else 100 * value for value in (found.value, found.lower, found.upper)]
    return [Statistic(name, value, "%", found.method, found.note) for name, value in zip(RISK, values, strict=True)]


def _of_weights(made: Adjusted | str, arm: str) -> list[Statistic]:
    """How many patients with equal weights would know as much; what the heaviest has of the arm's weight; whose were
    cut."""
    if isinstance(made, str):
        return _none(OF_WEIGHTS, made)
    by = made.weights
    return [
        Statistic("effective_n", by.effective[arm], method=KISH),
        Statistic("largest_share", 100 * by.largest_share[arm], "%"),
        Statistic("truncated", float(by.truncated[arm])),
    ]


def _none(names: Sequence[str], why: str, unit: str | None = None) -> list[Statistic]:
    return [Statistic(name, None, unit, note=why) for name in names]


# The covariates before and after


def _balance(
    analysis: AdjustedComparison, at: Address, made: Adjusted | str, behind: Denominator, arms: tuple[str, str]
) -> Iterator[Row]:
    from remit.language.query import digest

    found = {} if isinstance(made, str) else made.balance
    for covariate in analysis.covariates:
        variable, definition = covariate.variable, digest(covariate.variable.query)
        for level in covariate.shown or (None,):
            own = found.get((variable.label, level))
            why = made if isinstance(made, str) else f"nobody has the level {level}"
            before = replace(at, variable=variable.name, level=level)
            after = replace(before, handling=modelled(analysis.estimand, WEIGHTING))
            yield from rows(before, [_smd(own.difference if own else None, own, why)], behind, definition)
            yield from rows(after, [_smd(own.weighted_difference if own else None, own, why)], behind, definition)
            for number, name in enumerate(arms):
                mean = _mean(own.weighted_means[number] if own else None, level, why)
                yield from rows(replace(after, group_level=name), [mean], behind, definition)


def _smd(value: float | None, own: Balance | None, why: str) -> Statistic:
    note = why if own is None else "in each arm all patients have the same value" if value is None else None
    return Statistic("standardised_difference", value, method=POOLED, note=note)


def _mean(value: float | None, level: str | None, why: str) -> Statistic:
    note = None if value is not None else why
    if level is None:
        return Statistic("mean", value, method=WEIGHTED, note=note)
    return Statistic("percent", None if value is None else 100 * value, "%", WEIGHTED, note)


# Overlap


def _scores(at: Address, made: Adjusted | str, behind: Denominator, definition: str) -> Iterator[Row]:
    """How many patients of each arm have a score within each part of 0 to 1, and how many one beyond the other's."""
    if isinstance(made, str):
        return
    from remit.inference.confounding.support import BINS, support

    found = support(made.weights.propensity)
    here = replace(at, variable=PROPENSITY)
    for own in (found.treated, found.comparator):
        of_arm = replace(here, group_level=own.arm)
        yield from rows(of_arm, [Statistic("outside", float(own.outside))], behind, definition)
        for number, patients in enumerate(own.histogram):
            told = [Statistic("scores", float(patients))]
            yield from rows(replace(of_arm, level=propensity_level(number, BINS)), told, behind, definition)


# Guards


def _guards(analysis: AdjustedComparison, made: Adjusted | str) -> Iterator[Guard]:
    if isinstance(made, str):
        yield Guard("not adjusted", f"The arms cannot be compared: {made}.")
        return
    yield from made.weights.propensity.guards
    shown = {(each.variable.label, level) for each in analysis.covariates for level in each.shown or (None,)}
    apart = [
        f"{column.column.name} ({column.weighted_difference:.2f})".replace("(-", "(−")
        for at, column in made.balance.items()
        if at in shown and column.weighted_difference is not None and abs(column.weighted_difference) > ALIKE
    ]
    if apart:
        told = (
            f"After weighting the arms still differ by more than {ALIKE:g} standard deviations in {', '.join(apart)}."
        )
        yield Guard("imbalance", told)
    for arm, effective in made.weights.effective.items():
        patients = int(made.weights.propensity.arms.members[arm].sum())
        if effective < HALF * patients:
            told = f"{patients} patients of {arm} know, once weighted, as much as {effective:.1f}."
            yield Guard("effective patients", told)
    few = [f"{arm} ({effective:.1f})" for arm, effective in made.weights.effective.items() if effective < FEW]
    if few:
        told = (
            f"Few effective patients in {' and '.join(few)}: with some forty in each arm, intervals of 95 % held the "
            "truth in 89 to 93 of 100 simulated studies."
        )
        yield Guard("few effective patients", told)
