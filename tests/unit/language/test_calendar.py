"""Days, months and letters, on each engine, against Python."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from remit.derive.engines import collect, engine_named
from remit.language.evaluate import evaluate
from remit.language.months import month_key
from remit.language.query import OneOf, RowValue
from remit.language.types import Text, folded

EPOCH = datetime.date(1970, 1, 1)
FIRST, LAST = ((datetime.date(year, month, day) - EPOCH).days for year, month, day in ((1, 1, 1), (9999, 12, 31)))
ENGINES = ["polars", "duckdb", pytest.param("spark", marks=pytest.mark.spark)]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Any:
    if request.param == "spark":
        request.getfixturevalue("spark")
    return engine_named(request.param)


def calendar(days: Iterable[int]) -> pl.DataFrame:
    """Days with their dates, and what Python says of them."""
    listed = list(days)
    dates = [EPOCH + datetime.timedelta(days=day) for day in listed]
    return pl.DataFrame(
        {
            "day": pl.Series(listed, dtype=pl.Int64),
            "key": pl.Series([(date.year * 12 + date.month) * 32 + date.day for date in dates], dtype=pl.Int64),
        }
    )


def wrong(engine: Any, frame: pl.DataFrame) -> pl.DataFrame:
    found = engine.load(frame).select("day", "key", month_key(nw.col("day")).alias("found_key"))
    checked = collect(found)
    assert checked.height == frame.height
    assert checked.null_count().sum_horizontal().item() == 0
    return checked.filter(pl.col("key") != pl.col("found_key"))


def test_every_day_from_0001_to_9999() -> None:
    """All 3,652,059 of them, on the two engines that read a frame of that size in a second."""
    frame = calendar(range(FIRST, LAST + 1))
    for name in ("polars", "duckdb"):
        assert wrong(engine_named(name), frame).is_empty()


def test_days_on_each_engine(engine: Any) -> None:
    """Every 97th, and those around the ends of February, of centuries, and of the first and last year."""
    ends = [
        (datetime.date(year, month, day) - EPOCH).days
        for year in (1, 4, 100, 400, 1600, 1899, 1900, 1969, 1970, 1999, 2000, 2023, 2024, 2100, 9999)
        for month, day in ((1, 1), (1, 31), (2, 28), (3, 1), (12, 31))
    ]
    leap = [(datetime.date(year, 2, 29) - EPOCH).days for year in (4, 400, 2000, 2024)]
    assert wrong(engine, calendar([*range(FIRST, LAST, 97), *ends, *leap])).is_empty()


def test_unknown_days_stay_unknown(engine: Any) -> None:
    frame = pl.DataFrame({"day": [None, 0]}, schema={"day": pl.Int64})
    found = collect(engine.load(frame).select(month_key(nw.col("day")).alias("k")))
    assert sorted(found.rows(), key=str) == sorted([(None,), ((1970 * 12 + 1) * 32 + 1,)], key=str)


def test_case_does_not_matter_alike_on_all_engines(engine: Any) -> None:
    """Latin, Greek and Cyrillic letters; each compared with its own small and capital form."""
    letters = [chr(code) for code in [*range(0x20, 0x590), *range(0x1E00, 0x2000)] if chr(code).isprintable()]
    words = [f"x{letter}x" for letter in letters] + ["ΟΔΥΣΣΕΥΣ", "οδυσσευς", "İstanbul", "istanbul", "ISTANBUL"]
    frame = pl.DataFrame({"row__word": words})
    queries = {word: OneOf(RowValue("f", "word", Text()), (word,)) for word in ("ΟΔΥΣΣΕΥΣ", "istanbul", "xÄx", "xςx")}
    found = collect(engine.load(frame).select("row__word", **{word: evaluate(q) for word, q in queries.items()}))
    for row in found.iter_rows(named=True):
        for word in queries:
            assert row[word] == (folded(row["row__word"]) == folded(word)), (row["row__word"], word)
