"""A small file of evidence, and what is changed in it."""

from __future__ import annotations

from pathlib import Path

EVIDENCE = """\
evidence: trial-1
title: Trial 1
design: randomised trial
disease: pain
population: {words: adults with pain, line: first, n: 30 V}
citation: {text: A paper., doi: 10.1/x, pubmed: "1", registration: NCT1}
source: Its abstract
arms:
  drug: {drug: a drug, dose: 5 mg, weeks: 4 V, n: 20 V}
  placebo: {drug: placebo, n: 10 V}
baseline:
  age: {label: age, unit: years, mean: 40.5 V, sd: 9 V}
  female: {label: female, results: {drug: {percent: 55 V, n: 11 D}, placebo: {percent: 50 K}}}
outcomes:
  relief_week4:
    label: relief
    concept: clinical response
    week: 4
    definition: {words: pain of at most 3}
    missing: {words: missing is failure, handling: non-response}
    results:
      drug: {percent: 60 V, n: 12 V, low: 36.1 V, high: 80.9 V, level: 95 V}
      placebo: {percent: 33 V, fits: no, note: printed so}
safety:
  harms: {label: adverse events, results: {drug: {events: 7 V, person_years: 1.5 V, rate: 466.7 D}}}
cautions: [short]
"""


def file_of(folder: Path, *changes: tuple[str, str], name: str = "trial-1") -> Path:
    """`evidence/NAME.yaml` in a folder, with each of the changes made once."""
    text = EVIDENCE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "evidence" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, "utf-8")
    return path
