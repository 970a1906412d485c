"""Odds ratios of an endpoint by covariates: by hand, and what is told where they cannot be given."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.estimate.covariates import _over
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
    table = estimated(folder, patients, analysis)[1].table
    return {row["result"]: row for row in table.iter_rows(named=True)}


def printed(folder: Path, patients: list[dict[str, Any]], analysis: str) -> dict[str, Section]:
    """The report's sections."""
    study, results = estimated(folder, patients, analysis)
    document = build_document(study, results, NO_INTAKE)
    return {section.name: section for section in document.sections}


def table_of(section: Section) -> Table:
    [table] = [block for block in section.blocks if isinstance(block, Table)]
    return table


def said(section: Section) -> str:
    return " ".join(section_text(section).split())


def test_of_one_yes_or_no_the_odds_ratio_is_that_of_the_table(tmp_path: Path) -> None:
    """18 of 30 against 12 of 35, and 1 of whom consent is not known."""
    results = found(tmp_path, [*four(18, 30, 12, 35), patient(True)])
    for model in ("univariable", "multivariable"):
        row = results[f"who.eligible.week4.consent.yes.policy:{model}.odds_ratio"]
        assert row["value"] == pytest.approx((18 * 23) / (12 * 12), rel=1e-9)
        assert (row["numerator"], row["denominator"], row["missing"], row["population_n"]) == (30, 65, 1, 66)
    row = results["who.eligible.week4.consent.no.policy.n"]
    assert (row["numerator"], row["denominator"], row["missing"]) == (12, 35, 1)
    told = results["who.eligible.week4.policy:multivariable.guard_left_out"]
    assert told["value"] is None
    assert told["note"] == "1 of 66 patients are left out of the model of all covariates; not known: consent (in 1)."
    assert "who.eligible.week4.policy:multivariable.guard_events_per_parameter" not in results


def test_a_number_is_told_per_so_many_units(tmp_path: Path) -> None:
    patients = [patient(number % 3 != 0, weight=500 + 7 * (number % 11), height=160) for number in range(60)]
    one = found(tmp_path, patients, rows_are("[weight]"))
    ten = found(tmp_path, patients, rows_are("[{is: weight, per: 10}]"))
    name = "who.eligible.week4.weight.policy:univariable.odds_ratio"
    assert math.log(ten[name]["value"]) == pytest.approx(10 * math.log(one[name]["value"]), rel=1e-6)
    quotient = found(tmp_path, patients, rows_are("[{is: weight / height, name: quotient}]"))
    row = quotient["who.eligible.week4.quotient.policy:univariable.odds_ratio"]
    assert math.log(row["value"]) == pytest.approx(1.6 * math.log(one[name]["value"]), rel=1e-6)


def test_levels_are_compared_with_the_first_or_another_and_tested_together(tmp_path: Path) -> None:
    shares = {"ileal": (5, 20), "colonic": (10, 20), "both": (15, 20)}
    patients = [patient(n < good, site=site) for site, (good, of) in shares.items() for n in range(of)]
    results = found(tmp_path, patients, rows_are("[site]"))
    assert results["who.eligible.week4.site.both.policy:univariable.odds_ratio"]["value"] == pytest.approx(9, rel=1e-9)
    assert results["who.eligible.week4.site.policy:univariable.p"]["value"] < 0.01
    results = found(tmp_path, patients, rows_are("[{is: site, reference: both}]"))
    row = results["who.eligible.week4.site.ileal.policy:univariable.odds_ratio"]
    assert row["value"] == pytest.approx(1 / 9, rel=1e-9)
    assert "who.eligible.week4.site.both.policy:univariable.odds_ratio" not in results


def test_the_estimand_says_how_an_unknown_endpoint_counts(tmp_path: Path) -> None:
    patients = [*four(18, 30, 12, 35), patient(None, consent=True), patient(True, consent=False, stop=10)]
    row = found(tmp_path, patients)["who.eligible.week4.policy.n"]
    assert (row["numerator"], row["denominator"], row["missing"]) == (31, 67, 1)
    row = found(tmp_path, patients, rows_are("[consent]", ", estimand: decided"))["who.eligible.week4.decided.n"]
    assert (row["numerator"], row["denominator"], row["missing"]) == (31, 66, 1)
    row = found(tmp_path, patients, rows_are("[consent]", ", estimand: stayed"))["who.eligible.week4.stayed.n"]
    assert (row["numerator"], row["denominator"], row["missing"], row["population_n"]) == (30, 66, 1, 67)


def test_what_limits_a_model_is_told(tmp_path: Path) -> None:
    """All with consent are good, and one patient only has both sites."""
    patients = [*four(8, 8, 12, 40), patient(True, consent=False)]
    sites = ["ileal", "colonic"] * 24 + ["both"]
    patients = [each | {"site": site} for each, site in zip(patients, sites, strict=True)]
    analysis = rows_are("[consent, site]")
    results = found(tmp_path, patients, analysis)
    at = "who.eligible.week4.policy:multivariable"
    assert results[f"{at}.guard_separation"]["note"].startswith("consent")
    assert "one patient only has the level both" in results[f"{at}.guard_single_patient"]["note"]
    assert "events a coefficient" in results[f"{at}.guard_events_per_parameter"]["note"]
    odds = results["who.eligible.week4.consent.yes.policy:multivariable.odds_ratio"]
    assert odds["method"].startswith("Firth")
    assert math.isfinite(odds["value"])
    sections = printed(tmp_path, patients, analysis)
    told = [plain(each) for each in table_of(sections["analysis-who"]).notes]
    assert any(each.startswith("Caution: consent tells some patients") for each in told)
    [models] = [
        item
        for block in sections["cautions"].blocks
        if isinstance(block, Definitions)
        for item in block.items
        if item.term == "Predictors"
    ]
    assert len(models.words) == 3


@pytest.mark.parametrize(
    ("rows", "values", "why"),
    [
        ("[consent]", {"consent": True}, "consent: is the same for all 40 patients"),
        ("[site]", {"site": "colonic"}, "site: is the same for all 40 patients"),
        ("[weight]", {"weight": 700}, "weight: is the same for all 40 patients"),
        ("[consent]", {}, "No patient has both the outcome and all covariates known."),
    ],
)
def test_a_covariate_that_no_model_can_take(tmp_path: Path, rows: str, values: dict[str, Any], why: str) -> None:
    patients = [patient(number % 2 == 0, **values) for number in range(40)]
    results = found(tmp_path, patients, rows_are(rows))
    guards = [row for name, row in results.items() if name.endswith("guard_no_model")]
    assert len(guards) == 2
    assert all(row["note"].startswith(why) for row in guards)
    odds = [row for row in results.values() if row["statistic"] == "odds_ratio"]
    assert odds
    assert all(row["value"] is None and row["note"].startswith(why) for row in odds)
    section = printed(tmp_path, patients, rows_are(rows))["analysis-who"]
    assert "No model can be made of all covariates: see the table." in said(section)
    assert any(plain(each).startswith(f"Caution: {why}") for each in table_of(section).notes)


def test_one_covariate_that_follows_from_another_is_named(tmp_path: Path) -> None:
    patients = [
        patient(number % 3 == 0, weight=500 + number % 7, mass=100 * (500 + number % 7)) for number in range(60)
    ]
    results = found(tmp_path, patients, rows_are("[weight, mass]"))
    assert results["who.eligible.week4.mass.policy:univariable.odds_ratio"]["value"] is not None
    row = results["who.eligible.week4.weight.policy:multivariable.odds_ratio"]
    assert row["value"] is None
    assert row["note"].startswith("mass: follows wholly from weight among these 60 patients")


def test_a_covariate_of_after_the_start_is_told(tmp_path: Path) -> None:
    later = "{is: dosing.stop_day > 20 days, name: stayed, label: on the drug}"
    results = found(tmp_path, [*four(18, 30, 12, 35), patient(False, stop=10)], rows_are(f"[consent, {later}]"))
    assert results["who.eligible.week4.policy:multivariable.guard_covariate_after_start"]["note"] == (
        "on the drug looks at what came after the start of treatment (day of the permanent stop): it may follow from "
        "the endpoint rather than predict it."
    )


def test_a_number_known_only_to_lie_beyond_a_limit_is_told(tmp_path: Path) -> None:
    """Of 40 patients 4 have calprotectin below 30: no number, but surely below 50."""
    stool = "      consent: yes/no\n      stool: {lab: calprotectin, unit: ug/g, decimals: 0}\n"
    forms = FORMS.replace("\nindex:", '\npacks: {ibd: "1.0"}\nindex:').replace("      consent: yes/no\n", stool)
    limit = censored_column("stool")
    patients = [patient(number % 3 == 0, stool=100 + number % 7, **{limit: 0}) for number in range(36)]
    patients += [patient(True, stool=30, **{limit: -1})] * 4
    analysis = rows_are("[stool, {is: stool < 50 ug/g, name: low, label: low}]")
    _, estimates = estimated(tmp_path, patients, analysis, forms)
    results = {row["result"]: row for row in estimates.table.iter_rows(named=True)}
    row = results["who.eligible.week4.stool.policy:univariable.guard_beyond_limit"]
    assert row["note"] == "faecal calprotectin: known only to lie beyond a limit in 4 patients, who are left out."
    assert (row["denominator"], row["missing"]) == (36, 4)
    assert results["who.eligible.week4.low.yes.policy.n"]["denominator"] == 4


def test_odds_ratios_far_from_1_are_printed_as_such(tmp_path: Path) -> None:
    patients = [patient(number < 30 or number == 59, consent=number >= 30) for number in range(60)]
    results = found(tmp_path, patients)
    assert results["who.eligible.week4.consent.yes.policy:univariable.odds_ratio"]["value"] < 0.005
    table = table_of(printed(tmp_path, patients, ANALYSIS)["analysis-who"])
    [row] = [row for row in table.rows if row.label == ("Yes",)]
    assert plain(row.cells[1].lines[0]).startswith("<0.01 (<0.01 to ")


def test_where_no_interval_leaves_out_1_nothing_is_claimed(tmp_path: Path) -> None:
    section = printed(tmp_path, four(15, 30, 16, 30), ANALYSIS)["analysis-who"]
    assert "Each interval includes an odds ratio of 1: which" in said(section)


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


def test_of_many_patients_those_who_are_alike_are_modelled_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites, weights = ["ileal", "colonic", "both", None], [60.0, 70.5, 81.0, None]
    patients = [
        patient(
            None if at % 11 == 0 else (at * at) % 7 < 3,
            consent=at % 3 == 0,
            site=sites[at % 4],
            weight=weights[at * at % 5 % 4],
            height=[1.6, 1.7, 1.8][at % 3],
        )
        for at in range(120)
    ]
    rows = "[consent, site, weight, {name: index, is: weight / height, label: Index}]"
    one_by_one = found(tmp_path, patients, rows_are(rows))
    monkeypatch.setattr("remit.estimate.alike.FEW", 0)
    together = found(tmp_path, patients, rows_are(rows))
    assert together.keys() == one_by_one.keys()
    for address, statistics in one_by_one.items():
        assert together[address] == pytest.approx(statistics, rel=1e-8), address


def test_numbers_of_the_cohort_are_rounded_once() -> None:
    """As fractions have it: a quotient of whole numbers is the floating point number that is nearest."""
    for top, bottom in ((7, 1), (123_456_789, 3), (2**60 + 1, 7)):
        for scale in (Fraction(1, 1000), Fraction(1, 7), Fraction(2922, 96)):
            assert _over(top, bottom, scale) == float(scale * Fraction(top, bottom))
