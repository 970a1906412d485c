"""A small cohort of which each patient is odd in another way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.schema.cohort import Cohort
from remit.schema.records import Records
from remit.schema.results import Results
from remit.study.study import Study
from tests.unit.derive.small import day, records_of, study_of

TEXT = """
remit: 1
packs: {ibd: "1.0"}
study: {id: odd, title: Odd patients, disease: gout, drug: x, data_cutoff: 2024-12-31}
index: first(treatment.start_date, where drug == "x")
observed_until: last_contact
birth: birth_date
visits:
  baseline: {label: Baseline, day: 0, window: [-30, 0], pick: last}
  week4: {label: Week 4, day: 28, window: [14, 42]}
  week8: {label: Week 8, day: 56, window: [43, 70]}
forms:
  patients:
    rows: once
    fields:
      consent: yes/no
      birth_date: date
      sex: {levels: {female: F, male: M}}
      last_contact: date
  visits:
    rows: visit
    date: visit_date
    fields:
      visit_date: date
      score: {type: number, range: [0, 100], label: pain score}
      crp: {lab: CRP, unit: mg/dL, decimals: 1}
      flare: {type: yes/no, label: flare}
  treatment:
    rows: period
    one: dosing period
    start: start_date
    stop: stop_date
    fields:
      drug: text
      dose: {unit: mg, range: [0, 500]}
      start_date: date
      stop_date: date
      reason: {label: reason for stopping, levels: [adverse event, schedule]}
  steroids:
    rows: period
    one: course of steroids
    start: start_date
    stop: stop_date
    fields: {drug: text, dose: {unit: mg, range: [0, 500]}, start_date: date, stop_date: date}
  surgery:
    rows: event
    one: operation
    date: date
    fields: {date: date, what: text}
  adverse_events:
    rows: event
    one: adverse event
    date: start_date
    fields:
      term: text
      start_date: date
      grade: {type: number, range: [1, 5], label: CTCAE grade}
      serious: yes/no
      related: {type: yes/no, label: related to the drug}
      action_taken: {label: action taken, levels: [dose not changed, drug withdrawn]}
dosing:
  form: treatment
  where: drug == "x"
  permanent: reason == "adverse event"
  reason: reason
eligibility:
  no consent: {include: consent}
derived:
  age: {is: index_date - birth_date, unit: years}
  lower: {label: lower CRP, is: crp - 1 mg/dL}
endpoints:
  relief:
    label: relief
    at: [week4, week8]
    is: fall(score) >= 3 and not flare and lower < 6 mg/dL
intercurrent_events:
  stopped: {label: permanent stop of the drug, is: dosing.stop_day < visit.day}
estimands:
  strict: {intercurrent: {stopped: composite}, missing: non-response}
primary: {endpoint: relief, visit: week4, population: eligible, estimand: strict}
analyses:
  patients_at_baseline: {kind: summary, title: Patients, rows: [age, sex]}
  effect: {kind: endpoints, title: Effect}
  course: {kind: course, title: Course, rows: [score, crp]}
  fall: {kind: change, title: Change, rows: [score, crp]}
  safety: {kind: events, title: Adverse events, form: adverse_events, term: term, by: [serious]}
"""
Rows = list[dict[str, Any]]


def _person(name: str, **more: Any) -> dict[str, Any]:
    return {
        "patient": name,
        "consent": True,
        "birth_date": day(-15_000),
        "sex": "female",
        "last_contact": day(90),
    } | more


PEOPLE: Rows = [
    _person("A"),  # as one would like it
    _person("B", sex="male", last_contact=day(60)),  # stopped for good, with a serious event
    _person("C", consent=False),  # not eligible
    _person("D"),  # no visit, an unknown stop
    _person("E", sex=None, birth_date=None),  # values beyond limits
    _person("F", consent=None, last_contact=None),  # no dose, and so no day 0
]
DOSES: Rows = [
    {"patient": "A", "drug": "x", "dose": 10, "start_date": day(0), "stop_date": day(20), "reason": "schedule"},
    {"patient": "A", "drug": "x", "dose": 20, "start_date": day(30)},
    {"patient": "B", "drug": "x", "dose": 10, "start_date": day(0), "stop_date": day(25), "reason": "adverse event"},
    {"patient": "C", "drug": "x", "dose": 10, "start_date": day(0)},
    {"patient": "D", "drug": "x", "dose": None, "start_date": day(0), "ongoing": False},
    {"patient": "E", "drug": "x", "dose": 10, "start_date": day(0)},
    {"patient": "E", "drug": "y", "dose": 5, "start_date": day(-60), "stop_date": day(-30)},
]
VISITS: Rows = [
    {"patient": "A", "visit_date": day(0), "score": 50, "crp": 90, "crp__censored": 0, "flare": True},
    {"patient": "A", "visit_date": day(27), "score": 46, "crp": 60, "crp__censored": 0, "flare": False},
    {"patient": "A", "visit_date": day(40), "score": 1, "crp": 61, "crp__censored": 0, "flare": True},
    {"patient": "A", "visit_date": day(56), "score": 50, "crp": 55, "crp__censored": 0, "flare": False},
    {"patient": "B", "visit_date": day(-3), "score": 30, "crp": 80, "crp__censored": 0, "flare": False},
    {"patient": "B", "visit_date": day(28), "score": 35, "crp": None, "flare": None},
    {"patient": "C", "visit_date": day(0), "score": 10, "crp": 80, "crp__censored": 0, "flare": False},
    {"patient": "E", "visit_date": day(0), "score": 40, "crp": 100, "crp__censored": 1, "flare": False},
    {"patient": "E", "visit_date": day(30), "score": 40, "crp": 20, "crp__censored": -1, "flare": False},
]
STEROIDS: Rows = [
    {"patient": "B", "drug": "prednisone", "dose": 20, "start_date": day(-10), "stop_date": day(22)},
    {"patient": "B", "drug": "methylprednisolone", "start_date": day(22)},
]
SURGERY: Rows = [{"patient": "A", "date": day(21), "what": "removal of a tophus"}]
EVENTS: Rows = [
    {"patient": "A", "term": "rash", "start_date": None, "grade": 1, "serious": False},
    {"patient": "B", "term": "pneumonia", "start_date": day(23), "grade": 3, "serious": True, "related": True,
     "action_taken": "drug withdrawn"},
    {"patient": "C", "term": "stroke", "start_date": day(5), "serious": True},
    {"patient": "E", "term": "fall", "start_date": day(10), "serious": None},
]  # fmt: skip


@dataclass(frozen=True)
class Odd:
    study: Study
    records: Records
    cohort: Cohort

    @property
    def results(self) -> Results:
        return estimate_results(self.study, self.cohort)


def odd(folder: Path, text: str = TEXT, **forms: Rows) -> Odd:
    """forms: in place of those above."""
    study = study_of(folder, text=text)
    told: dict[str, Rows] = {
        "patients": PEOPLE,
        "visits": VISITS,
        "treatment": DOSES,
        "steroids": STEROIDS,
        "surgery": SURGERY,
        "adverse_events": EVENTS,
    }
    records = records_of(study, **(told | forms))
    return Odd(study, records, derive_cohort(study, records))
