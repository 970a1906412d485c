"""Charts written as Parquet: reading them gives the Records that were written."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from remit.run import read_records
from remit.schema.records import Records
from remit.sources.parquet import read
from remit.study.build import read_study
from remit.study.study import Study
from remit.workbook.parquet import decimal, write_parquet_charts

EXAMPLE = Path("examples/upadacitinib-crohn")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(EXAMPLE)


@pytest.fixture(scope="module")
def records(study: Study) -> Records:
    return read_records(study)


def test_the_example_as_parquet_gives_the_same_records(tmp_path: Path, study: Study, records: Records) -> None:
    write_parquet_charts(study.forms, records.forms, tmp_path)
    found = read(tmp_path, study.forms, study.charts)
    for name, frame in records.forms.items():
        assert_frame_equal(found.forms[name], frame)
    assert found.ledger["action"].unique().to_list() == ["censored"]


def test_an_unknown_stop_is_not_one_that_goes_on(tmp_path: Path, study: Study, records: Records) -> None:
    name = "treatment"
    gone = pl.col("stop_date").is_null() | (pl.col("_row") % 3 == 0)
    changed = records.forms[name].with_columns(
        pl.when(~gone).then("stop_date").alias("stop_date"), ongoing=pl.col("ongoing") & (pl.col("_row") % 2 == 0)
    )
    write_parquet_charts(study.forms, {**records.forms, name: changed}, tmp_path)
    assert_frame_equal(read(tmp_path, study.forms, study.charts).forms[name], changed)


def test_it_says_that_it_is_synthetic(tmp_path: Path, study: Study, records: Records) -> None:
    write_parquet_charts(study.forms, records.forms, tmp_path, "drawn at random")
    for form in study.forms:
        assert pl.read_parquet_metadata(tmp_path / f"{form}.parquet")["remit.synthetic"] == "drawn at random"


def test_decimals_are_exact() -> None:
    scaled = pl.Series("x", [67, -5, None, 10**15], dtype=pl.Int64)
    assert list(map(str, decimal(scaled, 1))) == ["6.7", "-0.5", "None", "100000000000000.0"]
    assert list(map(str, decimal(scaled, 0))) == ["67", "-5", "None", "1000000000000000"]
