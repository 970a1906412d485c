"""Events per patient-years: from the study file's words to queries."""

from __future__ import annotations

from remit.language.types import DAYS, Number, Span, Type, name_of
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import EXPOSURE, Rates
from remit.study.analyses.model import RatesPart
from remit.study.analyses.rows import refuse_same, variable
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place


def rates(name: str, title: str, part: RatesPart, place: Place, declared: Declared) -> Rates:
    """Raises WrongInput."""
    exposure = declared.expressions.query(part.exposure, place / "exposure")
    if not _is_days(exposure.type):
        what = f"this is {name_of(exposure.type)}, where a number of days is asked for"
        raise (place / "exposure").wrong(what, "Name one, as in `dosing.days_on_drug`, or take two dates apart.")
    rows = []
    for number, written in enumerate(part.rows):
        here = place / "rows" / number
        if written.among is not None:
            raise (here / "among").wrong_name("a rate has no `among`", "Name a population of those asked.")
        row = variable(written, here, declared)
        remedy = "Count the events of a patient: `count(adverse_events, where serious)`."
        refuse_type(row.query, (Number,), inside(here), remedy)
        if not isinstance(row.query.type, Number) or row.query.type.decimals:
            raise inside(here).wrong("this is a number with decimals", remedy)
        if row.name == EXPOSURE:
            raise here.wrong_name(f"'{EXPOSURE}' is what the patient-years are called", "Add another `name:`.")
        rows.append(row)
    refuse_same(rows, place / "rows")
    return Rates(name, title, tuple(part.populations), exposure, tuple(rows))


def _is_days(kind: Type) -> bool:
    return isinstance(kind, Span) or (isinstance(kind, Number) and kind.unit == DAYS.unit and not kind.decimals)
