"""SDTM: domains as forms, and what stands in the ledger of records that cannot be used as they are."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from remit.language.types import Date, Level, Number, Text, YesNo
from remit.schema.records import Records
from remit.sources.sdtm import read
from remit.study.forms import Charts, Field, Form
from tests.unit.sources.making import entry, values

DAY = dt.date(2024, 1, 10)
MG = {"mg/L": Fraction(1), "mg/dL": Fraction(10)}
FORMS = {
    "patients": Form(
        "patients",
        "once",
        "patients",
        {
            "sex": Field("sex", "sex", Level(("female", "male")), "SEX", codes={"F": "female", "M": "male"}),
            "age": Field("age", "age", Number("a"), "AGE", units={"a": Fraction(1)}, required=False),
        },
        key="USUBJID",
        domain="DM",
    ),
    "laboratory": Form(
        "laboratory",
        "visit",
        "laboratory",
        {
            "day": Field("day", "day", Date(), "LBDTC"),
            "crp": Field("crp", "CRP", Number("mg/L", 1, censored=True), "CRP", units=MG),
            "colour": Field("colour", "colour", Text(), "COLOR", required=False),
        },
        date="day",
        key="USUBJID",
        domain="LB",
    ),
    "doses": Form(
        "doses",
        "period",
        "doses",
        {
            "start": Field("start", "start", Date(), "EXSTDTC"),
            "stop": Field("stop", "stop", Date(), "EXENDTC"),
            "dose": Field("dose", "dose", Number("mg"), "EXDOSE", units={"mg": Fraction(1)}, required=False),
        },
        start="start",
        stop="stop",
        key="USUBJID",
        domain="EX",
    ),
    "events": Form(
        "events",
        "event",
        "events",
        {
            "term": Field("term", "term", Text(), "AEDECOD"),
            "start": Field("start", "start", Date(), "AESTDTC"),
            "emergent": Field("emergent", "emergent", YesNo(), "AETRTEM", required=False),
        },
        date="start",
        key="USUBJID",
        domain="AE",
    ),
}
CHARTS = Charts(yes=("Y",), no=("N",))
DM: dict[str, Any] = {"DOMAIN": ["DM", "DM"], "USUBJID": ["1", "2"], "SITEID": ["A", "B"], "SEX": ["F", "M"]}
LB: dict[str, Any] = {
    "DOMAIN": ["LB", "LB"],
    "USUBJID": ["1", "1"],
    "LBSEQ": [1.0, 2.0],
    "LBTESTCD": ["CRP", "ALB"],
    "LBSTRESC": ["5.5", "40"],
    "LBSTRESN": [5.5, 40.0],
    "LBSTRESU": ["mg/L", "g/L"],
    "VISITNUM": [1.0, 1.0],
    "LBDTC": ["2024-01-10T08:30", "2024-01-10T08:30"],
}
AE: dict[str, Any] = {"DOMAIN": [], "USUBJID": [], "AESEQ": [], "AEDECOD": [], "AESTDTC": []}
EX: dict[str, Any] = {"DOMAIN": [], "USUBJID": [], "EXSTDTC": [], "EXENDTC": []}


def frame(columns: dict[str, Any]) -> pl.DataFrame:
    texts = {name: pl.String for name, cells in columns.items() if not cells}
    return pl.DataFrame(columns, schema_overrides=texts)


def folder(path: Path, **domains: Any) -> Path:
    """Parquet data sets: two patients, CRP and albumin of the first, and what is given. None: no data set."""
    for name, columns in ({"dm": DM, "lb": LB, "ae": AE, "ex": EX} | domains).items():
        if columns is not None:
            frame(columns).write_parquet(path / f"{name}.parquet")
    return path


def records(path: Path, charts: Charts = CHARTS, **domains: Any) -> Records:
    return read(folder(path, **domains), FORMS, charts)


def of_crp(**columns: Any) -> dict[str, Any]:
    """Records of LB that are all CRP of patient 1."""
    count = max(map(len, columns.values()))
    known = {
        "DOMAIN": ["LB"] * count,
        "USUBJID": ["1"] * count,
        "LBSEQ": [float(number + 1) for number in range(count)],
        "LBTESTCD": ["CRP"] * count,
        "LBSTRESC": ["5"] * count,
        "LBSTRESN": [5.0] * count,
        "LBSTRESU": ["mg/L"] * count,
        "LBDTC": [str(DAY + dt.timedelta(number)) for number in range(count)],
    }
    return known | columns


def test_domains_are_forms_and_dm_tells_the_centre(tmp_path: Path) -> None:
    found = records(tmp_path)
    assert values(found, "patients", "patient") == ["1", "2"]
    assert values(found, "patients", "centre") == ["A", "B"]
    assert values(found, "patients", "sex") == ["female", "male"]
    assert values(found, "laboratory", "centre") == ["A"]
    assert values(found, "laboratory", "day") == [DAY]
    assert values(found, "laboratory", "crp") == [55]


def test_a_row_is_known_by_its_first_record(tmp_path: Path) -> None:
    found = records(tmp_path, lb=of_crp(LBSEQ=[1.0, 2.0]))
    rows = found.rows.filter(form="laboratory")
    assert rows.select("file", "row").rows() == [("lb.parquet", 1), ("lb.parquet", 2)]


def test_the_period_of_a_dose_goes_to_the_day_after_its_last(tmp_path: Path) -> None:
    ex = {"DOMAIN": ["EX"], "USUBJID": ["1"], "EXSTDTC": ["2024-01-10"], "EXENDTC": ["2024-01-20"]}
    found = records(tmp_path, ex=ex)
    assert values(found, "doses", "stop") == [dt.date(2024, 1, 21)]
    assert entry(found, code="last-day")["column"] == "EXENDTC"


def test_what_no_form_uses_is_told(tmp_path: Path) -> None:
    found = records(tmp_path, cm={"DOMAIN": ["CM"], "USUBJID": ["1"], "CMTRT": ["ASPIRIN"]})
    assert entry(found, code="data-set-of-no-form")["file"] == "cm.parquet"
    told = entry(found, code="test-of-no-field")
    assert (told["file"], told["column"], told["written"]) == ("lb.parquet", "LBTESTCD", "ALB")
