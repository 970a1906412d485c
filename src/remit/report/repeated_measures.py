"""Changes of a number over the visits by the mixed model for repeated measures: a sentence, warnings and a table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remit.report.addresses import size
from remit.report.arms import Contrast, Group, arms_in, contrasts_of, groups_of, population_notes
from remit.report.document import Block, Cell, Column, Paragraph, Row, Section, Table, Words, words
from remit.report.guards import cautions_at
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import (
    NONE,
    SPACE,
    count,
    decimal,
    decimals_shown,
    note,
    p_number,
    p_words,
    why_not,
    with_interval,
)
from remit.report.wording import among, capital, listed, small, visit_label, with_unit
from remit.schema.results import MISSING_AT_RANDOM, Address
from remit.study.analyses.kinds import RepeatedMeasures
from remit.study.study import Study

_INTERVAL = f"95{SPACE}% CI"
_NOTHING = Cell()
_READING = (
    "Mean: of the changes that were seen. Adjusted: by the mixed model of all visits, at the average value at the "
    "first visit over all changes, as if nobody had missed a visit; this holds if values are missing at random. CI, "
    "confidence interval; intervals and p are not adjusted for the number of comparisons."
)


@dataclass(frozen=True)
class Model:
    """The analysis in a population."""

    study: Study
    analysis: RepeatedMeasures
    population: str
    lookup: Lookup

    @property
    def address(self) -> Address:
        outcome = self.analysis.outcome
        return Address(self.analysis.name, self.population, variable=outcome.name, handling=MISSING_AT_RANDOM)

    @property
    def groups(self) -> list[Group]:
        """The arms; without arms the population."""
        found = groups_of(self.study, self.analysis, self.population, self.lookup)
        return found[:-1] if self.analysis.arms else found

    def of(self, group: Group, visit: str) -> Statistics:
        return self.lookup.at(group.at(replace(self.address, visit=visit)))

    def between(self, contrast: Contrast, visit: str) -> Statistics:
        return self.lookup.at(contrast.at(replace(self.address, visit=visit)))

    @property
    def decimals(self) -> int:
        found = [self.of(group, visit)["mean"].value for group in self.groups for visit in self.analysis.to]
        return decimals_shown(self.analysis.outcome.query.type, found) + 1

    @property
    def unit(self) -> str | None:
        return self.of(self.groups[0], self.analysis.to[0])["mean"].unit

    def estimate(self, found: Statistics, name: str) -> Words:
        """−4.9 (−5.8 to −4.0); without an interval the value alone"""
        return with_interval(found[name], found["lower"], found["upper"], self.decimals)


def repeated_section(study: Study, analysis: RepeatedMeasures, lookup: Lookup) -> Section:
    blocks: list[Block] = []
    for population in analysis.populations:
        model = Model(study, analysis, population, lookup)
        cautions = [Paragraph(said) for said in cautions_at(lookup, model.address)]
        blocks += [Paragraph(_sentence(model)), *cautions, _table(model)]
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


# The sentence


def _sentence(model: Model) -> Words:
    """By how much the outcome changed at each visit; by arm at the last one, or how the arms differ there."""
    study, analysis = model.study, model.analysis
    who = f"{capital(among(study.populations[model.population]))} "
    n, observations = (model.lookup.one(model.address, name) for name in ("n", "observations"))
    seen = words(", ", count(n), " of whom give the model ", count(observations), " changes")
    start = words(who, size(study, model.lookup, model.population), seen, ", the adjusted ")
    outcome = with_unit(small(analysis.outcome.label), model.unit)
    contrasts = contrasts_of(analysis)
    if not contrasts and not analysis.arms:
        at_each = [_change(model, model.groups[0], visit) for visit in analysis.to]
        return words(start, f"mean change of {outcome} was ", listed(at_each, comma="; "), f" ({_INTERVAL}).")
    last = analysis.to[-1]
    at = f"at {small(visit_label(study, last))} "
    if not contrasts:
        by_arm = [
            words(_told(model, model.of(each, last), "adjusted_mean"), f" with {each.arm}") for each in model.groups
        ]
        return words(start, f"mean change of {outcome} {at}was ", listed(by_arm), f" ({_INTERVAL}).")
    differences = [
        words(f"with {each.arm} by ", _told(model, model.between(each, last), "difference")) for each in contrasts
    ]
    against = f"change of {outcome} {at}differed from that with {contrasts[0].reference}: "
    return words(start, against, listed(differences, comma="; "), f" ({_INTERVAL}).")


def _change(model: Model, group: Group, visit: str) -> Words:
    told = _told(model, model.of(group, visit), "adjusted_mean")
    return words(told, f" at {small(visit_label(model.study, visit))}")


def _told(model: Model, found: Statistics, name: str) -> Words:
    if found[name].value is None:
        return words("not given (", note(found[name]), ")")
    tested = found["p"].value is not None and (name == "difference" or not model.analysis.arms)
    return words(model.estimate(found, name), *((", ", *p_words(found["p"])) if tested else ()))


# The table


def _table(model: Model) -> Table:
    study, analysis = model.study, model.analysis
    label = small(study.populations[model.population].label)
    title = f"{analysis.title}: change of {with_unit(small(analysis.outcome.label), model.unit)}, {label} "
    compared = contrasts_of(analysis)
    against = [Column((f"Against {compared[0].reference}",), detail=(_INTERVAL,))] if compared else []
    tested = [Column(("p",))] if compared or not analysis.arms else []
    return Table(
        name=f"{analysis.name}-{model.population}",
        title=words(title, size(study, model.lookup, model.population)),
        stub="Arm" if analysis.arms else "Visit",
        columns=(
            Column(("Patients",)),
            Column(("Mean",)),
            Column(("Adjusted",), detail=(_INTERVAL,)),
            Column(("Standard error",)),
            Column(("Degrees of freedom",)),
            *against,
            *tested,
        ),
        rows=tuple(row for visit in analysis.to for row in _rows(model, visit)),
        notes=((_reading(analysis),), *population_notes(analysis, model.population, model.lookup)),
    )


def _reading(analysis: RepeatedMeasures) -> str:
    return _READING if analysis.arms else f"{_READING} p: of the hypothesis that the adjusted mean change is 0."


def _rows(model: Model, visit: str) -> list[Row]:
    """One, or under the visit one for each arm."""
    label = capital(visit_label(model.study, visit))
    if not arms_in(model.analysis):
        found = model.of(model.groups[0], visit)
        return [Row((label,), (*_mean(model, found), _p(found["p"])))]
    contrasts = {each.arm: model.between(each, visit) for each in contrasts_of(model.analysis)}
    rows = [Row((label,), heading=True)]
    for group in model.groups:
        cells = _mean(model, model.of(group, visit))
        if contrasts:
            cells += _difference(model, contrasts.get(group.arm or ""))
        rows.append(Row((capital(group.arm or ""),), tuple(cells), level=1))
    return rows


def _mean(model: Model, found: Statistics) -> list[Cell]:
    patients = Cell((words(count(found["n"]), "/", count(found["n"], "population_n")),))
    mean = Cell((words(decimal(found["mean"], model.decimals)),), why_not(found["mean"]))
    none = Cell(((NONE,),), muted=True)
    if found["adjusted_mean"].value is None:
        return [patients, mean, replace(none, notes=why_not(found["adjusted_mean"])), none, none]
    adjusted = Cell((model.estimate(found, "adjusted_mean"),), why_not(found["lower"]))
    if found["se"].value is None:
        return [patients, mean, adjusted, none, none]
    error = Cell((words(decimal(found["se"], model.decimals + 1)),))
    return [patients, mean, adjusted, error, Cell((words(decimal(found["degrees_of_freedom"], 1)),))]


def _difference(model: Model, found: Statistics | None) -> list[Cell]:
    if found is None:
        return [Cell((("reference",),), muted=True), _NOTHING]
    if found["difference"].value is None:
        return [Cell(((NONE,),), why_not(found["difference"]), muted=True), Cell(((NONE,),), muted=True)]
    return [Cell((model.estimate(found, "difference"),), why_not(found["lower"])), _p(found["p"])]


def _p(result: Result) -> Cell:
    return Cell((words(p_number(result)),), muted=result.value is None)
