"""Numbers that were typed by hand: which of them equal a result, and which equal none.

Not asked about are numbers that are no results: years; what stands behind "Table", "Figure", "section" or "version";
marks of lists; citations in brackets; the level of an interval ("95 % CI"); a level of significance behind "p <"; what
is part of a word or code (IL-12, R 4.3.1); what stands in code, comments, links and the head of the file; and a number
that the study file names beside the same word ("week 12", "45 mg").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from remit.report.author.forms import PERCENT, Catalogue
from remit.report.author.template import Place, Template, place_of
from remit.report.lookup import Result
from remit.report.numbers import rounded

_NUMBER = re.compile(r"(?<![\w.,·/])(?<![^\W\d_]-)\d[\d\u202f]*(?:[.,·]\d+)*(?![\w/]|[.·]\d|-[^\W\d_])")
_OF = re.compile(r"(?<![\w.,·/-])(\d+)/(\d+)(?![\w/]|[.,·]\d)")  # 12/48
_WORD = re.compile(r"[^\W\d_]+")
_ASIDE = re.compile(  # code, comments, calls, links, citations, and the head of the file
    r"\A---\n.*?\n---\n|```.*?```|`[^`\n]*`|<!--.*?-->|\{\{.*?\}\}|\]\([^)\n]*\)|https?://\S+|\[[\d^@][^\]\n]*\]"
    r"|^\s*\d+[.)](?=\s)|^#+\s+\d+(?:\.\d+)*\.?(?=\s)",
    re.DOTALL | re.MULTILINE,
)
_NAMED_PLACES = {"table", "figure", "fig", "section", "version", "appendix", "line", "tabella", "figura", "sezione"}
_LEVEL = re.compile(
    r"[\s\u00a0]?%[\s\u00a0]?(?:CI|IC|confiden|interval|credible)|[\s\u00a0]?%[\s\u00a0]di confidenza", re.I
)
_SIGNIFICANCE = re.compile(r"(?:\bp|\balpha|α|significance|significatività)\W*$", re.I)
_LEVELS_OF_P = {Decimal(text) for text in ("0.05", "0.01", "0.001", "0.1")}
_PARTS = ("numerator", "denominator", "missing", "population_n")


@dataclass(frozen=True)
class Typed:
    """A number in the text. `equals`: the calls that would print it, the likeliest first."""

    text: str
    place: Place
    equals: tuple[str, ...]


def typed_numbers(template: Template, catalogue: Catalogue, named: frozenset[tuple[str, str]]) -> list[Typed]:
    """named: pairs of a number and a word beside it in the study file, see `pairs_of`."""
    printed, bare = _Printed(catalogue.results), _bare(template.text)
    asked = [(found, printed.calls(found, bare)) for found in _asked(bare, named)]
    asked += [(found, printed.of(found, bare)) for found in _OF.finditer(bare)]
    return [
        Typed(found[0], place_of(template.file, template.text, found.start()), calls)
        for found, calls in sorted(asked, key=lambda each: each[0].start())
    ]


def pairs_of(texts: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Each number of the study file with the words beside it."""
    return frozenset(pair for text in texts for found in _NUMBER.finditer(text) for pair in _beside(found, text))


def _bare(text: str) -> str:
    """The text with blanks for what is no prose; places stay as they are."""
    return _ASIDE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _asked(text: str, named: frozenset[tuple[str, str]]) -> Iterator[re.Match[str]]:
    for found in _NUMBER.finditer(text):
        beside = {*_beside(found, text)}
        words = {word for _, word in beside}
        year = found[0].isdigit() and 1900 <= int(found[0]) <= 2100
        level = found[0] in ("90", "95", "99") and (
            _LEVEL.match(text, found.end()) or text[: found.start()].rstrip("\u00a0 ").endswith((" IC", "(IC", " CI"))
        )
        before = text[max(0, found.start() - 24) : found.start()]
        of_p = _values(found[0]) & _LEVELS_OF_P and _SIGNIFICANCE.search(before)
        if not (year or level or of_p or words & _NAMED_PLACES or beside & named or _is_version(found[0])):
            yield found


def _beside(found: re.Match[str], text: str) -> Iterator[tuple[str, str]]:
    """The number with the word before it, and with the one behind."""
    before = _WORD.findall(text[max(0, found.start() - 30) : found.start()].rpartition(".")[2])
    after = re.match(r"[\s\u00a0\u202f-]*([^\W\d_]+)", text[found.end() : found.end() + 30])
    yield from ((found[0], word.lower()) for word in before[-1:])
    if after:
        yield found[0], after[1].lower()


def _is_version(number: str) -> bool:
    return len(re.findall(r"[.·]", number)) > 1


def _values(number: str) -> set[Decimal]:
    """What it may mean: "1,234" is 1.234 or 1234."""
    bare = number.replace("\u202f", "").replace("·", ".")
    readings = {bare.replace(",", "."), bare.replace(",", "")} if "," in bare else {bare}
    return {Decimal(each) for each in readings if each.count(".") <= 1}


class _Printed:
    """The results by what they print with so many decimals."""

    def __init__(self, results: Mapping[str, Result]) -> None:
        self._results = results
        self._by_decimals: dict[int, dict[str, list[str]]] = {}

    @cached_property
    def _counts(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for result in self._results.values():
            for part in _PARTS:
                value = getattr(result, part)
                if value is not None:
                    found.setdefault(str(value), []).append(f"{result.id} | {part}")
        return found

    @cached_property
    def _pairs(self) -> dict[str, list[str]]:
        """The calls that print a numerator over its denominator."""
        found: dict[str, list[str]] = {}
        for result in self._results.values():
            if result.numerator is not None and result.denominator is not None:
                found.setdefault(f"{result.numerator}/{result.denominator}", []).append(f"{result.id} | n/N")
        return found

    def _with(self, decimals: int) -> dict[str, list[str]]:
        if decimals not in self._by_decimals:
            found: dict[str, list[str]] = {}
            for result in self._results.values():
                whole = result.unit == PERCENT or (result.value is not None and result.value == round(result.value))
                if result.value is not None and (decimals or whole):
                    text = rounded(abs(result.value), decimals).replace("\u202f", "")
                    found.setdefault(text, []).append(result.id)
            self._by_decimals[decimals] = found
        return self._by_decimals[decimals]

    def calls(self, found: re.Match[str], text: str) -> tuple[str, ...]:
        equal: dict[str, None] = {}
        percent = re.match(r"[\s\u00a0]?%", text[found.end() :]) is not None
        for value in _values(found[0]):
            decimals = max(0, -int(value.as_tuple().exponent))
            for name in self._with(decimals).get(f"{value:f}", ()):
                if not percent or self._results[name].unit == PERCENT:
                    equal[name] = None
            if not decimals and not percent:
                equal = {name: None for name in equal if self._results[name].unit != PERCENT}
                equal |= dict.fromkeys(self._counts.get(f"{value:f}", ()))
        return _likeliest(equal, found, text)

    def of(self, found: re.Match[str], text: str) -> tuple[str, ...]:
        return _likeliest(self._pairs.get(f"{int(found[1])}/{int(found[2])}", ()), found, text)


def _likeliest(equal: Iterable[str], found: re.Match[str], text: str) -> tuple[str, ...]:
    """The likeliest first; of equals, in the order of the results."""
    around = {word.lower() for word in _WORD.findall(_sentence(text, found.start()))}
    return tuple(sorted(equal, key=lambda name: -_likeness(name, around)))


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(". ", 0, at), text.rfind("\n\n", 0, at), 0)
    ends = [end for end in (text.find(". ", at), text.find("\n\n", at)) if end >= 0]
    return text[start : min(ends, default=len(text))]


def _likeness(name: str, around: set[str]) -> int:
    """How many of its words stand in the sentence."""
    return len({*_WORD.findall(name.replace("_", " ").lower())} & around)
