"""Covariates as the matrix of a model: an intercept, then a column a number, a yes or no, a level but the reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from remit.inference.estimate import Guard

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]  # rows (of a patient, or of several who are alike) × columns
Counts = NDArray[np.int64]

ROUNDING = 1e-14
SAME = 1e-7  # the share of a column that is nothing but rounding; the tolerance of R's lm


@dataclass(frozen=True)
class Number:
    """A number of each patient, None where unknown; its coefficient is told per `per` of its unit."""

    name: str
    values: Sequence[float | None]
    per: float = 1.0


@dataclass(frozen=True)
class YesNo:
    """A yes or no of each patient, None where unknown; no is the reference."""

    name: str
    values: Sequence[bool | None]


@dataclass(frozen=True)
class Levels:
    """A level of each patient, None where unknown; the first of `levels` is the reference unless another is named."""

    name: str
    values: Sequence[str | None]
    levels: Sequence[str]
    reference: str | None = None


Covariate = Number | YesNo | Levels
Some = TypeVar("Some", bound=Covariate)


class CovariateError(ValueError):
    """A covariate that no model can take: which, and why, in words that a caller can show as they are."""

    def __init__(self, covariate: str, why: str) -> None:
        super().__init__(f"{covariate}: {why}")
        self.covariate = covariate
        self.why = why


@dataclass(frozen=True)
class Column:
    """A column of the matrix; `level` and `reference` are None for a number, `per` is 1 for all else."""

    covariate: str
    level: str | None = None
    reference: str | None = None
    per: float = 1.0

    @property
    def name(self) -> str:
        if self.level is not None:
            return f"{self.covariate}: {self.level}"
        return self.covariate if self.per == 1 else f"{self.covariate}, per {self.per:g}"


INTERCEPT = Column("intercept")


@dataclass(frozen=True)
class Design:
    """`matrix` (rows × columns, the intercept first) with what its columns are, and what the reader must know.

    A row is a patient, or as many who are alike as `alike` says of each row.
    """

    matrix: Matrix
    columns: tuple[Column, ...]
    guards: tuple[Guard, ...] = ()
    alike: Counts | None = None

    @property
    def counts(self) -> Vector:
        """Of how many patients each row is."""
        return np.ones(len(self.matrix)) if self.alike is None else self.alike.astype(np.float64)

    @property
    def shares(self) -> Vector:
        """Of all patients, in each row."""
        counts = self.counts
        shares: Vector = counts / counts.sum()
        return shares

    def by_patient(self, of_rows: NDArray[Any]) -> NDArray[Any]:
        return of_rows if self.alike is None else np.repeat(of_rows, self.alike)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def of(self, covariate: str) -> tuple[int, ...]:
        """Where the columns of a covariate stand."""
        return tuple(at for at, column in enumerate(self.columns) if column.covariate == covariate)


def known(covariates: Sequence[Covariate]) -> NDArray[np.bool_]:
    """Which patients have a value of each of these covariates. Raises ValueError if some are of other patients."""
    if len({len(covariate.values) for covariate in covariates}) > 1:
        raise ValueError("covariates are of different numbers of patients")
    if not covariates:
        return np.zeros(0, dtype=bool)
    there = np.array([[value is not None for value in covariate.values] for covariate in covariates], dtype=bool)
    return np.asarray(there.all(axis=0))


def only(covariate: Some, patients: Sequence[int] | NDArray[np.intp]) -> Some:
    """The covariate of these patients."""
    values: Any = [covariate.values[int(at)] for at in patients]
    return replace(covariate, values=values)


def design(covariates: Sequence[Covariate], patients: int | None = None, alike: Counts | None = None) -> Design:
    """The matrix of these covariates, for patients who have a value of each; `patients` need be said if there are none.

    `alike`: where a value stands for several patients, for how many; then `patients` is how many values there are.
    A level that nobody has gets no column, and a level of one patient gets one: a guard tells of both.
    Raises CovariateError, with the covariate's name, for an unknown or infinite value, a value that is not among the
    levels, a covariate that is the same for all, a reference that nobody has, and one that those before it determine.
    """
    if patients is None:
        patients = len(covariates[0].values) if covariates else 0
    counts = np.ones(patients, dtype=np.int64) if alike is None else alike
    parts = [np.ones((patients, 1))]
    columns = [INTERCEPT]
    guards: list[Guard] = []
    for covariate in covariates:
        if covariate.name in (column.covariate for column in columns):
            raise CovariateError(covariate.name, "is named twice")
        _check(covariate, counts)
        part, its_columns, its_guards = _coded(covariate, counts)
        parts.append(part)
        columns += its_columns
        guards += its_guards
    matrix = np.hstack(parts)
    _refuse_collinear(matrix, columns, counts)
    return Design(matrix, tuple(columns), tuple(guards), alike)


def standardised(of: Design) -> tuple[Matrix, Vector, Vector]:
    """The columns after the intercept with mean 0 and standard deviation 1; their means and standard deviations."""
    counts = of.counts[:, np.newaxis]
    means = np.append(0.0, (counts * of.matrix[:, 1:]).sum(axis=0) / counts.sum())
    centred = of.matrix - means
    spreads = np.append(1.0, np.sqrt((counts * centred[:, 1:] ** 2).sum(axis=0) / counts.sum()))
    return centred / spreads, means, spreads


def _check(covariate: Covariate, counts: Counts) -> None:
    if len(covariate.values) != len(counts):
        raise CovariateError(covariate.name, f"has {len(covariate.values)} values for {len(counts)} patients")
    patients = int(counts.sum())
    if None in covariate.values:
        unknown = int(counts[[value is None for value in covariate.values]].sum())
        raise CovariateError(covariate.name, f"is unknown for {unknown} of {patients} patients")
    if len(set(covariate.values)) < 2:
        raise _same_for_all(covariate.name, patients)


def _same_for_all(name: str, patients: int) -> CovariateError:
    return CovariateError(name, f"is the same for all {patients} patients, so nothing can depend on it")


def _coded(covariate: Covariate, counts: Counts) -> tuple[Matrix, list[Column], list[Guard]]:
    match covariate:
        case Number(name, values, per):
            if not per > 0:
                raise CovariateError(name, f"its coefficient is told per {per:g}, which is not above 0")
            return _number(name, np.asarray(values, dtype=float), per, counts), [Column(name, per=per)], []
        case YesNo(name, values):
            told = ["yes" if value else "no" for value in values]
            return _levels(Levels(name, told, ("no", "yes")), counts)
        case Levels():
            return _levels(covariate, counts)


def _number(name: str, values: Vector, per: float, counts: Counts) -> Matrix:
    if not np.isfinite(values).all():
        raise CovariateError(name, "holds a value that is not a finite number")
    if np.ptp(values) <= ROUNDING * np.abs(values).max():
        raise _same_for_all(name, int(counts.sum()))
    return values[:, np.newaxis] / per


def _levels(covariate: Levels, counts: Counts) -> tuple[Matrix, list[Column], list[Guard]]:
    name, levels = covariate.name, tuple(covariate.levels)
    values = np.array(covariate.values, dtype=object)
    strange = sorted(str(value) for value in set(covariate.values) if value not in levels)
    if strange:
        raise CovariateError(name, f"{', '.join(strange)}: not among its levels {', '.join(levels)}")
    if len(set(levels)) < len(levels):
        raise CovariateError(name, f"a level is named twice among {', '.join(levels)}")
    reference = levels[0] if covariate.reference is None else covariate.reference
    if reference not in levels:
        raise CovariateError(name, f"its reference {reference} is not among its levels {', '.join(levels)}")
    having = {level: values == level for level in levels}
    patients = {level: int(counts[who].sum()) for level, who in having.items()}
    if not patients[reference]:
        raise CovariateError(name, f"nobody has the reference level {reference}; choose a level that patients have")
    guards = [_few(name, level, patients[level]) for level in levels if patients[level] < 2]
    held = [level for level in levels if level != reference and patients[level]]
    matrix = np.column_stack([having[level] for level in held]).astype(float)
    return matrix, [Column(name, level, reference) for level in held], guards


def _few(name: str, level: str, count: int) -> Guard:
    if count:
        return Guard("single patient", f"{name}: one patient only has the level {level}.")
    return Guard("empty level", f"{name}: nobody has the level {level}; the model leaves it out.")


def _refuse_collinear(matrix: Matrix, columns: Sequence[Column], counts: Counts) -> None:
    """Gram-Schmidt, column by column, on columns centred (but the intercept) and of length 1."""
    centred = (matrix - np.average(matrix, axis=0, weights=counts)) * np.sqrt(counts)[:, np.newaxis]
    basis = np.empty((len(matrix), 0))
    taken: list[int] = []
    for at, column in enumerate(columns[1:], start=1):
        unit = centred[:, at] / np.linalg.norm(centred[:, at])
        left = unit - basis @ (basis.T @ unit)
        left -= basis @ (basis.T @ left)
        if np.linalg.norm(left) < SAME:
            why = f"{_determined(centred, at, taken, columns)} among these {counts.sum()} patients"
            raise CovariateError(column.covariate, f"{why}; leave one of them out")
        basis = np.column_stack([basis, left / np.linalg.norm(left)])
        taken.append(at)


def _determined(centred: Matrix, at: int, taken: Sequence[int], columns: Sequence[Column]) -> str:
    spread = np.linalg.norm(centred, axis=0)
    weights = np.linalg.lstsq(centred[:, taken] / spread[taken], centred[:, at] / spread[at])[0]
    by = dict.fromkeys(columns[one].covariate for one, weight in zip(taken, weights, strict=True) if abs(weight) > 1e-6)
    others = " and ".join(name for name in by if name != columns[at].covariate)
    return f"follows wholly from {others}"
