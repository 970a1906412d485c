"""What charts may write for a level or for yes and no: no word may mean two things."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from remit.study.place import Place

Levels = Mapping[str, str | list[str]] | Sequence[str]
UNKNOWN = "unknown"


def alike(text: str) -> str:
    """How written words are compared, here and by the sources: without regard to case and spaces."""
    return unicodedata.normalize("NFKC", " ".join(text.split())).casefold()


def level_codes(levels: Levels, place: Place) -> dict[str, str]:
    """What the charts may write → the level. Raises WrongInput where one writing could be two levels."""
    written = _by_level(levels)
    names: dict[str, str] = {}
    for level in written:
        first = names.setdefault(alike(level).replace(" ", "_"), level)
        if first != level:
            raise _at(place, levels, level).wrong_name(
                f"the levels '{first}' and '{level}' are the same but for case and signs", "Rename or remove one."
            )
        if alike(level) == UNKNOWN:
            raise _at(place, levels, level).wrong_name(
                "'unknown' is no level: it is what remit says of every value that is not known",
                "List what the charts write for it under charts: not_done.",
            )
    meanings = {alike(level): level for level in written}
    codes: dict[str, str] = {}
    for level, spellings in written.items():
        for code in spellings:
            other = meanings.setdefault(alike(code), level)
            if other != level:
                raise _at(place, levels, level).wrong(
                    f"'{code}' is written for {level}, and means {other}", "Each code stands for one level."
                )
            codes[code] = level
    return codes


def _by_level(levels: Levels) -> dict[str, list[str]]:
    if not isinstance(levels, Mapping):
        return {level: [level] for level in levels}
    return {level: [written] if isinstance(written, str) else written for level, written in levels.items()}


def _at(place: Place, levels: Levels, level: str) -> Place:
    return place / (level if isinstance(levels, Mapping) else list(levels).index(level))


def check_yes_no(yes: Sequence[str], no: Sequence[str], not_done: Sequence[str], place: Place) -> None:
    """Raises WrongInput for a word that is in two of the lists. TRUE and FALSE are what a spreadsheet writes."""
    lists = {"yes": yes, "no": no, "not_done": not_done}
    meanings = {"true": "yes", "false": "no"}
    for name, words in lists.items():
        for number, word in enumerate(words):
            first = meanings.setdefault(alike(word), name)
            if first != name:
                raise (place / name / number).wrong(f"'{word}' is {first}, and cannot be {name} too", "Remove one.")
