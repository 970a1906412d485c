"""Cells: each is used as written, converted, or refused with its reason; each change is named in the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.language.types import Number
from remit.schema.records import LEDGER_SCHEMA, ONGOING
from remit.sources.quantities import NumberReader
from remit.sources.readings import Reading
from tests.unit.sources.making import (
    CHARTS,
    CRP,
    DAY,
    FORMS,
    HBI,
    PATIENTS,
    VISITS,
    WEIGHT,
    Formula,
    centre,
    entries,
    entry,
    field,
    records,
    values,
    visits,
)

# --- numbers ---


def test_a_number_is_scaled_by_its_decimals(tmp_path: Path) -> None:
    found = visits(tmp_path, "crp_mg_per_dL", 0.7, 0, 12, "0.75", None, "  ")
    assert values(found, "visits", "crp") == [70, 0, 1200, 75, None, None]
    assert entries(found, "written", form="visits", action="refused") == []
    assert entries(found, "row", field="crp", action="converted") == []


def test_another_unit_is_converted_exactly_and_each_cell_named(tmp_path: Path) -> None:
    found = visits(tmp_path, "CRP (mg/L)", 3, 0.1 + 0.2, 0)
    assert values(found, "visits", "crp") == [30, 3, 0]
    assert entries(found, "row", "column", "written", "value", code="unit") == [
        (2, "C", "3", "0.3 mg/dL"),
        (3, "C", "0.3", "0.03 mg/dL"),
        (4, "C", "0", "0 mg/dL"),
    ]


def test_an_entry_tells_where_and_what(tmp_path: Path) -> None:
    assert entry(visits(tmp_path, "CRP [mg/l]", "12,5"), code="unit") == {
        "action": "converted",
        "code": "unit",
        "centre": "S01",
        "patient": "S01-001",
        "form": "visits",
        "field": "crp",
        "file": "S01.xlsx",
        "sheet": "visits",
        "row": 2,
        "column": "C",
        "written": "12,5",
        "value": "1.25 mg/dL",
        "reason": "from mg/L, exactly; text read with a decimal comma",
    }


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("crp_mg_per_dL", -0.1, "out-of-range"),
        ("crp_mg_per_dL", 60.1, "out-of-range"),
        ("crp_mg_per_L", 601, "out-of-range"),  # the range is in the field's own unit
        ("crp_mg_per_dL", 0.123, "too-many-decimals"),
        ("crp_mg_per_L", 0.01, "too-many-decimals"),
        ("crp_mg_per_dL", "five", "not-a-number"),
        ("crp_mg_per_dL", "5 mg/dL", "not-a-number"),
        ("crp_mg_per_dL", "nan", "not-a-number"),
        ("crp_mg_per_dL", "inf", "not-a-number"),
        ("crp_mg_per_dL", "1e1", "not-a-number"),
        ("crp_mg_per_dL", "?", "not-a-number"),
        ("crp_mg_per_dL", True, "not-a-number"),
        ("crp_mg_per_dL", DAY, "not-a-number"),  # "1.2", of which a spreadsheet made the first of February
        ("crp_mg_per_dL", "<0.5", "censored-not-declared"),
        ("crp_mg_per_dL", "#N/A", "spreadsheet-error"),
        ("crp_mg_per_dL", Formula("=1/0", "#DIV/0!"), "spreadsheet-error"),
        ("crp_mg_per_dL", Formula("=A1"), "formula-not-calculated"),
        ("hbi", -1, "out-of-range"),
        ("hbi", 4.5, "not-whole"),
        ("calprotectin_ug_per_g", "≤50", "censored-or-equal"),
        ("calprotectin_ug_per_g", ">=1800", "censored-or-equal"),
        ("calprotectin_ug_per_g", "<0", "out-of-range"),  # nothing is below 0
        ("calprotectin_ug_per_g", ">30000", "out-of-range"),
    ],
)
def test_a_number_that_cannot_be_used_is_unknown(tmp_path: Path, heading: str, cell: object, code: str) -> None:
    found = visits(tmp_path, heading, cell)
    refused = entry(found, action="refused")
    assert (refused["code"], refused["row"], refused["column"], refused["value"]) == (code, 2, "C", None)
    assert values(found, "visits", str(refused["field"])) == [None]


def test_more_decimals_than_declared_asks_to_declare_them(tmp_path: Path) -> None:
    reason = entry(visits(tmp_path, "crp_mg_per_dL", 0.123), action="refused")["reason"]
    assert reason == (
        "0.123 mg/dL has 3 decimals, the field 2; correct it in the chart, or declare decimals: 3 in the study file"
    )


def test_a_number_larger_than_its_type_is_refused_before_it_can_wrap(tmp_path: Path) -> None:
    unbounded = replace(HBI, low=None, high=None, type=Number(limit=1000))
    forms = {**FORMS, "visits": replace(VISITS, fields={**VISITS.fields, "hbi": unbounded})}
    rows = [["S01-001", DAY, cell] for cell in (1000, 1001, 1e300, "-1001")]
    found = records(centre(tmp_path, visits=[["patient", "visit_date", "hbi"], *rows]), forms=forms)
    assert values(found, "visits", "hbi") == [1000, None, None, None]
    assert entries(found, "row", code="too-large") == [(3,), (4,), (5,)]


def test_a_factor_without_end_in_decimals_is_refused_with_its_reason() -> None:
    thirds = replace(WEIGHT, units={"kg": Fraction(1), "third": Fraction(1, 3)})
    read = NumberReader(thirds, Number("kg", 1), "third", "point")
    assert read(90.0) == Reading(300, 0, "converted", "unit", "30 kg", "from third, exactly")
    assert read(91.0).code == "not-decimal"


def test_censored_values_are_intervals(tmp_path: Path) -> None:
    found = visits(tmp_path, "calprotectin_ug_per_g", "<50", "> 1800", 200, None, "ND")
    assert values(found, "visits", "calprotectin") == [50, 1800, 200, None, None]
    assert values(found, "visits", "calprotectin__censored") == [-1, 1, 0, None, None]
    assert found.forms["visits"].schema["calprotectin__censored"] == pl.Int8()
    assert entries(found, "row", "written", "value", action="censored") == [
        (2, "<50", "<50 ug/g"),
        (3, "> 1800", ">1800 ug/g"),
    ]


def test_units_convert_the_limit_of_a_censored_value_too(tmp_path: Path) -> None:
    found = visits(tmp_path, "calprotectin_mg_per_g", "<0,05")
    assert values(found, "visits", "calprotectin") == [50]
    assert entry(found, action="censored")["value"] == "<50 ug/g"


@given(st.integers(0, 6000), st.sampled_from(["point", "comma"]), st.sampled_from(["mg/dL", "mg/L"]))
def test_each_amount_is_scaled_exactly_in_each_writing(amount: int, decimal: str, unit: str) -> None:
    """amount: hundredths of mg/dL."""
    text = f"{amount // 100}.{amount % 100:02}" if unit == "mg/dL" else f"{amount // 10}.{amount % 10}"
    read = NumberReader(CRP, Number("mg/dL", 2), unit, decimal)  # type: ignore[arg-type]
    assert read(text.replace(".", "," if decimal == "comma" else ".")).value == amount
    assert read(float(text)).value == amount


# --- codes ---


def test_levels_are_found_by_code_or_name_without_regard_to_case_and_spaces(tmp_path: Path) -> None:
    written = ["F", "f", " Female ", "male", "M\u00a0", "X", None, "ND", 1]
    rows = [[f"S01-{i}", DAY, cell] for i, cell in enumerate(written)]
    found = records(centre(tmp_path, patients=[["patient", "birth_date", "sex"], *rows]))
    assert values(found, "patients", "sex") == ["female"] * 3 + ["male"] * 2 + [None] * 4
    assert entries(found, "row", "written", "value", code="code", field="sex") == [
        (2, "F", "female"),
        (3, "f", "female"),
        (6, "M\u00a0", "male"),
    ]
    unknown = entries(found, "row", "written", "reason", code="unknown-code", field="sex")
    told = "this is no code of the field; write one of (female: f, female; male: m, male)"
    assert unknown == [(7, "X", told), (10, "1", told)]


def test_yes_and_no_in_the_studys_words(tmp_path: Path) -> None:
    written = ["yes", "SI", "no", 1, 0, "1", True, False, "maybe", 2, None, "n.d."]
    rows = [[f"S01-{i}", DAY, "F", cell] for i, cell in enumerate(written)]
    found = records(centre(tmp_path, patients=[["patient", "birth_date", "sex", "smoker"], *rows]))
    assert values(found, "patients", "smoker") == [
        True, True, False, True, False, True, True, False, None, None, None, None
    ]  # fmt: skip
    assert entries(found, "row", code="unknown-code") == [(10,), (11,)]
    assert entries(found, "row", "value", code="code", field="smoker") == [
        (3, "yes"), (5, "yes"), (6, "no"), (7, "yes"), (8, "yes"), (9, "no")
    ]  # fmt: skip


def test_a_level_that_is_called_like_a_marker_is_the_level(tmp_path: Path) -> None:
    charts = replace(CHARTS, not_done=("male",))
    found = records(centre(tmp_path, patients=[["patient", "birth_date", "sex"], ["1", DAY, "male"]]), charts)
    assert values(found, "patients", "sex") == ["male"]


# --- dates ---


def test_real_dates_are_used_and_text_is_named_as_converted(tmp_path: Path) -> None:
    found = records(
        centre(
            tmp_path,
            visits=[
                ["patient", "visit_date"],
                *[["S01-001", cell] for cell in (DAY, "2023-03-04", "25/03/2023", "04-Jan-2023", "2023/03/04")],
            ],
        )
    )
    march = dt.date(2023, 3, 4)
    assert values(found, "visits", "visit_date") == [DAY, march, dt.date(2023, 3, 25), dt.date(2023, 1, 4), march]
    assert entries(found, "row", "value", "reason", code="text-date") == [
        (4, "2023-03-25", "text read as a date by day/month/year"),
        (5, "2023-01-04", "text read as a date by the name of its month"),
        (6, "2023-03-04", "text read as a date by year-month-day"),
    ]


def test_a_time_of_day_is_dropped_and_named_unless_it_is_midnight(tmp_path: Path) -> None:
    noon, midnight = dt.datetime(2023, 3, 4, 12, 30), dt.datetime(2023, 3, 4)
    cells = [noon, midnight, "2023-03-04 00:00:00", "2023-03-04T09:15"]
    rows = [["S01-001", cell] for cell in cells]
    found = records(centre(tmp_path, visits=[["patient", "visit_date"], *rows]))
    assert values(found, "visits", "visit_date") == [dt.date(2023, 3, 4)] * 4
    assert entries(found, "row", "written", code="time-dropped") == [
        (2, "2023-03-04 12:30:00"),
        (5, "2023-03-04T09:15"),
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31/02/2023", "impossible-date"),
        ("14/02/23", "two-digit-year"),
        ("2010", "incomplete-date"),
        ("2010-02", "incomplete-date"),
        (44971, "number-for-date"),
        (2010, "number-for-date"),
        (True, "not-a-date"),
        (dt.time(9, 30), "not-a-date"),
        ("tomorrow", "not-a-date"),
        (Formula("=TODAY()"), "formula-not-calculated"),
        (Formula("=NA()", "#N/A"), "spreadsheet-error"),
    ],
)
def test_a_date_that_cannot_be_used_is_unknown(tmp_path: Path, cell: object, code: str) -> None:
    found = records(centre(tmp_path, visits=[["patient", "visit_date"], ["S01-001", cell]]))
    assert values(found, "visits", "visit_date") == [None]
    assert entry(found, action="refused")["code"] == code


# --- text ---


def test_text_keeps_its_letters_and_loses_needless_spaces(tmp_path: Path) -> None:
    found = visits(tmp_path, "note", "  Two\nwords\u00a0 more ", 12.0, DAY, None, "nd", "#REF!")
    assert values(found, "visits", "note") == ["Two words more", "12", "2023-02-14", None, None, None]
    assert entries(found, "action", "code", "row", field="note") == [
        ("missing", "not-done", 6),
        ("refused", "spreadsheet-error", 7),
    ]


# --- missing ---


def test_not_done_is_missing_with_an_entry_and_empty_without(tmp_path: Path) -> None:
    found = visits(tmp_path, "hbi", "ND", "n.d.", " N.D. ", None)
    assert values(found, "visits", "hbi") == [None] * 4
    assert entries(found, "row", "written", "value", action="missing", code="not-done") == [
        (2, "ND", None),
        (3, "n.d.", None),
        (4, " N.D. ", None),
    ]


# --- periods ---


def test_a_period_goes_on_only_if_its_stop_is_empty(tmp_path: Path) -> None:
    stop = dt.date(2023, 5, 1)
    cells = [stop, None, "ND", "31/02/2023", Formula("=NA()", "#N/A"), Formula("=TODAY()"), " "]
    rows = [["S01-001", "upadacitinib", DAY, cell] for cell in cells]
    found = records(centre(tmp_path, treatment=[["patient", "drug", "start_date", "stop_date"], *rows]))
    assert values(found, "treatment", "stop_date") == [stop, None, None, None, None, None, None]
    assert values(found, "treatment", ONGOING) == [False, True, False, False, False, False, True]


def test_a_stop_before_its_start_is_unknown_not_going_on(tmp_path: Path) -> None:
    rows = [["S01-001", "upadacitinib", "14/02/2023", "13/02/2023"], ["S01-001", "upadacitinib", DAY, DAY]]
    found = records(centre(tmp_path, treatment=[["patient", "drug", "start_date", "stop_date"], *rows]))
    assert values(found, "treatment", "start_date") == [DAY, DAY]
    assert values(found, "treatment", "stop_date") == [None, DAY]
    assert values(found, "treatment", ONGOING) == [False, False]
    assert entries(found, "action", "code", "row", column="D", row=2) == [("refused", "stop-before-start", 2)]
    assert entry(found, code="empty-period")["row"] == 3


# --- the ledger and the frames as a whole ---


def test_schemas_hold_also_without_rows(tmp_path: Path) -> None:
    found = records(centre(tmp_path, patients=[["patient", "birth_date", "sex"]]))
    assert dict(found.ledger.schema) == dict(LEDGER_SCHEMA)
    assert {name: frame.height for name, frame in found.forms.items()} == {"patients": 0, "visits": 0, "treatment": 0}
    assert found.forms["treatment"].schema == {
        "patient": pl.String(), "centre": pl.String(), "_row": pl.Int64(), "drug": pl.String(),
        "start_date": pl.Date(), "stop_date": pl.Date(), "ongoing": pl.Boolean(),
    }  # fmt: skip


def test_the_ledger_goes_by_file_sheet_row_and_column(tmp_path: Path) -> None:
    for name in ("S02", "S01"):
        rows = [[f"{name}-1", "14/02/2023", 3, "x"], [f"{name}-1", "15/02/2023", "y", "<5"]]
        heads = ["patient", "visit_date", "crp_mg_per_L", "hbi"]
        patients = [["patient", "birth_date", "sex"], [f"{name}-1", DAY, "F"]]
        centre(tmp_path, name, patients=patients, visits=[heads, *rows])
    found = records(tmp_path)
    places = found.ledger.filter(pl.col("row").is_not_null(), sheet="visits").select("file", "row", "column").rows()
    assert places == [(f"S0{n}.xlsx", row, column) for n in (1, 2) for row in (2, 3) for column in "BCD"]


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    folder = centre(tmp_path, visits=[["patient", "visit_date", "hbi", "mood"], ["S01-001", "14/02/2023", 99, "good"]])
    one, two = records(folder), records(folder)
    assert one.ledger.equals(two.ledger)
    assert one.rows.equals(two.rows)
    assert one.columns.equals(two.columns)


def test_units_of_a_number_may_be_told_by_its_type_alone(tmp_path: Path) -> None:
    plain = field("dose", Number("mg"), low=Fraction(0))
    form = replace(PATIENTS, fields={**PATIENTS.fields, "dose": plain})
    found = records(
        centre(tmp_path, patients=[["patient", "birth_date", "sex", "dose"], ["1", DAY, "F", 45]]),
        forms={**FORMS, "patients": form},
    )
    assert values(found, "patients", "dose") == [45]
    assert found.columns.filter(field="dose")["unit"].to_list() == ["mg"]


def test_a_value_that_is_possible_but_implausible_is_used_and_queried(tmp_path: Path) -> None:
    crp = replace(VISITS.fields["crp"], plausible=(Fraction(0), Fraction(30)))
    forms = FORMS | {"visits": replace(VISITS, fields=VISITS.fields | {"crp": crp})}
    days = [DAY + dt.timedelta(index) for index in range(3)]
    rows = [["S01-001", day, cell] for day, cell in zip(days, (300, 301, 601), strict=True)]
    centre(tmp_path, visits=[["patient", "visit_date", "CRP mg/L"], *rows])
    found = records(tmp_path, forms=forms)
    assert values(found, "visits", "crp") == [3000, 3010, None]
    assert sorted(found.ledger.filter(pl.col("row") > 1, field="crp").select("row", "action", "code").rows()) == [
        (2, "converted", "unit"),
        (3, "converted", "unit"),
        (3, "queried", "implausible"),
        (4, "refused", "out-of-range"),
    ]
    assert "30.1 mg/dL is used, but rare: most values go from 0 mg/dL to 30 mg/dL" in str(
        entry(found, code="implausible", row=3)["reason"]
    )
