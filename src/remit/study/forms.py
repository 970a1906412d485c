"""Forms and fields as the rest of remit sees them: the study file's, completed from the packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from remit.language.query import Band
from remit.language.types import Type

Rows = Literal["once", "visit", "event", "period"]

# The sheets of explanations and of drop-down lists in a workbook that remit made: they hold no charts.
EXPLANATIONS = "Read me (remit)"
LISTS = "Lists (remit)"

# The heading of the patients' ids, if the study file tells no other: of charts, and of SDTM.
PATIENT = "patient"
SUBJECT = "USUBJID"


Which = Literal["first", "middle", "last"]


@dataclass(frozen=True)
class PartialDates:
    """Which day of its month a date without a day counts as (middle: the 15th), and which of its year one without a
    month (middle: 1 July). None: such a date is refused."""

    without_day: Which | None = None
    without_month: Which | None = None


@dataclass(frozen=True)
class Field:
    """One field of a form.

    `units`: the units a chart may use, each with the exact factor to the field's own (the first, factor 1).
    `codes`: what a chart may write → the level's name; compared without regard to case.
    `low`, `high`: the range of possible values in the field's own unit; outside it a cell is refused.
    `plausible`: what lies outside is used all the same, and asked about ("queried"), also in the field's own unit.
    `choices`: of an instrument's item, what each value stands for on its sheet.
    `required`: a chart without this column is a wrong structure (the run stops); else the column may be absent.
    """

    name: str
    label: str
    type: Type
    column: str
    units: Mapping[str, Fraction] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    low: Fraction | None = None
    high: Fraction | None = None
    required: bool = True
    phrases: tuple[str, str] | None = None  # for yes/no: how one says yes, how one says no
    bands: tuple[Band, ...] = ()  # of a score
    plausible: tuple[Fraction | None, Fraction | None] = (None, None)
    choices: Mapping[int, str] = field(default_factory=dict)
    partial: PartialDates = PartialDates()  # of a date

    def heading(self, stem: str | None = None) -> str:
        """The heading that tells the field's own unit in so many words: crp (mg/dL). stem: instead of the column."""
        unit = next(iter(self.units), "")
        return f"{stem or self.column} ({unit})" if unit else stem or self.column


@dataclass(frozen=True)
class Form:
    """One sheet of the charts. `date` is the visit's or event's date, `start` and `stop` a period's.

    `domain`: the SDTM domain that fills it; its fields' columns are then variables and test codes.
    `only`: by variable of the domain, what it says in the records that the form is of.
    """

    name: str
    rows: Rows
    sheet: str
    fields: Mapping[str, Field]
    date: str | None = None
    start: str | None = None
    stop: str | None = None
    key: str = PATIENT
    domain: str | None = None
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)


DateOrder = Literal["year-month-day", "day/month/year", "month/day/year"]


@dataclass(frozen=True)
class Habits:
    """How a centre writes. None: not told; to be recognised from the whole column, or an error."""

    dates: DateOrder | None = None
    decimal: Literal["point", "comma"] | None = None


@dataclass(frozen=True)
class Charts:
    """What the study file tells of its charts."""

    yes: tuple[str, ...] = ("yes", "y", "1", "true")
    no: tuple[str, ...] = ("no", "n", "0", "false")
    not_done: tuple[str, ...] = ()
    centre_column: str | None = None  # for one workbook with all centres; else the file's name is the centre
    habits: Mapping[str, Habits] = field(default_factory=dict)  # by centre
    columns: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    # centre → form → heading → field: headings that differ by centre
    corrections: Path | None = None  # the file of corrections
    others: bool = False  # these are other charts than the study file names, to which its corrections do not apply

    @property
    def words(self) -> tuple[str, str]:
        """The study's own words for yes and no, of those that charts may write: the first, unless they are plain."""
        return ("yes" if "yes" in self.yes else self.yes[0]), ("no" if "no" in self.no else self.no[0])
