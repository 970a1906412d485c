"""The intake in brief: all is counted; of what there is too much of, the first are listed."""

from __future__ import annotations

import polars as pl

from remit.schema.intake import LISTED, intake_of
from remit.schema.records import LEDGER_SCHEMA


def _ledger(*entries: tuple[str, str | None, int]) -> pl.DataFrame:
    """action, patient, how many of them."""
    rows = [
        {"action": action, "code": "some", "patient": patient, "reason": "…"}
        for action, patient, number in entries
        for _ in range(number)
    ]
    return pl.DataFrame(rows, schema=dict(LEDGER_SCHEMA))


def test_what_is_refused_or_of_no_use_is_left_out_but_not_a_column_of_no_field() -> None:
    intake = intake_of(
        {}, [], _ledger(("refused", None, 1), ("unused", "A", 2), ("unused", None, 4), ("queried", "A", 8))
    )
    assert (intake.refused, intake.left_out, len(intake.doubts)) == (1, 3, 15)


def test_of_each_action_the_first_are_listed_and_all_are_counted() -> None:
    intake = intake_of({}, [], _ledger(("queried", "A", LISTED + 3), ("refused", "A", LISTED), ("converted", "A", 5)))
    assert [doubt.action for doubt in intake.doubts] == ["queried"] * LISTED + ["refused"] * LISTED
    assert intake.entries("queried", "refused") == 2 * LISTED + 3
    assert intake.as_json()["doubts_not_listed"] == 3
