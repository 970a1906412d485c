"""A small study of which much is simulated, and what is drawn from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.schema.records import Records
from remit.simulate.draw import draw_records
from remit.study.build import read_study
from remit.study.study import Study
from tests.unit.study.making import MARK, PACK, place_of, written

STUDY = """\
remit: 1
study: {id: small, title: A small study, data_cutoff: 2024-06-30}
packs: {tiny: "1"}
charts:
  not_done: [ND]
index: first(doses.start_date, where drug == "x")
observed_until: last_seen
birth: birth_date
visits:
  baseline: {day: 0, window: [-30, 0], pick: last}
  week12: {day: 84, window: [63, 105]}
  week24: {day: 168, window: [140, 196]}
forms:
  patients:
    rows: once
    fields:
      birth_date: date
      diagnosis_date: date
      last_seen: date
      sex: {levels: {female: F, male: M}}
      smoker: yes/no
      heavy_smoker: yes/no
      stage: {classification: Stage}
      note: text
      height: {unit: cm, decimals: 1, range: [100, 250]}
  visits:
    rows: visit
    date: visit_date
    fields:
      visit_date: date
      pain: {range: [0, 10], decimals: 1}
      joints: {instrument: Joints}
      crp: {lab: CRP, unit: mg/dL, units: [mg/L], decimals: 2}
      weight: {unit: kg, decimals: 1, range: [20, 300]}
      steroids: yes/no
      sent_on: date
  doses:
    rows: period
    start: start_date
    stop: stop_date
    fields:
      drug: text
      dose: {unit: mg, range: [0, 100]}
      start_date: date
      stop_date: date
      reason: {levels: [no effect, harm, moved away, pause, done]}
  events:
    rows: event
    date: start
    fields:
      term: text
      start: date
      serious: yes/no
      grade: {type: number, range: [1, 5]}
dosing:
  form: doses
  where: drug == "x"
  permanent: reason in ("no effect", "harm")
  reason: reason
eligibility:
  too young: {include: index_date - birth_date >= 18 years}
endpoints:
  relief: {at: [week12, week24], is: not steroids}
estimands:
  main: {label: main}
primary: {endpoint: relief, visit: week12, population: eligible, estimand: main}
analyses:
  effect: {kind: endpoints}
"""


def small(folder: Path, simulate: str = "", study: str = STUDY) -> Study:
    """The study with this section `simulate`, written without its own key."""
    return read_study(written(folder, study + section(simulate), PACK))


def section(simulate: str) -> str:
    lines = "".join(f"  {line}\n" for line in simulate.strip("\n").splitlines())
    return f"simulate:\n{lines}" if lines else ""


def drawn(folder: Path, simulate: str = "", patients: int = 4000, seed: int = 1) -> Records:
    return draw_records(small(folder, simulate), patients, seed)


def wrong(folder: Path, simulate: str) -> WrongInput:
    """The error of a section in which ▶ marks the place that it must name."""
    assert MARK in simulate
    text, place = place_of(STUDY + section(simulate))
    path = written(folder, text, PACK)
    with pytest.raises(WrongInput) as raised:
        read_study(path)
    assert raised.value.where == f"{path}:{place}", raised.value
    return raised.value
