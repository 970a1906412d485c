"""Many cohorts at once: an endpoint under each strategy, by each closed-form handling, with all intervals.

`python benchmarks/cohorts.py 10000` does the work and tells how many numbers it made; `section` runs that as a process.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from measuring import run_once, table
from numpy.typing import NDArray

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.inference.fisher import fisher_p
from remit.inference.proportions import METHODS, intervals
from remit.inference.score import score_intervals
from remit.inference.two_proportions import newcombe_intervals
from remit.schema.cohort import ELIGIBLE, Cohort, arm_column, carried_column, endpoint_column, stratum_column
from remit.schema.results import (
    BEST,
    CARRIED_FORWARD,
    COMPLETE,
    DECIDED,
    NON_RESPONSE,
    REQUIRED,
    WORST,
    handled,
)
from remit.simulate.draw import draw_records, replicate_of
from remit.study.build import read_study
from remit.study.study import Study

STUDY = Path("benchmarks/every-handling")
COHORTS, PATIENTS = 10_000, 64
SEED = 2026
CHECKED = 20  # cohorts whose numbers are compared with those of a run
ENDPOINT, VISIT = "remission", "week8"
ARM = arm_column("planned")
TREATED, PLACEBO = "treated", "placebo"

Counts = NDArray[np.int64]
Ways = dict[str, tuple[pl.Expr, pl.Expr]]  # by handling: of each patient, whether responding, and whether counted


def section(cohorts: int = COHORTS) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="remit-bench-") as made:
        out = Path(made) / "made.json"
        run = run_once(sys.executable, Path(__file__), str(cohorts), out)
        found = json.loads(out.read_text("utf-8"))
    print("cohorts", f"{run.seconds:.1f}", flush=True)
    yield "\n## Many cohorts\n"
    yield f"Cohorts of {PATIENTS} patients in two arms, simulated from `{STUDY}/study.yaml`: one endpoint under the"
    yield "five strategies for an intercurrent event, by each handling that needs no imputation,"
    yield f"{found['handlings']} in all. Each proportion has its interval by {len(METHODS)} methods, in all patients"
    yield "and in each arm; each difference of the arms Newcombe's and Miettinen and Nurminen's interval, and Fisher's"
    yield "p. One process draws, derives and estimates; the counts and Wilson's intervals of the first"
    yield f"{found['checked']} cohorts are compared with those of a run.\n"
    row = (f"{cohorts:,}", f"{found['intervals']:,}", f"{run.seconds:.1f}", f"{run.mebibytes / 1024:.1f}")
    yield from table(("cohorts", "intervals", "seconds", "peak memory, GiB"), [row])


def ways(study: Study) -> Ways:
    """Each handling as a run names it."""
    at = (ENDPOINT, VISIT)
    plain = pl.col(endpoint_column(*at))
    found: Ways = {DECIDED: (plain, plain.is_not_null())}
    for basis in (COMPLETE, REQUIRED):
        inside = plain.is_not_null() & pl.col(endpoint_column(*at, basis))
        found[basis] = (plain & inside, inside)
    for name, estimand in study.estimands.items():
        value, carried = pl.col(endpoint_column(*at, name)), pl.col(carried_column(*at, name))
        asked = pl.col(ELIGIBLE if study.asks_all(estimand, VISIT) else stratum_column(*at, name))
        found |= {
            handled(name, DECIDED): (asked & value, asked & value.is_not_null()),
            handled(name, NON_RESPONSE): (asked & value, asked),
            handled(name, CARRIED_FORWARD): (asked & carried, asked & carried.is_not_null()),
            handled(name, WORST): (asked & value, asked),
            handled(name, BEST): (asked & (value | value.is_null()), asked),
        }
    return found


def counts(handlings: Ways, patients: pl.DataFrame) -> tuple[Counts, Counts]:
    """How many respond and how many are counted: handling × cohort."""
    summed = (
        patients.group_by(replicate_of().alias("cohort"))
        .agg(
            *(yes.sum().alias(f"{name} n") for name, (yes, _) in handlings.items()),
            *(of.sum().alias(f"{name} of") for name, (_, of) in handlings.items()),
        )
        .sort("cohort")
    )
    n, of = (summed.select(f"{name} {part}" for name in handlings).to_numpy().T for part in ("n", "of"))
    return n.astype(np.int64), of.astype(np.int64)


def estimated(handlings: Ways, patients: pl.DataFrame) -> int:
    """All intervals; how many there are. Who has nobody in the denominator has none."""
    of_arms = [counts(handlings, patients.filter(pl.col(ARM) == arm)) for arm in (TREATED, PLACEBO)]
    made = sum(
        many(intervals, group, method) for group in (counts(handlings, patients), *of_arms) for method in METHODS
    )
    groups = (*of_arms[0], *of_arms[1])
    many(fisher_p, groups)
    return made + many(newcombe_intervals, groups) + many(score_intervals, groups)


def many(method: Callable[..., Any], groups: tuple[Counts, ...], *more: str) -> int:
    """Counts that many cohorts share are estimated once, and given to each of them. How many there are."""
    some = np.logical_and.reduce([of > 0 for of in groups[1::2]])
    distinct, place = np.unique(np.stack([each[some] for each in groups]), axis=1, return_inverse=True)
    return int(np.asarray(method(*distinct, *more))[..., place].shape[-1])


def check(study: Study, handlings: Ways, cohort: Cohort, cohorts: int) -> int:
    """Ends the benchmark if a count or an interval is not that of a run; how many cohorts were compared."""
    patients = {None: cohort.patients} | {arm: cohort.patients.filter(pl.col(ARM) == arm) for arm in (TREATED, PLACEBO)}
    for arm, group in patients.items():
        n, of = counts(handlings, group)
        for at in range(min(CHECKED, cohorts)):
            ours = [
                (*pair, *(100 * float(end) for end in intervals(*pair)))
                for pair in zip(n[:, at], of[:, at], strict=True)
            ]
            theirs = numbers_of_a_run(study, cohort, at, arm)
            apart = [name for name, one in zip(handlings, ours, strict=True) if not np.allclose(one, theirs[name])]
            if apart:
                sys.exit(f"cohort {at}, {arm or 'all'}: not the numbers of a run: {', '.join(apart)}")
    return min(CHECKED, cohorts)


def numbers_of_a_run(study: Study, cohort: Cohort, at: int, arm: str | None) -> dict[str, tuple[float, ...]]:
    """By handling: n, of, and the ends of the interval in percent."""
    one = replace(cohort, patients=cohort.patients.filter(replicate_of() == at))
    told = estimate_results(study, one).table.filter(
        pl.col("group_level").eq_missing(pl.lit(arm)),
        pl.col("level", "contrast").is_null(),
        variable=ENDPOINT,
        visit=VISIT,
    )
    wide = told.pivot("statistic", index=["handling", "denominator"], values="value")
    return {row["handling"]: (row["n"], row["denominator"], row["lower"], row["upper"]) for row in wide.to_dicts()}


def main(cohorts: int, out: Path) -> None:
    study = read_study(STUDY)
    cohort = derive_cohort(study, draw_records(study, PATIENTS, SEED, cohorts))
    handlings = ways(study)
    made = {"handlings": len(handlings), "intervals": estimated(handlings, cohort.patients)}
    out.write_text(json.dumps(made | {"checked": check(study, handlings, cohort, cohorts)}), "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
