"""The numbers that are pooled: of each published result, and of our own."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from remit.estimate.outcome import outcome_of
from remit.inference.pooling.means import Mean
from remit.inference.pooling.proportions import Events
from remit.inference.pooling.rates import Incidence
from remit.schema.results import OURS, Denominator
from remit.study.comparisons.pool_model import Measure
from remit.study.comparisons.pooled import Ours, Published
from remit.study.study import Study

Numbers = Events | Incidence | Mean
NOBODY = Denominator(None, None, None, None)


def numbers_of(published: Published, measure: Measure) -> Numbers:
    """Those of a result that is pooled, all of which are known."""
    values = [number.value for number in published.numbers(measure) if number is not None]
    match measure:
        case "proportion":
            n, of = values
            return Events(published.name, int(n), int(of))
        case "rate":
            events, years = values
            return Incidence(published.name, int(events), float(years))
        case "mean":
            mean, sd, of = values
            return Mean(published.name, float(mean), float(sd), int(of))


def our_counts(study: Study, ours: Ours, patients: pl.DataFrame) -> Denominator:
    outcome = outcome_of(study, ours.endpoint, ours.visit, ours.estimand, ours.population, patients, [])
    reached = outcome.reached.drop_nulls()
    return Denominator(int(reached.sum()), len(reached), outcome.unknown, outcome.population)


def our_numbers(counts: Denominator) -> Events | None:
    """None where nobody is in the denominator."""
    return Events(OURS, counts.numerator or 0, counts.denominator) if counts.denominator else None


def counted(studies: Sequence[Numbers]) -> Denominator:
    """All of them together: who reached it of how many; events; or how many patients."""
    reached = [study.n for study in studies if isinstance(study, Events)]
    events = [study.events for study in studies if isinstance(study, Incidence)]
    patients = [
        study.of if isinstance(study, Events) else study.n for study in studies if not isinstance(study, Incidence)
    ]
    numerator = sum(reached) if reached else sum(events) if events else None
    return Denominator(numerator, sum(patients) if patients else None, None, None)
