"""What keeps pooled studies from being like with like: in words, from what is told of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from remit.language.describe import describe
from remit.report.document import Block, Definition, Definitions, Fold, Words, words
from remit.report.guards import guards_at
from remit.report.language import Language
from remit.report.numbers import note
from remit.report.pooling.found import Found
from remit.report.wording import capital, listed_text, sentence, small, visit_label
from remit.schema.results import DECIDED
from remit.study.comparisons.pooled import Published
from remit.study.evidence.evidence import NOT_STATED

Aspect = Literal[
    "outcome", "design", "definition", "week", "line of therapy", "handling of missing data", "whose results count"
]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
_NOT_TOLD = "not told"
_ALL = "all of an arm"
_ALIKE = (
    "What is told of the studies is the same in all of them. That does not make their patients comparable: much is not "
    "told."
)


def caution_blocks(found: Found) -> tuple[Block, ...]:
    """What differs between the studies, who was left out, what warns of the numbers; then study by study."""
    items = [Definition(term, tuple(lines)) for term, lines in _cautions(found).items() if lines]
    return Definitions(tuple(items)), _study_by_study(found)


def _cautions(found: Found) -> Mapping[str, list[Words]]:
    return {
        "Not like with like": [(line,) for line in _differences(found)] or [(_ALIKE,)],
        "Left out": [
            words(f"{each.published.label}: ", _why(found, each.published), ".") for each in found.pooling.left_out
        ],
        "Less sure numbers": [words(f"{each.label}: ", _why(found, each), ".") for each in _unsure(found)],
        "Caution": [note(each) for each in guards_at(found.lookup, found.pooling.pooled())],
    }


def _why(found: Found, published: Published) -> Words:
    return note(found.alone(published)[found.main])


def _unsure(found: Found) -> Iterator[Published]:
    return (each for each in found.pooling.studies if each.unsure(found.pooling.measure))


# What differs


def differing(found: Found) -> list[Aspect]:
    """In what the pooled results are surely not the same, or not told of some."""
    return [aspect for aspect in ASPECTS if len(_by_words(found, aspect)) > 1]


def in_words(aspect: Aspect, say: Language) -> str:
    match aspect:
        case "outcome":
            return say.text("outcome")
        case "design":
            return say.text("design")
        case "definition":
            return say.text("definition")
        case "week":
            return say.text("week")
        case "line of therapy":
            return say.text("line of therapy")
        case "handling of missing data":
            return say.text("handling of missing data")
        case "whose results count":
            return say.text("whose results count")


def _differences(found: Found) -> Iterator[str]:
    """What is not the same in all of them: which is told of which."""
    for aspect in differing(found):
        by_words = _by_words(found, aspect)
        said = "; ".join(f"{what} ({listed_text(names)})" for what, names in by_words.items())
        yield sentence(f"{aspect}: {said}")


def _by_words(found: Found, aspect: Aspect) -> dict[str, list[str]]:
    """What is told of the aspect, with the studies of which it is told; ours among them, if it joins."""
    by_words: dict[str, list[str]] = {}
    for each in found.pooling.studies:
        by_words.setdefault(_told(each, aspect), []).append(each.label)
    if found.pooling.joins and (ours := _ours(found, aspect)):
        by_words.setdefault(ours, []).append("ours")
    return by_words


def _told(published: Published, aspect: Aspect) -> str:
    evidence, outcome = published.evidence, published.outcome
    match aspect:
        case "outcome":
            return outcome.concept
        case "design":
            return evidence.design
        case "definition":
            return outcome.definition.words if outcome.definition.stated else _NOT_TOLD
        case "week":
            return published.time or _NOT_TOLD
        case "line of therapy":
            return evidence.line or _NOT_TOLD
        case "handling of missing data":
            return _NOT_TOLD if outcome.handling == NOT_STATED else outcome.handling
        case "whose results count":
            return outcome.among or _ALL


def _ours(found: Found, aspect: Aspect) -> str | None:
    """What is surely told of ours; None of the rest."""
    ours, study = found.pooling.ours, found.study
    if ours is None:
        return None
    match aspect:
        case "definition":
            return describe(study.endpoints[ours.endpoint].queries[ours.visit], study.scope, ours.visit)
        case "week":
            return small(visit_label(study, ours.visit))
        case "line of therapy":
            return study.identity.line
        case "handling of missing data":
            return "observed only" if ours.estimand == DECIDED else "non-response"
    return None


def _study_by_study(found: Found) -> Fold:
    """Whom each is of, and what to keep in mind of it."""
    items = tuple(
        Definition(capital(each.label), ((sentence(each.evidence.patients),), *_kept_in_mind(each)), each.outcome.label)
        for each in found.pooling.studies
    )
    return Fold("Whom the studies are of", (Definitions(items),))


def _kept_in_mind(published: Published) -> Iterator[Words]:
    if published.outcome.among:
        yield (sentence(f"counted are {published.outcome.among}"),)
    if published.result.note:
        yield (sentence(published.result.note),)
    yield from ((sentence(f"caution: {caution}"),) for caution in published.evidence.cautions)
