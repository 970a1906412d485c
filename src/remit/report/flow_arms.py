"""The flow of patients by arm, as a table."""

from __future__ import annotations

from remit.report.addresses import INCLUDED, SCREENED, UNDECIDABLE, belonging, excluded, in_arm
from remit.report.document import Cell, Column, Row, Table, Words, words
from remit.report.lookup import Lookup
from remit.report.numbers import count, note
from remit.report.wording import capital, small
from remit.schema.cohort import ELIGIBLE
from remit.schema.results import Address
from remit.study.analyses.kinds import Arms
from remit.study.study import Study

_KINDS = {"planned": "By planned arm", "actual": "By actual arm"}


def flow_table(study: Study, lookup: Lookup) -> tuple[Table, ...]:
    """From those screened to each population by the first kind of arm; by the other, each population's size. None in a
    study without arms."""
    if not study.arms:
        return ()
    main, *others = study.arms.values()
    rows = _flow(study, main, lookup)
    for arms in others:
        rows.append(Row((_KINDS[arms.kind],), heading=True))
        rows += [_sizes(study, arms, population, lookup) for population in study.populations]
    heads = [*(capital(arm) for arm in main.names), "Total"]
    return (
        Table(
            name="flow-arms",
            title=(f"Patients by arm: {main.kind} arm",),
            stub="Patients",
            columns=tuple(Column((head,)) for head in heads),
            rows=tuple(rows),
            notes=tuple(_in_no_arm(study, lookup)),
        ),
    )


def _flow(study: Study, arms: Arms, lookup: Lookup) -> list[Row]:
    addresses: list[tuple[str, Address, int]] = [
        ("Screened", SCREENED, 0),
        *((f"Not included: {small(each.label)}", excluded(each.name), 1) for each in study.criteria),
        ("Eligibility could not be decided", UNDECIDABLE, 1),
        (study.populations[ELIGIBLE].label, INCLUDED, 0),
    ]
    for population in study.populations.values():
        if population.name != ELIGIBLE:
            addresses.append((population.label, belonging(study, population.name), 0))
    return [
        Row((capital(label),), tuple(_cell(lookup, address.in_arm(arm)) for arm in (*arms.names, None)), level=level)
        for label, address, level in addresses
    ]


def _sizes(study: Study, arms: Arms, population: str, lookup: Lookup) -> Row:
    cells = [_cell(lookup, in_arm(arms, population, arm)) for arm in arms.names]
    return Row(
        (capital(study.populations[population].label),), (*cells, _cell(lookup, belonging(study, population))), 1
    )


def _cell(lookup: Lookup, address: Address) -> Cell:
    result = lookup.one(address, "n")
    return Cell((words(count(result)),), muted=not result.value)


def _in_no_arm(study: Study, lookup: Lookup) -> list[Words]:
    """Of each population, who is in the total alone."""
    found = []
    for arms in study.arms.values():
        for name, population in study.populations.items():
            result = lookup.one(in_arm(arms, name, arms.names[0]), "n")
            if result.note:
                found.append(words(f"{capital(population.label)}: ", note(result), "."))
    return found
