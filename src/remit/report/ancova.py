"""An outcome by arm, as if the arms had the same covariates: a sentence, warnings and a table."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from remit.report.addresses import size
from remit.report.arms import Contrast, Group, groups_of, population_notes
from remit.report.document import Block, Cell, Column, Number, Paragraph, Row, Section, Table, Words, words
from remit.report.guards import cautions_at
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import (
    MINUS,
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
from remit.report.wording import among, capital, listed, listed_text, small, with_unit
from remit.schema.results import ARM, OBSERVED, Address
from remit.study.analyses.kinds import Ancova
from remit.study.study import Study

_INTERVAL = f"95{SPACE}% CI"
_NOTHING = Cell()
_NOTHINGS = (_NOTHING, _NOTHING)  # of patients and observed means
_NOTE = (
    "Adjusted mean: what the mean of the arm would be if all arms had the same covariates. CI, confidence interval; "
    "intervals and p are not adjusted for the number of comparisons."
)


@dataclass(frozen=True)
class Model:
    """The analysis in a population."""

    study: Study
    analysis: Ancova
    population: str
    lookup: Lookup

    @property
    def address(self) -> Address:
        outcome = self.analysis.outcome
        return Address(self.analysis.name, self.population, variable=outcome.name, handling=OBSERVED)

    @property
    def over_all_address(self) -> Address:
        return replace(self.address, group=ARM)

    @property
    def over_all(self) -> Statistics:
        return self.lookup.at(self.over_all_address)

    @property
    def groups(self) -> list[Group]:
        return [group for group in groups_of(self.study, self.analysis, self.population, self.lookup) if group.arm]

    def of(self, group: Group) -> Statistics:
        return self.lookup.at(group.at(self.address))

    def between(self, arm: str, other: str) -> Statistics:
        return self.lookup.at(Contrast(arm, other).at(self.address))

    @property
    def decimals(self) -> int:
        means = [self.of(group)["mean"].value for group in self.groups]
        return decimals_shown(self.analysis.outcome.query.type, means) + 1

    def decimals_of(self, error: Result) -> int:
        """As many as the outcome's, but two digits of the standard error: a slope may be small."""
        return max(self.decimals, 1 - math.floor(math.log10(error.value))) if error.value else self.decimals

    def estimate(self, found: Statistics, name: str, ends: str = "") -> Words:
        """−0.5 (−2.1 to 1.1); without an interval the value alone"""
        decimals = self.decimals_of(found[f"{ends}se"])
        return with_interval(found[name], found[f"{ends}lower"], found[f"{ends}upper"], decimals)


def ancova_section(study: Study, analysis: Ancova, lookup: Lookup) -> Section:
    blocks: list[Block] = []
    for population in analysis.populations:
        model = Model(study, analysis, population, lookup)
        cautions = [Paragraph(said) for said in cautions_at(lookup, model.over_all_address)]
        blocks += [Paragraph(_sentence(model)), *cautions, _table(model)]
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


def _sentence(model: Model) -> Words:
    """By how much the outcome differed from the reference with each other arm."""
    study, analysis, over_all = model.study, model.analysis, model.over_all
    where = words(
        f"{capital(among(study.populations[model.population]))} ", size(study, model.lookup, model.population)
    )
    outcome = with_unit(small(analysis.outcome.label), model.of(model.groups[0])["mean"].unit)
    if over_all["p"].value is None:
        return words(where, f", {outcome}: the arms are not compared, for ", note(over_all["p"]), ".")
    by = listed_text([small(variable.label) for variable in analysis.covariates])
    adjusted = f", adjusted for {by}," if by else ""
    reference = analysis.pairs[0][1]
    against = {arm: model.between(arm, other) for arm, other in analysis.pairs if other == reference}
    each = [
        words(_difference(model, found), f" with {arm}")
        for arm, found in against.items()
        if found["difference"].value is not None
    ]
    head = f", {outcome}{adjusted} differed from that with {reference} by "
    tests = words("F test over the arms: ", p_words(over_all["p"]))
    if analysis.dose and over_all["trend_p"].value is not None:
        tests = words(tests, "; trend over doses: ", p_words(over_all["trend_p"]))
    return words(where, head, listed(each), f" ({_INTERVAL}; ", count(over_all["n"]), " patients). ", tests, ".")


def _difference(model: Model, found: Statistics) -> Words:
    p = words(", ", p_words(found["p"])) if found["p"].value is not None else ()
    return words(model.estimate(found, "difference"), p)


def _table(model: Model) -> Table:
    study, analysis, over_all = model.study, model.analysis, model.over_all
    rows = [Row(("Means",), heading=True), *(_mean(model, group) for group in model.groups)]
    rows.append(Row(("Differences",), heading=True))
    for arm, other in analysis.pairs:
        rows.append(_compared(model, f"{capital(arm)} {MINUS} {other}", model.between(arm, other), "difference"))
    rows.append(Row(("Tests",), heading=True))
    rows.append(Row(("Over the arms, F",), (*_NOTHINGS, _f(over_all), _NOTHING, _p(over_all["p"])), level=1))
    if analysis.dose is not None:
        label = with_unit(f"Trend over {small(analysis.dose.label)}", over_all["trend"].unit)
        rows.append(_compared(model, label, over_all, "trend", "trend_"))
    label = small(study.populations[model.population].label)
    return Table(
        name=f"{analysis.name}-{model.population}",
        title=words(f"{analysis.title}: {label} ", size(study, model.lookup, model.population)),
        stub="Arm",
        columns=(
            Column(("Patients",)),
            Column(("Mean",)),
            Column(("Adjusted",), detail=(_INTERVAL,)),
            Column(("Standard error",)),
            Column(("p",)),
        ),
        rows=tuple(rows),
        notes=((_NOTE,), *population_notes(analysis, model.population, model.lookup)),
    )


def _mean(model: Model, group: Group) -> Row:
    found = model.of(group)
    patients = Cell((words(count(found["n"]), "/", count(found["n"], "population_n")),))
    mean = Cell((words(decimal(found["mean"], model.decimals)),), why_not(found["mean"]))
    return Row(
        (capital(group.arm or ""),), (patients, mean, *_adjusted(model, found, "adjusted_mean"), _NOTHING), level=1
    )


def _compared(model: Model, label: str, found: Statistics, name: str, ends: str = "") -> Row:
    return Row((label,), (*_NOTHINGS, *_adjusted(model, found, name, ends), _p(found[f"{ends}p"])), level=1)


def _adjusted(model: Model, found: Statistics, name: str, ends: str = "") -> tuple[Cell, Cell]:
    """The estimate with its interval, and the standard error; what cannot be given has a footnote."""
    if found[name].value is None:
        return Cell(((NONE,),), why_not(found[name]), muted=True), Cell(((NONE,),), muted=True)
    error = Cell((words(decimal(found[f"{ends}se"], model.decimals_of(found[f"{ends}se"]) + 1)),))
    return Cell((model.estimate(found, name, ends),), why_not(found[f"{ends}lower"])), error


def _f(found: Statistics) -> Cell:
    if found["f"].value is None:
        return Cell(((NONE,),), why_not(found["f"]), muted=True)
    return Cell(
        (words(decimal(found["f"], 2)),), (words(Number(found["f"].method or "", found["f"].id, "method"), "."),)
    )


def _p(result: Result) -> Cell:
    return Cell((words(p_number(result)),))
