"""Predictors of an endpoint: sentences, what warns of the model, and a table of odds ratios, alone and all together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remit.report.addresses import size
from remit.report.arms import population_notes
from remit.report.document import Cell, Column, Paragraph, Table, Words, words
from remit.report.guards import cautions_at
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import SPACE, count, is_many
from remit.report.proportions import in_percent, proportion, share_of, spelled, unknown
from remit.report.ratios import clear_of, covariate_rows, given_of
from remit.report.wording import among, capital, plural, quoted, small, visit_label
from remit.schema.results import MULTIVARIABLE, UNIVARIABLE, Address, modelled
from remit.study.analyses.kinds import Covariate, Predictors
from remit.study.study import Study

_MODELS = ("Each covariate alone", "All covariates together")
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

    @property
    def ratio(self) -> str:
        return "odds_ratio"

    @property
    def models(self) -> tuple[str, ...]:
        return UNIVARIABLE, MULTIVARIABLE

    def crude(self, covariate: Covariate, level: str | None = None) -> Cell:
        """Of a level, who reached it; of a number, of how many it is known."""
        found = self.lookup.at(replace(self.address, variable=covariate.variable.name, level=level))
        if level is None:
            return Cell((words(f"n{SPACE}={SPACE}", count(found["n"])),), muted=True)
        share = proportion(found)
        return Cell((share_of(share),), muted=not share.known)

    def last(self, _: Covariate) -> tuple[Cell, ...]:
        return ()


def models_of(study: Study, analysis: Predictors, lookup: Lookup) -> list[Model]:
    """One a population."""
    return [Model(study, analysis, population, lookup) for population in analysis.populations]


# Sentences


def predictor_sentences(model: Model) -> Paragraph:
    """Who reached the endpoint, whom the model of all covariates is of, and what it says."""
    given = given_of(model, MULTIVARIABLE, model.analysis.covariates)
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
    clear = clear_of(given, "odds_ratio")
    if not clear:
        return (
            "Each interval includes an odds ratio of 1: which of them predict the endpoint, if any, cannot be said.",
        )
    return words("The interval of the odds ratio leaves out 1 for ", clear, ".")


# The table


def predictor_table(model: Model) -> Table:
    """A row a covariate, or a level of one."""
    study, label = model.study, small(model.study.populations[model.population].label)
    title = f"{model.analysis.title}: {model.label} at {model.at_visit}, {label} "
    columns = [Column((f"OR (95{SPACE}% CI)",), (head,)) for head in _MODELS]
    tests = [Column(("p",), (head,)) for head in _MODELS]
    rows = [row for covariate in model.analysis.covariates for row in covariate_rows(model, covariate)]
    selected = population_notes(model.analysis, model.population, model.lookup)
    return Table(
        name=f"{model.analysis.name}-{model.population}",
        title=words(title, size(study, model.lookup, model.population)),
        stub="Covariate",
        columns=(Column(("Reached, n/N (%)",)), *(part for pair in zip(columns, tests, strict=True) for part in pair)),
        rows=tuple(rows),
        notes=(*cautions_at(model.lookup, model.at(MULTIVARIABLE)), *selected, _CELLS),
    )
