"""Predictors of an endpoint: sentences, what warns of the model, and a table of odds ratios, alone and all together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from remit.language.units import in_words
from remit.report.addresses import size
from remit.report.arms import population_notes
from remit.report.document import Cell, Column, Number, Paragraph, Row, Table, Words, words
from remit.report.guards import cautions_at
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import NONE, SPACE, count, is_many, note, p_number, rounded
from remit.report.proportions import in_percent, proportion, share_of, spelled, unknown
from remit.report.wording import among, capital, listed, plural, quoted, small, visit_label
from remit.schema.results import MULTIVARIABLE, UNIVARIABLE, Address, modelled
from remit.study.study import Covariate, Predictors, Study

_MODELS = {UNIVARIABLE: "Each covariate alone", MULTIVARIABLE: "All covariates together"}
_NOTHING = Cell()
_CELLS = (
    "OR, odds ratio; CI, confidence interval of the profile likelihood; p, of the likelihood-ratio test. Above 1, the "
    "endpoint is likelier. An odds ratio is no ratio of risks.",
)


@dataclass(frozen=True)
class Model:
    """The odds ratios of an analysis in a population."""

    study: Study
    analysis: Predictors
    population: str
    lookup: Lookup

    @property
    def label(self) -> str:
        return small(self.study.endpoints[self.analysis.endpoint].label)

    @property
    def at_visit(self) -> str:
        return small(visit_label(self.study, self.analysis.visit))

    @property
    def address(self) -> Address:
        asked = self.analysis
        return Address(asked.name, self.population, visit=asked.visit, handling=asked.estimand)

    def at(self, model: str, covariate: Covariate | None = None, level: str | None = None) -> Address:
        variable = None if covariate is None else covariate.variable.name
        handling = modelled(self.analysis.estimand, model)
        return replace(self.address, variable=variable, level=level, handling=handling)

    def crude(self, covariate: Covariate, level: str | None = None) -> Statistics:
        return self.lookup.at(replace(self.address, variable=covariate.variable.name, level=level))


def models_of(study: Study, analysis: Predictors, lookup: Lookup) -> list[Model]:
    """One a population."""
    return [Model(study, analysis, population, lookup) for population in analysis.populations]


# Sentences


def predictor_sentences(model: Model) -> Paragraph:
    """Who reached the endpoint, whom the model of all covariates is of, and what it says."""
    given = [(label, found) for label, found in _all(model) if found["odds_ratio"].value is not None]
    if not given:
        return Paragraph(words(_reached(model), " No model can be made of all covariates: see the table."))
    return Paragraph(words(_reached(model), " ", _whom(model), " ", _found(given)))


def _reached(model: Model) -> Words:
    share = proportion(model.lookup.at(model.address))
    where = f"{capital(model.at_visit)}, {among(model.study.populations[model.population])}: {model.label} in "
    estimands = model.study.estimands
    under = model.analysis.estimand
    handling = f" under the estimand {quoted(estimands[under].label)}" if under in estimands else " of those known"
    rest = words("; ", unknown(share), " not known") if share.unknown else ()
    return words(where, spelled(share), " (", in_percent(share), rest, ")", handling, ".")


def _whom(model: Model) -> Words:
    n = model.lookup.one(model.at(MULTIVARIABLE), "n")
    of = words("The model of all covariates is of ", count(n), f" {plural('patient', is_many(n))}, of whom ")
    return words(of, count(n, "numerator"), " reached it.")


def _found(given: list[tuple[str, Statistics]]) -> Words:
    """Which odds ratios of all covariates together have an interval that leaves out 1."""
    clear = [words(label, " (", _odds_ratio(found), ")") for label, found in given if _leaves_out_one(found)]
    if not clear:
        return ("The interval of each odds ratio holds 1: it is not seen which of them predict the endpoint, if any.",)
    return words("The interval of the odds ratio leaves out 1 for ", listed(clear, comma="; "), ".")


def _all(model: Model) -> Iterator[tuple[str, Statistics]]:
    for covariate in model.analysis.covariates:
        for level in covariate.compared:
            versus = f": {level} against {covariate.reference}" if level is not None else ""
            found = model.lookup.at(model.at(MULTIVARIABLE, covariate, level))
            yield f"{_label(covariate)}{versus}", found


def _leaves_out_one(found: Statistics) -> bool:
    low, high = found["lower"].value, found["upper"].value
    return (low is not None and low > 1) or (high is not None and high < 1)


# The table


def predictor_table(model: Model) -> Table:
    """A row a covariate, or a level of one."""
    study, label = model.study, small(model.study.populations[model.population].label)
    title = f"{model.analysis.title}: {model.label} at {model.at_visit}, {label} "
    columns = [Column((f"OR (95{SPACE}% CI)",), (head,)) for head in _MODELS.values()]
    tests = [Column(("p",), (head,)) for head in _MODELS.values()]
    rows = [row for covariate in model.analysis.covariates for row in _rows(model, covariate)]
    selected = population_notes(model.analysis, model.population, model.lookup)
    return Table(
        name=f"{model.analysis.name}-{model.population}",
        title=words(title, size(study, model.lookup, model.population)),
        stub="Covariate",
        columns=(Column(("Reached, n/N (%)",)), *(part for pair in zip(columns, tests, strict=True) for part in pair)),
        rows=tuple(rows),
        notes=(*cautions_at(model.lookup, model.at(MULTIVARIABLE)), *selected, _CELLS),
    )


def _rows(model: Model, covariate: Covariate) -> list[Row]:
    notes = tuple(cautions_at(model.lookup, model.at(UNIVARIABLE, covariate)))
    head = (capital(_label(covariate)),)
    if not covariate.levels:
        known = Cell((words(f"n{SPACE}={SPACE}", count(model.crude(covariate)["n"])),), muted=True)
        return [Row(head, (known, *_effects(model, covariate, None)), notes=notes)]
    tests = [part for name in _MODELS for part in (_NOTHING, _test_of_all(model, covariate, name))]
    return [
        Row(head, (_NOTHING, *tests), notes=notes),
        *(_level_row(model, covariate, level) for level in covariate.levels),
    ]


def _level_row(model: Model, covariate: Covariate, level: str) -> Row:
    share = proportion(model.crude(covariate, level))
    reached = Cell((share_of(share),), muted=not share.known)
    reference = Cell((("reference",),), muted=True)
    if level == covariate.reference:
        return Row((capital(level),), (reached, *[reference, _NOTHING] * len(_MODELS)), level=1)
    return Row((capital(level),), (reached, *_effects(model, covariate, level)), level=1)


def _effects(model: Model, covariate: Covariate, level: str | None) -> list[Cell]:
    cells = []
    for name in _MODELS:
        found = model.lookup.at(model.at(name, covariate, level))
        given = found["odds_ratio"]
        if given.value is None:
            cells += [Cell(((NONE,),), (note(given),), muted=True), Cell(((NONE,),), muted=True)]
        else:
            cells += [Cell((_odds_ratio(found),)), _p(found["p"])]
    return cells


def _test_of_all(model: Model, covariate: Covariate, name: str) -> Cell:
    """Of several levels; of two the odds ratio's own is that of all."""
    return _p(model.lookup.one(model.at(name, covariate), "p")) if len(covariate.compared) > 1 else _NOTHING


def _p(result: Result) -> Cell:
    if result.value is None:
        return Cell(((NONE,),), muted=True)
    return Cell((words(p_number(result)),))


def _label(covariate: Covariate) -> str:
    """With the unit of a number, and per how many of it: C-reactive protein, per 10 mg/dL."""
    variable = covariate.variable
    if covariate.levels:
        return small(variable.label)
    unit = variable.unit or getattr(variable.query.type, "unit", None) or "1"
    of = "" if unit == "1" else SPACE + in_words(unit)
    return f"{small(variable.label)}, per {float(covariate.per or 1):g}{of}"


def _odds_ratio(found: Statistics) -> Words:
    """2.9 (1.4 to 6.4)"""
    value, low, high = (Number(_ratio(found[name].value), found[name].id) for name in ("odds_ratio", "lower", "upper"))
    return words(value, " (", low, " to ", high, ")")


def _ratio(value: float | None) -> str:
    """Two decimals, of great ones fewer; what is not 0 is not printed as such."""
    if value is None:
        return NONE
    if 0 < value < 0.005:
        return "<0.01"
    return rounded(value, 2 if value < 10 else 1 if value < 100 else 0)
