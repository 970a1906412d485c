"""Behind what is pooled: published results, of which no patient is here, and our own patients where they join."""

from __future__ import annotations

from collections.abc import Sequence

from remit.schema.results import SURE_NUMBERS, WEIGHTS, WITHOUT_OURS, WITHOUT_STUDY, Address
from remit.study.comparisons.kinds import EVIDENCE
from remit.study.comparisons.pooled import Ours, Pooling, Published
from remit.trace.counted import Counted, counted
from remit.trace.outcomes import Outcome, outcome_of
from remit.trace.people import size
from remit.trace.study_people import NoTrace, StudyPeople


def behind_pooling(of: StudyPeople, pooling: Pooling, at: Address) -> Counted:
    if at.group == EVIDENCE:
        return _published(pooling, at)
    ours = None
    if at.population is not None:
        ours = outcome_of(of, _ours(pooling), at.population)
        if at.variable != pooling.measure:
            return counted(ours.population, ours.counted, ours.reached, *ours.definitions, missing=ours.unknown)
    return _pooled(pooling, _studies(pooling, at), ours, weights=(at.group or "").endswith(WEIGHTS))


def _ours(pooling: Pooling) -> Ours:
    if pooling.ours is None:
        raise NoTrace(f"{pooling.name} has no result of ours")
    return pooling.ours


def _published(pooling: Pooling, at: Address) -> Counted:
    """A result that somebody else counted."""
    every = [*pooling.studies, *(each.published for each in pooling.left_out)]
    found = next(each for each in every if each.name == at.group_level)
    n, of = _counts(found) if found in pooling.studies else (None, None)
    note = f"Published: nobody of this study stands behind it. {found.evidence.citation.text}"
    return Counted(None, None, None, None, note=note, instead={"numerator": n, "denominator": of})


def _counts(published: Published) -> tuple[int, int]:
    n, of = published.result.n, published.result.of
    if n is None or of is None:
        raise NoTrace(f"{published.name} has no counts")
    return int(n.value), int(of.value)


def _studies(pooling: Pooling, at: Address) -> Sequence[Published]:
    """Which published results are pooled there."""
    match at.group:
        case None | "" if at.group is None:
            return pooling.studies
        case group if group == WITHOUT_STUDY:
            return [each for each in pooling.studies if each.name != at.group_level]
        case group if group == SURE_NUMBERS:
            return [each for each in pooling.studies if not each.unsure(pooling.measure)]
    if at.group == WITHOUT_OURS or at.group.endswith(WEIGHTS):
        return pooling.studies
    raise NoTrace(f"{pooling.name} pools nothing of {at.group}")


def _pooled(pooling: Pooling, studies: Sequence[Published], ours: Outcome | None, weights: bool) -> Counted:
    """Counted are all patients; shown are our own."""
    names = ", ".join(each.label for each in studies)
    note = f"Pooled of published results ({names}), of which no patient is here."
    if weights:
        return Counted(None, None, None, None, note=note, instead=dict.fromkeys(("numerator", "denominator")))
    counts = [_counts(each) for each in studies]
    reached, everybody = (sum(each) for each in zip(*counts, strict=True)) if counts else (0, 0)
    if ours is None:
        return Counted(None, None, None, None, note=note, instead={"numerator": reached, "denominator": everybody})
    together = {"numerator": reached + size(ours.reached), "denominator": everybody + size(ours.counted)}
    note = f"Counted are the patients of all studies; shown are our own. {note}"
    absent: dict[str, int | None] = {"missing": None, "population_n": None}
    found = counted(ours.population, ours.counted, ours.reached, *ours.definitions, missing=ours.unknown)
    return found.told(note, **together, **absent)
