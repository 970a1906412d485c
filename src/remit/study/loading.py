"""Document → model, with pydantic's complaints in a user's words: file, line, what is wrong, what would do."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.study.analyses.model import KINDS
from remit.study.document import Document, Key
from remit.study.shapes import keys_at, words_at

Shape = TypeVar("Shape")


def validate(document: Document, shape: type[Shape]) -> Shape:
    """The document as `shape`, a model or a dict of models.

    Raises WrongInput for what does not fit: a misspelt key before the one that it leaves out, else the first.
    """
    if not isinstance(document.data, dict):
        raise WrongInput(document.where(()), "the file holds no keys and values", "Write lines of `key: value`.")
    refuse_empty(document, shape)
    try:
        return TypeAdapter(shape).validate_python(document.data)
    except ValidationError as error:
        problems = [_Problem(details, document, shape) for details in error.errors()]
    raise min(_deepest(problems), key=lambda problem: problem.rank).explained() from None


def refuse_empty(document: Document, shape: object) -> None:
    """A key without a value is a slip, not a wish. (In a list, as in [0, null], it is a limit that is not there.)"""
    for key, mark in document.names.items():
        if document.at(key) is not None:
            continue
        known = keys_at(shape, key[:-1], document.data)
        if known and key[-1] not in known:
            continue  # an unknown key is told by its name
        line = document.text[mark.index :].partition("\n")[0]
        remedy = "Write its value behind it, or remove the line."
        if re.search(r":\s+#", line):
            remedy = "What stands behind # is a comment: put a value with # in it between quotation marks."
        raise WrongInput(document.where_named(key), f"{_dotted(key)} has no value", remedy)


def _deepest(problems: list[_Problem]) -> list[_Problem]:
    """Where a value may be of several kinds, pydantic complains of each: of the kinds that it is not, say nothing."""

    def told_better(problem: _Problem) -> bool:
        inside = [other for other in problems if other.key[: len(problem.key)] == problem.key]
        return problem.of_kind and any(len(other.key) > len(problem.key) or not other.of_kind for other in inside)

    return [problem for problem in problems if not told_better(problem)]


class _Problem:
    """One of pydantic's complaints."""

    def __init__(self, error: ErrorDetails, document: Document, shape: object) -> None:
        self.error, self.document, self.shape = error, document, shape
        self.key = _in_document(error["loc"], document.data)

    @property
    def of_kind(self) -> bool:
        """Is it that a value is of another kind: a text and not a list?"""
        return self.error["type"].endswith("_type")

    @property
    def rank(self) -> tuple[bool, int]:
        """What is missing comes last: it may stand there, misspelt."""
        mark = self.document.names.get(self.key) or self.document.marks.get(self.key)
        return self.error["type"] == "missing", mark.index if mark else 0

    def explained(self) -> WrongInput:
        match self.error["type"]:
            case "extra_forbidden":
                return self._unknown()
            case "missing":
                return self._missing()
            case "string_pattern_mismatch" | "string_too_long" if self.error["loc"][-1] == "[key]":
                return self._no_name()
            case "union_tag_not_found":
                what = f"{self._name} does not say of which kind it is"
                return self._wrong_key(what, f"Add `kind:` with one of {', '.join(KINDS)}.")
            case "union_tag_invalid":
                key = (*self.key, "kind")
                what = f"there is no kind '{_short(self.document.at(key))}' of analysis"
                return WrongInput(self.document.where(key), what, f"There are {', '.join(KINDS)}.")
        if self.error["msg"].startswith("Value error, twice: "):
            twice = self.error["msg"].removeprefix("Value error, twice: ")
            return self._wrong(f"'{twice}' stands twice in {self._name}", "Remove one.")
        return self._will_not_do()

    @property
    def _name(self) -> str:
        return _dotted(self.key) or "the file"

    def _wrong(self, what: str, remedy: str) -> WrongInput:
        return WrongInput(self.document.where(self.key), what, remedy)

    def _wrong_key(self, what: str, remedy: str) -> WrongInput:
        return WrongInput(self.document.where_named(self.key), what, remedy)

    def _unknown(self) -> WrongInput:
        inside = self.key[:-1]
        name = str(self.key[-1])
        if self.document.at(self.key) is None:
            what = f"'{name}' is no key; does a comma inside {{…}} cut a text?"
            return self._wrong_key(what, "Put the text between quotation marks, or on a line of its own.")
        known = keys_at(self.shape, inside, self.document.data)
        where = f"in {_dotted(inside)}" if inside else "in the file"
        return self._wrong_key(f"'{name}' is not known {where}", nearest(name, known))

    def _missing(self) -> WrongInput:
        inside = self.key
        missing = str(self.error["loc"][-1])
        if isinstance(self.error["loc"][-1], int):
            return self._will_not_do()
        if not inside:
            return self._wrong_key(f"the key '{missing}' is missing", _add(missing))
        return self._wrong_key(f"{_dotted(inside)} has no '{missing}'", _add(missing))

    def _no_name(self) -> WrongInput:
        name = str(self.key[-1])
        suggested = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        fits = re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", suggested) is not None
        remedy = "Names are small letters, digits and single underscores, and begin with a letter"
        remedy += f": {suggested[:60]}." if fits else ": week12, pain_score."
        if fits:
            remedy += " What is printed stands behind `label:`."
        return self._wrong_key(f"'{_short(name)}' cannot be a name", remedy)

    def _will_not_do(self) -> WrongInput:
        words = words_at(self.shape, self.key, self.document.data)
        written = self.document.at(self.key)
        remedy = f"It takes {words or 'something else'}."
        if written is None or written in ([], {}, ""):
            return self._wrong_key(f"{self._name} is empty", remedy)
        return self._wrong(f"{self._name} cannot be {_shown(written)}", remedy)


_EXAMPLES = {
    "remit": "It is the format of the file: `remit: 1`.",
    "study": "It holds at least `id:` and `title:`.",
    "index": "It is the expression that gives the index date.",
    "rows": "It is one of once, visit, event, period: how many rows a patient has.",
    "is": "It is the expression.",
    "at": "It lists the visits: [week12].",
    "source": "It names where the numbers were read.",
    "certainty": "It is one of V, D, K+, K, K-.",
}


def _add(key: str) -> str:
    return f"Add `{key}:`. {_EXAMPLES.get(key, '')}".rstrip()


def _dotted(key: Key) -> str:
    return ".".join(f"{step + 1}" if isinstance(step, int) else step for step in key)


def _shown(written: Any) -> str:
    """A value as it might stand in the file, shortened."""
    if isinstance(written, list):
        return _short("[" + ", ".join(str(each) for each in written) + "]")
    if isinstance(written, dict):
        return _short("{" + ", ".join(f"{key}: …" for key in written) + "}")
    return f"'{_short(str(written))}'"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _in_document(loc: tuple[int | str, ...], data: Any) -> Key:
    """pydantic's path without the steps that are its own (the names of union members, `[key]`)."""
    key: list[str | int] = []
    for step in loc:
        known: Any = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
        if step in known:
            data = data[step]
            key.append(step)
    return tuple(key)
