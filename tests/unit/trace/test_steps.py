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
  better: {is: 'fall(score) / score@baseline >= 50 %', label: improvement}
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


def test_what_is_denied_has_the_value_that_it_denies(small: Small) -> None:
    assert small.lines("not consent") == [("no consent", "no", "yes", "no"), ("  consent", "yes", "no", "yes")]
    assert small.lines("not (consent or score@week4 > 7)") == [
        ("no consent and the score at week 4 is at most 7", "no", "", "no"),
        ("  no consent", "no", "yes", "no"),
        ("    consent", "yes", "no", "yes"),
        ("  the score at week 4 is at most 7", "yes", "", ""),
        ("    the score at week 4", "4", "—", "—"),
    ]


def test_a_fall_is_told_with_both_values(small: Small) -> None:
    assert small.lines("better@week4") == [
        ("improvement at week 4", "yes", "", ""),
        ("  the score at week 4 fell from baseline by at least 50 %", "yes", "", ""),
        ("    (the fall of the score at week 4 from baseline) divided by the score at baseline", "0.60", "—", "—"),
        ("      the fall of the score at week 4 from baseline", "6", "—", "—"),
        ("        the score at week 4", "4", "—", "—"),
        ("        the score at baseline", "10", "10", "10"),
        ("      the score at baseline", "10", "10", "10"),
    ]


def test_a_leaf_tells_the_row_that_was_picked(small: Small) -> None:
    (leaf,) = small.steps("score@week4 > 7").leaves
    assert (leaf.form, leaf.field, leaf.label, leaf.visit) == ("visits", "score", "score", "week4")
    assert leaf.values == ("4", "—", "—")
    assert leaf.rows == (7, None, 8)  # Cyd came, and has no score


def test_a_condition_on_rows_tells_each_row(small: Small) -> None:
    steps = small.steps('not any(treatment, where drug == "x" and stop_date - start_date < 50 days)')
    (rows,) = steps.counted_rows
    assert steps.steps[steps.definitions[0].step].values == ("no", "yes", "yes")
    assert rows.labels == ("drug", "start date", "stop date")
    assert rows.of_patients == (
        ((9, True, ("x", "1 January 2023", "21 January 2023")),),
        ((10, False, ("x", "1 January 2023", "going on")),),
        ((11, False, ("y", "23 December 2022", "31 December 2022")), (12, False, ("x", "1 January 2023", "going on"))),
    )


def test_what_is_derived_ends_in_the_dosing_periods(small: Small) -> None:
    assert small.lines("dosing.stop_day")[0] == (
        "the day of the permanent stop",
        "day 20",
        "after day 100",
        "after day 100",
    )
    steps = small.steps("dosing.stop_day")
    first, periods = steps.counted_rows
    assert periods.labels == ("start date", "stop date", "drug", "reason")
    assert periods.of_patients[0] == ((9, True, ("1 January 2023", "21 January 2023", "x", "adverse event")),)
    assert first.of_patients[2] == ((11, False, ("23 December 2022", "y")), (12, True, ("1 January 2023", "x")))


def test_equal_steps_are_one(small: Small) -> None:
    asked = [(text, small.query(text)) for text in ("score@week4 > 7", "score@week4 > 7 and consent", "score@week4")]
    steps = steps_of(small.study, small.records, small.cohort.patients, asked)
    assert len(steps.steps) == 4
    assert len(steps.leaves) == 2
