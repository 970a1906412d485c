"""The example as ADaM data sets: they open elsewhere, and say what the cohort says."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pyreadstat
import pytest
import xmlschema
from odmlib import schema_manager
from polars.testing import assert_frame_equal

from remit.errors import WrongInput
from remit.export.export import export_adam
from remit.run import run_study
from remit.study.build import read_study
from tests.unit.export.studies import as_xpt, read_json

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
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
        assert (told.file_label or "").startswith("SYNTHETIC ")
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


def test_a_table_of_the_cohort_that_is_gone(results: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(results, tmp_path / "broken"))
    (broken / "events.parquet").write_text("no table", "utf-8")
    with pytest.raises(WrongInput, match=r"events\.parquet: it is gone, or no Parquet file"):
        export_adam(broken, tmp_path / "out")


@pytest.mark.parametrize("name", ["adsl", "adae", "adlb", "adeff", "adtte"])
def test_the_three_forms_hold_the_same_and_open_elsewhere(adam: Path, name: str) -> None:
    table = pl.read_parquet(adam / f"{name}.parquet")
    assert table.height
    assert_frame_equal(read_json(adam / f"{name}.json"), table, check_exact=True)
    read, told = pyreadstat.read_xport(adam / f"{name}.xpt", output_format="polars")
    assert_frame_equal(read, as_xpt(table), check_exact=True)
    assert told.table_name == name.upper()
    assert all(len(variable) <= 8 for variable in told.column_names)
    assert all(label and len(label.encode()) <= 40 for label in told.column_labels)
    dates = {variable for variable, kind in table.schema.items() if kind == pl.Date}
    assert {variable for variable, kind in told.original_variable_types.items() if kind == "DATE9"} == dates


def test_define_xml_fits_its_schema_and_names_every_variable(adam: Path) -> None:
    schema = xmlschema.XMLSchema(schema_manager.get_schema_path("define", "2.1"))
    assert list(schema.iter_errors(adam / "define.xml")) == []
    items = ElementTree.parse(adam / "define.xml").iterfind(f".//{ODM}ItemDef")
    described = {item.get("OID"): item for item in items}
    for path in adam.glob("*.parquet"):
        for variable in pl.read_parquet_schema(path):
            assert f"IT.{path.stem.upper()}.{variable}" in described


def test_every_value_of_a_code_list_is_in_it(adam: Path) -> None:
    root = ElementTree.parse(adam / "define.xml").getroot()
    lists = {
        each.get("OID"): {item.get("CodedValue") for item in each.iterfind(f"{ODM}CodeListItem")}
        for each in root.iterfind(f".//{ODM}CodeList")
    }
    seen = 0
    for item in root.iterfind(f".//{ODM}ItemDef"):
        reference, (_, data, *variable) = item.find(f"{ODM}CodeListRef"), (item.get("OID") or "").split(".")
        if reference is None or len(variable) > 1:
            continue
        values = pl.read_parquet(adam / f"{data.lower()}.parquet")[variable[0]].drop_nulls().cast(pl.String).unique()
        assert set(values) <= lists[reference.get("CodeListOID")]
        seen += 1
    assert seen > 50


def test_endpoints_count_as_the_results_do(results: Path, adam: Path) -> None:
    """Each endpoint at each visit under each handling, over the eligible patients."""
    adeff = pl.read_parquet(adam / "adeff.parquet").filter(pl.col("ELIGBLFL") == "Y")
    labels = {visit.name: visit.label for visit in read_study(EXAMPLE).visits}
    titles = {endpoint.name: endpoint.label for endpoint in read_study(EXAMPLE).endpoints.values()}
    expected = pl.read_parquet(results / "results.parquet").filter(
        pl.col("analysis") == "effectiveness",
        pl.col("population") == "eligible",
        pl.col("group").is_null(),
        pl.col("statistic") == "n",
    )
    assert expected.height == 15 * 4 + 7  # of 15, each under four handlings; 7 also ask for what is required
    for row in expected.iter_rows(named=True):
        of = adeff.filter(
            pl.col("PARAM") == titles[row["variable"]],
            pl.col("AVISIT") == labels[row["visit"]],
            pl.col("HANDLING") == row["handling"],
        )
        assert int(of["AVAL"].sum()) == row["numerator"]
        assert of["AVAL"].count() == row["denominator"]
        assert of["AVALC"].to_list() == of["CRIT1FL"].to_list()


def test_numbers_at_visits_are_those_of_the_course(results: Path, adam: Path) -> None:
    expected = pl.read_parquet(results / "results.parquet").filter(pl.col("analysis") == "course")
    labels = {visit.name: visit.label for visit in read_study(EXAMPLE).visits}
    for name, data, code in (("bwt", "adeff", "BWT"), ("hbi", "adeff", "HBI"), ("crp", "adlb", "CRP")):
        table = pl.read_parquet(adam / f"{data}.parquet").filter(
            pl.col("ELIGBLFL") == "Y", pl.col("PARAMCD") == code, pl.col("AVAL").is_not_null()
        )
        for visit, label in labels.items():
            values = table.filter(pl.col("AVISIT") == label)["AVAL"]
            found = expected.filter(pl.col("variable") == name, pl.col("visit") == visit)
            told = dict(found.select("statistic", "value").iter_rows())
            assert len(values) == told["n"]
            assert values.mean() == pytest.approx(told["mean"], rel=1e-12)


def test_change_is_exact_and_from_baseline(adam: Path) -> None:
    adlb = pl.read_parquet(adam / "adlb.parquet")
    baseline = adlb.filter(pl.col("ABLFL") == "Y").select("USUBJID", "PARAMCD", before="AVAL")
    joined = adlb.join(baseline, on=["USUBJID", "PARAMCD"], how="left")
    assert joined["BASE"].equals(joined["before"])
    later = joined.filter(pl.col("AVISITN") > 0, pl.col("AVAL").is_not_null(), pl.col("BASE").is_not_null())
    for row in later.iter_rows(named=True):
        assert row["CHG"] == float(Decimal(str(row["AVAL"])) - Decimal(str(row["BASE"])))
    censored = adlb.filter(pl.col("AVALC").is_not_null())
    assert set(censored["AVALC"]) == {"<50", ">1800"}
    assert censored["AVAL"].null_count() == censored["CHG"].null_count() == censored.height == 7


def test_events_are_those_of_the_results(results: Path, adam: Path) -> None:
    adae = pl.read_parquet(adam / "adae.parquet").filter(pl.col("ELIGBLFL") == "Y")
    told = pl.read_parquet(results / "results.parquet").filter(
        pl.col("analysis") == "safety", pl.col("variable") == "special_interest", pl.col("period") == "all"
    )
    assert told["level"].n_unique() == len([name for name in adae.columns if name.startswith("CQ")])
    cohort = pl.read_parquet(results / "events.parquet").sort("patient", "day", "_row")
    everybody = pl.read_parquet(adam / "adae.parquet")
    assert everybody["AETERM"].to_list() == cohort["term"].to_list()
    assert everybody["ASTDY"].to_list() == [day + 1 if day >= 0 else day for day in cohort["day"]]
    assert everybody["ATOXGRN"].to_list() == cohort["grade"].to_list()
    assert (everybody["AESER"] == "Y").to_list() == cohort["serious"].to_list()


def test_times_to_the_permanent_stop(results: Path, adam: Path) -> None:
    cohort = pl.read_parquet(results / "patients.parquet")
    adtte = pl.read_parquet(adam / "adtte.parquet").filter(pl.col("PARAMCD") == "TTSTOP")
    assert (adtte["CNSR"] == 0).to_list() == cohort["dosing__stop_day"].is_not_null().to_list()
    day = cohort["dosing__stop_day"].fill_null(cohort["dosing__stop_day__low"])
    assert adtte["AVAL"].to_list() == (day + 1).to_list()
    assert ((adtte["ADT"] - adtte["STARTDT"]).dt.total_days() == day).all()
