"""The patients of a cohort as sets: a whole number, in which the bit at the position of each who belongs is 1.

So sets of a million patients are joined, compared and counted in microseconds, and equal sets are equal numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress

import polars as pl

Bits = int
NOBODY: Bits = 0
_EIGHT = [1, 2, 4, 8, 16, 32, 64, 128]
_AT_ONCE = 64  # columns, so that of a million patients little is in memory
_WEIGHT = "bit of the byte"  # with spaces, which no column of a cohort has
_DIGITS = bytes.maketrans(b"01", b"\x00\x01")


def size(bits: Bits) -> int:
    return bits.bit_count()


def positions(bits: Bits) -> Iterator[int]:
    """In ascending order."""
    digits = f"{bits:b}".encode().translate(_DIGITS)[::-1]
    return compress(range(len(digits)), digits)


def set_of(places: Sequence[int]) -> Bits:
    """Of positions in any order; several may be the same."""
    found = bytearray(max(places, default=-1) // 8 + 1)
    for place in places:
        found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


class Places:
    """Some positions, to be looked up in many sets: in a time that does not grow with the sets."""

    def __init__(self, positions: Iterable[int]) -> None:
        self._bits = [(place >> 3, 1 << (place & 7)) for place in positions]
        self._bytes = max((byte for byte, _ in self._bits), default=0) + 1

    def inside(self, bits: Bits) -> list[int]:
        """Which of them belong, as numbers from 0."""
        held = bits.to_bytes(max(self._bytes, bits.bit_length() // 8 + 1), "little")
        return [number for number, (byte, bit) in enumerate(self._bits) if held[byte] & bit]


def joined(sets: Iterable[Bits]) -> Bits:
    """All who belong to one of them."""
    found = NOBODY
    for each in sets:
        found |= each
    return found


class People:
    """The rows of a frame with one row a patient, as sets."""

    def __init__(self, patients: pl.DataFrame) -> None:
        self.size = patients.height
        self.everybody: Bits = (1 << self.size) - 1
        rest = -self.size % 8 if self.size else 0  # the first patient again, with no weight
        weights = pl.Series(_WEIGHT, (_EIGHT * (self.size // 8 + 1))[: self.size] + [0] * rest, dtype=pl.UInt8)
        self._patients = pl.concat([patients, patients[[0] * rest]], rechunk=False).with_columns(weights)
        self._known = self._where({name: pl.col(name).is_not_null() for name in patients.columns})
        truths = [name for name, kind in patients.schema.items() if kind == pl.Boolean]
        self._yes = self._where({name: pl.col(name) for name in truths})
        self._levels: dict[str, dict[object, Bits]] = {}

    def is_yes_no(self, column: str) -> bool:
        return column in self._yes

    def yes(self, column: str) -> Bits:
        """Of whom a yes/no column is yes."""
        return self._yes[column]

    def known(self, column: str) -> Bits:
        """Of whom a column is not null."""
        return self._known[column]

    def no(self, column: str) -> Bits:
        return self._known[column] & ~self._yes[column]

    def unknown(self, column: str) -> Bits:
        return self.everybody & ~self._known[column]

    def levels(self, column: str) -> Mapping[object, Bits]:
        """Of each value of a column that occurs, who has it."""
        if column not in self._levels:
            values = self._patients.select(pl.col(column).drop_nulls().unique().sort()).to_series().to_list()
            found = self._where({str(number): pl.col(column) == value for number, value in enumerate(values)})
            self._levels[column] = dict(zip(values, found.values(), strict=True))
        return self._levels[column]

    def having(self, column: str, value: object) -> Bits:
        return self.levels(column).get(value, NOBODY)

    def where(self, condition: pl.Expr) -> Bits:
        """For whom the condition holds; whoever it cannot be decided of is not."""
        return self._where({"found": condition})["found"]

    def _where(self, conditions: Mapping[str, pl.Expr]) -> dict[str, Bits]:
        """Each byte of a set is the sum of eight patients' weights."""
        if not self.size:
            return dict.fromkeys(conditions, NOBODY)
        nothing = pl.lit(0, pl.UInt8)
        asked = [
            pl.when(condition).then(pl.col(_WEIGHT)).otherwise(nothing).reshape((-1, 8)).arr.sum().alias(name)
            for name, condition in conditions.items()
        ]
        found = {}
        for start in range(0, len(asked), _AT_ONCE):
            for column in self._patients.select(asked[start : start + _AT_ONCE]).iter_columns():
                found[column.name] = int.from_bytes(bytes(column.to_list()), "little")
        return found
