"""Numbers of completed cohorts: endpoints and changes in which missing values are imputed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.estimate.estimate import estimate_results
from remit.inference.imputation import pooling, proportions
from remit.inference.proportions import wilson
from remit.inference.t_tests import paired_t
from remit.report.document import Table, plain
from remit.schema.cohort import Cohort
from remit.study.build import read_study
from remit.study.study import Study
from tests.unit import arms
from tests.unit.arms import HIGH, LOW, PLACEBO, Patient
from tests.unit.derive.small import records_of, study_of
from tests.unit.derive.test_completed import ANALYSIS, TWO_VISITS, full, rows_of, some
from tests.unit.report.studies import NO_INTAKE, Made, section_of

MORE = ANALYSIS.replace("non_response_after: [stopped]", "non_response_after: [stopped], shifts: [-2, 0, 2]") + (
    "  moved: {kind: change, title: Moved, rows: [score, weight], missing: [observed, imputation]}\n"
)
Found = dict[str, dict[str, Any]]


def made(folder: Path, patients: dict[str, dict[str, Any]], analysis: str = MORE) -> tuple[Made, Cohort]:
    study = study_of(folder, analysis, TWO_VISITS)
    cohort = derive_cohort(study, records_of(study, **rows_of(patients)))
    return Made(study, estimate_results(study, cohort), NO_INTAKE), cohort


def by_name(it: Made) -> Found:
    return {row["result"]: row for row in it.results.table.iter_rows(named=True)}


def good(estimand: str, handling: str, statistic: str, level: str = "") -> str:
    return f"good_one.eligible.week8.good.{level}{estimand}:{handling}.{statistic}"


def test_the_pooled_proportion_is_that_of_the_completed_cohorts(tmp_path: Path) -> None:
    it, cohort = made(tmp_path, some(40, 0.25))
    assert cohort.completed is not None
    column = "good__week8__policy"
    counts = cohort.completed.patients.group_by("imputation", maintain_order=True).agg(pl.col(column).sum())[column]
    expected = proportions.proportion(counts.to_list(), 40)
    found = by_name(it)
    row = found[good("policy", "imputation", "percent")]
    assert row["value"] == pytest.approx(100 * expected.pooled.value, rel=1e-12)
    assert (row["numerator"], row["denominator"], row["population_n"]) == (None, 40, 40)
    assert row["missing"] == cohort.patients[column].null_count()
    for name, end in (("lower", expected.estimate.lower), ("upper", expected.estimate.upper)):
        assert found[good("policy", "imputation", name)]["value"] == pytest.approx(100 * (end or 0), rel=1e-12)
    lost = found[good("policy", "imputation", "missing_information")]["value"]
    assert lost == pytest.approx(100 * expected.pooled.missing_information, rel=1e-12)


def test_in_the_hybrid_the_unknown_who_stopped_did_not_reach_it(tmp_path: Path) -> None:
    it, cohort = made(tmp_path, some(40, 0.25))
    assert cohort.completed is not None
    column = "good__week8__policy"
    both = cohort.completed.patients.select("patient", "imputation", now=column).join(
        cohort.patients.select("patient", before=column, stopped="had__stopped__week8"), on="patient"
    )
    reached = pl.col("now") & ~(pl.col("before").is_null() & pl.col("stopped"))
    counts = both.group_by("imputation").agg(reached.sum().alias("n")).sort("imputation")["n"]
    expected = proportions.proportion(counts.to_list(), 40)
    assert by_name(it)[good("policy", "hybrid", "percent")]["value"] == pytest.approx(100 * expected.pooled.value)


def test_nothing_missing_gives_wilsons_interval_and_the_paired_t(tmp_path: Path) -> None:
    patients = {f"P{n:02}": full(n) for n in range(12)}
    for n, patient in enumerate(patients.values()):
        patient["week8"] = {**patient["week8"], "score": 45 + 3 * n - (n % 5), "steroids": n % 4 == 0}
    it, _ = made(tmp_path, patients)
    found = by_name(it)
    n = found[good("policy", "decided", "n")]["numerator"]
    low, high = wilson(n, 12)
    for handling in ("imputation", "hybrid"):
        assert found[good("policy", handling, "percent")]["value"] == pytest.approx(100 * n / 12, rel=1e-12)
        assert found[good("policy", handling, "lower")]["value"] == pytest.approx(100 * low, rel=1e-9)
        assert found[good("policy", handling, "upper")]["value"] == pytest.approx(100 * high, rel=1e-9)
        assert found[good("policy", handling, "percent")]["missing"] == 0
    assert good("policy", "imputation", "percent", "+2.") not in found  # nobody was imputed, so nothing is shifted
    changes = [patient["week8"]["score"] - patient["baseline"]["score"] for patient in patients.values()]
    expected = paired_t([float(change) for change in changes])
    at = "moved.eligible.week8.score.imputation"
    assert found[f"{at}.mean_change"]["value"] == pytest.approx(expected.value, rel=1e-9)
    assert found[f"{at}.lower"]["value"] == pytest.approx(expected.lower, rel=1e-9)
    assert found[f"{at}.p"]["value"] == pytest.approx(expected.p, rel=1e-6)


def test_the_change_is_pooled_by_rubins_rules(tmp_path: Path) -> None:
    it, cohort = made(tmp_path, some(40, 0.25))
    assert cohort.completed is not None
    found = by_name(it)
    changes = cohort.completed.patients.select(
        "imputation", change=(pl.col("moved__weight__week8") - pl.col("moved__weight__baseline")) / 10
    )
    whole = np.stack([one["change"].to_numpy() for one in changes.partition_by("imputation", maintain_order=True)])
    expected = pooling.estimated(pooling.mean(whole), null=0.0)
    at = "moved.eligible.week8.weight.imputation"
    for name, value in (("mean_change", expected.value), ("lower", expected.lower), ("p", expected.p)):
        assert found[f"{at}.{name}"]["value"] == pytest.approx(value, rel=1e-9)
    row = found[f"{at}.mean_change"]
    observed = found["moved.eligible.week8.weight.observed.n"]
    assert (row["denominator"], row["unit"]) == (40, "kg")
    assert row["missing"] == 40 - observed["denominator"]


def test_a_larger_shift_gives_more_who_reached_it(tmp_path: Path) -> None:
    found = by_name(made(tmp_path, some(40, 0.3))[0])
    shifted = [found[good("policy", "imputation", "percent", f"{level}.")]["value"] for level in ("%2D2", "+0", "+2")]
    assert shifted[0] < shifted[1] < shifted[2]
    assert shifted[1] == found[good("policy", "imputation", "percent")]["value"]
    behind = found[good("policy", "imputation", "percent_of_imputed", "+2.")]
    assert behind["denominator"] == found[good("policy", "imputation", "percent")]["missing"]


def test_of_whom_it_stays_unknown_are_left_out_and_told(tmp_path: Path) -> None:
    """Without the stop, `still` would hang on how long they would have stayed."""
    patients = {f"P{n:02}": full(n) for n in range(12)}
    patients["P05"] |= {"stop": 40}
    it, _ = made(tmp_path, patients)
    row = by_name(it)["still_one.eligible.week8.still.without:imputation.percent"]
    assert (row["denominator"], row["population_n"]) == (11, 12)
    assert row["note"] == "of 1 it stays unknown, for it hangs on what is not imputed: they are left out"


def test_nothing_known_gives_no_number_but_says_why(tmp_path: Path) -> None:
    it, _ = made(tmp_path, {f"P{n}": {} for n in range(3)})
    found = by_name(it)
    for name in ("percent", "lower", "upper"):
        row = found[good("policy", "imputation", name)]
        assert (row["value"], row["denominator"]) == (None, 0)
        assert row["note"] == "nobody is in the denominator"
    assert found["moved.eligible.week8.score.imputation.mean_change"]["note"] == "nobody is in the denominator"
    section_of(it, "good_one")
    section_of(it, "moved")


def test_one_patient(tmp_path: Path) -> None:
    it, _ = made(tmp_path, {"P1": full(10)})
    found = by_name(it)
    assert found[good("policy", "imputation", "percent")]["value"] == 100
    change = found["moved.eligible.week8.score.imputation.lower"]
    assert (change["value"], change["note"]) == (None, "of one patient there is no interval")


def test_nobody(tmp_path: Path) -> None:
    it, _ = made(tmp_path, {})
    assert by_name(it)[good("policy", "imputation", "percent")]["note"] == "nobody is in the denominator"


def with_imputation(folder: Path) -> Study:
    text = (arms.FOLDER / "study.yaml").read_text("utf-8")
    text = text.replace("primary:", "imputation: {seed: 3, imputations: 5, non_response_after: [left]}\nprimary:", 1)
    path = folder / "study.yaml"
    path.write_text(text, "utf-8")
    for pack in arms.FOLDER.glob("*"):
        if pack.name != "study.yaml":
            (folder / pack.name).symlink_to(pack)
    return read_study(path)


def test_arms_are_compared_in_the_same_completed_cohorts(tmp_path: Path) -> None:
    chance = random.Random(4)
    patients = [
        Patient(arm, (30, 28, None if chance.random() < 0.3 else round(chance.gauss(mean, 3))))
        for arm, mean in ((PLACEBO, 28), (LOW, 24))
        for _ in range(15)
    ]
    it = arms.made(patients, with_imputation(tmp_path))
    found = by_name(it)
    at = "sensitivity.eligible.arm.week8.response.low-dose-%2D-placebo.main:imputation"
    row = found[f"{at}.difference"]
    by_arm = {
        arm: found[f"sensitivity.eligible.arm.{arm}.week8.response.main:imputation.percent"]
        for arm in ("low-dose", "placebo")
    }
    assert row["value"] == pytest.approx(by_arm["low-dose"]["value"] - by_arm["placebo"]["value"])
    assert row["unit"] == "percentage points"
    assert (row["denominator"], row["missing"]) == (30, sum(one["missing"] for one in by_arm.values()))
    assert found[f"{at}.lower"]["value"] < row["value"] < found[f"{at}.upper"]["value"]
    empty = found["sensitivity.eligible.arm.week8.response.high-dose-%2D-placebo.main:imputation.difference"]
    assert (empty["value"], empty["note"]) == (None, f"nobody is in the denominator of {HIGH}")
    section = section_of(it, "sensitivity")
    text = " ".join(
        plain(line) for block in section.blocks if isinstance(block, Table) for row in block.rows for cell in row.cells
        for line in cell.lines
    )  # fmt: skip
    assert " imputed" in text


@pytest.mark.parametrize(
    ("instead", "what"),
    [
        ("missing: [observed, imputed]", "missing"),
        ("missing: []", "missing"),
    ],
)
def test_a_change_takes_two_handlings(tmp_path: Path, instead: str, what: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        study_of(tmp_path, MORE.replace("missing: [observed, imputation]", instead), TWO_VISITS)
    assert what in str(wrong.value)


def test_a_change_is_imputed_where_the_study_says_how(tmp_path: Path) -> None:
    without = "\n".join(line for line in MORE.splitlines() if not line.startswith("imputation"))
    with pytest.raises(WrongInput) as wrong:
        study_of(tmp_path, without, TWO_VISITS)
    assert "Add `imputation: {seed: …}` to the study." in str(wrong.value)
