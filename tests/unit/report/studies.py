"""Small studies quite unlike the first example, with their results; and the first example, run once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from remit.derive.derive import derive_cohort
from remit.derive.engines import engine_named
from remit.estimate.estimate import estimate_results
from remit.report.document import Document, Paragraph, Section, Table, blocks_of, plain
from remit.report.lookup import Lookup
from remit.report.report import build_document
from remit.run import make_intake, read_records
from remit.schema.intake import Intake, intake_of
from remit.schema.records import LEDGER_SCHEMA
from remit.schema.results import Results
from remit.study.build import read_study
from remit.study.study import Study
from tests.unit.derive.small import day, records_of, study_of

EXAMPLE = Path(__file__).parents[3] / "examples" / "upadacitinib-crohn"

# One visit, no dosing, no criteria but one, no events, no estimands, no subgroups; real patients.
ASTHMA = """
remit: 1
study: {id: breath, title: Peak flow in asthma, disease: asthma}
index: first_seen
visits:
  clinic: {label: Clinic, day: 0, window: [-7, 7]}
forms:
  people:
    rows: once
    fields:
      first_seen: date
      sex: {levels: ["<b>&\\"x\\"", other]}
      inhaler: {type: yes/no, label: uses an inhaler}
      weight: {unit: kg, decimals: 1, range: [0, 300]}
      occupation: text
  visits:
    rows: visit
    date: seen
    fields:
      seen: date
      flow: {unit: L/min, label: peak flow, range: [0, 900]}
eligibility:
  no consent to use:
    include: known(inhaler)
endpoints:
  good:
    label: good control
    at: [clinic]
    is: flow >= 400 L/min and inhaler
"""
ASTHMA_ANALYSES = """
analyses:
  who:
    kind: summary
    title: People
    populations: [eligible]
    rows: [sex, inhaler, weight, occupation]
  control:
    kind: endpoints
    title: Control
    populations: {clinic: [eligible]}
  peak_flow:
    kind: course
    title: Peak flow
    populations: [eligible]
    rows: [flow]
"""
Rows = list[dict[str, Any]]
PEOPLE: Rows = [
    {"patient": "A", "first_seen": day(0), "sex": '<b>&"x"', "inhaler": True, "weight": 705, "occupation": "baker"},
    {"patient": "B", "first_seen": day(0), "sex": "other", "inhaler": False, "weight": 612, "occupation": "clerk"},
    {"patient": "C", "first_seen": day(0), "sex": "other", "inhaler": True, "weight": None, "occupation": "clerk"},
    {"patient": "D", "first_seen": day(0), "sex": None, "inhaler": None, "weight": 800, "occupation": None},
]
VISITS: Rows = [
    {"patient": "A", "seen": day(0), "flow": 410},
    {"patient": "B", "seen": day(1), "flow": 395},
    {"patient": "C", "seen": day(2), "flow": None},
]


@dataclass(frozen=True)
class Made:
    study: Study
    results: Results
    intake: Intake

    @property
    def lookup(self) -> Lookup:
        return Lookup(self.results)

    @property
    def document(self) -> Document:
        return build_document(self.study, self.results, self.intake)


NO_INTAKE = intake_of({}, [], pl.DataFrame(schema=dict(LEDGER_SCHEMA)))


def made(folder: Path, text: str, **forms: Rows) -> Made:
    """A study from its text, with results of these rows."""
    study = study_of(folder, text=text)
    cohort = derive_cohort(study, records_of(study, **forms), engine_named("polars"))
    return Made(study, estimate_results(study, cohort), NO_INTAKE)


def asthma(folder: Path, people: Rows = PEOPLE, visits: Rows = VISITS, text: str = ASTHMA + ASTHMA_ANALYSES) -> Made:
    return made(folder, text, people=people, visits=visits)


# What a reader of the report sees, with plain spaces


def section_of(found: Made, analysis: str) -> Section:
    return next(each for each in found.document.sections if each.name == f"analysis-{analysis}")


def paragraphs_of(section: Section) -> str:
    words = (plain(each.words) for each in section.blocks if isinstance(each, Paragraph))
    return " ".join(words).replace("\xa0", " ")


def table_of(section: Section) -> Table:
    """The only one."""
    (table,) = (each for each in section.blocks if isinstance(each, Table))
    return table


def table_named(found: Made, name: str) -> Table:
    return next(each for each in blocks_of(found.document.sections) if isinstance(each, Table) and each.name == name)


def lines_of(table: Table) -> list[list[str]]:
    """Each row's label and cells."""
    lines = [[plain(row.label), *(" ".join(map(plain, cell.lines)) for cell in row.cells)] for row in table.rows]
    return [[text.replace("\xa0", " ") for text in line] for line in lines]


@cache
def example() -> Made:
    study = read_study(EXAMPLE)
    records = read_records(study)
    cohort = derive_cohort(study, records, engine_named("polars"))
    return Made(study, estimate_results(study, cohort), make_intake(records, cohort))
