"""Patients one by one: what is drawn and told of each. Made by `trace`, shown by `report`, in its internal edition.

Days are counted from the index date, which is day 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Where each patient is drawn


@dataclass(frozen=True)
class Bar:
    """By how much a number of one patient changed, in its own unit."""

    patient: str
    arm: str | None
    change: float


@dataclass(frozen=True)
class Bars:
    """The changes of a population, from the greatest rise to the greatest fall. `of`: all patients of the population;
    `unknown`: those without both values; `beyond`: those of whom a value is known only to lie beyond a limit. `bars` is
    empty where there are too many to be drawn."""

    bars: tuple[Bar, ...]
    of: int
    unknown: int
    beyond: int

    @property
    def known(self) -> int:
        return self.of - self.unknown - self.beyond


@dataclass(frozen=True)
class Line:
    """A number of one patient at each visit; None where it is not known, or only to lie beyond a limit."""

    patient: str
    arm: str | None
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Lines:
    """The first patients of a population by their index date. `of`: all of them; `beyond`: how many of the values drawn
    are left out, for they are known only to lie beyond a limit."""

    lines: tuple[Line, ...]
    of: int
    beyond: int


@dataclass(frozen=True)
class Period:
    """Something that goes on: a dose, another treatment. `stop`: the first day without; None: it goes on, or it is not
    known. `what`: as the charts call it. `permanent`: of a dose, whether its stop is for good."""

    start: int | None
    stop: int | None
    ongoing: bool
    what: str = ""
    amount: float | None = None
    reason: str | None = None
    permanent: bool | None = None


@dataclass(frozen=True)
class Told:
    """A field of the charts: its label, and what it says in words; None: nothing."""

    label: str
    text: str | None


@dataclass(frozen=True)
class Event:
    """Something that happened on a day. `adverse`: an event of an analysis of events; `serious`: None, where the charts
    do not say. `told`: the other fields of its row."""

    form: str
    term: str | None
    day: int | None
    adverse: bool
    serious: bool | None = None
    told: tuple[Told, ...] = ()


@dataclass(frozen=True)
class Treated:
    """A patient over time. `observed`: the last day on which something is known; `stopped`: the day of the permanent
    stop, `reason` why."""

    patient: str
    arm: str | None
    observed: int | None
    doses: tuple[Period, ...]
    events: tuple[Event, ...]
    stopped: int | None = None
    reason: str | None = None

    @property
    def ongoing(self) -> bool:
        return any(dose.ongoing for dose in self.doses)


@dataclass(frozen=True)
class Treatments:
    """The first eligible patients by their index date. `of`: all of them; `unit`: of the doses."""

    patients: tuple[Treated, ...]
    of: int
    unit: str | None


@dataclass(frozen=True)
class Individuals:
    """`bars`: by analysis, population, variable and visit; `lines`: by analysis, population and variable. `treatments`:
    None where the study says nothing of doses."""

    bars: Mapping[tuple[str, str, str, str], Bars]
    lines: Mapping[tuple[str, str, str], Lines]
    treatments: Treatments | None


NOBODY = Individuals({}, {}, None)
