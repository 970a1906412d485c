"""Chapters: Markdown with tables of charts, and of expressions with what they must give.

A block ```charts has tables: a line with the form's name, a line of headings, one line a row. Each visit row also is a
row of the form. A block ```expect has what the last charts must give: a column a patient, a line an expression.
Before the table may stand `at <visit>`, and definitions, `let name = expression` or `let name of form = expression`.
A block ```wrong has expressions that are refused: the expression, ^^^ under the words that are meant, what is wrong,
what would do.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from remit.language.interpret import UNKNOWN, Interval, Patient, Result, exactly
from remit.language.query import Query
from remit.language.resolve import resolve
from remit.language.scope import Definition, Scope
from remit.language.types import Date, Number, Ratio, Span, Type, YesNo
from tests.spec.study import SCOPE

FOLDER = Path(__file__).parent / "language"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True)
class Example:
    """An expression and what it gives for each patient."""

    text: str
    visit: str | None
    scope: Scope
    expected: Mapping[str, Result]  # by the patient's name in the whole suite, "numbers 3 P1"
    written: Mapping[str, str]  # by the patient's name in the table

    @property
    def query(self) -> Query:
        return resolve(self.text, self.scope, visit=self.visit)


@dataclass(frozen=True)
class Refused:
    """An expression that is wrong: the whole message."""

    text: str
    visit: str | None
    scope: Scope
    start: int
    end: int
    what: str
    remedy: str


@dataclass(frozen=True)
class Expectations:
    """One ```expect block."""

    definitions: Sequence[str]
    visit: str | None
    patients: Sequence[str]
    examples: Sequence[Example]


@dataclass
class Chapter:
    """`parts`: prose, charts as written, expectations and refusals in their order."""

    name: str
    parts: list[str | Expectations | list[Refused]] = field(default_factory=list)
    patients: dict[str, Patient] = field(default_factory=dict)

    @property
    def examples(self) -> list[Example]:
        return [each for part in self.parts if isinstance(part, Expectations) for each in part.examples]

    @property
    def refused(self) -> list[Refused]:
        return [each for part in self.parts if isinstance(part, list) for each in part]


def read_chapters() -> list[Chapter]:
    return [read_chapter(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.md"))]


def read_chapter(name: str, text: str) -> Chapter:
    chapter = Chapter(name)
    charts = 0
    end = 0
    for block in BLOCK.finditer(text):
        chapter.parts.append(text[end : block.start()])
        end = block.end()
        kind, body = block.groups()
        if kind == "charts":
            charts += 1
            chapter.parts.append(block.group())
            for patient, values in _patients(body).items():
                chapter.patients[f"{name} {charts} {patient}"] = values
        elif kind == "expect":
            chapter.parts.append(_expectations(body, f"{name} {charts}"))
        elif kind == "wrong":
            chapter.parts += [block.group(), _refused(body)]
        else:
            chapter.parts.append(block.group())
    chapter.parts.append(text[end:])
    return chapter


# Charts


def _table(lines: Sequence[str]) -> Iterator[dict[str, str]]:
    head = [cell.strip() for cell in lines[0].split("|")]
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.split("|")]
        assert len(cells) == len(head), f"{len(cells)} cells, {len(head)} headings: {line}"
        yield dict(zip(head, cells, strict=True))


def _patients(body: str) -> dict[str, Patient]:
    values: dict[str, dict[tuple[str, str, str | None], Result]] = {}
    rows: dict[str, dict[str, list[dict[str, Result]]]] = {}
    for table in re.split(r"\n\s*\n", body.strip()):
        name, *lines = table.splitlines()
        form = SCOPE.forms[name]
        for number, line in enumerate(_table(lines)):
            patient, visit = line.pop("patient"), line.pop("visit", None)
            here = values.setdefault(patient, {})
            rows.setdefault(patient, {})
            row: dict[str, Result] = {}
            for column, cell in line.items():
                if column in SCOPE.patient:
                    derived = SCOPE.patient[column].value
                    here[derived.form, derived.field, derived.visit] = read_cell(cell, derived.type)
                else:
                    row[column] = read_cell(cell, form.fields[column].type)
            if form.rows == "once" or visit:
                here.update({(name, column, visit or None): value for column, value in row.items()})
            if form.rows != "once":
                rows[patient].setdefault(name, []).append({**row, "_row": number})  # type: ignore[dict-item]
    return {patient: Patient(values[patient], rows[patient]) for patient in values}


def read_cell(cell: str, kind: Type) -> Result:
    """What is written in a table: empty is unknown, "<50" and the like are intervals, "[1, 2)" too."""
    if isinstance(kind, YesNo):
        return {"": None, "yes": True, "no": False}[cell]
    if not isinstance(kind, Number | Date | Span | Ratio):
        return cell or None
    if not cell:
        return UNKNOWN
    both = re.fullmatch(r"([\[(])(.+), (.+)([\])])", cell)
    if both:
        return Interval(_number(both[2]), _number(both[3]), both[1] == "(", both[4] == ")")
    one = re.fullmatch(r"(<=|>=|<|>) ?(.+)", cell)
    if one:
        value, is_open = _number(one[2]), "=" not in one[1]
        return Interval(None, value, False, is_open) if "<" in one[1] else Interval(value, None, is_open, False)
    return exactly(_number(cell))


def _number(text: str) -> Fraction:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return Fraction((datetime.date.fromisoformat(text) - EPOCH).days)
    return Fraction(text)


# Expectations


def _expectations(body: str, charts: str) -> Expectations:
    scope, visit, definitions = SCOPE, None, []
    lines = [line for line in body.splitlines() if line.strip()]
    while not lines[0].lstrip().startswith("|") and "|" not in lines[0]:
        line = lines.pop(0)
        definitions.append(line)
        if line.startswith("at "):
            visit = line.removeprefix("at ").strip()
        else:
            scope = _with_definition(scope, line)
    head = [cell.strip() for cell in lines[0].split("|")][1:]
    examples = []
    for line in lines[1:]:
        text, *cells = (cell.strip() for cell in line.split("|"))
        assert len(cells) == len(head), f"{len(cells)} cells, {len(head)} patients: {line}"
        kind = resolve(text, scope, visit=visit).type
        expected = {f"{charts} {name}": read_cell(cell, kind) for name, cell in zip(head, cells, strict=True)}
        examples.append(Example(text, visit, scope, expected, dict(zip(head, cells, strict=True))))
    return Expectations([line for line in definitions if not line.startswith("at ")], visit, head, examples)


def _with_definition(scope: Scope, line: str) -> Scope:
    match = re.fullmatch(r"let (\w+)(?: of (\w+))? = (.+)", line)
    assert match, f"not a definition: {line}"
    name, form, text = match.groups()
    made = Definition(name, name.replace("_", " "), text.strip(), form=form)
    return replace(scope, definitions={**scope.definitions, name: made})


# Refusals


def _refused(body: str) -> list[Refused]:
    return [_refusal(entry.splitlines()) for entry in re.split(r"\n\n+", body.rstrip("\n"))]


def _refusal(lines: list[str]) -> Refused:
    scope, visit = SCOPE, None
    while lines[0].startswith(("at ", "let ")):
        line = lines.pop(0)
        if line.startswith("at "):
            visit = line.removeprefix("at ").strip()
        else:
            scope = _with_definition(scope, line)
    text, carets, what, *remedy = lines
    start = carets.index("^")
    return Refused(
        text, visit, scope, start, start + carets.count("^"), what, " ".join(line.strip() for line in remedy)
    )
