"""How sure the published numbers of a result are, in words: a note beside each."""

from __future__ import annotations

from remit.study.evidence.evidence import PublishedResult

_OF_A_PERCENTAGE = ("percent", "n", "of", "low", "high")
NO_WHOLE_NUMBER = "no whole number of patients gives the percentage"
NO_COUNTS = "how many patients of how many is not published"


def certainties(result: PublishedResult) -> str:
    """percent 38.9 [V], of 324 [K+]; no whole number of patients gives the percentage"""
    known = [f"{name} {number.text} [{number.certainty}]" for name, number in result.numbers.items()
             if name in _OF_A_PERCENTAGE]  # fmt: skip
    parts = [", ".join(known), *([] if result.fits else [NO_WHOLE_NUMBER]), *([result.note] if result.note else [])]
    return "; ".join(part for part in parts if part)


def counted(result: PublishedResult) -> tuple[int, int] | None:
    """n and of how many, where both are told and give the percentage."""
    if result.n is None or result.of is None or not result.fits:
        return None
    return int(result.n.value), int(result.of.value)
