"""Which populations look at what came after the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.study.selection import selected_by
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
)
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
        ('any(treatment, where drug == "y")', ("treatment, also after the start",)),
        ("count(treatment) > 1", ("treatment, also after the start",)),
        ("better and dosing.interruptions == 0", ("Week 4", "number of interruptions")),
    ],
)
def test_what_came_later_selects(tmp_path: Path, where: str, reasons: tuple[str, ...]) -> None:
    assert selecting(tmp_path, where) == reasons
