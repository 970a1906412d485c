"""Ratios of covariates as a model gives them: rows of a table, and what a sentence says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from remit.language.units import in_words
from remit.report.document import Cell, Number, Row, Words, words
from remit.report.guards import cautions_at
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import NONE, SPACE, not_given, note, p_number, rounded
from remit.report.wording import capital, listed, small
from remit.schema.results import UNIVARIABLE, Address
from remit.study.analyses.kinds import Covariate

_LARGEST = 999_999  # ratio that is printed: limits of ratios without end may have hundreds of digits
_NOTHING = Cell()
_REFERENCE = Cell((("reference",),), muted=True)


class Model(Protocol):
    """What the rows are made from; `ratio` is the name of the statistic, `models` are the columns."""

    @property
    def ratio(self) -> str: ...
    @property
    def lookup(self) -> Lookup: ...
    @property
    def models(self) -> tuple[str, ...]: ...
    def at(self, model: str, covariate: Covariate | None = None, level: str | None = None) -> Address: ...
    def crude(self, covariate: Covariate, level: str | None = None) -> Cell:
        """Of a level, who had it; of a number, of how many it is known."""

    def last(self, covariate: Covariate) -> tuple[Cell, ...]:
        """What stands behind the ratios of a covariate."""


def covariate_rows(model: Model, covariate: Covariate) -> list[Row]:
    """A row, or one for each level under the covariate's own."""
    notes = tuple(cautions_at(model.lookup, model.at(UNIVARIABLE, covariate)))
    head, last = (capital(covariate_label(covariate)),), model.last(covariate)
    if not covariate.levels:
        return [Row(head, (model.crude(covariate), *_ratios(model, covariate, None), *last), notes=notes)]
    tests = [part for name in model.models for part in (_NOTHING, _test_of_all(model, covariate, name))]
    return [
        Row(head, (_NOTHING, *tests, *last), notes=notes),
        *(_level_row(model, covariate, level, [_NOTHING] * len(last)) for level in covariate.levels),
    ]


def _level_row(model: Model, covariate: Covariate, level: str, last: list[Cell]) -> Row:
    cells = [_REFERENCE, _NOTHING] * len(model.models)
    if level != covariate.reference:
        cells = _ratios(model, covariate, level)
    return Row((capital(level),), (model.crude(covariate, level), *cells, *last), level=1)


def _ratios(model: Model, covariate: Covariate, level: str | None) -> list[Cell]:
    found = [model.lookup.at(model.at(name, covariate, level)) for name in model.models]
    return [cell for each in found for cell in (ratio_cell(each, model.ratio), ratio_p(each))]


def ratio_cell(found: Statistics, ratio: str) -> Cell:
    """2.9 (1.4 to 6.4); where it cannot be given, a footnote says why."""
    if found[ratio].value is None:
        return Cell(((NONE,),), (words(_why(found[ratio]), _limits(found)),), muted=True)
    return Cell((ratio_words(found, ratio),))


def _why(result: Result) -> Words:
    """Some notes are whole sentences."""
    whole = (result.note or "").endswith(".")
    return note(result) if whole else not_given(result)


def _limits(found: Statistics) -> Words:
    """Of a ratio without end one limit may be known."""
    low, high = found["lower"], found["upper"]
    if low.value is None and high.value is None:
        return ()
    top = "no upper limit" if high.value is None else Number(_rounded(high.value), high.id)
    return words(" Its interval: ", Number(_rounded(low.value), low.id), " to ", top, ".")


def _test_of_all(model: Model, covariate: Covariate, name: str) -> Cell:
    """Of several levels; of two the ratio's own is that of all."""
    return ratio_p(model.lookup.at(model.at(name, covariate))) if len(covariate.compared) > 1 else _NOTHING


def ratio_p(found: Statistics) -> Cell:
    """Without a footnote: the ratio has it."""
    return Cell((words(p_number(found["p"])),), muted=found["p"].value is None)


def covariate_label(covariate: Covariate) -> str:
    """With the unit of a number, and per how many of it: C-reactive protein, per 10 mg/dL."""
    variable = covariate.variable
    if covariate.levels:
        return small(variable.label)
    unit = variable.unit or getattr(variable.query.type, "unit", None) or "1"
    of = "" if unit == "1" else SPACE + in_words(unit)
    return f"{small(variable.label)}, per {float(covariate.per or 1):g}{of}"


def ratio_words(found: Statistics, ratio: str, say: Language = ENGLISH) -> Words:
    """2.9 (1.4 to 6.4)"""
    value, low, high = (Number(_rounded(found[name].value), found[name].id) for name in (ratio, "lower", "upper"))
    return say("{value} ({low} to {high})", value=value, low=low, high=high)


def _rounded(value: float | None) -> str:
    """Two decimals, of great ones fewer; what is not 0 is not printed as such, nor in all its digits what is huge."""
    if value is None:
        return NONE
    if value > _LARGEST:
        return f">{rounded(_LARGEST, 0)}"
    if 0 < value < 0.005:
        return "<0.01"
    return rounded(value, 2 if value < 10 else 1 if value < 100 else 0)


# Sentences


def given_of(model: Model, name: str, covariates: tuple[Covariate, ...]) -> list[tuple[str, Statistics]]:
    """The ratios of a model that can be given, each with what it is of."""
    return [pair for pair in _all(model, name, covariates) if pair[1][model.ratio].value is not None]


def without_ratio(model: Model, name: str, covariates: tuple[Covariate, ...]) -> list[str]:
    """What no ratio of a model can be given for, though it stands in it."""
    return [label for label, found in _all(model, name, covariates) if found[model.ratio].value is None]


def _all(model: Model, name: str, covariates: tuple[Covariate, ...]) -> Iterator[tuple[str, Statistics]]:
    for covariate in covariates:
        for level in covariate.compared:
            versus = f": {level} against {covariate.reference}" if level is not None else ""
            yield f"{covariate_label(covariate)}{versus}", model.lookup.at(model.at(name, covariate, level))


def clear_of(given: list[tuple[str, Statistics]], ratio: str) -> Words:
    """Those whose interval leaves out 1, as a list; without any, nothing."""
    clear = [words(label, " (", ratio_words(found, ratio), ")") for label, found in given if _leaves_out_one(found)]
    return listed(clear, comma="; ") if clear else ()


def _leaves_out_one(found: Statistics) -> bool:
    low, high = found["lower"].value, found["upper"].value
    return (low is not None and low > 1) or (high is not None and high < 1)
