"""A small study beside a published one: the study file, the evidence, and patients who are told in a row each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.schema.cohort import Cohort
from remit.schema.results import Results
from remit.study.study import Study
from tests.unit.derive.small import STUDY, day, records_of, study_of

NAME = "beside_other"

EVIDENCE = """\
evidence: other
title: OTHER
design: randomised trial
disease: none
population: {words: invented patients, n: 150 V}
citation: {text: Invented by remit.}
arms:
  drug: {drug: x, n: 100 V}
  placebo: {drug: placebo, n: 50 V}
baseline:
  steroids: {label: on corticosteroids, percent: 34 V}
  age:
    label: age
    unit: years
    results: {drug: {mean: 40.0 V, sd: 9.0 K}}
  weight: {label: weight, unit: lb, mean: 150 V}
  mass: {label: mass, unit: g, mean: 70000 V, sd: 12000 V}
  bare: {label: bare weight, unit: kg, mean: 70 V}
  duration: {label: duration, unit: years, median: 11 V}
  male: {label: male, results: {placebo: {percent: 50 V}}}
outcomes:
  good:
    label: good
    concept: clinical remission
    week: 4
    definition: {words: another score above 7}
    missing: {words: imputed many times, handling: imputation}
    results:
      drug: {percent: 40 V}
      placebo: {percent: 20 V}
  alone:
    label: good, among all
    concept: clinical remission
    definition: {words: another score above 7}
    missing: {handling: non-response}
    results:
      drug: {percent: 48 K, of: 25 K}
  mean:
    label: score
    concept: symptom score
    week: 4
    definition: {words: a score}
    missing: {handling: not stated}
    results:
      drug: {mean: 40 V, of: 100 V}
cautions: [the young were left out]
"""

# Nobody told of how many patients.
OPEN = """\
evidence: open
title: OPEN
design: cohort
disease: none
population: {words: invented patients}
citation: {text: Invented by remit.}
arms:
  drug: {drug: x}
baseline:
  steroids: {label: on corticosteroids, percent: 34 V}
outcomes:
  good:
    label: good
    concept: clinical remission
    definition: {words: not stated}
    missing: {handling: not stated}
    results: {drug: {percent: 40 V}}
"""
BASELINE = """\
baseline:
  steroids: {label: on corticosteroids, percent: 34 V}
"""
BARE = OPEN.replace("open", "bare").replace("OPEN", "BARE").replace(BASELINE, "")

FORMS = STUDY.replace(
    "      consent: yes/no\n",
    """\
      consent: yes/no
      steroids: yes/no
      age: {unit: years, range: [0, 120]}
      weight: {unit: kg, decimals: 1, range: [0, 300]}
      site: {levels: [ileal, colonic]}
""",
)
ASKED = """
endpoints:
  good: {label: Good score, at: [week4], is: score >= 50}
  late: {at: [baseline], is: score >= 50}
intercurrent_events:
  stopped: dosing.stop_day < visit.day
estimands:
  policy: {label: whatever happened, intercurrent: {stopped: treatment policy}}
primary: {endpoint: good, visit: week4, population: eligible, estimand: policy}
analyses:
  main: {kind: endpoints, title: Main}
comparisons:
  beside:
    title: Beside others
    evidence: [other.good]
    indirect:
      other:
        against: other.good
        arm: drug
        match: {steroids: steroids}
"""


def asked(match: str = "{steroids: steroids}", more: str = "", against: str = "other.good", arm: str = "drug") -> str:
    """`match:` and further lines of the indirect comparison."""
    told = ASKED.replace("match: {steroids: steroids}", f"match: {match}").replace(
        "against: other.good", f"against: {against}"
    )
    return told.replace("arm: drug", f"arm: {arm}") + "".join(f"        {line}\n" for line in more.splitlines())


def written(folder: Path, more: str = ASKED) -> Study:
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "other.yaml").write_text(EVIDENCE, "utf-8")
    (folder / "evidence" / "bare.yaml").write_text(BARE, "utf-8")
    (folder / "evidence" / "open.yaml").write_text(OPEN, "utf-8")
    return study_of(folder, more, FORMS)


def patients(*kinds: tuple[int, bool | None, dict[str, Any]]) -> list[dict[str, Any]]:
    """So many patients of each kind, good or not or not known, with values."""
    return [{"good": good, **values} for count, good, values in kinds for _ in range(count)]


# On corticosteroids 6 of 20 are good, off them 27 of 44.
SIXTY_FOUR = patients(
    (6, True, {"steroids": True}),
    (14, False, {"steroids": True}),
    (27, True, {"steroids": False}),
    (17, False, {"steroids": False}),
)


def estimated(folder: Path, of: list[dict[str, Any]], more: str = ASKED) -> tuple[Study, Cohort, Results]:
    study = written(folder, more)
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for number, each in enumerate(of):
        name = f"P{number:03}"
        values = {key: value for key, value in each.items() if key != "good"}
        rows["patients"].append({"patient": name, "last_contact": day(200), **values})
        score = None if each["good"] is None else 60 if each["good"] else 40
        rows["visits"].append({"patient": name, "visit_date": day(28), "score": score})
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": day(0)})
    cohort = derive_cohort(study, records_of(study, **rows))
    return study, cohort, estimate_results(study, cohort)


def found(folder: Path, of: list[dict[str, Any]], more: str = ASKED) -> dict[str, dict[str, Any]]:
    """The results of the indirect comparison, by their names without the analysis."""
    table = estimated(folder, of, more)[2].table
    mine = (row for row in table.iter_rows(named=True) if row["analysis"] == NAME)
    return {row["result"].removeprefix(f"{NAME}."): row for row in mine}
