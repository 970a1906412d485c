"""A YAML file as plain values with the place of each: every scalar stays the text that was written.

Made from PyYAML's events, which keep line marks and raw scalars, so that `01` or `no` are not changed on the way. What
could hide a second meaning is refused: a key that stands twice, anchors, tags, a second document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from remit.errors import WrongInput

Key = tuple[str | int, ...]
DEEPEST = 30
# Characters that are not printed: in an expression nobody would find them.
_UNSEEN = re.compile(
    "[^\\t\\n -~\\xa0-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
    "|[\\xad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2064]"
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EMPTY = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True)
class Mark:
    """Where something begins: `index` in the text, and the style of a scalar (' " | > or "" for a plain one)."""

    index: int
    style: str = ""


@dataclass(frozen=True)
class Document:
    """`data`: dicts, lists and texts (None for an empty value). `marks`: by the path of keys to a value; `names`: the
    places of the keys themselves."""

    file: str
    data: Any
    marks: Mapping[Key, Mark]
    names: Mapping[Key, Mark]
    text: str

    def where(self, key: Key, offset: int | None = None) -> str:
        """file:line:column of a value (or of the nearest one around it), or `offset` characters into its text."""
        if key not in self.marks:
            return self.where(key[:-1]) if key else f"{self.file}:1:1"
        mark = self.marks[key]
        index = mark.index if offset is None else self._index(mark, str(self.at(key)).rstrip(), offset)
        return f"{self.file}:{_line_and_column(self.text, index)}"

    def _index(self, mark: Mark, value: str, offset: int) -> int:
        if value and offset >= len(value):  # behind the last character
            return self._index(mark, value, len(value) - 1) + 1
        return next(_characters(self.text, mark, value, offset), mark.index)

    def where_named(self, key: Key) -> str:
        """file:line:column of a key; of the value, if it has none of its own."""
        mark = self.names.get(key)
        return f"{self.file}:{_line_and_column(self.text, mark.index)}" if mark else self.where(key)

    def at(self, key: Key) -> Any:
        """The value at a path of keys."""
        data = self.data
        for step in key:
            data = data[step]
        return data


def _line_and_column(text: str, index: int) -> str:
    """As editors count, from 1."""
    return f"{text.count(chr(10), 0, index) + 1}:{index - text.rfind(chr(10), 0, index)}"


_ESCAPE = re.compile(r"\\(?:x(\w{2})|u(\w{4})|U(\w{8})|\r?\n[ \t]*|(.))", re.DOTALL)
_HEADER = re.compile(r"[>|][-+0-9]*[^\n]*\n")


def _characters(text: str, mark: Mark, value: str, offset: int) -> Iterator[int]:
    """The index in the text of the character at `offset` of a value, which may be folded over lines and escaped.

    White space is not counted: folding changes it.
    """
    wanted = len(re.sub(r"\s", "", value[:offset]))
    index = mark.index
    if mark.style in ("|", ">"):
        header = _HEADER.match(text, index)
        index = header.end() if header else index
    elif mark.style:
        index += 1
    while index < len(text):
        end, counts = _next(text, index, mark.style)
        if counts:
            if wanted == 0:
                yield index
                return
            wanted -= 1
        index = end


def _next(text: str, index: int, style: str) -> tuple[int, bool]:
    """The end of the character that begins here, and whether it is one that counts."""
    if style == "'" and text.startswith("''", index):
        return index + 2, True
    if style == '"' and (escape := _ESCAPE.match(text, index)):
        code = escape[1] or escape[2] or escape[3]
        written = chr(int(code, 16)) if code else (escape[4] or " ")
        return escape.end(), not (written.isspace() or escape[4] in ("n", "t", "r", "_", "N", "L", "P"))
    return index + 1, not text[index].isspace()


# Reading


def read_document(path: Path) -> Document:
    """Read a YAML file. Raises WrongInput with line and column."""
    text = _text_of(path)
    return parse_document(text, str(path))


def _text_of(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise WrongInput(
            str(path), "there is no such file", "Name a study file, or the folder that holds study.yaml."
        ) from None
    except OSError as error:
        what = f"it cannot be read: {error.strerror or error}"
        raise WrongInput(str(path), what, "See that the file is there and may be read.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", errors="replace")
        where = f"{path}:{_line_and_column(before, len(before))}"
        remedy = "Save the file as plain text, with the encoding UTF-8."
        raise WrongInput(where, "this is not text in UTF-8", remedy) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unseen(character: str) -> str:
    return f"the character U+{ord(character):04X} may not stand in a study file"


def unseen(text: str) -> str | None:
    """What is wrong with the first character that would not be printed; None if there is none."""
    found = _UNSEEN.search(text)
    return _unseen(found[0]) if found else None


def parse_document(text: str, file: str) -> Document:
    """Raises WrongInput with line and column."""
    if found := _UNSEEN.search(text):
        where = f"{file}:{_line_and_column(text, found.start())}"
        raise WrongInput(where, _unseen(found[0]), "Remove it; most editors do not show it.")
    try:
        return _Composer(text, file).document()
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(file, text, error) from None


class _Composer:
    """Events → plain values and their places."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self._marks: dict[Key, Mark] = {}
        self._names: dict[Key, Mark] = {}

    def document(self) -> Document:
        next(self._events)
        event: Any = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise self._wrong(0, "the file is empty", "Begin with the lines of an example: docs/study-file.md.")
        data = self._value(next(self._events), ())
        next(self._events)
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise self._wrong(event.start_mark.index, "a second document begins here", "Remove the line `---`.")
        return Document(self._file, data, self._marks, self._names, self._text)

    def _wrong(self, index: int, what: str, remedy: str) -> WrongInput:
        return WrongInput(f"{self._file}:{_line_and_column(self._text, index)}", what, remedy)

    def _value(self, event: Any, key: Key) -> Any:
        self._refuse_extras(event, key)
        style = (getattr(event, "style", "") or "").strip()
        self._marks[key] = Mark(event.start_mark.index, style)
        if isinstance(event, yaml.ScalarEvent):
            return None if not style and event.value in _EMPTY else event.value
        read = self._sequence if isinstance(event, yaml.SequenceStartEvent) else self._mapping
        return read(key, bool(event.flow_style))

    def _refuse_extras(self, event: Any, key: Key) -> None:
        index = event.start_mark.index
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            remedy = (
                f"Put a text that begins with {sign} between quotation marks. What is needed twice gets a name under "
                "`derived`."
            )
            raise self._wrong(index, f"'{sign}{event.anchor}': references inside YAML are not used here", remedy)
        if event.tag is not None and not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            return
        if event.tag is not None and event.tag != "!":
            remedy = "Put a text that begins with ! between quotation marks."
            raise self._wrong(index, f"'{event.tag}': tags are not used here", remedy)
        if len(key) > DEEPEST:
            raise self._wrong(index, "this is nested too deeply", "Look for a bracket [ or { that is not closed.")

    def _sequence(self, key: Key, flow: bool) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            self._refuse_cut(event, flow)
            found.append(self._value(event, (*key, len(found))))
        return found

    def _mapping(self, key: Key, flow: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._refuse_cut(event, flow)
            name = self._name(event, key)
            if name in found:
                first = _line_and_column(self._text, self._names[(*key, name)].index).split(":")[0]
                what = f"'{name}' stands here twice; first in line {first}"
                raise self._wrong(event.start_mark.index, what, "Remove one, or rename it.")
            self._names[(*key, name)] = Mark(event.start_mark.index)
            event = next(self._events)
            self._refuse_cut(event, flow)
            found[name] = self._value(event, (*key, name))
        return found

    def _name(self, event: Any, key: Key) -> str:
        self._refuse_extras(event, key)
        if not isinstance(event, yaml.ScalarEvent):
            remedy = "A key is a word, or a text between quotation marks; { and [ open a list."
            raise self._wrong(event.start_mark.index, "a key must be a text", remedy)
        name: str = event.value
        return name

    def _refuse_cut(self, event: Any, flow: bool) -> None:
        """In {…} and […] a comma ends a value: an expression with a comma falls into pieces."""
        start: int = event.start_mark.index
        if not flow or not isinstance(event, yaml.ScalarEvent) or (event.style or "").strip():
            return
        if event.value.count("(") != event.value.count(")"):
            what = f"the comma inside {{…}} or […] cuts the expression at '{event.value}'"
            remedy = "Write it in block style, on a line of its own, or put the expression between quotation marks."
            raise self._wrong(start, what, remedy)


# Syntax errors, in a user's words


def _syntax_error(file: str, text: str, error: yaml.MarkedYAMLError) -> WrongInput:
    opening: Any = error.context_mark
    context, problem = error.context or "", error.problem or ""
    index = (error.problem_mark or opening).index
    if opening and "block scalar" in context and "tab" not in problem:
        index = opening.index
    if opening and "quoted scalar" in context:
        where = f"{file}:{_line_and_column(text, opening.index)}"
        return WrongInput(where, "this quotation mark is not closed", "Close it; inside, a mark is written twice.")
    if opening and "could not find expected ':'" in problem:
        where = f"{file}:{_line_and_column(text, opening.index)}"
        return WrongInput(where, "a ':' is missing on this line", "Each line is `key: value`, or `- value` in a list.")
    where = f"{file}:{_line_and_column(text, index)}"
    if opening and "flow" in context:
        bracket, line = text[opening.index], _line_and_column(text, opening.index).split(":")[0]
        remedy = "Close the bracket, or look for a missing comma."
        return WrongInput(where, f"this does not fit inside the {bracket} that opens in line {line}", remedy)
    start = text.rfind("\n", 0, index) + 1
    what, remedy = _explained(problem, context, text[start:].partition("\n")[0], index - start)
    return WrongInput(where, what, remedy)


def _explained(problem: str, context: str, line: str, column: int) -> tuple[str, str]:
    sign = line[column : column + 1]
    if "tab character" in problem or "\t" in line[: len(line) - len(line.lstrip())] or sign == "\t":
        return "a tab stands here", "Indent with spaces, not with tabs."
    if "mapping values are not allowed" in problem:
        remedy = "A text with ': ' in it stands between quotation marks, or behind '>-' on lines of its own."
        return "a second ':' stands here, or the indentation is wrong", remedy
    if re.search(r"""(:|-)\s+(["']).*\2\s*\S""", line):
        remedy = "A value that begins with a quotation mark ends with it: put the whole between the other marks."
        return "the value goes on behind its quotation mark", remedy
    if "block scalar" in context or "cannot start any token" in problem:
        what = "a value cannot begin so"
        return what, "A value that begins with one of > | @ ` % stands between quotation marks."
    remedy = "Look at the indentation and the quotation marks, here and on the line before."
    return f"this is not YAML ({problem})", remedy
