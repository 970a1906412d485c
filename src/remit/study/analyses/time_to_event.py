"""The time to an event: from the study file's words to queries."""

from __future__ import annotations

from remit.language.query import Aggregate, Known, Query, plain
from remit.language.types import Date, Level, Text, YesNo, name_of
from remit.schema.results import ARM
from remit.study.analyses.covariates import covariates_of
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import EVENT_DAY, HAPPENED, LAST_DAY, REASON, Covariate, TimeToEvent
from remit.study.analyses.model import TimeToEventPart
from remit.study.place import Place


def time_to_event(name: str, title: str, part: TimeToEventPart, place: Place, declared: Declared) -> TimeToEvent:
    """Raises WrongInput."""
    start = declared.expressions.query(part.start, place / "from", Date)
    event = declared.expressions.query(part.event, place / "event", Date)
    censored = declared.expressions.query(part.censored, place / "censored", Date)
    if part.happened is not None:
        happened = declared.expressions.query(part.happened, place / "happened", YesNo)
    else:
        happened = _happened(event)
    reason = None if part.reason is None else _reason(part.reason, place / "reason", declared)
    if part.days is not None:
        _check_days(part.days, place / "days")
    days = part.days if part.days is not None else [visit.day for visit in declared.visits if visit.day > 0]
    return TimeToEvent(
        name=name,
        title=title,
        populations=tuple(part.populations),
        label=part.label,
        start=start,
        event=event,
        happened=happened,
        censored=censored,
        days=tuple(sorted(set(days))),
        reason=reason,
        compare=part.compare,
        covariates=_covariates(part, place / "covariates", declared),
    )


def _covariates(part: TimeToEventPart, place: Place, declared: Declared) -> tuple[Covariate, ...]:
    found = covariates_of(part.covariates or [], place, declared)
    for number, covariate in enumerate(found):
        if covariate.variable.name in (EVENT_DAY, HAPPENED, LAST_DAY, REASON):
            what = f"'{covariate.variable.name}' is what a part of the time is called"
            raise (place / number).wrong_name(what, "Add another `name:`.")
        if ARM in (covariate.variable.name, covariate.variable.label):
            what = f"'{ARM}' is what remit calls the arms of a study"
            raise (place / number).wrong_name(what, "Leave it out: the arms are compared anyway; or add another label.")
    return found


def _reason(text: str, place: Place, declared: Declared) -> Query:
    reason = declared.expressions.query(text, place)
    if not isinstance(reason.type, Level | Text):
        remedy = "Name a field with levels, as in `dosing.stop_reason`, or a definition that gives one."
        raise place.wrong(f"this is {name_of(reason.type)}, where a level is asked for", remedy)
    return reason


def _check_days(days: list[int], place: Place) -> None:
    for number, day in enumerate(days):
        if day < 0:
            raise (place / number).wrong("this day is before day 0", "Days are counted from `from`: write 0 or more.")
        if day in days[:number]:
            raise (place / number).wrong(f"day {day} stands twice", "Leave one of them.")


def _happened(event: Query) -> Query:
    """Was there one? Of a date over rows: is there such a row, perhaps of unknown date. Else: is the date known."""
    found = plain(event)
    if isinstance(found, Aggregate):
        return Aggregate("any", found.form, found.where, None, None, YesNo())
    return Known(event)
