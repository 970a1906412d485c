"""The example as ADaM data sets: they open elsewhere, and say what the cohort says."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from remit.errors import WrongInput
from remit.export.export import export_adam
from remit.run import run_study

EXAMPLE = Path(__file__).parents[3] / "examples" / "upadacitinib-crohn"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that was moved since."""
    made = tmp_path_factory.mktemp("run")
    run_study(EXAMPLE, made / "results")
    return Path(shutil.move(made / "results", made / "moved"))


@pytest.fixture(scope="module")
def adam(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("adam") / "adam"
    export_adam(results, out)
    return out


def test_populations_and_reasons_agree_with_the_cohort(results: Path, adam: Path) -> None:
    cohort = pl.read_parquet(results / "patients.parquet")
    adsl, _ = pyreadstat.read_xport(adam / "adsl.xpt", output_format="polars")
    assert adsl["USUBJID"].to_list() == cohort["patient"].to_list()
    assert (adsl["ELIGBLFL"] == "Y").to_list() == cohort["eligible"].to_list()
    assert (adsl["EXCLREAS"] == "").to_list() == cohort["excluded_by"].is_null().to_list()
    assert (adsl["INDEXDT"] == cohort["index__date"]).all()


def test_the_values_are_those_of_the_cohort(results: Path, adam: Path) -> None:
    cohort = pl.read_parquet(results / "patients.parquet")
    adsl = pl.read_parquet(adam / "adsl.parquet")
    assert adsl["BWLWLLTH"].to_list() == [
        None if scaled is None else scaled / 10 for scaled in cohort["baseline__bowel_wall_thickness"]
    ]
    assert adsl["SEX"].to_list() == [sex[0].upper() for sex in cohort["patients__sex"]]


def test_each_file_says_that_its_patients_are_synthetic(adam: Path) -> None:
    for path in adam.glob("*.xpt"):
        _, told = pyreadstat.read_xport(path, output_format="polars")
        assert told.file_label.startswith("SYNTHETIC ")
    for path in adam.glob("*.parquet"):
        assert "synthetic" in pl.read_parquet_metadata(path)["remit.synthetic"]


def test_a_folder_of_an_older_remit(results: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()
    shutil.copy(results / "patients.parquet", older)
    with pytest.raises(WrongInput, match=r"it holds no run\.json.*an older remit wrote it\n.*Run the study again"):
        export_adam(older, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_study_that_was_changed_since_the_run(results: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(results, tmp_path / "changed"))
    path = changed / "study-as-read" / "study.yaml"
    path.write_text(path.read_text("utf-8") + "\n# another\n", "utf-8")
    with pytest.raises(WrongInput, match="it was changed since the run"):
        export_adam(changed, tmp_path / "out")
