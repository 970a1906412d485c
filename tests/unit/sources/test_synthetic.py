"""Charts that say that their patients are not real."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest
import xlsxwriter

from remit.check import check_study
from remit.errors import WrongInput
from remit.run import read_records, run_study
from remit.sources.parquet import read
from remit.sources.synthetic import UNTOLD, of_workbook
from remit.study.build import read_study
from remit.workbook.parquet import write_parquet_charts
from tests.unit.sources.making import CHARTS, FORMS, centre, entries, records
from tests.unit.sources.test_parquet import PATIENTS
from tests.unit.sources.test_parquet import charts as parquet

SECOND = Path("tests/acceptance/second_study")


def say(workbook: Path, category: str, comments: str) -> None:
    """Rewrites a workbook's properties."""
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:description>{comments}</dc:description><cp:category>{category}</cp:category></cp:coreProperties>"
    )
    with ZipFile(workbook) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with ZipFile(workbook, "w") as new:
        for name, part in (parts | {"docProps/core.xml": core.encode()}).items():
            new.writestr(name, part)


def test_a_workbook_says_it_in_its_properties(tmp_path: Path) -> None:
    assert records(centre(tmp_path)).synthetic is None
    say(tmp_path / "S01.xlsx", "Synthetic", "Drawn at random.")
    assert records(tmp_path).synthetic == "Drawn at random."
    say(tmp_path / "S01.xlsx", "synthetic", "")
    assert records(tmp_path).synthetic == UNTOLD
    say(tmp_path / "S01.xlsx", "cohort", "Not synthetic.")
    assert records(tmp_path).synthetic is None


def test_properties_as_a_spreadsheet_program_writes_them(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.set_properties({"category": "synthetic", "comments": "Drawn."})
        book.add_worksheet()
    assert of_workbook(tmp_path / "a.xlsx") == "Drawn."
    with ZipFile(tmp_path / "bare.xlsx", "w"):
        pass
    assert of_workbook(tmp_path / "bare.xlsx") is None


def test_corrupt_properties_are_named(tmp_path: Path) -> None:
    say(centre(tmp_path) / "S01.xlsx", "<", "")
    with pytest.raises(WrongInput, match=r"S01.xlsx: it cannot be read"):
        records(tmp_path)


def test_synthetic_and_real_centres_are_not_mixed(tmp_path: Path) -> None:
    for name in ("S01", "S02", "S03"):
        sheets = {"patients": [["patient", "birth_date", "sex"], [f"{name}-1", None, "F"]]}
        say(centre(tmp_path, name, **sheets) / f"{name}.xlsx", "synthetic", f"Drawn for {name[:2]}.")
    assert records(tmp_path).synthetic == "Drawn for S0."
    say(tmp_path / "S02.xlsx", "", "")
    with pytest.raises(WrongInput, match=r"S01.xlsx, S03.xlsx hold synthetic patients, S02.xlsx do not say so"):
        records(tmp_path)
    (tmp_path / "SYNTHETIC.txt").write_text("All of them.")
    found = records(tmp_path)
    assert found.synthetic == "All of them."
    assert entries(found, "file", code="no-charts") == []


def test_csv_files_say_it_beside_them(tmp_path: Path) -> None:
    (tmp_path / "S01").mkdir()
    for name, form in FORMS.items():
        (tmp_path / "S01" / f"{name}.csv").write_text(
            ",".join(["patient", *(field.heading() for field in form.fields.values())]) + "\n"
        )
    assert records(tmp_path).synthetic is None
    (tmp_path / "S01" / "SYNTHETIC.txt").write_text("Drawn.\n")
    found = records(tmp_path)
    assert found.synthetic == "Drawn."
    assert entries(found, "file", code="no-charts") == []
    (tmp_path / "S01" / "SYNTHETIC.txt").write_bytes(b"\xff")
    with pytest.raises(WrongInput, match="the file is not UTF-8"):
        records(tmp_path)


def test_parquet_files_say_it_in_their_metadata(tmp_path: Path) -> None:
    parquet(tmp_path)
    assert read(tmp_path, FORMS, CHARTS).synthetic is None
    for file in tmp_path.iterdir():
        pl.read_parquet(file).write_parquet(file, metadata={"remit.synthetic": "Drawn."})
    assert read(tmp_path, FORMS, CHARTS).synthetic == "Drawn."
    pl.DataFrame(PATIENTS).write_parquet(tmp_path / "patients.parquet")
    with pytest.raises(WrongInput, match=r"must not be mixed"):
        read(tmp_path, FORMS, CHARTS)


def test_a_run_says_it_on_each_page_and_in_each_file(tmp_path: Path) -> None:
    shutil.copytree(SECOND, tmp_path / "study")
    text = (tmp_path / "study" / "study.yaml").read_text()
    assert ", synthetic: The patients are invented." in text
    (tmp_path / "study" / "study.yaml").write_text(text.replace(", synthetic: The patients are invented.", ""))
    (tmp_path / "study" / "charts" / "SYNTHETIC.txt").write_text("Nobody of this study has ever lived.")
    run = run_study(tmp_path / "study", tmp_path / "out")
    assert run.study.identity.synthetic == "Nobody of this study has ever lived."
    page = run.report.read_text("utf-8")
    assert "(synthetic data)</title>" in page
    assert "Nobody of this study has ever lived." in page
    for name in ("patients", "visits", "events", "periods", "ledger", "results"):
        metadata = pl.read_parquet_metadata(tmp_path / "out" / f"{name}.parquet")
        assert metadata["remit.synthetic"] == "Nobody of this study has ever lived."
    rows = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert {row["synthetic"] for row in rows} == {"Nobody of this study has ever lived."}
    assert "  synthetic   Nobody of this study has ever lived." in list(check_study(tmp_path / "study").lines())


def test_other_charts_than_the_study_file_names(tmp_path: Path) -> None:
    study = read_study(SECOND)
    (tmp_path / "copy").mkdir()
    write_parquet_charts(study.forms, read_records(study).forms, tmp_path / "copy", "Copied.", "Site")
    run = run_study(SECOND, tmp_path / "out", charts=tmp_path / "copy")
    assert run.study.charts_folder == tmp_path / "copy"
    assert run.study.identity.synthetic == "Copied."
    assert run.results.table.equals(run_study(SECOND, tmp_path / "own").results.table)
