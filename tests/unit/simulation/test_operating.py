"""Operating characteristics against theory: of an endpoint whose probability is known, all can be calculated."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from remit.cli import app
from remit.errors import WrongInput
from remit.inference.proportions import wilson
from remit.simulation.operating import Told, characteristics, operating_characteristics, quantile, share_of
from tests.unit.simulate.making import STUDY, section
from tests.unit.simulate.monte_carlo import about
from tests.unit.study.making import PACK, written

P = 0.3
SIMULATE = f"""
missed: 0 %
drop_out: 0 %
forms:
  visits: {{fields: {{steroids: {{share: {1 - P}}}}}}}
  patients: {{fields: {{birth_date: {{before: index, unit: years, value: 40}}}}}}
"""


def study(folder: Path, simulate: str = SIMULATE, text: str = STUDY) -> Path:
    return written(folder, text + section(simulate), PACK)


def binomial(k: int, n: int) -> float:
    return math.comb(n, k) * P**k * (1 - P) ** (n - k)


def value(rows: tuple[Told, ...], measure: str, statistic: str = "") -> Told:
    (found,) = [row for row in rows if row.measure == measure and row.statistic == statistic]
    return found


@pytest.mark.parametrize("n", [20, 50])
def test_each_number_is_that_of_the_binomial_distribution(tmp_path: Path, n: int) -> None:
    repeat = 2000
    rows = operating_characteristics(study(tmp_path), [n], repeat, 1, Fraction(1, 2)).rows
    ends = [wilson(k, n) for k in range(n + 1)]
    below = sum(binomial(k, n) for k in range(n + 1) if ends[k][1] < 0.5)
    above = sum(binomial(k, n) for k in range(n + 1) if ends[k][0] > 0.5)
    for name, wanted in (("excludes", below + above), ("lies below", below), ("lies above", above)):
        found = value(rows, f"interval {name} 50 % (%)")
        about(found.value / 100, wanted, math.sqrt(wanted * (1 - wanted) / repeat))
    estimate = value(rows, "estimate (%)", "mean")
    about(estimate.value / 100, P, math.sqrt(P * (1 - P) / n / repeat))
    assert estimate.error == pytest.approx(100 * math.sqrt(P * (1 - P) / n / repeat), rel=0.1)
    assert value(rows, "eligible", "mean") == Told(n, "eligible", "mean", n, 0.0)
    widths = np.repeat([high - low for low, high in ends], [round(1e6 * binomial(k, n)) for k in range(n + 1)])
    median = value(rows, "width of the interval (%)", "median")
    assert median.value / 100 == pytest.approx(float(np.median(widths)), rel=0.03)
    low = value(rows, "estimate (%)", "2.5 percentile")
    assert sum(binomial(k, n) for k in range(n + 1) if 100 * k / n < low.value) < 0.04


def test_replicates_do_not_share_their_centres(tmp_path: Path) -> None:
    """With all patients alike inside a centre, the studies differ as their centres do."""
    told = SIMULATE.replace(f"{{share: {1 - P}}}", "{share: 50 %, centre_effect: 1, correlation: 1}")
    rows = operating_characteristics(study(tmp_path, "centres: [S01]\n" + told), [10], 400, 1).rows
    estimate = value(rows, "estimate (%)", "mean")
    about(estimate.value, 50, 50 / math.sqrt(400))
    assert value(rows, "estimate (%)", "2.5 percentile").value == 0
    assert value(rows, "estimate (%)", "97.5 percentile").value == 100


def test_the_missing_are_failures_under_the_estimand(tmp_path: Path) -> None:
    told = SIMULATE.replace("missed: 0 %", "missed: 50 %")
    rows = operating_characteristics(study(tmp_path, told), [40], 400, 1).rows
    about(value(rows, "estimate (%)", "mean").value / 100, P / 2, math.sqrt(0.15 * 0.85 / 40 / 400))


def test_nobody_eligible(tmp_path: Path) -> None:
    told = SIMULATE.replace("value: 40", "value: 10")
    found = operating_characteristics(study(tmp_path, told), [10], 20, 1, Fraction(1, 2))
    assert found.empty == {10: 20}
    assert value(found.rows, "eligible", "mean").value == 0
    assert value(found.rows, "interval excludes 50 % (%)").value == 0
    assert not any(row.measure.startswith("estimate") for row in found.rows)
    assert "Of 10 patients, 20 studies had nobody to estimate from: they exclude no benchmark." in list(found.lines())


def test_one_study_has_no_monte_carlo_error(tmp_path: Path) -> None:
    rows = operating_characteristics(study(tmp_path), [10], 1, 1, Fraction(1, 2)).rows
    assert all(row.error is None for row in rows)


def test_characteristics_of_counts() -> None:
    counts = pl.DataFrame({"eligible": [10, 10, 8, 0], "n": [5, 1, 4, 0], "of": [10, 10, 8, 0]})
    rows = tuple(characteristics(12, counts, 0.9))
    assert value(rows, "eligible", "mean").value == 7
    assert value(rows, "estimate (%)", "mean").value == pytest.approx((50 + 10 + 50) / 3)
    assert value(rows, "interval excludes 90 % (%)").value == 75


def test_none_or_all_of_the_studies_tell_no_error() -> None:
    """A formula that says 0 of 0 in 3 studies, or of 3 in 3, would be too sure."""
    assert [share_of(count, 3)[1] is None for count in range(4)] == [True, False, False, True]


def test_the_error_of_a_quantile() -> None:
    """Of the median of n normal numbers it is sqrt(pi / 2 n)."""
    random = np.random.default_rng(1)
    errors = [quantile(random.standard_normal(1000), 0.5)[1] or 0.0 for _ in range(200)]
    assert float(np.mean(errors)) == pytest.approx(math.sqrt(math.pi / 2000), rel=0.05)


def test_the_benchmark_of_the_study_file_and_that_of_the_command(tmp_path: Path) -> None:
    path = study(tmp_path, "benchmark: 40 %\n" + SIMULATE)
    asked = ["simulate", str(path), "--patients", "10,20", "--repeat", "20"]
    done = CliRunner().invoke(app, asked)
    assert "interval excludes 40 % (%)" in done.output
    assert done.output.startswith("relief at Week 12 (Eligible patients; main), in 20 simulated studies of each size")
    done = CliRunner().invoke(app, [*asked, "--benchmark", "0.25", "--out", str(tmp_path / "out")])
    assert "interval excludes 25 % (%)" in done.output
    table = pl.read_csv(tmp_path / "out" / "operating.csv")
    assert table.columns == ["patients", "measure", "statistic", "value", "Monte Carlo error"]
    assert set(table["patients"]) == {10, 20}
    told = json.loads((tmp_path / "out" / "operating.json").read_text("utf-8"))
    assert (told["benchmark"], told["repeat"], told["seed"]) == (0.25, 20, 1)
    assert len(told["rows"]) == table.height


def test_a_study_without_a_primary_endpoint(tmp_path: Path) -> None:
    text = STUDY.replace("primary: {endpoint: relief, visit: week12, population: eligible, estimand: main}\n", "")
    with pytest.raises(WrongInput, match="the study names no primary endpoint"):
        operating_characteristics(study(tmp_path, SIMULATE, text), [10], 10, 1)
