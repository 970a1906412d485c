"""How sure the published numbers of a result are, in words: a note beside each."""

from __future__ import annotations

import re

from remit.study.evidence.evidence import SURE, PublishedResult

_OF_A_PERCENTAGE = ("percent", "n", "of", "low", "high")
NO_WHOLE_NUMBER = "no whole number of patients gives the percentage"
NO_COUNTS = "how many patients of how many is not published"


def certainties(result: PublishedResult) -> str:
    """percent 38.9 [V], of 324 [K+]; no whole number of patients gives the percentage"""
    known = [f"{name} {number.text} [{number.certainty}]" for name, number in result.numbers.items()
             if name in _OF_A_PERCENTAGE]  # fmt: skip
    parts = [", ".join(known), *([] if result.fits else [NO_WHOLE_NUMBER]), *([result.note] if result.note else [])]
    return "; ".join(part for part in parts if part)


def told(name: str, note: str | None) -> tuple[str, str] | None:
    """The inverse of `certainties`: of a number its text as printed, and the mark that it is never shown without: 48,
    [K]; the mark is empty where it is sure. None where the note of a result does not tell it."""
    found = re.search(rf"(?:^|; |, ){name} (\S+) \[(V|D|K\+|K)\](?=$|; |, )", note or "")
    return None if found is None else (found[1], "" if found[2] in SURE else f"[{found[2]}]")


def counted(result: PublishedResult) -> tuple[int, int] | None:
    """n and of how many, where both are told and give the percentage."""
    if result.n is None or result.of is None or not result.fits:
        return None
    return int(result.n.value), int(result.of.value)
