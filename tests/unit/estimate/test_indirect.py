"""Our patients made like those of a published arm: by hand, and what is told where it cannot be done."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.unit.indirect import ASKED, SIXTY_FOUR, asked, estimated, found, patients
from tests.unit.trace.checked import checked

OURS = "eligible.week4.good.policy"
MAIC, STC = f"{OURS}:maic", f"{OURS}:stc"
WEIGHTS = "eligible.week4.weights.policy:maic"
BY_HAND = 0.34 * 6 / 20 + 0.66 * 27 / 44


def test_one_yes_or_no_is_worked_by_hand(tmp_path: Path) -> None:
    results = found(tmp_path, SIXTY_FOUR)
    assert results[f"{OURS}.percent"]["value"] == pytest.approx(100 * 33 / 64)
    for method in (MAIC, STC):
        row = results[f"{method}.percent"]
        assert row["value"] == pytest.approx(100 * BY_HAND, abs=1e-6)
        assert (row["numerator"], row["denominator"], row["missing"], row["population_n"]) == (33, 64, 0, 64)
        assert results[f"{method}.difference"]["value"] == pytest.approx(100 * BY_HAND - 40, abs=1e-6)
        error = math.hypot(results[f"{method}.standard_error"]["value"], 100 * math.sqrt(0.4 * 0.6 / 100))
        lower = results[f"{method}.difference_lower"]["value"]
        assert lower == pytest.approx(100 * BY_HAND - 40 - 1.959964 * error, abs=1e-4)
        odds = BY_HAND / (1 - BY_HAND) / (0.4 / 0.6)
        assert results[f"{method}.odds_ratio"]["value"] == pytest.approx(odds, rel=1e-6)
    assert results["eligible.week4.steroids.policy.percent"]["value"] == pytest.approx(100 * 20 / 64)
    assert results["eligible.week4.steroids.policy:maic.percent"]["value"] == pytest.approx(34)


def test_weights_and_their_bins(tmp_path: Path) -> None:
    study, cohort, results = estimated(tmp_path, SIXTY_FOUR)
    heavy, light = 0.34 / (20 / 64), 0.66 / (44 / 64)
    rows = found(tmp_path, SIXTY_FOUR)
    effective = 64**2 / (20 * heavy**2 + 44 * light**2)
    assert rows[f"{WEIGHTS}.effective"]["value"] == pytest.approx(effective)
    assert rows[f"{WEIGHTS}.effective_percent"]["value"] == pytest.approx(100 * effective / 64)
    assert rows[f"{WEIGHTS}.max"]["value"] == pytest.approx(heavy)
    assert rows[f"{WEIGHTS}.heaviest_percent"]["value"] == pytest.approx(100 * heavy / 64)
    assert rows[f"{WEIGHTS}.heaviest_tenth_percent"]["value"] == pytest.approx(700 * heavy / 64)
    assert rows["eligible.week4.weights.1%2E088.policy:maic.n"]["value"] == 20
    assert rows["eligible.week4.weights.0%2E96.policy:maic.n"]["value"] == 44
    checked(study, cohort, results)


def test_what_was_published_stands_beside_with_its_certainty(tmp_path: Path) -> None:
    results = found(tmp_path, SIXTY_FOUR, asked("{steroids: steroids, age: age}", arm="drug"))
    assert results["evidence.other:-drug.week 4.good.percent"]["value"] == 40
    assert results["evidence.other:-drug.week 4.good.n"]["value"] == 100
    assert results["evidence.other:-drug.week 4.good.percent"]["note"] == "percent 40 [V], of 100 [V]"
    assert results["evidence.other:-drug.steroids.percent"]["note"] == "34 [V], of their whole study"
    assert results["evidence.other:-drug.age.mean"]["value"] == 40
    assert results["evidence.other:-drug.age.sd"]["note"] == "9.0 [K]"
    assert results["evidence.other:-drug.age.sd"]["denominator"] is None


def test_a_mean_with_its_spread_and_a_span_of_time(tmp_path: Path) -> None:
    ages = [22, 28, 31, 35, 38, 41, 44, 49, 55, 62]
    of = patients(*((3, at % 3 != 0, {"steroids": at % 4 == 0, "age": age}) for at, age in enumerate(ages)))
    results = found(tmp_path, of, asked("{steroids: steroids, age: {is: age, spread: yes}}"))
    assert results["eligible.week4.age.policy:maic.mean"]["value"] == pytest.approx(40)
    assert results["eligible.week4.age.policy:maic.sd"]["value"] == pytest.approx(9)
    assert results["eligible.week4.age.policy.mean"]["value"] == pytest.approx(sum(ages) / 10)
    assert results["eligible.week4.age.policy.mean"]["unit"] == "a"
    assert results[f"{WEIGHTS}.effective"]["value"] < 30
    study, cohort, results_ = estimated(tmp_path, of, asked("{steroids: steroids, age: {is: age, spread: yes}}"))
    checked(study, cohort, results_)


def test_many_weights_are_in_bins_of_one_width_and_each_patient_in_one(tmp_path: Path) -> None:
    of = patients(*((1, age % 3 != 0, {"age": age}) for age in range(20, 70)))
    study, cohort, results = estimated(tmp_path, of, asked("{age: age}"))
    bins = [
        row for row in results.table.iter_rows(named=True) if row["variable"] == "weights" and row["level"] is not None
    ]
    assert bins[0]["level"] == "0.4 to 0.6"
    assert sum(row["value"] for row in bins) == 50
    checked(study, cohort, results)


def test_patients_of_whom_something_is_not_known_are_counted_and_named(tmp_path: Path) -> None:
    more = [*SIXTY_FOUR, *patients((2, True, {}), (3, None, {"steroids": False}))]
    results = found(tmp_path, more)
    row = results[f"{MAIC}.percent"]
    assert (row["numerator"], row["denominator"], row["missing"], row["population_n"]) == (33, 67, 2, 69)
    told = results[f"{OURS}.guard_left_out"]["note"]
    assert told == "2 of 69 patients are left out; not known: steroids (in 2)."
    decided = ASKED.replace("    title: Beside others\n", "    title: Beside others\n    estimand: decided\n")
    results = found(tmp_path, more, decided)
    told = results["eligible.week4.good.decided.guard_left_out"]["note"]
    assert told == "5 of 69 patients are left out; not known: the endpoint (in 3), steroids (in 2)."


def test_a_covariate_without_overlap_is_named_and_nothing_is_estimated(tmp_path: Path) -> None:
    of = patients(*((2, at % 2 == 0, {"age": 50 + at}) for at in range(10)))
    results = found(tmp_path, of, asked("{age: age}"))
    why = "age: their mean 40 is outside the range of our patients, 50 to 59."
    for method in (MAIC, STC):
        assert results[f"{method}.percent"]["value"] is None
        assert results[f"{method}.percent"]["note"] == why
        assert results[f"{method}.odds_ratio_upper"]["note"] == why
        assert results[f"{method}.guard_not_made"]["note"] == why
    assert results[f"{OURS}.percent"]["value"] == 50
    assert f"{WEIGHTS}.effective" not in results


def test_who_all_had_the_outcome_or_are_told_apart_by_a_covariate_cannot_be_adjusted(tmp_path: Path) -> None:
    everybody = patients((5, True, {"steroids": True}), (5, True, {"steroids": False}))
    results = found(tmp_path, everybody)
    why = "everybody had the outcome, so nothing can be adjusted."
    assert results[f"{MAIC}.percent"]["note"] == why
    assert results[f"{MAIC}.guard_not_made"]["note"] == why
    assert results[f"{WEIGHTS}.effective"]["value"] is not None
    apart = patients((5, True, {"steroids": True}), (5, False, {"steroids": False}))
    results = found(tmp_path, apart)
    assert results[f"{MAIC}.percent"]["value"] == pytest.approx(34)
    assert results[f"{STC}.percent"]["note"].startswith("steroids: complete separation")


def test_nobody_is_there(tmp_path: Path) -> None:
    results = found(tmp_path, [])
    assert results[f"{OURS}.percent"]["note"] == "nobody is in the denominator"
    assert results[f"{MAIC}.percent"]["value"] is None
    assert results["eligible.week4.steroids.policy.percent"]["value"] is None


def test_what_is_unsure_of_theirs_is_said(tmp_path: Path) -> None:
    imputed = "Some of their outcomes were imputed, and what that leaves unsure is not in the interval."
    results = found(tmp_path, SIXTY_FOUR)
    assert results[f"{MAIC}.difference_lower"]["note"] == imputed
    results = found(tmp_path, SIXTY_FOUR, asked(against="other.alone"))
    assert results[f"{MAIC}.difference_lower"]["note"] is None
    assert results["evidence.other:-drug.alone.percent"]["note"] == "percent 48 [K], of 25 [K]"
    results = found(tmp_path, SIXTY_FOUR, asked(against="open.good"))
    lower, error = (results[f"{MAIC}.{name}"]["value"] for name in ("difference_lower", "standard_error"))
    assert lower == pytest.approx(100 * BY_HAND - 40 - 1.959964 * error, abs=1e-4)
    assert results[f"{MAIC}.difference"]["note"].startswith("How precise the published share is, is not known")
    assert "evidence.open:-drug.good.n" not in results


def test_a_bootstrap_with_its_seed(tmp_path: Path) -> None:
    results = found(tmp_path, SIXTY_FOUR, asked(more="bootstrap: 200\nseed: 5"))
    low, high = (results[f"{MAIC}.bootstrap_{end}"]["value"] for end in ("lower", "upper"))
    assert low < 100 * BY_HAND < high
    assert results[f"{MAIC}.bootstrap_lost"]["value"] == 0
    again = found(tmp_path, SIXTY_FOUR, asked(more="bootstrap: 200\nseed: 5"))
    assert again[f"{MAIC}.bootstrap_lower"]["value"] == low
    rare = patients((1, True, {"steroids": True}), (20, True, {"steroids": False}), (9, False, {"steroids": False}))
    results = found(tmp_path, rare, asked(more="bootstrap: 200"))
    assert "of 200 bootstrap draws have no overlap" in results[f"{MAIC}.bootstrap_lower"]["note"]


def test_one_method_alone(tmp_path: Path) -> None:
    results = found(tmp_path, SIXTY_FOUR, asked(more="methods: [stc]"))
    assert f"{STC}.percent" in results
    assert f"{MAIC}.percent" not in results


def test_what_came_after_the_start_is_no_covariate_and_it_is_said(tmp_path: Path) -> None:
    results = found(tmp_path, SIXTY_FOUR, asked("{steroids: {is: score@week4 > 10, label: late score}}"))
    told = results[f"{OURS}.guard_covariate_after_start"]["note"]
    assert told.startswith("late score looks at what came after the start of treatment")
