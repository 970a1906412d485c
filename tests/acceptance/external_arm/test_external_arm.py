"""The example with an external arm: its adjusted numbers are those of another program, and the truth lies within them.

`reference.json` is of `reference.R`: base R, from the charts, with nothing of remit.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.report.document import Table, blocks_of, plain
from remit.report.report import build_document
from remit.run import make_intake, read_records
from remit.schema.results import propensity_level
from remit.study.build import read_study
from tests.unit.trace.checked import checked

EXAMPLE = Path(__file__).parents[3] / "examples" / "external-arm"
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text("utf-8"))
TRUTH = json.loads((EXAMPLE / "truth.json").read_text("utf-8"))
ARMS = ("upadacitinib", "ustekinumab")
ANALYSES = {"adjusted": "treated", "adjusted_all": "all"}
METHODS = ("weighting", "standardisation", "doubly robust")
COVARIATES = {
    "age": "age",
    "smoker": "smoker.yes",
    "biologics": "biologics",
    "steroids": "steroids.yes",
    "hbi": "hbi_at_baseline",
    "crp": "crp_at_baseline",
}
CONTRAST = "upadacitinib-%2D-ustekinumab"


@cache
def made() -> Any:
    study = read_study(EXAMPLE)
    records = read_records(study)
    cohort = derive_cohort(study, records)
    return study, records, cohort, estimate_results(study, cohort)


@cache
def rows() -> dict[str, dict[str, Any]]:
    return {row["result"]: row for row in made()[3].table.iter_rows(named=True)}


def of_two(analysis: str, method: str, statistic: str, variable: str = "remission", arm: str = "") -> float:
    own = f"arm.{arm}" if arm else "arm"
    name = f"{analysis}.eligible.{own}.week12.{variable}.{CONTRAST}.whatever_happened:{method}.{statistic}"
    return float(rows()[name]["value"])


def part(number: int) -> str:
    """The name of a part of the scores in results."""
    return propensity_level(number, 20).replace(" ", "-").replace(".", "%2E")


def test_as_many_are_compared_and_reached_it() -> None:
    assert REFERENCE["eligible"] == 300
    for arm in ARMS:
        row = rows()[f"adjusted.eligible.arm.{arm}.week12.remission.whatever_happened:crude.n"]
        assert (row["numerator"], row["denominator"]) == (REFERENCE["crude"][arm], REFERENCE["crude"][f"of_{arm}"])


@pytest.mark.parametrize("analysis", ANALYSES)
@pytest.mark.parametrize("method", METHODS)
def test_effects_and_intervals(analysis: str, method: str) -> None:
    theirs = REFERENCE[analysis][method]
    for name in ("difference", "lower", "upper", "risk_ratio", "risk_ratio_lower", "risk_ratio_upper", "e_value"):
        assert of_two(analysis, method, name) == pytest.approx(theirs[name], rel=1e-6), name
    assert of_two(analysis, method, "e_value_limit") == pytest.approx(theirs["e_value_limit"], rel=1e-6)
    for arm, name in zip(ARMS, ("risk", "risk_reference"), strict=True):
        assert of_two(analysis, method, "percent", arm=arm) == pytest.approx(theirs[name], rel=1e-9)


@pytest.mark.parametrize("analysis", ANALYSES)
def test_balance_overlap_and_effective_patients(analysis: str) -> None:
    theirs = REFERENCE[analysis]
    for name, own in COVARIATES.items():
        before, after = (of_two(analysis, method, "standardised_difference", own) for method in ("crude", "weighting"))
        assert before == pytest.approx(theirs["before"][name], rel=1e-9), name
        assert after == pytest.approx(theirs["after"][name], rel=1e-6, abs=1e-9), name
    for arm in ARMS:
        effective = of_two(analysis, "weighting", "effective_n", "propensity", arm)
        assert effective == pytest.approx(theirs["effective"][arm], rel=1e-9)
        counts = [of_two(analysis, "crude", "scores", f"propensity.{part(at)}", arm) for at in range(20)]
        assert counts == theirs["scores"][arm]


@pytest.mark.parametrize(("analysis", "target"), ANALYSES.items())
def test_the_crude_difference_misleads_and_the_adjusted_ones_hold_the_truth(analysis: str, target: str) -> None:
    truth = TRUTH[target]["difference"]
    crude = of_two(analysis, "crude", "difference")
    for method in METHODS:
        value, low, high = (of_two(analysis, method, name) for name in ("difference", "lower", "upper"))
        assert low < truth < high
        assert abs(value - truth) < abs(crude - truth) / 2


def test_those_behind_each_result_give_its_numbers() -> None:
    study, _, cohort, results = made()
    checked(study, cohort, results)


def test_the_target_trial_is_told_in_the_authors_words_and_by_the_study_file() -> None:
    study, records, cohort, results = made()
    document = build_document(study, results, make_intake(records, cohort))
    tables = {block.name: block for block in blocks_of(document.sections) if isinstance(block, Table)}
    found = {plain(row.label): row.cells for row in tables["adjusted-target-trial"].rows}
    assert len(found) == 7
    target, emulated = found["Outcome"]
    assert [plain(line) for line in target.lines] == ["Clinical remission at week 12, judged alike in both arms."]
    assert [plain(line) for line in emulated.lines] == [
        "From the charts; the index was asked by physicians who knew the drug.",
        "Clinical remission at week 12 (day 63 to 105): the Harvey-Bradshaw index at week 12 is below 5.",
    ]
    assert "Not by chance" in plain(found["Assignment"][1].lines[0])


def test_the_head_shows_no_crude_difference_without_the_adjusted_one() -> None:
    study, records, cohort, results = made()
    first, *_ = build_document(study, results, make_intake(records, cohort)).findings
    assert [plain(line) for line in first.lines[-2:]] == [
        "crude difference from ustekinumab: 8.7 (−1.9 to 19.3) percentage points",
        "adjusted (doubly robust): 15.7 (5.1 to 26.4)",
    ]
