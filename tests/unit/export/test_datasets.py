"""A small cohort as data sets: who is in them, and what becomes of the unknown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from remit.derive.derive import derive_cohort
from remit.export.dataset import Dataset
from remit.export.export import datasets
from remit.finished import Finished
from remit.schema.run_folder import run_note
from tests.unit.derive.small import STUDY, day, records_of, study_of
from tests.unit.report.test_time_to_event import EVENTS, PEOPLE
from tests.unit.report.test_time_to_event import STUDY as BURNS

Rows = list[dict[str, Any]]


def made(folder: Path, text: str, **forms: Rows) -> dict[str, Dataset]:
    study = study_of(folder, text=text)
    cohort = derive_cohort(study, records_of(study, **forms))
    note = run_note({}, None, datetime.now(UTC), {}, "", None)
    return {data.name: data for data in datasets(Finished(Path(), study, cohort, note))}


def values(data: Dataset, name: str) -> dict[str, Any]:
    """By subject; of one that has several rows, the last."""
    return dict(data.table.select("USUBJID", name).iter_rows())


MORE = """
eligibility:
  no consent: {include: consent}
populations:
  safety: consent
endpoints:
  low: {at: [week4], is: score < 10}
estimands:
  all: {label: All}
analyses:
  table: {kind: summary, rows: [{is: score@week4 - score@baseline, label: Rise}, {is: consent, among: score@week4 > 5}]}
"""
PATIENTS: Rows = [
    {"patient": "a", "consent": True, "last_contact": day(100)},
    {"patient": "b", "consent": False, "last_contact": day(90)},
    {"patient": "c", "consent": None, "last_contact": None},
]
TREATMENT: Rows = [
    {"patient": "a", "drug": "x", "start_date": day(0), "stop_date": day(30), "reason": "schedule"},
    {"patient": "a", "drug": "x", "start_date": day(30), "stop_date": day(50), "reason": "adverse event"},
    {"patient": "b", "drug": "x", "start_date": day(0), "stop_date": None},
]
VISITS: Rows = [
    {"patient": "a", "visit_date": day(-1), "score": 20},
    {"patient": "a", "visit_date": day(28), "score": 8},
    {"patient": "b", "visit_date": day(28), "score": 50},
]


@pytest.fixture
def small(tmp_path: Path) -> dict[str, Dataset]:
    return made(tmp_path, STUDY + MORE, patients=PATIENTS, treatment=TREATMENT, visits=VISITS)


def test_what_a_study_has_nothing_of_is_not_written(small: dict[str, Dataset]) -> None:
    assert [*small] == ["ADSL", "ADEFF", "ADTTE"]


def test_subjects(small: dict[str, Dataset]) -> None:
    adsl = small["ADSL"]
    assert values(adsl, "ELIGBLFL") == {"a": "Y", "b": "N", "c": "N"}
    assert values(adsl, "SAFFL") == {"a": "Y", "b": "N", "c": "N"}
    assert values(adsl, "EXCLREAS") == {"a": None, "b": "no consent", "c": "cannot be decided"}
    assert values(adsl, "CONSNTFL") == {"a": "Y", "b": "N", "c": None}
    assert values(adsl, "TRTSDT") == {"a": day(0), "b": day(0), "c": None}
    assert values(adsl, "TRTEDT") == {"a": day(49), "b": None, "c": None}
    assert values(adsl, "EOTSTT") == {"a": "DISCONTINUED", "b": "ONGOING", "c": None}
    assert values(adsl, "DCTREAS") == {"a": "adverse event", "b": None, "c": None}
    assert values(adsl, "RISE") == {"a": -12, "b": None, "c": None}
    assert values(adsl, "CONSN2FL") == {"a": "Y", "b": "N", "c": None}


def test_scores_at_visits(small: dict[str, Dataset]) -> None:
    scores = small["ADEFF"].table.filter(PARAMCD="SCORE").select("USUBJID", "AVISITN", "ADY", "AVAL", "BASE", "CHG")
    assert scores.rows() == [
        ("a", 0, -1, 20.0, 20.0, None),
        ("a", 1, 29, 8.0, 20.0, -12.0),
        ("b", 1, 29, 50.0, None, None),
    ]


def test_endpoints_under_each_handling(small: dict[str, Dataset]) -> None:
    low = small["ADEFF"].table.filter(PARAMCD="LOW").select("USUBJID", "HANDLING", "AVAL", "AVALC", "DTYPE", "CRIT1FL")
    assert low.rows() == [
        ("a", "all", 1.0, "Y", None, "Y"),
        ("a", "complete", 1.0, "Y", None, "Y"),
        ("a", "decided", 1.0, "Y", None, "Y"),
        ("b", "all", 0.0, "N", None, "N"),
        ("b", "complete", 0.0, "N", None, "N"),
        ("b", "decided", 0.0, "N", None, "N"),
        ("c", "all", 0.0, "N", "NRI", "N"),
        ("c", "decided", None, None, None, None),
    ]


def test_the_permanent_stop(small: dict[str, Dataset]) -> None:
    told = small["ADTTE"].table.select("USUBJID", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC")
    assert told.rows() == [
        ("a", 51, 0, "STOPPED FOR GOOD", None),
        ("b", 91, 1, "CENSORED", "LAST DAY OBSERVED"),
        ("c", None, None, "NOT KNOWN", None),
    ]


TIMES = """
arms: {planned: group, reference: old}
analyses:
  burn: {kind: time_to_event, label: burn, event: 'first(events.start, where term == "burn")', censored: last_seen}
  burn_seen: {kind: time_to_event, event: died, from: first_seen, censored: last_seen}
  safety: {kind: events, form: events, term: term, by: [serious]}
  safety_again: {kind: events, form: events, term: term}
"""


@pytest.fixture
def burns(tmp_path: Path) -> dict[str, Dataset]:
    return made(tmp_path, BURNS + TIMES, people=PEOPLE, events=EVENTS)


def test_times_that_analyses_are_about(burns: dict[str, Dataset]) -> None:
    times = burns["ADTTE"].table.filter(PARAMCD="BURN")
    assert {row[0]: row[1:] for row in times.select("USUBJID", "AVAL", "CNSR", "EVNTDESC").iter_rows()} == {
        "event": (9, 0, "BURN"),
        "second event counts not": (15, 0, "BURN"),
        "none": (16, 1, "CENSORED"),
        "other event": (26, 1, "CENSORED"),
        "event on day 0": (1, 0, "BURN"),
        "event after the end": (13, 1, "CENSORED"),
        "event, end not known": (21, 0, "BURN"),
        "none, end not known": (None, None, "NOT KNOWN"),
        "date not known": (None, None, "NOT KNOWN"),
        "perhaps": (None, None, "NOT KNOWN"),
        "event before the start": (None, None, "NOT KNOWN"),
    }
    known = times.filter(pl.col("AVAL").is_not_null())
    assert ((known["ADT"] - known["STARTDT"]).dt.total_days() + 1).to_list() == known["AVAL"].to_list()
    assert burns["ADTTE"].table.filter(PARAMCD="BURNSEEN")["STARTDT"].null_count() == 0


def test_events(burns: dict[str, Dataset]) -> None:
    adae = burns["ADAE"].table
    assert adae.height == len(EVENTS)
    by_subject = {row[0]: row[1:] for row in adae.select("USUBJID", "ASTDT", "ASTDY", "TRTEMFL").iter_rows()}
    assert by_subject["event before the start"] == (day(-3), -3, None)
    assert by_subject["event on day 0"] == (day(0), 1, "Y")
    assert by_subject["date not known"] == (None, None, None)
    assert adae.filter(USUBJID="second event counts not")["ASEQ"].to_list() == [1, 2]
    assert adae.select("USUBJID", "ASEQ").is_unique().all()


def test_treatments_are_the_arms(burns: dict[str, Dataset]) -> None:
    adsl = burns["ADSL"].table
    assert dict(adsl.select("TRT01P", "TRT01PN").iter_rows()) == {"new": 1, "old": 2}
    assert adsl["ARM"].equals(adsl["TRT01P"])
    for name in ("ADAE", "ADTTE"):
        assert {"TRTP", "TRTPN"} <= {*burns[name].table.columns}
        assert not {"TRT01P", "ARM"} & {*burns[name].table.columns}


TWO_FORMS = """
remit: 1
study: {id: two, title: Two forms of events, data_cutoff: 2024-12-31}
index: first_seen
visits: {baseline: {day: 0, window: [-9, 9]}}
forms:
  people:
    rows: once
    fields: {first_seen: date, note: {type: text, column: SUBJID}}
  checks:
    rows: visit
    date: date
    fields:
      date: date
      mood: {levels: {good: G, bad: B}}
      said: text
      weight: {unit: kg, range: [1, 300], decimals: 1}
  events:
    rows: event
    date: start
    fields: {start: date, end_date: date, term: text, grade: {type: number, range: [1, 5]}}
  stays:
    rows: period
    start: admitted
    stop: discharged
    fields: {admitted: date, discharged: date, ward: text}
analyses:
  events: {kind: events, form: events, term: term}
  stays: {kind: events, form: stays, term: ward}
"""


@pytest.fixture
def two(tmp_path: Path) -> dict[str, Dataset]:
    return made(
        tmp_path,
        TWO_FORMS,
        people=[{"patient": "a", "first_seen": day(0), "note": "007"}],
        checks=[{"patient": "a", "date": day(0), "mood": "bad", "said": "so so", "weight": 805}],
        events=[{"patient": "a", "start": day(-1), "end_date": day(1), "term": "burn", "grade": 2}],
        stays=[
            {"patient": "a", "admitted": day(3), "discharged": day(9), "ward": "east"},
            {"patient": "a", "admitted": day(20)},
        ],
    )


def test_an_end_has_its_day(two: dict[str, Dataset]) -> None:
    names = ["ASTDY", "AENDT", "AENDY", "AETERM", "ATOXGRN", "TRTEMFL"]
    assert two["ADAE"].table.select(names).rows() == [(-1, day(1), 2, "burn", 2, None)]


def test_another_form_of_events_is_a_data_set_of_its_own(two: dict[str, Dataset]) -> None:
    stays = two["ADSTAYS"].table.select("ASEQ", "ASTDT", "AENDT", "AETERM")
    assert stays.rows() == [(1, day(3), day(9), "east"), (2, day(20), None, None)]


def test_levels_and_texts_at_visits(two: dict[str, Dataset]) -> None:
    told = two["ADEFF"].table.sort("PARAMN").select("PARAMCD", "PARAM", "AVAL", "AVALC", "AVALU", "BASEC")
    assert told.rows() == [
        ("MOOD", "mood", None, "B", None, "B"),
        ("SAID", "said", None, "so so", None, "so so"),
        ("WEIGHT", "weight (kg)", 80.5, None, "kg", None),
    ]
    assert "CRIT1" not in two["ADEFF"].table.columns


def test_what_the_charts_have_under_a_standard_name_stands(two: dict[str, Dataset]) -> None:
    assert two["ADSL"].table["SUBJID"].to_list() == two["ADAE"].table["SUBJID"].to_list() == ["007"]


def test_a_start_that_the_cohort_does_not_hold_is_missing_and_the_time_is_not(tmp_path: Path) -> None:
    analysis = "analyses:\n  late: {kind: time_to_event, from: first(events.start), event: died, censored: last_seen}\n"
    times = made(tmp_path, BURNS + analysis, people=PEOPLE, events=EVENTS)["ADTTE"].table
    told = times.filter(USUBJID="event").select("STARTDT", "ADT", "AVAL", "CNSR")
    assert told.rows() == [(None, None, 23, 1)]


ALIKE = """
remit: 1
study: {id: alike, title: Things that are called alike, data_cutoff: 2024-12-31}
index: first_seen
observed_until: last_seen
visits: {baseline: {day: 0, window: [-9, 9]}, week4: {day: 28, window: [10, 40]}, week8: {day: 56, window: [41, 70]}}
forms:
  people:
    rows: once
    fields:
      first_seen: date
      last_seen: date
      started: {type: text, column: INDEXDT}
      ward: {type: number, column: SUBJID}
  checks:
    rows: visit
    date: date
    fields: {date: date, score: {type: number, range: [0, 99]}, answer: {label: response, type: yes/no}}
endpoints:
  response: {label: response, at: [week4], is: score < 10}
analyses:
  effect: {kind: endpoints}
  early: {kind: course, visits: [week4], rows: [{is: change(score), name: rise, label: rise}, {is: score + 1, name: x, label: plus}]}
  late: {kind: course, visits: [week8], rows: [{is: change(score), name: rise, label: rise}, {is: score + 2, name: x, label: plus two}]}
  death: {kind: time_to_event, event: last_seen, censored: last_seen}
  again: {kind: time_to_event, event: first_seen, censored: last_seen}
"""  # noqa: E501


@pytest.fixture
def alike(tmp_path: Path) -> dict[str, Dataset]:
    people = {"patient": "a", "first_seen": day(0), "last_seen": day(90), "started": "in spring", "ward": 7}
    checks = [{"patient": "a", "date": day(on), "score": 20 - on // 7, "answer": True} for on in (0, 28, 56)]
    return made(tmp_path, ALIKE, people=[people], checks=checks)


def test_parameters_that_are_called_alike_are_told_apart(alike: dict[str, Dataset]) -> None:
    names = {name: dict(alike[name].table.select("PARAMCD", "PARAM").iter_rows()) for name in ("ADEFF", "ADTTE")}
    assert names["ADEFF"]["ANSWER"] == "response [ANSWER]"
    assert names["ADEFF"]["RESPONSE"] == "response [RESPONSE]"
    assert names["ADTTE"] == {"DEATH": "Time to event (days) [DEATH]", "AGAIN": "Time to event (days) [AGAIN]"}


def test_what_several_courses_are_about_is_there_at_all_their_visits(alike: dict[str, Dataset]) -> None:
    rows = alike["ADEFF"].table.filter(PARCAT1="Score").select("PARAMCD", "PARAM", "AVISIT", "AVAL").rows()
    assert sorted(rows) == [
        ("RISE", "rise", "Week 4", -4.0),
        ("RISE", "rise", "Week 8", -8.0),
        ("X", "plus", "Week 4", 17.0),
        ("X2", "plus two", "Week 8", 14.0),
    ]


def test_a_heading_that_is_of_another_kind_than_the_standards_variable_is_another(alike: dict[str, Dataset]) -> None:
    adsl = alike["ADSL"]
    assert adsl.table.select("STARTED", "SUBJID", "WARD", "INDEXDT").rows() == [("in spring", "a", 7, day(0))]
