"""What remit relies on in Spark: frames go in and come out as Arrow, unchanged."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_a_frame_comes_back_as_it_went(spark: SparkSession) -> None:
    frame = pl.DataFrame(
        {
            "patient": ["S01-001", None, ""],
            "crp": [67, None, -(2**62)],
            "crp__censored": pl.Series([-1, None, 1], dtype=pl.Int8),
            "steroids": [True, None, False],
            "visit_date": [date(2024, 2, 29), None, date(1899, 12, 31)],
        }
    )
    returned = pl.DataFrame(spark.createDataFrame(frame.to_arrow()).toArrow())
    assert returned.equals(frame)
    assert returned.schema == frame.schema


def test_days_do_not_move_with_the_time_zone(spark: SparkSession) -> None:
    assert spark.conf.get("spark.sql.session.timeZone") == "UTC"
    assert spark.sql("select date '2024-03-31' as day").toArrow()["day"].to_pylist() == [date(2024, 3, 31)]
