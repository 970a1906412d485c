"""Every number of the first study, from random charts, is what a program says that was written from the protocol alone.

More seeds: `python -m tests.generative.test_independent_crohn 100 200`, or REMIT_SEEDS=100-200 for pytest.
"""

from __future__ import annotations

import math
import os
import sys
import tempfile
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from remit.derive.derive import derive_cohort
from remit.derive.engines import engine_named
from remit.estimate.estimate import estimate_results
from remit.sources.workbooks import read
from remit.study.build import read_study
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study
from tests.generative.independent_results import Key, Number, results
from tests.generative.random_charts import write_charts

EXAMPLE = Path(__file__).parents[2] / "examples" / "upadacitinib-crohn"
ELSEWHERE = (
    "imputed_values",
    "sensitivity",
    "sensitivity_remission_week24",
    "sensitivity_response_week12",
    "sensitivity_response_week24",
    "predictors",
    "change",
    "mixed_model",
    "persistence",
    "rates",
    "centres",
)  # analyses that have references of their own
ADDRESS = ["analysis", "population", "group", "group_level", "visit", "period", "variable", "level", "handling"]
START, _, END = os.environ.get("REMIT_SEEDS", "0-6").partition("-")

study = cache(read_study)


def numbers_of(asked: Study, charts: Path, engine: str = "polars") -> dict[Key, Number]:
    records = read(charts, asked.forms, asked.charts)
    cohort = derive_cohort(asked, records, engine_named(engine))
    table = estimate_results(asked, cohort).table
    elsewhere = [*ELSEWHERE, *(each.name for each in asked.analyses if isinstance(each, Pooling | Indirect))]
    table = table.filter(~pl.col("analysis").is_in(elsewhere), ~pl.col("statistic").str.starts_with("guard_"))
    of_pairs = pl.col("statistic").is_in(
        ["rule_only", "own_only", "difference"]
    )  # their intervals are tested elsewhere
    table = table.filter(pl.col("contrast").is_null() | of_pairs, ~pl.col("group").eq_missing("evidence"))
    found = table.select(*ADDRESS, "statistic", "value", "numerator", "denominator", "missing", "population_n")
    return {row[:10]: Number(*row[10:]) for row in found.iter_rows()}


def disagreements(
    wanted: dict[Key, Number], found: dict[Key, Number]
) -> list[tuple[Key, Number | None, Number | None]]:
    both = sorted(wanted.keys() | found.keys(), key=str)
    return [
        (key, wanted.get(key), found.get(key))
        for key in both
        if not (same(wanted[key], found.get(key)) if key in wanted else is_zero_of_safety(key, found[key]))
    ]


def same(one: Number, two: Number | None) -> bool:
    if two is None or one[1:] != two[1:] or (one.value is None) != (two.value is None):
        return False
    return one.value is None or math.isclose(one.value, two.value, rel_tol=1e-9, abs_tol=1e-9)


def is_zero_of_safety(key: Key, number: Number) -> bool:
    """remit counts each term in each period, and our own program only what occurs."""
    return key[0] == "safety" and number.numerator == 0 and not (number.missing or (number.value and key[9] != "upper"))


def of_seed(seed: int, engine: str = "polars") -> list[tuple[Key, Number | None, Number | None]]:
    with tempfile.TemporaryDirectory() as folder:
        write_charts(Path(folder), seed)
        return disagreements(results(Path(folder)), numbers_of(study(EXAMPLE), Path(folder), engine))


@pytest.mark.parametrize("seed", range(int(START), int(END)))
def test_random_charts(seed: int) -> None:
    assert of_seed(seed) == []


def test_random_charts_on_duckdb() -> None:
    assert of_seed(2, "duckdb") == []


def test_the_charts_of_the_study() -> None:
    charts = EXAMPLE / "charts"
    assert disagreements(results(charts), numbers_of(study(EXAMPLE), charts)) == []


def test_the_charts_are_worth_it() -> None:
    """A seed that leaves nobody eligible would agree about nothing."""
    with tempfile.TemporaryDirectory() as folder:
        write_charts(Path(folder), 2)
        found = results(Path(folder))
    eligible = next(number for key, number in found.items() if key[0] == "flow" and key[6] == "eligible")
    assert eligible.value > 20
    assert sum(number.missing > 0 for number in found.values()) > 500


if __name__ == "__main__":
    for number in range(int(sys.argv[1]), int(sys.argv[2])):
        for each in of_seed(number):
            print(number, *each)
