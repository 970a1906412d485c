"""A small study beside published ones, of which each test says the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from remit.study.build import read_study
from tests.unit.derive.small import STUDY, day
from tests.unit.report.studies import Made, made

ASKED = (
    STUDY.replace("title: A small study", "title: A small study, drug: x")
    + """
endpoints:
  good: {at: [week4], is: score >= 50}
intercurrent_events:
  stopped: dosing.stop_day < visit.day
estimands:
  policy: {label: whatever happened, intercurrent: {stopped: treatment policy}}
primary: {endpoint: good, visit: week4, population: eligible, estimand: policy}
analyses:
  main: {kind: endpoints, title: Main}
comparisons:
  beside:
    evidence: [a.good]
    pool:
      all:
"""
)
Numbers = Mapping[str, str]


def write_evidence(folder: Path, studies: Mapping[str, Numbers], more: str = "") -> None:
    """A file each, `good` being the numbers of its only arm, clinical response unless they say of what."""
    (folder / "evidence").mkdir(exist_ok=True)
    for name, numbers in studies.items():
        told = ", ".join(f"{each}: {number}" for each, number in numbers.items() if each != "concept")
        (folder / "evidence" / f"{name}.yaml").write_text(
            f"""\
evidence: {name}
title: {name.upper()}
design: cohort
disease: pain
population: {{words: adults}}
citation: {{text: "{name.upper()}. A journal 2020"}}
arms:
  x: {{drug: x}}
outcomes:
  good:
    label: good
    concept: {numbers.get("concept", "clinical response")}
    week: 4
    definition: {{words: a good score}}
    missing: {{handling: non-response}}
    results:
      x: {{{told}}}
{more}""",
            "utf-8",
        )


def text_of(*lines: str) -> str:
    return ASKED + "".join(f"        {line}\n" for line in lines)


def pooled(folder: Path, studies: Mapping[str, Numbers], *lines: str, goods: tuple[int, int] = (3, 8)) -> Made:
    """goods: how many of how many of ours are good."""
    write_evidence(folder, studies)
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for number in range(goods[1]):
        who = {"patient": f"P{number}"}
        rows["patients"].append({**who, "consent": True, "last_contact": day(200)})
        rows["visits"].append({**who, "visit_date": day(28), "score": 60 if number < goods[0] else 40})
        rows["treatment"].append({**who, "drug": "x", "start_date": day(0)})
    return made(folder, text_of(*lines), **rows)


def read(folder: Path, studies: Mapping[str, Numbers], *lines: str) -> None:
    write_evidence(folder, studies)
    (folder / "study.yaml").write_text(text_of(*lines), "utf-8")
    read_study(folder)


def of(n: int, total: int, mark: str = "V") -> Numbers:
    return {"n": f"{n} {mark}", "of": f"{total} {mark}"}


def rows_of(found: Made, **asked: Any) -> dict[str, dict[str, Any]]:
    """By statistic, of the pool with these parts of their address; what is not asked is empty."""
    empty = {"group": None, "group_level": None, "level": None, "variable": "proportion"}
    wanted = {"analysis": "beside_all", **empty, "handling": "glmm:random", **asked}
    table = found.results.table.iter_rows(named=True)
    return {row["statistic"]: row for row in table if all(row[part] == wanted[part] for part in wanted)}
