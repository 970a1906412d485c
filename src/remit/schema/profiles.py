"""Patients one by one: what is drawn and told of each. Made by `trace`, shown by `report`, in its internal edition.

Days are counted from the index date, which is day 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_NARRATED = 500  # patients with serious events, if nobody names others

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


# A page a patient


@dataclass(frozen=True)
class Measured:
    """A value at a visit, and as it is printed. Of a number, between what it lies: `low` and `high` are the same where
    it is exact, None where there is no bound or nothing is known."""

    visit: str
    day: int | None
    text: str | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Measure:
    """What is followed over the visits. `unit`: None of what is no number, or has none. `observed`: it was measured,
    not carried forward nor a change."""

    label: str
    unit: str | None
    is_number: bool
    values: tuple[Measured, ...]
    observed: bool = True


@dataclass(frozen=True)
class Lane:
    """What a patient was given besides: the periods of one form. `unit`: of their amounts."""

    form: str
    unit: str | None
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class Decision:
    """A definition, and what it comes to for the patient: yes, no, or None where it cannot be decided; `why`: what
    decided it, each with its value. `counted`: how it counts under the primary estimand (yes, no, not asked; of who is
    not eligible, not counted), and `handled` why so, if that is not what the definition says."""

    what: str
    verdict: bool | None
    why: tuple[str, ...]
    counted: str | None = None
    handled: str | None = None


@dataclass(frozen=True)
class Attended:
    """A row of a visit form, with the visit in whose window it was taken; None: no rule uses it."""

    form: str
    day: int | None
    visit: str | None


@dataclass(frozen=True)
class Narrated:
    """A serious adverse event, with what was so when it began. `age` in years; `doses`: the periods of the drug on that
    day, the last before it where there is none; `on_drug`: None where it cannot be told; `beside`: other treatment on
    that day, of which the unit follows; `around`: of each number, the last value until that day and the first
    after it."""

    event: Event
    age: int | None
    on_drug: bool | None
    dose: Period | None
    beside: tuple[tuple[Lane, Period], ...]
    around: tuple[tuple[str, Measured | None, Measured | None], ...]


@dataclass(frozen=True)
class Profile:
    """`included`: whether the patient is eligible; `excluded_by`: the criterion that decided it, else. `start`: the
    index date in words. `facts`: who the patient is, at the start. `doubts`: where in the charts, and what."""

    treated: Treated
    centre: str | None
    included: bool
    excluded_by: str | None
    start: str | None
    sex: str | None
    facts: tuple[Told, ...]
    unit: str | None
    lanes: tuple[Lane, ...]
    attended: tuple[Attended, ...]
    measures: tuple[Measure, ...]
    criteria: tuple[Decision, ...]
    endpoints: tuple[Decision, ...]
    narratives: tuple[Narrated, ...]
    doubts: tuple[Told, ...]

    @property
    def patient(self) -> str:
        return self.treated.patient


@dataclass(frozen=True)
class Profiles:
    """The first patients, or those who were asked for. `of`: all that there are. `tells_serious`: whether the charts
    have a field that says which events are serious."""

    patients: tuple[Profile, ...]
    of: int
    estimand: str | None
    tells_serious: bool
