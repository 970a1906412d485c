"""What was found, a row a number with its interval: what the files hold, and the page of the terminal is made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from remit.inference.chi_squared import ChiSquared
from remit.inference.estimate import Estimate
from remit.inference.pooling.pool import Pooled
from remit.inference.pooling.regression import Moderation, Regression
from remit.inference.pooling.subgroups import Subgroup
from remit.pooling.done import Done

POOLED, PREDICTION, HETEROGENEITY, STUDY = "pooled", "prediction", "heterogeneity", "study"
SUBGROUP, MODERATOR, FUNNEL = "subgroup", "moderator", "funnel"
BETWEEN = "Q between subgroups"
WITHOUT, CUMULATIVE = "without", "cumulative"


@dataclass(frozen=True)
class Row:
    """`part`: of the analysis; `of`: a study, a subgroup, a coefficient, tau2, I2, H2, Q. `value` and its ends are told
    as the measure tells them (a proportion is a share of 1), coefficients of moderators on the scale of pooling."""

    part: str
    of: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    freedom: str | None = None
    weight: float | None = None
    counts: str | None = None
    studies: int | None = None
    method: str = ""
    note: str | None = None


def rows_of(done: Done) -> list[Row]:
    return [*_rows(done)]


def _rows(done: Done) -> Iterator[Row]:
    pooled = done.pooled
    yield _pooled(POOLED, "all studies", pooled)
    yield _estimate(PREDICTION, "a further study", pooled.prediction)
    yield from _heterogeneity(HETEROGENEITY, pooled)
    for study, counts in zip(pooled.studies, done.counts, strict=True):
        yield replace(_estimate(STUDY, study.name, study.estimate, study.weight), counts=counts or None)
    if done.subgroups:
        yield from (_subgroup(group) for group in done.subgroups.groups)
        yield replace(_test(SUBGROUP, "between subgroups", done.subgroups.between), method=BETWEEN)
    if done.regression:
        yield from _regression(done.regression)
    for left in done.without:
        yield _pooled(WITHOUT, left.study, left.pooled)
    for one in done.cumulated:
        yield _pooled(CUMULATIVE, one.study, one.pooled)
    if done.asymmetry:
        found = done.asymmetry
        freedom = None if found.freedom is None else f"{found.freedom}"
        yield Row(FUNNEL, "asymmetry", found.statistic, p=found.p, freedom=freedom, method=found.method)


def _pooled(part: str, of: str, pooled: Pooled) -> Row:
    estimate, freedom = pooled.estimate, pooled.linear.freedom
    return Row(
        part,
        of,
        estimate.value,
        estimate.lower,
        estimate.upper,
        estimate.p,
        None if freedom is None else f"{freedom}",
        studies=len(pooled.studies),
        method=estimate.method,
        note=estimate.note,
    )


def _estimate(part: str, of: str, estimate: Estimate, weight: float | None = None) -> Row:
    ends = estimate.lower, estimate.upper, estimate.p
    return Row(part, of, estimate.value, *ends, weight=weight, method=estimate.method, note=estimate.note)


def _heterogeneity(part: str, pooled: Pooled) -> Iterator[Row]:
    found = pooled.heterogeneity
    yield _chi_squared(part, "Q", found.q)
    if found.wald:
        yield _chi_squared(part, "Wald", found.wald)
    for of, estimate in (("tau2", found.tau2), ("I2", found.i2), ("H2", found.h2)):
        yield _estimate(part, of, estimate)


def _chi_squared(part: str, of: str, test: ChiSquared) -> Row:
    return Row(part, of, test.statistic, p=test.p, freedom=f"{test.freedom}", method=test.method, note=test.note)


def _subgroup(group: Subgroup) -> Row:
    estimate = group.estimate
    ends = estimate.lower, estimate.upper, estimate.p
    return Row(SUBGROUP, group.name, estimate.value, *ends, studies=group.studies, method=estimate.method)


def _test(part: str, of: str, test: Moderation) -> Row:
    freedom = f"{test.freedom}" if test.denominator is None else f"{test.freedom}, {test.denominator}"
    return Row(part, of, test.statistic, p=test.p, freedom=freedom, method=test.method)


def _regression(found: Regression) -> Iterator[Row]:
    method = f"coefficient of the {found.scale.name}"
    for each in found.coefficients:
        yield Row(MODERATOR, each.name, each.value, each.lower, each.upper, each.p, method=method)
    yield _test(MODERATOR, "all moderators", found.moderation)
    yield _estimate(MODERATOR, "residual tau2", found.heterogeneity.tau2)
    yield _estimate(MODERATOR, "residual I2", found.heterogeneity.i2)
    yield _chi_squared(MODERATOR, "residual Q", found.heterogeneity.q)
    if found.explained is not None:
        yield Row(MODERATOR, "R2", found.explained, method="percent of tau² that moderators explain")
