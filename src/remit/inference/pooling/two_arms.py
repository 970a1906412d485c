"""Ratios and differences of two arms, as R's escalc has them: the first arm to the second, or less the second."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from remit.inference.estimate import Guard
from remit.inference.pooling.effects import Effects, Scale
from remit.inference.pooling.means import Mean
from remit.inference.pooling.proportions import ADDED, Events, zeros
from remit.inference.pooling.rates import Incidence

Arm = TypeVar("Arm", Events, Incidence, Mean)


@dataclass(frozen=True)
class Arms(Generic[Arm]):
    """The two arms of a study; their own names are not looked at."""

    name: str
    one: Arm
    two: Arm


ODDS_RATIO = Scale("log odds ratio", "odds ratio", math.exp, 1.0)
RISK_RATIO = Scale("log risk ratio", "risk ratio", math.exp, 1.0)
RISK_DIFFERENCE = Scale("risk difference", "risk difference", none=0.0)
RATE_RATIO = Scale("log rate ratio", "rate ratio", math.exp, 1.0)
RATE_DIFFERENCE = Scale("rate difference", "rate difference", none=0.0)
MEAN_DIFFERENCE = Scale("mean difference", "mean difference", none=0.0)
STANDARDISED = Scale("standardised mean difference", "standardised mean difference", none=0.0)


@dataclass(frozen=True)
class _Table:
    """Events and non-events of both arms; a half is added to all four where one of them is 0."""

    a: float
    b: float
    c: float
    d: float

    @property
    def risks(self) -> tuple[float, float]:
        return self.a / (self.a + self.b), self.c / (self.c + self.d)


def odds_ratios(studies: Sequence[Arms[Events]]) -> Effects:
    tables = [_table(study) for study in studies]
    return _effects(
        ODDS_RATIO,
        studies,
        [math.log(table.a * table.d / (table.b * table.c)) for table in tables],
        [1 / table.a + 1 / table.b + 1 / table.c + 1 / table.d for table in tables],
        _patients(studies),
        _no_count(studies),
    )


def risk_ratios(studies: Sequence[Arms[Events]]) -> Effects:
    tables = [_table(study) for study in studies]
    return _effects(
        RISK_RATIO,
        studies,
        [math.log(table.risks[0] / table.risks[1]) for table in tables],
        [1 / table.a - 1 / (table.a + table.b) + 1 / table.c - 1 / (table.c + table.d) for table in tables],
        _patients(studies),
        _no_count(studies),
    )


def risk_differences(studies: Sequence[Arms[Events]]) -> Effects:
    tables = [_table(study) for study in studies]
    return _effects(
        RISK_DIFFERENCE,
        studies,
        [table.risks[0] - table.risks[1] for table in tables],
        [_of_risk(table.a, table.b) + _of_risk(table.c, table.d) for table in tables],
        _patients(studies),
        _no_count(studies),
    )


def rate_ratios(studies: Sequence[Arms[Incidence]]) -> Effects:
    """A half is added to the events of both arms where one has none."""
    pairs = [_pair(study) for study in studies]
    return _effects(
        RATE_RATIO,
        studies,
        [math.log(x * s.two.time / (y * s.one.time)) for (x, y), s in zip(pairs, studies, strict=True)],
        [1 / x + 1 / y for x, y in pairs],
        _times(studies),
        _no_events(studies),
    )


def rate_differences(studies: Sequence[Arms[Incidence]]) -> Effects:
    """A half is added to the events of both arms where one has none."""
    pairs = [_pair(study) for study in studies]
    return _effects(
        RATE_DIFFERENCE,
        studies,
        [x / s.one.time - y / s.two.time for (x, y), s in zip(pairs, studies, strict=True)],
        [x / s.one.time**2 + y / s.two.time**2 for (x, y), s in zip(pairs, studies, strict=True)],
        _times(studies),
        _no_events(studies),
    )


def mean_differences(studies: Sequence[Arms[Mean]]) -> Effects:
    return _effects(
        MEAN_DIFFERENCE,
        studies,
        [study.one.mean - study.two.mean for study in studies],
        [study.one.sd**2 / study.one.n + study.two.sd**2 / study.two.n for study in studies],
        [float(study.one.n + study.two.n) for study in studies],
    )


def standardised_mean_differences(studies: Sequence[Arms[Mean]]) -> Effects:
    """In units of the pooled standard deviation, without the bias of small studies: L. V. Hedges, Journal of
    Educational Statistics 1981;6:107-28. Raises ValueError for a study of fewer than four patients, or in whose arms
    nobody differs."""
    pairs = [_standardised(study) for study in studies]
    sizes = [float(study.one.n + study.two.n) for study in studies]
    return _effects(STANDARDISED, studies, [value for value, _ in pairs], [variance for _, variance in pairs], sizes)


def _standardised(study: Arms[Mean]) -> tuple[float, float]:
    one, two = study.one, study.two
    freedom = one.n + two.n - 2
    within = (one.n - 1) * one.sd**2 + (two.n - 1) * two.sd**2
    if freedom < 2 or within <= 0:
        raise ValueError(f"{study.name}: its patients have no standard deviation to measure a difference by")
    unbiased = math.exp(math.lgamma(freedom / 2) - math.log(freedom / 2) / 2 - math.lgamma((freedom - 1) / 2))
    value = unbiased * (one.mean - two.mean) / math.sqrt(within / freedom)
    return value, 1 / one.n + 1 / two.n + value**2 / (2 * (one.n + two.n))


def _table(study: Arms[Events]) -> _Table:
    one, two = study.one, study.two
    added = ADDED if one.extreme or two.extreme else 0.0
    return _Table(one.n + added, one.of - one.n + added, two.n + added, two.of - two.n + added)


def _of_risk(had: float, had_not: float) -> float:
    return had * had_not / (had + had_not) ** 3


def _pair(study: Arms[Incidence]) -> tuple[float, float]:
    added = 0.0 if study.one.events and study.two.events else ADDED
    return study.one.events + added, study.two.events + added


def _patients(studies: Sequence[Arms[Events]]) -> list[float]:
    return [float(study.one.of + study.two.of) for study in studies]


def _times(studies: Sequence[Arms[Incidence]]) -> list[float]:
    return [study.one.time + study.two.time for study in studies]


def _no_count(studies: Sequence[Arms[Events]]) -> tuple[Guard, ...]:
    names = [study.name for study in studies if study.one.extreme or study.two.extreme]
    return (zeros(names, "Nobody or everybody of an arm had the event", len(studies)),) if names else ()


def _no_events(studies: Sequence[Arms[Incidence]]) -> tuple[Guard, ...]:
    names = [study.name for study in studies if not (study.one.events and study.two.events)]
    return (zeros(names, "There were no events in an arm", len(studies)),) if names else ()


def _effects(
    scale: Scale,
    studies: Sequence[Arms[Arm]],
    values: Sequence[float],
    variances: Sequence[float],
    sizes: Sequence[float],
    notes: tuple[Guard, ...] = (),
) -> Effects:
    names = tuple(study.name for study in studies)
    return Effects(scale, names, tuple(values), tuple(variances), tuple(sizes), notes=notes)


OF_EVENTS: Mapping[str, Callable[[Sequence[Arms[Events]]], Effects]] = {
    "odds ratio": odds_ratios,
    "risk ratio": risk_ratios,
    "risk difference": risk_differences,
}
OF_RATES: Mapping[str, Callable[[Sequence[Arms[Incidence]]], Effects]] = {
    "rate ratio": rate_ratios,
    "rate difference": rate_differences,
}
OF_MEANS: Mapping[str, Callable[[Sequence[Arms[Mean]]], Effects]] = {
    "mean difference": mean_differences,
    "standardised mean difference": standardised_mean_differences,
}
