"""Every way in which the unknown of two arms may have ended: how many lead to which conclusion."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remit.report.arms import Contrast, contrasts_of
from remit.report.document import Paragraph, Words, words
from remit.report.lookup import Statistics
from remit.report.numbers import count, note
from remit.report.outcome import Outcome
from remit.report.wording import listed, quoted
from remit.schema.results import Address, ends_of

_LIES = {"above": "above 0", "not_distinguished": "across 0", "below": "below 0"}


@dataclass(frozen=True)
class Pair:
    """An arm and its reference, under an estimand."""

    outcome: Outcome
    estimand: str
    contrast: Contrast

    @property
    def address(self) -> Address:
        return self.contrast.at(self.outcome.address(self.estimand, self.outcome.groups[-1]))

    @property
    def found(self) -> Statistics:
        return self.outcome.lookup.at(self.address)

    @property
    def label(self) -> str:
        return self.outcome.study.estimands[self.estimand].label

    @property
    def differences(self) -> dict[tuple[int, int], Statistics]:
        """By how many of the arm's unknown and of the reference's reached it."""
        levels = self.outcome.lookup.levels(self.address)
        return {ends_of(level): self.outcome.lookup.at(replace(self.address, level=level)) for level in levels}


def pairs_of(outcome: Outcome) -> list[Pair]:
    """Each arm against the reference, under each estimand."""
    contrasts = contrasts_of(outcome.analysis)
    return [Pair(outcome, estimand, each) for estimand in outcome.analysis.estimands for each in contrasts]


def ends_sentences(outcome: Outcome) -> list[Paragraph]:
    """Where the interval of the difference lies, over all ways in which the unknown may have ended; none where nobody
    is unknown, or nothing is compared."""
    pairs = [pair for pair in pairs_of(outcome) if pair.found["above"].missing]
    if not pairs:
        return []
    head = "However the unknown of both arms ended, the interval of the difference from "
    reference = f"{pairs[0].contrast.reference} lies as follows: "
    return [Paragraph(words(head, reference, listed([_said(pair) for pair in pairs], comma="; "), "."))]


def _said(pair: Pair) -> Words:
    """of high dose, under the estimand “Main”, above 0 in 5 of 12 ways, across 0 in 7"""
    of = f"of {pair.contrast.arm}, under the estimand {quoted(pair.label)}, "
    if pair.found["above"].value is None:
        return words(of, "it is not given, for ", note(pair.found["above"]))
    parts = [(lies, pair.found[name]) for name, lies in _LIES.items() if pair.found[name].value]
    ways = words(" of ", count(parts[0][1], "denominator"), " ways")
    if len(parts) == 1:
        return words(of, f"{parts[0][0]} in all ", count(parts[0][1], "denominator"), " ways")
    said = [words(f"{lies} in ", count(n), ways if number == 0 else "") for number, (lies, n) in enumerate(parts)]
    return words(of, listed(said))
