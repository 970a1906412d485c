"""What is declared of a field is what comes out, within the Monte Carlo error that theory gives."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from remit.simulate import curves
from remit.study.simulation import Normal
from tests.unit.simulate.making import drawn
from tests.unit.simulate.monte_carlo import about, correlation, floats, inside, mean, numbers, share

N = 4000


def field(simulate: str, folder: Path, form: str, name: str, n: int = N) -> pl.Series:
    return drawn(folder, simulate, n).forms[form][name]


def one(form: str, name: str, shape: str) -> str:
    return f"forms:\n  {form}:\n    fields:\n      {name}: {shape}"


def test_normal_numbers(tmp_path: Path) -> None:
    values = field(one("patients", "height", "{mean: 170, sd: 8.5}"), tmp_path, "patients", "height")
    numbers(values / 10, 170, 8.5)


@pytest.mark.parametrize(("mean", "sd"), [(1, 2), (5, 3), (9.5, 1), (5, 0.05), (5, 4.5)])
def test_mean_and_sd_are_those_declared_where_the_range_cuts_off(tmp_path: Path, mean: float, sd: float) -> None:
    values = field(one("visits", "pain", f"{{mean: {mean}, sd: {sd}, correlation: 0}}"), tmp_path, "visits", "pain")
    inside(values, 0, 100)
    numbers(values / 10, mean, sd)


@pytest.mark.parametrize(
    ("mean", "sd", "low", "high", "step"),
    [
        (2, 13, 0, 100, 1),
        (0.5, 0.5, 0, 1, 1),
        (0.1, 0.79, 0, 10, 0.1),
        (9.9, 0.98, 0, 10, 1),
        (50, 148, 0, math.inf, 1),
        (2, 14, -math.inf, 5, 1),
        (2.5, 0.51, 0, 4, 1),
    ],
)
def test_far_from_normal_the_mean_and_sd_are_those_declared_too(
    mean: float, sd: float, low: float, high: float, step: float
) -> None:
    even = np.array([NormalDist().inv_cdf((place + 0.5) / 100_000) for place in range(100_000)])
    values = np.clip(np.rint(curves.numbers(even, Normal(mean, sd), low, high, step) / step) * step, low, high)
    assert values.mean() == pytest.approx(mean, abs=0.02 * sd)
    assert values.std() == pytest.approx(sd, rel=0.02)


@pytest.mark.parametrize("quartiles", [(60, 70, 90), (40, 70, 75)])
def test_median_and_quartiles(tmp_path: Path, quartiles: tuple[int, int, int]) -> None:
    lower, median, upper = quartiles
    shape = f"{{median: {median}, quartiles: [{lower}, {upper}], correlation: 0}}"
    values = field(one("visits", "weight", shape), tmp_path, "visits", "weight") / 10
    for wanted, quartile in ((0.25, lower), (0.5, median), (0.75, upper)):
        share(values < quartile, wanted)


def test_numbers_that_are_alike_often(tmp_path: Path) -> None:
    values = field(one("patients", "height", "[150, 190]"), tmp_path, "patients", "height") / 10
    numbers(values, 170, 40 / math.sqrt(12))
    inside(values, 150, 190)


def test_levels_texts_and_yes_no(tmp_path: Path) -> None:
    simulate = """
forms:
  patients:
    fields:
      sex: {shares: {female: 70 %, male: 30 %}}
      smoker: 25 %
      note: {shares: {one: 10 %, two: 20 %, three: 70 %}}
      stage: late
  events:
    fields: {grade: {shares: {1: 60 %, 3: 40 %}}}
"""
    records = drawn(tmp_path, simulate, N)
    patients = records.forms["patients"]
    share(patients["sex"] == "female", 0.7)
    share(patients["smoker"], 0.25)
    for text, wanted in (("one", 0.1), ("two", 0.2), ("three", 0.7)):
        share(patients["note"] == text, wanted)
    assert set(patients["stage"]) == {"late"}
    share(records.forms["events"]["grade"] == 1, 0.6)
    assert set(records.forms["events"]["grade"]) == {1, 3}


def test_shares_of_0_and_100_percent(tmp_path: Path) -> None:
    shapes = "{smoker: 0 %, heavy_smoker: yes, sex: {shares: {female: 0 %, male: 100 %}}}"
    patients = drawn(tmp_path, f"forms: {{patients: {{fields: {shapes}}}}}", 500).forms["patients"]
    assert not patients["smoker"].any()
    assert patients["heavy_smoker"].all()
    assert set(patients["sex"]) == {"male"}


def test_a_shape_at_a_visit_changes_what_it_tells_and_nothing_else(tmp_path: Path) -> None:
    simulate = "jitter: 0\nmissed: 0 %\ndrop_out: 0 %\n" + one(
        "visits",
        "weight",
        "{mean: 80, sd: 10, missing: 10 %, at: {week12: {mean: 70}, week24: {value: 60, missing: 0 %}}}",
    )
    visits = drawn(tmp_path, simulate, N).forms["visits"]
    at = [visits["weight"].gather_every(3, place) for place in range(3)]
    numbers(at[0].drop_nulls() / 10, 80, 10)
    numbers(at[1].drop_nulls() / 10, 70, 10)
    assert set(at[2]) == {600}
    share(at[0].is_null(), 0.1)
    share(at[1].is_null(), 0.1)


def test_results_beyond_the_limits_of_an_assay_are_censored(tmp_path: Path) -> None:
    shape = "{median: 1, quartiles: [0.5, 2], below: 0.5, above: 2, correlation: 0}"
    visits = drawn(tmp_path, one("visits", "crp", shape), N).forms["visits"]
    share(visits["crp__censored"] == -1, 0.25)
    share(visits["crp__censored"] == 1, 0.25)
    assert set(visits.filter(pl.col("crp__censored") == -1)["crp"]) == {50}
    assert set(visits.filter(pl.col("crp__censored") == 1)["crp"]) == {200}
    exact = visits.filter(pl.col("crp__censored") == 0)["crp"]
    inside(exact, 50, 200)


def test_missing_values(tmp_path: Path) -> None:
    simulate = "missing: 20 %\nforms: {patients: {fields: {sex: {missing: 5 %}}}}"
    records = drawn(tmp_path, simulate, N)
    share(records.forms["patients"]["sex"].is_null(), 0.05)
    share(records.forms["patients"]["height"].is_null(), 0.2)
    visits = records.forms["visits"]
    share(visits["crp"].is_null(), 0.2)
    assert visits["crp"].is_null().equals(visits["crp__censored"].is_null())
    assert visits["joints_tender"].is_null().equals(visits["joints_swollen"].is_null())
    assert records.forms["patients"]["birth_date"].null_count() == 0


def test_the_total_of_an_instrument_is_split_into_items(tmp_path: Path) -> None:
    shape = "{mean: 20, sd: 6, items: {tender: 75 %, swollen: 25 %}, correlation: 0}"
    visits = drawn(tmp_path, one("visits", "joints", shape), N).forms["visits"]
    numbers(visits["joints_tender"] + visits["joints_swollen"], 20, 6)
    mean(visits["joints_tender"], 15, 6)
    for item in ("joints_tender", "joints_swollen"):
        inside(visits[item], 0, 28)


def test_a_total_near_its_greatest_value_fits_into_its_items(tmp_path: Path) -> None:
    shape = "{shares: {55: 50 %, 56: 50 %}, items: {tender: 5 %, swollen: 95 %}}"
    visits = drawn(tmp_path, one("visits", "joints", shape), 200).forms["visits"]
    assert set(visits["joints_tender"] + visits["joints_swollen"]) == {55, 56}
    assert visits["joints_swollen"].max() == 28


def test_an_item_may_have_a_shape_of_its_own(tmp_path: Path) -> None:
    visits = drawn(tmp_path, one("visits", "joints_tender", "{mean: 3, sd: 1}"), N).forms["visits"]
    numbers(visits["joints_tender"].gather_every(2), 3, 1)


# What goes together


def wide(visits: pl.DataFrame, name: str) -> NDArray[np.float64]:
    """Patients × three visits."""
    return visits[name].to_numpy().reshape(-1, 3).astype(np.float64)


ALL_THERE = "missed: 0 %\ndrop_out: 0 %\n"


@pytest.mark.parametrize("wanted", [0, 0.3, 0.8, 1])
def test_values_at_two_visits_correlate(tmp_path: Path, wanted: float) -> None:
    simulate = ALL_THERE + one("visits", "weight", f"{{mean: 80, sd: 10, correlation: {wanted}}}")
    weights = wide(drawn(tmp_path, simulate, N).forms["visits"], "weight")
    for first, second in ((0, 1), (0, 2), (1, 2)):
        if wanted == 1:
            assert (weights[:, first] == weights[:, second]).all()
        else:
            correlation(weights[:, first], weights[:, second], wanted)


def test_fields_correlate_by_severity(tmp_path: Path) -> None:
    simulate = (
        ALL_THERE
        + """
forms:
  visits:
    fields:
      weight: {mean: 80, sd: 10, severity: -0.6}
      pain: {mean: 5, sd: 1, severity: 0.5}
  patients:
    fields: {height: {mean: 170, sd: 10, severity: 0.8}}
"""
    )
    records = drawn(tmp_path, simulate, N)
    weight, pain = wide(records.forms["visits"], "weight"), wide(records.forms["visits"], "pain")
    height = records.forms["patients"]["height"].to_numpy()
    correlation(weight[:, 0], pain[:, 0], -0.3)
    correlation(weight[:, 0], pain[:, 2], -0.3)
    correlation(height, pain[:, 1], 0.4)
    correlation(weight[:, 0], weight[:, 1], 0.5)


def test_centres_differ_by_the_declared_sd(tmp_path: Path) -> None:
    centres = ", ".join(f"C{number:03}" for number in range(200))
    simulate = f"centres: [{centres}]\n" + one("patients", "height", "{mean: 170, sd: 10, centre_effect: 0.5}")
    patients = drawn(tmp_path, simulate, 20_000).forms["patients"]
    found = patients.group_by("centre").agg(pl.col("height").mean() / 10)["height"]
    within = 10 * math.sqrt(1 - 0.25) / math.sqrt(100)
    about(float(floats(found).std(ddof=1)), math.hypot(5, within), 5.1 / math.sqrt(2 * 200))


def test_among_those_who_say_yes(tmp_path: Path) -> None:
    simulate = """
forms:
  patients:
    fields:
      smoker: {share: 40 %, missing: 10 %}
      heavy_smoker: {share: 50 %, among: smoker}
      note: {value: smokes, among: smoker}
"""
    patients = drawn(tmp_path, simulate, N).forms["patients"]
    smokes = patients["smoker"].fill_null(value=False)
    assert not patients.filter(~smokes)["heavy_smoker"].any()
    assert patients["heavy_smoker"].null_count() == 0
    share(patients.filter(smokes)["heavy_smoker"], 0.5)
    assert patients["note"].is_not_null().equals(smokes)
