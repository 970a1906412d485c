"""Characteristics of populations: from the study file's words to queries."""

from __future__ import annotations

from remit.language.types import Level, Number, Ratio, Span, Text, YesNo
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Summary
from remit.study.analyses.model import SummaryPart
from remit.study.analyses.rows import refuse_same, variable
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place


def summary(name: str, title: str, part: SummaryPart, place: Place, declared: Declared) -> Summary:
    """Raises WrongInput."""
    rows = []
    for number, written in enumerate(part.rows):
        here = place / "rows" / number
        row = variable(written, here, declared)
        remedy = "A table is of numbers, times, levels and yes/no; of a date take the time to another."
        refuse_type(row.query, (Number, Ratio, Span, Level, Text, YesNo), inside(here), remedy)
        rows.append(row)
    refuse_same(rows, place / "rows")
    return Summary(name, title, tuple(part.populations), tuple(rows))
