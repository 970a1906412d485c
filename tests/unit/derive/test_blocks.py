"""A cohort that is derived in blocks of patients is the same as one derived at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from remit.derive.blocks import blocks
from remit.derive.derive import derive_cohort
from remit.derive.engines import engine_named
from remit.run import read_records
from remit.schema.records import PATIENT
from remit.study.build import read_study

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize("size", [1, 7, 70, 71, 1000])
def test_blocks_change_nothing(size: int) -> None:
    study = read_study(EXAMPLES / "upadacitinib-crohn")
    records = read_records(study)
    whole = derive_cohort(study, records, replace(engine_named("polars"), block=None))
    parts = derive_cohort(study, records, replace(engine_named("polars"), block=size))
    for name, frame in vars(whole).items():
        assert_frame_equal(getattr(parts, name), frame)


@pytest.mark.parametrize(("size", "number"), [(None, 1), (71, 1), (70, 2), (36, 2), (10, 8)])
def test_each_row_is_in_one_block_also_that_of_a_stranger(size: int | None, number: int) -> None:
    study = read_study(EXAMPLES / "upadacitinib-crohn")
    records = read_records(study)
    visits = records.forms["visits"]
    strangers = visits.head(3).with_columns(pl.Series(PATIENT, ["", "~", None]))
    records = replace(records, forms={**records.forms, "visits": pl.concat([visits, strangers])})
    found = list(blocks(study, records, size))
    assert len(found) == number
    for name, frame in records.forms.items():
        assert_frame_equal(pl.concat([block.forms[name] for block in found]).sort("_row"), frame.sort("_row"))
