"""Published results made by hand, with the results that a run has of them."""

from __future__ import annotations

from pathlib import Path

from remit.report.comparison.compared import Published
from remit.report.lookup import Result, Statistics
from remit.study.comparisons.kinds import Beside
from remit.study.evidence.evidence import Evidence, PublishedResult
from remit.study.evidence.read import read_evidence

TRIAL = """
evidence: a-trial
title: A trial
design: randomised trial
disease: asthma
population: {words: adults with asthma, line: after failure of an inhaler}
citation: {text: "Somebody et al. J Breath 2020;1:1-9.", registration: NCT00000001}
arms:
  drug: {drug: a drug, dose: 10 mg, n: 80 V}
  placebo: {drug: placebo, n: 40 K}
outcomes:
  control:
    label: good control
    concept: other
    week: 12
    definition: {words: flow of at least 400}
    missing: {handling: non-response}
    results:
      drug: {percent: 50.0 V, n: 40 D}
      placebo: {percent: 24.3 K, fits: no}
cautions: [only those with 12 weeks of follow-up]
"""


def evidence(folder: Path, text: str = TRIAL) -> Evidence:
    path = folder / "a-trial.yaml"
    path.write_text(text, "utf-8")
    return read_evidence(path, {})


def published(folder: Path, arm: str = "drug", text: str = TRIAL, ends: tuple[float, float] | None = None) -> Published:
    """One arm of the outcome `control`. ends: of its interval in the results."""
    study = evidence(folder, text)
    outcome = study.outcomes["control"]
    beside = Beside(study, outcome, tuple(outcome.results))
    result = outcome.results[arm]
    return Published(beside, result, statistics(result, ends), None, frozenset())


def statistics(result: PublishedResult, ends: tuple[float, float] | None, method: str = "Wilson 95 %") -> Statistics:
    n, of = (None if each is None else int(each.value) for each in (result.n, result.of))
    values = {
        "percent": None if result.percent is None else float(result.percent.value),
        "lower": ends[0] if ends else None,
        "upper": ends[1] if ends else None,
    }
    return {
        name: Result(name, f"c.evidence.{result.arm}.{name}", value, "%", method, n, of, None, None, None)
        for name, value in values.items()
    }
