"""A study of a few lines, in its own folder, to lock and change."""

from __future__ import annotations

from pathlib import Path

STUDY = """
remit: 1
study: {id: pain, title: A drug against pain, registration: NCT00000000}
index: first_seen
visits:
  week4: {label: Week 4, day: 28, window: [20, 40]}
  week8: {label: Week 8, day: 56, window: [41, 70]}
forms:
  people:
    rows: once
    fields: {first_seen: date, sex: {levels: [f, m]}, old: yes/no}
  visits:
    rows: visit
    date: seen
    fields: {seen: date, pain: {type: number, range: [0, 10]}}
eligibility:
  not asked: {include: known(sex)}
populations:
  women: sex == "f"
endpoints:
  relief: {at: [week4, week8], is: pain <= 3, label: Relief}
  free: {at: [week8], is: pain == 0}
intercurrent_events:
  young: not old
estimands:
  simple: {intercurrent: {young: treatment policy}}
primary: {endpoint: relief, visit: week4, population: eligible, estimand: simple}
subgroups:
  by_sex: sex
analyses:
  who: {kind: summary, title: People, populations: [eligible], rows: [sex, old]}
  control:
    kind: endpoints
    title: Control
    populations: {week4: [eligible, women], week8: [eligible]}
    endpoints: [relief, free]
    subgroups: [by_sex]
"""
CHARTS = {
    "people": "patient,first_seen,sex,old\nA,2024-01-01,f,yes\nB,2024-01-01,m,no\nC,2024-01-01,f,yes\n",
    "visits": "patient,seen,pain\nA,2024-01-29,2\nB,2024-01-29,5\nA,2024-02-26,0\nB,2024-02-26,3\n",
}


def written(folder: Path, text: str = STUDY, charts: dict[str, str] | None = None) -> Path:
    """The study in its folder, with the charts of one centre."""
    home = folder / "charts" / "S01"
    home.mkdir(parents=True, exist_ok=True)
    for name, rows in (CHARTS | (charts or {})).items():
        (home / f"{name}.csv").write_text(rows, "utf-8")
    (folder / "study.yaml").write_text(text, "utf-8")
    return folder


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    """With other words in the study file; each must stand there."""
    path = folder / "study.yaml"
    text = path.read_text("utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    path.write_text(text, "utf-8")
    return folder
