"""Tables to complete."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from remit.inference.imputation.table import Between, Cell, Column, Kind

REFERENCE: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "reference" / "chained_equations.json").read_text("utf-8")
)


def of_reference(name: str) -> list[Column]:
    return [_column(column, cells) for column, cells in REFERENCE[name]["data"].items()]


def _column(name: str, cells: list[Any]) -> Column:
    known = {cell for cell in cells if cell is not None}
    if known == {"no", "yes"}:
        return Column(name, "yes/no", [None if cell is None else cell == "yes" for cell in cells])
    if all(isinstance(cell, str) for cell in known):
        return Column(name, "unordered", cells, levels=tuple(sorted(known)))
    return Column(name, "number", [None if cell is None else float(cell) for cell in cells])


def course(n: int = 64, seed: int = 1, empty: float = 0.25) -> list[Column]:
    """A score at three visits, a protein with a limit of detection, steroids, a level and a site of n patients."""
    rng = np.random.default_rng(seed)
    severity = rng.normal(8, 3, n)
    columns = [Column("age", "number", [float(age) for age in rng.integers(18, 80, n)], decimals=0)]
    for visit, effect in enumerate((0, -2, -4)):
        score = np.clip(np.round(severity + effect + rng.normal(0, 2, n)), 0, 20)
        protein = np.round(np.exp(0.2 * severity + 0.2 * effect + rng.normal(0, 0.5, n)), 1)
        steroid = rng.random(n) < 0.1 + 0.03 * score
        holes = (rng.random((3, n)) < empty) & (visit > 0)
        columns += [
            _visit("score", "score", [float(each) for each in score], holes[0], visit, high=20, decimals=0),
            _visit("steroid", "yes/no", [bool(each) for each in steroid], holes[1], visit),
            _visit("crp", "number", [_measured(each) for each in protein], holes[2], visit, decimals=1),
        ]
    wellbeing = np.digitize(severity, [6, 8, 10])
    levels = ("very well", "well", "poor", "terrible")
    columns.append(_with_holes("wellbeing", "ordered", [levels[each] for each in wellbeing], rng, empty, levels))
    sites = ("ileum", "colon", "both")
    columns.append(_with_holes("site", "unordered", [sites[each] for each in rng.integers(0, 3, n)], rng, empty, sites))
    return columns


def _measured(value: float) -> Cell:
    return Between(0, 3, high_open=True) if value < 3 else float(value)


def _with_holes(
    name: str, kind: Kind, cells: list[Cell], rng: np.random.Generator, empty: float, levels: tuple[str, ...]
) -> Column:
    holes = rng.random(len(cells)) < empty
    return Column(name, kind, [None if hole else cell for cell, hole in zip(cells, holes, strict=True)], levels)


def _visit(
    measure: str,
    kind: Kind,
    cells: list[Cell],
    holes: Any,
    visit: int,
    high: float = math.inf,
    decimals: int | None = None,
) -> Column:
    return Column(
        f"{measure}@{visit}",
        kind,
        [None if hole else cell for cell, hole in zip(cells, holes, strict=True)],
        low=0,
        high=high,
        decimals=decimals,
        measure=measure,
        visit=visit,
        group="activity",
        reasons={row: "no visit" for row, hole in enumerate(holes) if hole},
    )
