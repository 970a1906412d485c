"""Random expressions on random charts: every engine says what the interpreter says, of every patient."""

from __future__ import annotations

from dataclasses import fields, replace
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from remit.derive.engines import engine_named
from remit.language.errors import LanguageError
from remit.language.interpret import interpret
from remit.language.query import Aggregate, Constant, Named, Query, RowValue, Value
from remit.language.resolve import resolve
from tests.generative.charts import random_patients
from tests.generative.expressions import Writer
from tests.spec.frames import Charts, normal
from tests.spec.study import SCOPE


def random_queries(random: Random, count: int, depth: int) -> dict[str, Query]:
    """By text. What could leave 64 bits is refused, and another is tried."""
    found: dict[str, Query] = {}
    while len(found) < count:
        writer = Writer(random)
        text = random.choice((writer.truth, writer.truth, writer.any_number, writer.date))(random.randint(1, depth))
        try:
            found[text] = resolve(text, SCOPE, visit="week12")
        except LanguageError as error:
            if not (error.what.startswith(ALLOWED) or error.what.endswith(("do not measure the same", "with exactly"))):
                raise AssertionError(f"{text}: {error.what}") from error
    return found


ALLOWED = (
    "one side is in",
    "this could grow too large",
    "this is too long",
    "change compares",
    "fall compares",
    "this divides by zero",
)


def by_definitions(random: Random, query: Query) -> Query:
    """The same, as if some of its parts, which may be parts of parts, were definitions of a study file."""

    if isinstance(query, Constant | Value | RowValue | Aggregate):
        return query

    def part(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(part(item) for item in value)
        return by_definitions(random, value) if isinstance(value, Query) else value

    inner = replace(query, **{each.name: part(getattr(query, each.name)) for each in fields(query)})
    return Named("definition", None, inner) if random.random() < 0.3 else inner


def disagreements(engine: str, random: Random, patients: int, queries: int, depth: int) -> list[str]:
    charts, asked = random_patients(random, patients), random_queries(random, queries, depth)
    asked |= {f"by definitions: {text}": by_definitions(random, query) for text, query in asked.items()}
    found = Charts(charts, SCOPE, engine_named(engine)).evaluate(list(asked.values()))
    return [
        f"{text}: {name} is {values[name]} on {engine}, and {expected} by the interpreter"
        for (text, query), values in zip(asked.items(), found, strict=True)
        for name, patient in charts.items()
        if normal(values[name]) != (expected := normal(interpret(query, patient)))
    ]


@settings(max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.integers(0, 10**9))
def test_polars(seed: int) -> None:
    assert disagreements("polars", Random(seed), patients=30, queries=30, depth=4) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_duckdb(seed: int) -> None:
    assert disagreements("duckdb", Random(seed), patients=60, queries=100, depth=3) == []


def test_spark(spark: object) -> None:
    assert disagreements("spark", Random(3), patients=60, queries=120, depth=3) == []
