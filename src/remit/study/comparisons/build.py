"""The section `comparisons`: each comparison, as it is written, into what is asked. Raises WrongInput."""

from __future__ import annotations

from collections.abc import Iterator

from remit.study.analyses.declared import Declared
from remit.study.analyses.primary import endpoint_asked, estimand_asked
from remit.study.comparisons.indirect import make_indirect
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.kinds import Beside, Comparison
from remit.study.comparisons.model import BesidePart, ComparisonPart
from remit.study.comparisons.named import outcome_named
from remit.study.comparisons.pool import make_pools
from remit.study.comparisons.pooled import Pooling
from remit.study.comparisons.rules import RulesBuilder
from remit.study.place import Place


def make_comparisons(declared: Declared) -> tuple[Comparison | Indirect | Pooling, ...]:
    """In the order of the study file, behind each what is made of it. Raises WrongInput."""
    found = [*_each(declared)]
    taken = {*declared.file.analyses}
    for at, each in found:
        if each.name in taken:
            kind = "an analysis" if each.name in declared.file.analyses else "a comparison"
            raise at.wrong_name(f"'{each.name}' is also {kind}", "Rename one.")
        taken.add(each.name)
    return tuple(each for _, each in found)


def _each(declared: Declared) -> Iterator[tuple[Place, Comparison | Indirect | Pooling]]:
    for name, part in declared.file.comparisons.items():
        place = declared.place / "comparisons" / name
        comparison = _comparison(name, part, place, declared)
        yield place, comparison
        yield from make_indirect(comparison, part, place / "indirect", declared)
        yield from make_pools(comparison, part, place / "pool", declared)


def _comparison(name: str, part: ComparisonPart, place: Place, declared: Declared) -> Comparison:
    endpoint, visit, populations = endpoint_asked(name, part, place, declared)
    estimand = estimand_asked(part, place, declared)
    beside = tuple(_beside(each, place / "evidence" / number, declared) for number, each in enumerate(part.evidence))
    _refuse_twice(beside, place / "evidence")
    return Comparison(
        name,
        part.title or name.replace("_", " ").capitalize(),
        populations,
        endpoint,
        visit,
        estimand,
        beside,
        RulesBuilder(name, part, declared.endpoints[endpoint], visit, place, declared).rules(beside),
        part.benchmark,
    )


def _beside(part: BesidePart, place: Place, declared: Declared) -> Beside:
    """What `study.outcome` names."""
    here = place if isinstance(place.document.at(place.key), str) else place / "of"
    evidence, outcome = outcome_named(part.of, here, declared)
    arms = part.arms if part.arms is not None else [*outcome.results]
    (place / "arms").each(arms, outcome.results, f"arm of {part.of}")
    return Beside(evidence, outcome, tuple(arms))


def _refuse_twice(beside: tuple[Beside, ...], place: Place) -> None:
    """No number may stand twice in a table."""
    seen: set[tuple[str, str]] = set()
    for number, each in enumerate(beside):
        for arm in each.arms:
            if (each.name, arm) in seen:
                what = f"{each.name} stands here twice, with the arm {arm}"
                raise (place / number).wrong(what, "Name each arm of an outcome once.")
            seen.add((each.name, arm))
