"""A centre that writes in one habit is read right, or not at all: never wrong."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.errors import WrongInput
from remit.schema.records import Records
from remit.study.forms import Habits
from tests.unit.sources.making import CHARTS, records, values

ORDERS = {"day/month/year": "{0.day:02}/{0.month:02}/{0.year}", "month/day/year": "{0.month}-{0.day}-{0.year}"}
days = st.dates(dt.date(1950, 1, 1), dt.date(2023, 12, 31))
small_days = days.map(lambda day: day.replace(day=min(day.day, 12)))  # which both orders can read
amounts = st.integers(0, 30_000)
levels = st.decimals(0, 60, places=2, allow_nan=False)


def write_amount(amount: Decimal | int, decimal: str, grouped: bool) -> str:
    text = f"{amount:,}" if grouped else str(amount)
    return text.translate(str.maketrans(",.", ".,")) if decimal == "comma" else text


def write(folder: Path, rows: list[tuple[dt.date, int, Decimal]], order: str, decimal: str, grouped: bool) -> None:
    tables = {
        "patients": [["patient", "birth_date", "sex"], ["1", "1980-05-17", "F"]],
        "visits": [
            ["patient", "visit_date", "calprotectin_ug_per_g", "crp_mg_per_dL"],
            *[
                [
                    "1",
                    ORDERS[order].format(day),
                    write_amount(amount, decimal, grouped),
                    write_amount(crp, decimal, False),
                ]
                for day, amount, crp in rows
            ],
        ],
        "treatment": [["patient", "drug", "start_date", "stop_date"]],
    }
    (folder / "S01").mkdir()
    for name, table in tables.items():
        with (folder / "S01" / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=";").writerows(table)


def check(found: Records, rows: list[tuple[dt.date, int, Decimal]]) -> None:
    assert values(found, "visits", "visit_date") == [day for day, _, _ in rows]
    assert values(found, "visits", "calprotectin") == [amount for _, amount, _ in rows]
    assert values(found, "visits", "crp") == [int(crp * 100) for _, _, crp in rows]
    assert found.ledger.filter(action="refused").height == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(days | small_days, amounts, levels), min_size=1, max_size=4),
    st.sampled_from(sorted(ORDERS)),
    st.sampled_from(["point", "comma"]),
    st.booleans(),
)
def test_told_it_is_read_right_and_untold_right_or_not_at_all(
    rows: list[tuple[dt.date, int, Decimal]], order: str, decimal: str, grouped: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), rows, order, decimal, grouped)
        told = Habits(order, decimal)  # type: ignore[arg-type]
        check(records(Path(name), replace(CHARTS, habits={"S01": told})), rows)
        with suppress(WrongInput):
            check(records(Path(name)), rows)


def test_the_property_is_not_empty(tmp_path: Path) -> None:
    rows = [(dt.date(2023, 4, 3), 1234, Decimal("0.70"))]
    write(tmp_path, rows, "day/month/year", "comma", True)
    with pytest.raises(WrongInput, match="in two ways"):
        records(tmp_path)
