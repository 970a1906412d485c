"""The results of a run by their names, and as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import SequenceMatcher
from typing import Any

import polars as pl

from remit.errors import WrongInput
from remit.language.units import in_words
from remit.report.document import Document, Number
from remit.report.numbers import percentage
from remit.schema.results import Results

NEAREST = 5
Row = Mapping[str, Any]


def result_named(results: Results, name: str) -> Row:
    """Raises WrongInput, with the nearest names, if there is no such result."""
    found = results.table.filter(pl.col("result") == name)
    if found.height:
        return found.row(0, named=True)
    near = "".join(f"\n    {other}" for other in nearest(name, results.table["result"]))
    raise WrongInput(name, "the run has no such result", f"The nearest are:{near}\n  All are in results.json.")


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """The names most like it, part by part between dots; of those alike, the shortest."""
    asked = name.split(".")
    names = [*names]
    alike = {
        part: [_alike(each, part) for each in asked] for part in {part for each in names for part in each.split(".")}
    }

    def likeness(other: str) -> tuple[float, int]:
        parts = [alike[part] for part in other.split(".")]
        return sum(max(part[place] for part in parts) for place in range(len(asked))), -len(other)

    return sorted(names, key=likeness, reverse=True)[:NEAREST]


def _alike(one: str, other: str) -> float:
    return 1.0 if one == other else SequenceMatcher(None, one, other).ratio() ** 2


def printed(document: Document, name: str) -> str | None:
    """The number as the report prints it; None if the report does not."""
    return next((number.text for number in _numbers(document) if (number.result, number.part) == (name, "value")), None)


def _numbers(part: object) -> Iterator[Number]:
    if isinstance(part, Number):
        yield part
    elif isinstance(part, tuple | list):
        for each in part:
            yield from _numbers(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _numbers(getattr(part, field.name))


def value_text(row: Row) -> str:
    """The value of a result where the report does not print it: four digits, or as a percentage."""
    if row["value"] is None:
        return row["note"] or "—"
    return with_unit(percentage(row["value"]) if row["unit"] == "%" else f"{row['value']:.4g}", row)


def with_unit(number: str, row: Row) -> str:
    """The number with the unit of the result: 21.9 %, 75.1 years."""
    return f"{number} {in_words(row['unit'])}" if row["unit"] else number
