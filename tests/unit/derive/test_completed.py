"""Missing values imputed in a cohort: what is known stays, and endpoints follow their definitions."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.estimate.estimate import estimate_results
from remit.inference.imputation.chain import impute
from remit.inference.imputation.table import Column
from remit.schema.cohort import Cohort, Completed
from tests.unit.derive.small import STUDY, day, records_of, study_of

TWO_VISITS = STUDY.replace(
    "  week4: {day: 28, window: [14, 42]}", "  week4: {day: 28, window: [14, 42]}\n  week8: {day: 56, window: [43, 70]}"
).replace(
    "      score: {type: number, range: [0, 100]}",
    "      score: {type: number, range: [0, 100]}\n      pain: {levels: [none, some, much], ordered: yes}\n"
    "      steroids: yes/no\n      weight: {unit: kg, decimals: 1}",
)
ANALYSIS = """
endpoints:
  good: {at: [week8], is: score >= 50 and not steroids}
  easy: {at: [week8], is: 'pain != "much"'}
  heavy: {at: [week8], is: weight - weight@baseline > 2 kg}
  still: {at: [week8], is: score >= 50 and dosing.stop_day >= visit.day}
intercurrent_events:
  stopped: dosing.stop_day < visit.day
estimands:
  policy: {intercurrent: {stopped: treatment policy}}
  failure: {intercurrent: {stopped: composite}}
  without: {intercurrent: {stopped: hypothetical}}
imputation: {seed: 7, imputations: 6, iterations: 3, predictors: [consent], non_response_after: [stopped]}
analyses:
  good_one: {kind: sensitivity, endpoint: good, visit: week8, populations: [eligible]}
  easy_one: {kind: sensitivity, endpoint: easy, visit: week8, populations: [eligible]}
  heavy_one: {kind: sensitivity, endpoint: heavy, visit: week8, populations: [eligible]}
  still_one: {kind: sensitivity, endpoint: still, visit: week8, populations: [eligible]}
"""
DAYS = {"baseline": 0, "week4": 28, "week8": 56}

Rows = dict[str, list[dict[str, Any]]]


def rows_of(patients: dict[str, dict[str, Any]]) -> Rows:
    """A patient: by visit what was measured (None: no visit), `stop` and `consent`."""
    rows: Rows = {"patients": [], "visits": [], "treatment": []}
    for name, patient in patients.items():
        rows["patients"].append({"patient": name, "consent": patient.get("consent"), "last_contact": day(200)})
        for visit, on in DAYS.items():
            if (measured := patient.get(visit)) is not None:
                rows["visits"].append({"patient": name, "visit_date": day(on), **measured})
        stop = patient.get("stop")
        stopped = {"stop_date": day(stop), "reason": "adverse event"} if stop is not None else {}
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": day(0), **stopped})
    return rows


def derived(folder: Path, rows: Rows, analysis: str = ANALYSIS) -> tuple[Cohort, Completed]:
    study = study_of(folder, analysis, TWO_VISITS)
    cohort = derive_cohort(study, records_of(study, **rows))
    assert cohort.completed is not None
    return cohort, cohort.completed


def some(number: int, missing: float, seed: int = 1) -> dict[str, dict[str, Any]]:
    """Patients who differ, some of whose values are missing at random."""
    chance = random.Random(seed)

    def measured(level: float) -> dict[str, Any] | None:
        if chance.random() < missing / 3:
            return None
        values = {
            "score": min(100, max(0, round(level + chance.gauss(0, 10)))),
            "pain": chance.choice(["none", "some", "much"]),
            "steroids": chance.random() < 0.3,
            "weight": round(700 + level + chance.gauss(0, 20)),
        }
        return {name: None if chance.random() < missing else value for name, value in values.items()}

    found = {}
    for patient in range(number):
        level = chance.uniform(20, 80)
        visits = {visit: measured(level) for visit in DAYS}
        found[f"P{patient:03}"] = {**visits, "consent": chance.random() < 0.5, "stop": chance.choice([None, None, 40])}
    return found


def known_stay(cohort: Cohort, completed: Completed) -> None:
    for column in completed.patients.columns[2:]:
        before = cohort.patients.filter("eligible").select("patient", pl.col(column).alias("before"))
        both = completed.patients.select("patient", column).join(before, on="patient").drop_nulls("before")
        assert (both[column] == both["before"]).all(), column
        assert not both[column].null_count(), column


def test_what_is_known_stays_in_each_completed_cohort(tmp_path: Path) -> None:
    cohort, completed = derived(tmp_path, rows_of(some(40, 0.25)))
    assert completed.patients.height == 40 * 6
    known_stay(cohort, completed)
    # All that the charts leave open can be imputed, but for a stop that nobody knows of.
    assert completed.patients["good__week8__policy"].null_count() == 0
    assert cohort.patients["good__week8__policy"].null_count() > 3


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 30), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), st.integers(0, 1000))
def test_what_is_known_stays_whatever_is_missing(
    tmp_path_factory: pytest.TempPathFactory, number: int, missing: float, seed: int
) -> None:
    cohort, completed = derived(tmp_path_factory.mktemp("study"), rows_of(some(number, missing, seed)))
    known_stay(cohort, completed)
    cells = completed.imputed.explode("values")
    assert not cells["values"].null_count()


def test_nothing_missing_imputes_nothing(tmp_path: Path) -> None:
    cohort, completed = derived(tmp_path, rows_of({f"P{n:02}": {**full(n)} for n in range(12)}))
    assert completed.imputed.filter(pl.col("after").is_null()).is_empty()
    known_stay(cohort, completed)


def full(n: int, **changed: Any) -> dict[str, Any]:
    values = {"score": 40 + 2 * n, "pain": ["none", "some", "much"][n % 3], "steroids": n % 4 == 0, "weight": 700 + n}
    return {"baseline": values, "week4": values, "week8": values, "consent": n % 2 == 0, **changed}


def test_the_ledger_tells_each_cell_and_why_it_was_not_known(tmp_path: Path) -> None:
    patients = {f"P{n:02}": full(n) for n in range(12)}
    patients["P03"]["week8"] = None
    patients["P05"]["week8"] = {**patients["P05"]["week8"], "score": None}
    _, completed = derived(tmp_path, rows_of(patients))
    told = completed.imputed.filter(pl.col("after").is_null())
    cells = {(row["patient"], row["field"], row["visit"]): row for row in told.iter_rows(named=True)}
    assert {(patient, field): row["why"] for (patient, field, _), row in cells.items()} == {
        ("P03", "score"): "no visit in its window",
        ("P03", "pain"): "no visit in its window",
        ("P03", "steroids"): "no visit in its window",
        ("P03", "weight"): "no visit in its window",
        ("P05", "score"): "empty in the charts",
    }
    assert {visit for _, _, visit in cells} == {"week8"}
    score, weight = cells["P05", "score", "week8"], cells["P03", "weight", "week8"]
    assert len(score["values"]) == 6
    assert all(0 <= int(value) <= 100 for value in score["values"])
    assert set(weight["values"]) <= {f"{70 + n / 10:.1f}" for n in range(12)}  # as another patient’s, in kg
    models = completed.models.filter(pl.col("after").is_null(), field="score", visit="week8").to_dicts()
    assert [(one["known"], one["missing"], one["method"]) for one in models] == [(10, 2, "local residual draws")]


def test_after_a_hypothetical_event_values_are_set_aside_and_imputed(tmp_path: Path) -> None:
    """P05 stopped on day 40 and was bad at week 8: without the stop nobody knows."""
    patients = {f"P{n:02}": full(n) for n in range(12)}
    patients["P05"] |= {"stop": 40, "week8": {**patients["P05"]["week8"], "score": 0}}
    cohort, completed = derived(tmp_path, rows_of(patients))
    of = completed.patients.filter(patient="P05")
    assert of["good__week8__policy"].to_list() == [False] * 6
    assert of["good__week8__without"].null_count() == 0
    aside = completed.imputed.filter(after="stopped", patient="P05")
    assert set(aside["why"]) == {"set aside after an intercurrent event"}
    assert set(aside["visit"]) == {"week8"}
    assert cohort.patients.filter(patient="P05")["good__week8__without"].to_list() == [None]
    # What hangs on the stop itself stays unknown: it cannot be imputed.
    assert of["still__week8__without"].null_count() == 6


def test_an_empty_cell_after_a_hypothetical_event_was_empty(tmp_path: Path) -> None:
    """P03 did not come; of P05 it is not known whether the event came before week 8."""
    patients = {f"P{n:02}": full(n) for n in range(12)}
    patients["P03"] |= {"stop": 40, "week8": None}
    _, completed = derived(tmp_path, rows_of(patients))
    why = completed.imputed.filter(after="stopped", patient="P03")["why"]
    assert set(why) == {"no visit in its window"}
    event = ANALYSIS.replace("stopped: dosing.stop_day < visit.day", "stopped: consent")
    patients["P05"]["consent"] = None
    _, completed = derived(tmp_path, rows_of(patients), event)
    cells = completed.imputed.filter(after="stopped", patient="P05", form="visits")
    assert set(cells["why"]) == {"set aside, as an intercurrent event may have come before it"}


@pytest.mark.parametrize(
    "definition",
    [
        "known(score) and score >= 50",
        "last_observed(score) >= 50",
        "sum_known(score, if(steroids, 40, 0)) >= 50",
        "if(known(score), score, 60) >= 50",
        "how_many(known(score), known(steroids), known(weight)) >= 2",
    ],
)
def test_what_a_definition_makes_of_missing_values_is_known(tmp_path: Path, definition: str) -> None:
    """The charts tell such an endpoint though a value is missing; an imputed one must not turn it."""
    analysis = ANALYSIS.replace("score >= 50 and not steroids", f"'{definition}'")
    cohort, completed = derived(tmp_path, rows_of(some(40, 0.3)), analysis)
    assert cohort.patients["good__week8__policy"].null_count() < 40
    known_stay(cohort, completed)


def test_what_is_asked_once_is_not_as_it_would_be_without_the_event(tmp_path: Path) -> None:
    """It is as the event left it, so of those who had the event the endpoint stays unknown."""
    analysis = ANALYSIS.replace("score >= 50 and not steroids", "consent")
    patients = {f"P{n:02}": full(n) for n in range(12)}
    patients["P05"] |= {"stop": 40, "consent": True}
    patients["P06"] |= {"consent": None}
    _, completed = derived(tmp_path, rows_of(patients), analysis.replace("predictors: [consent], ", ""))
    assert completed.patients.filter(patient="P05")["good__week8__without"].null_count() == 6
    assert completed.patients.filter(patient="P06")["good__week8__without"].null_count() == 0


def test_names_of_forms_and_predictors_are_kept_apart(tmp_path: Path) -> None:
    analysis = ANALYSIS.replace("and not steroids", "and consent")
    text = TWO_VISITS.replace("  patients:\n", "  predictor:\n")
    study = study_of(tmp_path, analysis, text)
    rows = rows_of(some(20, 0.3) | {"P99": full(9, consent=None)})
    cohort = derive_cohort(study, records_of(study, predictor=rows.pop("patients"), **rows))
    assert cohort.completed is not None
    assert set(cohort.completed.imputed["form"]) == {"predictor", "visits"}


def test_completed_cohorts_are_those_of_the_method(tmp_path: Path) -> None:
    """The same table made by hand, the endpoint decided by hand."""
    patients = some(30, 0.2)
    only = ANALYSIS.split("  easy_one:")[0].replace(
        "populations: [eligible]}", "populations: [eligible], estimands: [policy]}"
    )
    _, completed = derived(tmp_path, rows_of(patients), only)

    def cells(field: str, visit: str) -> list[Any]:
        return [(patient[visit] or {}).get(field) for _, patient in sorted(patients.items())]

    columns = []
    for field, kind in (("score", "score"), ("steroids", "yes/no")):
        for number, visit in enumerate(DAYS):
            shared = {"measure": f"visits.{field}", "visit": number, "group": "good"}
            ends = {"low": 0.0, "high": 100.0, "decimals": 0} if kind == "score" else {}
            columns.append(Column(f"visits.{field}@{visit}", kind, cells(field, visit), **shared, **ends))  # type: ignore[arg-type]
    consent = [patient["consent"] for _, patient in sorted(patients.items())]
    made = impute([*columns, Column("predictor consent", "yes/no", consent)], 7, 6, iterations=3)
    for number in range(6):
        whole = made.completed(number)
        good = [
            score >= 50 and not steroids  # type: ignore[operator]
            for score, steroids in zip(whole["visits.score@week8"], whole["visits.steroids@week8"], strict=True)
        ]
        assert completed.patients.filter(imputation=number)["good__week8__policy"].to_list() == good


def test_the_order_of_the_charts_does_not_matter(tmp_path: Path) -> None:
    rows = rows_of(some(25, 0.3))
    _, one = derived(tmp_path, rows)
    _, other = derived(tmp_path, {form: [*reversed(lines)] for form, lines in rows.items()})
    assert one.patients.equals(other.patients)
    assert one.imputed.equals(other.imputed)


def test_the_seed_decides(tmp_path: Path) -> None:
    rows = rows_of(some(25, 0.3))
    _, one = derived(tmp_path, rows)
    _, same = derived(tmp_path, rows)
    _, other = derived(tmp_path, rows, ANALYSIS.replace("seed: 7", "seed: 8"))
    assert one.imputed.equals(same.imputed)
    assert not one.imputed.equals(other.imputed)


def test_only_who_is_eligible_is_imputed_and_nobody_becomes_so(tmp_path: Path) -> None:
    """Who may be eligible hangs on a score that is missing: it is not imputed for that."""
    analysis = "\neligibility:\n  mild: {include: score@baseline >= 50}\n" + ANALYSIS
    patients = {f"P{n:02}": full(n) for n in range(12)}
    patients["P11"]["baseline"] = {**patients["P11"]["baseline"], "score": None}
    cohort, completed = derived(tmp_path, rows_of(patients), analysis)
    assert cohort.patients["eligible"].to_list() == [False] * 5 + [True] * 6 + [False]
    assert completed.patients["patient"].unique().sort().to_list() == [f"P{n:02}" for n in range(5, 11)]


def test_where_nothing_is_known_nothing_is_imputed(tmp_path: Path) -> None:
    patients: dict[str, dict[str, Any]] = {f"P{n:02}": {} for n in range(4)}
    _, completed = derived(tmp_path, rows_of(patients))
    assert completed.imputed.is_empty()
    assert set(completed.models["method"]) == {"not filled"}
    assert completed.patients["good__week8__policy"].null_count() == 24
    assert "score, Week 8: no value is known, so none of 4 could be imputed." in completed.guards
    assert "consent: no value is known, so none of 4 could be imputed." in completed.guards


def test_nobody_eligible(tmp_path: Path) -> None:
    analysis = "\neligibility:\n  consent: {include: consent}\n" + ANALYSIS
    _, completed = derived(tmp_path, rows_of({"P1": full(1, consent=False)}), analysis)
    assert completed.patients.is_empty()
    assert "good__week8__policy" in completed.patients.columns


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("seed: 7, ", "", "imputation has no 'seed'"),
        ("imputations: 6", "imputations: 1", "whole number from 2 to 1000"),
        ("non_response_after: [stopped]", "non_response_after: [fell]", "there is no intercurrent event 'fell'"),
        ("predictors: [consent]", "predictors: [last_contact]", "A predictor is a number, a level or yes/no"),
        ("predictors: [consent]", "predictors: [consent, consent]", "two rows are called 'consent'"),
        ("good_one:", "imputed_values:", "'imputed_values' is where the results tell what was imputed"),
        ("good_one:", "flow:", "'flow' is where the results tell who was included"),
        ("endpoint: good,", "endpoint: good, missing: [imputation, imputation],", "'imputation' stands twice"),
    ],
)
def test_wrong_imputations_are_refused(tmp_path: Path, written: str, instead: str, told: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        study_of(tmp_path, ANALYSIS.replace(written, instead, 1), TWO_VISITS)
    assert told in str(wrong.value)


def test_imputation_is_asked_of_a_study_that_says_how(tmp_path: Path) -> None:
    without = "\n".join(line for line in ANALYSIS.splitlines() if not line.startswith("imputation"))
    study = study_of(tmp_path, without, TWO_VISITS)
    assert derive_cohort(study, records_of(study)).completed is None
    with pytest.raises(WrongInput) as wrong:
        study_of(tmp_path, without.replace("endpoint: good,", "endpoint: good, missing: [imputation],"), TWO_VISITS)
    assert "'imputation' cannot be had here" in str(wrong.value)
    assert "Add `imputation: {seed: …}` to the study." in str(wrong.value)
    no_events = ANALYSIS.replace(", non_response_after: [stopped]", "")
    with pytest.raises(WrongInput) as wrong:
        study_of(tmp_path, no_events.replace("endpoint: good,", "endpoint: good, missing: [hybrid],"), TWO_VISITS)
    assert "non_response_after" in str(wrong.value)


def test_an_endpoint_that_reads_only_doses_cannot_be_imputed(tmp_path: Path) -> None:
    analysis = ANALYSIS.replace("is: score >= 50 and not steroids", "is: dosing.stop_day >= visit.day")
    study = study_of(tmp_path, analysis, TWO_VISITS)
    one = next(analysis for analysis in study.analyses if analysis.name == "good_one")
    assert one.missing == ("decided", "non-response", "last observed", "bounds")  # type: ignore[union-attr]
    with pytest.raises(WrongInput) as wrong:
        study_of(tmp_path, analysis.replace("endpoint: good,", "endpoint: good, missing: [imputation],"), TWO_VISITS)
    assert "reads no number, level or yes/no" in str(wrong.value)


def test_shifts_have_names_of_their_own(tmp_path: Path) -> None:
    """Also shifts that differ in the seventh digit only."""
    shifts = "predictors: [consent], shifts: [0.1234567, 0.1234568, -1]"
    study = study_of(tmp_path, ANALYSIS.replace("predictors: [consent]", shifts), TWO_VISITS)
    results = estimate_results(study, derive_cohort(study, records_of(study, **rows_of(some(30, 0.3)))))
    levels = results.table.filter(analysis="good_one", statistic="percent_of_imputed")["level"].unique().sort()
    assert levels.to_list() == ["+0.1234567", "+0.1234568", "-1"]


def test_what_is_set_aside_and_cannot_be_imputed_is_not_missing(tmp_path: Path) -> None:
    """P00 alone has a score at week 8, of after the stop: set aside, it must not make `known` say no."""
    analysis = ANALYSIS.replace("score >= 50 and not steroids", "known(score) and score >= 50")
    patients = {f"P{n:02}": {**full(n), "week8": None} for n in range(12)}
    patients["P00"] |= {"stop": 40, "week8": full(0)["week8"]}
    cohort, completed = derived(tmp_path, rows_of(patients), analysis)
    found = completed.patients.filter(imputation=0)["good__week8__without"]
    assert found.to_list() == [None, *[False] * 11]
    study = study_of(tmp_path, analysis, TWO_VISITS)
    results = estimate_results(study, cohort).table
    told = results.filter(variable="visits.score", visit="week8", handling="after stopped", statistic="n")
    assert told.select("value", "denominator", "missing", "method").rows() == [(0.0, 12, 12, "not filled")]


def test_a_predictor_that_looks_at_what_came_after_is_told(tmp_path: Path) -> None:
    analysis = ANALYSIS.replace("predictors: [consent]", "predictors: [consent, score@week8]")
    _, completed = derived(tmp_path, rows_of(some(20, 0.2)), analysis)
    told = [guard for guard in completed.guards if "may foretell values" in guard]
    assert len(told) == 1
    assert "which are to be as they would be without" in told[0]


def test_a_study_may_name_no_event_after_which_the_unknown_are_failures(tmp_path: Path) -> None:
    without = ANALYSIS.replace(", non_response_after: [stopped]", "")
    study = study_of(tmp_path, without, TWO_VISITS)
    cohort = derive_cohort(study, records_of(study, **rows_of(some(20, 0.3))))
    found = estimate_results(study, cohort).table.filter(analysis="good_one", statistic="percent")
    assert cohort.completed is not None
    share = cohort.completed.patients["good__week8__policy"].mean()
    shown = found.filter(handling="policy:imputation")["value"].item()
    assert shown == pytest.approx(100 * share)  # type: ignore[operator]
    assert not any("hybrid" in handling for handling in found["handling"])


def test_the_difference_of_arms_tells_who_is_left_out(tmp_path: Path) -> None:
    """Of those who stopped it is not known what the doses would have been."""
    text = TWO_VISITS.replace("      consent: yes/no", "      consent: yes/no\n      given: {levels: [a, b]}")
    study = study_of(tmp_path, "\narms: {planned: given, reference: a}\n" + ANALYSIS, text)
    rows = rows_of({f"P{n:02}": full(n, stop=40 if n < 3 else None) for n in range(12)})
    for number, patient in enumerate(rows["patients"]):
        patient["given"] = "ab"[number % 2]
    results = estimate_results(study, derive_cohort(study, records_of(study, **rows))).table
    told = results.filter(analysis="still_one", handling="without:imputation", statistic="difference")
    assert told["denominator"].to_list() == [9]
    assert told["note"].item().startswith("of 3 it stays unknown")


@pytest.mark.parametrize(
    ("limit", "sign", "told"), [(5, -1, "less than 5"), (100, 1, "more than 100"), (6, -1, None), (99, 1, None)]
)
def test_a_limit_beyond_the_range_leaves_nothing_to_draw(
    tmp_path: Path, limit: int, sign: int, told: str | None
) -> None:
    text = TWO_VISITS.replace("index: first", 'packs: {ibd: "1.0"}\nindex: first').replace(
        "      steroids: yes/no",
        "      steroids: yes/no\n      crp: {lab: CRP, unit: mg/L, decimals: 0, range: [5, 100]}",
    )
    study = study_of(tmp_path, ANALYSIS.replace("score >= 50", "crp < 50 mg/L"), text)
    rows = rows_of({f"P{n:02}": full(n) for n in range(12)})
    for number, row in enumerate(rows["visits"]):
        row |= {"crp": 20 + number, "crp__censored": 0}
    rows["visits"][5] |= {"crp": limit, "crp__censored": sign}
    if told is None:
        completed = derive_cohort(study, records_of(study, **rows)).completed
        assert completed is not None
        drawn = completed.imputed.filter(why="only a limit is known")["values"].explode()
        assert set(drawn) == {"5" if sign < 0 else "100"}
        return
    with pytest.raises(WrongInput) as wrong:
        derive_cohort(study, records_of(study, **rows))
    assert told in str(wrong.value)
    assert "Widen its `range`" in str(wrong.value)
