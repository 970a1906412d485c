"""Which columns predict which: by a rule that can be told, and no more of them than the known values can bear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.imputation.table import Coded, Column

ENOUGH = 10  # known values, fewer of which make no model and are no predictor
PER_TERM = 5  # known values for each term of a model


@dataclass(frozen=True)
class Chosen:
    """`left_out`: columns that could predict, but for which there are too few known values."""

    predictors: tuple[Coded, ...]
    left_out: tuple[Coded, ...]


def usable(coded: Coded) -> bool:
    return int(coded.donors.sum()) >= ENOUGH and not coded.constant


def chosen(target: Coded, table: Sequence[Coded], per_term: int = PER_TERM) -> Chosen:
    """Predictors of a column, in this order, as long as there are `per_term` known values for each term:

    those that always predict; the same measure at other visits, the nearest first; other components of its group at
    the same visit; what is known once a patient; its group at other visits; the same visit; the rest.

    J. Hardt, M. Herke and R. Leonhart (BMC Medical Research Methodology 2012;12:184) warn of more than one variable to
    three complete cases. Of yes and no and of levels, as many values count as twice those that are not the most
    frequent, at most all.
    """
    candidates = sorted(
        (each for each in table if each.column.name != target.column.name and usable(each)),
        key=lambda each: _nearness(target.column, each.column),
    )
    room = max(1, _information(target) // per_term)
    taken: list[Coded] = []
    left: list[Coded] = []
    for each in candidates:
        needs = len(levels_seen(each)) - 1 if each.column.kind == "unordered" else 1
        if needs <= room:
            taken.append(each)
            room -= needs
        else:
            left.append(each)
    return Chosen(tuple(taken), tuple(left))


def levels_seen(coded: Coded) -> list[float]:
    """The known levels, the most frequent first."""
    levels, counts = np.unique(coded.values[coded.known], return_counts=True)
    return [float(levels[place]) for place in np.argsort(-counts, kind="stable")]


def _information(target: Coded) -> int:
    known = int(target.donors.sum())
    if target.column.kind in ("number", "score", "ordered"):
        return known
    _, counts = np.unique(target.values[target.known], return_counts=True)
    return min(known, 2 * (known - int(counts.max(initial=0))))


def _nearness(target: Column, other: Column) -> tuple[int, int, bool]:
    """By kind of kinship, then by distance in visits, the earlier first."""
    once = target.visit is None or other.visit is None
    distance = 0 if target.visit is None or other.visit is None else abs(target.visit - other.visit)
    later = not once and distance > 0 and (other.visit or 0) > (target.visit or 0)
    same_group = target.group is not None and target.group == other.group
    if other.always:
        kinship = 0
    elif target.measure is not None and target.measure == other.measure:
        kinship = 1
    elif same_group and distance == 0:
        kinship = 2
    elif other.visit is None:
        kinship = 3
    elif same_group:
        kinship = 4
    elif distance == 0:
        kinship = 5
    else:
        kinship = 6
    return kinship, distance, later
