"""Dosing: interruptions, days on the drug, and the permanent stop, which may lie beyond what is known."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.derive.derive import derive_cohort
from tests.unit.derive.small import day, records_of, study_of

Period = tuple[int, int | None, str | None]  # start, stop, reason


def dosing(folder: Path, *periods: Period, last_contact: int | None = 200, **more: Any) -> dict[str, Any]:
    study = study_of(folder)
    rows = [
        {
            "patient": "P1",
            "drug": "x",
            "start_date": day(start),
            "stop_date": None if stop is None else day(stop),
            "reason": reason,
            **more,
        }
        for start, stop, reason in periods
    ]
    contact = None if last_contact is None else day(last_contact)
    records = records_of(study, patients=[{"patient": "P1", "last_contact": contact}], treatment=rows)
    patients = derive_cohort(study, records).patients
    return {
        name.removeprefix("dosing__"): patients[name][0] for name in patients.columns if name.startswith("dosing__")
    }


def test_going_on_is_censored_at_the_end_of_observation(tmp_path: Path) -> None:
    found = dosing(tmp_path, (0, None, None))
    assert found["stop_day"] is None
    assert (found["stop_day__low"], found["stop_day__low_open"], found["stop_day__high"]) == (200, True, None)
    assert found["days_on_drug"] == 200
    assert found["stop_reason"] is None


def test_a_permanent_stop_has_its_day_and_reason(tmp_path: Path) -> None:
    found = dosing(tmp_path, (0, 84, "schedule"), (84, 100, "adverse event"))
    assert found["stop_day"] == 100
    assert found["stop_reason"] == "adverse event"
    assert found["last_day"] == 99  # the stop is the first day without
    assert found["interruptions"] == 0
    assert found["days_on_drug"] == 100


def test_a_gap_that_a_later_period_closes_is_an_interruption_not_a_stop(tmp_path: Path) -> None:
    found = dosing(tmp_path, (0, 50, "adverse event"), (60, None, None))
    assert found["interruptions"] == 1
    assert found["stop_day"] is None
    assert found["stop_day__low"] == 200
    assert found["days_on_drug"] == 190


def test_a_last_stop_that_is_not_for_good_leaves_the_patient_on_the_drug(tmp_path: Path) -> None:
    found = dosing(tmp_path, (0, 50, "schedule"))
    assert (found["stop_day__low"], found["stop_day__high"]) == (200, None)
    assert found["last_day"] == 49


def test_a_last_stop_without_a_reason_may_be_for_good(tmp_path: Path) -> None:
    found = dosing(tmp_path, (0, 50, None))
    assert (found["stop_day__low"], found["stop_day__low_open"], found["stop_day__high"]) == (50, False, None)


def test_a_stop_that_could_not_be_read_is_unknown_not_going_on(tmp_path: Path) -> None:
    found = dosing(tmp_path, (0, None, None), ongoing=False)
    assert (found["stop_day__low"], found["stop_day__high"]) == (0, None)  # some day from the start on
    assert found["days_on_drug"] is None


def test_a_row_that_may_be_of_the_drug_makes_dosing_unknown(tmp_path: Path) -> None:
    study = study_of(tmp_path)
    rows = [
        {"patient": "P1", "drug": "x", "start_date": day(0), "stop_date": day(50), "reason": "adverse event"},
        {"patient": "P1", "drug": None, "start_date": day(60)},
    ]
    records = records_of(study, patients=[{"patient": "P1", "last_contact": day(200)}], treatment=rows)
    patients = derive_cohort(study, records).patients
    assert patients["index__date"][0] == day(0)  # the first is certain
    assert patients["dosing__stop_day__low"][0] is None


def test_of_periods_that_overlap_the_one_that_ends_last_decides(tmp_path: Path) -> None:
    assert dosing(tmp_path, (0, 84, "adverse event"), (70, 80, "schedule"))["stop_day"] == 84
    assert dosing(tmp_path, (0, 83, "schedule"), (10, 20, "adverse event"))["stop_day__low"] == 200
    assert dosing(tmp_path, (0, None, None), (10, 20, "adverse event"))["stop_day__low"] == 200


@pytest.mark.parametrize(("reason", "low"), [("adverse event", 57), ("schedule", 200)])
def test_a_stop_that_could_not_be_read_may_be_the_last(tmp_path: Path, reason: str, low: int) -> None:
    study = study_of(tmp_path)
    row = {"patient": "P1", "drug": "x"}
    unread = {**row, "start_date": day(0), "reason": reason, "ongoing": False}
    later = {**row, "start_date": day(7), "stop_date": day(57), "reason": "schedule", "ongoing": False}
    records = records_of(
        study, patients=[{"patient": "P1", "last_contact": day(200)}], treatment=[{**unread, "stop_date": None}, later]
    )
    patients = derive_cohort(study, records).patients
    assert patients["dosing__stop_day__low"][0] == low
    assert patients["dosing__stop_day__high"][0] is None


def test_a_stop_that_could_not_be_read_is_the_last_if_the_others_had_ended(tmp_path: Path) -> None:
    study = study_of(tmp_path)
    row = {"patient": "P1", "drug": "x", "ongoing": False}
    earlier = {**row, "start_date": day(0), "stop_date": day(50), "reason": "adverse event"}
    unread = {**row, "start_date": day(57), "stop_date": None, "reason": "schedule"}
    records = records_of(study, patients=[{"patient": "P1", "last_contact": day(200)}], treatment=[earlier, unread])
    assert derive_cohort(study, records).patients["dosing__stop_day__low"][0] == 200


def test_one_period_has_no_interruption_whenever_it_ends(tmp_path: Path) -> None:
    assert dosing(tmp_path, (0, None, None), ongoing=False)["interruptions"] == 0


def test_without_last_contact_nothing_is_known_of_what_goes_on(tmp_path: Path) -> None:
    found = dosing(tmp_path, (0, None, None), last_contact=None)
    assert found["stop_day__low"] is None


periods = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(periods)
def test_days_and_gaps_as_counted_day_by_day(tmp_path: Path, spans: list[tuple[int, int]]) -> None:
    found = dosing(tmp_path, *((start, stop, "schedule") for start, stop in spans))
    taken = sorted({one for start, stop in spans for one in range(start, stop)})
    assert found["days_on_drug"] == len(taken)
    assert found["interruptions"] == sum(1 for one, two in itertools.pairwise(taken) if two > one + 1)


@pytest.mark.parametrize("rows", [0, 1])
def test_a_patient_without_a_dose_has_no_index_date(tmp_path: Path, rows: int) -> None:
    study = study_of(tmp_path)
    other = [{"patient": "P1", "drug": "y", "start_date": day(0)}][:rows]
    records = records_of(study, patients=[{"patient": "P1", "last_contact": day(9)}], treatment=other)
    cohort = derive_cohort(study, records)
    assert cohort.patients["index__date"].to_list() == [None]
    assert isinstance(cohort.patients, pl.DataFrame)


def test_a_reason_for_stopping_without_a_stop_is_a_stop_on_an_unknown_day(tmp_path: Path) -> None:
    study = study_of(tmp_path)
    rows = [{"patient": "P1", "drug": "x", "start_date": day(0), "reason": "adverse event"}]
    records = records_of(study, patients=[{"patient": "P1", "last_contact": day(200)}], treatment=rows)
    cohort = derive_cohort(study, records)
    assert cohort.patients["dosing__stop_day__low"][0] == 0
    assert cohort.patients["dosing__stop_day__high"][0] is None
    assert cohort.ledger.select("action", "code", "field").rows() == [("queried", "reason-without-stop", "stop_date")]


ONGOING = """
derived:
  paused:
    is: any(treatment, where drug == "x" and not ongoing and reason == "schedule")
analyses:
  main: {kind: summary, title: Main, populations: [eligible], rows: [paused]}
"""


@pytest.mark.parametrize(
    ("stop", "reason", "paused"),
    [(None, None, False), (50, "schedule", True), (50, None, None), (50, "adverse event", False)],
)
def test_a_period_that_goes_on_needs_no_reason(
    tmp_path: Path, stop: int | None, reason: str | None, paused: bool | None
) -> None:
    study = study_of(tmp_path, ONGOING)
    row = {"start_date": day(0), "stop_date": None if stop is None else day(stop), "reason": reason}
    records = records_of(
        study,
        patients=[{"patient": "P1", "last_contact": day(200)}],
        treatment=[{"patient": "P1", "drug": "x", **row}],
    )
    assert derive_cohort(study, records).patients["main__paused"][0] is paused
