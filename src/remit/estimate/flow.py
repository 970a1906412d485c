"""Who was screened, excluded and included, and who belongs to which population: in total, and by arm."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from remit.estimate.arms import Part, parts
from remit.language.query import digest
from remit.schema.cohort import ELIGIBLE, EXCLUDED_BY, UNDECIDABLE, arm_column, population_column
from remit.schema.results import SELECTED, Address, Denominator, Row, Statistic, guard, rows
from remit.study.analyses.kinds import Arms
from remit.study.selection import told_of
from remit.study.study import Criterion, Population, Study

FLOW = "flow"


def estimate_flow(study: Study, patients: pl.DataFrame) -> Iterator[Row]:
    """By the planned arm, where there is one; then how many of each population are in each arm."""
    for part in parts(patients, next(iter(study.arms.values()), None)):
        yield from _of_part(study, part)
    for arms in study.arms.values():
        for population in study.populations:
            yield from _sizes(arms, population, patients)


def _of_part(study: Study, part: Part) -> Iterator[Row]:
    """Screened, excluded at each criterion in order, undecidable, included; and who belongs to each population."""
    screened, reasons = part.patients.height, part.patients[EXCLUDED_BY]
    yield from _count(part.at(Address(FLOW, variable="screened")), screened, screened)
    for criterion in study.criteria:
        yield from _excluded(part, criterion)
    undecidable = int((reasons == UNDECIDABLE).sum())
    yield from _count(part.at(Address(FLOW, variable="undecidable")), undecidable, screened)
    yield from _count(part.at(Address(FLOW, variable=ELIGIBLE)), int(part.patients[ELIGIBLE].sum()), screened)
    for population in study.populations.values():
        yield from _belonging(part, population)


def _excluded(part: Part, criterion: Criterion) -> list[Row]:
    note = None
    if criterion.selects_survivors:
        note = "this criterion needs follow-up: it selects those who stayed, which may flatter the treatment"
    n = int((part.patients[EXCLUDED_BY] == criterion.name).sum())
    address = Address(FLOW, variable="excluded", level=criterion.name)
    found = _count(part.at(address), n, part.patients.height, digest(criterion.passes), note)
    if criterion.selects_survivors and part.arm is None:
        behind = Denominator(n, part.patients.height, 0, part.patients.height)
        told = Statistic(guard(SELECTED), None, note=told_of(criterion))
        found += rows(address, [told], behind, digest(criterion.passes))
    return found


def _belonging(part: Part, population: Population) -> list[Row]:
    if population.of is None or population.where is None:
        return []
    patients = part.patients
    values = patients[population_column(population.name)].filter(patients[population_column(population.of)])
    unknown = values.null_count()
    note = f"of {unknown} it is not known whether they belong: they are left out" if unknown else None
    behind = Denominator(int(values.sum()), len(values), unknown, len(values))
    address = Address(FLOW, population.of, variable="population", level=population.name)
    return rows(part.at(address), [Statistic("n", float(values.sum()), note=note)], behind, digest(population.where))


def _sizes(arms: Arms, population: str, patients: pl.DataFrame) -> Iterator[Row]:
    """`missing` is who of the population is in none of the arms."""
    members = patients.lazy().filter(pl.col(population_column(population))).select(arm_column(arms.kind)).collect()
    counts = {part.arm: part.patients.height for part in parts(members, arms)}
    of = counts.pop(None)
    nowhere = of - sum(counts.values())
    note = _in_no_arm(arms, nowhere) if nowhere else None
    for arm, n in counts.items():
        address = Address(FLOW, population, variable=f"{arms.kind}_arm", level=arm)
        yield from rows(
            address, [Statistic("n", float(n), note=note)], Denominator(n, of, nowhere, of), digest(arms.query)
        )


def _in_no_arm(arms: Arms, n: int) -> str:
    which = "is not known" if arms.of_all_levels else "is not known, or none of these,"
    return f"{n} whose {arms.kind} arm {which} {'counts' if n == 1 else 'count'} in the total and in no arm"


def _count(address: Address, n: int, of: int, definition: str | None = None, note: str | None = None) -> list[Row]:
    return rows(address, [Statistic("n", float(n), note=note)], Denominator(n, of, 0, of), definition)
