"""A small data set, and how the files of one are read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from remit.export.dataset import Dataset, Parameter, Variable
from remit.export.xpt import spelled

VARIABLES = (
    Variable("USUBJID", "Unique Subject Identifier", "text"),
    Variable("PARAMCD", "Parameter Code", "text", {"A": "a number", "B": "a level"}),
    Variable("AVAL", "Analysis Value", "float"),
    Variable("AVALC", "Analysis Value (C)", "text"),
    Variable("N", "How many", "integer", {"1": "one"}, "Counted."),
    Variable("ADT", "Analysis Date", "date", source="visits.date"),
)
PARAMETERS = (
    Parameter("A", "a number", derived="Calculated."),
    Parameter("B", "a level", text=True, codes={"x": "ex"}, source="visits.level"),
)
SCHEMA = {"text": pl.String(), "float": pl.Float64(), "integer": pl.Int64(), "date": pl.Date()}


def data_set(rows: list[tuple[Any, ...]]) -> Dataset:
    """rows: in the order of VARIABLES."""
    table = pl.DataFrame(rows, schema={each.name: SCHEMA[each.kind] for each in VARIABLES}, orient="row")
    return Dataset(
        "ADX", "A Data Set", "One record", "BASIC DATA STRUCTURE", ("USUBJID", "PARAMCD"), VARIABLES, table, PARAMETERS
    )


ROWS: list[tuple[Any, ...]] = [
    ("S01-1", "A", 8.2, None, 1, date(2024, 2, 29)),
    ("S01-1", "B", None, "x", None, None),
]


def read_json(path: Path) -> pl.DataFrame:
    """The rows of a Dataset-JSON file."""
    held = json.loads(path.read_text("utf-8"))
    kinds = {"string": pl.String(), "float": pl.Float64(), "integer": pl.Int64(), "date": pl.String()}
    schema = {column["name"]: kinds[column["dataType"]] for column in held["columns"]}
    table = pl.DataFrame(held["rows"], schema=schema, orient="row")
    dates = [column["name"] for column in held["columns"] if column["dataType"] == "date"]
    return table.with_columns(pl.col(dates).str.to_date())


def read_xpt(path: Path) -> pl.DataFrame:
    """The rows of an XPT file: numbers are numbers of one kind, and a text that is missing is empty."""
    import pyreadstat

    table, _ = pyreadstat.read_xport(path, output_format="polars")
    return table


def as_xpt(table: pl.DataFrame) -> pl.DataFrame:
    """What an XPT file can tell of it."""
    texts = pl.selectors.string().fill_null("").map_elements(spelled, pl.String)
    return table.with_columns(pl.selectors.integer().cast(pl.Float64), texts)
