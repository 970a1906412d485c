"""A YAML file as plain values with the place of each: every scalar stays the text that was written.

PyYAML's composer keeps line marks and raw scalars, so that `01` or `no` are not changed on the way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from remit.errors import WrongInput

Key = tuple[str | int, ...]
_QUOTED = ("'", '"', "|", ">")


@dataclass(frozen=True)
class Mark:
    """Where a value begins: line and column, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """`data`: dicts, lists and texts (None for an empty value). `marks`: by the path of keys to a value."""

    file: str
    data: Any
    marks: Mapping[Key, Mark]
    text: str

    def where(self, key: Key, offset: int = 0) -> str:
        """file:line:column of a value (or of the nearest one around it), `offset` characters into its text."""
        while key not in self.marks and key:
            key, offset = key[:-1], 0
        mark = self.marks.get(key, Mark(1, 1))
        line, column = self._move(mark, offset) if offset else (mark.line, mark.column)
        return f"{self.file}:{line}:{column}"

    def _move(self, mark: Mark, offset: int) -> tuple[int, int]:
        """The place of a character of a value that may be folded over lines: white space is not counted."""
        lines = self.text.splitlines()
        line, column = mark.line - 1, mark.column - 1
        opening = re.match(r"['\"]|[>|][-+0-9]*", lines[line][column:])
        column += opening.end() if opening else 0
        value = _text_at(self.data, self.marks, mark)
        wanted = len(re.sub(r"\s", "", value[:offset]))
        while line < len(lines):
            while column < len(lines[line]):
                if not lines[line][column].isspace():
                    if wanted == 0:
                        return line + 1, column + 1
                    wanted -= 1
                column += 1
            line, column = line + 1, 0
        return mark.line, mark.column


def _text_at(data: Any, marks: Mapping[Key, Mark], mark: Mark) -> str:
    key = next(key for key, found in reversed(list(marks.items())) if found == mark)
    for step in key:
        data = data[step]
    return str(data)


def read_document(path: Path, name: str | None = None) -> Document:
    """Read a YAML file. Raises WrongInput with line and column."""
    file = name or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise WrongInput(
            str(path), "there is no such file", "Name a study file, or the folder that holds it."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise WrongInput(str(path), f"cannot be read: {error}", "It must be a text file in UTF-8.") from None
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(file, text, error) from None
    except yaml.YAMLError as error:
        raise WrongInput(file, f"is not YAML: {error}", "See the first lines of an example.") from None
    if node is None:
        raise WrongInput(f"{file}:1:1", "the file is empty", "Start with `remit new`, or from an example.")
    marks: dict[Key, Mark] = {}
    return Document(file, _plain(node, (), marks, file), marks, text)


def _plain(node: yaml.Node, key: Key, marks: dict[Key, Mark], file: str) -> Any:
    marks[key] = Mark(node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, key, marks, file)
    if isinstance(node, yaml.SequenceNode):
        _refuse_cut([item for item in node.value if node.flow_style], file)
        return [_plain(item, (*key, i), marks, file) for i, item in enumerate(node.value)]
    return None if node.tag.endswith(":null") else node.value


def _mapping(node: yaml.MappingNode, key: Key, marks: dict[Key, Mark], file: str) -> dict[str, Any]:
    if node.flow_style:
        _refuse_cut([part for pair in node.value for part in pair], file)
    found: dict[str, Any] = {}
    for name, value in node.value:
        where = f"{file}:{name.start_mark.line + 1}:{name.start_mark.column + 1}"
        if not isinstance(name, yaml.ScalarNode):
            raise WrongInput(where, "a key must be a word", "Put texts with brackets between quotation marks.")
        if name.value in found:
            raise WrongInput(where, f"'{name.value}' stands here twice", "Remove one, or rename it.")
        found[name.value] = _plain(value, (*key, name.value), marks, file)
    return found


def _refuse_cut(parts: list[yaml.Node], file: str) -> None:
    """In {…} and […] a comma ends a value: an expression with a comma falls into pieces."""
    for part in parts:
        if not isinstance(part, yaml.ScalarNode) or part.style in _QUOTED:
            continue
        if part.value.count("(") != part.value.count(")"):
            where = f"{file}:{part.start_mark.line + 1}:{part.start_mark.column + 1}"
            raise WrongInput(
                where,
                f"the comma inside {{…}} or […] cuts the expression at '{part.value}'",
                "Write it in block style, on a line of its own, or put the expression between quotation marks.",
            )


def _syntax_error(file: str, text: str, error: yaml.MarkedYAMLError) -> WrongInput:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    where = f"{file}:{line + 1}:{(mark.column if mark else 0) + 1}"
    lines = text.splitlines()
    written = lines[line] if line < len(lines) else ""
    problem = (error.problem or "is not YAML").replace("block end", "end of the block")
    if "\t" in written[: len(written) - len(written.lstrip())] or "\\t" in problem:
        remedy = "Indent with spaces, not with tabs."
    elif "mapping values are not allowed" in problem:
        remedy = "A text with ': ' in it must stand between quotation marks, or behind '>-' on lines of its own."
    elif "flow" in (error.context or "") or "flow" in problem:
        remedy = "A { or [ is not closed before this place, or a comma is missing."
    else:
        remedy = "Look at the indentation and the quotation marks here and on the line before."
    return WrongInput(where, f"this is not YAML: {problem}", remedy)
