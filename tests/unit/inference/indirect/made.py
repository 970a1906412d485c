"""Patients for the tests: those of tests/reference/indirect.json, and drawn ones whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remit.inference.indirect.matched import Matched
from remit.inference.logistic_likelihood import expit
from tests.unit.inference.reference import reference

CASES: list[dict[str, Any]] = reference("indirect")["cases"]


def covariates(case: dict[str, Any]) -> list[Matched]:
    columns = np.array(case["x"], dtype=float).T
    return [
        Matched(name, column.tolist(), mean, sd)
        for name, column, mean, sd in zip(case["covariates"], columns, case["mean"], case["sd"], strict=True)
    ]


def outcome(case: dict[str, Any]) -> NDArray[np.bool_]:
    return np.array(case["y"]) == 1


@dataclass(frozen=True)
class Drawn:
    covariates: list[Matched]
    outcome: NDArray[np.bool_]


def risk(age: NDArray[np.float64], steroids: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the outcome, under our treatment, in whoever: it depends on nothing but these two."""
    return expit(-0.4 + 0.06 * (age - 45) - 0.8 * steroids)


def truth() -> float:
    """In their population: normal ages of mean 45 and SD 9, 40 % on steroids, independent of each other."""
    ages = 45 + 9 * np.linspace(-6, 6, 20001)
    density = np.exp(-(((ages - 45) / 9) ** 2) / 2)
    return float(
        sum(p * (density * risk(ages, np.full(len(ages), s))).sum() / density.sum() for s, p in ((1, 0.4), (0, 0.6)))
    )


def drawn(patients: int, seed: int) -> Drawn:
    """Ours: ages of mean 40 and SD 11, 30 % on steroids; with what they report."""
    random = np.random.default_rng(seed)
    age = random.normal(40, 11, patients)
    steroids = (random.random(patients) < 0.3).astype(float)
    had = random.random(patients) < risk(age, steroids)
    return Drawn([Matched("age", age.tolist(), 45, 9), Matched("steroids", steroids.tolist(), 0.4)], had)
