"""Values for one column, given the others: from models whose parameters are drawn too, for all m imputations at once.

The arrays have the imputations first: predictors are m × n × p, values m × n. Noise is drawn for every row in order,
so what a patient draws does not hang on the patients after.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.imputation.table import Flags, Numbers

DONORS = 5
RIDGE = 1e-3  # of each predictor's own sum of squares, against collinearity
_NEWTON_STEPS = 30


@dataclass(frozen=True)
class Regression:
    """The fitted mean of each row by the estimated coefficients and by drawn ones, and the drawn residual deviation;
    m × n, m × n and m."""

    fitted: Numbers
    drawn: Numbers
    deviation: Numbers


def standardised(predictors: Numbers, rows: Flags) -> Numbers:
    """With a column of ones first; mean 0 and deviation 1 over these rows. A predictor that is constant there is 0
    everywhere: nothing can be learnt of it."""
    among = predictors[:, rows]
    centre, spread = among.mean(axis=1, keepdims=True), among.std(axis=1, keepdims=True)
    constant = spread <= 1e-9 * (1 + np.abs(centre))
    scaled = np.where(constant, 0.0, (predictors - centre) / np.where(constant, 1.0, spread))
    return np.concatenate([np.ones_like(scaled[:, :, :1]), scaled], axis=2)


def linear(values: Numbers, predictors: Numbers, rows: Flags, rng: np.random.Generator) -> Regression:
    """Linear regression of `values` on these rows, its parameters drawn from their posterior under a flat prior:
    D. B. Rubin, Multiple imputation for nonresponse in surveys, 1987, pages 166-7."""
    design = standardised(predictors, rows)
    known, response = design[:, rows], values[:, rows]
    m, k, p = known.shape
    squares = _ridged(known.transpose(0, 2, 1) @ known)
    estimated = _least_squares(known, response, squares)
    residuals = response - (known @ estimated[:, :, None])[:, :, 0]
    freedom = max(k - p, 1)
    deviation = np.sqrt((residuals**2).sum(axis=1) / rng.chisquare(freedom, m))
    drawn = estimated + deviation[:, None] * _correlated(squares, rng.standard_normal((m, p)))
    return Regression((design @ estimated[:, :, None])[:, :, 0], (design @ drawn[:, :, None])[:, :, 0], deviation)


def _least_squares(known: Numbers, response: Numbers, squares: Numbers) -> Numbers:
    moments = (known.transpose(0, 2, 1) @ response[:, :, None])[:, :, 0]
    return np.asarray(np.linalg.solve(squares, moments[:, :, None])[:, :, 0])


def extrapolated(values: Numbers, predictors: Numbers, rows: Flags, missing: Flags) -> Flags:
    """Of each missing row, whether in most imputations its mean by linear regression on `rows` lies beyond the means of
    them all: nobody was seen of whom as much, or as little, would be expected."""
    design = standardised(predictors, rows)
    known = design[:, rows]
    estimated = _least_squares(known, values[:, rows], _ridged(known.transpose(0, 2, 1) @ known))
    fitted = (design @ estimated[:, :, None])[:, :, 0]
    least, most = fitted[:, rows].min(axis=1, keepdims=True), fitted[:, rows].max(axis=1, keepdims=True)
    beyond = (fitted[:, missing] < least) | (fitted[:, missing] > most)
    return np.asarray(beyond.mean(axis=0) > 0.5)


def matched(values: Numbers, model: Regression, donors: Flags, missing: Flags, noise: Numbers) -> Numbers:
    """For each missing row the value of one of the five donors whose fitted mean is nearest to the row's drawn one.

    Predictive mean matching of type 1: R. J. A. Little, Journal of Business & Economic Statistics 1988;6:287-96; five
    donors as in R's mice. With residuals for values, to be added to the drawn means, local residual draws, which reach
    beyond the donors' values: T. P. Morris, I. R. White and P. Royston, BMC Medical Research Methodology 2014;14:75.
    `noise`: uniform, 2 × m × n. Returns m × missing rows.
    """
    fitted, wanted = model.fitted[:, donors], model.drawn[:, missing]
    order = np.lexsort((noise[0][:, donors], fitted), axis=-1)  # equal means in an order of chance
    fitted, given = np.take_along_axis(fitted, order, 1), np.take_along_axis(values[:, donors], order, 1)
    k = fitted.shape[1]
    near = min(DONORS, k)
    place = np.stack([np.searchsorted(one, each) for one, each in zip(fitted, wanted, strict=True)])
    window = place[:, :, None] + np.arange(-near, near)
    inside = (window >= 0) & (window < k)
    window = np.clip(window, 0, k - 1)
    picked = np.arange(len(fitted))[:, None, None]
    distance = np.where(inside, np.abs(fitted[picked, window] - wanted[:, :, None]), np.inf)
    nearest = np.argsort(distance, axis=2, kind="stable")[:, :, :near]
    which = np.floor(noise[1][:, missing] * near).astype(np.intp)[:, :, None]
    donor = np.take_along_axis(window, np.take_along_axis(nearest, which, 2), 2)[:, :, 0]
    return np.take_along_axis(given, donor, 1)


def within(model: Regression, rows: Flags, low: Numbers, high: Numbers, noise: Numbers) -> Numbers:
    """For each of these rows a value between its ends, from the normal distribution around its drawn mean."""
    from scipy.special import ndtr, ndtri

    mean, deviation = model.drawn[:, rows], np.maximum(model.deviation, 1e-12)[:, None]
    down, up = (low[rows] - mean) / deviation, (high[rows] - mean) / deviation
    mirrored = down > 0  # the lower tail has the more digits
    down, up = np.where(mirrored, -up, down), np.where(mirrored, -down, up)
    below, above = ndtr(down), ndtr(up)
    place = ndtri(below + noise[:, rows] * (above - below))
    found = mean + deviation * np.where(mirrored, -place, place)
    return np.asarray(np.clip(found, low[rows], high[rows]))


def chance_of_yes(values: Numbers, predictors: Numbers, rows: Flags, rng: np.random.Generator) -> Numbers:
    """For each row the probability of yes, by logistic regression on these rows with drawn coefficients; m × n.

    Some weighted observations are added at half a deviation around the means, so that no predictor separates yes from
    no: I. R. White, R. Daniel and P. Royston, Computational Statistics & Data Analysis 2010;54:2267-75, as in R's mice.
    """
    design = standardised(predictors, rows)
    m, _, p = design.shape
    extra, answers = _augmentation(p - 1)
    known = np.concatenate([design[:, rows], np.broadcast_to(extra, (m, *extra.shape))], axis=1)
    response = np.concatenate([values[:, rows], np.broadcast_to(answers, (m, len(answers)))], axis=1)
    weights = np.concatenate([np.ones(int(rows.sum())), np.full(len(extra), p / len(extra))])
    estimated, information = _logistic(known, response, weights)
    drawn = estimated + _correlated(information, rng.standard_normal((m, p)))
    return _expit((design @ drawn[:, :, None])[:, :, 0])


def _augmentation(p: int) -> tuple[Numbers, Numbers]:
    """For each predictor four rows: half a deviation above and below its mean, once yes and once no."""
    half = np.repeat(np.eye(p), 4, axis=0) * np.tile([0.5, -0.5, 0.5, -0.5], p)[:, None]
    return np.concatenate([np.ones((4 * p, 1)), half], axis=1), np.tile([1.0, 1.0, 0.0, 0.0], p)


def _logistic(design: Numbers, response: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    m, _, p = design.shape
    coefficients = np.zeros((m, p))
    for _ in range(_NEWTON_STEPS):
        chance, information = _information(design, coefficients, weights)
        gradient = (design.transpose(0, 2, 1) @ (weights * (response - chance))[:, :, None])[:, :, 0]
        step = np.clip(np.linalg.solve(information, gradient[:, :, None])[:, :, 0], -2.0, 2.0)
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-8:
            break
    return coefficients, _information(design, coefficients, weights)[1]


def _information(design: Numbers, coefficients: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    chance = _expit((design @ coefficients[:, :, None])[:, :, 0])
    weight = weights * chance * (1 - chance)
    return chance, _ridged(design.transpose(0, 2, 1) @ (weight[:, :, None] * design))


def levels(
    values: Numbers, predictors: Numbers, known: Flags, missing: Flags, order: list[float], rng: np.random.Generator
) -> Numbers:
    """Levels without an order, the most frequent asked for first: is it this one, or one of the rest? Each question is
    a logistic regression among those who answer it (nested dichotomies: J. Fox, Applied regression analysis, 2016,
    section 14.2.2). Returns m × missing rows."""
    m, n = values.shape
    found = np.full((m, int(missing.sum())), order[-1])
    open_ = np.ones_like(found, dtype=np.bool_)
    among = known.copy()
    noise = rng.random((n, len(order), m)).transpose(1, 2, 0)
    for place, level in enumerate(order[:-1]):
        chance = chance_of_yes((values == level).astype(np.float64), predictors, among, rng)[:, missing]
        here = open_ & (noise[place][:, missing] < chance)
        found[here] = level
        open_ &= ~here
        among &= values[0] != level
    return found


def of_the_known(values: Numbers, known: Flags, missing: Flags, rng: np.random.Generator) -> Numbers:
    """One of the known values, without a model: the approximate Bayesian bootstrap of D. B. Rubin and N. Schenker,
    Journal of the American Statistical Association 1986;81:366-74. Returns m × missing rows."""
    m, n = values.shape
    given = values[:, known]
    k = given.shape[1]
    pool = np.take_along_axis(given, rng.integers(0, k, (m, k)), 1)
    which = (rng.random((n, m)).T[:, missing] * k).astype(np.intp)
    return np.take_along_axis(pool, which, 1)


def _ridged(squares: Numbers) -> Numbers:
    """With a little added to the diagonal of the predictors, and 1 where a predictor is 0 everywhere."""
    diagonal = np.diagonal(squares, axis1=1, axis2=2).copy()
    added = np.where(diagonal > 0, RIDGE * diagonal, 1.0)
    added[:, 0] = 0.0
    return squares + added[:, :, None] * np.eye(squares.shape[1])


def _correlated(information: Numbers, normal: Numbers) -> Numbers:
    """Normal numbers with the inverse of `information` as their covariance."""
    root = np.linalg.cholesky(information)
    return np.asarray(np.linalg.solve(root.transpose(0, 2, 1), normal[:, :, None])[:, :, 0])


def _expit(log_odds: Numbers) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -35, 35))))
