"""What keeps pooled studies from being like with like: in words, from what is told of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from remit.report.document import Block, Definition, Definitions, Words, words
from remit.report.guards import guards_at
from remit.report.numbers import note
from remit.report.pooling.found import Found
from remit.report.wording import capital, listed_text, sentence
from remit.study.comparisons.pooled import Published

_ALIKE = (
    "The studies are alike in what is asked here, as far as it is told. That does not make their patients comparable."
)


def caution_blocks(found: Found) -> tuple[Block, ...]:
    """A line each: what differs between the studies, who was left out, what warns of the numbers."""
    items = [Definition(term, tuple(lines)) for term, lines in _cautions(found).items() if lines]
    return (Definitions(tuple(items)),) if items else ()


def _cautions(found: Found) -> Mapping[str, list[Words]]:
    return {
        "Not like with like": [(line,) for line in _differences(found)] or [(_ALIKE,)],
        "Left out": _left_out(found),
        "Less sure numbers": _unsure(found),
        "Caution": [note(each) for each in guards_at(found.lookup, found.pooling.pooled())],
    }


_ASPECTS: Mapping[str, Callable[[Published], str | None]] = {
    "design": lambda each: each.evidence.design,
    "definition": lambda each: each.outcome.definition.words,
    "week": lambda each: each.time,
    "line of therapy": lambda each: each.evidence.line,
    "population": lambda each: each.evidence.population,
    "asked of": lambda each: each.outcome.among,
    "handling of missing data": lambda each: each.outcome.handling,
}


def _differences(found: Found) -> list[str]:
    """What is not the same in all of them: which is told of which."""
    lines = []
    for aspect, told in _ASPECTS.items():
        by_words: dict[str, list[str]] = {}
        for each in found.pooling.studies:
            by_words.setdefault(told(each) or "not told", []).append(each.label)
        if len(by_words) > 1:
            said = "; ".join(f"{what} ({listed_text(names)})" for what, names in by_words.items())
            lines.append(sentence(f"{aspect} differs: {said}"))
    return lines


def _left_out(found: Found) -> list[Words]:
    """Each result that was asked for and is not pooled, with the reason."""
    return [
        words(f"{capital(each.published.label)}: ", note(found.alone(each.published)[found.main]), ".")
        for each in found.pooling.left_out
    ]


def _unsure(found: Found) -> list[Words]:
    return [
        words(f"{each.label}: ", note(found.alone(each)[found.main]), ".")
        for each in found.pooling.studies
        if each.unsure(found.pooling.measure)
    ]
