"""What the outcome of every patient would be in an arm, from a model of the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remit.inference.confounding.arms import NotComparable
from remit.inference.confounding.propensity import Propensity
from remit.inference.design import SAME, Column, Design, Matrix, Vector
from remit.inference.logistic import Separated, fit
from remit.inference.logistic_likelihood import expit

Models = Literal["by arm", "shared"]
Members = NDArray[np.bool_]


@dataclass(frozen=True)
class Model:
    """`predicted`: a patient each, of both arms. Both others are patients × coefficients: `gradient`, by how much a
    prediction grows with a coefficient, and `influence`, by how much a patient moves it."""

    predicted: Vector
    gradient: Matrix
    influence: Matrix


def outcome_models(values: Vector, yes_no: bool, of: Propensity, models: Models) -> dict[str, Model]:
    """For each arm a model of the outcome on the covariates of the score: logistic of a yes or no, else linear.

    `by arm`: of those in the arm alone; where they all have the same outcome, all are predicted to have it. `shared`:
    one model of all patients with the arm in it, in which covariates do the same in both arms. Raises NotComparable for
    an arm that is too small for its model, in which covariates do not vary or follow from others, or where they tell
    those with the outcome from those without.
    """
    if models == "by arm":
        return {arm: _by_arm(values, yes_no, of.design, who, arm) for arm, who in of.arms.members.items()}
    made = Design(
        np.column_stack([of.design.matrix, of.arms.treated]),
        (*of.design.columns, Column("arm", of.arms.name, of.arms.other)),
    )
    everybody = np.ones(values.size, dtype=bool)
    if np.ptp(values) == 0:
        return dict.fromkeys(of.arms.members, _constant(values, made.matrix, everybody))
    where = f"{of.arms.name} and {of.arms.other} together"
    return {
        arm: _model(values, yes_no, made, everybody, np.column_stack([of.design.matrix, everybody == had]), where)
        for arm, had in ((of.arms.name, True), (of.arms.other, False))
    }


def _by_arm(values: Vector, yes_no: bool, made: Design, who: Members, arm: str) -> Model:
    if np.ptp(values[who]) == 0:
        return _constant(values, made.matrix, who)
    return _model(values, yes_no, made, who, made.matrix, arm)


def _constant(values: Vector, matrix: Matrix, who: Members) -> Model:
    return Model(np.full(values.size, values[who][0]), np.zeros_like(matrix), np.zeros_like(matrix))


def _model(values: Vector, yes_no: bool, made: Design, who: Members, would: Matrix, where: str) -> Model:
    """Of the patients `who`; predicted for all with their columns as they `would` be in the arm."""
    _check(made.matrix[who], made, where)
    of_these = Design(made.matrix[who], made.columns)
    influence = np.zeros_like(made.matrix)
    if not yes_no:
        inverse = np.linalg.pinv(of_these.matrix)
        coefficients = inverse @ values[who]
        influence[who] = inverse.T * (values[who] - of_these.matrix @ coefficients)[:, np.newaxis]
        return Model(would @ coefficients, would, influence)
    try:
        fitted = fit(of_these, values[who] == 1)
    except Separated as refused:
        raise _apart(refused, where) from refused
    except ArithmeticError as refused:
        raise NotComparable(f"in {where}, the model of the outcome cannot be fitted: {refused}") from refused
    influence[who] = of_these.matrix * (values[who] - fitted.probabilities)[:, np.newaxis] @ fitted.covariance
    predicted = expit(would @ fitted.coefficients)
    return Model(predicted, would * (predicted * (1 - predicted))[:, np.newaxis], influence)


def _apart(refused: Separated, where: str) -> NotComparable:
    names = refused.separation.covariates
    told = f"{' and '.join(names)} tell{'s' if len(names) == 1 else ''} those with the outcome from those without"
    return NotComparable(f"in {where}, {told}: the model of the outcome has no finite coefficients", names)


def _check(rows: Matrix, made: Design, where: str) -> None:
    patients, columns = rows.shape
    if patients <= columns:
        why = f"the {patients} patients in {where} are too few for a model of the outcome with {columns} coefficients"
        raise NotComparable(why)
    for at, column in enumerate(made.columns[1:], start=1):
        if np.ptp(rows[:, at]) == 0:
            why = f"{column.name} is the same for all in {where}, whose model cannot say what it does"
            raise NotComparable(why, (column.covariate,))
    centred = rows[:, 1:] - rows[:, 1:].mean(axis=0)
    if np.linalg.matrix_rank(centred / np.linalg.norm(centred, axis=0), tol=SAME) < columns - 1:
        names = tuple(dict.fromkeys(column.covariate for column in made.columns[1:]))
        raise NotComparable(f"in {where}, one of {', '.join(names)} follows wholly from the others", names)
