"""Arms that chance did not assign: what a pencil gives, who is left out, what cannot be compared or is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.estimate.estimate import estimate_results
from remit.report.document import Paragraph, Section, Table, blocks_of, plain
from remit.report.methods import methods_text
from remit.report.plain import section_text
from remit.report.report import build_document
from tests.unit.derive.small import STUDY, day, records_of, study_of
from tests.unit.report.studies import NO_INTAKE
from tests.unit.trace.checked import checked

TEXT = STUDY.replace(
    "      consent: yes/no",
    "      cohort: {levels: [new, old]}\n      severe: yes/no\n      weight: {unit: kg, range: [0, 300]}",
)
MORE = """
arms: {actual: cohort, reference: old, external: [old]}
endpoints:
  good: {at: [week4], is: score >= 50}
estimands:
  policy: {label: whatever happened}
primary: {endpoint: good, visit: week4, population: eligible, estimand: policy}
analyses:
  main: {kind: endpoints, title: Main}
  fair:
    kind: adjusted
    title: Fair
    covariates: [severe]
"""
Patient = tuple[str | None, bool | None, bool | None, int | None]  # cohort, severe, good, weight
# By stratum of severe: of the new 4 of 10 and 4 of 5 were good, of the old 1 of 5 and 6 of 10.
PATIENTS: list[Patient] = [
    *[("new", True, number < 4, 70) for number in range(10)],
    *[("new", False, number < 4, 80) for number in range(5)],
    *[("old", True, number < 1, 60) for number in range(5)],
    *[("old", False, number < 6, 90) for number in range(10)],
]


def found(folder: Path, patients: list[Patient], more: str = MORE, text: str = TEXT) -> dict[str, dict[str, Any]]:
    """The results by name, after what stands behind them was counted again."""
    return {row["result"]: row for row in made(folder, patients, more, text)[1].table.iter_rows(named=True)}


def made(folder: Path, patients: list[Patient], more: str = MORE, text: str = TEXT) -> Any:
    study = study_of(folder, more, text)
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for number, (cohort, severe, good, weight) in enumerate(patients):
        name = f"P{number:03}"
        rows["patients"].append(
            {"patient": name, "cohort": cohort, "severe": severe, "weight": weight, "last_contact": day(99)}
        )
        start = day(0 if cohort == "new" else -200)
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": start})
        scores = [
            (start, 10),
            *([] if good is None else [(day(28) if cohort == "new" else day(-172), 60 if good else 20)]),
        ]
        rows["visits"] += [{"patient": name, "visit_date": on, "score": score} for on, score in scores]
    cohort_ = derive_cohort(study, records_of(study, **rows))
    results = estimate_results(study, cohort_)
    checked(study, cohort_, results)
    return study, results


def said(folder: Path, patients: list[Patient], more: str = MORE) -> Section:
    study, results = made(folder, patients, more)
    document = build_document(study, results, NO_INTAKE)
    return next(section for section in document.sections if section.name == "analysis-fair")


def value(rows: dict[str, dict[str, Any]], method: str, statistic: str, arm: str = "") -> Any:
    own = f"arm.{arm}" if arm else "arm"
    return rows[f"fair.eligible.{own}.week4.good.new-%2D-old.policy:{method}.{statistic}"]["value"]


# Its variance by hand: of the new (4·0.6² + 6·0.4² + 4·0.2² + 0.8²)/15², of the old (10/15)²·0.16/5 + (5/15)²·0.24/10.
WEIGHTED = "20.0 (−14.6 to 54.6)"
METHODS = ("weighting", "standardisation", "doubly robust")


@pytest.mark.parametrize("method", METHODS)
def test_with_one_covariate_all_methods_give_the_average_over_its_strata(tmp_path: Path, method: str) -> None:
    """The new are 10 severe and 5 not: 40 and 80 % of them were good, and so would be 20 and 60 % with the old."""
    rows = found(tmp_path, PATIENTS)
    assert value(rows, "crude", "difference") == pytest.approx(100 * (8 / 15 - 7 / 15))
    assert value(rows, method, "percent", "new") == pytest.approx(100 * 8 / 15)
    assert value(rows, method, "percent", "old") == pytest.approx((10 * 20 + 5 * 60) / 15)
    assert value(rows, method, "difference") == pytest.approx(20)
    assert value(rows, method, "risk_ratio") == pytest.approx((8 / 15) / (1 / 3))
    assert value(rows, method, "e_value") == pytest.approx(1.6 + (1.6 * 0.6) ** 0.5)


@pytest.mark.parametrize(("target", "severe"), [("all", 15 / 30), ("overlap", 1 / 2)])
def test_the_target_says_how_the_strata_count(tmp_path: Path, target: str, severe: float) -> None:
    """Of all 30 half are severe; of overlap weights, e (1 - e) is alike in both strata."""
    rows = found(tmp_path, PATIENTS, MORE + f"    target: {target}\n")
    assert value(rows, "weighting", "percent", "new") == pytest.approx(100 * (severe * 0.4 + (1 - severe) * 0.8))
    assert value(rows, "weighting", "percent", "old") == pytest.approx(100 * (severe * 0.2 + (1 - severe) * 0.6))


def test_after_weighting_the_arms_are_alike(tmp_path: Path) -> None:
    rows = found(tmp_path, PATIENTS)
    at = "fair.eligible.arm.week4.severe.yes.new-%2D-old.policy"
    assert rows[f"{at}:crude.standardised_difference"]["value"] == pytest.approx((2 / 3 - 1 / 3) / (2 / 9) ** 0.5)
    assert rows[f"{at}:weighting.standardised_difference"]["value"] == pytest.approx(0, abs=1e-9)


def test_of_whom_something_is_not_known_is_left_out_and_told(tmp_path: Path) -> None:
    more: list[Patient] = [("new", None, True, 70), (None, True, True, 70), ("old", True, None, 70)]
    rows = found(tmp_path, [*PATIENTS, *more])
    over_all = rows["fair.eligible.arm.week4.good.policy:crude.n"]
    assert (over_all["value"], over_all["missing"], over_all["population_n"]) == (31, 2, 33)
    told = rows["fair.eligible.arm.week4.good.policy:crude.guard_left_out"]["note"]
    assert told == "2 of 33 patients are not compared. Not known: the arm in 1; severe in 1."
    new = rows["fair.eligible.arm.new.week4.good.policy:crude.n"]
    assert (new["numerator"], new["denominator"], new["missing"]) == (8, 15, 1)


@pytest.mark.parametrize(
    ("patients", "why"),
    [
        ([("new", True, True, 70)] * 5 + [("old", False, False, 70)] * 5, "severe tells new and old apart wholly"),
        ([*PATIENTS, *[("new", True, True, 70)]][:15], "nobody is in the arm old"),
        ([], "nobody is in the arm new"),
        ([("new", True, True, 70)] * 3 + [("old", True, False, 70)] * 3, "no covariate differs between patients"),
    ],
)
def test_what_cannot_be_compared_says_why(tmp_path: Path, patients: list[Patient], why: str) -> None:
    rows = found(tmp_path, patients)
    for method in METHODS:
        assert value(rows, method, "difference") is None
    note = rows["fair.eligible.arm.week4.good.new-%2D-old.policy:weighting.difference"]["note"]
    assert why in note
    assert (
        f"The arms cannot be compared: {note}."
        in rows["fair.eligible.arm.week4.good.new-%2D-old.policy:crude.guard_not_adjusted"]["note"]
    )


def test_without_overlap_the_covariate_is_named_with_a_remedy(tmp_path: Path) -> None:
    patients: list[Patient] = [("new", True, True, 70)] * 5 + [("old", False, False, 70)] * 5
    section = said(tmp_path, patients)
    (first,) = [block for block in section.blocks if isinstance(block, Paragraph)][:1]
    assert "Nothing is adjusted: severe tells new and old apart wholly" in plain(first.words)
    assert "leave severe out of the covariates, or compare only patients who could have been in either arm" in plain(
        first.words
    )


def test_an_arm_without_the_outcome_has_no_ratio_or_interval(tmp_path: Path) -> None:
    patients: list[Patient] = [(cohort, severe, cohort == "new", 70) for cohort, severe, _, _ in PATIENTS]
    rows = found(tmp_path, patients)
    assert value(rows, "crude", "risk_ratio") is None
    assert value(rows, "weighting", "difference") == pytest.approx(100)
    assert value(rows, "weighting", "lower") is None
    assert value(rows, "weighting", "e_value") is None


def first_paragraph(section: Section) -> str:
    return plain(next(block for block in section.blocks if isinstance(block, Paragraph)).words)


def test_without_a_ratio_the_sentence_has_no_e_value(tmp_path: Path) -> None:
    patients: list[Patient] = [(cohort, severe, cohort == "new", 70) for cohort, severe, _, _ in PATIENTS]
    said_of = first_paragraph(said(tmp_path, patients, MORE + "    methods: [weighting]\n    target: overlap\n"))
    assert said_of.endswith("in either arm the adjusted difference, in points, is 100.0 by weighting.")


def test_covariates_that_follow_from_one_another_are_named(tmp_path: Path) -> None:
    patients: list[Patient] = [(cohort, severe, good, 70 if severe else 80) for cohort, severe, good, _ in PATIENTS]
    rows = found(tmp_path, patients, MORE.replace("[severe]", "[severe, weight]"))
    note = rows["fair.eligible.arm.week4.good.new-%2D-old.policy:weighting.difference"]["note"]
    assert note.startswith("the propensity score cannot be fitted: weight: follows wholly from severe")


def test_a_method_whose_model_cannot_be_fitted_says_so_and_the_others_stay(tmp_path: Path) -> None:
    """Of the new all severe were good, so that no model of theirs has an end."""
    patients: list[Patient] = [
        (cohort, severe, True if cohort == "new" and severe else good, 70) for cohort, severe, good, _ in PATIENTS
    ]
    rows = found(tmp_path, patients)
    at = "fair.eligible.arm.week4.good.new-%2D-old.policy"
    assert rows[f"{at}:weighting.difference"]["value"] is not None
    assert rows[f"{at}:standardisation.difference"]["value"] is None
    assert "severe" in rows[f"{at}:standardisation.difference"]["note"]


def test_few_who_speak_for_many_are_told(tmp_path: Path) -> None:
    """Of the 32 old, 2 severe ones stand for the 10 severe new ones: 11²/(2·5² + 30·(1/30)²) is 2.4."""
    patients: list[Patient] = [
        *[("new", True, number < 5, 70) for number in range(10)],
        ("new", False, True, 70),
        *[("old", True, number < 1, 70) for number in range(2)],
        *[("old", False, number < 15, 70) for number in range(30)],
    ]
    rows = found(tmp_path, patients)
    effective = rows["fair.eligible.arm.old.week4.propensity.new-%2D-old.policy:weighting.effective_n"]
    assert effective["value"] == pytest.approx(11**2 / (2 * 5**2 + 30 * (1 / 30) ** 2))
    told = rows["fair.eligible.arm.week4.good.new-%2D-old.policy:crude.guard_effective_patients"]["note"]
    assert told == "32 patients of old know, once weighted, as much as 2.4."


def test_where_the_endpoint_is_known(tmp_path: Path) -> None:
    rows = found(tmp_path, [*PATIENTS, ("old", True, None, 70)], MORE + "    estimand: decided\n")
    told = rows["fair.eligible.arm.week4.good.decided:crude.guard_left_out"]["note"]
    assert told == "1 of 31 patients is not compared. Not known: the endpoint in 1."
    assert "of those in whom the endpoint is known" in trial_of(
        said(tmp_path, PATIENTS, MORE + "    estimand: decided\n")
    )


def trial_of(section: Section) -> str:
    *_, trial = (block for block in blocks_of((section,)) if isinstance(block, Table))
    return " ".join(plain(line) for row in trial.rows for cell in row.cells for line in cell.lines).lower()


def test_a_number_is_a_covariate_too_and_weights_may_be_cut(tmp_path: Path) -> None:
    patients: list[Patient] = [
        (cohort, severe, good, 60 + 7 * (number % 5) + (5 if cohort == "new" else 0))
        for number, (cohort, severe, good, _) in enumerate(PATIENTS)
    ]
    rows = found(tmp_path, patients, MORE.replace("[severe]", "[severe, weight]") + "    truncate: 20 %\n")
    assert rows["fair.eligible.arm.old.week4.propensity.new-%2D-old.policy:weighting.truncated"]["value"] > 0
    mean = rows["fair.eligible.arm.new.week4.weight.policy:crude.mean"]
    assert (mean["value"], mean["unit"]) == (pytest.approx(sum(p[3] or 0 for p in patients[:15]) / 15), "kg")


def test_the_report_says_what_remains_and_of_which_arm(tmp_path: Path) -> None:
    section = said(tmp_path, PATIENTS)
    text = section_text(section)
    assert "Chance assigned nobody" in text
    assert "“old” is an external arm, not of this cohort" in text
    effects, _, trial = (block for block in blocks_of((section,)) if isinstance(block, Table))
    assert [plain(cell.lines[0]) for cell in effects.rows[3].cells[:3]] == ["53.3\u00a0%", "33.3\u00a0%", WEIGHTED]
    assert [plain(row.cells[0].lines[0]) for row in trial.rows] == ["not told"] * 7
    methods = " ".join(methods_text(study_of(tmp_path, MORE, TEXT)).split())
    assert "Old is an external arm" in methods
    assert "Good at week 4, under the estimand “whatever happened”, of new against old, adjusted for severe." in methods


def test_arms_may_be_periods(tmp_path: Path) -> None:
    """Who started in 2023 against who started before."""
    more = MORE.replace("actual: cohort", "actual: period").replace(
        "\nendpoints", '\nderived:\n  period: \'if(index_date < 2023-01-01, "old", "new")\'\nendpoints', 1
    )
    rows = found(tmp_path, PATIENTS, more)
    assert value(rows, "weighting", "difference") == pytest.approx(20)


@pytest.mark.parametrize(
    ("before", "after", "what", "remedy"),
    [
        ("arms: {actual: cohort, reference: old, external: [old]}\n", "", "is of arms", "Add `arms:`"),
        ("reference: old, ", "", "each arm against another", "Add `reference:`"),
        ("[severe]", "[score@week4]", "score looks at what came after day 0 (Week 4)", "on day 0 or before"),
        ("[severe]", "[]", "covariates is empty", ""),
        ("[severe]", "[severe, {is: weight, name: good}]", "'good' is the name of something else", "`name:`"),
        ("[severe]", "[severe]\n    truncate: 50 %", "this leaves no weight as it is", "less than half"),
        ("[severe]", "[severe]\n    target: everybody", "everybody", ""),
        ("external: [old]", "external: [older]", "there is no arm 'older'", "old"),
        ("external: [old]", "external: [old], randomised: yes", "chance assigns nobody to an", "`randomised: no`"),
        ("external: [old]", "external: [old, new]", "all arms are external", "study's own"),
        ("actual: cohort", "actual: weight", "this is a number", "`if(…)`"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, before: str, after: str, what: str, remedy: str) -> None:
    assert MORE.count(before) == 1
    with pytest.raises(WrongInput) as wrong:
        study_of(tmp_path, MORE.replace(before, after), TEXT)
    assert what in wrong.value.what
    assert remedy in wrong.value.remedy
    assert "study.yaml:" in wrong.value.where


def test_a_target_trial_without_a_comparison_is_refused(tmp_path: Path) -> None:
    main = MORE[: MORE.index("  fair:")]
    with pytest.raises(WrongInput, match="no analysis emulates this trial"):
        study_of(tmp_path, f"{main}target_trial: {{assignment: at random}}\n", TEXT)


def test_chance_is_told_where_it_assigned_them(tmp_path: Path) -> None:
    arms = "arms: {planned: cohort, reference: old, randomised: yes}\n"
    rows = found(tmp_path, PATIENTS, MORE.replace("arms: {actual: cohort, reference: old, external: [old]}\n", arms))
    note = rows["fair.eligible.arm.week4.good.policy:crude.guard_randomised"]["note"]
    assert note.startswith("Chance assigned the patients")
