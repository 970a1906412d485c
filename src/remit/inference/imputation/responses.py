"""What unknown responses may have been: bounds, non-response of those who stopped, and a shift of their log odds.

Arrays: `responses` of m completed data sets, m × n, true where a patient responds; `unknown`, n, true where that was
imputed; `stopped`, n, true where the patient left the treatment for a cause that the caller counts as failure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.estimate import Estimate
from remit.inference.imputation.proportions import proportion

Flags = NDArray[np.bool_]


def bounds(responder: Flags, unknown: Flags) -> tuple[int, int]:
    """How many respond if none of the unknown do, and if all do. `responder` (n) is not read where unknown."""
    _fit(responder, unknown)
    known = int((responder & ~unknown).sum())
    return known, known + int(unknown.sum())


def hybrid(responses: Flags, unknown: Flags, stopped: Flags) -> Flags:
    """The imputed responses, but failures of those unknown who stopped for a cause."""
    _fit(responses, unknown)
    _fit(responses, stopped)
    return responses & ~(unknown & stopped)


def shifted(responses: Flags, unknown: Flags, delta: float, seed: int) -> Flags:
    """The imputed responses with their log odds shifted by `delta`; −∞: none respond, ∞: all do.

    With odds o, those who respond must become o·exp(δ)/(1 + o·exp(δ)) of the patients. For δ < 0 each imputed response
    is kept with the probability that gives this, for δ > 0 each failure; so the imputations stay as they hang together,
    and δ = 0 changes nothing. The patient's odds are those of the imputations, half a response and half a failure
    added. The same seed and a larger delta give the same responses or more.
    """
    _fit(responses, unknown)
    m, n = responses.shape
    draw = np.random.default_rng(seed).random((n, m)).T  # a patient's draws do not hang on the patients after
    share = (responses.sum(axis=0) + 0.5) / (m + 1)
    if delta < 0:
        odds = math.exp(delta)
        keep = odds / (1 - share + share * odds)
        return np.asarray(responses & (~unknown | (draw < keep)))
    odds = math.exp(-delta)
    keep = odds / (share + (1 - share) * odds)
    return np.asarray(responses | (unknown & (draw >= keep)))


@dataclass(frozen=True)
class Shift:
    """`unknown_share`: which share of the unknown responds, over all imputations; None if nobody is unknown."""

    delta: float
    unknown_share: float | None
    estimate: Estimate


def delta_series(responses: Flags, unknown: Flags, deltas: Sequence[float], seed: int) -> tuple[Shift, ...]:
    """The proportion of responders under each delta, in the order of the deltas, smallest first."""
    series = []
    for delta in sorted(deltas):
        under = shifted(responses, unknown, delta, seed)
        share = float(under[:, unknown].mean()) if unknown.any() else None
        series.append(Shift(delta, share, proportion(under.sum(axis=1), under.shape[1]).estimate))
    return tuple(series)


def turns(series: Sequence[Shift], holds: Callable[[Estimate], bool]) -> tuple[Shift | None, Shift | None]:
    """The shifts nearest to zero, one below and one above, under which the conclusion is not that of delta 0. None: it
    does not turn. Raises ValueError if the series has no delta 0."""
    at_zero = [holds(shift.estimate) for shift in series if shift.delta == 0]
    if not at_zero:
        raise ValueError("the series has no delta 0 to compare with")
    turned = [shift for shift in series if holds(shift.estimate) != at_zero[0]]
    return (
        max((shift for shift in turned if shift.delta < 0), key=lambda shift: shift.delta, default=None),
        min((shift for shift in turned if shift.delta > 0), key=lambda shift: shift.delta, default=None),
    )


def _fit(responses: Flags, flags: Flags) -> None:
    if responses.shape[-1] != len(flags) or flags.ndim != 1:
        raise ValueError(f"flags of {len(flags)} patients do not fit responses of {responses.shape[-1]}")
