"""The sets behind results: each once; and an error where they do not give the counts."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.schema.cohort import Cohort
from remit.schema.results import Results
from remit.trace import traced
from remit.trace.sets import Sets, sets_of
from remit.trace.study_people import NoTrace
from tests.unit.arms import HIGH, LOW, PLACEBO, Patient, records, study
from tests.unit.trace.checked import checked

PATIENTS = [
    Patient(PLACEBO, (30, 28, 25), terms=("itching", "itching")),  # response: a fall of 4 or more
    Patient(PLACEBO, (30, None, 29)),
    Patient(HIGH, (30, 26, None), treated=LOW),
    Patient(None, (30, 26, 26), terms=("headache",)),
]


def made(patients: list[Patient] = PATIENTS) -> tuple[Cohort, Results]:
    cohort = derive_cohort(study(), records(patients))
    return cohort, estimate_results(study(), cohort)


def who(sets: Sets, result: str) -> dict[str, tuple[int, ...] | None]:
    """The positions of the patients of each set behind a result."""
    behind = sets.behind[sets.of[result]]
    numbers = {name: getattr(behind, name) for name in ("population", "denominator", "numerator", "missing")}
    return {name: None if number is None else sets.sets[number].positions for name, number in numbers.items()}


def test_an_endpoint_where_it_is_known_and_where_unknown_is_no() -> None:
    cohort, results = made()
    sets = checked(study(), cohort, results)
    everybody = (0, 1, 2, 3)
    decided = who(sets, "effect.eligible.week8.response.decided.n")
    assert decided == {"population": everybody, "denominator": (0, 1, 3), "numerator": (0, 3), "missing": (2,)}
    main = who(sets, "effect.eligible.week8.response.main.n")
    assert main == {"population": everybody, "denominator": everybody, "numerator": (0, 3), "missing": (2,)}


def test_a_difference_of_arms_is_of_the_patients_of_both() -> None:
    cohort, results = made()
    found = who(
        sets_of(study(), cohort, results), "effect.eligible.arm.week8.response.high-dose-%2D-placebo.main.difference"
    )
    assert found == {"population": (0, 1, 2), "denominator": (0, 1, 2), "numerator": (0,), "missing": (2,)}


def test_definitions_are_those_that_decided() -> None:
    cohort, results = made()
    sets = sets_of(study(), cohort, results)
    behind = sets.behind[sets.of["effect.eligible.arm.placebo.week8.response.main.n"]]
    assert [sets.definitions[number].label for number in behind.definitions] == [
        "response at week 8, under “Main”",
        "response at week 8",
        "Planned arm",
    ]


def test_events_are_rows_of_patients() -> None:
    cohort, results = made()
    sets = sets_of(study(), cohort, results)
    behind = sets.behind[sets.of["safety.eligible.on_treatment.term.itching.events"]]
    assert behind.events
    assert behind.rows is not None
    assert {place: len(keys) for place, keys in behind.rows.items()} == {0: 2}
    keys = cohort.events.filter(term="itching")["_row"]
    assert behind.rows[0] == (*keys,)


def test_equal_sets_are_one() -> None:
    cohort, results = made()
    sets = sets_of(study(), cohort, results)
    assert len({each.positions for each in sets.sets}) == len(sets.sets)
    assert len(sets.sets) <= 2 ** len(PATIENTS)


def test_a_result_that_its_patients_do_not_give_is_an_error() -> None:
    cohort, results = made()
    name = "effect.eligible.week8.response.decided.n"
    wrong = pl.when(pl.col("result") == name).then(1).otherwise("numerator").cast(pl.Int64).alias("numerator")
    with pytest.raises(NoTrace, match=r"response\.decided\.n: .*'numerator': 1.*'numerator': 2"):
        sets_of(study(), cohort, Results(results.table.with_columns(wrong)))


def test_a_result_of_no_analysis_is_an_error() -> None:
    cohort, results = made()
    with pytest.raises(NoTrace, match="the study has no analysis elsewhere"):
        sets_of(study(), cohort, Results(results.table.with_columns(analysis=pl.lit("elsewhere"))))


def test_of_a_large_cohort_some_are_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced, "ALL_UP_TO", 10)
    monkeypatch.setattr(traced, "OF_EACH", 2)
    cohort, results = made(PATIENTS * 10)
    sets = sets_of(study(), cohort, results)
    assert 2 <= len(sets.traced) < 40
    for each in sets.sets:
        assert min(each.size, 2) <= len(each.positions) <= each.size
        assert all(place < len(sets.traced) for place in each.positions)
    behind = sets.behind[sets.of["safety.eligible.on_treatment.term.itching.events"]]
    assert behind.numerator is not None
    assert behind.rows is not None
    assert {*behind.rows} == {*sets.sets[behind.numerator].positions}
    assert all(len(keys) == 2 for keys in behind.rows.values())


def test_nobody() -> None:
    cohort, _ = made()
    empty = replace(cohort, patients=cohort.patients.clear(), events=cohort.events.clear())
    checked(study(), empty, estimate_results(study(), empty))
