"""The section `comparisons`: each comparison, as it is written, into what is asked. Raises WrongInput."""

from __future__ import annotations

from remit.study.analyses.declared import Declared
from remit.study.analyses.primary import endpoint_asked, estimand_asked
from remit.study.comparisons.kinds import Beside, Comparison
from remit.study.comparisons.model import BesidePart, ComparisonPart
from remit.study.place import Place


def make_comparisons(declared: Declared) -> tuple[Comparison, ...]:
    """In the order of the study file. Raises WrongInput."""
    place, analyses = declared.place / "comparisons", declared.file.analyses
    for name in declared.file.comparisons:
        if name in analyses:
            raise (place / name).wrong_name(f"'{name}' is also an analysis", "Rename one.")
    return tuple(_comparison(name, part, place / name, declared) for name, part in declared.file.comparisons.items())


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
        benchmark=part.benchmark,
    )


def _beside(part: BesidePart, place: Place, declared: Declared) -> Beside:
    """What `study.outcome` names."""
    shelf = declared.packs.evidence
    here = place if isinstance(place.document.at(place.key), str) else place / "of"
    study, dot, name = part.of.partition(".")
    if not dot:
        what = f"'{part.of}' is no published outcome"
        raise here.wrong(what, "Write the study and its outcome, with a point between them: `trial.remission`.")
    here.known(study, shelf, "evidence")
    evidence = shelf[study]
    here.known(name, evidence.outcomes, f"outcome of {study}")
    outcome = evidence.outcomes[name]
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
