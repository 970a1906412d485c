"""What a call of a result prints, in the style of the study and the language of the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from typing import Any

from remit.errors import WrongInput
from remit.report.author.template import Call
from remit.report.document import Document, Number, Words, plain, words
from remit.report.in_style import words_in_style
from remit.report.language import Language
from remit.report.lookup import Result
from remit.report.numbers import SPACE, note, p_number, p_words, percent, rounded
from remit.schema.results import Results
from remit.study.evidence.told import told
from remit.study.style import Style

COUNTS = ("n", "events", "patients", "censored", "at_risk", "observations", "predictors", "degrees_of_freedom")
PERCENT = "%"
_PARTS = {"numerator": "n", "denominator": "of"}  # as the note of a published number calls them


@dataclass(frozen=True)
class Catalogue:
    """The results of a run by their names."""

    results: Mapping[str, Result]

    def named(self, call: Call) -> Result:
        """Raises WrongInput, with the nearest names, for one that there is not."""
        if call.result in self.results:
            return self.results[call.result]
        near = get_close_matches(call.result, self.results, n=3, cutoff=0.5)
        told = f"Nearest are {', '.join(near)}." if near else "`remit results DIR WORDS` finds names."
        raise WrongInput(str(call.place), f"there is no result '{call.result}'", told)

    def beside(self, result: Result, name: str) -> Result | None:
        """Another statistic of the same thing."""
        return self.results.get(result.id.removesuffix(result.statistic) + name)

    def ends(self, result: Result) -> tuple[Result, Result] | None:
        """The ends of its interval: its own, as `median_lower`, or those of its address."""
        for of in (f"{result.statistic}_", ""):
            low, high = self.beside(result, f"{of}lower"), self.beside(result, f"{of}upper")
            if low and high:
                return low, high
        return None

    def found(self, pattern: str) -> list[Result]:
        """Those with each word of the pattern in their name."""
        asked = pattern.lower().split()
        return [result for name, result in self.results.items() if all(word in name.lower() for word in asked)]


def catalogue_of(results: Results) -> Catalogue:
    columns = ["statistic", "result", "value", "unit", "method", "numerator", "denominator", "missing", "population_n"]
    rows = results.table.select([*columns, "note"]).iter_rows()
    return Catalogue({row[1]: Result(*row) for row in rows})


def decimals_printed(document: Document) -> dict[str, int]:
    """With how many decimals a document in the plain style prints each result."""
    found: dict[str, int] = {}

    def read(part: Any) -> None:
        if isinstance(part, Number):
            if part.part == "value" and part.text[-1:].isdigit():
                found.setdefault(part.result, len(part.text.partition(".")[2]))
        elif isinstance(part, tuple):
            for each in part:
                read(each)
        elif is_dataclass(part):
            for field in fields(part):
                read(getattr(part, field.name))

    read(document)
    return found


@dataclass(frozen=True)
class Printer:
    """Prints calls. `style` is that of the language already."""

    catalogue: Catalogue
    say: Language
    style: Style
    decimals: Mapping[str, int]  # of results, as the report prints them

    def said(self, call: Call) -> str:
        """Raises WrongInput for a result or form that there is not."""
        result = self.catalogue.named(call)
        forms = _FORMS
        if call.form not in forms:
            known = ", ".join(f"`{name}`" for name in forms if name)
            raise WrongInput(str(call.place), f"'{call.form}' is no form of a number", f"There are {known}.")
        return plain(words_in_style(forms[call.form](self, result, call), self.style))

    def number(self, result: Result, call: Call) -> Words:
        """As the report prints such a number; a percentage without its sign."""
        if result.value is None:
            return self.say("not given ({note})", note=note(result, self.say) or "—") if result.note else ("—",)
        decimals = _decimals(call) if call.form == "decimals" else None
        if decimals is None and (published := told(result.statistic, result.note)):
            return (Number(published[0], result.id),)
        if decimals is None and result.unit == PERCENT:
            return words(percent(result))
        if decimals is None and _is_p(result):
            return (p_number(result),)
        if decimals is None:
            decimals = self.decimals.get(result.id, 0 if result.statistic in COUNTS else 1)
        return words(Number(rounded(result.value, decimals), result.id))

    def plainly(self, result: Result, call: Call) -> Words:
        sign = f"{SPACE}%" if result.unit == PERCENT and result.value is not None else ""
        return words(*self.number(result, call), sign, _mark(result.statistic, result))

    def marked(self, result: Result, call: Call) -> Words:
        return words(*self.number(result, call), _mark(result.statistic, result))

    def part(self, result: Result, call: Call) -> Words:
        part = call.form.replace(" ", "_")
        if getattr(result, part, None) is None:
            what = f"{result.id} has no {call.form}"
            raise WrongInput(str(call.place), what, "Ask for its value: {{ " + result.id + " }}.")
        mark = _mark(_PARTS.get(part, part), result)
        return words(Number(rounded(float(getattr(result, part)), 0), result.id), mark)

    def n_of(self, result: Result, call: Call) -> Words:
        n, of = self.part(result, _as(call, "numerator")), self.part(result, _as(call, "denominator"))
        if call.form == "n/N":
            return words(*n, "/", *of)
        return self.say("{n}~of~{of}", n=n, of=of)

    def interval(self, result: Result, call: Call) -> Words:
        ends = self.catalogue.ends(result)
        if ends is None:
            raise WrongInput(str(call.place), f"{result.id} has no interval", "Leave the form out.")
        told = SPACE.join((ends[0].method or "").split()[-2:])  # "Wilson 95 %"
        level = told if told[:1].isdigit() else f"95{SPACE}%"
        if ends[0].value is None or ends[1].value is None:
            return self.say("{level}~CI not given", level=level)
        inner = _as(call, "decimals") if call.argument else _as(call, "")
        low, high = (words(*self.number(end, inner)) for end in ends)
        return self.say("{level}~CI {low} to {high}", level=level, low=low, high=high)

    def with_interval(self, result: Result, call: Call) -> Words:
        value = self.plainly(result, _as(call, "decimals") if call.argument else _as(call, ""))
        return words(value, " (", self.interval(result, call), ")")

    def p(self, result: Result, call: Call) -> Words:
        if not _is_p(result):
            raise WrongInput(str(call.place), f"{result.id} is no p value", "Leave the form out.")
        return self.number(result, call) if result.value is None else p_words(result)

    def note(self, result: Result, call: Call) -> Words:
        return note(result, self.say) if result.note else ("",)


def _as(call: Call, form: str) -> Call:
    return Call(call.result, form, call.argument, call.place, call.start, call.end)


def _mark(name: str, result: Result) -> str:
    """That of a published number which is not sure, behind it."""
    published = told(name, result.note)
    return f"{SPACE}{published[1]}" if published and published[1] else ""


def _is_p(result: Result) -> bool:
    return result.statistic == "p" or result.statistic.endswith("_p")


def _decimals(call: Call) -> int:
    if not call.argument.isdigit() or int(call.argument) > 9:
        raise WrongInput(str(call.place), f"'{call.argument}' is no number of decimals", "Write `decimals: 2`.")
    return int(call.argument)


_FORMS: Mapping[str, Callable[[Printer, Result, Call], Words]] = {
    "": Printer.plainly,
    "number": Printer.marked,
    "decimals": Printer.plainly,
    "n_of": Printer.n_of,
    "n/N": Printer.n_of,
    "numerator": Printer.part,
    "denominator": Printer.part,
    "missing": Printer.part,
    "population_n": Printer.part,
    "ci": Printer.interval,
    "with_ci": Printer.with_interval,
    "p": Printer.p,
    "note": Printer.note,
}
