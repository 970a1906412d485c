"""Corrections: applied to the raw cell, each with its reason in the ledger; refused where another value stands."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from remit.check import check_study
from remit.errors import WrongInput
from remit.run import run_study
from remit.schema.intake import intake_of
from remit.schema.records import Records
from remit.sources.corrections import alike
from remit.sources.parquet import read as read_parquet
from remit.study.build import read_study
from tests.unit.sources.making import CHARTS, DAY, FORMS, centre, entries, entry, records, values, workbook
from tests.unit.sources.test_parquet import charts as parquet

SECOND = Path("tests/acceptance/second_study")
HEAD = "cell,old,new,reason,who,when\n"
WHO = "typing error,M. Rossi,2024-05-02"


def corrected(folder: Path, *lines: str, head: str = HEAD) -> Path:
    (folder / "corrections.csv").write_text(head + "".join(f"{line}\n" for line in lines))
    return folder / "corrections.csv"


def visits(folder: Path, *lines: str, rows: Any = (("S01-001", DAY, 4.5), ("S01-001", "25/03/2023", "0,7"))) -> Records:
    """Records of visits in S01.xlsx, with these corrections."""
    (folder / "charts").mkdir(exist_ok=True)
    centre(folder / "charts", visits=[["patient", "visit_date", "crp (mg/dL)"], *rows])
    return records(folder / "charts", replace(CHARTS, corrections=corrected(folder, *lines)))


def test_a_cell_is_read_as_the_correction_says(tmp_path: Path) -> None:
    found = visits(tmp_path, f"S01.xlsx/visits/C2,4.5,45,{WHO}")
    assert values(found, "visits", "crp") == [4500, 70]
    told = entry(found, action="corrected")
    assert told == {
        "action": "corrected",
        "code": "correction",
        "centre": "S01",
        "patient": "S01-001",
        "form": "visits",
        "field": "crp",
        "file": "S01.xlsx",
        "sheet": "visits",
        "row": 2,
        "column": "C",
        "written": "4.5",
        "value": "45",
        "reason": "typing error (M. Rossi, 2024-05-02)",
    }


def test_the_place_may_be_copied_from_the_ledger(tmp_path: Path) -> None:
    found = visits(tmp_path, f'"S01.xlsx, sheet visits, C2",4.5,45,{WHO}')
    assert values(found, "visits", "crp") == [4500, 70]


def test_another_value_than_the_old_one_is_refused_and_named(tmp_path: Path) -> None:
    found = visits(tmp_path, f"S01.xlsx/visits/C2,5.4,45,{WHO}", f"S01.xlsx/visits/C3,,45,{WHO}")
    assert values(found, "visits", "crp") == [450, 70]
    assert entries(found, "action", "row", "written", "value", code="correction-refused") == [
        ("refused", 2, "4.5", None),
        ("refused", 3, "0,7", None),
    ]
    expected = (
        "corrections.csv, row 2 expects '5.4' in S01.xlsx/visits/C2, and '4.5' stands there; it was not corrected"
    )
    assert entry(found, code="correction-refused", row=2)["reason"] == expected
    assert "expects nothing in" in str(entry(found, code="correction-refused", row=3)["reason"])


@pytest.mark.parametrize(
    ("cell", "old", "same"),
    [
        ("", "", True),
        (" ", "", True),
        ("", "x", False),
        ("x", "", False),
        ("Ab  c", "ab c", True),
        (4.5, "4,50", True),
        (4.5, "4.5", True),
        (4.5, "<4.5", False),
        (Decimal("4.50"), "4.5", True),
        (True, "TRUE", True),
        (True, "1", False),
        ("< 50", "<50", True),
        ("0,7", "0.7", True),
        (DAY, "14/02/2023", True),
        (DAY, "2023-02-14", True),
        (DAY, "2023-02-15", False),
        (dt.datetime(2023, 2, 14), "14 feb 2023", True),
        (dt.datetime(2023, 2, 14, 12), "2023-02-14", False),
        (dt.datetime(2023, 2, 14, 12), "2023-02-14 12:00:00", True),
        ("14/02/2023", "2023-02-14", True),
        (dt.time(12), "2023-02-14", False),
    ],
)
def test_what_an_old_value_may_be_written_like(cell: Any, old: str, same: bool) -> None:
    assert alike(cell, old) is same


def test_a_correction_is_in_no_centres_habit(tmp_path: Path) -> None:
    """The other cells of the column write a decimal comma, and day before month."""
    lines = [f"S01.xlsx/visits/C3,0.7,1.25,{WHO}", f"S01.xlsx/visits/B3,25/03/2023,2023-04-03,{WHO}"]
    rows = (("S01-001", "26/03/2023", "1,5"), ("S01-001", "25/03/2023", "0,7"))
    found = visits(tmp_path, *lines, rows=rows)
    assert values(found, "visits", "crp") == [150, 125]
    assert values(found, "visits", "visit_date") == [dt.date(2023, 3, 26), dt.date(2023, 4, 3)]
    found = visits(tmp_path, f"S01.xlsx/visits/B3,25/03/2023,03/04/2023,{WHO}", rows=rows)
    assert values(found, "visits", "visit_date") == [dt.date(2023, 3, 26), None]
    assert entry(found, code="against-habit")["written"] == "03/04/2023"


def test_a_correction_settles_a_column_of_two_habits(tmp_path: Path) -> None:
    rows = (("S01-001", "26/03/2023", 1), ("S01-001", "03/26/2023", 2))
    with pytest.raises(WrongInput, match="two habits"):
        visits(tmp_path, rows=rows)
    found = visits(tmp_path, f"S01.xlsx/visits/B3,03/26/2023,2023-03-27,{WHO}", rows=rows)
    assert values(found, "visits", "visit_date") == [dt.date(2023, 3, 26), dt.date(2023, 3, 27)]


def test_ids_headings_and_values_that_nobody_knows(tmp_path: Path) -> None:
    lines = [
        f"S01.xlsx/visits/A2,S01-O01,S01-001,{WHO}",
        f"S01.xlsx/visits/C1,crp (mg/dL),crp (mg/L),{WHO}",
        f"S01.xlsx/visits/C3,99,,{WHO}",
    ]
    found = visits(tmp_path, *lines, rows=(("S01-O01", DAY, 5), ("S01-001", DAY, 99)))
    assert values(found, "visits", "patient") == ["S01-001", "S01-001"]
    assert values(found, "visits", "crp") == [50, None]
    assert entries(found, "row", "patient", "field", "value", action="corrected") == [
        (1, None, "crp", "crp (mg/L)"),
        (2, "S01-001", None, "S01-001"),
        (3, "S01-001", "crp", ""),
    ]


def test_csv_files(tmp_path: Path) -> None:
    (tmp_path / "charts" / "S01").mkdir(parents=True)
    rows = {"patients": "S01-001,1980-05-17,F,70,yes", "visits": "S01-001,2023-02-14,1.5", "treatment": ""}
    for name, form in FORMS.items():
        heading = ",".join(["patient", *(field.heading() for field in form.fields.values())])
        (tmp_path / "charts" / "S01" / f"{name}.csv").write_text(f"{heading}\n{rows[name]}\n")
    for cell in ("S01/patients.csv/D2", '"S01/patients.csv, sheet patients, D2"'):
        told = replace(CHARTS, corrections=corrected(tmp_path, f"{cell},70,71.5,{WHO}"))
        (tmp_path / "charts" / "S01" / "visits.csv").write_text("patient,visit_date\n")
        assert values(records(tmp_path / "charts", told), "patients", "weight") == [715]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([f"S09.xlsx/visits/C2,1,2,{WHO}"], "row 2: there is no cell S09.xlsx/visits/C2: no such file or sheet"),
        ([f"S01.xlsx/other/C2,1,2,{WHO}"], "no such file or sheet is among the charts"),
        ([f"S01.xlsx/visits/C4,1,2,{WHO}"], "there is no cell C4 in S01.xlsx, sheet visits, which has 3 rows"),
        ([f"S01.xlsx/visits/H2,1,2,{WHO}"], "there is no cell H2"),
        ([f"S01.xlsx/visits/crp,1,2,{WHO}"], "'crp' is no cell"),
        ([f"S01.xlsx/visits/C2,4.5,2,{WHO}"] * 2, "row 3: S01.xlsx/visits/C2 is corrected here and in corr.*, row 2"),
        (
            [f"S01.xlsx/visits/C2,4.5,2,{WHO}", f'"S01.xlsx, sheet visits, c2",4.5,3,{WHO}'],
            "is corrected here and in corrections.csv, row 2",
        ),
        (["S01.xlsx/visits/C2,4.5,2,,,2024-05-02"], "row 2: it does not say reason, who"),
        (["S01.xlsx/visits/C2,4,5,2,reason,who,when"], "row 2: the row has 7 cells, and there are 6 headings"),
    ],
)
def test_wrong_corrections_name_their_row(tmp_path: Path, lines: list[str], told: str) -> None:
    with pytest.raises(WrongInput, match=told):
        visits(tmp_path, *lines)


def test_wrong_files(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    centre(tmp_path / "charts")
    for head, told in (
        ("cell,old,new,reason,who,when,note\n", "the column 'note' is unknown"),
        ("cell,old,new,reason,who\n", "the column when is missing"),
        ("", "the column cell, old, new, reason, who, when is missing"),
    ):
        with pytest.raises(WrongInput, match=told):
            records(tmp_path / "charts", replace(CHARTS, corrections=corrected(tmp_path, head=head)))
    with pytest.raises(WrongInput, match="there is no such file"):
        records(tmp_path / "charts", replace(CHARTS, corrections=tmp_path / "none.csv"))
    (tmp_path / "bad.xlsx").write_text("no workbook")
    with pytest.raises(WrongInput, match=r"bad.xlsx: it cannot be read"):
        records(tmp_path / "charts", replace(CHARTS, corrections=tmp_path / "bad.xlsx"))


def test_a_workbook_of_corrections(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    centre(tmp_path / "charts", visits=[["patient", "visit_date", "crp (mg/dL)"], ["S01-001", DAY, 4.5]])
    lines = [
        ["Cell", "Old", "New", "Reason", "Who", "When"],
        ["S01.xlsx/visits/C2", 4.5, 0.45, "x", "y", DAY],
        [None] * 6,
        ["S01.xlsx/visits/B2", DAY, dt.date(2023, 3, 4), "x", "y", DAY],
    ]
    path = workbook(tmp_path / "corrections.xlsx", {"corrections": lines})
    found = records(tmp_path / "charts", replace(CHARTS, corrections=path))
    assert values(found, "visits", "crp") == [45]
    assert values(found, "visits", "visit_date") == [dt.date(2023, 3, 4)]
    assert entry(found, action="corrected", column="C")["reason"] == "x (y, 2023-02-14)"


def parquet_visits(folder: Path, *lines: str, **columns: Any) -> Records:
    (folder / "charts").mkdir(exist_ok=True)
    count = max(map(len, columns.values()))
    days = [DAY + dt.timedelta(index) for index in range(count)]
    parquet(folder / "charts", visits={"patient": ["1"] * count, "visit_date": days} | columns)
    return read_parquet(folder / "charts", FORMS, replace(CHARTS, corrections=corrected(folder, *lines)))


def test_parquet_cells(tmp_path: Path) -> None:
    lines = [
        f"visits.parquet/hbi/2,4,5,{WHO}",
        f'"visits.parquet, visit_date, row 1",14/02/2023,2023-02-13,{WHO}',
        f"visits.parquet/note/3,,seen,{WHO}",
        f"visits.parquet/crp (mg/dL)/1,12.5,1.25,{WHO}",
        f"visits.parquet/crp (mg/dL)/2,,0.5,{WHO}",
        f"visits.parquet/hbi/1,3,,{WHO}",
        f"visits.parquet/note/0,note,note,{WHO}",
    ]
    found = parquet_visits(tmp_path, *lines, hbi=[3, 4, 5], note=["a", "b", None], **{"crp (mg/dL)": [12.5, None, 0.1]})
    assert values(found, "visits", "hbi") == [None, 5, 5]
    assert values(found, "visits", "visit_date")[0] == dt.date(2023, 2, 13)
    assert values(found, "visits", "note") == ["a", "b", "seen"]
    assert values(found, "visits", "crp") == [125, 50, 10]
    assert len(entries(found, "row", action="corrected")) == 7
    assert entry(found, action="corrected", column="hbi", row=2)["patient"] == "1"


def test_parquet_numbers_get_the_room_and_the_sign_that_they_need(tmp_path: Path) -> None:
    lines = [f"visits.parquet/crp (mg/dL)/1,3,0.25,{WHO}", f"visits.parquet/calprotectin (ug/g)/2,60,<50,{WHO}"]
    columns = {"crp (mg/dL)": [3, 4], "calprotectin (ug/g)": [10, 60]}
    found = parquet_visits(tmp_path, *lines, **columns)
    assert values(found, "visits", "crp") == [25, 400]
    assert values(found, "visits", "calprotectin") == [10, 50]
    assert values(found, "visits", "calprotectin__censored") == [0, -1]
    found = parquet_visits(
        tmp_path,
        f"visits.parquet/calprotectin (ug/g)/1,<10,20,{WHO}",
        **columns,
        **{"calprotectin (ug/g)__censored": [-1, 0]},
    )
    assert values(found, "visits", "calprotectin") == [20, 60]
    assert values(found, "visits", "calprotectin__censored") == [0, 0]


def test_parquet_headings_and_yes_and_no(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    people = {"patient": ["1", "2"], "centre": ["A", "A"], "birth": [DAY, DAY], "sex": ["F", "M"]}
    parquet(tmp_path / "charts", patients=people | {"smoker": [True, False]})
    path = corrected(
        tmp_path, f"patients.parquet/birth/0,birth,birth_date,{WHO}", f"patients.parquet/smoker/2,FALSE,yes,{WHO}"
    )
    found = read_parquet(tmp_path / "charts", FORMS, replace(CHARTS, corrections=path))
    assert values(found, "patients", "smoker") == [True, True]
    assert values(found, "patients", "birth_date") == [DAY, DAY]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("visits.parquet/hbi/4,1,2", "there is no cell hbi/4 in visits.parquet, which has 2 rows"),
        ("visits.parquet/x/1,1,2", "there is no cell x/1"),
        ("visits.parquet/hbi/1,3,many", "'many' does not fit the column, which holds numbers"),
        ("visits.parquet/hbi/1,3,<=2", "'<=2' does not fit the column"),
        ("visits.parquet/visit_date/1,2023-02-14,03/04/2023", "does not fit the column, which holds Date"),
    ],
)
def test_parquet_cells_that_are_not_there_or_cannot_hold_it(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(WrongInput, match=told):
        parquet_visits(tmp_path, f"{line},{WHO}", hbi=[3, 4])


def test_a_study_takes_the_file_beside_it_and_counts_what_it_did(tmp_path: Path) -> None:
    shutil.copytree(SECOND, tmp_path / "study")
    assert read_study(tmp_path / "study").charts.corrections is None
    corrected(tmp_path / "study", f"subjects.csv/A2,nobody,somebody,{WHO}")
    assert read_study(tmp_path / "study").charts.corrections == tmp_path / "study" / "corrections.csv"
    found = check_study(tmp_path / "study")
    assert any("1  refused: correction-refused" in line for line in found.lines())
    run = run_study(tmp_path / "study", tmp_path / "out")
    assert "Correction refused" in run.report.read_text("utf-8")
    shutil.copytree(SECOND / "charts", tmp_path / "others")
    other = run_study(tmp_path / "study", tmp_path / "out", charts=tmp_path / "others")
    ledger = other.records.ledger.filter(pl.col("code").str.starts_with("correction"))
    assert ledger.select("action", "code", "file").rows() == [
        ("unused", "corrections-of-other-charts", "corrections.csv")
    ]


def test_corrections_stand_among_the_counts(tmp_path: Path) -> None:
    found = visits(tmp_path, f"S01.xlsx/visits/C2,4.5,45,{WHO}")
    intake = intake_of({}, ["S01"], found.ledger)
    (count,) = [each for each in intake.counts if each.action == "corrected"]
    assert (count.code, count.entries) == ("correction", 1)
