"""A mean in centres that differ: a linear model with a random intercept for the centre."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.centres.counts import NO_MORE, centre_sizes, inseparable
from remit.inference.chi_squared import upper_tail
from remit.inference.confidence import allowed_loss
from remit.inference.design import Matrix, Vector
from remit.inference.estimate import CONFIDENCE, Estimate, Guard

MODEL = "random-intercept linear model, restricted maximum likelihood"
TRIED = (0.0, *(0.01 * 1.5**power for power in range(69)))  # of the ratio of standard deviations, up to 1e10


@dataclass(frozen=True)
class Means:
    """`mean`: of the distribution of centres. `between`, `within`: standard deviations of centres' means, and of
    patients in a centre. `intraclass`: the share of the variance that is between centres. `centres`: each one's mean
    drawn towards the others."""

    mean: Estimate
    between: Estimate
    within: Estimate
    intraclass: Estimate
    centres: Mapping[str, Estimate]
    guards: tuple[Guard, ...]


@dataclass(frozen=True)
class _Sums:
    """Of each centre its patients and their mean; the sum of squares within all centres."""

    patients: Vector
    means: Vector
    within: float

    @property
    def total(self) -> float:
        return float(self.patients.sum())


def means(values: Mapping[str, Sequence[float]], confidence: float = CONFIDENCE) -> Means:
    """The mean of numbers in centres whose means are normally distributed; `values` are those of each centre.

    Restricted maximum likelihood (H. D. Patterson and R. Thompson, Biometrika 1971;58:545-54). The interval of the mean
    has Satterthwaite's degrees of freedom; that of the standard deviation between centres is by profile likelihood, and
    its test takes half of a chi-squared with 1 degree. Raises ValueError for a value that is not a finite number.
    """
    guards = centre_sizes([(centre, len(its)) for centre, its in values.items()])
    held = {centre: np.asarray(its, dtype=float) for centre, its in values.items() if len(its)}
    if any(not np.isfinite(its).all() for its in held.values()):
        raise ValueError("a value is not a finite number")
    sums = _Sums(
        np.array([len(its) for its in held.values()], dtype=float),
        np.array([its.mean() for its in held.values()]),
        sum(float(((its - its.mean()) ** 2).sum()) for its in held.values()),
    )
    if note := _inseparable(sums):
        none = Estimate(None, MODEL, note=note)
        return Means(_simple(held, confidence, note), none, none, none, dict.fromkeys(held, none), guards)
    ratio = _best_ratio(sums)
    within = math.sqrt(_residual(sums, ratio) / (sums.total - 1))
    between = _between(sums, ratio, within, confidence)
    mean = _mean(sums, ratio)
    weights = ratio**2 * sums.patients / (1 + ratio**2 * sums.patients)
    return Means(
        _interval(sums, ratio, within, confidence),
        between,
        Estimate(within, MODEL),
        Estimate(ratio**2 / (1 + ratio**2), MODEL, note=between.note),
        {
            centre: Estimate(float(mean + weight * (its - mean)), f"{MODEL}, shrunken", note=between.note)
            for centre, its, weight in zip(held, sums.means, weights, strict=True)
        },
        guards,
    )


def _inseparable(sums: _Sums) -> str | None:
    if not len(sums.patients):
        return "No centre has a patient with a value."
    if note := inseparable(sums.patients.tolist()):
        return note
    if sums.within <= 1e-20 * float(sums.patients @ sums.means**2):
        return "All patients of a centre have the same value, so chance can not be measured."
    return None


def _simple(held: Mapping[str, Vector], confidence: float, note: str) -> Estimate:
    """The mean of all patients, their centres not regarded."""
    from scipy.special import stdtrit

    together = np.concatenate([*held.values(), np.empty(0)])
    n = len(together)
    if n < 2:
        return Estimate(float(together[0]) if n else None, MODEL, note=note)
    mean, sd = float(together.mean()), float(together.std(ddof=1))
    if sd == 0:
        return Estimate(mean, MODEL, note=note)
    half = float(stdtrit(n - 1, (1 + confidence) / 2)) * sd / math.sqrt(n)
    return Estimate(mean, f"mean, t {100 * confidence:g} %", mean - half, mean + half, note=note)


def _weights(sums: _Sums, ratio: float) -> Vector:
    return np.asarray(sums.patients / (1 + ratio**2 * sums.patients))


def _mean(sums: _Sums, ratio: float) -> float:
    weights = _weights(sums, ratio)
    return float(weights @ sums.means / weights.sum())


def _residual(sums: _Sums, ratio: float) -> float:
    """The weighted sum of squares, whose mean is the variance within centres."""
    return sums.within + float(_weights(sums, ratio) @ (sums.means - _mean(sums, ratio)) ** 2)


def _log_likelihood(sums: _Sums, within: float, between: float) -> float:
    """Restricted, but for a constant."""
    ratio = between / within
    return -0.5 * (
        2 * (sums.total - 1) * math.log(within)
        + float(np.log1p(ratio**2 * sums.patients).sum())
        + math.log(_weights(sums, ratio).sum())
        + _residual(sums, ratio) / within**2
    )


def _of_ratio(sums: _Sums, ratio: float) -> float:
    within = math.sqrt(_residual(sums, ratio) / (sums.total - 1))
    return _log_likelihood(sums, within, ratio * within)


def _best_ratio(sums: _Sums) -> float:
    """Of the standard deviation between centres to that within; 0 where the likelihood falls from there."""
    from scipy.optimize import minimize_scalar

    values = [_of_ratio(sums, ratio) for ratio in TRIED]
    at = int(np.argmax(values))
    ends = TRIED[max(at - 1, 0)], TRIED[min(at + 1, len(TRIED) - 1)]
    found = minimize_scalar(
        lambda ratio: -_of_ratio(sums, ratio), bounds=ends, method="bounded", options={"xatol": 1e-9}
    )
    return 0.0 if -found.fun <= values[0] else float(found.x)


def _between(sums: _Sums, ratio: float, within: float, confidence: float) -> Estimate:
    from scipy.optimize import brentq

    best = _of_ratio(sums, ratio)
    floor = best - allowed_loss(confidence)

    def above(between: float) -> float:
        return _given_between(sums, between) - floor

    between = ratio * within
    far = 2 * between + 4 * within
    while above(far) >= 0:
        far *= 2
    lower = 0.0 if above(0.0) >= 0 else float(brentq(above, 0.0, between, xtol=1e-10))
    upper = float(brentq(above, between, far, xtol=1e-10))
    p = upper_tail(max(2 * (best - _of_ratio(sums, 0.0)), 0.0), 1) / 2
    method = f"{MODEL}, profile likelihood {100 * confidence:g} %"
    return Estimate(between, method, lower, upper, p if ratio else 1.0, None if ratio else NO_MORE)


def _given_between(sums: _Sums, between: float) -> float:
    """The highest restricted log-likelihood for a standard deviation between centres."""
    from scipy.optimize import minimize_scalar

    least = math.log(sums.within / sums.total) / 2 - 1
    most = math.log(_residual(sums, 0.0) / (sums.total - 1)) / 2 + 1
    tried = np.linspace(least, most, max(12, math.ceil(2 * (most - least))))
    at = int(np.argmax([_log_likelihood(sums, math.exp(log), between) for log in tried]))
    found = minimize_scalar(
        lambda log: -_log_likelihood(sums, math.exp(log), between),
        bounds=(tried[max(at - 1, 0)], tried[min(at + 1, len(tried) - 1)]),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return float(-found.fun)


def _interval(sums: _Sums, ratio: float, within: float, confidence: float) -> Estimate:
    from scipy.special import stdtrit

    mean, variance = _mean(sums, ratio), within**2 / float(_weights(sums, ratio).sum())
    df = _degrees_of_freedom(sums, within**2, (ratio * within) ** 2) if ratio else sums.total - 1
    half = float(stdtrit(df, (1 + confidence) / 2)) * math.sqrt(variance)
    return Estimate(mean, f"{MODEL}, Satterthwaite {100 * confidence:g} %", mean - half, mean + half)


def _degrees_of_freedom(sums: _Sums, within: float, between: float) -> float:
    """Twice the square of the mean's variance over the variance of that variance (F. E. Satterthwaite, Biometrics
    Bulletin 1946;2:110-4), from the expected information of the two variances."""
    precision = 1 / (within + sums.patients * between)  # of a centre's mean, times its patients
    weights = sums.patients * precision
    share = weights / weights.sum()
    gradient = np.array([float(share**2 @ (1 / sums.patients)), float(share @ share)])
    return float(
        2 * weights.sum() ** -2 / (gradient @ np.linalg.solve(_information(sums, within, precision), gradient))
    )


def _information(sums: _Sums, within: float, precision: Vector) -> Matrix:
    """Of the variances within and between, half the traces of PP, PJP and PJPJ, where P is the residual projection and
    J joins patients of a centre."""
    n, weights = sums.patients, sums.patients * precision
    total = weights.sum()
    both = [
        float(((n - 1) / within**2 + precision**2).sum() - 2 * (n * precision**3).sum() / total)
        + float((n * precision**2).sum() / total) ** 2,
        float((n * precision**2).sum() - 2 * (n**2 * precision**3).sum() / total)
        + float((n * precision**2).sum() * (weights**2).sum() / total**2),
        float((weights**2).sum() - 2 * (weights**3).sum() / total) + float((weights**2).sum() / total) ** 2,
    ]
    return np.array([[both[0], both[1]], [both[1], both[2]]]) / 2
