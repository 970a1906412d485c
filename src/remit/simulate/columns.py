"""A field's values as columns of Records."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remit.language.types import Date, Level, Number, Text, Type, YesNo
from remit.schema.records import censored_column
from remit.simulate import curves
from remit.simulate.curves import Floats
from remit.study.forms import Field
from remit.study.simulation import Draw, Shape, Shares

Mask = NDArray[np.bool_]
Array = NDArray[Any]
LONG_AGO = -25567  # 1900-01-01


@dataclass(frozen=True)
class Column:
    """Values of a field: scaled integers, truth, days, or places in `labels`."""

    field: Field
    shape: Shape
    labels: tuple[str, ...]

    def values(self, z: Floats, visit: str | None = None) -> Array:
        """What the shape makes of standard normal numbers; of a date, how many days it lies from its origin."""
        draw = self.shape.draws[visit]
        match self.field.type:
            case Number() as kind:
                return scaled(z, draw, self.shape, kind)
            case Date():
                return from_origin(z, draw, self.shape)
        shares = draw if isinstance(draw, Shares) else Shares((), ())
        places = np.array([self._place(value) for value in shares.values])
        return places[curves.codes(z, shares)]

    def _place(self, value: object) -> object:
        return value if isinstance(self.field.type, YesNo) else self.labels.index(str(value))

    def series(self, values: Array, unknown: Mask) -> list[pl.Series]:
        """The field's column; of a number that may be censored, also whether it is."""
        name = self.field.name
        match self.field.type:
            case Level() | Text():
                return [words(name, self.labels, values, unknown)]
            case Date():
                return [nullable(name, values.astype(np.int32), unknown).cast(pl.Date)]
            case Number(censored=True) as kind:
                values, signs = self._censored(values, kind)
                sign = nullable(censored_column(name), signs, unknown)
                return [nullable(name, values, unknown), sign]
        return [nullable(name, values, unknown)]

    def _censored(self, values: Array, kind: Number) -> tuple[Array, Array]:
        """Beyond the limits of the assay: the limit, with -1 below and 1 above."""
        signs = np.zeros(len(values), np.int8)
        scale = 10**kind.decimals
        if self.shape.below is not None:
            low = int(self.shape.below * scale)
            signs[values < low] = -1
            values = np.maximum(values, low)
        if self.shape.above is not None:
            high = int(self.shape.above * scale)
            signs[values > high] = 1
            values = np.minimum(values, high)
        return values, signs


def column(field: Field, shape: Shape) -> Column:
    return Column(field, shape, labels(field.type, shape.draws))


def labels(kind: Type, draws: Mapping[str | None, Draw]) -> tuple[str, ...]:
    if isinstance(kind, Level):
        return kind.levels
    shares = [draw for draw in draws.values() if isinstance(draw, Shares)]
    return tuple(dict.fromkeys(str(value) for draw in shares for value in draw.values))


def scaled(z: Floats, draw: Draw, shape: Shape, kind: Number) -> NDArray[np.int64]:
    """Integers scaled by the field's decimals, inside its range."""
    scale = 10**kind.decimals
    low, high = shape.low, shape.high
    least = max(-kind.limit, math.ceil(low * scale) if low is not None else -kind.limit)
    most = min(kind.limit, math.floor(high * scale) if high is not None else kind.limit)
    drawn = curves.numbers(z, draw, least / scale, most / scale, 1 / scale)
    whole: NDArray[np.int64] = np.clip(np.rint(drawn * scale), least, most).astype(np.int64)
    return whole


def from_origin(z: Floats, draw: Draw, shape: Shape) -> NDArray[np.int64]:
    if shape.anchor is None:
        return np.zeros(len(z), np.int64)
    low, high = (bound(limit, end) for limit, end in ((shape.low, -math.inf), (shape.high, math.inf)))
    drawn = curves.numbers(z, draw, low, high) * shape.anchor.days
    days: NDArray[np.int64] = (shape.anchor.sign * np.ceil(np.clip(drawn, -1e6, 1e6))).astype(np.int64)
    return days


def bound(limit: Fraction | None, untold: float) -> float:
    return untold if limit is None else float(limit)


def words(name: str, labels: Sequence[str], places: Array, unknown: Mask) -> pl.Series:
    known = pl.Series(name, labels, dtype=pl.String)
    return known.gather(nullable(name, places.astype(np.uint32), unknown))


def nullable(name: str, values: Array, unknown: Mask) -> pl.Series:
    series = pl.Series(name, values)
    return series.set(pl.Series(unknown), None) if unknown.any() else series


# Instruments


def split(
    total: NDArray[np.int64], items: Sequence[tuple[int, int | None, float]], random: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Totals → items of them: each inside its range (low, high), on average its share of what is above the lows."""
    rest = total - sum(low for low, _, _ in items)
    parts = []
    for number, (low, high, share) in enumerate(items):
        later = items[number + 1 :]
        shares = share + sum(each for _, _, each in later)
        part = random.binomial(rest, min(1.0, share / shares) if shares else 1.0)
        room = [None if high is None else high - low for low, high, _ in later]
        needed = 0 if None in room else rest - sum(each or 0 for each in room)
        part = np.clip(part, np.maximum(needed, 0), rest if high is None else np.minimum(rest, high - low))
        rest = rest - part
        parts.append(low + part)
    return parts
