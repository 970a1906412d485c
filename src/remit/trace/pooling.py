"""Behind what is pooled: published results, of which no patient is here, and our own patients where they join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from remit.schema.results import FUNNEL, META_REGRESSION, SURE_NUMBERS, WEIGHTS, WITHOUT_STUDY, Address
from remit.study.comparisons.kinds import EVIDENCE
from remit.study.comparisons.pool_model import Measure, Property
from remit.study.comparisons.pooled import Ours, Pooling, Published
from remit.trace.comparison import PUBLISHED, source_of
from remit.trace.counted import Counted, counted
from remit.trace.outcomes import Outcome, outcome_of
from remit.trace.people import size
from remit.trace.study_people import NoTrace, StudyPeople

_COUNTS: dict[Measure, tuple[int | None, int | None]] = {"proportion": (0, 1), "rate": (0, None), "mean": (None, 2)}
_POOLED = "pooled of published results: of patients of other studies"
_WITH_OURS = "pooled of published results and ours: counted are the patients of all studies, shown are our own"
_NO_COUNTS: dict[str, int | None] = {"numerator": None, "denominator": None}


def behind_pooling(of: StudyPeople, pooling: Pooling, at: Address) -> Counted:
    if at.group == EVIDENCE:
        return _published(pooling, at)
    ours = outcome_of(of, _ours(pooling), at.population) if at.population is not None else None
    if ours is not None and at.variable != pooling.measure:
        return counted(ours.population, ours.counted, ours.reached, *ours.definitions, missing=ours.unknown)
    return _pooled(pooling, _studies(pooling, at), ours, of_counts=_is_of_counts(at))


def _ours(pooling: Pooling) -> Ours:
    if pooling.ours is None:
        raise NoTrace(f"{pooling.name} has no result of ours")
    return pooling.ours


def _published(pooling: Pooling, at: Address) -> Counted:
    """A result that somebody else counted."""
    found = next(each for each in pooling.every if each.name == at.group_level)
    counts = _together([found], pooling.measure) if found in pooling.studies else _NO_COUNTS
    source = source_of(found.beside, found.result)
    return Counted(None, None, None, None, note=PUBLISHED, instead=counts, source=source)


def _together(studies: Sequence[Published], measure: Measure) -> dict[str, int | None]:
    """What the published numbers add up to."""
    places = dict(zip(_NO_COUNTS, _COUNTS[measure], strict=True))
    return {name: None if place is None else _sum(studies, measure, place) for name, place in places.items()}


def _sum(studies: Sequence[Published], measure: Measure, place: int) -> int:
    numbers = [each.numbers(measure)[place] for each in studies]
    return sum(int(number.value) for number in numbers if number is not None)


def _is_of_counts(at: Address) -> bool:
    """Weights, and tests between groups, are of no count."""
    return at.group != WEIGHTS and (at.group not in get_args(Property) or at.group_level is not None)


def _studies(pooling: Pooling, at: Address) -> Sequence[Published]:
    """Which published results are pooled there."""
    if at.handling == META_REGRESSION:
        return [each for each in pooling.studies if each.moderator(at.level or "") is not None]
    if at.handling == FUNNEL:
        return pooling.studies
    if at.group == WITHOUT_STUDY:
        return [each for each in pooling.studies if each.name != at.group_level]
    if at.group == SURE_NUMBERS:
        return [each for each in pooling.studies if not each.unsure(pooling.measure)]
    for asked in get_args(Property):
        if at.group == asked and at.group_level is not None:
            return [each for each in pooling.studies if each.by(asked, pooling.measure) == at.group_level]
    return pooling.studies


def _pooled(pooling: Pooling, studies: Sequence[Published], ours: Outcome | None, of_counts: bool) -> Counted:
    """Counted are all patients; shown are our own."""
    sources = tuple(source_of(each.beside, each.result) for each in studies)
    published = _together(studies, pooling.measure) if of_counts else _NO_COUNTS
    if ours is None:
        return Counted(None, None, None, None, note=_POOLED, instead=published, pooled=sources)
    found = counted(ours.population, ours.counted, ours.reached, *ours.definitions, missing=ours.unknown)
    together = {
        "numerator": (published["numerator"] or 0) + size(ours.reached),
        "denominator": (published["denominator"] or 0) + size(ours.counted),
    }
    absent: dict[str, int | None] = {"missing": None, "population_n": None}
    return replace(found.told(_WITH_OURS, **(together if of_counts else _NO_COUNTS), **absent), pooled=sources)
