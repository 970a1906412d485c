"""Outcomes by visit as a model: which coefficient is the adjusted mean of an arm at a visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from remit.inference.adjusted import Weights, held
from remit.inference.design import Covariate, CovariateError, Design, Levels, Matrix, Some, design, only
from remit.inference.estimate import Guard

Cell = tuple[str, str]  # arm, visit
Mask = NDArray[np.bool_]

ALL = "all"  # the arm where there are none


@dataclass(frozen=True)
class Model:
    """The patients who were seen at some visit, at the visits at which somebody was seen.

    `columns` are patient × visit × column: first a column for each of `cells`, which hold the arms and visits in which
    somebody was seen, then the covariates less the values at which they are held. So the coefficient of a cell is its
    adjusted mean.
    """

    outcomes: Matrix  # patient × visit, NaN where not seen
    columns: NDArray[np.float64]
    visits: tuple[str, ...]
    cells: dict[Cell, int]
    guards: tuple[Guard, ...]

    def of_visit(self, visit: int) -> int:
        """How many coefficients the outcomes of this visit need."""
        seen = ~np.isnan(self.outcomes[:, visit])
        return int(self.columns[seen, visit].any(axis=0).sum())


def model(
    outcomes: Mapping[str, Sequence[float | None]],
    arm: Levels | None,
    covariates: Sequence[Covariate],
    by_visit: Sequence[Covariate],
    weights: Weights,
) -> Model:
    """Raises CovariateError for a covariate that no model can take, and ValueError where nobody was seen at all."""
    table = _table(outcomes)
    patients: Mask = np.array((~np.isnan(table)).any(axis=1))
    if not patients.any():
        raise ValueError("nobody was seen at any visit")
    visits: Mask = np.array((~np.isnan(table)).any(axis=0))
    table = table[patients][:, visits]
    seen = ~np.isnan(table)
    names = tuple(name for name, came in zip(outcomes, visits, strict=True) if came)
    arms = [] if arm is None else [_only(arm, patients)]
    everywhere, varying = [[_only(one, patients) for one in some] for some in (covariates, by_visit)]
    for visit, name in enumerate(names):
        _check(name, seen[:, visit], arms, varying)
    made = design([*arms, *everywhere, *varying], len(table))
    members = _members(made, arms, len(table))
    cells = [(level, visit) for level in members for visit in range(len(names)) if seen[members[level], visit].any()]
    centred = made.matrix - held(made.matrix, made.columns, weights, seen.sum(axis=1))
    parts = [
        _cell_columns(table.shape, members, cells),
        np.repeat(centred[:, np.newaxis, _at(made, everywhere)], len(names), axis=1),
        *(_at_one(centred[:, _at(made, varying)], visit, len(names)) for visit in range(len(names))),
    ]
    return Model(
        outcomes=table,
        columns=np.concatenate(parts, axis=2),
        visits=names,
        cells={(level, names[visit]): at for at, (level, visit) in enumerate(cells)},
        guards=made.guards,
    )


def _table(outcomes: Mapping[str, Sequence[float | None]]) -> Matrix:
    for visit, values in outcomes.items():
        if not all(value is None or np.isfinite(value) for value in values):
            raise ValueError(f"among the outcomes at {visit} is one that is not finite")
    rows = list(zip(*outcomes.values(), strict=True))
    return np.array(rows, dtype=float).reshape(len(rows), len(outcomes))  # None becomes NaN


def _only(covariate: Some, patients: Mask) -> Some:
    if len(covariate.values) != patients.size:
        raise CovariateError(covariate.name, f"has {len(covariate.values)} values for {patients.size} patients")
    return only(covariate, np.flatnonzero(patients))


def _check(visit: str, seen: Mask, arms: Sequence[Levels], varying: Sequence[Covariate]) -> None:
    """That the patients who were seen at a visit tell the effects of the covariates by visit apart."""
    some = []
    for arm in arms:
        here = _only(arm, seen)
        levels = [level for level in arm.levels if level in here.values]
        if len(levels) > 1:
            some.append(replace(here, levels=levels, reference=levels[0]))
    for covariate in varying:
        here_too = _only(covariate, seen)
        if isinstance(here_too, Levels):
            lost = [level for level in here_too.levels if level in covariate.values and level not in here_too.values]
            if lost:
                raise CovariateError(covariate.name, f"nobody with {' or '.join(lost)} was seen at {visit}")
    try:
        design([*some, *(_only(covariate, seen) for covariate in varying)], int(seen.sum()))
    except CovariateError as error:
        raise CovariateError(error.covariate, f"at {visit}, {error.why}") from None


def _members(made: Design, arms: Sequence[Levels], patients: int) -> dict[str, Mask]:
    """Who is in each arm, the reference first."""
    if not arms:
        return {ALL: np.ones(patients, dtype=bool)}
    at = made.of(arms[0].name)
    levels = [str(made.columns[at[0]].reference), *(str(made.columns[one].level) for one in at)]
    given = np.array(arms[0].values)
    return {level: given == level for level in levels}


def _cell_columns(shape: tuple[int, ...], members: dict[str, Mask], cells: list[tuple[str, int]]) -> Matrix:
    found = np.zeros((*shape, len(cells)))
    for at, (level, visit) in enumerate(cells):
        found[members[level], visit, at] = 1
    return found


def _at(made: Design, covariates: Sequence[Covariate]) -> list[int]:
    return [at for covariate in covariates for at in made.of(covariate.name)]


def _at_one(values: Matrix, visit: int, visits: int) -> NDArray[np.float64]:
    """These columns at one visit, 0 at the others."""
    found = np.zeros((len(values), visits, values.shape[1]))
    found[:, visit] = values
    return found
