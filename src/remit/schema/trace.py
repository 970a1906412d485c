"""Trace: what stands behind each result, down to the cells of the charts. Made by `trace`, shown by `report`.

Patients are told by their position in `patients`. Of a large cohort only some are traced: `PatientSet.size` is then
more than the positions given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Truth = bool | None


@dataclass(frozen=True)
class PatientSet:
    """`size`: how many patients belong; `positions`: of those who are traced, in ascending order."""

    size: int
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Source:
    """Where a published number stands. `study`: its title; `of`: of what the number is; `links`: doi, pubmed and
    registration, as far as they are known; `read`: where the number was read, if not in the publication;
    `certainties`: how sure each number is, by the marks of evidence."""

    study: str
    of: str
    citation: str
    links: Mapping[str, str]
    read: str | None
    certainties: str
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Behind:
    """Who was counted for some results of one address. The numbers are those of `Trace.sets`; None: does not apply.

    `events`: the number counts rows of a form, not patients; `numerator` is then who has such a row, and
    `rows` has, for each traced patient of the numerator, the keys of the rows that were counted.
    `definitions`: those by which a patient's values were decided, as numbers of `Trace.definitions`.
    `note`: in words, where a count of the result is not the size of the set: what it counts instead.
    `source`: of a published number, or of one that is compared with it: which of `Trace.sources`; `pooled`: of what is
    pooled, all that it is made of.
    """

    population: int | None
    denominator: int | None
    numerator: int | None
    missing: int | None
    definitions: tuple[int, ...] = ()
    events: bool = False
    rows: Mapping[int, tuple[int, ...]] | None = None
    note: str | None = None
    source: int | None = None
    pooled: tuple[int, ...] = ()


@dataclass(frozen=True)
class Leaf:
    """A field of the charts at a visit. For each traced patient `values` has it as printed, with its unit ("—" where
    it is not known), and `rows` the key of the chart row that it stands in (None: there is none)."""

    form: str
    field: str
    label: str
    visit: str | None
    values: tuple[str, ...]
    rows: tuple[int | None, ...]


@dataclass(frozen=True)
class CountedRows:
    """The rows of a form about which a condition asks. For each traced patient: the key of each row, whether the
    condition holds for it, and what it reads there, as printed, one text for each of `fields`."""

    form: str
    fields: tuple[str, ...]
    labels: tuple[str, ...]
    of_patients: tuple[tuple[tuple[int, Truth, tuple[str, ...]], ...], ...]


@dataclass(frozen=True)
class Step:
    """A line of a definition: in English, with its value for each traced patient, and the steps inside.

    `values`: "yes", "no" or "" (unknown) of a statement, else as printed. `leaf`, `rows`: where it ends in the charts.
    """

    text: str
    statement: bool
    values: tuple[str, ...]
    parts: tuple[int, ...] = ()  # of Trace.steps
    leaf: int | None = None  # of Trace.leaves
    rows: int | None = None  # of Trace.counted_rows


@dataclass(frozen=True)
class Traced:
    """A definition: its first step, and what it is called."""

    label: str
    step: int


@dataclass(frozen=True)
class ChartRow:
    """A row of a chart, and the day it is about (ISO), if the form has one. `cells`: by field, the spreadsheet's letter
    or the name of the column, where the field stands."""

    form: str
    file: str
    sheet: str
    row: int | None
    date: str | None
    columns: int  # of Trace.columns


@dataclass(frozen=True)
class Reading:
    """How a cell was read, where it was not used as written: an entry of the ledger."""

    action: str
    written: str | None
    value: str | None
    reason: str | None


@dataclass(frozen=True)
class Trace:
    """`of`: by the name of a result, its number in `behind`. `columns`: for each layout of a sheet, the column of each
    field. `readings`: by chart row and field. `whole`: by form of events, which of `counted_rows` tells all fields."""

    patients: tuple[str, ...]
    centres: tuple[str, ...]
    sets: tuple[PatientSet, ...]
    behind: tuple[Behind, ...]
    of: Mapping[str, int]
    definitions: tuple[Traced, ...]
    steps: tuple[Step, ...]
    leaves: tuple[Leaf, ...]
    counted_rows: tuple[CountedRows, ...]
    rows: Mapping[int, ChartRow]
    columns: tuple[Mapping[str, str], ...]
    readings: Mapping[tuple[int, str], Reading]
    whole: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
