"""The outcome in the target population by weighting, by standardisation, and by both together.

All have intervals by M-estimation (L. A. Stefanski and D. D. Boos, American Statistician 2002;56:29-38): the score, the
models of the outcome and the means are solved for together, so that the variance knows that the others were estimated.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from remit.inference.confounding.means import Means
from remit.inference.confounding.outcome_models import Model, Models, outcome_models
from remit.inference.confounding.propensity import Propensity
from remit.inference.confounding.weights import Target, Weights, average, robust, target_shares
from remit.inference.design import Vector
from remit.inference.known import numbers

Values = Sequence[bool] | Sequence[float] | NDArray[np.bool_] | NDArray[np.float64]
M_ESTIMATION = "M-estimation"
Moved = tuple[float, Vector]  # a mean, and by how much each patient moves it


def weighted(outcome: Values, by: Weights, *, score_known: bool = False) -> Means:
    """The weighted mean of each arm, weights divided by their sum (J. Hájek).

    For the target `all` it is J. K. Lunceford and M. Davidian's second estimator with their variance, Statistics in
    Medicine 2004;23:2937-60. `score_known`: the usual robust variance, which takes the score as known; for the target
    `all` it is too wide rather than too narrow. Raises ValueError for an outcome that is unknown for somebody.
    """
    of = by.propensity
    values, yes_no = _known(outcome, of)
    found = {arm: _weighted_mean(values, arm, by, score_known=score_known) for arm in of.arms.members}
    return _means(found, values, yes_no, of, "propensity-score weights", robust(score_known))


def standardised(outcome: Values, of: Propensity, target: Target, models: Models = "by arm") -> Means:
    """What a model of the outcome predicts for the patients of the target population in each arm, averaged.

    G-computation: J. Robins, Mathematical Modelling 1986;7:1393-512; for a yes or no P. W. Lane and J. A. Nelder,
    Biometrics 1982;38:613-21. The models are of the covariates of the score, which itself is used for the target
    `overlap` alone. Raises NotComparable where there is no such model, ValueError for an outcome that is unknown for
    somebody.
    """
    values, yes_no = _known(outcome, of)
    made = outcome_models(values, yes_no, of, models)
    found = {arm: _predicted_mean(model, of, target) for arm, model in made.items()}
    return _means(found, values, yes_no, of, f"standardised by outcome models ({models})", M_ESTIMATION)


def doubly_robust(outcome: Values, by: Weights, models: Models = "by arm") -> Means:
    """What the models predict, plus the weighted mean of what they miss in their arm: right if either the model of the
    score or those of the outcome are (augmented inverse probability weighting). For the target `overlap` the score
    moreover says who the target is.

    J. M. Robins, A. Rotnitzky and L. P. Zhao, Journal of the American Statistical Association 1994;89:846-66; with
    weights divided by their sum, as by J. D. Y. Kang and J. L. Schafer, Statistical Science 2007;22:523-39. Raises as
    `standardised` does.
    """
    of = by.propensity
    values, yes_no = _known(outcome, of)
    found = {}
    for arm, model in outcome_models(values, yes_no, of, models).items():
        predicted, moved = _predicted_mean(model, of, by.target)
        missed, also = _missed_mean(values, model, arm, by)
        found[arm] = predicted + missed, moved + also
    return _means(found, values, yes_no, of, f"doubly robust, outcome models ({models})", M_ESTIMATION)


def _weighted_mean(values: Vector, arm: str, by: Weights, *, score_known: bool = False) -> Moved:
    who = by.propensity.arms.members[arm]
    mean = average(values[who], by.values[who])
    slope = np.where(who, values - mean, 0.0) / by.values[who].sum()
    return mean, by.moved(slope, score_known=score_known)


def _missed_mean(values: Vector, model: Model, arm: str, by: Weights) -> Moved:
    """The weighted mean, in the arm, of what its model misses."""
    missed, moved = _weighted_mean(values - model.predicted, arm, by)
    weight = np.where(by.propensity.arms.members[arm], by.values, 0.0)
    return missed, moved - model.influence @ (weight @ model.gradient / weight.sum())


def _predicted_mean(model: Model, of: Propensity, target: Target) -> Moved:
    shares, slopes = target_shares(of, target)
    total = float(shares.sum())
    mean = average(model.predicted, shares)
    apart = model.predicted - mean
    by_model = model.influence @ (shares @ model.gradient / total)
    by_score = of.influence @ ((slopes * apart) @ of.design.matrix / total)
    return mean, shares * apart / total + by_model + by_score


def _known(outcome: Values, of: Propensity) -> tuple[Vector, bool]:
    """The outcome as numbers, and whether it is a yes or no."""
    values = numbers(np.asarray(outcome, dtype=np.float64), "outcomes")
    if values.size != of.arms.treated.size:
        raise ValueError(f"{values.size} outcomes for {of.arms.treated.size} patients")
    return values, all(isinstance(one, bool | np.bool_) for one in outcome)


def _means(found: dict[str, Moved], values: Vector, yes_no: bool, of: Propensity, method: str, variance: str) -> Means:
    (treated, moved), (comparator, also) = (found[arm] for arm in of.arms.members)
    none = _without_interval(values, yes_no, of)
    return Means(treated, comparator, np.column_stack([moved, also]), yes_no, method, variance, none)


def _without_interval(values: Vector, yes_no: bool, of: Propensity) -> str | None:
    """An arm whose patients all have the same outcome does not show how much another sample would differ."""
    for arm, who in of.arms.members.items():
        if np.ptp(values[who]) == 0:
            if yes_no:
                return f"{'everybody' if values[who][0] else 'nobody'} in {arm} had the outcome: there is no interval"
            return f"everybody in {arm} has the same outcome: there is no interval"
    return None
