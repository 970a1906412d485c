"""Odds ratios of an endpoint by covariates: by hand, and what is told where they cannot be given."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.estimate.estimate import estimate_results
from remit.report.document import Definitions, Section, Table, plain
from remit.report.plain import section_text
from remit.report.report import build_document
from remit.schema.records import censored_column
from remit.schema.results import Results
from remit.study.study import Study
from tests.unit.derive.small import STUDY, day, records_of, study_of
from tests.unit.report.studies import NO_INTAKE

COVARIATES = """      consent: yes/no
      site: {levels: [ileal, colonic, both]}
      weight: {unit: kg, decimals: 1, range: [0, 300]}
      mass: {unit: g, range: [0, 300000]}
      height: {unit: m, decimals: 2, range: [0, 3]}
"""
FORMS = STUDY.replace("      consent: yes/no\n", COVARIATES)
ANALYSIS = """
endpoints:
  good: {at: [week4], is: score >= 50}
intercurrent_events:
  stopped: dosing.stop_day < visit.day
estimands:
  policy: {label: whatever happened, intercurrent: {stopped: treatment policy}}
  stayed: {label: stayed, intercurrent: {stopped: principal stratum}}
primary: {endpoint: good, visit: week4, population: eligible, estimand: policy}
analyses:
  main: {kind: endpoints, title: Main}
  who: {kind: predictors, title: Who is good, rows: [consent]}
"""


def rows_are(rows: str, more: str = "") -> str:
    return ANALYSIS.replace("rows: [consent]", f"rows: {rows}{more}")


def patient(good: bool | None, **values: Any) -> dict[str, Any]:
    return {"good": good, **values}


def four(yes_good: int, yes: int, no_good: int, no: int) -> list[dict[str, Any]]:
    """A table of two by two: how many of those with consent are good, and of those without."""
    counts = [
        (True, True, yes_good),
        (False, True, yes - yes_good),
        (True, False, no_good),
        (False, False, no - no_good),
    ]
    return [patient(good, consent=consent) for good, consent, count in counts for _ in range(count)]


def estimated(
    folder: Path, patients: list[dict[str, Any]], analysis: str = ANALYSIS, forms: str = FORMS
) -> tuple[Study, Results]:
    study = study_of(folder, analysis, forms)
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for number, each in enumerate(patients):
        name = f"P{number:03}"
        values = {key: value for key, value in each.items() if key not in ("good", "stop")}
        rows["patients"].append({"patient": name, "last_contact": day(200), **values})
        score = None if each["good"] is None else 60 if each["good"] else 40
        rows["visits"].append({"patient": name, "visit_date": day(28), "score": score})
        stopped = {"stop_date": day(each["stop"]), "reason": "adverse event"} if "stop" in each else {}
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": day(0), **stopped})
    return study, estimate_results(study, derive_cohort(study, records_of(study, **rows)))


def found(folder: Path, patients: list[dict[str, Any]], analysis: str = ANALYSIS) -> dict[str, dict[str, Any]]:
    rows = rows_are("[stool, {is: stool < 50 ug/g, name: low, label: low}]")
    table = estimated(tmp_path, patients, rows, forms)[1].table
    results = {row["result"]: row for row in table.iter_rows(named=True)}
    row = results["who.eligible.week4.stool.policy:univariable.guard_beyond_limit"]
    assert row["note"] == "faecal calprotectin: known only to lie beyond a limit in 4 patients, who are left out."
    assert (row["denominator"], row["missing"]) == (36, 4)
    assert results["who.eligible.week4.low.yes.policy.n"]["denominator"] == 4


def test_odds_ratios_far_from_1_are_printed_as_such(tmp_path: Path) -> None:
    patients = [patient(number < 30 or number == 59, consent=number >= 30) for number in range(60)]
    results = found(tmp_path, patients)
    assert results["who.eligible.week4.consent.yes.policy:univariable.odds_ratio"]["value"] < 0.005
    [row] = [
        row for row in table_of(printed(tmp_path, patients, ANALYSIS)["analysis-who"]).rows if row.label == ("Yes",)
    ]
    assert plain(row.cells[1].lines[0]).startswith("<0.01 (<0.01 to ")
    even = printed(tmp_path, four(15, 30, 16, 30), ANALYSIS)["analysis-who"]
    assert "The interval of each odds ratio holds 1" in said(even)


@pytest.mark.parametrize("good", [True, False, None])
def test_with_one_outcome_nothing_is_predicted(tmp_path: Path, good: bool | None) -> None:
    patients = [patient(good, consent=number % 2 == 0) for number in range(10)]
    row = found(tmp_path, patients)["who.eligible.week4.consent.yes.policy:univariable.odds_ratio"]
    assert row["value"] is None
    assert "of the 10 patients had the outcome" in row["note"]


def test_nobody(tmp_path: Path) -> None:
    analysis = ANALYSIS.replace("primary:", "eligibility: {never: {include: consent}}\nprimary:")
    results = found(tmp_path, [patient(True, consent=False)], analysis)
    assert results["who.eligible.week4.policy:multivariable.n"]["value"] == 0


def test_the_table_and_its_sentence(tmp_path: Path) -> None:
    patients = [*four(25, 30, 10, 35)]
    patients = [each | {"weight": 500 + 7 * (number % 11)} for number, each in enumerate(patients)]
    section = printed(tmp_path, patients, rows_are("[consent, {is: weight, per: 5}]"))["analysis-who"]
    text = said(section)
    assert "The model of all covariates is of 65 patients, of whom 35 reached it." in text
    assert "The interval of the odds ratio leaves out 1 for consent: yes against no (" in text
    table = table_of(section)
    assert [plain(row.label) for row in table.rows] == ["Consent", "No", "Yes", "Weight, per 5\u00a0kg"]
    cells = [[plain(line) for cell in row.cells for line in cell.lines] for row in table.rows]
    assert cells[1] == ["10/35 (28.6\u00a0%)", "reference", "reference"]
    assert cells[2][:2] == ["25/30 (83.3\u00a0%)", "12.5 (3.99 to 46.0)"]


@pytest.mark.parametrize(
    ("analysis", "what"),
    [
        (rows_are("[last_contact]"), "this is a date"),
        (rows_are("[{is: consent, per: 10}]"), "this covariate is no number"),
        (rows_are("[{is: weight, per: 0}]"), "cannot be '0'"),
        (rows_are("[{is: weight, reference: 10}]"), "this covariate is a number"),
        (rows_are("[{is: site, reference: rectal}]"), "there is no level 'rectal'"),
        (rows_are("[consent, {is: site, label: consent, name: other}]"), "two covariates are labelled 'consent'"),
        (rows_are("[consent, consent]"), "two rows are called 'consent'"),
        (rows_are("[consent]", ", estimand: none"), "there is no estimand 'none'"),
        (ANALYSIS.replace("primary:", "#"), "who is about the primary endpoint, and the study has none"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, analysis: str, what: str) -> None:
    with pytest.raises(WrongInput) as error:
        study_of(tmp_path, analysis, FORMS)
    assert what in error.value.what
