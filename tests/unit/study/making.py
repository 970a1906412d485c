"""A small study with its pack, and what becomes of it when one thing in it is written otherwise.

In a changed text, ▶ marks the place that the message must name; it is taken out before the file is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.study.build import read_study

MARK = "▶"

STUDY = """\
remit: 1
study:
  id: small
  title: A small study
  data_cutoff: 2024-06-30
packs:
  tiny: "1"
charts:
  yes: [yes, Y]
  no: [no, N]
  not_done: [ND]
  centres:
    S1: {dates: day/month/year, columns: {visits: {CRP serum: crp}}}
index: first(doses.start_date, where drug == "x")
observed_until: last_seen
birth: birth_date
visits:
  baseline: {day: 0, window: [-30, 0], pick: last}
  week12: {day: 84, window: [63, 105]}
forms:
  patients:
    rows: once
    fields:
      birth_date: date
      last_seen: date
      sex: {levels: {female: F, male: M}}
      smoker: yes/no
      stage: {classification: Stage}
  visits:
    rows: visit
    date: visit_date
    fields:
      visit_date: date
      pain: {score: Pain}
      joints: {instrument: Joints}
      crp: {lab: CRP, unit: mg/dL, units: [mg/L], decimals: 2}
      weight: {unit: kg, decimals: 1, range: [20, 300]}
      steroids: yes/no
  doses:
    rows: period
    start: start_date
    stop: stop_date
    fields:
      drug: text
      start_date: date
      stop_date: date
      reason: {levels: [no effect, harm, done]}
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
derived:
  age: {is: index_date - birth_date, unit: years}
  heavy: weight@baseline > 100 kg
  swollen: joints_swollen > 0
eligibility:
  too young:
    include: age >= 18 years
  too heavy:
    exclude: heavy
populations:
  women:
    where: sex == "female"
endpoints:
  remission:
    at: [week12]
    is: pain <= 3 and not steroids
  response:
    at: [week12]
    is: >-
      fall(pain) > 3
      and crp < 0.5 mg/dL
    requires: known(pain@baseline)
intercurrent_events:
  stopped: dosing.stop_day < visit.day
estimands:
  main:
    intercurrent: {stopped: composite}
primary: {endpoint: remission, visit: week12, population: eligible, estimand: main}
subgroups:
  sex: sex
periods:
  before: day < 0 days
  after: "yes"
analyses:
  baseline:
    kind: summary
    rows:
      - age
      - sex
      - {is: weight@baseline, label: body weight}
  effect:
    kind: endpoints
    populations: {week12: [eligible, women]}
  course:
    kind: course
    rows: [pain, crp]
  safety:
    kind: events
    form: events
    term: term
    by: [grade, serious]
    special_interest: tiny_events
"""

PACK: Mapping[str, str] = {
    "pack": """\
pack: tiny
version: "1"
title: A tiny pack
""",
    "instruments": """\
Pain:
  title: pain from 0 to 10
  total: [0, 10]
  bands: {none: [0, 0], mild: [1, 3], severe: [4, 10]}
  source: made for the tests
  certainty: D
Joints:
  title: joint count
  items:
    tender: {range: [0, 28]}
    swollen: {label: swollen joints, range: [0, 28]}
  total: [0, 56]
  source: made for the tests
  certainty: D
""",
    "laboratory": """\
CRP:
  title: C-reactive protein
  unit: mg/L
  units: {mg/dL: 10}
  range: [0, 1000]
  censored: yes
  source: made for the tests
  certainty: D
""",
    "classifications": """\
Stage:
  levels: {early: I, late: [II, III]}
  source: made for the tests
  certainty: D
""",
    "lists": """\
drugs:
  title: the drugs
  members: [x, y]
  source: made for the tests
  certainty: D
""",
    "special_interest": """\
tiny_events:
  source: made for the tests
  certainty: D
  events:
    infection: {serious: yes, terms: [pneumonia, sepsis]}
    falls: {terms: [fall]}
""",
}


def written(folder: Path, study: str = STUDY, pack: Mapping[str, str] = PACK) -> Path:
    """The study and its pack in a folder; the path of the study file."""
    home = folder / "packs" / "tiny"
    home.mkdir(parents=True, exist_ok=True)
    for name, text in pack.items():
        (home / f"{name}.yaml").write_text(text, "utf-8")
    path = folder / "study.yaml"
    path.write_text(study, "utf-8")
    return path


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
    return text.replace(old, new)


def place_of(marked: str) -> tuple[str, str]:
    """The text without the mark, and the line and column where it stood."""
    before, _, after = marked.partition(MARK)
    return before + after, f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def wrong_study(folder: Path, marked: str, pack: Mapping[str, str] = PACK) -> WrongInput:
    """The error of a study file in which ▶ marks the place that it must name."""
    text, place = place_of(marked)
    path = written(folder, text, pack)
    with pytest.raises(WrongInput) as raised:
        read_study(path)
    assert raised.value.where == f"{path}:{place}", raised.value
    return raised.value


def wrong_pack(folder: Path, file: str, old: str, new: str) -> WrongInput:
    """The error of a pack in one of whose files a text is written otherwise."""
    text, place = place_of(changed(PACK[file], old, new))
    path = written(folder, STUDY, {**PACK, file: text})
    with pytest.raises(WrongInput) as raised:
        read_study(path)
    assert raised.value.where == f"{folder / 'packs' / 'tiny' / file}.yaml:{place}", raised.value
    return raised.value
