"""The times of the arms compared: the log-rank test over all of them, and of each against the reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from remit.estimate.arms import comparisons
from remit.language.query import digest
from remit.schema.cohort import arm_column
from remit.schema.results import Address, Denominator, Row, Statistic, rows
from remit.study.analyses.kinds import EVENT_DAY, TimeToEvent

if TYPE_CHECKING:
    from remit.inference.chi_squared import ChiSquared
    from remit.inference.log_rank import LogRank

LOG_RANK = "log_rank"  # the variable of its results


def log_rank_rows(analysis: TimeToEvent, address: Address, members: pl.DataFrame) -> Iterator[Row]:
    """The test over the arms, the events expected in each if they did not differ, and each arm against the reference.

    members: `day`, `event` and `unknown` of each patient, and the arm. Who is in no arm is not compared.
    """
    arms = analysis.arms
    if arms is None or not analysis.compare:
        return
    definition = digest(analysis.queries[EVENT_DAY])
    at = replace(address, variable=LOG_RANK)
    for place, names in comparisons(at, arms):
        compared = _Compared(members, arms.kind, names)
        yield from rows(place, statistics_of(compared.found.test), compared.behind(), definition)
        if place.contrast is None:
            for arm in names:
                yield from rows(at.in_arm(arm), [compared.expected(arm)], compared.behind(arm), definition)


@dataclass(frozen=True)
class _Compared:
    """Some arms, compared."""

    members: pl.DataFrame
    kind: str
    arms: Sequence[str]

    @cached_property
    def found(self) -> LogRank:
        from remit.inference.log_rank import log_rank

        known = self._known(self._of(*self.arms))
        return log_rank(*(known[name].to_list() for name in ("day", "event", arm_column(self.kind))))

    def expected(self, arm: str) -> Statistic:
        value = next((group.expected for group in self.found.groups if group.name == arm), None)
        why = "of nobody in this arm the time is known" if value is None else None
        return Statistic("expected", value, method=self.found.test.method, note=why)

    def behind(self, *arms: str) -> Denominator:
        """Of these arms; without any, of all that are compared."""
        asked = self._of(*(arms or self.arms))
        known = self._known(asked)
        return Denominator(int(known["event"].sum()), known.height, asked.height - known.height, asked.height)

    def _of(self, *arms: str) -> pl.DataFrame:
        return self.members.filter(pl.col(arm_column(self.kind)).is_in(arms))

    def _known(self, patients: pl.DataFrame) -> pl.DataFrame:
        return patients.filter(pl.col("unknown").is_null())


def statistics_of(test: ChiSquared, before: str = "") -> list[Statistic]:
    """Of a test that cannot be made nothing is given, and the note says why. before: what their names begin with."""
    freedom = None if test.statistic is None else float(test.freedom)
    found = {"chi_squared": test.statistic, "degrees_of_freedom": freedom, "p": test.p}
    return [Statistic(before + name, value, method=test.method, note=test.note) for name, value in found.items()]
