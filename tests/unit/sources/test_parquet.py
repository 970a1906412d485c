"""Parquet: the same rules as for workbooks, column by column."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from remit.errors import WrongInput
from remit.schema.records import Records
from remit.sources.parquet import read
from remit.study.forms import Charts, Habits
from tests.unit.sources.making import CHARTS, DAY, FORMS, entries, entry, values

BIRTH = dt.date(1980, 5, 17)
PATIENTS = {"patient": ["1", "2"], "centre": ["A", "B"], "birth_date": [BIRTH, BIRTH], "sex": ["female", "male"]}
VISITS: dict[str, Any] = {"patient": [], "visit_date": []}
TREATMENT: dict[str, Any] = {"patient": [], "drug": [], "start_date": [], "stop_date": []}


def charts(folder: Path, **forms: Any) -> Path:
    """A folder of Parquet files; two patients, no visits and no treatment where none are given."""
    for name, columns in ({"patients": PATIENTS, "visits": VISITS, "treatment": TREATMENT} | forms).items():
        if columns is not None:
            pl.DataFrame(columns).write_parquet(folder / f"{name}.parquet")
    return folder


def records(folder: Path, told: Charts = CHARTS, **forms: Any) -> Records:
    return read(charts(folder, **forms), FORMS, told)


def visits(folder: Path, told: Charts = CHARTS, **columns: Any) -> Records:
    """Records of visits of patient 1, one on each day from DAY on, with these columns."""
    count = max(len(column) for column in columns.values())
    days = [DAY + dt.timedelta(index) for index in range(count)]
    return records(folder, told, visits={"patient": ["1"] * count, "visit_date": days} | columns)


def test_columns_are_found_by_their_headings_as_in_workbooks(tmp_path: Path) -> None:
    found = visits(tmp_path, **{"CRP mg/L": [5.0, 12.5], "HBI": [3, None]})
    assert values(found, "visits", "crp") == [50, 125]
    assert values(found, "visits", "hbi") == [3, None]
    assert entries(found, "field", "column", "value", code="heading") == [("crp", "CRP mg/L", "crp in mg/L")]
    assert entry(found, code="unit", row=1) | {"reason": ""} == {
        "action": "converted",
        "code": "unit",
        "centre": "A",
        "patient": "1",
        "form": "visits",
        "field": "crp",
        "file": "visits.parquet",
        "sheet": None,
        "row": 1,
        "column": "CRP mg/L",
        "written": "5",
        "value": "0.5 mg/dL",
        "reason": "",
    }


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series([Decimal("0.30"), Decimal("1.25"), None], dtype=pl.Decimal(18, 2)),
        pl.Series([Decimal("0.3000"), Decimal("1.2500"), None], dtype=pl.Decimal(10, 4)),
        pl.Series([0.3, 1.25, None], dtype=pl.Float64),
        pl.Series([0.3, 1.25, None], dtype=pl.Float32),
        pl.Series(["0.3", "1.25", None]),
        pl.Series(["0.30", "1.25", " "], dtype=pl.Categorical),
    ],
)
def test_a_number_of_any_type_becomes_the_same_scaled_integer(tmp_path: Path, cells: pl.Series) -> None:
    found = visits(tmp_path, crp_mg_dl=cells)
    assert values(found, "visits", "crp") == [30, 125, None]
    assert entries(found, "code", row=1) == []


def test_a_float_counts_as_its_shortest_decimal(tmp_path: Path) -> None:
    found = visits(tmp_path, crp_mg_dl=[0.1 + 0.2, 0.29, float("nan"), float("inf"), -0.0])
    assert values(found, "visits", "crp") == [None, 29, None, None, 0]
    assert entries(found, "row", "written", code="too-many-decimals") == [(1, "0.30000000000000004")]
    assert entries(found, "row", "written", code="not-a-number") == [(3, "nan"), (4, "inf")]


def test_numbers_out_of_range_or_not_whole_are_refused(tmp_path: Path) -> None:
    found = visits(tmp_path, hbi=[51.0, 2.5, 3.0])
    assert values(found, "visits", "hbi") == [None, None, 3]
    assert entries(found, "code", "row", action="refused") == [("out-of-range", 1), ("not-whole", 2)]


def test_a_companion_column_tells_what_is_censored(tmp_path: Path) -> None:
    column = {"calprotectin ug/g": [50, 1800, 200, None], "calprotectin ug/g__censored": [-1, 1, 0, None]}
    found = visits(tmp_path, **column)
    assert values(found, "visits", "calprotectin") == [50, 1800, 200, None]
    assert values(found, "visits", "calprotectin__censored") == [-1, 1, 0, None]
    assert entries(found, "row", "written", "value", action="censored") == [
        (1, "<50", "<50 ug/g"),
        (2, ">1800", ">1800 ug/g"),
    ]


def test_an_implausible_value_is_used_and_queried(tmp_path: Path) -> None:
    hbi = replace(FORMS["visits"].fields["hbi"], plausible=(None, Fraction(30)))
    form = replace(FORMS["visits"], fields=FORMS["visits"].fields | {"hbi": hbi})
    days = [DAY, DAY + dt.timedelta(1)]
    folder = charts(tmp_path, visits={"patient": ["1", "1"], "visit_date": days, "hbi": [30, 31]})
    found = read(folder, FORMS | {"visits": form}, CHARTS)
    assert values(found, "visits", "hbi") == [30, 31]
    assert entries(found, "action", "row", code="implausible") == [("queried", 2)]


def test_censored_values_as_text(tmp_path: Path) -> None:
    found = visits(tmp_path, calprotectin_mg_g=["<0.05", "1.8"])
    assert values(found, "visits", "calprotectin") == [50, 1800]
    assert values(found, "visits", "calprotectin__censored") == [-1, 0]


def test_a_sign_that_is_none_is_refused(tmp_path: Path) -> None:
    column = {"calprotectin ug/g": [50, 60, None, 70], "calprotectin ug/g__censored": [2, None, -1, 0]}
    found = visits(tmp_path, **column)
    assert values(found, "visits", "calprotectin") == [None, None, None, 70]
    assert entries(found, "row", "written", code="unknown-sign") == [(1, "50"), (2, "60"), (3, "")]


def test_a_sign_beside_text_is_a_wrong_structure(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="must hold -1, 0 or 1 beside numbers"):
        visits(tmp_path, **{"calprotectin ug/g": ["50"], "calprotectin ug/g__censored": [-1]})


def test_a_companion_of_no_field_is_named(tmp_path: Path) -> None:
    found = visits(tmp_path, note=["a"], hbi=[1], hbi__unknown=[True], other__censored=[1])
    assert entries(found, "column", code="column-of-no-field") == [("hbi__unknown",), ("other__censored",)]


def test_yes_and_no(tmp_path: Path) -> None:
    people = {"patient": ["1", "2", "3"], "centre": ["A"] * 3, "birth_date": [BIRTH] * 3, "sex": ["F", "male", "x"]}
    found = records(tmp_path, patients=people | {"smoker": [True, False, None]})
    assert values(found, "patients", "smoker") == [True, False, None]
    assert entries(found, "code", field="smoker") == []
    assert values(found, "patients", "sex") == ["female", "male", None]
    assert entries(found, "action", "row", field="sex") == [("converted", 1), ("refused", 3)]
    found = records(tmp_path, patients=people | {"smoker": [1, 0, 7]})
    assert values(found, "patients", "smoker") == [True, False, None]
    assert entries(found, "code", "row", field="smoker") == [("code", 1), ("code", 2), ("unknown-code", 3)]


@pytest.mark.parametrize("day", [DAY, dt.datetime(2023, 2, 14), "2023-02-14"])
def test_dates(tmp_path: Path, day: object) -> None:
    found = records(tmp_path, visits={"patient": ["1"], "visit_date": [day]})
    assert values(found, "visits", "visit_date") == [DAY]
    assert entries(found, "code", form="visits", row=1) == []


def test_the_order_of_text_dates_is_decided_by_centre(tmp_path: Path) -> None:
    days = ["03/04/2023", "25/04/2023", "04/03/2023", "04/25/2023"]
    found = records(tmp_path, visits={"patient": ["1", "1", "2", "2"], "visit_date": days})
    assert values(found, "visits", "visit_date") == [dt.date(2023, 4, 3), dt.date(2023, 4, 25)] * 2
    assert entries(found, "centre", "value", code="date-order") == [
        ("A", "day/month/year"),
        ("B", "month/day/year"),
    ]


def test_dates_that_can_be_read_in_two_ways_stop_the_run(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="'03/04/2023' in row 1 can be read in two ways"):
        records(tmp_path, visits={"patient": ["1"], "visit_date": ["03/04/2023"]})
    told = Charts(habits={"A": Habits(dates="month/day/year")})
    found = records(tmp_path, told, visits={"patient": ["1"], "visit_date": ["03/04/2023"]})
    assert values(found, "visits", "visit_date") == [dt.date(2023, 3, 4)]


def test_texts_are_tidied_and_markers_mean_not_done(tmp_path: Path) -> None:
    found = visits(tmp_path, note=["as it is", " a  b ", "nd", "n.d.", "ＮＤ", "#N/A", "", "\xa0", "perché no", None])
    assert values(found, "visits", "note") == ["as it is", "a b", *[None] * 6, "perché no", None]
    assert entries(found, "row", code="not-done") == [(3,), (4,), (5,)]
    assert entries(found, "row", code="spreadsheet-error") == [(6,)]


def test_a_period_without_a_stop_goes_on_unless_it_is_said_to_be_unknown(tmp_path: Path) -> None:
    days = [DAY] * 6
    stops = [None, None, dt.date(2023, 3, 1), dt.date(2022, 2, 2), DAY, dt.date(2023, 3, 3)]
    unknown = [False, True, None, False, False, True]
    form = {"patient": ["1"] * 6, "drug": [*"abcdef"], "start_date": days, "stop_date": stops}
    found = records(tmp_path, treatment=form | {"stop_date__unknown": unknown})
    assert values(found, "treatment", "stop_date") == [None, None, stops[2], None, stops[4], None]
    assert values(found, "treatment", "ongoing") == [True, False, False, False, False, False]
    assert sorted(entries(found, "row", "action", "code", form="treatment")) == [
        (2, "missing", "not-done"),
        (4, "refused", "stop-before-start"),
        (5, "queried", "empty-period"),
        (6, "refused", "unknown-and-known"),
    ]


@pytest.mark.parametrize("cell", [" ", "ND"])
def test_a_stop_that_is_not_done_and_said_to_be_unknown_is_no_contradiction(tmp_path: Path, cell: str) -> None:
    form = {"patient": ["1"], "drug": ["a"], "start_date": [DAY], "stop_date": [cell], "stop_date__unknown": [True]}
    found = records(tmp_path, treatment=form)
    assert values(found, "treatment", "ongoing") == [False]
    assert entries(found, "action", "code", row=1) == [("missing", "not-done")]


@pytest.mark.parametrize("said", [[1], ["true"], [1.0]])
def test_what_says_that_a_stop_is_unknown_is_true_or_false(tmp_path: Path, said: list[Any]) -> None:
    form = {"patient": ["1"], "drug": ["a"], "start_date": [DAY], "stop_date": [DAY], "stop_date__unknown": said}
    with pytest.raises(WrongInput, match=r"treatment.parquet: the column stop_date__unknown holds .* true or false"):
        records(tmp_path, treatment=form)


@pytest.mark.parametrize(
    "name", ["Calprotectin UG/G__censored", "calprotectin ug/g__Censored ", "calprotectin_ug_g__censored"]
)
def test_a_companion_is_found_by_its_heading_as_a_field_is(tmp_path: Path, name: str) -> None:
    found = visits(tmp_path, **{"calprotectin ug/g": [50], name: [-1]})
    assert values(found, "visits", "calprotectin__censored") == [-1]


@pytest.mark.parametrize("name", ["calprotectin__censored", "calprotectin mg/g__censored"])
def test_a_companion_of_a_field_whose_column_is_called_otherwise_is_wrong(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongInput, match="Call it calprotectin ug/g__censored"):
        visits(tmp_path, **{"calprotectin ug/g": [50], name: [-1]})


def test_a_day_outside_of_the_calendar_is_refused(tmp_path: Path) -> None:
    days = pl.Series([10**7, -(10**7), 19402, None], dtype=pl.Int32).cast(pl.Date)
    found = records(tmp_path, visits={"patient": ["1"] * 4, "visit_date": days})
    assert values(found, "visits", "visit_date") == [None, None, dt.date(2023, 2, 14), None]
    assert entries(found, "row", "written", code="impossible-date") == [(1, "+29349-01-26"), (2, "-25410-12-06")]


def test_times_of_a_zone_do_not_tell_the_day(tmp_path: Path) -> None:
    """Midnight of 15 February in Rome is 14 February in UTC."""
    midnight = pl.Series([dt.datetime(2023, 2, 14), None]).dt.replace_time_zone("Europe/Rome")
    form = {"patient": ["1", "1"], "visit_date": midnight}
    assert values(records(tmp_path, visits=form), "visits", "visit_date") == [DAY, None]
    with pytest.raises(WrongInput, match="the column visit_date holds times in the zone UTC"):
        records(tmp_path, visits=form | {"visit_date": midnight.dt.convert_time_zone("UTC")})


def test_nan_is_no_value_of_any_kind(tmp_path: Path) -> None:
    nan = float("nan")
    people = PATIENTS | {"patient": [1.0, nan], "smoker": [nan, 1.0]}
    found = records(tmp_path, patients=people, visits={"patient": [1.0], "visit_date": [DAY], "note": [nan]})
    assert values(found, "patients", "patient") == ["1"]
    assert values(found, "visits", "note") == [None]
    assert entries(found, "field", code="not-a-number") == [("smoker",), ("note",)]
    assert entry(found, code="no-patient")["row"] == 2
    assert entries(visits(tmp_path, hbi=[nan]), "row", code="not-a-number") == [(1,)]
    found = records(tmp_path, patients=PATIENTS | {"centre": [1.0, nan]})
    assert entry(found, code="no-centre")["row"] == 2


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ([1.0, 2.0], ["1", "2"]),
        ([0.0, -0.0], ["0", "0"]),
        ([True, False], ["TRUE", "FALSE"]),
        ([dt.timedelta(1), dt.timedelta(2)], ["1 day, 0:00:00", "2 days, 0:00:00"]),
    ],
)
def test_a_centre_is_what_its_cell_shows(tmp_path: Path, cells: list[object], named: list[str]) -> None:
    visit = {"patient": ["1", "2"], "centre": cells, "visit_date": [DAY, DAY]}
    found = records(tmp_path, patients=PATIENTS | {"centre": cells}, visits=visit)
    assert values(found, "patients", "centre") == sorted(named)
    assert values(found, "visits", "centre") == sorted(named)


def test_a_column_without_a_name_is_named(tmp_path: Path) -> None:
    assert entries(visits(tmp_path, **{"": [None]}), "form", code="column-without-heading") == []
    assert entries(visits(tmp_path, **{"": [1]}), "form", code="column-without-heading") == [("visits",)]


def test_rows_of_nobody_are_refused_as_in_workbooks(tmp_path: Path) -> None:
    ids = ["1", None, " ", "nd", "patient", "#REF!", "7", "01", " 2 "]
    found = records(tmp_path, visits={"patient": ids, "visit_date": [DAY] * len(ids)})
    assert found.forms["visits"].select("patient", "centre").rows() == [("1", "A"), ("2", "B")]
    assert entries(found, "row", "code", action="refused") == [
        (2, "no-patient"),
        (3, "no-patient"),
        (4, "no-patient"),
        (5, "repeated-heading"),
        (6, "spreadsheet-error"),
        (7, "unknown-patient"),
        (8, "unknown-patient"),
    ]
    assert entry(found, row=8)["reason"] == "there is no patient 01; 1 is meant?"


def test_a_patient_twice(tmp_path: Path) -> None:
    people = {
        "patient": ["1", "2", "1", "3", "2", "4"],
        "centre": ["A", "A", "a", "A", "B", None],
        "birth_date": [BIRTH, BIRTH, BIRTH, None, BIRTH, BIRTH],
        "sex": ["F", "F", "M", None, "F", "F"],
    }
    found = records(tmp_path, patients=people)
    assert values(found, "patients", "patient") == ["1", "2", "3"]
    rows = found.ledger.filter(pl.col("row").is_not_null() & pl.col("field").is_null(), form="patients")
    assert sorted(rows.select("row", "action", "code").rows()) == [
        (1, "queried", "duplicate-patient"),
        (2, "queried", "duplicate-patient"),
        (3, "converted", "centre-spelling"),
        (3, "refused", "duplicate-patient"),
        (4, "queried", "empty-row"),
        (5, "refused", "duplicate-patient"),
        (6, "refused", "no-centre"),
    ]


def test_rows_written_alike_are_queried(tmp_path: Path) -> None:
    found = records(tmp_path, visits={"patient": ["1", "1", "1"], "visit_date": [DAY] * 3, "hbi": [1, 2, 1]})
    assert values(found, "visits", "hbi") == [1, 2, 1]
    assert entry(found, code="repeated-row")["row"] == 3
    found = visits(tmp_path, visit_date=[DAY] * 2, note=["", None])
    assert entry(found, code="repeated-row")["row"] == 2


@pytest.mark.parametrize("ids", [[1, 2], [1.0, 2.0], [Decimal(1), Decimal(2)]])
def test_numbers_as_ids(tmp_path: Path, ids: list[Any]) -> None:
    found = records(tmp_path, patients=PATIENTS | {"patient": ids})
    assert values(found, "patients", "patient") == ["1", "2"]


def test_a_float_too_long_or_a_date_is_no_id(tmp_path: Path) -> None:
    found = records(tmp_path, patients=PATIENTS | {"patient": [1e15, 2.0]})
    assert values(found, "patients", "patient") == ["2"]
    assert entry(found, code="not-an-id")["row"] == 1
    found = records(tmp_path, patients=PATIENTS | {"patient": [DAY, DAY]})
    assert entries(found, "row", code="not-an-id") == [(1,), (2,)]


def test_ids_that_have_lost_digits_find_nobody(tmp_path: Path) -> None:
    people = PATIENTS | {"patient": ["12345678901234568", "2"]}
    found = records(tmp_path, patients=people, visits={"patient": [12345678901234567.0], "visit_date": [DAY]})
    assert found.forms["visits"].is_empty()
    assert entry(found, form="visits", row=1)["code"] == "not-an-id"
    short = pl.Series([16777217, 2], dtype=pl.Float32)
    with pytest.raises(WrongInput, match="the column patient holds Float32, which keeps seven digits"):
        records(tmp_path, patients=PATIENTS | {"patient": short})


@pytest.mark.parametrize("column", ["patient", "centre"])
def test_bytes_and_lists_are_no_ids(tmp_path: Path, column: str) -> None:
    for cells in ([b"1", b"2"], [["1"], ["2"]]):
        with pytest.raises(WrongInput, match=f"patients.parquet: the column {column} holds"):
            records(tmp_path, patients=PATIENTS | {column: cells})


def test_rows_are_numbered_by_centre_form_and_row(tmp_path: Path) -> None:
    found = records(tmp_path, visits={"patient": ["2", "1"], "visit_date": [DAY, DAY]})
    assert found.rows.rows() == [
        (0, "patients", "patients.parquet", None, 1),
        (1, "visits", "visits.parquet", None, 2),
        (2, "patients", "patients.parquet", None, 2),
        (3, "visits", "visits.parquet", None, 1),
    ]
    assert found.forms["visits"].select("patient", "_row").rows() == [("1", 1), ("2", 3)]


def test_a_folder_of_parts_is_one_form(tmp_path: Path) -> None:
    (tmp_path / "visits").mkdir()
    for number, hbi in enumerate((3, 99)):
        part = pl.DataFrame({"patient": [str(number + 1)], "visit_date": [DAY], "hbi": [hbi]})
        part.write_parquet(tmp_path / "visits" / f"part-{number}.parquet")
    found = records(tmp_path, visits=None)
    assert values(found, "visits", "hbi") == [3, None]
    assert entry(found, code="out-of-range", file="visits")["row"] == 2
    pl.DataFrame({"patient": ["1"], "visit_date": ["x"]}).write_parquet(tmp_path / "visits" / "part-2.parquet")
    with pytest.raises(WrongInput, match=r"visits/part-2.parquet: its columns are not those of part-0.parquet: hbi"):
        records(tmp_path, visits=None)


def test_a_folder_as_spark_writes_it(tmp_path: Path) -> None:
    part = pl.DataFrame({"patient": ["1"], "visit_date": [DAY]})
    (tmp_path / "visits.parquet" / "old.parquet").mkdir(parents=True)
    part.write_parquet(tmp_path / "visits.parquet" / "part-0.snappy.parquet")
    (tmp_path / "visits.parquet" / "_SUCCESS").touch()
    found = records(tmp_path, visits=None)
    assert values(found, "visits", "visit_date") == [DAY]
    assert entries(found, "file", code="no-charts") == [("visits.parquet/_SUCCESS",), ("visits.parquet/old.parquet",)]


def test_what_is_no_chart_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    found = records(tmp_path, other={"patient": ["1"]})
    assert entries(found, "file", "code", action="unused") == [
        ("notes.txt", "no-charts"),
        ("other.parquet", "sheet-of-no-form"),
    ]


def test_wrong_structures(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="there is no such folder"):
        read(tmp_path / "none", FORMS, CHARTS)
    with pytest.raises(WrongInput, match="the folder holds no Parquet files"):
        read(tmp_path, FORMS, CHARTS)
    with pytest.raises(WrongInput, match="the sheet visits is missing"):
        records(tmp_path, visits=None)
    with pytest.raises(WrongInput, match=r"patients.parquet: the column centre is missing"):
        records(tmp_path, patients={key: cells for key, cells in PATIENTS.items() if key != "centre"})
    with pytest.raises(WrongInput, match=r"visits.parquet: the column note holds List"):
        visits(tmp_path, note=[["a"]])
    (tmp_path / "visits.parquet").write_text("no parquet")
    with pytest.raises(WrongInput, match=r"visits.parquet: it cannot be read"):
        read(tmp_path, FORMS, CHARTS)


def test_the_study_file_may_call_the_centre_otherwise(tmp_path: Path) -> None:
    people = {("Site" if key == "centre" else key): cells for key, cells in PATIENTS.items()}
    found = records(tmp_path, Charts(centre_column="site"), patients=people)
    assert values(found, "patients", "centre") == ["A", "B"]
