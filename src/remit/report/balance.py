"""How alike two arms are before and after weighting, as a table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remit.report.addresses import size
from remit.report.document import Cell, Column, Row, Table, words
from remit.report.lookup import Lookup, Result
from remit.report.numbers import NONE, SPACE, decimal, decimals_shown, percent, why_not
from remit.report.wording import capital, small
from remit.schema.results import CRUDE, WEIGHTING, Address, modelled
from remit.study.analyses.kinds import AdjustedComparison, Covariate
from remit.study.study import Study

_NOTE = (
    "Means of numbers, percentages of all else. Standardised difference: that of the means, divided by the root of the "
    "mean of the arms’ variances before weighting; up to 0.1 in size arms count as alike (Austin, Stat Med "
    "2009;28:3083–107).",
)


@dataclass(frozen=True)
class Balanced:
    """A covariate of two arms, or a level of one."""

    analysis: AdjustedComparison
    population: str
    names: tuple[str, str]
    covariate: Covariate
    level: str | None
    lookup: Lookup

    @property
    def label(self) -> str:
        label = capital(self.covariate.variable.label)
        return label if self.level in (None, "yes") else f"{label}: {self.level}"

    def at(self, method: str) -> Address:
        asked = self.analysis
        handling = modelled(asked.estimand, method)
        of = Address(asked.name, self.population, visit=asked.visit, variable=self.covariate.variable.name)
        return replace(of.between(*self.names), level=self.level, handling=handling)

    def difference(self, method: str) -> Result:
        return self.lookup.one(self.at(method), "standardised_difference")

    def mean(self, method: str, arm: str) -> Result:
        at = self.at(method)
        own = replace(at, group_level=arm, contrast=None if method == CRUDE else at.contrast)
        return self.lookup.one(own, "mean" if self.level is None else "percent")


def balanced(analysis: AdjustedComparison, population: str, names: tuple[str, str], lookup: Lookup) -> list[Balanced]:
    return [
        Balanced(analysis, population, names, covariate, level, lookup)
        for covariate in analysis.covariates
        for level in covariate.shown or (None,)
    ]


def balance_table(
    study: Study, analysis: AdjustedComparison, population: str, names: tuple[str, str], name: str, lookup: Lookup
) -> Table:
    heads = [Column((capital(arm),), (when,)) for when in ("Before", "After weighting") for arm in names]
    apart = [Column(("Standardised difference",), (when,)) for when in ("Before", "After weighting")]
    rows = [_row(each) for each in balanced(analysis, population, names, lookup)]
    label = small(study.populations[population].label)
    return Table(
        name=f"{name}-balance",
        title=words(
            f"{analysis.title}: the covariates before and after weighting, {label} ", size(study, lookup, population)
        ),
        stub="Covariate",
        columns=(*heads[:2], apart[0], *heads[2:], apart[1]),
        rows=tuple(rows),
        notes=(_NOTE,),
    )


def _row(found: Balanced) -> Row:
    cells = []
    for method in (CRUDE, WEIGHTING):
        cells += [_mean(found, found.mean(method, arm)) for arm in found.names]
        cells.append(_apart(found.difference(method)))
    return Row((found.label,), tuple(cells))


def _mean(found: Balanced, result: Result) -> Cell:
    if result.value is None:
        return Cell(((NONE,),), why_not(result), muted=True)
    if found.level is not None:
        return Cell((words(percent(result), f"{SPACE}%"),))
    decimals = decimals_shown(found.covariate.variable.query.type, [result.value]) + 1
    return Cell((words(decimal(result, decimals)),))


def _apart(result: Result) -> Cell:
    if result.value is None:
        return Cell(((NONE,),), why_not(result), muted=True)
    return Cell((words(decimal(result, 2)),))
