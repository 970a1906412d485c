"""The chapters as one page, docs/language.md: `python -m tests.spec.render`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from remit.language.describe import describe
from remit.language.scope import FieldName, FormName
from remit.language.types import Date, Level, Number, Text, Type, YesNo
from remit.language.units import printed
from tests.spec.chapters import Chapter, Example, Expectations, read_chapters
from tests.spec.study import SCOPE

PAGE = Path(__file__).parents[2] / "docs" / "language.md"


def rendered() -> str:
    chapters = read_chapters()
    pages = [_page(chapter) for chapter in chapters]
    titles = [title for page in pages for title in re.findall(r"^## (.+)$", page, re.MULTILINE)]
    contents = "\n".join(f"- [{title}](#{re.sub('[^a-z -]', '', title.lower()).replace(' ', '-')})" for title in titles)
    text = "\n".join([pages[0], contents + "\n", *pages[1:]])
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _page(chapter: Chapter) -> str:
    return "".join(_part(part) for part in chapter.parts if not isinstance(part, list)) if chapter.parts else ""


def _part(part: str | Expectations) -> str:
    if isinstance(part, Expectations):
        return _expectations(part)
    if part.startswith("```study"):
        return _study()
    return re.sub(r"^```(charts|wrong)$", "```text", part, flags=re.MULTILINE)


def _expectations(part: Expectations) -> str:
    lines = [*_setting(part), *_table(["", *part.patients], [_line(example) for example in part.examples])]
    return "\n".join(lines) + "\n"


def _setting(part: Expectations) -> Iterator[str]:
    if part.definitions:
        yield "With these definitions:"
        yield ""
        yield "```text"
        yield from (definition.removeprefix("let ") for definition in part.definitions)
        yield "```"
        yield ""
    if part.visit:
        yield f"At {SCOPE.visits[part.visit].label.lower()}:"
        yield ""


def _line(example: Example) -> list[str]:
    words = describe(example.query, example.scope, example.visit)
    return [f"`{example.text}`<br>{words}", *example.written.values()]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _study() -> str:
    return "\n".join([*_forms(), "", *_names()]) + "\n"


def _forms() -> Iterator[str]:
    rows = [_form_line(form) for form in SCOPE.forms.values()]
    yield from _table(["form", "rows", "fields"], rows)


def _form_line(form: FormName) -> list[str]:
    kinds = {"once": "one a patient", "visit": "one a visit", "event": "one an event", "period": "one a period"}
    return [f"`{form.name}`", kinds[form.rows], ", ".join(_field(field) for field in form.fields.values())]


def _field(field: FieldName) -> str:
    return f"`{field.name}` ({_kind(field.type)})"


def _kind(kind: Type) -> str:
    match kind:
        case Number(unit=unit, decimals=decimals):
            places = {0: "whole", 1: "1 decimal"}.get(decimals, f"{decimals} decimals")
            return f"{printed(unit)}, {places}" if unit else "number"
        case YesNo():
            return "yes/no"
        case Level(levels=levels):
            return " / ".join(levels)
        case Date():
            return "date"
        case Text():
            return "text"
    raise AssertionError(kind)


def _names() -> Iterator[str]:
    visits = ", ".join(f"`{visit.name}` (day {visit.day})" for visit in SCOPE.visits.values())
    lists = "; ".join(f"`{name}`: {', '.join(found.members)}" for name, found in SCOPE.lists.items())
    derived = ", ".join(f"`{name}`" for name in SCOPE.patient)
    yield f"Visits: {visits}. Lists: {lists}. Derived for each patient beforehand: {derived}."


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
