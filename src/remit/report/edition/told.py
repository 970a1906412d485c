"""Which of a document's numbers may be shared, and sentences without those that may not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from remit.disclosure.hidden import Hidden
from remit.report.document import Inline, Words, sentences_of

HIDDEN = "hidden"
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
        for sentence in sentences_of(said):
            if not self.spoiled(sentence):
                kept += sentence
        if kept and isinstance(kept[-1], str):
            kept[-1] = kept[-1].rstrip()
        return tuple(kept)

    def in_place(self, said: Words) -> Words:
        """The same words, with "hidden" for hidden numbers: for titles and labels."""
        return tuple(HIDDEN if self.hides(part) else part for part in said)
