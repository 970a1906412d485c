"""Which of a document's numbers may be shared, and sentences without those that may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remit.disclosure.hidden import Hidden
from remit.report.document import Inline, Number, Words

HIDDEN = "hidden"
_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)\s+(?=[^\Wa-z_]|[“(]|$)")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Told:
    """What may be told of the results."""

    hidden: Hidden

    def hides(self, part: Inline) -> bool:
        """A note with a digit is hidden too: nothing tells of which counts it speaks."""
        if isinstance(part, str):
            return False
        if part.part == "note" and _DIGIT.search(part.text):
            return True
        return part.part != "method" and self.hidden.of(part.result, part.part) is not None

    def spoiled(self, said: Words) -> bool:
        return any(self.hides(part) for part in said)

    def sentences(self, said: Words) -> Words:
        """Those without a hidden number."""
        kept: list[Inline] = []
        for sentence in _sentences(said):
            if not self.spoiled(sentence):
                kept += sentence
        if kept and isinstance(kept[-1], str):
            kept[-1] = kept[-1].rstrip()
        return tuple(kept)

    def in_place(self, said: Words) -> Words:
        """The same words, with "hidden" for hidden numbers: for titles and labels."""
        return tuple(HIDDEN if self.hides(part) else part for part in said)


def _sentences(said: Words) -> Iterator[Words]:
    """A sentence ends at a full stop with a space after it."""
    current: list[Inline] = []
    for part in said:
        if isinstance(part, Number):
            current.append(part)
            continue
        start = 0
        for match in _END.finditer(part):
            current.append(part[start : match.end()])
            yield tuple(current)
            current, start = [], match.end()
        if start < len(part):
            current.append(part[start:])
    if current:
        yield tuple(current)
