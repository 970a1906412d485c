"""m completed tables, and how they were made: the ledger of imputed cells, the models, the chains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remit.inference.estimate import Guard
from remit.inference.imputation.convergence import Chain
from remit.inference.imputation.table import Coded, Numbers, decoded

NOT_FILLED = "not filled"
Method = Literal[
    "predictive mean matching",
    "local residual draws",
    "logistic regression",
    "nested logistic regressions",
    "drawn from the known values",
    "the only known value",
    "not filled",
]


@dataclass(frozen=True)
class Model:
    """How a column's empty cells were filled. `left_out`: columns that would have predicted, had there been more known
    values. `within`: cells with an interval, drawn from the normal distribution around their predicted means, or
    evenly in it where there is no model."""

    column: str
    method: Method
    predictors: tuple[str, ...]
    left_out: tuple[str, ...]
    known: int
    within: int
    missing: int


@dataclass(frozen=True)
class Filled:
    """An imputed cell: `interval` where it was not empty but only known to lie within one; `why`: the caller's reason
    for which it was empty."""

    column: str
    row: int
    interval: tuple[float, float] | None
    why: str
    method: str
    predictors: tuple[str, ...]


@dataclass(frozen=True)
class Imputed:
    """`values`: of each column that could be filled, m × n: numbers, places among the levels, or 1 and 0 for yes and
    no. `table`: the columns as they were given, all of them. `chains`: of each column that was imputed by a model."""

    table: tuple[Coded, ...]
    values: dict[str, Numbers]
    models: tuple[Model, ...]
    ledger: tuple[Filled, ...]
    chains: dict[str, Chain]
    guards: tuple[Guard, ...]
    m: int
    iterations: int
    seed: int

    def coded(self, name: str) -> Coded:
        return next(coded for coded in self.table if coded.column.name == name)

    def completed(self, imputation: int) -> dict[str, list[float | bool | str]]:
        """One of the m tables (from 0), its cells as they were given."""
        return {name: decoded(self.coded(name).column, codes[imputation]) for name, codes in self.values.items()}
