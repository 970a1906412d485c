"""A small study with three arms, and a patient in a row: its records, cohort and results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.schema.records import Records
from remit.study.build import read_study
from remit.study.study import Study
from tests.unit.derive.small import day, records_of
from tests.unit.report.studies import NO_INTAKE, Made

FOLDER = Path(__file__).parents[1] / "acceptance" / "three_arms"
PLACEBO, LOW, HIGH = "placebo", "low dose", "high dose"


@dataclass(frozen=True)
class Patient:
    """`scores`: at baseline, week 4 and week 8; `terms`: of adverse events, all on day 10."""

    assigned: str | None
    scores: tuple[int | None, int | None, int | None] = (None, None, None)
    treated: str | None = None
    rescue: bool | None = None
    smoker: bool | None = None
    country: str | None = None
    terms: tuple[str, ...] = ()


@cache
def study() -> Study:
    return read_study(FOLDER)


def records(patients: list[Patient], of: Study | None = None) -> Records:
    rows: dict[str, list[dict[str, Any]]] = {"subjects": [], "visits": [], "events": []}
    for number, patient in enumerate(patients):
        name = f"P{number:03}"
        own = {"assigned": patient.assigned, "treated": patient.treated or patient.assigned}
        own |= {"smoker": patient.smoker, "country": patient.country, "sex": "female"}
        rows["subjects"].append({"patient": name, "first_dose": day(0), "last_seen": day(200), **own})
        for on, score in zip((0, 28, 56), patient.scores, strict=True):
            rescue = patient.rescue if on == 56 else None
            rows["visits"].append({"patient": name, "visit_date": day(on), "score": score, "rescue": rescue})
        rows["events"] += [{"patient": name, "start_date": day(10), "term": term, "grade": 1} for term in patient.terms]
    return records_of(of or study(), **rows)


def made(patients: list[Patient], of: Study | None = None) -> Made:
    chosen = of or study()
    results = estimate_results(chosen, derive_cohort(chosen, records(patients, chosen)))
    return Made(chosen, results, NO_INTAKE)


def found(patients: list[Patient], of: Study | None = None) -> dict[str, dict[str, Any]]:
    """The results by their names."""
    return {row["result"]: row for row in made(patients, of).results.table.iter_rows(named=True)}
