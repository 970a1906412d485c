"""SDTM: domains as forms, and what stands in the ledger of records that cannot be used as they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from remit.errors import WrongInput
from remit.language.types import Date, Number, Text
from remit.schema.records import Records
from remit.sources.kinds import source_of
from remit.sources.sdtm import read
from remit.study.forms import Charts, Field
from tests.unit.sources.making import entries, entry, values
from tests.unit.sources.sdtm_folders import (
    AE,
    CHARTS,
    DAY,
    DM,
    EX,
    FORMS,
    LB,
    MG,
    SUPP,
    ae,
    folder,
    frame,
    of_crp,
    records,
    told,
    write_json,
)


def test_domains_are_forms_and_dm_tells_the_centre(tmp_path: Path) -> None:
    found = records(tmp_path)
    assert values(found, "patients", "patient") == ["1", "2"]
    assert values(found, "patients", "centre") == ["A", "B"]
    assert values(found, "patients", "sex") == ["female", "male"]
    assert values(found, "laboratory", "centre") == ["A"]
    assert values(found, "laboratory", "day") == [DAY]
    assert values(found, "laboratory", "crp") == [55]


def test_a_variable_of_the_records_of_a_test(tmp_path: Path) -> None:
    """Of two tests of a day each has a limit of its own, in the unit of its result, which the field lists."""
    fields = {
        "day": Field("day", "day", Date(), "LBDTC"),
        "crp": Field("crp", "CRP", Number("mg/L", 1), "CRP", units=MG),
        "crp_high": Field("crp_high", "limit of CRP", Number("mg/L", 1), "CRP.LBSTNRHI", units=MG),
        "albumin_low": Field("albumin_low", "limit", Number("g/L"), "ALB.LBSTNRLO", units={"g/L": Fraction(1)}),
        "judged": Field("judged", "judged", Text(), "ALB.LBNRIND"),
        "other": Field("other", "other", Text(), "TSH.LBNRIND", required=False),
    }
    forms = FORMS | {"laboratory": replace(FORMS["laboratory"], fields=fields)}
    limits = {"LBSTNRLO": [None, 35.0], "LBSTNRHI": [0.5, 50.0], "LBNRIND": ["HIGH", "NORMAL"]}
    found = read(folder(tmp_path, lb=LB | limits | {"LBSTRESU": ["mg/dL", "g/L"]}), forms, CHARTS)
    assert values(found, "laboratory", "crp") == [550]
    assert values(found, "laboratory", "crp_high") == [50]
    assert values(found, "laboratory", "albumin_low") == [35]
    assert values(found, "laboratory", "judged") == ["NORMAL"]
    assert not [each for each in entries(found) if each["code"] == "test-of-no-field"]


@pytest.mark.parametrize(
    ("column", "what"),
    [
        ("CRT.LBSTNRHI", "the domain LB has no variable or LBTESTCD CRT."),
        ("CRP.LBSTNRH", "the domain LB has no variable or LBTESTCD LBSTNRH."),
    ],
)
def test_a_variable_of_a_test_that_there_is_not(tmp_path: Path, column: str, what: str) -> None:
    high = Field("high", "high", Number(), column)
    form = replace(FORMS["laboratory"], fields=dict(FORMS["laboratory"].fields) | {"high": high})
    with pytest.raises(WrongInput) as caught:
        read(folder(tmp_path, lb=LB | {"LBSTNRHI": [5.0, 50.0]}), FORMS | {"laboratory": form}, CHARTS)
    assert caught.value.what == what


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


# Files


def test_transport_files_and_dataset_json_are_read_as_parquet_is(tmp_path: Path) -> None:
    kinds: dict[str, Records] = {}
    for kind in ("parquet", "xpt", "json"):
        place = tmp_path / kind
        place.mkdir()
        for name, columns in {"dm": DM, "lb": LB, "ae": AE, "ex": EX}.items():
            if kind == "parquet":
                frame(columns).write_parquet(place / f"{name}.parquet")
            elif kind == "xpt":
                pyreadstat.write_xport(frame(columns), place / f"{name}.xpt", table_name=name, file_format_version=5)
            else:
                write_json(place / f"{name}.json", columns)
        kinds[kind] = read(place, FORMS, CHARTS)
    for kind in ("xpt", "json"):
        for form, expected in kinds["parquet"].forms.items():
            assert kinds[kind].forms[form].equals(expected), (kind, form)
        assert kinds[kind].rows["file"].unique().sort().to_list() == [f"dm.{kind}", f"lb.{kind}"]


def test_other_json_is_no_data_set(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("[1, 2]", "utf-8")
    assert entry(records(tmp_path), code="no-charts")["file"] == "notes.json"


@pytest.mark.parametrize("name", ["lb.parquet", "lb.xpt", "lb.json"])
def test_a_corrupt_file(tmp_path: Path, name: str) -> None:
    folder(tmp_path, lb=None)
    (tmp_path / name).write_bytes(b"nonsense" * 20)
    with pytest.raises(WrongInput, match="cannot be read"):
        read(tmp_path, FORMS, CHARTS)


def test_an_empty_folder_and_none(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="no data sets"):
        read(tmp_path, FORMS, CHARTS)
    with pytest.raises(WrongInput, match="no such folder"):
        read(tmp_path / "there", FORMS, CHARTS)


@pytest.mark.parametrize("name", ["dm.parquet", "DM.XPT", "dm.json"])
def test_a_folder_with_dm_is_sdtm(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert source_of(tmp_path) == "sdtm"


def test_split_data_sets_are_one_domain(tmp_path: Path) -> None:
    second = of_crp(LBTESTCD=["COLOR"], LBSEQ=[7.0], LBSTRESC=["YELLOW"], LBSTRESN=[None], LBSTRESU=[None])
    found = records(tmp_path, lb=None, lbch=of_crp(LBSEQ=[1.0]), lbur=second)
    assert values(found, "laboratory", "crp") == [50]
    assert values(found, "laboratory", "colour") == ["YELLOW"]


def test_noise_of_floats_is_not_read(tmp_path: Path) -> None:
    found = records(tmp_path, lb=of_crp(LBSTRESN=[5.199999999999999, 0.30000000000000004]))
    assert values(found, "laboratory", "crp") == [52, 3]


# Structure


def test_a_domain_without_usubjid(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="no variable USUBJID") as wrong:
        records(tmp_path, ae={"DOMAIN": ["AE"], "SUBJID": ["1"], "AEDECOD": ["RASH"], "AESTDTC": ["2024-01-11"]})
    assert wrong.value.where == "ae.parquet"


def test_a_domain_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="no data set holds the domain AE; there are DM, EX, LB"):
        records(tmp_path, ae=None)


def test_a_test_and_a_variable_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="the domain LB has no variable or LBTESTCD CRP") as wrong:
        records(tmp_path, lb=of_crp(LBTESTCD=["CRPS"]))
    assert "CRPS may be meant" in wrong.value.remedy
    with pytest.raises(WrongInput, match="the domain DM has no variable SEX"):
        records(tmp_path, dm={name: cells for name, cells in DM.items() if name != "SEX"})
    with pytest.raises(WrongInput, match="the domain DM has no variable SITEID"):
        records(tmp_path, dm={name: cells for name, cells in DM.items() if name != "SITEID"})


def test_a_form_without_a_domain(tmp_path: Path) -> None:
    forms = FORMS | {"events": replace(FORMS["events"], domain=None)}
    with pytest.raises(WrongInput, match="the form events names no domain"):
        read(folder(tmp_path), forms, CHARTS)


# Findings


def test_a_test_not_done_is_missing_with_its_reason(tmp_path: Path) -> None:
    lb = of_crp(LBSTRESC=["5", None], LBSTRESN=[5.0, None], LBSTAT=[None, "NOT DONE"], LBREASND=[None, "REFUSED"])
    found = records(tmp_path, lb=lb)
    assert values(found, "laboratory", "crp") == [50, None]
    assert told(found, "not-done") == [("lb.parquet", 2, "CRP", "NOT DONE")]
    assert entry(found, code="not-done")["reason"] == "the record says that this was not done: REFUSED"


def test_tests_of_a_day_are_one_row_and_a_test_done_again_another(tmp_path: Path) -> None:
    day = [str(DAY)] * 3
    lb = of_crp(LBTESTCD=["CRP", "COLOR", "CRP"], LBSTRESC=["5", "RED", "6"], LBSTRESN=[5.0, None, 6.0], LBDTC=day)
    found = records(tmp_path, lb=lb)
    assert values(found, "laboratory", "crp") == [50, 60]
    assert values(found, "laboratory", "colour") == ["RED", None]


def test_records_in_other_units_are_converted_or_refused(tmp_path: Path) -> None:
    lb = of_crp(
        LBSTRESN=[5.0, 0.7, 8.0, 9.0], LBSTRESC=["5", "0.7", "8", "9"], LBSTRESU=["mg/L", "mg/dl", "mmol/L", None]
    )
    found = records(tmp_path, lb=lb)
    assert values(found, "laboratory", "crp") == [50, 70, None, None]
    assert told(found, "unit") == [("lb.parquet", 2, "CRP", "0.7 mg/dl")]
    assert told(found, "unknown-unit") == [("lb.parquet", 3, "CRP", "8.0 mmol/L"), ("lb.parquet", 4, "CRP", "9.0")]
    assert {row[0] for row in entries(found, "centre", code="unknown-unit")} == {"A"}


def test_a_number_without_a_unit_of_its_own(tmp_path: Path) -> None:
    crp = replace(FORMS["laboratory"].fields["crp"], type=Number("", 1), units={})
    forms = FORMS | {"laboratory": replace(FORMS["laboratory"], fields=FORMS["laboratory"].fields | {"crp": crp})}
    found = read(folder(tmp_path), forms, CHARTS)
    assert values(found, "laboratory", "crp") == [None]
    assert told(found, "unknown-unit") == [("lb.parquet", 1, "CRP", "5.5 mg/L")]


def test_a_censored_result_stands_in_the_text(tmp_path: Path) -> None:
    found = records(tmp_path, lb=of_crp(LBSTRESC=["<3", "5"], LBSTRESN=[None, 5.0]))
    assert values(found, "laboratory", "crp") == [30, 50]
    assert values(found, "laboratory", "crp__censored") == [-1, 0]
    assert told(found, "censored") == [("lb.parquet", 1, "CRP", "<3")]


def test_what_is_wrong_with_a_result_stands_with_its_record_and_test(tmp_path: Path) -> None:
    lb = of_crp(LBTESTCD=["COLOR", "CRP"], LBSTRESC=["RED", "5.25"], LBSTRESN=[None, 5.25], LBDTC=[str(DAY)] * 2)
    assert told(records(tmp_path, lb=lb), "too-many-decimals") == [("lb.parquet", 2, "CRP", "5.25")]


# Records


def test_a_sequence_number_twice_is_asked_about(tmp_path: Path) -> None:
    found = records(tmp_path, ae=ae(AESEQ=[1.0, 2.0, 2.0]))
    assert told(found, "repeated-sequence") == [("ae.parquet", 2, "AESEQ", "2"), ("ae.parquet", 3, "AESEQ", "2")]
    assert len(values(found, "events", "term")) == 3


def test_events_alike_but_for_their_number_are_two(tmp_path: Path) -> None:
    found = records(tmp_path, ae=ae(AESEQ=[1.0, 2.0]))
    assert not told(found, "repeated-row")


def test_a_date_without_a_day_is_refused_where_a_day_is_needed(tmp_path: Path) -> None:
    found = records(tmp_path, ae=ae(AESTDTC=["2024-02", "2024-03-04T10:30"]))
    assert values(found, "events", "start") == [None, dt.date(2024, 3, 4)]
    assert told(found, "incomplete-date") == [("ae.parquet", 1, "AESTDTC", "2024-02")]


def test_days_that_the_calendar_lacks_are_refused(tmp_path: Path) -> None:
    found = records(tmp_path, ae=ae(AESTDTC=["2024-02-30"]))
    assert told(found, "impossible-date") == [("ae.parquet", 1, "AESTDTC", "2024-02-30")]


def test_times_of_day_are_told_once_for_a_variable(tmp_path: Path) -> None:
    found = records(tmp_path)
    assert entry(found, code="time-dropped")["reason"] == "1 of the dates tell a time of day, which is not used"


def test_what_was_not_done_or_did_not_occur_is_no_event(tmp_path: Path) -> None:
    columns = ae(AESTAT=["NOT DONE", None, None], AEOCCUR=[None, "N", "Y"])
    found = records(tmp_path, ae=columns)
    assert len(values(found, "events", "term")) == 1
    assert told(found, "not-done") == [("ae.parquet", 1, "AESTAT", "NOT DONE")]
    assert told(found, "did-not-occur") == [("ae.parquet", 2, "AEOCCUR", "N")]


def test_an_event_of_a_patient_who_is_not_in_dm(tmp_path: Path) -> None:
    found = records(tmp_path, ae=ae(USUBJID=["9"]))
    assert told(found, "unknown-patient") == [("ae.parquet", 1, None, "9")]


def test_the_unit_of_a_dose_stands_beside_it(tmp_path: Path) -> None:
    ex = {
        "DOMAIN": ["EX"] * 2,
        "USUBJID": ["1"] * 2,
        "EXDOSE": [54.0, 54.0],
        "EXDOSU": ["mg", "PATCH"],
        "EXSTDTC": ["2024-01-10", "2024-01-12"],
        "EXENDTC": ["2024-01-11", None],
    }
    found = records(tmp_path, ex=ex)
    assert values(found, "doses", "dose") == [54, None]
    assert values(found, "doses", "ongoing") == [False, True]
    assert told(found, "unknown-unit") == [("ex.parquet", 2, "EXDOSE", "54.0 PATCH")]


@pytest.mark.parametrize("units", [{"EXDOSU": [None, "mg"]}, {}])
def test_amounts_without_a_unit_are_in_the_only_one_of_the_field_and_it_is_told(
    tmp_path: Path, units: dict[str, Any]
) -> None:
    ex = {"EXDOSE": [54.0, 54.0], "EXSTDTC": ["2024-01-10", "2024-01-12"], "EXENDTC": ["2024-01-11", "2024-01-13"]}
    found = records(tmp_path, ex={"DOMAIN": ["EX"] * 2, "USUBJID": ["1"] * 2} | ex | units)
    assert values(found, "doses", "dose") == [54, 54]
    count = 1 if units else 2
    assert (
        entry(found, code="unit-assumed")["reason"] == f"{count} of the values tell no unit, and are taken to be in mg"
    )


# Supplements


def test_values_of_a_supplement_are_variables_of_their_records(tmp_path: Path) -> None:
    found = records(tmp_path, ae=ae(AESEQ=[1.0, 2.0]), suppae=SUPP)
    assert values(found, "events", "emergent") == [False, True]
    assert told(found, "value-of-no-record") == [("suppae.parquet", 3, "AETRTEM", "Y")]


def test_a_value_of_a_supplement_for_the_patient(tmp_path: Path) -> None:
    age = {"RDOMAIN": ["DM"], "USUBJID": ["2"], "IDVAR": [None], "IDVARVAL": [None], "QNAM": ["AGE"], "QVAL": ["61"]}
    assert values(records(tmp_path, suppdm=age), "patients", "age") == [None, 61]


# Corrections


def corrected(path: Path, *lines: str) -> Charts:
    file = path.parent / "corrections.csv"
    file.write_text("\n".join(["cell,old,new,reason,who,when", *lines]), "utf-8")
    return replace(CHARTS, corrections=file)


def test_a_record_is_corrected_in_its_variable(tmp_path: Path) -> None:
    place = tmp_path / "charts"
    place.mkdir()
    charts = corrected(place, "lb.parquet/LBSTRESN/1,5.5,6.5,checked,L. B.,2024-05-03")
    found = records(place, charts)
    assert values(found, "laboratory", "crp") == [65]
    assert entries(found, "file", "row", "column", "written", "value", "patient", code="correction") == [
        ("lb.parquet", 1, "LBSTRESN", "5.5", "6.5", "1")
    ]


def test_a_correction_that_expects_another_value_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "charts"
    place.mkdir()
    found = records(place, corrected(place, "lb.parquet/LBSTRESN/1,7,6.5,checked,L. B.,2024-05-03"))
    assert values(found, "laboratory", "crp") == [55]
    assert told(found, "correction-refused") == [("lb.parquet", 1, "LBSTRESN", "5.5")]


def test_a_correction_of_what_is_not_there(tmp_path: Path) -> None:
    place = tmp_path / "charts"
    place.mkdir()
    with pytest.raises(WrongInput, match=r"there is no cell CRP/1 in lb\.parquet"):
        records(place, corrected(place, "lb.parquet/CRP/1,5.5,6.5,checked,L. B.,2024-05-03"))
