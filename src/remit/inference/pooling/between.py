"""The variance between studies, tau²: four estimators, its interval, and what share of the differences it is.

They are compared by A. A. Veroniki et al., Research Synthesis Methods 2016;7:55-79.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from remit.inference.chi_squared import ChiSquared, upper_tail
from remit.inference.confidence import outside
from remit.inference.design import Matrix, Vector
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.pooling.weighted import Weighted, weighted

Q_PROFILE = "Q-profile"
_GRID = 80  # values of tau² among which a slope that changes its sign is looked for
_DECADES = 8
_DOUBLINGS = 200


@dataclass(frozen=True)
class Heterogeneity:
    """`q`: the test of one effect in all studies (with moderators: of what they leave). `i2`: the percentage of the
    variance of effects that is between studies; `h2`: the variance of effects to the sampling variance of a typical
    study. All three have the interval of tau². `wald`: of a mixed model, whose `q` is a likelihood ratio."""

    q: ChiSquared
    tau2: Estimate
    i2: Estimate
    h2: Estimate
    wald: ChiSquared | None = None


def heterogeneity(
    values: Vector, variances: Vector, design: Matrix, estimator: str | None, confidence: float = CONFIDENCE
) -> Heterogeneity:
    """With tau² by one of ESTIMATORS; None: of a common effect, where I² and H² are those of Q.

    W. G. Cochran, Biometrics 1954;10:101-29 (Q). W. Viechtbauer, Statistics in Medicine 2007;26:37-52 (the interval).
    J. P. T. Higgins and S. G. Thompson, Statistics in Medicine 2002;21:1539-58 (I² and H², and the typical variance).
    """
    common = weighted(values, variances, design)
    freedom, q = common.freedom, common.squares
    test = ChiSquared(q, freedom, upper_tail(q, freedom), "Cochran's Q")
    if estimator is None:
        none = Estimate(None, "common effect", note="a common effect leaves no variance between studies")
        of_q = "of Cochran's Q"
        return Heterogeneity(
            test, none, Estimate(max(0.0, 100 * (q - freedom) / q) if q else 0.0, of_q), Estimate(q / freedom, of_q)
        )
    low, high = profile(values, variances, design, confidence)
    method = f"{estimator}, {Q_PROFILE} {100 * confidence:g} %"
    found = Estimate(tau2(values, variances, design, estimator), method, low, high)
    return with_shares(test, found, freedom / common.trace)


def with_shares(q: ChiSquared, tau2: Estimate, typical: float, wald: ChiSquared | None = None) -> Heterogeneity:
    """`typical`: the sampling variance of a typical study. tau² has a value and both ends."""

    def of_tau2(share: Callable[[float], float]) -> Estimate:
        assert tau2.value is not None
        assert tau2.lower is not None
        assert tau2.upper is not None
        return Estimate(share(tau2.value), tau2.method, share(tau2.lower), share(tau2.upper))

    return Heterogeneity(
        q,
        tau2,
        of_tau2(lambda variance: 100 / (1 + typical / variance) if variance else 0.0),
        of_tau2(lambda variance: variance / typical + 1),
        wald,
    )


def tau2(values: Vector, variances: Vector, design: Matrix, estimator: str) -> float:
    """Raises ValueError for an estimator that is none of ESTIMATORS, ArithmeticError where none is found."""
    if estimator not in ESTIMATORS:
        raise ValueError(f"{estimator!r} is none of the estimators {', '.join(ESTIMATORS)}")
    return ESTIMATORS[estimator](values, variances, design)


def profile(values: Vector, variances: Vector, design: Matrix, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The values of tau² with which Q is no surprise; 0 and 0 where Q is surprisingly small with 0 already."""
    from scipy.special import chdtri

    tail, freedom = outside(confidence), len(values) - design.shape[1]
    most, least = (float(chdtri(freedom, beyond)) for beyond in (tail, 1 - tail))
    return _giving(values, variances, design, most), _giving(values, variances, design, least)


def _dersimonian_laird(values: Vector, variances: Vector, design: Matrix) -> float:
    """R. DerSimonian and N. Laird, Controlled Clinical Trials 1986;7:177-88."""
    common = weighted(values, variances, design)
    return max(0.0, (common.squares - common.freedom) / common.trace)


def _paule_mandel(values: Vector, variances: Vector, design: Matrix) -> float:
    """R. C. Paule and J. Mandel, Journal of Research of the National Bureau of Standards 1982;87:377-85."""
    return _giving(values, variances, design, len(values) - design.shape[1])


def _giving(values: Vector, variances: Vector, design: Matrix, squares: float) -> float:
    """The tau² that gives a weighted sum of squares, which falls as tau² grows; 0 if 0 gives less."""
    from scipy.optimize import brentq

    def excess(between: float) -> float:
        return weighted(values, variances, design, between).squares - squares

    if excess(0.0) <= 0:
        return 0.0
    high = float(variances.max())
    for _ in range(_DOUBLINGS):
        if excess(high) < 0:
            return float(brentq(excess, 0.0, high, xtol=1e-15 * high, rtol=1e-14))
        high *= 2
    raise ArithmeticError("no tau² was found")


def _reml(values: Vector, variances: Vector, design: Matrix) -> float:
    """D. A. Harville, Journal of the American Statistical Association 1977;72:320-38."""
    return _most_likely(values, variances, design, lambda fit: fit.trace, lambda fit: fit.restricted_log_likelihood)


def _ml(values: Vector, variances: Vector, design: Matrix) -> float:
    """R. J. Hardy and S. G. Thompson, Statistics in Medicine 1996;15:619-29."""
    return _most_likely(values, variances, design, lambda fit: float(fit.weights.sum()), lambda fit: fit.log_likelihood)


def _most_likely(
    values: Vector,
    variances: Vector,
    design: Matrix,
    expected: Callable[[Weighted], float],
    likelihood: Callable[[Weighted], float],
) -> float:
    """The tau² of highest likelihood among all where its slope falls through 0, and 0.

    Newton's and Fisher's steps end at whichever is near; a likelihood of tau² can have several.
    """
    from scipy.optimize import brentq

    def slope(between: float) -> float:
        fit = weighted(values, variances, design, between)
        return float((fit.weights**2 * fit.residuals**2).sum()) - expected(fit)

    plain = weighted(values, np.ones_like(values), design)
    top = 10 * (plain.squares / plain.freedom + float(variances.max()))
    grid = [0.0, *(top * 10.0 ** np.linspace(-_DECADES, 0, _GRID)).tolist()]
    slopes = [slope(between) for between in grid]
    if slopes[-1] > 0:
        raise ArithmeticError("the likelihood of tau² has no maximum")
    tops = [0.0]
    for at in range(len(grid) - 1):
        if slopes[at] > 0 >= slopes[at + 1]:
            tops.append(float(brentq(slope, grid[at], grid[at + 1], xtol=1e-15 * top, rtol=1e-14)))
    return max(tops, key=lambda between: likelihood(weighted(values, variances, design, between)))


ESTIMATORS: Mapping[str, Callable[[Vector, Vector, Matrix], float]] = {
    "REML": _reml,
    "Paule-Mandel": _paule_mandel,
    "DerSimonian-Laird": _dersimonian_laird,
    "ML": _ml,
}
