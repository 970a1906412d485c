"""Which numbers moved between two runs, by how much, and because of what."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from remit.finished import Finished
from remit.plan.asked import Asking, asking
from remit.schema.records import PATIENT
from remit.schema.results import ARM, Address
from remit.schema.trace import Behind
from remit.study.analyses.kinds import Endpoints
from remit.trace.sets import Sets, sets_of
from remit.trace.traced import ALL_UP_TO

_ADDRESS = [part.name for part in fields(Address)]
_COUNTS = ("numerator", "denominator", "missing")
NOISE = 1e-12  # relative: sums of floats in another order
_PARTS = {
    "populations": "the population",
    "variables": "the definition",
    "handlings": "the handling of what is missing",
    "groups": "the group",
    "levels": "what is published",
    "times": "the time",
    "periods": "the period",
    "statistics": "the benchmark",
}
STATUS = {"numerator": "counted", "missing": "not known", "denominator": "not counted", "population": "left out"}
OUTSIDE = "not in the population"


@dataclass(frozen=True)
class Moved:
    """A number that is another one. `before`, `now`: value, numerator, denominator and missing; None where there is no
    such result. `because`: which parts of its definition changed. `patients`: who is counted otherwise, as "counted →
    not known"."""

    result: str
    address: Address
    statistic: str
    unit: str | None
    before: tuple[float | None, int | None, int | None, int | None] | None
    now: tuple[float | None, int | None, int | None, int | None] | None
    because: tuple[str, ...]
    patients: Mapping[str, str]

    @property
    def by(self) -> float | None:
        """How much greater it is now."""
        one, other = (side[0] if side else None for side in (self.before, self.now))
        return None if one is None or other is None else other - one


def moved(one: Finished, other: Finished) -> tuple[Moved, ...]:
    """In the order of the results, what the second run has no more at the end."""
    before, now = _numbers(one), _numbers(other)
    asked = asking(one.study), asking(other.study)
    who = _Who(one), _Who(other)
    found: list[Moved] = []
    for result in [*now, *(result for result in before if result not in now)]:
        old, new = before.get(result), now.get(result)
        if old is not None and new is not None and _same(old, new):
            continue
        address, statistic, unit = _place(new or old)
        because = _because(asked, address, statistic) if old and new else ()
        patients = _otherwise(who, result) if old and new else {}
        found.append(Moved(result, address, statistic, unit, _values(old), _values(new), because, patients))
    return tuple(found)


_Number = tuple[object, ...]


def _numbers(run: Finished) -> dict[str, _Number]:
    table = run.results.table.select("result", "statistic", "unit", "value", *_COUNTS, *_ADDRESS)
    return {str(row[0]): row[1:] for row in table.iter_rows()}


def _place(row: _Number | None) -> tuple[Address, str, str | None]:
    if row is None:
        raise ValueError("of neither run")
    statistic, unit = row[0], row[1]
    return Address(*row[6:]), str(statistic), None if unit is None else str(unit)  # type: ignore[arg-type]


def _values(row: _Number | None) -> tuple[float | None, int | None, int | None, int | None] | None:
    return None if row is None else row[2:6]  # type: ignore[return-value]


def _same(old: _Number, new: _Number) -> bool:
    one, other = old[2], new[2]
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=NOISE, abs_tol=0) and old[3:6] == new[3:6]
    return old[2:6] == new[2:6]


def _because(asked: tuple[Asking, Asking], address: Address, statistic: str) -> tuple[str, ...]:
    one, other = (side.analyses[address.analysis] for side in asked)
    before, now = dict(one.parts(address, statistic)), dict(other.parts(address, statistic))
    found = [words for part, words in _PARTS.items() if before.get(part) != now.get(part)]
    return (*found, *(["the analysis"] if one.settings != other.settings else []))


# Patients


class _Who:
    """Of a run, the status of each patient in a result: by the sets behind it."""

    def __init__(self, run: Finished) -> None:
        self.patients = [*run.cohort.patients[PATIENT]]
        self.all = len(self.patients) <= ALL_UP_TO
        self._sets: Sets | None = sets_of(run.study, run.cohort, run.results) if self.all else None
        self._found: dict[int, dict[str, str]] = {}

    def statuses(self, result: str) -> Mapping[str, str]:
        if self._sets is None or result not in self._sets.of:
            return {}
        number = self._sets.of[result]
        if number not in self._found:
            self._found[number] = dict(self._statuses(self._sets, self._sets.behind[number]))
        return self._found[number]

    def _statuses(self, sets: Sets, behind: Behind) -> Iterator[tuple[str, str]]:
        """The first set that a patient belongs to says it, the population last."""
        told: dict[int, str] = {}
        for name, status in STATUS.items():
            number = getattr(behind, name)
            if number is not None:
                for position in sets.sets[number].positions:
                    told.setdefault(position, status)
        return ((self.patients[sets.traced[position]], status) for position, status in sorted(told.items()))


def _otherwise(who: tuple[_Who, _Who], result: str) -> dict[str, str]:
    one, other = who[0].statuses(result), who[1].statuses(result)
    changed = [patient for patient in sorted({*one, *other}) if one.get(patient) != other.get(patient)]
    return {patient: f"{one.get(patient, OUTSIDE)} → {other.get(patient, OUTSIDE)}" for patient in changed}


def is_of_primary(run: Finished, each: Moved) -> bool:
    """Whether it is a number of the primary result: of all its patients, or of an arm or between arms."""
    primary, at = run.study.primary, each.address
    if primary is None or at.level is not None or at.group not in (None, ARM):
        return False
    asked = (primary.endpoint, primary.visit, primary.population, primary.estimand)
    endpoints = [analysis.name for analysis in run.study.analyses if isinstance(analysis, Endpoints)]
    return (at.variable, at.visit, at.population, at.handling) == asked and at.analysis in endpoints
