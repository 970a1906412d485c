"""Behind rates: who was exposed, and who had events."""

from __future__ import annotations

import polars as pl

from remit.schema.cohort import variable_column
from remit.schema.results import Address
from remit.study.analyses.kinds import EXPOSURE, Rates
from remit.trace.counted import Counted
from remit.trace.people import size
from remit.trace.study_people import StudyPeople


def behind_rates(of: StudyPeople, analysis: Rates, at: Address) -> Counted:
    """The numerator counts events; its set are the patients who had one. Nothing can be below 0."""
    row = next(row for row in analysis.rows if row.name == at.variable)
    events, exposure = (variable_column(analysis.name, name) for name in (row.name, EXPOSURE))
    people, asked = of.people, of.members(at, analysis.arms)
    known = asked & people.where((pl.col(events) >= 0) & (pl.col(exposure) >= 0))
    had = {value: who & known for value, who in people.levels(events).items() if isinstance(value, int) and value > 0}
    numerator = known & people.where(pl.col(events) > 0)
    return Counted(
        population=asked,
        denominator=known,
        numerator=numerator,
        missing=asked & ~known,
        definitions=(
            of.definition(events, row.label),
            of.definition(exposure, "Days of exposure"),
            *of.of_arm(at, analysis.arms),
        ),
        note="Counted are events; shown are the patients who had one or more.",
        instead={"numerator": sum(value * size(who) for value, who in had.items())},
    )
