"""`remit check`: what a study's charts lack, for the data manager."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.check import Check, Missing, check_study, doubt_lines
from remit.errors import WrongInput
from remit.schema.intake import Doubt, Intake
from tests.unit.study.charts import EVENTS, S1, S2, VISITS, D, charts
from tests.unit.study.making import STUDY, changed


def section(check: Check, title: str) -> list[str]:
    """The lines below a heading."""
    lines = list(check.lines())
    start = lines.index(title) + 1
    end = lines.index("", start)
    return lines[start:end]


def titles(check: Check) -> list[str]:
    lines = list(check.lines())
    return [line for before, line in zip(["", *lines], lines, strict=False) if not before and line]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Check:
    return check_study(charts(tmp_path_factory.mktemp("sound")))


def test_it_says_what_was_read(sound: Check) -> None:
    lines = list(sound.lines())
    assert lines[0] == "A small study (small, version 1)"
    assert lines[3].endswith(": 2 centres")
    assert lines[4] == "  patients    3 screened, 3 eligible"
    assert lines[-1] == "The study can be run."


def test_rows_stand_in_a_table_of_centres(sound: Check) -> None:
    assert section(sound, "Rows") == [
        "               S1     S2     all",
        "  patients      2      1       3",
        "  visits        3      2       5",
        "  doses         2      1       3",
        "  events        1      0       1",
    ]
    assert section(sound, "Patients with a visit in its window")[1:] == [
        "  Baseline      2      1       3",
        "  Week 12       1      1       2",
    ]


def test_what_is_not_there_has_no_section(sound: Check) -> None:
    assert "Needed, and missing in more than half of a centre's rows" not in titles(sound)
    assert "Refused" not in titles(sound)


def test_forms_levels_and_fields_that_nothing_fills_or_uses(sound: Check) -> None:
    assert section(sound, "Forms without a row") == ["  events: in S2"]
    assert section(sound, "Levels that no chart has") == ["  doses.reason: no effect, done"]
    unread = section(sound, "Read from the charts, and used by nothing in the study file")
    assert unread == ["  patients.smoker, patients.stage, visits.joints_tender"]


def test_each_way_of_reading_is_counted_by_centre(sound: Check) -> None:
    lines = section(sound, "How the 12 rows were read")
    assert "       1  beyond a limit of the test: censored (S2 1)" in lines
    assert "       1  said to be not done, or without a column: not-done (S2 1)" in lines


def test_a_field_that_is_needed_and_missing(tmp_path: Path) -> None:
    bare = [[row[0], row[1], "", *row[3:]] for row in S2["visits"][1:]]
    check = check_study(charts(tmp_path, S2={**S2, "visits": [VISITS, *bare]}))
    (lack,) = check.lacks
    assert (lack.form, lack.field, lack.centres) == ("visits", "pain", (Missing("S2", 2, 2, no_column=False),))
    assert lack.lines == ("visits.pain: S2 2/2", "    needed by remission, response, Course")


def test_a_field_without_a_column(tmp_path: Path) -> None:
    study = changed(STUDY, "weight: {unit: kg,", "weight: {optional: yes, unit: kg,")
    bare = [[*row[:6], *row[7:]] for row in S2["visits"]]
    check = check_study(charts(tmp_path, study, S2={**S2, "visits": bare}))
    (lack,) = check.lacks
    assert lack.lines[0] == "visits.weight: S2 no column"
    assert lack.needed_by == ("eligibility (too heavy)", "Baseline", "heavy")


def test_refused_unused_and_doubtful_are_listed_with_their_place(tmp_path: Path) -> None:
    more = [
        ["S1-9", D(2023, 1, 1), 7, 4, 2, 12, 70.5, "no"],
        ["S1-1", D(2023, 1, 5), 11, 4, 2, 12, 70.5, "no"],
        ["S1-1", D(2203, 1, 5), 7, 4, 2, 12, 70.5, "no"],
        ["S1-1", D(1979, 1, 5), 7, 4, 2, 12, 70.5, "no"],
    ]
    events = [EVENTS, *S1["events"][1:], ["S1-2", "sepsis", D(2023, 12, 24), "yes", 4]]
    check = check_study(charts(tmp_path, S1={**S1, "visits": [*S1["visits"], *more], "events": events}))
    assert section(check, "Refused") == [
        "  S1.xlsx, sheet visits, row 5 (S1-9): unknown-patient: there is no patient S1-9",
        "  S1.xlsx, sheet visits, C6 (S1-1) '11': out-of-range: 11 is not possible; the field goes from 0 to 10",
    ]
    unused = section(check, "Not used")
    assert [line.split(": ")[1] for line in unused] == ["outside-windows", "after-cutoff", "outside-windows"]
    assert "it lies after the data cut-off, 2024-06-30" in unused[1]
    doubtful = section(check, "Used, but doubtful")
    assert [line.split(": ")[1] for line in doubtful] == ["after-last-contact", "before-birth"]
    assert list(check.lines())[-1] == "The study can be run. 5 rows and cells of patients cannot be used."


def test_a_column_that_no_field_reads(tmp_path: Path) -> None:
    sheet = [[*S1["patients"][0], "remarks"], *([*row, "none"] for row in S1["patients"][1:])]
    check = check_study(charts(tmp_path, S1={**S1, "patients": sheet}))
    assert section(check, "Not used") == [
        "  S1.xlsx, sheet patients, column G 'remarks': column-of-no-field: no field of the study has this heading"
    ]
    assert list(check.lines())[-1] == "The study can be run."


def test_many_centres_are_added_up(tmp_path: Path) -> None:
    path = charts(tmp_path)
    for number in range(30):
        sheets: dict[str, list[list[object]]] = {name: [sheet[0]] for name, sheet in S2.items()}
        sheets["patients"].append([f"C{number}", *S2["patients"][1][1:]])
        charts(tmp_path, **{f"centre_{number}": sheets})
    check = check_study(path)
    assert section(check, "Rows")[:2] == ["               all", "  patients      33"]


def test_what_cannot_be_run_is_an_error(tmp_path: Path) -> None:
    path = charts(tmp_path, S2={"patients": S2["patients"]})
    with pytest.raises(WrongInput) as raised:
        check_study(path)
    assert raised.value.where == "S2.xlsx"


def test_a_centre_that_sent_only_headings(tmp_path: Path) -> None:
    check = check_study(charts(tmp_path, S2={name: sheet[:1] for name, sheet in S2.items()}))
    assert check.centres == ("S1",)
    assert section(check, "Files without a row that can be used") == ["  S2.xlsx"]


def test_a_patient_without_a_place_stands_at_the_beginning_of_the_line() -> None:
    doubt = Doubt("queried", "no-index-date", "S1", "P1", "", None, "this patient has no index date")
    intake = Intake(rows={}, centres=("S1",), counts=(), doubts=(doubt,), left_out=0, recognised=())
    assert "  (P1): no-index-date: this patient has no index date" in doubt_lines(intake, 5)
