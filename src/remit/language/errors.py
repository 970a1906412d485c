"""What is wrong in an expression, and where in it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from remit.language.syntax import Place

MOST_LISTED = 20


class LanguageError(Exception):
    """place: the characters of the expression that are meant; the study file adds file and line."""

    def __init__(self, what: str, remedy: str, place: Place) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.place = place


class CircularDefinition(LanguageError):
    """A definition rests on itself."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A remedy for a misspelt name: the closest known ones, or all of them if they are few."""
    names = sorted(set(known))
    by_small = {name.lower(): name for name in names}
    close = difflib.get_close_matches(word.lower(), by_small, n=3, cutoff=0.6)
    if close:
        return "Did you mean " + " or ".join(by_small[name] for name in close) + "?"
    if not names:
        return "There is none."
    if len(names) > MOST_LISTED:
        return "No name is spelt like it; look it up in the study file."
    return f"There {'are' if len(names) > 1 else 'is'}: {', '.join(names)}."
