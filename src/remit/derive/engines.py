"""The engines: Polars on one machine, DuckDB for data that lie there, PySpark where a study is a country."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import count
from typing import Any, Literal, cast

import narwhals.stable.v2 as nw
import polars as pl

from remit.errors import WrongInput
from remit.schema.records import PATIENT

AT_ONCE = 2  # while the expressions of one block are built, which takes Python, those of another are computed
CELLS = 12_000_000  # some half a GB of frames: smaller blocks build expressions too often, larger ones leave the cache
EngineName = Literal["polars", "duckdb", "spark"]


@dataclass(frozen=True)
class Engine:
    """`load` takes a Polars frame to the engine; the frame that comes back is lazy.

    `hold` computes a frame and keeps it: a frame that is used more than once is held first, else each use would compute
    it anew, and a chain of such uses doubles the plan at each link. `widen` adds to patients the columns of frames that
    have at most one row a patient, which an engine may do without copying all that is there already. `cells`: how many
    cells of the cohort are in a block; None: all, for the engine itself sees that memory is enough. `at_once`: how many
    blocks it derives at a time.
    """

    name: EngineName
    load: Callable[[pl.DataFrame], nw.LazyFrame[Any]]
    hold: Callable[[nw.LazyFrame[Any]], nw.LazyFrame[Any]]
    widen: Callable[[nw.LazyFrame[Any], Sequence[nw.LazyFrame[Any]]], nw.LazyFrame[Any]]
    cells: int | None = None
    at_once: int = 1


def engine_named(name: str) -> Engine:
    """Raises WrongInput if there is no such engine, or its library is not installed."""
    match name:
        case "polars":
            return Engine("polars", _to_polars, _hold_polars, _widen_polars, CELLS, AT_ONCE)
        case "duckdb":
            return _duckdb_engine()
        case "spark":
            return Engine("spark", _to_spark, _hold_spark, joined)
    raise WrongInput("--engine", f"there is no engine '{name}'", "It is one of polars, duckdb, spark.")


def _lazy(native: Any) -> nw.LazyFrame[Any]:
    return cast("nw.LazyFrame[Any]", nw.from_native(native))


def collect(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """The frame as a Polars one, in no particular order."""
    native = frame.to_native()
    return _collect_polars(native) if isinstance(native, pl.LazyFrame) else frame.collect("polars").to_native()


def _collect_polars(frame: pl.LazyFrame) -> pl.DataFrame:
    """In memory, which is where a block fits: Polars streams otherwise, and forgets that rows are sorted by patient."""
    return frame.collect(engine="in-memory")


def _to_polars(frame: pl.DataFrame) -> nw.LazyFrame[Any]:
    return _lazy(frame.lazy())


def _hold_polars(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return _lazy(_collect_polars(frame.to_native()).lazy())


def _widen_polars(patients: nw.LazyFrame[Any], others: Sequence[nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
    """In the order of the patients, and so side by side. A join would copy each column that is there."""
    held = _collect_polars(patients.to_native())
    ids = held.lazy().select(PATIENT)
    found = pl.collect_all(
        (ids.join(other.to_native(), on=PATIENT, how="left", maintain_order="left") for other in others),
        engine="in-memory",
    )
    if any(frame.height != held.height for frame in found):
        raise ValueError("a patient has two rows where there can be one")
    return _lazy(pl.concat([held, *(frame.drop(PATIENT) for frame in found)], how="horizontal").lazy())


def joined(patients: nw.LazyFrame[Any], others: Sequence[nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
    return reduce(lambda wide, other: wide.join(other, on=PATIENT, how="left"), others, patients)


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

    return Engine("duckdb", load, hold, joined)


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
