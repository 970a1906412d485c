"""Files of SDTM that are not as they should be: told as such, or read as what they mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from remit.errors import WrongInput
from remit.schema.records import Records
from remit.sources.sdtm import read
from tests.unit.sources.making import values
from tests.unit.sources.sdtm_folders import (
    AE,
    CHARTS,
    DM,
    EX,
    FORMS,
    LB,
    ae,
    folder,
    frame,
    of_crp,
    records,
    told,
    write_json,
)


def test_a_data_set_in_two_files(tmp_path: Path) -> None:
    pyreadstat.write_xport(frame(LB), tmp_path / "LB.xpt", table_name="LB", file_format_version=5)
    with pytest.raises(WrongInput, match=r"LB\.xpt and lb\.parquet are the same data set"):
        records(tmp_path)


def test_a_record_of_another_domain(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="record 2 is of the domain VS, and the data set of LB"):
        records(tmp_path, lb=LB | {"DOMAIN": ["LB", "VS"]})


def test_variables_that_differ_by_case_alone(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="the variables LBSEQ and lbseq have the same name"):
        records(tmp_path, lb=LB | {"lbseq": [1.0, 2.0]})


def test_names_in_small_letters_are_read(tmp_path: Path) -> None:
    found = records(tmp_path, lb={name.lower(): cells for name, cells in LB.items()})
    assert values(found, "laboratory", "crp") == [55]


def test_ids_and_numbers_kept_as_the_other_kind(tmp_path: Path) -> None:
    dm = DM | {"USUBJID": [1.0, 2.0], "SITEID": [701.0, 702.0]}
    found = records(tmp_path, dm=dm, lb=of_crp(LBSTRESN=["5.5"], LBSTRESC=["5.5"]), ae=ae(AESEQ=["1", "1"]))
    assert values(found, "patients", "centre") == ["701", "702"]
    assert values(found, "laboratory", "crp") == [55]
    assert told(found, "repeated-sequence") == [("ae.parquet", 1, "AESEQ", "1"), ("ae.parquet", 2, "AESEQ", "1")]


def test_units_and_codes_kept_as_numbers_are_told_or_refused(tmp_path: Path) -> None:
    assert told(records(tmp_path, lb=of_crp(LBSTRESU=[1.0])), "unknown-unit") == [("lb.parquet", 1, "CRP", "5.0 1")]
    with pytest.raises(WrongInput, match="no variable or LBTESTCD CRP"):
        records(tmp_path, lb=of_crp(LBTESTCD=[1.0]))


def test_a_record_that_names_no_test(tmp_path: Path) -> None:
    found = records(tmp_path, lb=of_crp(LBTESTCD=["CRP", None]))
    assert values(found, "laboratory", "crp") == [50]
    assert told(found, "no-test") == [("lb.parquet", 2, "LBTESTCD", None)]


def test_a_variable_of_lists(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="the variable LBSTRESN holds lists"):
        records(tmp_path, lb=of_crp(LBSTRESN=[[5.0]]))


def test_a_patient_of_two_sites_is_asked_about(tmp_path: Path) -> None:
    dm = {name: [*cells, cells[0]] for name, cells in DM.items()} | {"SITEID": ["A", "B", "C"]}
    found = records(tmp_path, dm=dm)
    assert values(found, "patients", "centre") == ["A", "B"]
    assert {row[:2] for row in told(found, "duplicate-patient")} == {("dm.parquet", 1), ("dm.parquet", 3)}


# Transport files


def test_a_transport_file_in_another_encoding(tmp_path: Path) -> None:
    """Nobody can tell Windows-1252 from Latin-2 by the file; a guess would change letters in silence."""
    folder(tmp_path, ae=None)
    pyreadstat.write_xport(frame(ae(AEDECOD=["Fièvre"])), tmp_path / "ae.xpt", table_name="AE", file_format_version=5)
    written = (tmp_path / "ae.xpt").read_bytes()
    assert values(read(tmp_path, FORMS, CHARTS), "events", "term") == ["Fièvre"]
    (tmp_path / "ae.xpt").write_bytes(written.replace("Fièvre".encode(), "Fièvre".encode("cp1252") + b" "))
    with pytest.raises(WrongInput, match="its texts are not in UTF-8") as wrong:
        read(tmp_path, FORMS, CHARTS)
    assert wrong.value.where == "ae.xpt"


def test_a_transport_file_without_the_name_of_a_variable(tmp_path: Path) -> None:
    folder(tmp_path, ae=None)
    pyreadstat.write_xport(frame(ae(AESEQ=[1.0])), tmp_path / "ae.xpt", table_name="AE", file_format_version=5)
    written = (tmp_path / "ae.xpt").read_bytes()
    (tmp_path / "ae.xpt").write_bytes(written.replace(b"AEDECOD ", b"\0" * 8))
    with pytest.raises(WrongInput, match="cannot be read"):
        read(tmp_path, FORMS, CHARTS)


# Dataset-JSON


def json_records(path: Path, change: Callable[[dict[str, Any]], object]) -> Records:
    """Data sets in JSON, of which LB's document is changed."""
    for name, columns in {"dm": DM, "lb": LB, "ae": AE, "ex": EX}.items():
        write_json(path / f"{name}.json", columns)
    document = json.loads((path / "lb.json").read_text("utf-8"))
    change(document)
    (path / "lb.json").write_text(json.dumps(document), "utf-8")
    return read(path, FORMS, CHARTS)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda told: told["rows"][1].pop(), "record 2 has 8 values, and there are 9 variables"),
        (lambda told: told["rows"][0].append("x"), "record 1 has 10 values, and there are 9 variables"),
        (lambda told: told.update(records=10), "it says that it has 10 records, and has 2"),
        (lambda told: told["columns"][1].update(name="DOMAIN"), "two of its variables have the same name"),
        (lambda told: told["columns"][1].pop("name"), "cannot be read"),
        (lambda told: told.update(columns="LBSEQ"), "cannot be read"),
        (lambda told: told.update(rows=5), "cannot be read"),
    ],
)
def test_dataset_json_that_is_broken(tmp_path: Path, change: Callable[[dict[str, Any]], object], what: str) -> None:
    with pytest.raises(WrongInput, match=what):
        json_records(tmp_path, change)


def test_a_text_in_a_number_of_dataset_json_is_refused_alone(tmp_path: Path) -> None:
    found = json_records(tmp_path, lambda told: told["rows"][0].__setitem__(5, "abc"))
    assert values(found, "laboratory", "crp") == [None]
    assert told(found, "not-a-number") == [("lb.json", 1, "CRP", "abc")]


# Supplements


def supplement(**columns: Any) -> dict[str, Any]:
    count = max(map(len, columns.values()))
    known = {
        "RDOMAIN": ["AE"] * count,
        "USUBJID": ["1"] * count,
        "IDVAR": ["AESEQ"] * count,
        "IDVARVAL": ["1"] * count,
        "QNAM": ["AETRTEM"] * count,
        "QVAL": ["Y"] * count,
    }
    return known | columns


def test_a_supplement_of_all_domains(tmp_path: Path) -> None:
    both = supplement(RDOMAIN=["DM", "AE"], IDVAR=[None, "AESEQ"], IDVARVAL=[None, "1"], QNAM=["AGE", "AETRTEM"])
    found = records(tmp_path, ae=ae(AESEQ=[1.0]), suppqual=both | {"QVAL": ["61", "Y"]})
    assert values(found, "events", "emergent") == [True]
    assert values(found, "patients", "age") == [61, None]


def test_values_of_records_named_by_another_variable(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        ae=ae(AESEQ=[1.0, 2.0], AESPID=["E1", "E2"]),
        suppae=supplement(IDVAR=["AESPID"] * 2, IDVARVAL=["E2", "E1"], QVAL=["Y", "N"]),
    )
    assert values(found, "events", "emergent") == [False, True]


def test_values_of_a_supplement_that_nobody_uses_are_told(tmp_path: Path) -> None:
    found = records(tmp_path, ae=ae(AESEQ=[1.0]), suppae=supplement(QNAM=["AEDECOD", "OTHER"]))
    assert values(found, "events", "term") == ["RASH"]
    assert told(found, "value-of-no-field") == [
        ("suppae.parquet", None, "QNAM", "AEDECOD"),
        ("suppae.parquet", None, "QNAM", "OTHER"),
    ]


def test_a_value_of_a_supplement_is_not_taken_for_a_test(tmp_path: Path) -> None:
    supplb = supplement(RDOMAIN=["LB"], IDVAR=["LBSEQ"], QNAM=["CRP"], QVAL=["77"])
    found = records(tmp_path, supplb=supplb)
    assert values(found, "laboratory", "crp") == [55]
    assert told(found, "value-of-no-field") == [("supplb.parquet", None, "QNAM", "CRP")]


@pytest.mark.parametrize("variable", ["USUBJID", "IDVAR", "QVAL"])
def test_a_supplement_that_lacks_a_variable(tmp_path: Path, variable: str) -> None:
    suppae = {name: cells for name, cells in supplement(QVAL=["Y"]).items() if name != variable}
    with pytest.raises(WrongInput, match=f"the supplement has no variable {variable}"):
        read(folder(tmp_path, suppae=suppae), FORMS, CHARTS)
