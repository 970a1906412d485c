"""A study of another disease, with a pack of its own, through the same code: each number is worked out here by hand.

      ACT      FEV1 %    prednisone mg
P01  12 → 21   60 → 75   10   → 5       on oral corticosteroids; halved to exactly 50 %
P02  15 → 19   70 → 72   20   → 12.5    a fall of 37.5 %
P03  18 → 22   65 → 66    0   → 0       no share of nothing: unknown
P04  10 → 23   55 → 70    7.5 → 0
P05  14 →      72 →      10   →         no visit after the start
P06  16 → 20   78 → 90    5   → 2.5
P07  under 18
P08  13 → 18   62 → 60   15   → 10      a fall of a third
P09  controlled before the start (ACT 21)
P10  19 → 25   50 → 64   12.5 →         prednisone not written
P11  11 →      68 → 71   25   → 10      ACT "n/a"; a fall of 60 %
P12  FEV1 of 85 %
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from remit.cli import app

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("second") / "out"
    done = CliRunner().invoke(app, ["run", str(HERE), "--out", str(folder), "--strict"])
    assert (done.exit_code, done.exception) == (0, None)
    assert "40 rows from 2 centres" in done.output
    return folder


@pytest.fixture(scope="module")
def results(out: Path) -> Mapping[str, dict[str, Any]]:
    table = pl.read_parquet(out / "results.parquet")
    return {row["result"]: row for row in table.iter_rows(named=True)}


def test_the_flow(results: Mapping[str, dict[str, Any]]) -> None:
    numbers = {name: row["value"] for name, row in results.items() if name.startswith("flow.")}
    assert numbers == {
        "flow.screened.n": 12,
        "flow.excluded.under_18.n": 1,  # P07
        "flow.excluded.asthma_controlled.n": 1,  # P09
        "flow.excluded.fev1_of_80_or_more.n": 1,  # P12
        "flow.undecidable.n": 0,
        "flow.eligible.n": 9,
        "flow.eligible.population.on_ocs.n": 8,  # all but P03
    }


TABLE = {
    # 12 + 15 + 18 + 10 + 14 + 16 + 13 + 19 + 11 = 128; the squares sum to 1896
    "act.observed.n": 9,
    "act.observed.mean": 128 / 9,
    "act.observed.sd": ((1896 - 128**2 / 9) / 8) ** 0.5,
    "act.observed.median": 14,
    "act.observed.min": 10,
    "act.observed.max": 19,
    # 60 + 70 + 65 + 55 + 72 + 78 + 62 + 50 + 68 = 580; the squares sum to 37986
    "fev1.observed.mean": 580 / 9,
    "fev1.observed.sd": ((37986 - 580**2 / 9) / 8) ** 0.5,
    "fev1.observed.median": 65,
    # 10 + 20 + 0 + 7.5 + 10 + 5 + 15 + 12.5 + 25 = 105
    "prednisone.observed.mean": 105 / 9,
    "prednisone.observed.max": 25,
    "female.observed.n": 6,  # P01 P03 P04 P06 P08 P10
    "female.observed.percent": 100 * 6 / 9,
    "control.very-poorly-controlled.observed.n": 6,  # 12 15 10 14 13 11
    "control.not-well-controlled.observed.n": 3,  # 18 16 19
    "control.well-controlled.observed.n": 0,
}


@pytest.mark.parametrize("name", TABLE)
def test_the_characteristics(name: str, results: Mapping[str, dict[str, Any]]) -> None:
    assert results[f"table1.eligible.{name}"]["value"] == pytest.approx(TABLE[name])


def test_the_age_is_counted_in_days(results: Mapping[str, dict[str, Any]]) -> None:
    """Month before day: P02 was born on 4 July."""
    born_and_started = {
        "P01": ((1980, 3, 15), (2023, 1, 10)),
        "P02": ((1971, 7, 4), (2023, 1, 24)),
        "P03": ((1990, 12, 31), (2023, 2, 7)),
        "P04": ((1984, 2, 29), (2023, 2, 14)),
        "P05": ((1965, 5, 20), (2023, 3, 1)),
        "P06": ((1977, 8, 9), (2023, 3, 15)),
        "P08": ((1959, 11, 11), (2023, 4, 4)),
        "P10": ((1995, 10, 10), (2023, 5, 2)),
        "P11": ((1969, 4, 30), (2023, 5, 16)),
    }
    days = [(dt.date(*start) - dt.date(*born)).days for born, start in born_and_started.values()]
    age = results["table1.eligible.age.observed.mean"]
    assert (age["value"], age["unit"]) == (pytest.approx(sum(days) / 9 / 365.25), "years")


# endpoint, population, handling → yes, of, not in the denominator
ENDPOINTS = {
    ("well_controlled", "eligible", "decided"): (5, 7, 2),  # yes P01 P03 P04 P06 P10; no P02 P08; unknown P05 P11
    ("well_controlled", "eligible", "complete"): (5, 7, 2),
    ("well_controlled", "on_ocs", "decided"): (4, 6, 2),
    ("steroids_halved", "eligible", "decided"): (4, 6, 3),  # yes P01 P04 P06 P11; no P02 P08; unknown P03 P05 P10
    ("steroids_halved", "eligible", "complete"): (4, 6, 3),
    ("steroids_halved", "eligible", "required"): (4, 6, 3),
    ("steroids_halved", "on_ocs", "decided"): (4, 6, 2),
    ("better_lungs", "eligible", "decided"): (4, 8, 1),  # yes P01 +15, P04 +15, P06 +12, P10 +14; unknown P05
    ("response", "eligible", "decided"): (3, 5, 4),  # yes P01 P04 P06; no P02 P08; unknown P03 P05 P10 P11
    ("response", "eligible", "complete"): (3, 5, 4),
    ("response", "on_ocs", "decided"): (3, 5, 3),
}


@pytest.mark.parametrize("key", ENDPOINTS, ids="/".join)
def test_each_endpoint_over_each_denominator(key: tuple[str, str, str], results: Mapping[str, dict[str, Any]]) -> None:
    endpoint, population, handling = key
    row = results[f"effect.{population}.month6.{endpoint}.{handling}.n"]
    yes, of, missing = ENDPOINTS[key]
    assert (row["value"], row["numerator"], row["denominator"], row["missing"]) == (yes, yes, of, missing)
    percent = results[f"effect.{population}.month6.{endpoint}.{handling}.percent"]["value"]
    assert percent == pytest.approx(100 * yes / of)


def test_there_are_no_other_handlings(results: Mapping[str, dict[str, Any]]) -> None:
    numbers = [row for row in results.values() if row["analysis"] == "effect" and row["value"] is not None]
    handlings = {row["handling"] for row in numbers}
    assert handlings == {"decided", "complete", "required"}


def test_the_course(results: Mapping[str, dict[str, Any]]) -> None:
    act = results["course.eligible.month6.act.observed.mean"]  # 21 19 22 23 20 18 25
    assert (act["value"], act["denominator"], act["missing"]) == (pytest.approx(148 / 7), 7, 2)
    assert results["course.eligible.month6.fev1.observed.mean"]["value"] == pytest.approx(568 / 8)
    assert results["course.eligible.month6.ocs.observed.mean"]["value"] == pytest.approx(40 / 7)


def test_the_exacerbations(results: Mapping[str, dict[str, Any]]) -> None:
    """P02 two, P05 one; P08 one before the start; that of P09, who is not eligible, is not among them."""
    seen = {
        (row["period"], row["statistic"]): row["value"]
        for row in results.values()
        if row["analysis"] == "exacerbations_seen" and row["variable"] == "any"
    }
    assert {name: seen[name] for name in seen if name[1] in ("events", "patients")} == {
        ("all", "events"): 4,
        ("all", "patients"): 3,
        ("before", "events"): 1,
        ("before", "patients"): 1,
        ("follow_up", "events"): 3,
        ("follow_up", "patients"): 2,
    }


def test_the_report_speaks_of_this_study_and_of_no_other(out: Path) -> None:
    report = (out / "report.html").read_text("utf-8")
    assert "Add-on treatment in severe asthma" in report
    assert "The patients are invented." in report
    for word in ("Crohn", "Harvey", "upadacitinib", "calprotectin", "ultrasound", "bowel"):
        assert word.lower() not in report.lower()


def test_remit_check(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["check", str(HERE)])
    assert done.exit_code == 0
    assert "12 screened, 9 eligible" in done.output
    assert done.output.endswith("The study can be run.\n")
