"""Serious adverse events, each with what was so when it began."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from remit.schema.profiles import Event, Lane, Measure, Measured, Narrated, Period, Treated


def narrated(
    treated: Treated,
    lanes: Sequence[Lane],
    measures: Sequence[Measure],
    born: datetime.date | None,
    start: datetime.date | None,
    age: int | None = None,
) -> Iterator[Narrated]:
    """born, start: the dates of birth and of day 0; age: that on day 0, where the charts hold no date of birth."""
    for event in treated.events:
        if event.adverse and event.serious:
            on_drug, dose = _dose(treated, event.day)
            yield Narrated(
                event=event,
                age=age if born is None else _age(born, start, event.day),
                on_drug=on_drug,
                dose=dose,
                beside=tuple(_beside(lanes, event)),
                around=tuple(_around(measures, event)),
            )


def _age(born: datetime.date | None, start: datetime.date | None, day: int | None) -> int | None:
    """In full years, on the day of the event; where that is not known, on day 0."""
    if born is None or start is None:
        return None
    on = start + datetime.timedelta(days=day or 0)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def covers(period: Period, day: int) -> bool | None:
    """Whether the day lies in the period; None where it cannot be told."""
    if period.start is None:
        return False if period.stop is not None and period.stop <= day else None
    if day < period.start:
        return False
    if period.ongoing:
        return True
    return None if period.stop is None else day < period.stop


def _dose(treated: Treated, day: int | None) -> tuple[bool | None, Period | None]:
    """Whether the drug was taken on that day, and which dose; else the last before it."""
    if day is None:
        return None, None
    told = [(covers(dose, day), dose) for dose in treated.doses]
    for holds, dose in told:
        if holds:
            return True, dose
    before = [dose for _, dose in told if dose.start is not None and dose.start <= day]
    last = max(before, key=lambda dose: dose.start or 0, default=None)
    return (None if any(holds is None for holds, _ in told) else False), last


def _beside(lanes: Sequence[Lane], event: Event) -> Iterator[tuple[Lane, Period]]:
    for lane in lanes:
        for period in lane.periods:
            if event.day is not None and covers(period, event.day):
                yield lane, period


def _around(measures: Sequence[Measure], event: Event) -> Iterator[tuple[str, Measured | None, Measured | None]]:
    """The values nearest to the event, of numbers that have one."""
    if event.day is None:
        return
    for measure in (each for each in measures if each.observed and each.is_number):
        known = [one for one in measure.values if one.day is not None and one.text is not None]
        before = max((one for one in known if _day(one) <= event.day), key=_day, default=None)
        after = min((one for one in known if _day(one) > event.day), key=_day, default=None)
        if before or after:
            yield measure.label, before, after


def _day(measured: Measured) -> int:
    return measured.day or 0
