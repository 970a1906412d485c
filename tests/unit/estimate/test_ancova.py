"""An outcome by arm and covariates: what the model is given, who is left out, and what cannot be fitted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.estimate.estimate import estimate_results
from remit.inference.ancova import ancova, dose_response
from remit.inference.design import Levels, Number, YesNo
from remit.report.document import Paragraph, Table, plain
from remit.schema.records import censored_column
from tests.unit.derive.small import STUDY, day, records_of, study_of
from tests.unit.report.studies import NO_INTAKE, Made, section_of, table_of

ARMS = STUDY.replace(
    "      consent: yes/no",
    "      consent: yes/no\n"
    "      group: {levels: [low, old, high]}\n"
    "      site: {levels: [A, B, C]}\n"
    "      town: text\n"
    "      dose: {unit: mg, range: [0, 100]}",
).replace("index:", "arms: {planned: group, reference: old, levels: [low, old, high]}\nindex:")
LAB = ARMS.replace(
    "      score: {type: number, range: [0, 100]}", "      score: {lab: CRP, unit: mg/dL, decimals: 1}"
).replace("index:", 'packs: {ibd: "1.0"}\nindex:')
ANALYSIS = """
analyses:
  model:
    kind: ancova
    title: Model
    outcome: {name: moved, is: change(score)@week4, label: change in score}
    covariates: [{is: score@baseline, label: first score}, consent, site]
    dose: dose
"""

Patient = tuple[str | None, int | None, int | None, bool | None, str | None]
PATIENTS: list[Patient] = [
    ("old", 30, 32, True, "A"),
    ("old", 41, 40, False, "B"),
    ("old", 52, 50, False, "A"),
    ("old", 38, 41, True, "B"),
    ("low", 35, 30, True, "A"),
    ("low", 44, 37, False, "B"),
    ("low", 61, 50, True, "B"),
    ("high", 33, 21, False, "A"),
    ("high", 47, 35, True, "B"),
    ("high", 58, 40, False, "B"),
]
DOSES = {"old": 0, "low": 10, "high": 40, None: None}


def made(folder: Path, patients: list[Patient], more: str = ANALYSIS, text: str = ARMS) -> Made:
    study = study_of(folder, more, text)
    people: list[dict[str, Any]] = []
    visits: list[dict[str, Any]] = []
    for number, (group, first, later, consent, site) in enumerate(patients):
        name = f"P{number}"
        own = {"group": group, "consent": consent, "site": site, "town": site, "dose": DOSES[group]}
        people.append({"patient": name, "last_contact": day(200), **own})
        exact = {} if "packs" not in text else {censored_column("score"): 0}
        visits += [
            {"patient": name, "visit_date": day(on), "score": score, **exact}
            for on, score in ((0, first), (28, later))
            if score is not None
        ]
    treatment = [{"patient": each["patient"], "drug": "x", "start_date": day(0)} for each in people]
    records = records_of(study, patients=people, visits=visits, treatment=treatment)
    return Made(study, estimate_results(study, derive_cohort(study, records)), NO_INTAKE)


def rows(of: Made) -> dict[str, dict[str, Any]]:
    return {
        row["result"].removeprefix("model.eligible.arm."): row
        for row in of.results.table.iter_rows(named=True)
        if row["analysis"] == "model"
    }


def at(found: dict[str, dict[str, Any]], start: str, end: str) -> dict[str, Any]:
    (row,) = (row for name, row in found.items() if name.startswith(start) and name.endswith(f".{end}"))
    return row


def said(of: Made) -> str:
    texts = [plain(block.words) for block in section_of(of, "model").blocks if isinstance(block, Paragraph)]
    return " | ".join(texts).replace("\u00a0", " ")


def table(of: Made) -> Table:
    return table_of(section_of(of, "model"))


def reference(patients: list[Patient]) -> tuple[list[float], Levels, list[Number | YesNo | Levels]]:
    whole = [each for each in patients if None not in each]
    outcome = [float((later or 0) - (first or 0)) for _, first, later, _, _ in whole]
    arm = Levels("arm", [each[0] for each in whole], ["low", "old", "high"], "old")
    covariates: list[Number | YesNo | Levels] = [
        Number("first", [each[1] for each in whole]),
        YesNo("consent", [each[3] for each in whole]),
        Levels("site", [each[4] for each in whole], ["A", "B"]),
    ]
    return outcome, arm, covariates


def test_the_model_is_that_of_the_methods(tmp_path: Path) -> None:
    found = rows(made(tmp_path, PATIENTS))
    outcome, arm, covariates = reference(PATIENTS)
    wanted = ancova(outcome, arm, covariates)
    for name, mean in wanted.means.items():
        assert at(found, f"{name}.", "adjusted_mean")["value"] == pytest.approx(mean.estimate.value)
        assert at(found, f"{name}.", "lower")["value"] == pytest.approx(mean.estimate.lower)
    low = wanted.differences["low", "old"]
    names = ("difference", "se", "lower", "upper", "p")
    values = [
        next(row["value"] for key, row in found.items() if f"low-%2D-old.observed.{name}" in key) for name in names
    ]
    made_of = low.estimate
    assert values == pytest.approx([made_of.value, low.error, made_of.lower, made_of.upper, made_of.p])
    contrasts = dict.fromkeys(row["contrast"] for row in found.values() if row["contrast"])
    assert [*contrasts] == ["low - old", "high - old", "high - low"]
    over_all = {row["statistic"]: row for row in found.values() if not row["group_level"] and not row["contrast"]}
    assert over_all["p"]["value"] == pytest.approx(wanted.arms.p)
    assert over_all["f"]["method"] == "F test, 2 and 4 degrees of freedom"
    doses = [float(DOSES[each[0]] or 0) for each in PATIENTS]
    assert over_all["trend_p"]["value"] == pytest.approx(
        dose_response(outcome, Number("dose", doses), covariates).estimate.p
    )
    assert not [name for name in over_all if name.startswith("guard")]


def test_who_is_left_out_is_told_with_numbers(tmp_path: Path) -> None:
    unknown: list[Patient] = [
        ("old", 30, None, True, "A"),
        ("low", None, 30, True, "A"),  # neither the covariate nor the change
        ("low", 30, 30, None, "A"),
        (None, 30, 30, True, "A"),
    ]
    of = made(tmp_path, PATIENTS + unknown)
    found = rows(of)
    guard = next(row for row in found.values() if row["statistic"] == "guard_left_out")
    assert guard["note"] == (
        "4 of 14 patients are left out of the model. Not known: the arm in 1; change in score in 2; "
        "first score in 1; consent in 1; dose in 1."
    )
    assert (guard["denominator"], guard["missing"], guard["population_n"]) == (10, 4, 14)
    low = at(found, "low.", "n")
    assert (low["value"], low["denominator"], low["missing"], low["population_n"]) == (3, 3, 2, 5)
    assert f"Caution: {guard['note']}" in said(of)
    same = rows(made(tmp_path, PATIENTS))
    assert at(found, "high.", "adjusted_mean")["value"] == at(same, "high.", "adjusted_mean")["value"]


def test_the_report_gives_a_sentence_and_a_table(tmp_path: Path) -> None:
    of = made(tmp_path, PATIENTS)
    text = said(of)
    assert text.startswith("Among eligible patients (N = 10), change in score, adjusted for first score, consent")
    assert "with high" in text
    assert "trend over doses: p" in text
    labels = [plain(row.label) for row in table(of).rows]
    assert labels == [
        "Means", "Low", "Old", "High", "Differences", "Low − old", "High − old", "High − low", "Tests",
        "Over the arms, F", "Trend over dose, per mg",
    ]  # fmt: skip


def test_a_slope_that_is_small_is_printed_with_two_digits_of_its_standard_error(tmp_path: Path) -> None:
    of = made(tmp_path, PATIENTS)
    trend = next(row for row in rows(of).values() if row["statistic"] == "trend_se")["value"]
    assert 0.01 < trend < 0.1
    cells = [plain(line) for cell in table(of).rows[-1].cells for line in cell.lines]
    assert cells[1] == f"{trend:.4f}"


def test_a_text_is_a_covariate_of_its_levels(tmp_path: Path) -> None:
    by_text = rows(made(tmp_path, PATIENTS, ANALYSIS.replace("consent, site", "consent, town")))
    by_level = rows(made(tmp_path, PATIENTS))
    assert at(by_text, "low.", "adjusted_mean")["value"] == at(by_level, "low.", "adjusted_mean")["value"]


def test_numbers_of_an_assay(tmp_path: Path) -> None:
    """In tenths: the same patients, with a tenth of the difference."""
    lab = rows(made(tmp_path, PATIENTS, text=LAB))
    plain_numbers = rows(made(tmp_path, PATIENTS))
    assert at(lab, "low.", "mean")["value"] == pytest.approx(at(plain_numbers, "low.", "mean")["value"] / 10)
    assert at(lab, "low.", "mean")["unit"] == "mg/dL"


# What cannot be given


@pytest.mark.parametrize(
    ("patients", "why"),
    [
        ([(*one[:3], True, one[4]) for one in PATIENTS], "consent: is the same for all 10 patients"),
        ([(one[0], 30, *one[2:]) for one in PATIENTS], "first score: is the same for all 10 patients"),
        ([one for one in PATIENTS if one[0] != "old"], "arm: nobody has the reference level old"),
        ([one for one in PATIENTS if one[0] == "old"], "arm: is the same for all 4 patients"),
        ([(*one[:2], None, *one[3:]) for one in PATIENTS], "in nobody all that the model asks for is known"),
    ],
)
def test_a_model_that_cannot_be_fitted_says_why(tmp_path: Path, patients: list[Patient], why: str) -> None:
    of = made(tmp_path, patients)
    found = rows(of)
    for row in found.values():
        if row["statistic"] in ("adjusted_mean", "difference", "lower", "p", "f", "trend", "trend_p"):
            assert row["value"] is None
            assert why in row["note"]
    assert f"the arms are not compared, for {'in nobody' if why.startswith('in nobody') else 'the model'}" in said(of)
    assert len(table(of).rows) == 11


def test_an_arm_of_one_patient_and_an_arm_of_none(tmp_path: Path) -> None:
    of = made(tmp_path, PATIENTS[:8])  # one in the highest
    guard = next(row for row in rows(of).values() if row["statistic"] == "guard_single_patient")
    assert guard["note"] == "arm: one patient only has the level high."
    assert guard["note"] in said(of)

    without = made(tmp_path, [one for one in PATIENTS if one[0] != "low"])
    assert "with low" not in said(without)
    found = rows(without)
    assert at(found, "low.", "adjusted_mean")["note"] == at(found, "low.", "mean")["note"] == "nobody is in low"
    for contrast in ("low-%2D-old", "high-%2D-low"):
        row = next(row for name, row in found.items() if f"{contrast}.observed.difference" in name)
        assert (row["value"], row["note"]) == (None, "nobody is in low")
    assert [row["note"] for row in found.values() if row["statistic"] == "guard_empty_level"]


def test_too_few_patients_for_an_interval(tmp_path: Path) -> None:
    few = [PATIENTS[0], PATIENTS[1], PATIENTS[4], PATIENTS[8]]
    of = made(tmp_path, few, ANALYSIS.replace(", consent, site", "").replace("    dose: dose\n", ""))
    found = rows(of)
    row = next(row for name, row in found.items() if "low-%2D-old.observed.lower" in name)
    assert (row["value"], row["note"]) == (
        None, "4 patients are too few for the 4 coefficients of the model: there is no interval"
    )  # fmt: skip
    assert [plain(line.label) for line in table(of).rows][-1] == "Over the arms, F"


# What cannot be asked


@pytest.mark.parametrize(
    ("line", "instead", "what"),
    [
        (
            "outcome: {name: moved, is: change(score)@week4, label: change in score}",
            "outcome: consent",
            "this is yes/no",
        ),
        ("dose: dose", "dose: group", "this is a level"),
        ("consent, site]", "last_contact]", "this is a date"),
        ("consent, site]", "consent, consent]", "'consent' stands in this model already"),
        ("consent, site]", "{is: consent, label: arm}]", "'arm' stands in this model already"),
        ("consent, site]", "{is: site, among: consent}]", "'among' is not known in analyses.model.covariates"),
        ("title: Model", "arm: none", "an analysis of covariance compares arms"),
        ("title: Model", "weights: other", "cannot be 'other'"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, line: str, instead: str, what: str) -> None:
    with pytest.raises(WrongInput) as error:
        study_of(tmp_path, ANALYSIS.replace(line, instead), ARMS)
    assert what in error.value.what


def test_a_study_without_arms_has_no_such_model(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as error:
        study_of(tmp_path, "analyses:\n  model: {kind: ancova, outcome: score@week4}\n")
    assert error.value.what == "an analysis of covariance compares arms"


@pytest.mark.parametrize("weights", ["equal", "proportional"])
def test_the_methods_say_what_is_allowed_for(tmp_path: Path, weights: str) -> None:
    of = made(tmp_path, PATIENTS, f"{ANALYSIS}    weights: {weights}\n")
    methods = next(each for each in of.document.sections if each.name == "methods").sections
    text = " ".join(plain(block.words) for part in methods for block in part.blocks if isinstance(block, Paragraph))
    assert "with first score, consent and site as covariates and the same slopes in all arms" in text
    assert {"equal": "levels count equally", "proportional": "levels count as many patients as have them"}[
        weights
    ] in text


def test_without_randomisation_the_report_warns_that_only_the_covariates_are_adjusted_for(tmp_path: Path) -> None:
    told = "Patients were not assigned by chance to the arms that are compared in “Model”"
    assert told in str(made(tmp_path, PATIENTS).document.sections[0])
    randomised = ARMS.replace("reference: old,", "reference: old, randomised: yes,")
    assert told not in str(made(tmp_path, PATIENTS, text=randomised).document.sections[0])
