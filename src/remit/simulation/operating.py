"""Operating characteristics: what a study will show, before its first patient is seen.

Many studies are drawn, derived and estimated as one would be; what is told of them carries its Monte Carlo error, the
standard error that comes from drawing only so many (Morris, White, Crowther, Statistics in Medicine 2019;38:2074-102).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.inference.proportions import wilson
from remit.output import check_out, whole_folder
from remit.schema.cohort import ELIGIBLE, endpoint_column, population_column, stratum_column
from remit.simulate.draw import draw_records, replicate_of
from remit.simulation.asked import check_patients, check_repeat, check_seed
from remit.study.build import read_study
from remit.study.study import Primary, Study

Values = NDArray[np.float64]
SPREAD = (0.025, 0.975)
HEADINGS = ("patients", "measure", "statistic", "value", "Monte Carlo error")


@dataclass(frozen=True)
class Told:
    """A number about studies of one size. `error` is None where it cannot be told from so few studies."""

    patients: int
    measure: str
    statistic: str
    value: float
    error: float | None


@dataclass(frozen=True)
class Operating:
    """`empty`: by size, how many studies had nobody in the denominator: they have no estimate and exclude nothing.
    `assumptions`: what packs assume of the fields that the study file does not declare, in words."""

    study: str
    version: str
    primary: str
    benchmark: float | None
    repeat: int
    seed: int
    empty: dict[int, int]
    rows: tuple[Told, ...]
    assumptions: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        yield f"{self.primary}, in {self.repeat:,} simulated studies of each size (seed {self.seed})"
        yield ""
        measures = list(dict.fromkeys((row.measure, row.statistic) for row in self.rows))
        sizes = list(dict.fromkeys(row.patients for row in self.rows))
        wide = max(len(_name(*measure)) for measure in measures)
        yield f"{'patients':<{wide}}" + "".join(f"{size:>18,}" for size in sizes)
        for measure in measures:
            cells = [
                next(row for row in self.rows if (row.measure, row.statistic) == measure and row.patients == size)
                for size in sizes
            ]
            yield f"{_name(*measure):<{wide}}" + "".join(f"{_cell(cell):>18}" for cell in cells)
        yield ""
        yield "Behind ±: the Monte Carlo error, which more studies make smaller. Shares and widths are in percent."
        for size, empty in self.empty.items():
            if empty:
                yield f"Of {size:,} patients, {empty:,} studies had nobody to estimate from: they exclude no benchmark."
        yield from self.assumptions

    def write(self, out: Path) -> None:
        with whole_folder(out) as made:
            table = [(row.patients, row.measure, row.statistic, row.value, row.error) for row in self.rows]
            pl.DataFrame(table, schema=list(HEADINGS), orient="row").write_csv(made / "operating.csv")
            (made / "operating.json").write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False), "utf-8")


def _name(measure: str, statistic: str) -> str:
    return f"{measure}, {statistic}" if statistic else measure


def _cell(row: Told) -> str:
    return f"{row.value:.1f}" + (f" ± {row.error:.2f}" if row.error is not None else "")


def operating_characteristics(
    path: Path | str,
    sizes: Sequence[int],
    repeat: int,
    seed: int,
    benchmark: Fraction | None = None,
    out: Path | str | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Operating:
    """How studies of these sizes will turn out. benchmark: else that of the study file, if there is one.

    With `out`, also as operating.csv and operating.json. Raises WrongInput before anything is written.
    """
    check_seed(seed)
    for size in sizes:
        check_patients(size)
        check_repeat(repeat, size)
    if out is not None:
        check_out(Path(out))
    study = read_study(path)
    if study.primary is None:
        remedy = "Add `primary: {endpoint: …, visit: …, population: …, estimand: …}`."
        raise WrongInput(str(study.path), "the study names no primary endpoint, which --repeat is about", remedy)
    benchmark = study.simulation.benchmark if benchmark is None else benchmark
    limit = None if benchmark is None else float(benchmark)
    rows: list[Told] = []
    empty: dict[int, int] = {}
    for size in dict.fromkeys(sizes):
        say(f"Drawing {repeat:,} studies of {size:,} patients")
        counts = counted(study, study.primary, size, repeat, seed)
        rows += characteristics(size, counts, limit)
        empty[size] = int((counts["of"] == 0).sum())
    found = Operating(
        study.identity.id,
        study.identity.version,
        _primary(study, study.primary),
        limit,
        repeat,
        seed,
        empty,
        tuple(rows),
        tuple(study.simulation.on_assumptions()),
    )
    if out is not None:
        found.write(Path(out))
    return found


def _primary(study: Study, primary: Primary) -> str:
    visit = next(visit.label for visit in study.visits if visit.name == primary.visit)
    endpoint, estimand = study.endpoints[primary.endpoint].label, study.estimands[primary.estimand].label
    return f"{endpoint} at {visit} ({study.populations[primary.population].label}; {estimand})"


def counted(study: Study, primary: Primary, size: int, repeat: int, seed: int) -> pl.DataFrame:
    """One row a study, in order: `eligible`, and of the primary endpoint `n` of `of`."""
    records = draw_records(study, size, seed, repeat)
    patients = derive_cohort(_primary_only(study, primary), records).patients
    value = pl.col(endpoint_column(primary.endpoint, primary.visit, primary.estimand))
    inside = pl.col(population_column(primary.population)).fill_null(value=False)
    if not study.asks_all(study.estimands[primary.estimand], primary.visit):
        stratum = stratum_column(primary.endpoint, primary.visit, primary.estimand)
        inside &= pl.col(stratum).fill_null(value=False)
    replicate = replicate_of() if repeat > 1 else pl.lit(0, pl.Int64)
    return (
        patients.group_by(replicate.alias("replicate"))
        .agg(
            pl.col(ELIGIBLE).sum().alias("eligible"),
            (value & inside).sum().alias("n"),
            inside.sum().alias("of"),
        )
        .sort("replicate")
    )


def _primary_only(study: Study, primary: Primary) -> Study:
    """All that the primary result needs."""
    endpoints = {primary.endpoint: study.endpoints[primary.endpoint]}
    estimands = {primary.estimand: study.estimands[primary.estimand]}
    return replace(study, analyses=(), endpoints=endpoints, estimands=estimands, subgroups={}, periods=())


def characteristics(size: int, counts: pl.DataFrame, benchmark: float | None) -> Iterator[Told]:
    """counts: of `counted`. Shares and widths in percent."""
    eligible = counts["eligible"].to_numpy().astype(np.float64)
    yield Told(size, "eligible", "mean", *mean(eligible))
    for share in SPREAD:
        yield Told(size, "eligible", _percentile(share), *quantile(eligible, share))
    known = counts.filter(pl.col("of") > 0)
    ends = np.array([wilson(n, of) for n, of in known.select("n", "of").iter_rows()]).reshape(-1, 2) * 100
    estimates = 100 * (known["n"] / known["of"]).to_numpy()
    if len(estimates):
        yield Told(size, "estimate (%)", "mean", *mean(estimates))
        for share in SPREAD:
            yield Told(size, "estimate (%)", _percentile(share), *quantile(estimates, share))
        for name, share in (("median", 0.5), ("lower quartile", 0.25), ("upper quartile", 0.75)):
            yield Told(size, "width of the interval (%)", name, *quantile(ends[:, 1] - ends[:, 0], share))
    if benchmark is not None:
        above, below = (ends[:, 0] > 100 * benchmark).sum(), (ends[:, 1] < 100 * benchmark).sum()
        for name, excluded in (("excludes", above + below), ("lies above", above), ("lies below", below)):
            measure = f"interval {name} {100 * benchmark:g} % (%)"
            yield Told(size, measure, "", *share_of(int(excluded), counts.height))


def _percentile(share: float) -> str:
    return f"{100 * share:g} percentile"


def mean(values: Values) -> tuple[float, float | None]:
    """Mean and its standard error."""
    error = float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else None
    return float(values.mean()), error


def quantile(values: Values, share: float) -> tuple[float, float | None]:
    """By order, with half the distance between the values one binomial standard deviation of ranks to each side."""
    n, spread = len(values), math.sqrt(len(values) * share * (1 - share))
    low, high = round(n * share - spread), round(n * share + spread)
    ordered = np.sort(values)
    found = float(np.quantile(ordered, share, method="averaged_inverted_cdf"))
    if low < 0 or high >= n or low == high:
        return found, None
    return found, float(ordered[high] - ordered[low]) / 2


def share_of(count: int, of: int) -> tuple[float, float | None]:
    """In percent, with its standard error. None and all of them tell of none: the formula's 0 would be too sure."""
    share = count / of
    return 100 * share, 100 * math.sqrt(share * (1 - share) / of) if 0 < count < of else None
