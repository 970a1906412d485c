"""Numbers by arm, in total, and of one arm against another: small tables in, what comes out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.t_tests import welch
from remit.inference.two_proportions import newcombe
from tests.unit.arms import HIGH, LOW, PLACEBO, Patient, found

AGAINST = "low-dose-%2D-placebo"

# Two in each arm but one in the highest, and one whose arm is not known.
PATIENTS = [
    Patient(PLACEBO, (30, 29, 28), smoker=True, country="Peru"),
    Patient(PLACEBO, (32, 31, 20), smoker=False, country="Peru", treated=LOW, terms=("itching", "itching")),
    Patient(LOW, (30, 24, 22), smoker=True, country="Ghana", terms=("itching",)),
    Patient(LOW, (28, 27, None), smoker=None, country="Peru"),
    Patient(HIGH, (40, 30, 28), smoker=False, country="Peru", terms=("nausea",)),
    Patient(None, (20, 10, 9), smoker=True, country="Chad"),
]


def values(results: dict[str, dict[str, Any]], address: str, *names: str) -> tuple[Any, ...]:
    return tuple(results[f"{address}.{name}"]["value"] for name in names)


def behind(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("numerator", "denominator", "missing", "population_n"))


# Summaries


def test_a_yes_no_by_arm_and_in_total() -> None:
    results = found(PATIENTS)
    assert behind(results["baseline.eligible.smoker.observed.n"]) == (3, 5, 1, 6)
    assert behind(results["baseline.eligible.arm.placebo.smoker.observed.n"]) == (1, 2, 0, 2)
    assert behind(results["baseline.eligible.arm.low-dose.smoker.observed.n"]) == (1, 1, 1, 2)
    assert behind(results["baseline.eligible.arm.high-dose.smoker.observed.n"]) == (0, 1, 0, 1)


def test_each_text_of_any_arm_is_counted_in_each() -> None:
    results = found(PATIENTS)
    assert behind(results["baseline.eligible.country.Chad.observed.n"]) == (1, 6, 0, 6)
    assert behind(results["baseline.eligible.arm.placebo.country.Chad.observed.n"]) == (0, 2, 0, 2)


def test_a_number_by_arm() -> None:
    results = found(PATIENTS)
    at = "baseline.eligible.arm.placebo.symptom_score.observed"
    assert values(results, at, "n", "mean", "median", "min", "max") == (2, 31, 31, 30, 32)


def test_a_table_is_compared_only_if_it_says_so() -> None:
    results = found(PATIENTS)
    assert not [name for name, row in results.items() if row["contrast"] and row["analysis"] == "baseline"]
    assert [row for row in results.values() if row["contrast"] and row["analysis"] == "change"]


# Comparisons


def test_a_difference_of_means() -> None:
    patients = [Patient(arm, (30, None, score)) for arm, score in [(PLACEBO, 28), (PLACEBO, 27), (LOW, 20), (LOW, 22)]]
    results = found(patients)
    at = f"change.eligible.arm.change_of_the_symptom_score.{AGAINST}.observed"
    made = welch(-9, 2**0.5, 2, -2.5, 0.5**0.5, 2)
    expected = (made.value, made.lower, made.upper)
    assert values(results, at, "difference", "lower", "upper") == pytest.approx(expected, rel=1e-12)
    assert behind(results[f"{at}.difference"]) == (None, 4, 0, 4)
    assert results[f"{at}.lower"]["method"] == "Welch 95 %"


def test_a_difference_of_proportions_is_in_percentage_points() -> None:
    patients = [Patient(arm, rescue=yes) for arm, yes in [(PLACEBO, True), (PLACEBO, False), (LOW, False), (LOW, None)]]
    results = found(patients)
    at = f"change.eligible.arm.rescue_medication.{AGAINST}.observed"
    expected = [100 * end for end in newcombe(0, 1, 1, 2)]
    assert values(results, at, "difference", "lower", "upper") == pytest.approx(tuple(expected), rel=1e-12)
    row = results[f"{at}.difference"]
    assert (behind(row), row["unit"], row["contrast"]) == ((1, 3, 1, 4), "percentage points", "low dose - placebo")


def test_an_arm_without_a_value_is_not_compared_and_says_why() -> None:
    results = found(PATIENTS)
    at = f"change.eligible.arm.rescue_medication.{AGAINST}.observed.difference"
    assert (results[at]["value"], results[at]["note"]) == (None, "nobody is in the denominator of low dose and placebo")
    at = f"change.eligible.arm.change_of_the_symptom_score.{AGAINST}.observed.lower"
    assert (results[at]["value"], results[at]["note"]) == (None, "low dose: one value has no standard deviation")


# Endpoints


def test_an_endpoint_by_arm_over_each_denominator() -> None:
    results = found(PATIENTS)
    for handling, of in [("decided", 1), ("complete", 1), ("main", 2), ("whatever", 2)]:
        row = results[f"effect.eligible.arm.low-dose.week8.response.{handling}.n"]
        assert behind(row) == (1, of, 1, 2), handling
    assert behind(results["effect.eligible.week8.response.main.n"]) == (4, 6, 1, 6)


def test_an_endpoint_is_compared_under_each_handling() -> None:
    results = found(PATIENTS)
    at = f"effect.eligible.arm.week8.response.{AGAINST}.main"
    expected = tuple(100 * end for end in newcombe(1, 2, 1, 2))
    assert values(results, at, "difference", "lower", "upper") == pytest.approx(expected, abs=1e-12)
    assert f"effect.eligible.arm.week8.response.{AGAINST}.decided.difference" in results


def test_an_arm_without_patients_is_counted_as_such() -> None:
    results = found([Patient(PLACEBO, (30, 20, 20))])
    assert behind(results["effect.eligible.arm.low-dose.week8.response.main.n"]) == (0, 0, 0, 0)
    assert behind(results["flow.eligible.planned_arm.low-dose.n"]) == (0, 1, 0, 1)
    row = results[f"effect.eligible.arm.week8.response.{AGAINST}.main.difference"]
    assert row["note"] == "nobody is in the denominator of low dose"


# Courses and events


def test_a_course_by_arm() -> None:
    results = found(PATIENTS)
    assert values(results, "scores.eligible.arm.low-dose.week8.score.observed", "n", "mean") == (1, 22)
    assert values(results, f"scores.eligible.arm.week4.score.{AGAINST}.observed", "difference") == (-4.5,)


def test_events_go_by_the_actual_arm() -> None:
    results = found(PATIENTS)
    placebo, low = (f"safety.eligible.arm.{arm}.all.term.itching" for arm in ("placebo", "low-dose"))
    assert values(results, placebo, "events", "patients") == (0, 0)
    assert values(results, low, "events", "patients") == (3, 2)
    assert behind(results[f"{low}.patients"]) == (2, 3, 0, 3)
    assert values(results, "safety.eligible.all.any", "events", "patients") == (4, 3)


# Who is in which arm


def test_whose_arm_is_not_known_counts_in_the_total_and_in_no_arm() -> None:
    results = found(PATIENTS)
    row = results["flow.eligible.actual_arm.placebo.n"]
    assert behind(row) == (1, 6, 1, 6)
    assert row["note"] == "1 whose actual arm is not known counts in the total and in no arm"


def test_all_arms_unknown() -> None:
    results = found([Patient(None, (30, 20, 20)), Patient("not assigned", (30, 20, 20))])
    row = results["flow.eligible.planned_arm.placebo.n"]
    assert behind(row) == (0, 2, 2, 2)
    assert row["note"] == "2 whose planned arm is not known, or none of these, count in the total and in no arm"
    assert behind(results["flow.screened.n"]) == (2, 2, 0, 2)
    assert behind(results["flow.arm.placebo.screened.n"]) == (0, 0, 0, 0)


patients = st.lists(
    st.builds(
        Patient,
        st.sampled_from([PLACEBO, LOW, HIGH, None]),
        st.tuples(*[st.none() | st.integers(0, 70)] * 3),
        st.sampled_from([PLACEBO, LOW, HIGH, None]),
        st.none() | st.booleans(),
        st.none() | st.booleans(),
        st.none() | st.sampled_from(["Peru", "Chad"]),
        st.lists(st.sampled_from(["itching", "nausea"]), max_size=3).map(tuple),
    ),
    max_size=12,
)
COUNTED = {"n", "events", "patients"}


@settings(max_examples=25, deadline=None)
@given(patients)
def test_arms_and_those_in_none_add_up_to_the_total(drawn: list[Patient]) -> None:
    """Each count, and what stands behind it, where everybody is in an arm; else no arm has more than the total."""
    in_arms = all(one.assigned and (one.treated or one.assigned) for one in drawn)
    results = found(drawn)
    for name, row in results.items():
        if row["group_level"] != PLACEBO or row["statistic"] not in COUNTED:
            continue
        if row["analysis"] == "sensitivity" and row["level"] is not None:
            continue  # a completion is of an arm's own unknown
        total = results[name.replace("arm.placebo.", "", 1)]
        arms = [results[name.replace("arm.placebo", f"arm.{arm}", 1)] for arm in ("placebo", "low-dose", "high-dose")]
        for part in ("value", "numerator", "denominator", "missing", "population_n"):
            if total[part] is not None:
                together = sum(arm[part] for arm in arms)
                assert together == total[part] if in_arms else together <= total[part], (name, part)


def test_arms_in_which_all_values_are_the_same_differ_without_an_interval() -> None:
    patients = [Patient(arm, (value, value, value)) for arm, value in ((PLACEBO, 30), (LOW, 28)) for _ in range(3)]
    results = found(patients)
    at = "scores.eligible.arm.week8.score.low-dose-%2D-placebo.observed"
    names = [name for name in results if name.startswith("scores.eligible.arm.week8") and "low-dose" in name]
    told = {results[name]["statistic"]: (results[name]["value"], results[name]["note"]) for name in names}
    why = "in each arm all values are the same"
    assert told == {"difference": (-2.0, None), "lower": (None, why), "upper": (None, why)}, at
