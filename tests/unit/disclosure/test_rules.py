"""Small counts of other definitions in the shareable edition, and the counts that would give them away."""

from __future__ import annotations

from pathlib import Path

from remit.derive.derive import derive_cohort
from remit.disclosure.hidden import Hidden, hidden_results
from remit.disclosure.rules import definitions_of, implied
from remit.estimate.estimate import estimate_results
from remit.study.comparisons.kinds import Comparison
from remit.study.study import Study
from tests.unit.derive.small import STUDY, day, records_of, study_of

EVIDENCE = """\
evidence: other
title: OTHER
design: cohort
disease: none
population: {words: invented patients}
citation: {text: Invented by remit.}
arms: {drug: {drug: x, n: 40 V}}
outcomes:
  good:
    label: good
    concept: other
    definition: {words: not stated}
    missing: {handling: not stated}
    results:
      drug: {percent: 5.0 V, n: 2 V}
"""
ASKED = """
endpoints:
  good: {at: [week4], is: score >= 50}
estimands: {policy: {}}
analyses: {}
comparisons:
  beside:
    endpoint: good
    visit: week4
    populations: [eligible]
    estimand: policy
    evidence: [other.good]
    rules:
      - {name: better, is: score >= 50 and consent}
      - {name: best, is: score > 50 and consent}
      - {name: other, is: score < 30}
"""
AT = "beside.eligible.week4.{}.policy.n"
AGAINST = "beside.eligible.evidence.other:-drug.week4.good.ours-%2D-published.policy"


def hidden(folder: Path, scores: list[tuple[int, bool]], limit: int = 5) -> tuple[Study, Hidden]:
    """Patients, each by score at week 4 and consent."""
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "other.yaml").write_text(EVIDENCE, "utf-8")
    study = study_of(folder, ASKED, STUDY)
    names = [f"P{number}" for number in range(len(scores))]
    records = records_of(
        study,
        patients=[
            {"patient": name, "consent": consent, "last_contact": day(200)}
            for name, (_, consent) in zip(names, scores, strict=True)
        ],
        visits=[
            {"patient": name, "visit_date": day(28), "score": score}
            for name, (score, _) in zip(names, scores, strict=True)
        ],
        treatment=[{"patient": name, "drug": "x", "start_date": day(0)} for name in names],
    )
    return study, hidden_results(study, estimate_results(study, derive_cohort(study, records)), limit)


PAIR = "beside.eligible.week4.{}.rule-%2D-ours.policy.{}"
MANY = [(60, True)] * 20 + [(10, True)] * 20


def test_nothing_small_hides_nothing(tmp_path: Path) -> None:
    _, found = hidden(tmp_path, MANY)
    assert not found.why


def test_few_who_are_yes_by_one_definition_alone(tmp_path: Path) -> None:
    _, found = hidden(tmp_path, [*MANY, (60, False), (60, False)])
    assert found.of(PAIR.format("better", "own_only")) == "small"
    assert found.of(PAIR.format("better", "own_only"), "numerator") == "small"
    assert found.of(PAIR.format("better", "difference")) == "small"
    assert found.of(PAIR.format("better", "lower")) == "small"
    shown = [name for name in ("good", "better") if found.of(AT.format(name)) is None]
    assert len(shown) < 2  # 22 less 20 would be the two


def test_few_between_two_rules_of_which_one_implies_the_other(tmp_path: Path) -> None:
    """better and best differ in two patients; which of ours are neither is not small."""
    _, found = hidden(tmp_path, [*MANY, (50, True), (50, True), *[(60, False)] * 9])
    shown = [name for name in ("better", "best") if found.of(AT.format(name)) is None]
    assert len(shown) < 2


def test_what_is_compared_with_a_published_number_is_hidden_with_ours(tmp_path: Path) -> None:
    _, found = hidden(tmp_path, [(60, True)] * 3 + [(10, True)] * 20)
    assert found.of(AT.format("good")) == "small"
    for statistic in ("difference", "lower"):
        assert found.of(f"{AGAINST}.{statistic}") == "small"
        assert found.of(f"{AGAINST}.{statistic}", "numerator") == "small"


def test_published_numbers_are_of_nobody_here(tmp_path: Path) -> None:
    _, found = hidden(tmp_path, [(60, True)] * 3 + [(10, True)] * 20)
    assert not [name for name, _ in found.why if name.startswith("beside.evidence")]


def test_which_definitions_imply_which(tmp_path: Path) -> None:
    study, _ = hidden(tmp_path, MANY)
    (comparison,) = [each for each in study.analyses if isinstance(each, Comparison)]
    definitions = definitions_of(study, comparison)
    names = dict(zip(definitions, ("good", "better", "best", "other"), strict=True))
    assert {(names[one], names[other]) for one, other in implied(definitions)} == {
        ("better", "good"), ("best", "good"), ("best", "better"),
    }  # fmt: skip
