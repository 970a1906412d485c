"""English for `describe`: numbers, dates, lists, and the names of a study with their article."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from remit.language.query import Constant, Named, Operator, Query, Value
from remit.language.scope import Scope
from remit.language.types import Date, Number
from remit.language.units import printed

Verbs = Mapping[Operator, str]

VERBS: Verbs = {
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
    "==": "is exactly",
    "!=": "is other than",
}
LENGTH_VERBS: Verbs = {**VERBS, "<": "is less than", ">": "is more than"}
DATE_VERBS: Verbs = {
    "<": "is before",
    "<=": "is on or before",
    ">": "is after",
    ">=": "is on or after",
    "==": "is on",
    "!=": "is not on",
}
# Of a date beside a time before or after another.
TIME_VERBS: Verbs = {
    "<": "is earlier than",
    "<=": "is no later than",
    ">": "is later than",
    ">=": "is no earlier than",
    "==": "is exactly",
    "!=": "is other than",
}
DAY_VERBS: Verbs = {
    "<": "is before",
    "<=": "is no later than",
    ">": "is after",
    ">=": "is no earlier than",
    "==": "is",
    "!=": "is not",
}
COUNTS: Verbs = {
    "<": "fewer than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
    "==": "exactly",
    "!=": "other than",
}

# What these name is one of several, or the patient's own: it takes an article. "age", "sex", "thickness" do not.
_WITH_ARTICLE = re.compile(
    "index|score|date|day|dose|grade|term|drug|outcome|reason|action|procedure|indication|number|visit|result|level|"
    "stage|interval|duration|location|behaviour|start|stop|stay|length|time|weight|type|kind|size|count|rate|year"
)
_PREPOSITION = re.compile(r"\s(?:of|for|to|on|from|in|at|before|after|over|with|by)\s")


def number_in_words(constant: Constant) -> str:
    """A constant as printed: 150 µg/g, 18 years, 50 %."""
    value, unit = cast("Fraction", constant.value), cast("Number", constant.type).unit
    if unit == "mo" and value % 12 == 0:
        value, unit = value / 12, "a"
    names = {"a": "year", "mo": "month", "d": "day"}
    unit = names[unit] + ("" if abs(value) == 1 else "s") if unit in names else printed(unit).removeprefix("1 ")
    return f"{decimal(value)} {unit}" if unit else decimal(value)


def decimal(value: Fraction) -> str:
    """The number with its decimals, or as a fraction where it has no end of them."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return str(value) if rest > 1 else f"{float(value):.12g}"


def date_in_words(constant: Constant) -> str:
    return day_in_words(datetime.date(1970, 1, 1) + datetime.timedelta(days=int(cast("int", constant.value))))


def day_in_words(day: datetime.date) -> str:
    """12 March 2023"""
    return f"{day.day} {day:%B %Y}"


def constant_in_words(constant: Constant) -> str:
    if isinstance(constant.value, str):
        return level(constant.value)
    return date_in_words(constant) if isinstance(constant.type, Date) else number_in_words(constant)


def level(name: str) -> str:
    """A level or text as it stands, in quotation marks where it could be read as a word of the sentence."""
    doubtful = name.lower() in ("none", "other", "yes", "no", "unknown", "not done", "") or "," in name or ":" in name
    return f"“{name}”" if doubtful else name


def label(text: str) -> str:
    """A name of the study, in quotation marks where it would run into the sentence."""
    return f"“{text}”" if re.search(r",|\band\b|\bor\b", text) else text


def the(text: str) -> str:
    """A label with its article where it takes one: the index of activity, but C-reactive protein."""
    head = _PREPOSITION.split(text)[0].split()[-1:] or [""]
    return f"the {text}" if label(text) == text and _WITH_ARTICLE.fullmatch(head[0].lower()) else label(text)


def plural(text: str) -> str:
    """course of corticosteroids → courses of corticosteroids."""
    head = _PREPOSITION.split(text)[0]
    rest = text[len(head) :]
    if re.search(r"[^aeiou]y$", head):
        return f"{head[:-1]}ies{rest}"
    return f"{head}{'es' if re.search(r'(s|x|ch|sh)$', head) else 's'}{rest}"


def joined(items: Sequence[str], word: str) -> str:
    """A, B and C; where an item has a comma of its own, A and B and C."""
    if len(items) < 3 or any(", " in item for item in items):
        return f" {word} ".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


@dataclass(frozen=True)
class Names:
    """What the study calls its values, and the visit that need not be mentioned."""

    scope: Scope
    visit: str | None = None

    def at(self, visit: str | None) -> str:
        return "" if visit is None or visit == self.visit else f" at {self.scope.visits[visit].label.lower()}"

    def reference(self) -> str:
        return self.scope.visits[self.scope.reference or ""].label.lower()

    def patient_label(self, query: Value) -> str:
        labels = (name.label for name in self.scope.patient.values() if name.value == query)
        return next(labels, query.field.replace("_", " "))

    def phrases(self, query: Value | Named) -> tuple[tuple[str, str] | None, str]:
        if isinstance(query, Named):
            definition = self.scope.definitions[query.name]
            return definition.phrases, definition.label
        found = self.scope.form_of(query)
        return (found.phrases, found.label) if found else (None, self.patient_label(query))

    def has_bands(self, query: Query) -> bool:
        if isinstance(query, Named):
            definition = self.scope.definitions.get(query.name)
            return bool(definition and definition.bands)
        found = self.scope.form_of(query) if isinstance(query, Value) else None
        return bool(found and found.bands)
