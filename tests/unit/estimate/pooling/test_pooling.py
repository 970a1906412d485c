"""Published results pooled: with and without ours, in small and extreme cases, and what stands behind each number."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from remit.schema.results import COMMON, FUNNEL, META_REGRESSION, OURS, SURE_NUMBERS, WITHOUT_OURS, WITHOUT_STUDY
from tests.unit.estimate.pooling.making import Numbers, of, pooled, rows_of

THREE = {"a": of(12, 30), "b": of(9, 40), "c": of(20, 50)}


def test_two_studies_have_an_average_and_no_prediction(tmp_path: Path) -> None:
    found = rows_of(pooled(tmp_path, {"a": of(10, 20), "b": of(10, 20)}, "of: [a, b]"))
    assert found["percent"]["value"] == pytest.approx(50)
    assert found["prediction_lower"]["value"] is None
    assert found["prediction_lower"]["note"] == "two studies do not tell where a further one would lie"
    assert (found["studies"]["value"], found["total"]["value"]) == (2, 40)
    assert (found["percent"]["numerator"], found["percent"]["denominator"]) == (20, 40)


def test_with_ours_it_counts_ours_and_without_ours_not(tmp_path: Path) -> None:
    made = pooled(tmp_path, THREE, "of: [a, b, c]", "ours: yes", goods=(6, 8))
    together, others = rows_of(made), rows_of(made, group=WITHOUT_OURS)
    assert (together["percent"]["numerator"], together["percent"]["denominator"]) == (12 + 9 + 20 + 6, 30 + 40 + 50 + 8)
    assert (others["percent"]["numerator"], others["percent"]["denominator"]) == (41, 120)
    assert (together["percent"]["population"], others["percent"]["population"]) == ("eligible", None)


def test_if_ours_does_not_join_it_stands_beside(tmp_path: Path) -> None:
    made = pooled(tmp_path, THREE, "of: [a, b, c]")
    ours = rows_of(made, variable="good", handling="policy")
    assert (ours["n"]["numerator"], ours["n"]["denominator"]) == (3, 8)
    assert rows_of(made)["percent"]["denominator"] == 120
    assert rows_of(made, group=WITHOUT_OURS) == {}


def test_the_common_effect_of_counts_is_the_share_of_all(tmp_path: Path) -> None:
    found = rows_of(pooled(tmp_path, THREE, "of: [a, b, c]"), handling=f"glmm:{COMMON}")
    assert found["percent"]["value"] == pytest.approx(100 * 41 / 120)
    half = 1.959963984540054 * math.sqrt(1 / 41 + 1 / 79)
    assert found["upper"]["value"] == pytest.approx(100 / (1 + math.exp(-math.log(41 / 79) - half)))


def test_leaving_one_out_is_pooling_the_others(tmp_path: Path) -> None:
    made = pooled(tmp_path, THREE, "of: [a, b, c]", "ours: yes", "leave_one_out: yes")
    (tmp_path / "two").mkdir()
    others = pooled(tmp_path / "two", THREE, "of: [a, c]", "ours: yes")
    without = rows_of(made, group=WITHOUT_STUDY, group_level="b: x")
    assert without["percent"]["value"] == rows_of(others)["percent"]["value"]
    assert rows_of(made, group=WITHOUT_STUDY, group_level=OURS)["percent"]["population"] is None


def test_of_two_studies_one_left_is_no_pool_and_says_so(tmp_path: Path) -> None:
    made = pooled(tmp_path, {"a": of(1, 9), "b": of(2, 9)}, "of: [a, b]", "leave_one_out: yes")
    left = rows_of(made, group=WITHOUT_STUDY, group_level="a: x")["percent"]
    assert (left["value"], left["note"]) == (None, "b: x is the only study: one study cannot be pooled")


def test_numbers_below_k_plus_are_marked_and_left_out_once(tmp_path: Path) -> None:
    made = pooled(tmp_path, {**THREE, "d": of(9, 10, "K")}, "of: [a, b, c, d]")
    alone = rows_of(made, group="evidence", group_level="d: x", variable="good", handling=None)
    assert alone["percent"]["note"] == "less sure than K+: 9 [K], 10 [K]"
    assert rows_of(made, group=SURE_NUMBERS)["percent"]["denominator"] == 120
    assert rows_of(made)["percent"]["denominator"] == 130


def test_where_all_numbers_are_sure_there_is_no_such_row(tmp_path: Path) -> None:
    assert rows_of(pooled(tmp_path, THREE, "of: [a, b, c]"), group=SURE_NUMBERS) == {}


@pytest.mark.parametrize(("n", "who"), [(0, "nobody"), (20, "everybody")])
def test_nobody_and_everybody_in_all_studies(tmp_path: Path, n: int, who: str) -> None:
    made = pooled(tmp_path, {"a": of(n, 20), "b": of(n, 20)}, "of: [a, b]")
    mixed = rows_of(made)["percent"]
    assert mixed["value"] is None
    assert mixed["note"].startswith(f"{who} of the 40 patients of all studies had the event")
    corrected = rows_of(made, handling="inverse_variance:random")
    share = 0.5 / 21
    assert corrected["percent"]["value"] == pytest.approx(100 * (share if n == 0 else 1 - share))
    assert "0.5 was added" in corrected["guard_corrected"]["note"]


def test_freeman_and_tukey_take_extremes_as_they_are_and_their_fault_is_told(tmp_path: Path) -> None:
    made = pooled(tmp_path, {"a": of(0, 20), "b": of(0, 20)}, "of: [a, b]", "model: freeman-tukey")
    found = rows_of(made, handling="freeman_tukey:random")
    assert found["percent"]["value"] == pytest.approx(0, abs=1e-9)
    assert "can mislead badly" in found["guard_freeman_tukey"]["note"]
    assert rows_of(made, handling="glmm:random")["percent"]["value"] is None


def test_if_nobody_of_ours_is_counted_the_pool_with_ours_says_so(tmp_path: Path) -> None:
    made = pooled(tmp_path, THREE, "of: [a, b, c]", "ours: decided", goods=(0, 0))
    with_ours, others = rows_of(made)["percent"], rows_of(made, group=WITHOUT_OURS)["percent"]
    assert (with_ours["value"], with_ours["note"]) == (None, "nobody of ours is in the denominator")
    assert others["value"] is not None


def test_much_heterogeneity_is_warned_of(tmp_path: Path) -> None:
    apart = pooled(tmp_path, {"a": of(2, 100), "b": of(98, 100), "c": of(50, 100)}, "of: [a, b, c]")
    assert "much more than chance" in rows_of(apart)["guard_heterogeneity"]["note"]
    (tmp_path / "like").mkdir()
    alike = pooled(tmp_path / "like", {"a": of(50, 100), "b": of(51, 100)}, "of: [a, b]")
    assert "guard_heterogeneity" not in rows_of(alike)


# What the results go with


def test_kinds_of_studies_are_pooled_apart_and_one_alone_keeps_its_interval(tmp_path: Path) -> None:
    made = pooled(
        tmp_path, {"a": of(10, 20), "b": of(10, 20), "c": of(9, 10, "K")}, "of: [a, b, c]", "subgroups: certainty"
    )
    sure = rows_of(made, group="certainty", group_level="K+ or surer")
    single = rows_of(made, group="certainty", group_level="below K+")
    assert (sure["percent"]["value"], sure["studies"]["value"]) == (pytest.approx(50), 2)
    assert (single["percent"]["value"], single["studies"]["value"]) == (pytest.approx(90), 1)
    assert single["percent"]["note"].startswith("one study")
    assert rows_of(made, group="certainty")["p"]["value"] < 0.2


def test_one_kind_cannot_differ(tmp_path: Path) -> None:
    test = rows_of(pooled(tmp_path, THREE, "of: [a, b, c]", "subgroups: design"), group="design")["p"]
    assert (test["value"], test["note"]) == (None, "the studies are of one kind")


def test_a_moderator_that_is_the_same_in_all_is_refused_in_words(tmp_path: Path) -> None:
    made = pooled(tmp_path, THREE, "of: [a, b, c]", "moderators: [week, year]")
    slope = rows_of(made, handling=META_REGRESSION, level="week")["odds_ratio"]
    assert slope["value"] is None
    assert "week" in slope["note"]


# Small and large studies


def many(number: int) -> dict[str, Numbers]:
    return {f"s{at}": of(5 + at, 20 + 7 * at) for at in range(number)}


def test_below_ten_studies_nothing_is_said_of_small_ones(tmp_path: Path) -> None:
    studies = many(8)
    made = pooled(tmp_path, {"a": of(3, 9), **studies}, f"of: [a, {', '.join(studies)}]")
    test = rows_of(made, handling=FUNNEL)["p"]
    assert test["value"] is None
    assert "10 are needed" in test["note"]


def test_from_ten_on_there_is_a_test_ours_among_them(tmp_path: Path) -> None:
    studies = many(8)
    made = pooled(tmp_path, {"a": of(3, 9), **studies}, f"of: [a, {', '.join(studies)}]", "ours: yes")
    assert 0 < rows_of(made, handling=FUNNEL)["p"]["value"] < 1


# Rates and means


def test_rates_are_per_100_patient_years(tmp_path: Path) -> None:
    studies = {"a": {"events": "3 V", "person_years": "30 V"}, "b": {"events": "20 V", "person_years": "200 V"}}
    made = pooled(tmp_path, studies, "of: [a, b]", "measure: rate")
    found = rows_of(made, variable="rate")
    assert found["rate"]["value"] == pytest.approx(10)
    assert (found["rate"]["unit"], found["rate"]["numerator"]) == ("per 100 patient-years", 23)
    assert found["patient_years"]["value"] == 230
    alone = rows_of(made, group="evidence", group_level="a: x", variable="good", handling=None)
    assert (alone["rate"]["value"], alone["lower"]["value"]) == (pytest.approx(10), pytest.approx(2.0622, abs=1e-3))


def test_means_are_weighted_by_their_errors(tmp_path: Path) -> None:
    studies = {
        "a": {"mean": "10 V", "sd": "2 V", "of": "16 V"},  # an error of 0.5
        "b": {"mean": "10.5 V", "sd": "4 V", "of": "16 V"},  # an error of 1
    }
    made = pooled(tmp_path, studies, "of: [a, b]", "measure: mean")
    found = rows_of(made, variable="mean", handling=f"inverse_variance:{COMMON}")
    assert found["mean"]["value"] == pytest.approx((4 * 10 + 1 * 10.5) / 5)
    assert found["total"]["value"] == 32
