"""Which populations and which criteria look at what came after the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.study.selection import selected_by, told_of
from remit.study.study import Criterion
from tests.unit.derive.small import STUDY, study_of

FORMS = STUDY.replace(
    "dosing:\n",
    """  events:
    rows: event
    one: operation
    date: date
    fields:
      date: date
      serious: yes/no
dosing:
""",
).replace("      consent: yes/no\n", "      consent: yes/no\n      diagnosis: date\n      died: date\n")
DERIVED = """
derived:
  better: {is: score@week4 > 50}
  operated_before: {is: "any(events, where serious and date <= index_date)"}
"""


def selecting(folder: Path, where: str) -> tuple[str, ...]:
    populations = f"\npopulations:\n  some: {{of: eligible, where: '{where}'}}\n  part: {{of: some, where: consent}}\n"
    study = study_of(folder, DERIVED + populations, FORMS)
    assert selected_by(study, "eligible") == ()
    assert selected_by(study, "part") == selected_by(study, "some")  # a part of those selected is selected
    return selected_by(study, "some")


@pytest.mark.parametrize(
    "where",
    [
        "consent",
        "score@baseline > 50",
        "operated_before",
        "any(events, where date < index_date)",
        "any(events, where index_date >= date and serious)",
        "any(events, where date <= index_date - 30 days)",
        "any(events, where day < 0 days)",
        "any(events, where date <= visits.visit_date@baseline)",
        "first(treatment.start_date, where start_date <= index_date) == index_date",
        "any(treatment)",  # the index date is that of the first dose of x
        'any(treatment, where drug == "x")',
        "index_date - diagnosis >= 90 days",
        "index_date - diagnosis >= 18 months",
        "diagnosis < index_date",
        "diagnosis <= index_date - 30 days",
        "diagnosis >= index_date - 365 days",
        "diagnosis + 30 days < index_date",
        "index_date <= 2023-12-31",
        "diagnosis > 2020-01-01",
        "died > diagnosis",  # it may have been before the start
    ],
)
def test_what_was_known_at_the_start_selects_nobody(tmp_path: Path, where: str) -> None:
    assert selecting(tmp_path, where) == ()


@pytest.mark.parametrize(
    ("where", "reasons"),
    [
        ("dosing.stop_day >= 84 days", ("day of the permanent stop",)),
        ("dosing.days_on_drug > 30 days", ("days on the drug",)),
        ("known(score@week4)", ("Week 4",)),
        ("consent and better", ("Week 4",)),
        ("observed_day >= 168 days", ("last day of observation",)),
        ("last_contact > index_date + 100 days", ("last contact",)),
        ("not any(events, where serious)", ("operation, also after the start",)),
        ("any(events, where day >= 0 days and day < 84 days)", ("operation, also after the start",)),
        ("any(events, where serious or day < 0 days)", ("operation, also after the start",)),
        ("any(events, where date <= index_date + 30 days)", ("operation, also after the start",)),
        (
            "any(events, where date <= visits.visit_date@week4)",
            ("operation, also after the start", "Week 4"),
        ),
        ("any(events, where date <= index_date and score@week4 > 50)", ("Week 4",)),
        ('any(treatment, where drug == "y")', ("treatment, also after the start",)),
        ("count(treatment) > 1", ("treatment, also after the start",)),
        ("better and dosing.interruptions == 0", ("Week 4", "number of interruptions")),
        ("died > index_date", ("died",)),
        ("died >= index_date + 28 days", ("died",)),
        ("died < index_date + 28 days", ("died",)),
        ("index_date + 28 days <= died", ("died",)),
        ("died - 28 days >= index_date", ("died",)),
        ("not (died - index_date < 28 days)", ("died",)),
        ("died - index_date >= 6 months", ("died",)),
        ("index_date - died < -28 days", ("died",)),
        ("index_date < died or index_date > diagnosis", ("died",)),
    ],
)
def test_what_came_later_selects(tmp_path: Path, where: str, reasons: tuple[str, ...]) -> None:
    assert selecting(tmp_path, where) == reasons


def criterion(folder: Path, written: str) -> Criterion:
    [found] = study_of(folder, f"\neligibility:\n  Left early: {{{written}}}\n", FORMS).criteria
    return found


@pytest.mark.parametrize(
    ("written", "selects"),
    [
        ("include: consent", False),
        ("exclude: 'any(events, where day < 0 days)'", False),
        ("include: observed_day >= 28 days", True),
        ("exclude: dosing.stop_day < 28 days", True),
        ("include: consent, selects_survivors: yes", True),  # the study file knows better
        ("include: observed_day >= 28 days, selects_survivors: no", False),
    ],
)
def test_a_criterion_that_looks_at_what_came_later_selects_survivors(
    tmp_path: Path, written: str, selects: bool
) -> None:
    assert criterion(tmp_path, written).selects_survivors is selects


def test_what_a_criterion_looks_at_is_told(tmp_path: Path) -> None:
    assert told_of(criterion(tmp_path, "exclude: dosing.stop_day < 28 days or died < index_date + 28 days")) == (
        "The criterion “Left early” looks at what came after the start of treatment (day of the permanent stop; died): "
        "patients are in the cohort because of how they fared, and those who were lost, stopped or died early may be "
        "missing. What is found is of this selection, and may flatter the treatment."
    )
    told = told_of(criterion(tmp_path, "include: consent, selects_survivors: yes"))
    assert told.startswith("The criterion “Left early” looks at what came after the start of treatment: patients")
