"""An endpoint: a definition that is yes or no of each patient at its visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from remit.language.query import Query
from remit.schema.results import DECIDED, REQUIRED


@dataclass(frozen=True)
class AtStart:
    """An endpoint by its own definition at `visit`, the reference visit. `requires`: its basis there, if it has one."""

    visit: str
    query: Query
    requires: Query | None

    @property
    def handling(self) -> str:
        """Over whom it is counted."""
        return DECIDED if self.requires is None else REQUIRED


@dataclass(frozen=True)
class Endpoint:
    """A yes/no endpoint at its visits; `requires` is the basis of its "required" denominator, where it has one.

    `course`: the same at every visit after the reference visit, in their order, for what is carried forward; without
    those at which it would read a later visit. `at_start`: None where it cannot be asked at the reference visit.
    """

    name: str
    label: str
    at: tuple[str, ...]
    queries: Mapping[str, Query]
    requires: Mapping[str, Query]
    course: Mapping[str, Query]
    at_start: AtStart | None = None

    def until(self, visit: str) -> list[str]:
        """The visits after the reference visit up to this one, the last first."""
        names = [*self.course]
        return names[names.index(visit) :: -1] if visit in names else [visit]
