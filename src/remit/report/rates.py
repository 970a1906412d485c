"""Events per 100 patient-years: a table a population."""

from __future__ import annotations

from remit.language.describe import describe
from remit.report.arms import Group, groups_of, population_notes
from remit.report.document import Cell, Column, Row, Section, Table, Words, words
from remit.report.lookup import Lookup, Result
from remit.report.numbers import NONE, SPACE, count, decimal, is_many, not_given, note
from remit.report.wording import capital, plural, small
from remit.schema.results import Address
from remit.study.study import Rates, Study, Variable


def rates_section(study: Study, analysis: Rates, lookup: Lookup) -> Section:
    tables = tuple(_table(study, analysis, population, lookup) for population in analysis.populations)
    return Section(f"analysis-{analysis.name}", analysis.title, tables)


def _table(study: Study, analysis: Rates, population: str, lookup: Lookup) -> Table:
    groups = groups_of(study, analysis, population, lookup)
    label = f": {small(study.populations[population].label)}" if len(analysis.populations) > 1 else ""
    per = f"Per 100 patient-years (95{SPACE}% CI); events in patients, of those observed; patient-years."
    exposure = describe(analysis.exposure, study.scope)
    return Table(
        name=f"{analysis.name}-{population}",
        title=(f"{analysis.title}{label}",),
        stub="",
        columns=tuple(Column(group.head) for group in groups),
        rows=tuple(_row(analysis, row, groups, lookup) for row in analysis.rows),
        notes=(
            (f"{per} Exposure: {exposure}.",),
            *population_notes(analysis, population, lookup),
        ),
    )


def _row(analysis: Rates, row: Variable, groups: list[Group], lookup: Lookup) -> Row:
    return Row((capital(row.label),), tuple(_cell(analysis, row, group, lookup) for group in groups))


def _cell(analysis: Rates, row: Variable, group: Group, lookup: Lookup) -> Cell:
    """14.2 (9.0 to 21.3) / 23 events in 17 of 80 patients / 161.5 patient-years; where none occurred, a footnote says
    what is excluded."""
    found = lookup.at(group.at(Address(analysis.name, group.population, variable=row.name)))
    behind = _behind(found["events"], found["patients"])
    years = words(decimal(found["patient_years"], 1), " patient-years")
    events = found["events"]
    wrong = words(": ", note(events)) if events.note else ()
    notes = [words("Not known of ", count(events, "missing"), wrong, ".")] if events.missing else []
    if found["rate"].value is None:
        return Cell(((NONE,), behind, years), (*notes, not_given(found["rate"])), muted=True)
    rate, low, high = (decimal(found[name], 1) for name in ("rate", "lower", "upper"))
    if not events.value:
        bound = decimal(found["upper_bound"], 1)
        notes.append(words("None occurred: a rate above ", bound, f" is excluded (one-sided 95{SPACE}%)."))
    return Cell((words(rate, " (", low, " to ", high, ")"), behind, years), tuple(notes))


def _behind(events: Result, patients: Result) -> Words:
    """23 events in 17 of 80 patients"""
    having = words(count(patients), " of ", count(patients, "denominator"))
    return words(count(events), " ", plural("event", is_many(events)), " in ", having, " patients")
