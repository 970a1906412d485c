"""Results by their address: indexed once, asked often. What is not there is an error, never a gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from remit.schema.results import Address, Results


class MissingResult(LookupError):
    """The report needs a number that was not estimated: an error in remit, not in the study."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row of Results."""

    statistic: str
    id: str
    value: float | None
    unit: str | None
    method: str | None
    numerator: int | None
    denominator: int | None
    missing: int | None
    population_n: int | None
    note: str | None


Statistics = dict[str, Result]

_ADDRESS = [part.name for part in fields(Address)]
_BEHIND = [
    "statistic",
    "result",
    "value",
    "unit",
    "method",
    "numerator",
    "denominator",
    "missing",
    "population_n",
    "note",
]


class Lookup:
    """`lookup.at(address)["percent"]` is a result; all statistics of one address stand together."""

    def __init__(self, results: Results) -> None:
        self._found: dict[Address, Statistics] = {}
        self._levels: dict[Address, dict[str, None]] = {}
        self._groups: dict[Address, dict[str, None]] = {}
        self._times: dict[Address, dict[str, None]] = {}
        split = len(_ADDRESS)
        last: tuple[object, ...] | None = None
        for row in results.table.select(_ADDRESS + _BEHIND).iter_rows():
            if row[:split] != last:  # the statistics of an address stand together
                last = row[:split]
                here = self._found.setdefault(Address(*row[:split]), {})
            here[row[split]] = Result(*row[split:])
        for address in self._found:
            if address.level is not None:
                self._levels.setdefault(replace(address, level=None), {})[address.level] = None
            if address.time is not None:
                self._times.setdefault(replace(address, time=None), {})[address.time] = None
            if address.group_level is not None:
                self._groups.setdefault(replace(address, group_level=None), {})[address.group_level] = None

    def at(self, address: Address) -> Statistics:
        """Raises MissingResult if nothing was estimated there."""
        if address not in self._found:
            raise MissingResult(f"the report needs results at {address.slug('…')}, and there are none")
        return self._found[address]

    def one(self, address: Address, statistic: str) -> Result:
        """Raises MissingResult."""
        found = self.at(address).get(statistic)
        if found is None:
            raise MissingResult(f"the report needs {address.slug(statistic)}, and there is no such result")
        return found

    def has(self, address: Address) -> bool:
        return address in self._found

    def all_of(self, analysis: str) -> list[Address]:
        """Each address of an analysis at which something was estimated, in the order of the results."""
        return [address for address in self._found if address.analysis == analysis]

    def levels(self, address: Address) -> tuple[str, ...]:
        """The levels that were counted at an address without level, in the order of the results."""
        return tuple(self._levels.get(address, ()))

    def times(self, address: Address) -> tuple[str, ...]:
        """The times that were estimated at an address without time, in the order of the results."""
        return tuple(self._times.get(address, ()))

    def groups(self, address: Address) -> tuple[str, ...]:
        """The levels of the address's group that were estimated."""
        return tuple(self._groups.get(address, ()))

    def noted(self) -> Iterator[tuple[Address, Result]]:
        """Each result that has a note."""
        for address, statistics in self._found.items():
            yield from ((address, result) for result in statistics.values() if result.note)
