"""What a run says of its plan: which one was locked before, and in what the run differs from it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """A part of the study, in English as it is `planned` and as it is `now`; None: there is none.

    `kind`: what it is: "endpoint". `marks`: whether results that rest on it are post hoc.
    """

    kind: str
    name: str
    planned: str | None
    now: str | None
    marks: bool = True

    @property
    def said(self) -> str:
        """In a few words: endpoint “remission” is not in the plan."""
        how = "is not in the plan" if self.planned is None else "is left out" if self.now is None else "is changed"
        return f"{self.kind} “{self.name}” {how}" if self.name else f"{self.kind} {how}"


@dataclass(frozen=True)
class Amendment:
    """A lock after the first: its number, when it was made, why, and what it changed."""

    number: int
    locked: str
    because: str | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class PlanNote:
    """The plan in force, and in what the run differs from it.

    `number`: 1 is the first, what follows are its amendments. `locked`: when (ISO 8601); `first`: when the first was.
    `digest`: SHA-256 of the lock file. `signature`: what is known of its signature, if it has one. `post_hoc`: how many
    results are not in the plan.
    """

    number: int
    locked: str
    first: str
    remit: str
    registration: str | None
    digest: str
    signature: str | None
    amendments: tuple[Amendment, ...]
    differences: tuple[Difference, ...]
    post_hoc: int = 0

    @property
    def on(self) -> str:
        """When it was locked, and whether it was amended."""
        if self.number == 1:
            return f"the plan locked on {day(self.locked)}"
        return f"the plan locked on {day(self.locked)} (amendment {self.number - 1}; the first on {day(self.first)})"


POST_HOC = "Post hoc: it is not in the plan that was locked."
NO_PLAN = "no plan was locked"
SHOWN = 3  # differences in a line


def said_of_plan(plan: PlanNote | None) -> str:
    """In a line: whether the run follows the plan."""
    if plan is None:
        return NO_PLAN
    if not plan.differences:
        return f"follows {plan.on}"
    shown = [each.said for each in plan.differences[:SHOWN]]
    more = len(plan.differences) - len(shown)
    return f"differs from {plan.on}: {'; '.join(shown)}{f'; and {more} more' if more else ''}"


def with_post_hoc(note: str | None, planned: bool) -> str | None:
    """The note of a result, before which stands that it is post hoc."""
    return note if planned else " ".join(part for part in (POST_HOC, note) if part)


def day(time: str) -> str:
    """2026-11-23T04:20:18+00:00 → 23 November 2026."""
    moment = datetime.datetime.fromisoformat(time)
    return f"{moment.day} {moment:%B %Y}"


def plan_from(told: Mapping[str, Any]) -> PlanNote:
    """What `dataclasses.asdict` told. Raises KeyError, TypeError where it is something else."""
    amendments = tuple(
        Amendment(**{**each, "differences": _differences(each["differences"])}) for each in told["amendments"]
    )
    return PlanNote(**{**told, "amendments": amendments, "differences": _differences(told["differences"])})


def _differences(told: Iterable[Mapping[str, Any]]) -> tuple[Difference, ...]:
    return tuple(Difference(**each) for each in told)
