"""The engines: Polars on one machine, DuckDB for data that lie there, PySpark where a study is a country."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal, cast

import narwhals.stable.v2 as nw
import polars as pl

from remit.errors import WrongInput

BLOCK = 100_000  # patients: some 1 GB of frames for a study of 300 columns
EngineName = Literal["polars", "duckdb", "spark"]


@dataclass(frozen=True)
class Engine:
    """`load` takes a Polars frame to the engine; the frame that comes back is lazy.

    `hold` computes a frame and keeps it: a frame that is used more than once is held first, else each use would compute
    it anew, and a chain of such uses doubles the plan at each link. `block`: how many patients it is given at a time;
    None: all, for the engine itself sees that memory is enough.
    """

    name: EngineName
    load: Callable[[pl.DataFrame], nw.LazyFrame[Any]]
    hold: Callable[[nw.LazyFrame[Any]], nw.LazyFrame[Any]]
    block: int | None = None


def engine_named(name: str) -> Engine:
    """Raises WrongInput if there is no such engine, or its library is not installed."""
    match name:
        case "polars":
            return Engine("polars", _to_polars, _hold_polars, BLOCK)
        case "duckdb":
            return _duckdb_engine()
        case "spark":
            return Engine("spark", _to_spark, _hold_spark)
    raise WrongInput("--engine", f"there is no engine '{name}'", "It is one of polars, duckdb, spark.")


def _lazy(native: Any) -> nw.LazyFrame[Any]:
    return cast("nw.LazyFrame[Any]", nw.from_native(native))


def collect(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """The frame as a Polars one, in no particular order."""
    return cast("pl.DataFrame", frame.collect("polars").to_native())


def _to_polars(frame: pl.DataFrame) -> nw.LazyFrame[Any]:
    return _lazy(frame.lazy())


def _hold_polars(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return _lazy(frame.to_native().collect().lazy())


def _duckdb_engine() -> Engine:
    """An engine with a database of its own, in memory: what it holds goes with it."""
    try:
        import duckdb
    except ModuleNotFoundError:
        raise _missing("duckdb") from None
    database = duckdb.connect(":memory:")
    numbers = count()

    def load(frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        return _lazy(database.from_arrow(frame.to_arrow()))

    def hold(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        name = f"held_{next(numbers)}"
        frame.to_native().create(name)
        return _lazy(database.table(name))

    return Engine("duckdb", load, hold)


def _to_spark(frame: pl.DataFrame) -> nw.LazyFrame[Any]:
    return _lazy(_spark().createDataFrame(frame.to_arrow()))


def _hold_spark(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return _lazy(frame.to_native().localCheckpoint())


def _spark() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise _missing("spark") from None
    builder = SparkSession.builder.config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
    session = builder.getOrCreate()
    # Spark infers constraints between columns in time that grows exponentially with the aliases of a wide frame
    # (SPARK-19875): without this the widest step takes 40 times as long. It changes plans, not results.
    session.conf.set("spark.sql.constraintPropagation.enabled", "false")
    return session


def _missing(name: str) -> WrongInput:
    return WrongInput("--engine", f"the engine {name} is not installed", f"Install it: pip install 'remit[{name}]'.")
