"""The weights of a matching-adjusted indirect comparison: our patients weighted until they look like theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.design import Matrix, Vector
from remit.inference.estimate import Guard
from remit.inference.indirect.matched import Matched, checked, moments
from remit.inference.indirect.reach import check_overlap, check_ranges

ROUNDS = 200
HALVINGS = 60
BALANCED = 1e-12  # of our standard deviation
NEARLY = 1e-9  # where rounding allows no more
ROUNDING = 1e-14
DOUBTFUL = 1e-6  # of an equal weight: so small may be 0, on the border of what can be reached
FEW = 20  # effective patients
LITTLE = 0.3  # effective patients, of all
FEW_VALUES = 8  # weights, each of which has a bin of its own
BINS = 12
HEAVY = 0.1  # of all weight, on one patient


@dataclass(frozen=True)
class Balance:
    """A covariate of ours as it is and as weighted, beside theirs; standard deviations with n as divisor."""

    name: str
    before: float
    after: float
    theirs: float
    sd_before: float
    sd_after: float
    sd_theirs: float | None
    yes_no: bool


@dataclass(frozen=True)
class Bin:
    """Rescaled weights from `low` to `high`, not including `high` but in the `last` bin. One value where both are
    equal."""

    low: float
    high: float
    patients: int
    last: bool = False

    @property
    def label(self) -> str:
        """`0.83`, or `0.5 to 1`"""
        return f"{self.low:.4g}" if self.low == self.high else f"{self.low:.4g} to {self.high:.4g}"

    def holds(self, weight: float) -> bool:
        """Whether it is that of a weight that is `rounded`."""
        return self.low <= weight < self.high or (weight == self.high and (self.last or self.low == self.high))


@dataclass(frozen=True)
class Weights:
    """`shares`: of all weight, one a patient, above 0, with sum 1."""

    shares: Vector
    balance: tuple[Balance, ...]

    @property
    def patients(self) -> int:
        return len(self.shares)

    @property
    def rescaled(self) -> Vector:
        """As multiples of an equal weight: their mean is 1."""
        rescaled: Vector = self.shares * self.patients
        return rescaled

    @property
    def effective(self) -> float:
        """The effective sample size, Σw² into (Σw)²: how many patients of equal weight would be as precise, if weights
        and outcome had nothing to do with each other."""
        return float(1 / (self.shares**2).sum())

    def heaviest(self, patients: int) -> float:
        """The share of all weight on so many patients of the largest weights."""
        return float(np.sort(self.shares)[::-1][:patients].sum())

    def quantiles(self, at: Sequence[float]) -> tuple[float, ...]:
        """Of the rescaled weights."""
        return tuple(float(value) for value in np.quantile(self.rescaled, at))

    @property
    def rounded(self) -> Vector:
        """Rescaled, without what rounding does to those who are alike."""
        return np.round(self.rescaled, 6)

    @property
    def bins(self) -> tuple[Bin, ...]:
        """Of a histogram: a bin a value where there are few, else bins of one width, 1, 2, 2.5 or 5 times a power of
        10, some twelve of them from 0 on."""
        values, counts = np.unique(self.rounded, return_counts=True)
        if len(values) <= FEW_VALUES:
            return tuple(
                Bin(float(value), float(value), int(count)) for value, count in zip(values, counts, strict=True)
            )
        width = _width(float(values[-1]) / BINS)
        last = int(np.ceil(values[-1] / width))
        edges = [round(width * number, 9) for number in range(last + 1)]
        found, _ = np.histogram(self.rounded, edges)
        ends = zip(edges[:-1], edges[1:], found, strict=True)
        return tuple(Bin(low, high, int(count), high == edges[-1]) for low, high, count in ends if count)

    @property
    def guards(self) -> tuple[Guard, ...]:
        found = []
        effective, patients = self.effective, self.patients
        if effective < LITTLE * patients or effective < FEW:
            told = (
                f"The weights leave {effective:.1f} effective patients of {patients}: the two studies are so unlike "
                "that few of ours stand for theirs."
                if effective < LITTLE * patients
                else f"The weights leave {effective:.1f} effective patients of {patients}, which are few."
            )
            found.append(Guard("few effective patients", told))
        if (largest := self.heaviest(1)) > HEAVY:
            told = f"One patient has {100 * largest:.0f} % of all weight, and the result rests on that patient."
            found.append(Guard("heavy patient", told))
        return tuple(found)


def matching_weights(covariates: Sequence[Matched]) -> Weights:
    """Weights exp(α·x) with which our patients have exactly the published moments.

    The method of moments of J. E. Signorovitch et al., PharmacoEconomics 2010;28:935-45, and Value in Health
    2012;15:940-7; of all weights with these moments they are the nearest to equal ones in entropy (D. M. Phillippo et
    al., Statistics in Medicine 2020;39:4208-23: the same as entropy balancing). Raises CovariateError for a covariate
    that cannot be matched, NoOverlap where no weights do.
    """
    patients = checked(covariates)
    check_ranges(covariates)
    matrix, _ = moments(covariates)
    shares = tilted(matrix)
    if shares is None or shares.min() * patients < DOUBTFUL:
        check_overlap(covariates)
    if shares is None:
        raise ArithmeticError("the weights of the indirect comparison did not converge")
    return Weights(shares, tuple(_balance(covariate, shares) for covariate in covariates))


def tilted(matrix: Matrix, alike: Vector | None = None) -> Vector | None:
    """Shares exp(α·row) with which each column has mean 0, or None if there are none. `alike`: how many patients each
    row stands for, whose shares are then added; without it, one.

    α is where the convex log Σ exp(α·row) is least: Newton's steps, halved until it falls.
    """
    tilt = np.zeros(matrix.shape[1])
    base = np.ones(len(matrix)) if alike is None else alike
    reached, shares = _potential(matrix, base, tilt)
    for _ in range(ROUNDS):
        slope = shares @ matrix
        if np.abs(slope).max() < BALANCED:
            return shares
        curve = (matrix * shares[:, np.newaxis]).T @ matrix - np.outer(slope, slope)
        step: Vector = np.linalg.lstsq(curve, slope)[0].astype(np.float64)
        tilt, reached, shares = _downhill(matrix, base, tilt, step, reached)
    return shares if np.abs(shares @ matrix).max() < NEARLY else None


def _downhill(matrix: Matrix, base: Vector, tilt: Vector, step: Vector, reached: float) -> tuple[Vector, float, Vector]:
    """Where the function has fallen, or after so many halvings that it falls no more within rounding."""
    for halving in range(HALVINGS):
        tried = tilt - step / 2**halving
        found, shares = _potential(matrix, base, tried)
        if found <= reached + ROUNDING:
            break
    return tried, found, shares


def _potential(matrix: Matrix, base: Vector, tilt: Vector) -> tuple[float, Vector]:
    linear = matrix @ tilt
    highest = linear.max()
    weights = base * np.exp(linear - highest)
    return float(highest + np.log(weights.sum())), weights / weights.sum()


def _width(least: float) -> float:
    """The least of 1, 2, 2.5 and 5 times a power of 10 that is at least so much."""
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= least))


def _balance(covariate: Matched, shares: Vector) -> Balance:
    values = np.asarray(covariate.values, dtype=float)
    after = float(shares @ values)
    return Balance(
        covariate.name,
        float(values.mean()),
        after,
        covariate.mean,
        float(values.std()),
        float(np.sqrt(shares @ (values - after) ** 2)),
        covariate.sd,
        covariate.yes_no,
    )
