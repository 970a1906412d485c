"""What is pooled: the counts of each study, and of our own."""

from __future__ import annotations

import polars as pl

from remit.estimate.outcome import Outcome, outcome_of
from remit.inference.pooling.proportions import Events
from remit.schema.results import OURS, Denominator
from remit.study.comparisons.pooled import Ours, Pooling, Published
from remit.study.evidence.evidence import Reported
from remit.study.study import Study


def events_of(published: Published) -> Events:
    """How many of how many; both are known."""
    n, of = (_whole(number) for number in published.numbers("proportion"))
    return Events(published.name, n, of)


def _whole(number: Reported | None) -> int:
    if number is None:
        raise ValueError("a result that is pooled has its numbers")
    return int(number.value)


def our_outcome(study: Study, ours: Ours, patients: pl.DataFrame) -> Outcome:
    return outcome_of(study, ours.endpoint, ours.visit, ours.estimand, ours.population, patients, [])


def our_counts(outcome: Outcome) -> Denominator:
    reached = outcome.reached.drop_nulls()
    return Denominator(int(reached.sum()), len(reached), outcome.unknown, outcome.population)


def our_events(counts: Denominator) -> Events | None:
    """None where nobody is in the denominator."""
    return Events(OURS, counts.numerator or 0, counts.denominator) if counts.denominator else None


def published_events(pooling: Pooling) -> list[Events]:
    return [events_of(each) for each in pooling.studies]
