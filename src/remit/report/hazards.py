"""Hazard ratios: of the arms, beside the log-rank test; of covariates, each alone and all together, in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from remit.report.addresses import size
from remit.report.arms import Group, population_notes
from remit.report.document import Cell, Column, Paragraph, Row, Table, Words, words
from remit.report.guards import cautions_at
from remit.report.language import ENGLISH, Language
from remit.report.log_rank import p_cell
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import SPACE, count, note, p_words
from remit.report.ratios import clear_of, covariate_rows, given_of, ratio_cell, ratio_p, ratio_words, without_ratio
from remit.report.wording import among, capital, listed_text, small
from remit.schema.results import MULTIVARIABLE, UNIVARIABLE, Address
from remit.study.analyses.kinds import Covariate, TimeToEvent
from remit.study.study import Study

_INTERVAL = f"95{SPACE}% CI"
_RATIO = "HR, hazard ratio; CI, confidence interval. Above 1, the event comes sooner."
_PROPORTIONAL = (
    "Hazards proportional: p of the test that a hazard ratio stays the same over time; where it is small, one number "
    "does not tell the whole."
)


@dataclass(frozen=True)
class Model:
    """The hazard ratios of an analysis in a population."""

    analysis: TimeToEvent
    population: str
    lookup: Lookup

    @property
    def ratio(self) -> str:
        return "hazard_ratio"

    @property
    def models(self) -> tuple[str, ...]:
        return UNIVARIABLE, MULTIVARIABLE

    def at(self, model: str, covariate: Covariate | None = None, level: str | None = None) -> Address:
        variable = None if covariate is None else covariate.variable.name
        return Address(self.analysis.name, self.population, variable=variable, level=level, handling=model)

    def of(self, model: str, covariate: Covariate, level: str | None = None) -> Statistics:
        return self.lookup.at(self.at(model, covariate, level))

    def crude(self, covariate: Covariate, level: str | None = None) -> Cell:
        """Events of those who have the level; of a number, of those in whom it is known."""
        found = self.of(UNIVARIABLE, covariate, level)
        return Cell((words(count(found["events"]), "/", count(found["n"])),), muted=not found["n"].value)

    def last(self, covariate: Covariate) -> tuple[Cell, ...]:
        return (_proportional(self.of(MULTIVARIABLE, covariate)),)

    @property
    def whole(self) -> Address:
        """The model of all covariates; of the arms, if there are no others."""
        analysis = self.analysis
        return self.at(MULTIVARIABLE) if analysis.covariates else self.at(UNIVARIABLE, analysis.modelled[0])


def models_of(analysis: TimeToEvent, lookup: Lookup) -> list[Model]:
    """One a population; none where no hazard ratio is asked for."""
    return [Model(analysis, name, lookup) for name in analysis.populations] if analysis.modelled else []


def _proportional(found: Statistics) -> Cell:
    return p_cell(found["proportionality_p"])


# Of the arms: in the paragraph and the table of the times


def hazard_sentence(analysis: TimeToEvent, population: str, lookup: Lookup, say: Language = ENGLISH) -> Words:
    """Hazard ratio against placebo: low dose, 4.1 (2.6 to 6.5), p <0.001; …"""
    if analysis.arms is None or analysis.arms.reference is None:
        return ()
    model, arm = Model(analysis, population, lookup), analysis.modelled[0]
    found = {level: model.of(UNIVARIABLE, arm, level) for level in arm.compared}
    each = [words(f"{say.label(level or '')}, ", _ratio_or_why(one, say)) for level, one in found.items()]
    return say(
        " Hazard ratio (95~% CI) against {reference}: {ratios}.",
        reference=say.label(arm.reference or ""),
        ratios=say.listed(each, comma="; "),
    )


def _ratio_or_why(found: Statistics, say: Language) -> Words:
    ratio = found["hazard_ratio"]
    if ratio.value is None:
        return say("not given ({note})", note=note(ratio, say))
    return words(ratio_words(found, "hazard_ratio", say), ", ", p_words(found["p"]))


def hazard_lines(analysis: TimeToEvent, population: str, groups: Sequence[Group], lookup: Lookup) -> list[Row]:
    """The hazard ratio of each arm against the reference with its p; under the total, whether they are proportional."""
    if analysis.arms is None or analysis.arms.reference is None:
        return []
    model, arm = Model(analysis, population, lookup), analysis.modelled[0]
    found = {level: model.of(UNIVARIABLE, arm, level) for level in arm.compared if level}
    of_all = Cell(), Cell(), _proportional(model.of(UNIVARIABLE, arm))
    cells = [_of_arm(found[group.arm]) if group.arm in found else _NOTHINGS for group in groups[:-1]]
    ratios, tests, proportional = zip(*cells, of_all, strict=True)
    return [
        Row(("Cox regression",), heading=True),
        Row((f"Hazard ratio against {arm.reference} ({_INTERVAL})",), ratios, level=1),
        Row((f"Against {arm.reference}, p",), tests, level=1),
        Row(("Hazards proportional, p",), proportional, level=1, notes=((_PROPORTIONAL,),)),
    ]


def hazard_cautions(analysis: TimeToEvent, population: str, lookup: Lookup) -> list[Words]:
    """What warns of the hazard ratios of the arms."""
    if analysis.arms is None or analysis.arms.reference is None:
        return []
    model = Model(analysis, population, lookup)
    return cautions_at(lookup, model.at(UNIVARIABLE, analysis.modelled[0]))


_NOTHINGS = Cell(), Cell(), Cell()


def _of_arm(found: Statistics) -> tuple[Cell, Cell, Cell]:
    return ratio_cell(found, "hazard_ratio"), ratio_p(found), Cell()


# Of covariates: a paragraph and a table


def hazard_paragraph(study: Study, model: Model) -> Paragraph:
    """Whom the model of all covariates is of, and what it says."""
    start = f"{capital(among(study.populations[model.population]))}: "
    given = given_of(model, MULTIVARIABLE, model.analysis.modelled)
    if not given:
        return Paragraph(words(start, "no hazard ratio of all covariates together can be given: see the table."))
    n = model.lookup.one(model.at(MULTIVARIABLE), "n")
    of = words("the model of all covariates is of ", count(n), " patients with ", count(n, "numerator"), " events. ")
    beyond = without_ratio(model, MULTIVARIABLE, model.analysis.modelled)
    rest = f" For {listed_text(beyond)} no hazard ratio can be given: see the table." if beyond else ""
    clear = clear_of(given, model.ratio)
    if not clear and beyond:
        return Paragraph(words(start, of, "Each interval of the others includes a hazard ratio of 1.", rest))
    if not clear:
        none = "Each interval includes a hazard ratio of 1: which of them go with the time, if any, cannot be said."
        return Paragraph(words(start, of, none))
    return Paragraph(words(start, of, "The interval of the hazard ratio leaves out 1 for ", clear, ".", rest))


def hazard_table(study: Study, model: Model) -> Table:
    """A row a covariate, or a level of one."""
    analysis, label = model.analysis, small(study.populations[model.population].label)
    alone, together = ("Each covariate alone",), ("All covariates together",)
    ratio = (f"HR ({_INTERVAL})",)
    return Table(
        name=f"{analysis.name}-{model.population}-hazards",
        title=words(f"Hazard ratios of {analysis.label}: {label} ", size(study, model.lookup, model.population)),
        stub="Covariate",
        columns=(
            Column(("Events/patients",)),
            Column(ratio, alone),
            Column(("p",), alone),
            Column(ratio, together),
            Column(("p",), together),
            Column(("Hazards proportional, p",), together),
        ),
        rows=tuple(row for covariate in analysis.modelled for row in covariate_rows(model, covariate)),
        notes=(
            *cautions_at(model.lookup, model.at(MULTIVARIABLE)),
            *population_notes(analysis, model.population, model.lookup),
            (f"{_RATIO} {_PROPORTIONAL}",),
        ),
    )
