"""The three forms of a data set hold the same, and define.xml and Dataset-JSON are what CDISC asks for."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pyreadstat
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from odmlib import schema_manager
from odmlib.dataset_json_1_1.model import DatasetJSON
from polars.testing import assert_frame_equal

from remit.errors import WrongInput
from remit.export.dataset_json import write_dataset_json
from remit.export.define import write_define
from remit.export.parquet import write_parquet
from remit.export.xpt import fitting, spelled, write_xpt
from remit.study.model import Identity
from tests.unit.export.studies import ROWS, VARIABLES, as_xpt, data_set, read_json, read_xpt

MADE = "2024-07-01T12:00:00+00:00"
TEXT = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=50)
ANY_TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=50)
ROW = st.tuples(
    TEXT,
    st.sampled_from(["A", "B"]),
    st.none() | st.floats(-1e30, 1e30).filter(lambda value: value == 0 or abs(value) > 1e-30),
    st.none() | ANY_TEXT,
    st.none() | st.integers(-(2**52), 2**52),
    st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)


@given(st.lists(ROW, min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_the_three_forms_hold_the_same(rows: list[tuple[Any, ...]]) -> None:
    data = data_set(rows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_xpt(data, folder / "adx.xpt", data.label)
        write_parquet(data, folder / "adx.parquet", data.label, None)
        write_dataset_json(data, folder / "adx.json", data.label, "s", MADE)
        assert_frame_equal(pl.read_parquet(folder / "adx.parquet"), data.table, check_exact=True)
        assert_frame_equal(read_json(folder / "adx.json"), data.table, check_exact=True)
        assert_frame_equal(read_xpt(folder / "adx.xpt"), as_xpt(data.table), check_exact=True, check_dtypes=False)


def test_labels_and_types_stand_in_the_files(tmp_path: Path) -> None:
    data = data_set(ROWS)
    write_xpt(data, tmp_path / "adx.xpt", "A label that is a little longer than forty bytes")
    _, told = pyreadstat.read_xport(tmp_path / "adx.xpt", output_format="polars")
    assert (told.table_name, told.file_label) == ("ADX", "A label that is a little longer than for")
    assert told.column_names == [variable.name for variable in VARIABLES]
    assert told.column_labels == [variable.label for variable in VARIABLES]
    assert told.original_variable_types["ADT"] == "DATE9"
    write_parquet(data, tmp_path / "adx.parquet", data.label, "Drawn by lot.")
    schema = pq.read_schema(tmp_path / "adx.parquet")
    assert schema.metadata == {b"label": b"A Data Set", b"remit.synthetic": b"Drawn by lot."}
    assert schema.field("PARAMCD").metadata[b"label"] == b"Parameter Code"
    assert json.loads(schema.field("PARAMCD").metadata[b"codes"]) == {"A": "a number", "B": "a level"}


def test_a_text_that_xpt_cannot_hold_is_cut_there_only_and_told(tmp_path: Path) -> None:
    long = "a" * 201
    data = data_set([("1", "B", None, long, None, None), ("2", "B", None, "7 µg/g", None, None)])
    lost = write_xpt(data, tmp_path / "adx.xpt", data.label)
    assert (lost.cut, lost.spelled) == ({"AVALC": 1}, {"AVALC": 1})
    assert read_xpt(tmp_path / "adx.xpt")["AVALC"].to_list() == ["a" * 200, "7 ug/g"]
    assert data.table["AVALC"].to_list() == [long, "7 µg/g"]


def test_what_is_short_enough_in_ascii_is_not_cut(tmp_path: Path) -> None:
    lost = write_xpt(data_set([("1", "B", None, "ä" * 150, None, None)]), tmp_path / "adx.xpt", "A Data Set")
    assert (lost.cut, lost.spelled) == ({}, {"AVALC": 1})
    assert read_xpt(tmp_path / "adx.xpt")["AVALC"].to_list() == ["a" * 150]


@pytest.mark.parametrize("none", [[], [("1", "B", None, None, None, None)]])
def test_a_variable_of_which_nothing_is_known(none: list[tuple[Any, ...]], tmp_path: Path) -> None:
    lost = write_xpt(data_set(none), tmp_path / "adx.xpt", "A Data Set")
    assert (lost.cut, lost.spelled) == ({}, {})


@pytest.mark.parametrize(("one", "other"), [("Müller", "Muller"), ("x" * 200 + "1", "x" * 200 + "2")])
def test_two_subjects_never_become_one(one: str, other: str, tmp_path: Path) -> None:
    data = data_set([(one, "A", 1.0, None, None, None), (other, "A", 2.0, None, None, None)])
    with pytest.raises(WrongInput, match="would have the same id in a SAS transport file"):
        write_xpt(data, tmp_path / "adx.xpt", data.label)


@pytest.mark.parametrize(
    ("text", "expected"), [("abc", "abc"), ("abcdef", "abcd"), ("abcä", "abca"), ("abc def", "abc"), ("abcß", "abcs")]
)
def test_fitting(text: str, expected: str) -> None:
    assert fitting(text, 4) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 µg/g", "5 ug/g"),
        ("≥ 3\u00a0mm²", ">= 3 mm2"),
        ("“Größe” – a", '"Grosse" - a'),
        ("日本", "??"),
        ("37 °C", "37 deg C"),
    ],
)
def test_ascii(text: str, expected: str) -> None:
    assert spelled(text) == expected


def test_a_data_set_without_rows(tmp_path: Path) -> None:
    data = data_set([])
    write_xpt(data, tmp_path / "adx.xpt", data.label)
    write_dataset_json(data, tmp_path / "adx.json", data.label, "s", MADE)
    assert read_xpt(tmp_path / "adx.xpt").columns == data.table.columns
    assert read_json(tmp_path / "adx.json").height == 0


def test_dataset_json_is_as_the_standard_has_it(tmp_path: Path) -> None:
    write_dataset_json(data_set(ROWS), tmp_path / "adx.json", "A Data Set", "my study", MADE)
    held = json.loads((tmp_path / "adx.json").read_text("utf-8"))
    about = {key: value for key, value in held.items() if key not in ("columns", "rows", "sourceSystem")}
    DatasetJSON(**about)  # type: ignore[no-untyped-call]
    assert held["studyOID"] == "ST.my-study"
    assert held["records"] == 2
    assert held["columns"][0] == {
        "itemOID": "IT.ADX.USUBJID", "name": "USUBJID", "label": "Unique Subject Identifier", "dataType": "string",
        "length": 5, "keySequence": 1,
    }  # fmt: skip
    assert held["columns"][5] == {
        "itemOID": "IT.ADX.ADT", "name": "ADT", "label": "Analysis Date", "dataType": "date",
        "targetDataType": "integer", "displayFormat": "DATE9.",
    }  # fmt: skip
    assert held["rows"][0] == ["S01-1", "A", 8.2, None, 1, "2024-02-29"]


def test_define_xml_fits_its_schema_and_tells_what_is_known(tmp_path: Path) -> None:
    data, path = data_set(ROWS), tmp_path / "define.xml"
    identity = Identity(id="s", title="A study", synthetic="Drawn by lot.")
    write_define([data], {"ADX": "SYNTHETIC A Data Set"}, identity, path, MADE)
    schema = xmlschema.XMLSchema(schema_manager.get_schema_path("define", "2.1"))
    assert list(schema.iter_errors(path)) == []
    text = path.read_text("utf-8")
    for told in ("Drawn by lot.", "SYNTHETIC A Data Set", ">Counted.<", ">Calculated.<", ">visits.date<", ">ex<"):
        assert told in text
