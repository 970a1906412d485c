"""How what a study names becomes the name of a variable: at most eight characters, told apart, and always the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

LONGEST = 8  # of a name in an XPT file of version 5
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]{0,7}")


@dataclass(frozen=True)
class Wanted:
    """A name that is asked for. `ending`: what the variable's kind calls for, such as FL for yes and no. `given`: the
    heading of the charts, which stays if it is a variable's name already (`AGE`, `TRTSDT`)."""

    name: str
    ending: str = ""
    given: str | None = None

    @property
    def kept(self) -> str | None:
        return self.given if self.given and _VARIABLE.fullmatch(self.given) else None


def variable_names(wanted: Iterable[Wanted], taken: Collection[str] = ()) -> tuple[str, ...]:
    """A name for each, in their order; no two are the same, and none is in `taken`.

    Headings that are variables' names come first; of two that would be called alike, the later gets a number.
    """
    asked = tuple(wanted)
    used, found = set(taken), dict[int, str]()
    by_rank = sorted(range(len(asked)), key=lambda place: asked[place].kept is None)
    for place in by_rank:
        each = asked[place]
        found[place] = _apart(each.kept or short(each.name, LONGEST - len(each.ending)), each.ending, used, each.kept)
        used.add(found[place])
    return tuple(found[place] for place in range(len(asked)))


def short(name: str, room: int = LONGEST) -> str:
    """A name in capitals and digits that begins with a letter and has at most `room` characters.

    If it does not fit, vowels inside its words go, those of the last word first; then the longest word loses its end.
    """
    words = re.findall(r"[A-Z0-9]+", name.upper()) or ["X"]
    if words[0][0].isdigit():
        words[0] = f"X{words[0]}"
    for place in reversed(range(len(words))):
        words[place] = _without_vowels(words[place], sum(map(len, words)) - room)
    while sum(map(len, words)) > room:
        longest = max(range(len(words)), key=lambda place: (len(words[place]), place))
        words[longest] = words[longest][:-1]
    return "".join(words)


def _without_vowels(word: str, surplus: int) -> str:
    """Vowels go from the end on, and only as many as have to; the first character stays."""
    letters = list(word)
    for place in reversed(range(1, len(word))):
        if surplus > 0 and letters[place] in "AEIOU":
            letters[place] = ""
            surplus -= 1
    return "".join(letters)


def _apart(stem: str, ending: str, used: Collection[str], kept: str | None) -> str:
    """A name that is kept has its ending already."""
    ending = "" if kept else ending
    name, number = stem + ending, 2
    while name in used:
        name = f"{stem[: LONGEST - len(ending) - len(str(number))]}{number}{ending}"
        number += 1
    return name
