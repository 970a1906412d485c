"""A text with calls of results: `{{ effectiveness.eligible.week12.remission.decided.percent | decimals: 2 }}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from remit.errors import WrongInput

_CALL = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_OPEN = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True)
class Place:
    """Where in a file; both count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Call:
    """`result | form: argument`, from `start` to `end` of the text."""

    result: str
    form: str
    argument: str
    place: Place
    start: int
    end: int


@dataclass(frozen=True)
class Template:
    file: str
    text: str
    calls: tuple[Call, ...]

    def filled(self, printed: list[str]) -> str:
        """The text with what each call prints."""
        pieces, last = [], 0
        for call, words in zip(self.calls, printed, strict=True):
            pieces += [self.text[last : call.start], words]
            last = call.end
        return "".join([*pieces, self.text[last:]])


def place_of(file: str, text: str, at: int) -> Place:
    return Place(file, text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1)


def read_template(text: str, file: str) -> Template:
    """Raises WrongInput where braces do not pair, or a call names no result."""
    calls = tuple(_call(found, text, file) for found in _CALL.finditer(text))
    rest = _CALL.sub(lambda found: " " * len(found[0]), text)
    if stray := _OPEN.search(rest):
        where = str(place_of(file, text, stray.start()))
        raise WrongInput(where, f"{stray[0]} stands alone", "A call is {{ the name of a result }}.")
    return Template(file, text, calls)


def _call(found: re.Match[str], text: str, file: str) -> Call:
    name, _, asked = found[1].partition("|")
    form, _, argument = asked.partition(":")
    inside = found.start(1) + len(found[1]) - len(found[1].lstrip())
    where = place_of(file, text, inside if name.strip() else found.start())
    if not name.strip():
        raise WrongInput(str(where), "a call names no result", "`remit results DIR WORDS` finds names.")
    return Call(name.strip(), form.strip(), argument.strip(), where, found.start(), found.end())
