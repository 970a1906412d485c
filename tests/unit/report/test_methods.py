"""The methods, written from the definitions."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

from remit.estimate.numbers import QUANTILE
from remit.estimate.proportions import WILSON
from remit.report.methods import methods_text
from tests.unit.derive.small import STUDY, study_of
from tests.unit.report.studies import ASTHMA, ASTHMA_ANALYSES, EXAMPLE, asthma, example

SECTIONS = (
    "Methods", "Design and index date", "Eligibility", "Visits", "Endpoints", "Populations",
    "Intercurrent events and estimands", "Denominators and missing data", "Derived values", "Dosing", "Events",
    "Time to an event",
    "Missing values that are imputed",
    "Rates",
    "Predictors",
    "Centres",
    "Comparisons with published studies",
    "Indirect comparisons",
    "Pooled published results",
    "Statistics", "Software",
)  # fmt: skip


def headings(text: str) -> list[str]:
    lines = text.splitlines()
    return [line for line, below in itertools.pairwise(lines) if below and set(below) <= set("=-")]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_all_sections_of_the_first_study() -> None:
    assert headings(methods_text(example().study)) == list(SECTIONS)


def test_sections_without_anything_to_say_are_left_out(tmp_path: Path) -> None:
    text = methods_text(asthma(tmp_path).study)
    assert headings(text) == [
        "Methods", "Design and index date", "Eligibility", "Visits", "Endpoints", "Denominators and missing data",
        "Statistics", "Software",
    ]  # fmt: skip
    assert "limit" not in text
    assert "ynthetic" not in text


def test_a_study_without_analyses(tmp_path: Path) -> None:
    text = methods_text(study_of(tmp_path, text=ASTHMA))
    assert "Wilson" not in text
    assert "quartiles" not in text


def test_criteria_in_order_with_what_they_ask_for() -> None:
    text = flat(methods_text(example().study))
    assert "1. Under 18 (required: age is at least 18 years)." in text
    assert "3. Cardiovascular risk factors (excluded if present)." in text
    assert "The criterion “follow-up under 6 months” looks at what came after the start of treatment" in text


def test_visits_and_estimands() -> None:
    text = flat(methods_text(example().study))
    assert "Baseline: Day 0, window from day −90 to day 0; of several visits in the window the last counts." in text
    assert "the endpoint counts as not reached (composite strategy)" in text
    assert "Composite: After permanent stop of the drug or bowel surgery, the endpoint counts as not reached" in text
    assert (
        "The sum of general well-being, abdominal pain, number of liquid stools, abdominal mass and complications"
        in text
    )


def test_the_methods_say_what_the_estimates_do() -> None:
    text = methods_text(example().study)
    assert WILSON == "Wilson 95 %"
    assert "95 % confidence intervals by Wilson’s score method" in flat(text)
    assert QUANTILE.split() == ["quantile", "type", "2"]
    assert "type 2 of Hyndman and Fan" in flat(text)


def test_the_study_file_can_be_recognised() -> None:
    digest = hashlib.sha256((EXAMPLE / "study.yaml").read_bytes()).hexdigest()[:16]
    assert f"SHA-256 {digest}" in flat(methods_text(example().study))


def test_lines_fit_a_terminal(tmp_path: Path) -> None:
    study = study_of(tmp_path, text=ASTHMA + ASTHMA_ANALYSES)
    assert max(map(len, methods_text(study).splitlines())) <= 96


def test_what_is_carried_forward_is_said(tmp_path: Path) -> None:
    text = STUDY + "analyses:\n  scores:\n    kind: course\n    rows: [SCORE]\n"
    observed = " ".join(methods_text(study_of(tmp_path, text=text.replace("SCORE", "score"))).split())
    carried = " ".join(methods_text(study_of(tmp_path, text=text.replace("SCORE", "last_observed(score)"))).split())
    assert "Nothing is imputed or carried forward." in observed
    assert "Values are carried forward where a definition says so; nothing else is imputed." in carried


def test_what_is_carried_forward_in_an_analysis_of_sensitivity_is_said() -> None:
    said = flat(methods_text(example().study))
    of_week24 = "and “What the unknown could change in response at week 24”"
    assert f"{of_week24}; beside what is told above, nothing is imputed." in said
    assert said.count(f"{of_week24} show what the handling of missing assessments changes: ") == 1
    assert "those not known are left out; they count as not having reached it; the last known value" in said
