"""Results of SDTM findings: which value counts, and what is told where a record tells none, or two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.language.types import Number
from remit.schema.records import Records
from remit.sources.sdtm import read
from tests.unit.sources.making import entries, entry, values
from tests.unit.sources.sdtm_folders import CHARTS, DAY, FORMS, folder, of_crp, records, told


def test_an_original_result_without_a_standard_one_is_not_lost_in_silence(tmp_path: Path) -> None:
    lb = of_crp(LBSTRESN=[None, 5.0], LBSTRESC=[None, "5"], LBORRES=["7", "5"], LBORRESU=["mg/L", "mg/L"])
    found = records(tmp_path, lb=lb)
    assert values(found, "laboratory", "crp") == [None, 50]
    assert told(found, "no-standard-result") == [("lb.parquet", 1, "CRP", "7 mg/L")]


def test_a_domain_without_standard_results(tmp_path: Path) -> None:
    lb = {name: cells for name, cells in of_crp(LBORRES=["7"]).items() if not name.startswith("LBSTRES")}
    with pytest.raises(WrongInput, match="neither LBSTRESN nor LBSTRESC"):
        records(tmp_path, lb=lb)


def test_a_number_beside_a_censored_text_stays_censored(tmp_path: Path) -> None:
    found = records(tmp_path, lb=of_crp(LBSTRESC=["<5", "5"], LBSTRESN=[2.5, 5.0]))
    assert values(found, "laboratory", "crp") == [50, 50]
    assert values(found, "laboratory", "crp__censored") == [-1, 0]


def test_a_number_that_the_text_contradicts_is_asked_about(tmp_path: Path) -> None:
    """33.7 may be 33.79 cut off, and 34 may be rounded; 50 is not 5."""
    lb = of_crp(LBSTRESC=["50", "33.7", "34", "NORMAL", "5.0"], LBSTRESN=[5.0, 33.79, 33.5, 1.0, 5.0])
    assert told(records(tmp_path, lb=lb), "unlike-results") == [("lb.parquet", 1, "CRP", "5")]


def test_an_original_result_in_the_same_unit_that_is_another_number_is_asked_about(tmp_path: Path) -> None:
    lb = of_crp(LBSTRESN=[5.0, 5.0, 5.0], LBORRES=["50", "0.5", "5.0"], LBORRESU=["mg/L", "mg/dL", "mg/L"])
    lb["LBSTRESC"] = ["5", "5", "5"]
    assert told(records(tmp_path, lb=lb), "unlike-results") == [("lb.parquet", 1, "CRP", "5")]


def test_a_text_that_stands_in_the_number_alone(tmp_path: Path) -> None:
    lb = of_crp(LBTESTCD=["CRP", "COLOR"], LBSTRESC=["5", None], LBSTRESN=[5.0, 3.0])
    assert values(records(tmp_path, lb=lb), "laboratory", "colour") == [None, "3"]


def test_a_text_that_is_no_number_is_refused(tmp_path: Path) -> None:
    found = records(tmp_path, lb=of_crp(LBSTRESC=["NEGATIVE", "5"], LBSTRESN=[None, 5.0]))
    assert told(found, "not-a-number") == [("lb.parquet", 1, "CRP", "NEGATIVE")]


def test_numbers_beside_texts_are_written_without_an_exponent(tmp_path: Path) -> None:
    found = records(tmp_path, lb=of_crp(LBSTRESC=["<3", "0.00001"], LBSTRESN=[None, 0.00001]))
    assert told(found, "too-many-decimals") == [("lb.parquet", 2, "CRP", "0.00001")]


def test_a_result_of_what_was_not_done(tmp_path: Path) -> None:
    found = records(tmp_path, lb=of_crp(LBSTAT=["Not Done", None]))
    assert values(found, "laboratory", "crp") == [None, 50]
    assert told(found, "not-done-with-result") == [("lb.parquet", 1, "CRP", "5")]


def test_a_test_that_was_not_done_and_then_done_is_done(tmp_path: Path) -> None:
    lb = of_crp(LBSTRESC=[None, "5"], LBSTRESN=[None, 5.0], LBSTAT=["NOT DONE", None], LBDTC=[str(DAY)] * 2)
    found = records(tmp_path, lb=lb)
    assert values(found, "laboratory", "crp") == [50]
    assert told(found, "not-done") == [("lb.parquet", 1, "CRP", "NOT DONE")]


def test_a_limit_of_normal_is_in_the_unit_of_its_result(tmp_path: Path) -> None:
    limit = replace(FORMS["laboratory"].fields["crp"], name="limit", column="LBSTNRHI")
    fields = {**FORMS["laboratory"].fields, "limit": limit}
    forms = FORMS | {"laboratory": replace(FORMS["laboratory"], fields=fields)}
    lb = of_crp(LBSTNRHI=[10.0, 1.0, 1.0], LBSTRESU=["mg/L", "mg/dL", "mmol/L"])
    found = read(folder(tmp_path, lb=lb), forms, CHARTS)
    assert values(found, "laboratory", "limit") == [100, 100, None]
    assert ("lb.parquet", 3, "LBSTNRHI", "1.0 mmol/L") in told(found, "unknown-unit")


# Calculated results


def calculated(path: Path, decimals: int, *written: float) -> Records:
    crp = replace(FORMS["laboratory"].fields["crp"], type=Number("mg/L", decimals))
    forms = FORMS | {"laboratory": replace(FORMS["laboratory"], fields=FORMS["laboratory"].fields | {"crp": crp})}
    texts: list[str | None] = [None] * len(written)
    return read(
        folder(path, lb=of_crp(LBSTRESN=[*written], LBSTRESC=texts, LBDRVFL=["Y"] * len(written))), forms, CHARTS
    )


def test_a_calculated_result_without_end_is_rounded_if_the_field_has_decimals_enough(tmp_path: Path) -> None:
    found = calculated(tmp_path, 6, 20.571428571428573, 5.25)
    assert values(found, "laboratory", "crp") == [20_571_429, 5_250_000]
    assert entries(found, "row", "column", "written", "value", code="rounded") == [
        (1, "CRP", "20.5714285714286", "20.571429")
    ]


def test_a_calculated_result_without_end_is_not_rounded_over_a_limit(tmp_path: Path) -> None:
    """24.9666… is no 25.0."""
    found = calculated(tmp_path, 1, 24.966666666666667)
    assert values(found, "laboratory", "crp") == [None]
    assert entry(found, code="too-many-decimals")["reason"].endswith("declare decimals: 6 in the study file")


def test_a_calculated_result_that_decimals_can_write_is_read_like_others(tmp_path: Path) -> None:
    found = calculated(tmp_path, 1, 24.97)
    assert values(found, "laboratory", "crp") == [None]
    assert "declare decimals: 2" in entry(found, code="too-many-decimals")["reason"]


# Records of one day


def test_tests_of_a_day_are_one_row_of_a_visit_whatever_the_visit_is_called(tmp_path: Path) -> None:
    """Else the colour would be unknown at the visit, of which one row counts."""
    lb = of_crp(
        LBTESTCD=["CRP", "COLOR"],
        LBSTRESC=["5", "RED"],
        LBSTRESN=[5.0, None],
        VISITNUM=[3.0, 3.1],
        LBDTC=[str(DAY)] * 2,
    )
    found = records(tmp_path, lb=lb)
    assert values(found, "laboratory", "crp") == [50]
    assert values(found, "laboratory", "colour") == ["RED"]


def test_tests_of_one_patient_are_one_row_of_a_form_with_one(tmp_path: Path) -> None:
    """Whatever the days on which they were done; else all but the first would be refused."""
    fields = {name: field for name, field in FORMS["laboratory"].fields.items() if name != "day"}
    once = replace(FORMS["laboratory"], rows="once", date=None, fields=fields)
    lb = of_crp(LBTESTCD=["CRP", "COLOR"], LBSTRESC=["5", "RED"], LBSTRESN=[5.0, None])
    found = read(folder(tmp_path, lb=lb), FORMS | {"laboratory": once}, CHARTS)
    assert values(found, "laboratory", "crp") == [50]
    assert values(found, "laboratory", "colour") == ["RED"]


def test_tests_without_a_day_are_of_their_visits(tmp_path: Path) -> None:
    lb = of_crp(
        LBTESTCD=["CRP", "COLOR"], LBSTRESC=["5", "RED"], LBSTRESN=[5.0, None], VISITNUM=[3.0, 4.0], LBDTC=[None, None]
    )
    assert values(records(tmp_path, lb=lb), "laboratory", "crp") == [50, None]
