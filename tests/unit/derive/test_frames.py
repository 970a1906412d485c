"""Frame operations that specs do not reach by themselves."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from remit.derive.engines import collect, engine_named
from remit.derive.frames import add_aggregates, one_if, pick
from remit.language.fields import aggregates
from remit.language.resolve import resolve
from tests.spec.study import SCOPE


@pytest.fixture(params=["polars", "duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Any:
    if request.param == "spark":
        request.getfixturevalue("spark")
    return engine_named(request.param)


def rows(**columns: list[Any]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema_overrides={name: pl.Int64 for name in ("_row", "order") if name in columns})


def test_pick_takes_the_least_of_each_patients_rows_and_null_before_it(engine: Any) -> None:
    charts = rows(patient=["a", "a", "b", "c", "c"], _row=[1, 2, 3, 4, 5], order=[5, 4, 9, 1, None])
    found = collect(pick(engine.load(charts), nw.col("order"))).sort("patient")
    assert found.columns == ["patient", "_row", "order"]
    assert found.rows() == [("a", 2, 4), ("b", 3, 9), ("c", 5, None)]


def test_pick_breaks_ties_by_the_next_order(engine: Any) -> None:
    charts = rows(patient=["a", "a"], _row=[1, 2], order=[4, 4])
    found = collect(pick(engine.load(charts), nw.col("order"), 0 - nw.col("_row")))
    assert found.rows() == [("a", 2, 4)]


def test_one_if_counts_unknown_as_no(engine: Any) -> None:
    frame = engine.load(pl.DataFrame({"fact": [True, False, None]}))
    found = collect(frame.select(one_if(nw.col("fact")).alias("one")))
    assert sorted(found["one"].to_list()) == [0, 0, 1]
    assert found.schema["one"] == pl.Int64


def test_patients_get_the_columns_of_others_also_those_without_a_partner(engine: Any) -> None:
    patients = engine.load(rows(patient=["b", "a"]))
    others = [engine.load(rows(patient=["b", "c"], order=[1, 2])), engine.load(rows(patient=["a", "b"], _row=[3, 4]))]
    assert collect(engine.widen(patients, others)).sort("patient").rows() == [("a", None, 3), ("b", 1, 4)]


def test_two_rows_of_a_patient_do_not_shift_the_others() -> None:
    engine = engine_named("polars")
    with pytest.raises(ValueError, match="two rows"):
        engine.widen(engine.load(rows(patient=["a", "b"])), [engine.load(rows(patient=["a", "a"], order=[1, 2]))])


def with_rows(engine: Any, patients: list[str], of: list[str], serious: list[bool | None]) -> tuple[Any, Any]:
    frame = rows(patient=of, _row=list(range(len(of))), row__serious=serious)
    wide = pl.DataFrame({"patient": patients}, schema={"patient": pl.String})
    schema = {"patient": pl.String, "_row": pl.Int64, "row__serious": pl.Boolean}
    return engine.load(wide), engine.load(frame.cast(schema))  # type: ignore[arg-type]


def test_rows_of_nobody_and_forms_without_rows(engine: Any) -> None:
    """A row of a patient who is not there is not counted; a form without any row gives what no rows give."""
    query = resolve("any(adverse_events, where serious)", SCOPE)
    for of, serious, expected in ((["z", "a"], [True, False], False), ([], [], False)):
        patients, events = with_rows(engine, ["a"], of, serious)
        found = collect(add_aggregates(patients, {"adverse_events": events}, aggregates(query), engine))
        assert found.rows() == [("a", expected)]


def test_an_aggregate_that_is_there_is_not_added_again() -> None:
    engine = engine_named("polars")
    query = resolve("count(adverse_events, where serious) > 1", SCOPE)
    patients, events = with_rows(engine, ["a"], ["a"], [True])
    once = add_aggregates(patients, {"adverse_events": events}, aggregates(query), engine)
    again = add_aggregates(once, {}, aggregates(query), engine)
    assert again.columns == once.columns
