"""When each patient begins, comes and goes. Days are counted from 1970-01-01."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.language.resolve import EPOCH
from remit.simulate import curves
from remit.simulate.streams import Streams
from remit.study.study import Study, Visit

Days = NDArray[np.int32]
YEAR = 365
LAST_DAY = datetime.date(2024, 12, 31)  # of a study without a cut-off
AFTERWARDS = 28  # days of follow-up after the last visit's window, of a study without a cut-off
JITTER, MISSED, DROP_OUT = 7.0, 0.05, 0.05


@dataclass(frozen=True)
class Timeline:
    """`observed`: the last day on which the patient is known about. `visit_days`: patients × visits, those that did not
    take place too."""

    index: Days
    observed: Days
    dropped: NDArray[np.bool_]
    visit_days: Days
    attended: NDArray[np.bool_]


def draw_timeline(study: Study, streams: Streams, patients: int) -> Timeline:
    first, last = starts(study)
    index = streams.of("index").integers(first, last, patients, dtype=np.int32, endpoint=True)
    follow_up = _follow_up(study, streams, index)
    share = study.simulation.drop_out.share if study.simulation.drop_out else DROP_OUT
    leaves = time_to(share, last_day(study), streams, "drop-out", size=patients)
    dropped = leaves < follow_up
    observed = index + np.minimum(leaves, follow_up)
    days = (
        np.stack(
            [index + _visit_day(study, visit, streams, patients) for visit in study.visits], axis=1, dtype=np.int32
        )
        if study.visits
        else np.zeros((patients, 0), np.int32)
    )
    missed = [streams.of("missed", visit.name).random(patients) < _missed(study, visit) for visit in study.visits]
    there = ~np.stack(missed, axis=1) if missed else np.zeros((patients, 0), bool)
    return Timeline(index, observed.astype(np.int32), dropped, days, there & (days <= observed[:, None]))


def last_day(study: Study) -> int:
    """The day by which the shares that drop out or stop are counted: that of the last visit."""
    return max((visit.day for visit in study.visits if visit.day > 0), default=YEAR)


def time_to(share: float, day: int, streams: Streams, *purpose: str, size: int) -> NDArray[np.int64]:
    """Days to something that has happened to a share of all by a day, at a constant rate; from 1 on."""
    if share <= 0:
        return np.full(size, 10**6)
    waiting = -np.log1p(-streams.of(*purpose).random(size)) * (day / -math.log1p(-share))
    return np.minimum(np.ceil(waiting), 10**6).astype(np.int64).clip(1)


def starts(study: Study) -> tuple[int, int]:
    """The first and last index date. Untold: a year that ends early enough for the last visit."""
    told = study.simulation.starts
    if told is not None:
        return tuple(_number(day) for day in told)  # type: ignore[return-value]
    last = _number(study.data_cutoff or LAST_DAY) - _end(study)
    return last - YEAR + 1, last


def _end(study: Study) -> int:
    return max((visit.high for visit in study.visits), default=0)


def _number(day: datetime.date) -> int:
    return (day - EPOCH).days


def _follow_up(study: Study, streams: Streams, index: Days) -> NDArray[np.int64]:
    """Days from the index date to the last contact of those who do not drop out."""
    told = study.simulation.follow_up
    longest = np.full(len(index), _end(study) + AFTERWARDS)
    if told is not None:
        z = streams.of("follow-up").standard_normal(len(index))
        longest = np.rint(curves.numbers(z, told, low=0, step=1)).astype(np.int64)
    if study.data_cutoff is None:
        return longest
    until = _number(study.data_cutoff) - index
    return np.maximum(until if told is None else np.minimum(longest, until), 0)


def _visit_day(study: Study, visit: Visit, streams: Streams, patients: int) -> Days:
    sd = JITTER if study.simulation.jitter is None else study.simulation.jitter
    days = visit.day + sd * streams.of("visit", visit.name).standard_normal(patients)
    return np.clip(np.rint(days), visit.low, visit.high).astype(np.int32)


def _missed(study: Study, visit: Visit) -> float:
    told = study.simulation.missed
    if told is None:
        return MISSED if visit.day > 0 else 0.0
    return told.get(visit.name, 0.0)
