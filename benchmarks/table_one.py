"""Table 1 of a cohort by remit and by the package tableone: python table_one.py COHORT STUDY remit|tableone.

COHORT: a folder that `remit run` wrote. Both describe the same columns of the same patients: numbers by mean, standard
deviation, median and quartiles, the others by counts and percentages, and what is missing of each. Prints seconds: of
the description alone, from the frame in memory.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
from measuring import EXAMPLE, ROOT, table

import remit
from remit.language.types import Number, Span
from remit.schema.cohort import Cohort, population_column, variable_column
from remit.study.analyses.kinds import Summary
from remit.study.study import Study

ANALYSIS = "baseline"


def described(study: Study) -> Summary:
    """The study's table of characteristics, without what only remit can describe: values beyond an assay's limits."""
    (analysis,) = (each for each in study.analyses if isinstance(each, Summary) and each.name == ANALYSIS)
    return replace(analysis, rows=tuple(row for row in analysis.rows if not getattr(row.query.type, "censored", False)))


def by_remit(study: Study, patients: pl.DataFrame) -> float:
    analysis = described(study)
    populations = {name: study.populations[name] for name in analysis.populations}
    only = replace(study, analyses=(analysis,), criteria=(), populations=populations)
    empty = pl.DataFrame()
    start = time.perf_counter()
    remit.estimate_results(only, Cohort(patients, empty, empty, empty, empty))
    return time.perf_counter() - start


def by_tableone(study: Study, patients: pl.DataFrame) -> float:
    from tableone import TableOne

    analysis = described(study)
    columns = {variable_column(analysis.name, row.name): row.query.type for row in analysis.rows}
    numbers = [name for name, kind in columns.items() if isinstance(kind, Number | Span)]
    members = patients.filter(pl.col(population_column(analysis.populations[0])))
    frame = members.select(*columns).to_pandas()
    start = time.perf_counter()
    # Twice, for tableone gives a number's mean or its median.
    others = [name for name in columns if name not in numbers]
    TableOne(frame, columns=list(columns), categorical=others, continuous=numbers)
    TableOne(frame, columns=numbers, categorical=[], continuous=numbers, nonnormal=numbers)
    return time.perf_counter() - start


def section(cohort: Path) -> Iterator[str]:
    seconds = {}
    for by in ("remit", "tableone"):
        told = subprocess.check_output([sys.executable, __file__, cohort, EXAMPLE, by], cwd=ROOT, text=True)
        seconds[by] = float(told.splitlines()[-1])
    yield "\n## Table 1\n"
    yield "The characteristics of the eligible of a million patients, from the frame in memory: the same columns and"
    yield "statistics by remit, which takes exact sums, and by the package tableone.\n"
    rows = [(by, f"{taken:.2f}", f"{seconds['tableone'] / taken:.0f}") for by, taken in seconds.items()]
    yield from table(("", "seconds", "times as fast as tableone"), rows)


def main() -> None:
    cohort, path, by = sys.argv[1:]
    study = remit.read_study(path)
    patients = pl.read_parquet(Path(cohort) / "patients.parquet")
    print({"remit": by_remit, "tableone": by_tableone}[by](study, patients))


if __name__ == "__main__":
    main()
