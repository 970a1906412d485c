"""What is the same in two results, what differs, and what is not told: from what is told of each, never from a guess.

Texts that somebody wrote may say the same in other words, and no machine decides that: they are set beside each other.
What is one of a few, as a week, a design, a drug or a handling, is the same or differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from remit.report.numbers import SPACE
from remit.report.wording import listed_text, sentence

NOT_TOLD = "not told"
Aspect = Literal["design", "population", "line of therapy", "drug", "dose", "definition", "week", "missing"]
Verdict = Literal["same", "differs", "other words", "not told"]
ASPECTS: tuple[Aspect, ...] = (
    "design",
    "population",
    "line of therapy",
    "drug",
    "dose",
    "definition",
    "week",
    "missing",
)
_LONG = 60  # letters
_CLOSED: tuple[Aspect, ...] = ("design", "drug", "week")  # what reads otherwise is otherwise


@dataclass(frozen=True)
class Told:
    """What is told of one aspect, in words. `key`: by which like is told from unlike, where the words are not enough:
    the fingerprint of a definition, the name of a handling. `measures`: the instruments that the words name; where two
    definitions name quite others, they differ."""

    words: str
    key: str | None = None
    measures: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Facts:
    """What is told of how a result came about; None: nothing is."""

    design: Told | None = None
    population: Told | None = None
    line: Told | None = None
    drug: Told | None = None
    dose: Told | None = None
    definition: Told | None = None
    week: Told | None = None
    missing: Told | None = None

    def of(self, aspect: Aspect) -> Told | None:
        found: Told | None = getattr(self, "line" if aspect == "line of therapy" else aspect)
        return found


@dataclass(frozen=True)
class Difference:
    """One aspect of their result beside ours. "other words": both are told, and it is not decided whether they mean the
    same. "not told": of one of the two, or of both."""

    aspect: Aspect
    verdict: Verdict
    theirs: Told | None
    ours: Told | None

    @property
    def here(self) -> str:
        """What ours is, where theirs is not surely the same: "here week 24"; empty where there is nothing to say."""
        if self.verdict == "same" or (self.theirs is None and self.ours is None):
            return ""
        return f"here {self.ours.words}" if self.ours else "here not told"

    @property
    def sentence(self) -> str:
        """week 52, here week 24; after a long text, here: ours"""
        theirs = self.theirs.words.rstrip(".") if self.theirs else NOT_TOLD
        if len(theirs) <= _LONG or self.ours is None:
            return f"{theirs}, {self.here}"
        return f"{theirs}; here: {self.ours.words}"


def weeks(number: int | str) -> Told:
    """Week 12, as it is compared."""
    return Told(f"week{SPACE}{number}")


def differences(theirs: Facts, ours: Facts) -> tuple[Difference, ...]:
    """Of each aspect, in their order."""
    return tuple(_difference(aspect, theirs.of(aspect), ours.of(aspect)) for aspect in ASPECTS)


def _difference(aspect: Aspect, theirs: Told | None, ours: Told | None) -> Difference:
    return Difference(aspect, _verdict(aspect, theirs, ours), theirs, ours)


def _verdict(aspect: Aspect, theirs: Told | None, ours: Told | None) -> Verdict:
    if theirs is None or ours is None:
        return "not told"
    if theirs.key is not None and ours.key is not None:
        return "same" if theirs.key == ours.key else "differs"
    if _folded(theirs.words) == _folded(ours.words):
        return "same"
    if theirs.measures and ours.measures and not theirs.measures & ours.measures:
        return "differs"
    return "differs" if aspect in _CLOSED else "other words"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


# In words


def in_words(found: Sequence[Difference], cautions: Sequence[str] = ()) -> tuple[str, ...]:
    """A line each: what differs or is told in other words, and cautions; then together what is the same, and what is
    not told of one of the two, or of either."""
    return tuple(_lines(found, cautions))


def _lines(found: Sequence[Difference], cautions: Sequence[str]) -> Iterator[str]:
    for each in found:
        if each.verdict in ("differs", "other words"):
            yield sentence(f"{label(each.aspect)}: {each.sentence}")
    yield from (sentence(f"caution: {caution}") for caution in cautions)
    lists = {
        "The same": [_of(each.aspect, each.ours) for each in found if each.verdict == "same"],
        "Not told": [f"{label(each.aspect)} ({each.here})" for each in found if not each.theirs and each.ours],
        "Not told of ours": [_of(each.aspect, each.theirs) for each in found if each.theirs and not each.ours],
        "Told of neither": [label(each.aspect) for each in found if not each.theirs and not each.ours],
    }
    yield from (f"{head}: {listed_text(named)}." for head, named in lists.items() if named)


def label(aspect: Aspect) -> str:
    return "missing data" if aspect == "missing" else aspect


def _of(aspect: Aspect, told: Told | None) -> str:
    """drug (its name)"""
    return f"{label(aspect)} ({told.words.rstrip('.')})" if told else label(aspect)
