"""Eight endpoints through `remit run`, and written by hand in SQL for DuckDB, over the same Parquet charts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from measuring import REMIT, median, run_once, table

from remit.schema.results import guard

STUDY = Path("benchmarks/eight-endpoints")
RUNS = 3


def section(charts: Path, folder: Path) -> Iterator[str]:
    by_remit = [folder / f"remit-{number}" for number in range(RUNS)]
    by_hand = [folder / f"hand-{number}" for number in range(RUNS)]
    remit = median([run_once(REMIT, "run", STUDY, "--charts", charts, "--out", out) for out in by_remit])
    hand = median([run_once(sys.executable, STUDY / "by_hand.py", charts, out) for out in by_hand])
    numbers = compared(by_remit[0], by_hand[0])
    yield "\n## Beside SQL by hand\n"
    yield "Eight endpoints at two visits of a million patients, over each denominator and under two estimands, by"
    yield f"`{STUDY}/study.yaml`, and by `by_hand.sql` beside it on DuckDB, from the same Parquet charts: whole"
    yield f"processes, the median of {RUNS} runs. All {numbers} proportions, with their denominators, missing counts"
    yield "and intervals, are equal. remit also checks each cell, keeps the ledger and writes the report.\n"
    rows = [
        (what, f"{run.seconds:.1f}", f"{run.seconds / hand.seconds:.1f}", f"{run.mebibytes / 1024:.1f}")
        for what, run in (("`remit run`", remit), ("SQL by hand", hand))
    ]
    yield from table(("", "seconds", "ratio", "peak memory, GiB"), rows)


def compared(by_remit: Path, by_hand: Path) -> int:
    """How many proportions there are; ends the benchmark if one is not the same."""
    ours = pl.read_parquet(by_remit / "results.parquet").filter(analysis="effectiveness")
    ours = ours.filter(~pl.col("statistic").str.starts_with(guard("")))
    keys = {
        "endpoint": "variable",
        "week": pl.col("visit").str.strip_prefix("week").cast(pl.Int32),
        "handling": "handling",
    }
    counts = {"of": "denominator", "missing": "missing", "population": "population_n"}
    told = ours.select("statistic", "value", **keys, **counts)
    wide = told.pivot("statistic", index=[*keys, *counts], values="value")
    theirs = pl.read_parquet(by_hand / "results.parquet")
    both = wide.join(theirs, on=list(keys), how="full", suffix="_by_hand")
    apart = pl.max_horizontal(
        (pl.col(name).cast(pl.Float64) - pl.col(f"{name}_by_hand")).abs()
        for name in ("n", "percent", "lower", "upper", *counts)
    )
    wrong = both.filter((apart > 1e-9) | apart.is_null() | pl.col("endpoint_by_hand").is_null())
    if wrong.height or both.height != wide.height:
        sys.exit(f"remit and SQL by hand differ:\n{wrong}")
    return both.height
