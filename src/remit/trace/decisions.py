"""What was decided of each patient, and why: who is eligible, which endpoints are reached, and how they count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from remit.language.query import Query
from remit.language.types import Span
from remit.language.units import DAYS_IN
from remit.schema.cohort import ELIGIBLE, endpoint_column, stratum_column, variable_column
from remit.schema.profiles import Decision, Told
from remit.schema.records import Records
from remit.schema.trace import Step
from remit.study.analyses.kinds import Summary, Variable
from remit.study.study import Endpoint, Estimand, Study
from remit.trace.printed import UNKNOWN
from remit.trace.steps import Steps, steps_of

MOST_REASONS = 6


@dataclass(frozen=True)
class Decided:
    """Of one patient."""

    facts: tuple[Told, ...]
    criteria: tuple[Decision, ...]
    endpoints: tuple[Decision, ...]


def primary_estimand(study: Study) -> Estimand | None:
    if study.primary:
        return study.estimands[study.primary.estimand]
    return next(iter(study.estimands.values()), None)


def decisions_of(study: Study, records: Records, patients: pl.DataFrame) -> list[Decided]:
    """Of each of these patients of the cohort, in their order."""
    asked = _Asked(study)
    steps = steps_of(study, records, patients, asked.definitions)
    rows = patients.iter_rows(named=True)
    return [_Patient(study, asked, steps, place, row).decided() for place, row in enumerate(rows)]


class _Asked:
    """The definitions, in their order."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.definitions: list[tuple[str, Query]] = []
        self.facts = [(self._add(each.label, each.query), each, column) for each, column in _facts(study)]
        self.criteria = [self._add(criterion.label, criterion.passes) for criterion in study.criteria]
        self.endpoints = {
            (endpoint.name, visit): self._add(endpoint.label, query)
            for endpoint in study.endpoints.values()
            for visit, query in endpoint.queries.items()
        }
        self.events = {
            (event.name, visit): self._add(event.label, query)
            for event in study.events.values()
            for visit, query in event.queries.items()
        }

    def _add(self, label: str, query: Query) -> int:
        self.definitions.append((label, query))
        return len(self.definitions) - 1


def _facts(study: Study) -> Iterator[tuple[Variable, str]]:
    """Of the first summary: who the patients are, each with its column."""
    first = next((analysis for analysis in study.analyses if isinstance(analysis, Summary)), None)
    for variable in first.rows if first else ():
        if variable.among is None:
            yield variable, variable_column(first.name if first else "", variable.name)


@dataclass(frozen=True)
class _Patient:
    study: Study
    asked: _Asked
    steps: Steps
    place: int
    row: Mapping[str, Any]

    def decided(self) -> Decided:
        return Decided(tuple(self._facts()), tuple(self._criteria()), tuple(self._endpoints()))

    def _step(self, definition: int) -> Step:
        return self.steps.steps[self.steps.definitions[definition].step]

    def _value(self, step: Step) -> str:
        return step.values[self.place]

    def _truth(self, definition: int) -> bool | None:
        return {"yes": True, "no": False}.get(self._value(self._step(definition)))

    def _facts(self) -> Iterator[Told]:
        for number, variable, column in self.asked.facts:
            value = self._value(self._step(number))
            if isinstance(variable.query.type, Span):
                value = _time(self.row[column], variable.unit or "days")
            yield Told(variable.label, None if value in ("", UNKNOWN) else value)

    def _criteria(self) -> Iterator[Decision]:
        for number, criterion in zip(self.asked.criteria, self.study.criteria, strict=True):
            yield Decision(criterion.label, self._truth(number), self._why(number))

    def _endpoints(self) -> Iterator[Decision]:
        labels = {visit.name: visit.label for visit in self.study.visits}
        for (name, visit), number in self.asked.endpoints.items():
            endpoint = self.study.endpoints[name]
            verdict = self._truth(number)
            counted, handled = self._counted(endpoint, visit, verdict)
            yield Decision(f"{endpoint.label}, {labels[visit]}", verdict, self._why(number), counted, handled)

    # How it counts

    def _counted(self, endpoint: Endpoint, visit: str, verdict: bool | None) -> tuple[str | None, str | None]:
        estimand = primary_estimand(self.study)
        if estimand is None:
            return None, None
        if not self.row[ELIGIBLE]:
            return "not counted", None
        if self.row.get(stratum_column(endpoint.name, visit, estimand.name), True) is not True:
            return "not asked", self._events(estimand, visit) or None
        value = self.row[endpoint_column(endpoint.name, visit, estimand.name)]
        if value is None:
            return "no", None
        return ("yes" if value else "no"), (None if value is verdict else self._events(estimand, visit) or None)

    def _events(self, estimand: Estimand, visit: str) -> str:
        """The intercurrent events that the patient had, with their strategy."""
        return "; ".join(
            f"{self.study.events[name].label}: {strategy}"
            for name, strategy in estimand.strategies.items()
            if strategy != "treatment policy"
            and (name, visit) in self.asked.events
            and self._truth(self.asked.events[name, visit]) is not False
        )

    # Why

    def _why(self, definition: int) -> tuple[str, ...]:
        reasons = [*dict.fromkeys(self._deciding(self._step(definition)))]
        more = len(reasons) - MOST_REASONS
        return tuple(reasons) if more <= 0 else (*reasons[:MOST_REASONS], f"and {more} more")

    def _deciding(self, step: Step) -> Iterator[str]:
        """The statements that say the same as the whole, each with the values that it reads."""
        parts = [self.steps.steps[part] for part in step.parts]
        statements = [part for part in parts if part.statement and part is not step]
        if step.statement and statements:
            alike = [part for part in statements if self._value(part) == self._value(step)]
            for part in alike or statements:
                yield from self._deciding(part)
            return
        yield f"{step.text}: {'; '.join(self._read(step, parts))}"

    def _read(self, step: Step, parts: Sequence[Step]) -> list[str]:
        """What a statement reads, in words; a field that is yes or no is the statement itself."""
        if not step.statement:
            return [self._said(step)]
        if step.leaf is not None and not parts:
            value = self.steps.leaves[step.leaf].values[self.place]
            return [self._said(step) if value in ("yes", "no", UNKNOWN) else value]
        if len(parts) == 1:
            return [self._said(parts[0])]
        return [f"{part.text} {self._said(part)}" for part in parts] or [self._said(step)]

    def _said(self, step: Step) -> str:
        value = self._value(step)
        return "not known" if value in ("", UNKNOWN) else with_years(value)


def _time(days: int | None, unit: str) -> str:
    """As summaries have it: with one decimal, but for days."""
    if days is None:
        return ""
    return f"{days} days" if unit == "days" else f"{float(days / DAYS_IN[unit]):.1f} {unit}"


def with_years(text: str) -> str:
    """A long time in days, also in years."""
    found = re.fullmatch(r"(\d{4,}) days", text)
    return f"{text} ({int(found[1]) / float(DAYS_IN['years']):.1f} years)" if found else text
