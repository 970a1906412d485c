"""Folders of SDTM data sets, and the forms that are read from them."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from remit.language.types import Date, Level, Number, Text, YesNo
from remit.schema.records import Records
from remit.sources.sdtm import read
from remit.study.forms import Charts, Field, Form
from tests.unit.sources.making import entries

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


def ae(**columns: Any) -> dict[str, Any]:
    count = max(map(len, columns.values()))
    known = {
        "DOMAIN": ["AE"] * count,
        "USUBJID": ["1"] * count,
        "AESEQ": [float(number + 1) for number in range(count)],
        "AEDECOD": ["RASH"] * count,
        "AESTDTC": ["2024-01-11"] * count,
    }
    return known | columns


def write_json(path: Path, columns: dict[str, Any]) -> None:
    """Dataset-JSON 1.1, by hand."""
    known = frame(columns)
    kinds = {name: "string" if kind == pl.String else "float" for name, kind in known.schema.items()}
    described = [
        {"itemOID": f"IT.{name}", "name": name, "label": name, "dataType": kind} for name, kind in kinds.items()
    ]
    whole = {"datasetJSONVersion": "1.1.0", "records": known.height, "columns": described, "rows": known.rows()}
    path.write_text(json.dumps(whole), "utf-8")


def told(found: Records, code: str) -> list[tuple[object, ...]]:
    """File, record and test or variable of each entry."""
    return entries(found, "file", "row", "column", "written", code=code)


SUPP: dict[str, Any] = {
    "RDOMAIN": ["AE", "AE", "AE"],
    "USUBJID": ["1", "1", "1"],
    "IDVAR": ["AESEQ", "AESEQ", "AESEQ"],
    "IDVARVAL": ["2", "1", "5"],
    "QNAM": ["AETRTEM", "AETRTEM", "AETRTEM"],
    "QVAL": ["Y", "N", "Y"],
}
