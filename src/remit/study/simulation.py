"""What the study file declares of simulated patients, resolved. The rest is for `remit.simulate` to choose."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

INDEX = "index"
Known = str | bool | float


@dataclass(frozen=True)
class Shares:
    """One of these values; a value that stands later goes with greater severity."""

    values: tuple[Known, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Normal:
    mean: float
    sd: float


@dataclass(frozen=True)
class Quartiles:
    """Half of the values below the median, a quarter beyond each quartile: log-normal where all are above 0."""

    lower: float
    median: float
    upper: float


@dataclass(frozen=True)
class Uniform:
    low: float
    high: float


Draw = Shares | Normal | Quartiles | Uniform


@dataclass(frozen=True)
class Anchor:
    """A date lies `sign` × a drawn number × `days` after the index date, or after a date of the same form."""

    origin: str
    sign: int
    days: float


@dataclass(frozen=True)
class Item:
    """An item of an instrument: its field and range."""

    field: str
    low: int
    high: int | None


@dataclass(frozen=True)
class Shape:
    """What is declared of a field; None, or a visit that is not there, where nothing is.

    `draws` and `missing` are by visit; of a form without visits under None. Numbers are in the field's own unit.
    `among`: the yes/no field of a form filled once, of those for whom alone it is asked. `items`: of an instrument's
    total, the share of each item's field.
    """

    draws: Mapping[str | None, Draw] = field(default_factory=dict)
    missing: Mapping[str | None, float] = field(default_factory=dict)
    low: Fraction | None = None
    high: Fraction | None = None
    below: Fraction | None = None
    above: Fraction | None = None
    anchor: Anchor | None = None
    among: tuple[str, str] | None = None
    items: Mapping[str, float] = field(default_factory=dict)
    correlation: float | None = None
    severity: float = 0.0
    centre_effect: float | None = None


@dataclass(frozen=True)
class Rows:
    """Rows of a form of periods or events. `start`, `to`, `length`: in days, the first two from the index date."""

    share: float = 1.0
    rate: float | None = None
    among: tuple[str, str] | None = None
    start: Draw | None = None
    to: int | None = None
    length: Draw | None = None
    shapes: Mapping[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True)
class Stop:
    """The share that has stopped by the last visit; `days`: of an interruption, how long it is."""

    share: float
    reasons: Shares | None = None
    days: Draw | None = None


@dataclass(frozen=True)
class FormShape:
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    rows: tuple[Rows, ...] | None = None
    stop: Stop | None = None
    interruptions: Stop | None = None


@dataclass(frozen=True)
class Simulation:
    centres: Mapping[str, float] = field(default_factory=dict)
    starts: tuple[datetime.date, datetime.date] | None = None
    follow_up: Draw | None = None
    jitter: float | None = None
    missed: Mapping[str, float] | None = None
    drop_out: Stop | None = None
    missing: float = 0.0
    correlation: float | None = None
    centre_effect: float = 0.0
    benchmark: Fraction | None = None
    forms: Mapping[str, FormShape] = field(default_factory=dict)
    instruments: Mapping[str, Mapping[str, tuple[Item, ...]]] = field(default_factory=dict)  # by form and name
    assumed: tuple[str, ...] = ()  # the fields, as form.field, that look as a pack assumes and not as the study says
    unfit: Mapping[str, str] = field(default_factory=dict)  # those that a pack's shape does not fit, and why

    def on_assumptions(self) -> Iterator[str]:
        """In words: what the study does not declare, and a pack assumes."""
        if self.assumed:
            yield f"Assumed by a pack, as the study file declares no shape: {', '.join(self.assumed)}."
        for name, why in self.unfit.items():
            yield f"What a pack assumes does not fit {name}, which is drawn from its range: {why}."
