"""A definition's steps: each line in English, with the patients' values, down to the rows of the charts."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.derive.derive import derive_cohort
from remit.language.query import Query
from remit.language.resolve import resolve
from remit.schema.trace import Step
from remit.trace.steps import Steps, steps_of
from tests.unit.derive.small import day, records_of, study_of

DEFINITIONS = """
derived:
  doubled: {is: score * 2, label: double score}
  better: {is: 'fall(score) >= 50 %', label: improvement}
"""


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


class Small:
    """Ada fell from 10 to 4, Bob has no visit at week 4, Cyd has no score there."""

    def __init__(self, folder: Path) -> None:
        self.study = study_of(folder, DEFINITIONS)
        people = ("Ada", "Bob", "Cyd")
        self.records = records_of(
            self.study,
            patients=[{"patient": name, "consent": name != "Bob", "last_contact": day(100)} for name in people],
            visits=[
                *({"patient": name, "visit_date": day(0), "score": 10} for name in people),
                {"patient": "Ada", "visit_date": day(28), "score": 4},
                {"patient": "Cyd", "visit_date": day(29)},
            ],
            treatment=[
                {"patient": "Ada", "drug": "x", "start_date": day(0), "stop_date": day(20), "reason": "adverse event"},
                {"patient": "Bob", "drug": "x", "start_date": day(0)},
                {"patient": "Cyd", "drug": "y", "start_date": day(-9), "stop_date": day(-1)},
                {"patient": "Cyd", "drug": "x", "start_date": day(0)},
            ],
        )
        self.cohort = derive_cohort(self.study, self.records)

    def query(self, text: str) -> Query:
        return resolve(text, self.study.scope)

    def steps(self, text: str) -> Steps:
        return steps_of(self.study, self.records, self.cohort.patients, [(text, self.query(text))])

    def lines(self, text: str) -> list[tuple[str, ...]]:
        """Each line with the values of Ada, Bob and Cyd, indented as it stands."""
        steps = self.steps(text)
        return [*self._lines(steps, steps.steps[steps.definitions[0].step], "")]

    def _lines(self, steps: Steps, step: Step, indent: str) -> list[tuple[str, ...]]:
        inner = [self._lines(steps, steps.steps[part], f"{indent}  ") for part in step.parts]
        return [(indent + step.text, *step.values), *(line for lines in inner for line in lines)]


def test_a_name_opens_to_what_it_stands_for(small: Small) -> None:
    assert small.lines("doubled@week4 > 7") == [
        ("the double score at week 4 is above 7", "yes", "", ""),
        ("  the double score at week 4", "8", "—", "—"),
        ("    the score at week 4 times 2", "8", "—", "—"),
        ("      the score at week 4", "4", "—", "—"),
    ]
