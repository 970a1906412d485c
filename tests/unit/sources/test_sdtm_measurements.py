"""Tests of SDTM whose code stands for several measurements: the study file says which; none is chosen in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.language.types import Text
from remit.schema.records import Records
from remit.sources.sdtm import read
from remit.study.forms import Field
from tests.unit.sources.making import entries, values
from tests.unit.sources.sdtm_folders import CHARTS, DAY, FORMS, folder, of_crp

TWO: dict[str, Any] = of_crp(LBSTRESN=[5.0, 900.0], LBSTRESC=["5", "900"], LBDTC=[str(DAY)] * 2)


def read_only(path: Path, only: Mapping[str, Sequence[str]], **columns: Any) -> Records:
    """The folder with CRP in two records; the form is `only` of some."""
    forms = FORMS | {"laboratory": replace(FORMS["laboratory"], only=only)}
    return read(folder(path, lb=TWO | columns), forms, CHARTS)


@pytest.mark.parametrize("variable", ["LBSPEC", "LBMETHOD", "LBCAT", "LBLOC", "LBPOS", "LBTPT", "LBEVAL"])
def test_a_code_of_several_measurements(tmp_path: Path, variable: str) -> None:
    with pytest.raises(
        WrongInput, match=f"CRP of the form laboratory is measured in several ways: {variable}"
    ) as wrong:
        read_only(tmp_path, {}, **{variable: ["SERUM", "URINE"]})
    assert f"`only: {{{variable}: [SERUM]}}`" in wrong.value.remedy


def test_records_that_do_not_say_are_of_another_kind_than_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="LBSPEC is SERUM, empty"):
        read_only(tmp_path, {}, LBSPEC=["SERUM", None])
    assert values(read_only(tmp_path, {"LBSPEC": ["empty"]}, LBSPEC=["SERUM", None]), "laboratory", "crp") == [9000]


def test_the_records_that_the_form_means(tmp_path: Path) -> None:
    found = read_only(tmp_path, {"LBSPEC": ["SERUM"]}, LBSPEC=["SERUM", "URINE"])
    assert values(found, "laboratory", "crp") == [50]
    assert entries(found, "file", "column", "reason", code="records-of-others") == [
        ("lb.parquet", "LBSPEC", "the form is only of LBSPEC SERUM; so many records are not: 1")
    ]


def test_tests_of_one_lesion_are_one_row(tmp_path: Path) -> None:
    """The diameter of one lesion and the colour of another are not of one event."""
    laboratory = replace(FORMS["laboratory"], rows="event")
    lb = of_crp(
        LBTESTCD=["CRP", "CRP", "COLOR"],
        LBSTRESN=[5.0, 6.0, None],
        LBSTRESC=["5", "6", "RED"],
        LBLNKID=["T01", "T02", "T02"],
        LBDTC=[str(DAY)] * 3,
    )
    found = read(folder(tmp_path, lb=lb), FORMS | {"laboratory": laboratory}, CHARTS)
    assert values(found, "laboratory", "crp") == [50, 60]
    assert values(found, "laboratory", "colour") == [None, "RED"]


def test_measurements_that_are_alike(tmp_path: Path) -> None:
    found = read_only(tmp_path, {"LBSPEC": ["SERUM", "URINE"]}, LBSPEC=["SERUM", "URINE"])
    assert values(found, "laboratory", "crp") == [50, 9000]


def test_numbers_are_told_as_they_are_written(tmp_path: Path) -> None:
    assert values(read_only(tmp_path, {"VISITNUM": ["1"]}, VISITNUM=[1.0, 2.0]), "laboratory", "crp") == [50]


def test_tests_that_were_not_done_make_no_other_measurement(tmp_path: Path) -> None:
    found = read_only(
        tmp_path, {}, LBSPEC=["SERUM", None], LBSTAT=[None, "NOT DONE"], LBSTRESN=[5.0, None], LBSTRESC=["5", None]
    )
    assert values(found, "laboratory", "crp") == [50]


def test_events_may_tell_measurements_apart_by_a_field(tmp_path: Path) -> None:
    specimen = Field("specimen", "specimen", Text(), "LBSPEC")
    laboratory = FORMS["laboratory"]
    events = replace(laboratory, rows="event", fields={**laboratory.fields, "specimen": specimen})
    found = read(folder(tmp_path, lb=TWO | {"LBSPEC": ["SERUM", "URINE"]}), FORMS | {"laboratory": events}, CHARTS)
    assert values(found, "laboratory", "specimen") == ["SERUM", "URINE"]


def test_what_no_record_says(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="`only` of LBSPEC SERM, which no record has") as wrong:
        read_only(tmp_path, {"LBSPEC": ["SERM"]}, LBSPEC=["SERUM", "URINE"])
    assert wrong.value.remedy == "There are SERUM, URINE."
    with pytest.raises(WrongInput, match="no variable or LBTESTCD LBSPEK") as wrong:
        read_only(tmp_path, {"LBSPEK": ["SERUM"]}, LBSPEC=["SERUM", "URINE"])
    assert "LBSPEC may be meant" in wrong.value.remedy
