"""What a table's columns say of its studies: counts, rates, means, two arms, or estimates. Raises WrongInput."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from remit.errors import WrongInput
from remit.inference.estimate import Estimate
from remit.inference.pooling import means, proportions, rates, two_arms
from remit.inference.pooling.effects import Effects, Scale, generic
from remit.inference.pooling.means import Mean
from remit.inference.pooling.mixed import mixed_proportions, mixed_rates
from remit.inference.pooling.pool import Pooled
from remit.inference.pooling.proportions import Events
from remit.inference.pooling.rates import Incidence
from remit.inference.pooling.two_arms import Arms
from remit.inference.proportions import proportion
from remit.inference.rates import rate
from remit.pooling.table import Row, Table

Arm = TypeVar("Arm", Events, Incidence, Mean)


@dataclass(frozen=True)
class Estimated:
    """An effect as it was published, on the scale of the measure."""

    name: str
    estimate: float
    error: float


@dataclass(frozen=True)
class Kind:
    """`columns`: those it is told by. `measures`: the first is taken unasked. `counts`: of how many a study is, under
    the heading `counted`; "" of an estimate. `mixed`: the mixed model of its counts; None where there is none. `alone`:
    what a study found, with the interval that it would have for itself; None: that of the scale of pooling. (A logit of
    0 of n is one of half an event, and should not be shown as what was found.)"""

    name: str
    columns: tuple[str, ...]
    study: Callable[[Row], Any]
    measures: Mapping[str, Callable[[Sequence[Any]], Effects]]
    counted: str = ""
    counts: Callable[[Any], str] = lambda _: ""
    mixed: Callable[..., Pooled] | None = None
    alone: Callable[[Any], Estimate] | None = None

    def studies(self, table: Table) -> list[Any]:
        found = []
        for row in table.rows:
            try:
                found.append(self.study(row))
            except ValueError as error:
                raise row.wrong(str(error), f"Correct the columns {', '.join(self.columns)}.") from None
        return found


def _events(n: str, of: str) -> Callable[[Row], Events]:
    def study(row: Row) -> Events:
        had, patients = row.count(n), row.count(of)
        if had > patients:
            what = f"{row.study} has {n} = {had}, more than its {of} = {patients}"
            raise row.wrong(what, "Of so many patients at most that many can have the event.")
        return Events(row.study, had, patients)

    return study


def _incidence(events: str, time: str) -> Callable[[Row], Incidence]:
    return lambda row: Incidence(row.study, row.count(events), row.number(time))


def _n_of(study: Events) -> str:
    return f"{study.n}/{study.of}"


def _in_time(study: Incidence) -> str:
    return f"{study.events}/{study.time:g}"


def _size(study: Mean) -> str:
    return f"{study.n}"


def _both(counts: Callable[[Arm], str]) -> Callable[[Arms[Arm]], str]:
    return lambda study: f"{counts(study.one)}, {counts(study.two)}"


def _share(study: Events) -> Estimate:
    return proportion(study.n, study.of)


def _rate(study: Incidence) -> Estimate:
    return rate(study.events, study.time, per=1.0)


def _mean(mean: str, sd: str, n: str) -> Callable[[Row], Mean]:
    return lambda row: Mean(row.study, row.number(mean), row.number(sd), row.count(n))


def _estimate(row: Row) -> Estimated:
    error = row.number("se")
    if error <= 0:
        raise row.wrong(f"the standard error of {row.study} is {error:g}", "It is to be above 0.")
    return Estimated(row.study, row.number("estimate"), error)


def _arms(one: Callable[[Row], Arm], two: Callable[[Row], Arm]) -> Callable[[Row], Arms[Arm]]:
    return lambda row: Arms(row.study, one(row), two(row))


def _on(scale: Scale) -> Callable[[Sequence[Estimated]], Effects]:
    def effects(studies: Sequence[Estimated]) -> Effects:
        names, values = [study.name for study in studies], [study.estimate for study in studies]
        return generic(names, values, [study.error for study in studies], scale)

    return effects


LOG_RATIO = Scale("log ratio", "ratio", math.exp, 1.0)
ESTIMATE = Scale("estimate", "estimate", none=0.0)

OF_N, OF_YEARS, OF_MEAN = "n/N", "events/years", "n"

KINDS = (
    Kind("proportion", ("n", "of"), _events("n", "of"), proportions.MEASURES, OF_N, _n_of, mixed_proportions, _share),
    Kind(
        "rate",
        ("events", "person_years"),
        _incidence("events", "person_years"),
        rates.MEASURES,
        OF_YEARS,
        _in_time,
        mixed_rates,
        _rate,
    ),
    Kind("mean", ("mean", "sd", "n"), _mean("mean", "sd", "n"), means.MEASURES, OF_MEAN, _size),
    Kind(
        "two proportions",
        ("n1", "of1", "n2", "of2"),
        _arms(_events("n1", "of1"), _events("n2", "of2")),
        {name: two_arms.OF_EVENTS[name] for name in ("risk ratio", "odds ratio", "risk difference")},
        OF_N,
        _both(_n_of),
    ),
    Kind(
        "two rates",
        ("events1", "person_years1", "events2", "person_years2"),
        _arms(_incidence("events1", "person_years1"), _incidence("events2", "person_years2")),
        two_arms.OF_RATES,
        OF_YEARS,
        _both(_in_time),
    ),
    Kind(
        "two means",
        ("mean1", "sd1", "n1", "mean2", "sd2", "n2"),
        _arms(_mean("mean1", "sd1", "n1"), _mean("mean2", "sd2", "n2")),
        two_arms.OF_MEANS,
        OF_MEAN,
        _both(_size),
    ),
    Kind(
        "estimate",
        ("estimate", "se"),
        _estimate,
        {
            "estimate": _on(ESTIMATE),
            "log ratio": _on(LOG_RATIO),
            "logit": _on(proportions.LOGIT),
            "log rate": _on(rates.LOG_RATE),
        },
    ),
)


def kind_of(table: Table) -> Kind:
    """The one kind whose columns the table has."""
    there = [kind for kind in KINDS if set(kind.columns) <= set(table.columns)]
    if len(there) == 1:
        return there[0]
    where = f"{table.path}:1"
    if there:
        both = " and ".join(f"{', '.join(kind.columns)} ({kind.name})" for kind in there)
        raise WrongInput(where, f"the columns can be read in more than one way: {both}", "Keep those of one way.")
    ways = "; ".join(", ".join(kind.columns) for kind in KINDS)
    what = f"its columns, {', '.join(table.columns)}, tell no effect of a study"
    raise WrongInput(where, what, f"Beside study have the columns of one of these: {ways}.")
