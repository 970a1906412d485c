"""Pooled estimates as statistics of results, in the units in which they are told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from remit.estimate.pooling.numbers import Numbers
from remit.inference.estimate import Estimate, Guard
from remit.inference.pooling.effects import Effects
from remit.inference.pooling.means import Mean
from remit.inference.pooling.pool import Pooled
from remit.inference.pooling.proportions import Events
from remit.inference.pooling.rates import Incidence
from remit.schema.results import Statistic, guard
from remit.study.comparisons.pool_model import Measure

MAIN: Mapping[Measure, str] = {"proportion": "percent", "rate": "rate", "mean": "mean"}
UNIT: Mapping[Measure, str | None] = {"proportion": "%", "rate": "per 100 patient-years", "mean": None}
TIMES: Mapping[Measure, float] = {"proportion": 100.0, "rate": 100.0, "mean": 1.0}
RATIO: Mapping[Measure, str] = {"proportion": "odds_ratio", "rate": "rate_ratio", "mean": "difference"}


def estimate(found: Estimate, measure: Measure) -> list[Statistic]:
    """The value with the ends of its interval, as it is told."""
    return _given(MAIN[measure], "", found, TIMES[measure], UNIT[measure])


def prediction(found: Estimate, measure: Measure) -> list[Statistic]:
    return _ends("prediction_", found, TIMES[measure], UNIT[measure])


def not_given(measure: Measure, why: str) -> Statistic:
    return Statistic(MAIN[measure], None, UNIT[measure], note=why)


def heterogeneity(found: Pooled) -> list[Statistic]:
    between = found.heterogeneity
    test = between.q
    return [
        *_given("tau2", "tau2_", between.tau2),
        *_given("i2", "i2_", between.i2, unit="%"),
        Statistic("q", test.statistic, method=test.method, note=test.note),
        Statistic("degrees_of_freedom", float(test.freedom), method=test.method),
        Statistic("p", test.p, method=test.method, note=test.note),
    ]


def sizes(studies: Sequence[Numbers]) -> list[Statistic]:
    """How many studies, and of how many patients or patient-years."""
    years = [study.time for study in studies if isinstance(study, Incidence)]
    patients = [
        study.of if isinstance(study, Events) else study.n for study in studies if not isinstance(study, Incidence)
    ]
    found = [Statistic("studies", float(len(studies)))]
    if years:
        return [*found, Statistic("patient_years", float(sum(years)), "patient-years")]
    return [*found, Statistic("total", float(sum(patients)))]


def alone(study: Numbers) -> list[Statistic]:
    """A study by itself, with the interval that its numbers give."""
    if isinstance(study, Events):
        from remit.estimate.proportions import proportion

        return proportion(study.n, study.of)
    if isinstance(study, Incidence):
        from remit.inference.rates import rate

        found = rate(study.events, study.time)
        said = [Statistic("events", float(study.events)), Statistic("patient_years", study.time, "patient-years")]
        return [*said, *_given("rate", "", found, unit=UNIT["rate"])]
    return _mean(study)


def _mean(study: Mean) -> list[Statistic]:
    from remit.inference.pooling.means import raw_means

    found = [Statistic("n", float(study.n)), Statistic("mean", study.mean), Statistic("sd", study.sd)]
    if study.sd == 0:
        return found
    return [*found, *_ends("", raw_means([study]).estimates()[0])]


def on_scale(effects: Effects, at: int = 0) -> list[Statistic]:
    """Where a study stands in a funnel."""
    unit = effects.scale.name
    return [
        Statistic("effect", effects.values[at], unit),
        Statistic("standard_error", math.sqrt(effects.variances[at]), unit),
    ]


def guards(notes: Sequence[Guard]) -> list[Statistic]:
    return [Statistic(guard(each.name), None, note=each.told) for each in notes]


def _given(name: str, before: str, found: Estimate, times: float = 1, unit: str | None = None) -> list[Statistic]:
    value = Statistic(name, _times(found.value, times), unit, found.method, found.note)
    return [value, *_ends(before, found, times, unit)]


def _ends(before: str, found: Estimate, times: float = 1, unit: str | None = None) -> list[Statistic]:
    return [
        Statistic(f"{before}{end}", _times(value, times), unit, found.method, found.note)
        for end, value in (("lower", found.lower), ("upper", found.upper))
    ]


def _times(value: float | None, times: float) -> float | None:
    return None if value is None or not math.isfinite(value) else times * value
