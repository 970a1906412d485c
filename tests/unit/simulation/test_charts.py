"""Charts of simulated patients: written, read back, and what they say of themselves."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from remit.check import check_study
from remit.cli import app
from remit.errors import WrongInput
from remit.output import SYNTHETIC_KEY
from remit.run import read_records, run_study, with_charts
from remit.simulation.charts import simulate_study
from remit.study.build import read_study
from remit.workbook import charts
from tests.unit.simulate.making import STUDY, section, small
from tests.unit.study.making import PACK, written

CROHN = Path(__file__).parents[3] / "examples" / "upadacitinib-crohn"
CENSORED = "{median: 1, quartiles: [0.5, 2], below: 0.3, above: 5, missing: 10 %}"
SIMULATE = f"""
centres: {{S01: 2, S02: 1}}
drop_out: {{share: 10 %, reason: moved away}}
missing: 5 %
forms:
  visits: {{fields: {{crp: {CENSORED}}}}}
  doses: {{stop: {{share: 20 %, reasons: {{harm: 100 %}}}}}}
"""


@pytest.mark.parametrize("kind", ["parquet", "workbooks"])
@pytest.mark.parametrize("habits", ["", "  centres: {S01: {dates: day/month/year, decimal: comma}}\n"])
def test_what_is_read_back_is_what_was_drawn(tmp_path: Path, kind: str, habits: str) -> None:
    study = STUDY.replace("  not_done: [ND]\n", f"  not_done: [ND]\n{habits}")
    path = written(tmp_path, study + section(SIMULATE), PACK)
    done = simulate_study(path, 60, 1, tmp_path / "out", kind)
    found = read_records(with_charts(read_study(path), done.charts))
    assert set(found.ledger["action"]) <= {"censored", "recognised"}
    assert found.synthetic == done.records.synthetic
    for name, frame in done.records.forms.items():
        assert found.forms[name].equals(frame), name


@pytest.mark.parametrize("kind", ["parquet", "workbooks"])
def test_a_cohort_of_the_example_passes_its_check(tmp_path: Path, kind: str) -> None:
    done = simulate_study(CROHN, 150, 3, tmp_path / "out", kind)
    check = check_study(CROHN, done.charts)
    assert check.intake.left_out == 0
    assert {count.action for count in check.intake.counts} <= {"censored", "recognised"}
    assert check.flow["screened"] == 150
    assert check.flow["eligible"] > 90


def test_two_runs_with_one_seed_are_the_same_to_the_byte(tmp_path: Path) -> None:
    for name in ("a", "b"):
        simulate_study(CROHN, 50, 3, tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert len(files) == 8
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file
    simulate_study(CROHN, 50, 4, tmp_path / "c")
    for file in (tmp_path / "c" / "charts").iterdir():
        assert file.read_bytes() != (tmp_path / "a" / "charts" / file.name).read_bytes()


def test_each_file_says_that_the_patients_are_simulated(tmp_path: Path) -> None:
    text = "None of them exists."
    for kind in ("parquet", "workbooks"):
        simulate_study(CROHN, 20, 3, tmp_path / kind, kind)
    for file in (tmp_path / "parquet" / "charts").iterdir():
        assert text in pl.read_parquet_metadata(file)[SYNTHETIC_KEY]
    for file in (tmp_path / "workbooks" / "charts").iterdir():
        with zipfile.ZipFile(file) as book:
            core = book.read("docProps/core.xml").decode()
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            assert text in core
            assert "<cp:category>synthetic</cp:category>" in core
            assert all("SYNTHETIC DATA" in book.read(sheet).decode() for sheet in sheets)
    told = json.loads((tmp_path / "parquet" / "simulation.json").read_text("utf-8"))
    assert told["seed"] == 3
    assert told["rows"]["patients"] == 20
    assert text in told["synthetic"]


def test_one_workbook_where_a_column_tells_the_centre(tmp_path: Path) -> None:
    study = STUDY.replace("charts:\n", "charts:\n  centre_column: site\n")
    path = written(tmp_path, study + section(SIMULATE), PACK)
    for kind in ("parquet", "workbooks"):
        done = simulate_study(path, 30, 1, tmp_path / kind, kind)
        found = read_records(with_charts(read_study(path), done.charts))
        for name, frame in done.records.forms.items():
            assert found.forms[name].drop("_row").equals(frame.drop("_row")), (kind, name)


def test_a_study_without_the_section_can_be_simulated(tmp_path: Path) -> None:
    path = written(tmp_path, STUDY, PACK)
    done = simulate_study(path, 80, 1, tmp_path / "out")
    assert check_study(path, done.charts).intake.left_out == 0


def test_a_stop_that_is_not_known_needs_a_word(tmp_path: Path) -> None:
    study = small(tmp_path, "", STUDY.replace("  not_done: [ND]\n", "  yes: [yes]\n"))
    records = simulate_study(study.path, 3, 1, tmp_path / "out").records
    doses = records.forms["doses"].with_columns(ongoing=pl.lit(value=False))
    records.forms["doses"] = doses  # type: ignore[index]
    with pytest.raises(WrongInput, match="a stop of doses is not known"):
        charts.write_workbook_charts(study, records, tmp_path)


def test_a_stop_that_is_not_known_is_read_so(tmp_path: Path) -> None:
    study = small(tmp_path)
    records = simulate_study(study.path, 3, 1, tmp_path / "out").records
    doses = records.forms["doses"].with_columns(ongoing=pl.lit(value=False))
    records.forms["doses"] = doses  # type: ignore[index]
    (tmp_path / "books").mkdir()
    charts.write_workbook_charts(study, records, tmp_path / "books")
    found = read_records(with_charts(study, tmp_path / "books"))
    assert found.forms["doses"].equals(doses)


def test_the_report_says_that_the_patients_are_simulated(tmp_path: Path) -> None:
    done = simulate_study(CROHN, 40, 3, tmp_path / "out")
    run = run_study(CROHN, tmp_path / "results", charts=done.charts)
    page = run.report.read_text("utf-8")
    assert "The patients are simulated: remit drew them from the study file upa-crohn" in page
    assert "solved for so that published numbers hold" not in page


# What is asked for in vain


def refused(*options: str, study: Path = CROHN) -> str:
    done = CliRunner().invoke(app, ["simulate", str(study), *options])
    assert isinstance(done.exception, WrongInput), done.output
    return f"{done.exception.where}: {done.exception.what}"


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ("--patients 0 --out DIR", "--patients: 0 patients cannot be drawn"),
        ("--patients -5 --out DIR", "--patients: -5 patients cannot be drawn"),
        ("--patients ten --out DIR", "--patients: 'ten' is not a whole number"),
        ("--patients 1.5 --out DIR", "--patients: '1.5' is not a whole number"),
        (
            "--patients 10000000000 --out DIR",
            "--patients: 10,000,000,000 patients are too many: all are held in memory",
        ),
        ("--patients 10,20 --out DIR", "--patients: several sizes, and a benchmark, are for --repeat"),
        ("--patients 10 --benchmark 0.4 --out DIR", "--patients: several sizes, and a benchmark, are for --repeat"),
        ("--patients 10", "--out: nothing says where the charts shall go"),
        ("--patients 10 --out DIR --seed x", "--seed: 'x' is not a whole number"),
        ("--patients 10 --out DIR --seed 1,2", "--seed: '1,2' is more than one number"),
        ("--patients 10 --out DIR --seed -1", "--seed: -1 is below 0"),
        ("--patients 10 --out DIR --as pdf", "--as: charts cannot be written as 'pdf'"),
        ("--patients 10 --repeat 5 --as workbooks", "--as: with --repeat no charts are written"),
        ("--patients 10 --repeat 0", "--repeat: a study cannot be drawn 0 times"),
        ("--patients 10 --repeat many", "--repeat: 'many' is not a whole number"),
        ("--patients 1000 --repeat 100000", "--repeat: 100,000 studies of 1,000 are too many patients"),
        ("--patients 10 --repeat 5 --benchmark 400", "--benchmark: '400' is not a share"),
    ],
)
def test_what_cannot_be_done(tmp_path: Path, options: str, what: str) -> None:
    assert what in refused(*options.replace("DIR", str(tmp_path / "new")).split())
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert "holds something already" in refused("--patients", "5", "--out", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["simulate", str(CROHN), "--patients", "5", "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert f"remit run {CROHN} --charts {tmp_path / 'charts'}" in done.output


def test_too_many_rows_for_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "MOST_ROWS", 10)
    with pytest.raises(WrongInput, match="more than a workbook's sheet holds, 10"):
        simulate_study(CROHN, 50, 1, tmp_path / "out", "workbooks")
    assert not (tmp_path / "out").exists()


def test_forms_of_different_rows_on_one_sheet(tmp_path: Path) -> None:
    study = STUDY.replace("  events:\n    rows: event\n", "  events:\n    rows: event\n    sheet: doses\n")
    path = written(tmp_path, study, PACK)
    with pytest.raises(WrongInput, match="doses and events stand on one sheet, doses, and have different rows"):
        simulate_study(path, 20, 1, tmp_path / "out", "workbooks")
