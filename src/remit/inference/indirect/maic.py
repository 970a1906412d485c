"""Matching-adjusted indirect comparison: the share of an outcome among our patients, weighted to look like theirs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from remit.inference.indirect.matched import Matched
from remit.inference.indirect.published import Share
from remit.inference.indirect.weights import Weights, matching_weights

Outcome = NDArray[np.bool_]


def weighted_share(outcome: Sequence[bool] | Outcome, weights: Weights) -> Share:
    """The weighted share with its robust standard error.

    A sandwich, weights taken as known, with the correction HC3 (J. G. MacKinnon and H. White, Journal of Econometrics
    1985;29:305-25), which the worked example of NICE DSU TSD 18 has from R's sandwich package: the root of
    Σ (w (y - p) / (1 - w))², w the patient's share of all weight. Without the correction it is too small where few
    patients carry the weight (A. Remiro-Azócar et al., Research Synthesis Methods 2025). Raises ValueError if the
    outcome is the same for all, for then there is nothing to estimate the error from.
    """
    had = as_outcome(outcome, weights.patients)
    value = float(weights.shares @ had)
    residual = weights.shares * (had - value) / (1 - weights.shares)
    method = "matching-adjusted (method of moments), sandwich standard error"
    return Share(value, float(np.sqrt((residual**2).sum())), method)


def matching_adjusted(outcome: Sequence[bool] | Outcome, covariates: Sequence[Matched]) -> tuple[Share, Weights]:
    """Weights and the weighted share at once; raises as the two do."""
    weights = matching_weights(covariates)
    return weighted_share(outcome, weights), weights


def as_outcome(outcome: Sequence[bool] | Outcome, patients: int) -> Outcome:
    if not all(isinstance(one, bool | np.bool_) for one in outcome):
        raise ValueError("an outcome is a yes or no of each patient, and known")
    had = np.asarray(outcome, dtype=bool)
    if len(had) != patients:
        raise ValueError(f"{len(had)} outcomes for {patients} patients")
    if had.all() or not had.any():
        raise ValueError(f"{'everybody' if had.any() else 'nobody'} had the outcome, so nothing can be adjusted")
    return had
