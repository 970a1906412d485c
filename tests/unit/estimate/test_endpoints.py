"""Endpoints over each denominator, against counting by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.study.study import Study
from tests.unit.derive.small import STUDY, day, records_of, study_of

ANALYSIS = """
endpoints:
  good:
    at: [week4]
    is: score >= 50 and consent
    requires: known(score@baseline) and known(score)
intercurrent_events:
  stopped: dosing.stop_day < visit.day
estimands:
  policy: {intercurrent: {stopped: treatment policy}}
  strict: {intercurrent: {stopped: composite}}
subgroups:
  consent: consent
analyses:
  main:
    kind: endpoints
    title: Main
    populations: {week4: [eligible]}
"""

Patient = tuple[int | None, int | None, bool | None, bool]  # score at baseline, at week 4, consent, stopped on day 20


def results(folder: Path, patients: list[Patient]) -> dict[str, dict[str, Any]]:
    study: Study = study_of(folder, ANALYSIS, STUDY)
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for number, (before, after, consent, stopped) in enumerate(patients):
        name = f"P{number}"
        rows["patients"].append({"patient": name, "consent": consent, "last_contact": day(200)})
        rows["visits"] += [
            {"patient": name, "visit_date": day(on), "score": score} for on, score in ((0, before), (28, after))
        ]
        stop = {"stop_date": day(20), "reason": "adverse event"} if stopped else {}
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": day(0), **stop})
    table = estimate_results(study, derive_cohort(study, records_of(study, **rows))).table
    return {row["result"]: row for row in table.iter_rows(named=True)}


def fraction(found: dict[str, dict[str, Any]], address: str) -> tuple[int, int, int]:
    row = found[f"main.eligible.{address}.n"]
    assert row["value"] == row["numerator"]
    return row["numerator"], row["denominator"], row["missing"]


def good(patient: Patient) -> bool | None:
    _, score, consent, _ = patient
    high = None if score is None else score >= 50
    if high is False or consent is False:
        return False
    return None if high is None or consent is None else True


score = st.one_of(st.none(), st.sampled_from([10, 49, 50, 90]))
patient = st.tuples(score, score, st.sampled_from([True, False, None]), st.booleans())


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(patient, min_size=1, max_size=8))
def test_every_denominator_as_by_hand(tmp_path: Path, patients: list[Patient]) -> None:
    found = results(tmp_path, patients)
    n = len(patients)

    def over(inside: list[Patient]) -> tuple[int, int, int]:
        return sum(good(each) is True for each in inside), len(inside), n - len(inside)

    decided = [each for each in patients if good(each) is not None]
    assert fraction(found, "week4.good.decided") == over(decided)
    assert fraction(found, "week4.good.complete") == over([p for p in patients if None not in (p[1], p[2])])
    required = [p for p in decided if None not in (p[0], p[1])]
    assert fraction(found, "week4.good.required") == over(required)

    unknown = n - len(decided)
    assert fraction(found, "week4.good.policy") == (over(decided)[0], n, unknown)
    staying = sum(good(each) is True and not each[3] for each in patients)
    undecided = sum(good(each) is None and not each[3] for each in patients)
    assert fraction(found, "week4.good.strict") == (staying, n, undecided)


def test_subgroups_add_up_and_an_unknown_group_is_shown(tmp_path: Path) -> None:
    found = results(tmp_path, [(1, 60, True, False), (1, 60, False, False), (1, 60, None, False), (1, 10, None, False)])
    assert fraction(found, "consent.yes.week4.good.policy") == (1, 1, 0)
    assert fraction(found, "consent.no.week4.good.policy") == (0, 1, 0)
    assert fraction(found, "consent.unknown.week4.good.policy") == (0, 2, 1)


def test_all_unknown(tmp_path: Path) -> None:
    found = results(tmp_path, [(None, None, None, False)])
    assert fraction(found, "week4.good.decided") == (0, 0, 1)
    percent = found["main.eligible.week4.good.decided.percent"]
    assert percent["value"] is None
    assert percent["note"]
    assert fraction(found, "week4.good.policy") == (0, 1, 1)


def test_the_frames_hold_no_nan(tmp_path: Path) -> None:
    found = results(tmp_path, [(None, None, None, False)])
    values = pl.Series([row["value"] for row in found.values()], dtype=pl.Float64)
    assert not values.is_nan().any()
    assert not values.is_infinite().any()
