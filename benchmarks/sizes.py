"""`remit run` of the whole example study on simulated Parquet charts, by size and engine."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from measuring import REMIT, Run, run_once, table, without_imputation

# Spark in local mode is for correctness here: a cluster is where it belongs.
SPARK_MEMORY = "10g"  # of its own accord it takes 1 GB, which 100,000 patients do not fit in
SMALL, LARGE = 100_000, 1_000_000
SIZES = {"polars": (SMALL, LARGE), "duckdb": (SMALL, LARGE), "spark": (SMALL,)}


def section(charts: Mapping[int, Path], simulated: Mapping[int, Run], folder: Path) -> Iterator[str]:
    rows, seconds = [], {}
    study = without_imputation(folder)
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"--driver-memory {SPARK_MEMORY} pyspark-shell"
    for engine, sizes in SIZES.items():
        for size in sizes:
            out = folder / f"{engine}-{size}"
            run = run_once(REMIT, "run", study, "--charts", charts[size], "--engine", engine, "--out", out)
            seconds[engine, size] = run.seconds
            rows.append((engine, f"{size:,}", f"{run.seconds:.1f}", f"{run.mebibytes / 1024:.1f}"))
            print(rows[-1], flush=True)
    times = seconds["polars", LARGE] / seconds["polars", SMALL]
    yield "\n## By size\n"
    yield "`remit run` of the example study with all its models but without the imputation of missing values, from"
    yield "Parquet charts to the report. A million patients have some three million visits and 13 million rows in all;"
    yield f"`remit simulate` draws them in {simulated[LARGE].seconds:.0f} s. On Polars they take {times:.1f} times what"
    yield f"{SMALL:,} patients take.\n"
    yield f"Spark has {SPARK_MEMORY} and runs in local mode; its memory is that of Java, which is not in the table.\n"
    yield from table(("engine", "patients", "seconds", "peak memory, GiB"), rows)
