"""How well probabilities tell patients with an outcome from those without: the c-statistic."""

from __future__ import annotations

import math

import numpy as np

from remit.inference.confidence import normal_quantile
from remit.inference.design import Vector
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.logistic_likelihood import Outcome
from remit.inference.ranks import doubled

APPARENT = "Measured in the patients whom the model was made from, so it flatters the model."


def c_statistic(probabilities: Vector, outcome: Outcome, confidence: float = CONFIDENCE) -> Estimate:
    """The share of pairs, one patient with the outcome and one without, in which the first has the higher probability;
    ties count half. It is the area under the receiver operating characteristic.

    E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 1988;44:837-45; the interval is cut at 0 and 1.
    Raises ValueError if probabilities and outcomes are of different numbers of patients.
    """
    if len(probabilities) != len(outcome):
        raise ValueError(f"{len(probabilities)} probabilities for {len(outcome)} outcomes")
    method = f"c-statistic, DeLong {100 * confidence:g} %"
    outcome = np.asarray(outcome, dtype=bool)
    having, lacking = probabilities[outcome], probabilities[~outcome]
    if not len(having) or not len(lacking):
        return Estimate(None, method, note="All patients or none had the outcome, so there are no pairs.")
    ranks = doubled(probabilities) / 2
    above = (ranks[outcome] - doubled(having) / 2) / len(lacking)
    below = 1 - (ranks[~outcome] - doubled(lacking) / 2) / len(having)
    value = float(above.mean())
    if len(having) < 2 or len(lacking) < 2:
        return Estimate(value, method, note="One patient only has the rarer outcome, so there is no interval.")
    error = math.sqrt(above.var(ddof=1) / len(having) + below.var(ddof=1) / len(lacking))
    if error == 0:
        return Estimate(value, method, note="All pairs agree, so there is no interval.")
    half = normal_quantile(confidence) * error
    return Estimate(value, method, max(value - half, 0.0), min(value + half, 1.0), note=APPARENT)
