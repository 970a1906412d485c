"""A wrong row or cell never stops a run: it goes to the ledger, the run says how many, and only its own numbers change.

Each fault is planted by itself into the example's charts (centre S01), and the command is run on them.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

import remit.run
from remit.cli import app
from remit.run import run_study
from tests.unit.sources.making import workbook

EXAMPLE = Path(__file__).parents[2] / "examples" / "upadacitinib-crohn"
Sheets = dict[str, list[list[Any]]]

# S01-002: first dose on 2023-02-25; visits in rows 5 (baseline), 6 (2023-05-26, week 12, in remission), 7 (week 24).
PATIENT = "S01-002"


# Of missing values that are imputed: from all visits, and with the predictors, of all patients at once.
IMPUTED = (":imputation.", ":hybrid.", ".imputation.", "imputed_values.")


@dataclass(frozen=True)
class Fault:
    """What is planted, the entry that the ledger must have (with `count` such), and the results that must change.

    `touched`: words of which one must be in the name of each result that changes, besides those in `changed`.
    """

    name: str
    plant: Callable[[Sheets], None]
    entry: Mapping[str, object]
    changed: Mapping[str, float] = field(default_factory=dict)
    touched: tuple[str, ...] = ()
    strict: int = 3


def put(sheet: str, row: int, heading: str, value: object) -> Callable[[Sheets], None]:
    """Write a cell; `row` as the spreadsheet counts."""

    def plant(sheets: Sheets) -> None:
        sheets[sheet][row - 1][sheets[sheet][0].index(heading)] = value

    return plant


def add(sheet: str, like: int, **cells: object) -> Callable[[Sheets], None]:
    """Add a row: a copy of row `like` with some cells written otherwise."""

    def plant(sheets: Sheets) -> None:
        row = list(sheets[sheet][like - 1])
        for heading, value in cells.items():
            row[sheets[sheet][0].index(heading)] = value
        sheets[sheet].append(row)

    return plant


def entry(sheet: str, row: int, column: str | None, patient: str | None, action: str, code: str) -> dict[str, object]:
    return {
        "file": "S01.xlsx",
        "sheet": sheet,
        "row": row,
        "column": column,
        "patient": patient,
        "action": action,
        "code": code,
    }


WEEK12 = "effectiveness.eligible.week12"
REMISSION = f"{WEEK12}.clinical_remission"

FAULTS = [
    Fault(
        "a patient who stands twice, written otherwise",
        add("patients", 3, ses_cd=12.0),
        entry("patients", 26, None, PATIENT, "refused", "duplicate-patient"),
    ),
    Fault(
        "a patient who stands twice, written alike",
        add("patients", 3),
        entry("patients", 26, None, PATIENT, "unused", "repeated-row"),
    ),
    Fault(
        "a visit of a patient whom nobody knows",
        add("visits", 6, patient="S01-999"),
        entry("visits", 66, None, "S01-999", "refused", "unknown-patient"),
    ),
    Fault(
        "a row without a patient",
        add("visits", 6, patient=""),
        entry("visits", 66, None, None, "refused", "no-patient"),
    ),
    Fault(
        "a day that no calendar has",
        put("visits", 6, "visit_date", "2023-02-30"),
        entry("visits", 6, "B", PATIENT, "refused", "impossible-date"),
        changed={
            f"{REMISSION}.decided.n": 32,
            f"{REMISSION}.as_published.n": 32,
            "course.eligible.week12.hbi.observed.n": 62,
        },
        touched=(
            "week12",
            "week_12",
            "by_week24",
            "steroid_free.",
            "states.eligible.week24.",  # from which state at week 12
            "mixed_model.eligible",
            *IMPUTED,
        ),
    ),
    Fault(
        "a period that stops before it starts",
        put("treatment", 4, "stop_date", dt.date(2023, 1, 1)),
        entry("treatment", 4, "E", PATIENT, "refused", "stop-before-start"),
        touched=("days_on_the_drug", "interrupted_the_drug", "rates.eligible"),
    ),
    Fault(
        "a value that cannot be",
        put("patients", 3, "ses_cd", 80.0),
        entry("patients", 3, "N", PATIENT, "refused", "out-of-range"),
        changed={
            "baseline.eligible.ses_cd.observed.n": 63,
            "baseline.eligible.ses_cd_band.severe.observed.n": 27,
        },
        touched=("baseline.eligible.ses_cd", "known.eligible.baseline.ses_cd"),
    ),
    Fault(
        "a code that stands for nothing",
        put("patients", 3, "sex", "X"),
        entry("patients", 3, "C", PATIENT, "refused", "unknown-code"),
        changed={"baseline.eligible.female.observed.percent": 100 * 25 / 63},
        touched=("baseline.eligible.female", ".sex."),
    ),
    Fault(
        "a second visit in a window",
        add("visits", 6, visit_date=dt.date(2023, 6, 9), hbi_stools=9.0),
        entry("visits", 66, None, PATIENT, "unused", "second-visit"),
    ),
    Fault(
        "a visit in no window",
        add("visits", 6, visit_date=dt.date(2023, 4, 1)),
        entry("visits", 66, None, PATIENT, "unused", "outside-windows"),
    ),
    Fault(
        "a negative count",
        put("visits", 6, "hbi_stools", -1.0),
        entry("visits", 6, "E", PATIENT, "refused", "out-of-range"),
        changed={f"{REMISSION}.decided.n": 32, "course.eligible.week12.hbi.observed.n": 62},
        touched=(
            f"{WEEK12}.clinical",
            f"{WEEK12}.deep",
            "week12.clinical",
            "week12.deep",
            "course.eligible.week12.hbi",
            "change.eligible.week12.hbi",
            "known.eligible.week12.hbi",
            "states.eligible.week12.",
            "states.eligible.week24.",  # from which state at week 12
            "remission_week12.eligible.",  # beside others, by their definitions
            "response_week12.eligible.",
            "remission_week12_u_exceed.",
            "_real_world.",  # ours is among what is pooled
            "mixed_model.eligible",  # one model of all visits
            "predictors.eligible.week12.",
            "centres.eligible.",
            *IMPUTED,
        ),
    ),
    Fault(
        "a text where a number should be",
        put("visits", 6, "crp_mg_per_dL", "high"),
        entry("visits", 6, "I", PATIENT, "refused", "not-a-number"),
        touched=(
            "week12.biochemical",
            "week12.deep",
            "by_week24",
            "course.eligible.week12.crp",
            "known.eligible.week12.crp",
        ),
    ),
    Fault(
        "a visit after the data cut-off",
        add("visits", 6, visit_date=dt.date(2203, 5, 26)),
        entry("visits", 66, "B", PATIENT, "unused", "after-cutoff"),
    ),
    Fault(
        "an event after the data cut-off",
        add("adverse_events", 2, patient=PATIENT, start_date=dt.date(2203, 5, 26)),
        entry("adverse_events", 9, "C", PATIENT, "unused", "after-cutoff"),
    ),
    Fault(
        "a period that starts after the data cut-off",
        add("treatment", 4, start_date=dt.date(2203, 5, 26), stop_date=""),
        entry("treatment", 45, "D", PATIENT, "unused", "after-cutoff"),
    ),
    Fault(
        "a period that stops after the data cut-off goes on until then",
        put("treatment", 3, "stop_date", dt.date(2203, 5, 26)),
        entry("treatment", 3, "E", "S01-001", "unused", "after-cutoff"),
    ),
    Fault(
        "a visit before 1900",
        add("visits", 6, visit_date="1823-05-26"),
        entry("visits", 66, "B", PATIENT, "queried", "long-ago"),
    ),
    Fault(
        "a visit before birth",
        add("visits", 6, visit_date=dt.date(1979, 5, 26)),
        entry("visits", 66, "B", PATIENT, "queried", "before-birth"),
    ),
    Fault(
        "a birth that is doubtful, and is used",
        put("patients", 3, "birth_date", "1880-02-25"),
        entry("patients", 3, "B", PATIENT, "queried", "long-ago"),
        touched=("baseline.eligible.age", *IMPUTED),
        strict=0,
    ),
    Fault(
        "a last contact before the last visit",
        put("patients", 7, "last_contact_date", dt.date(2023, 9, 20)),
        entry("visits", 18, "B", "S01-006", "queried", "after-last-contact"),
        # Of persistence the last digits: sums are in another order.
        touched=("days_on_the_drug", "rates.eligible", "persistence.eligible"),
        strict=0,
    ),
    Fault(
        "a formula that failed",
        put("visits", 6, "calprotectin_ug_per_g", "#N/A"),
        entry("visits", 6, "J", PATIENT, "refused", "spreadsheet-error"),
        touched=(
            "week12.biochemical",
            "week12.deep",
            "by_week24",
            "course.eligible.week12.calprotectin",
            "known.eligible.week12.calprotectin",
        ),
    ),
]


@pytest.fixture(scope="module")
def sheets() -> Sheets:
    book = CalamineWorkbook.from_path(EXAMPLE / "charts" / "S01.xlsx")
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "study")
    return tmp_path / "study"


def skip_report(patch: pytest.MonkeyPatch) -> None:
    """These tests look at ledger and results; drawing figures takes longer than all the rest."""
    patch.setattr(remit.run, "start_renderer", nullcontext)
    patch.setattr(remit.run, "write_report", lambda study, results, intake, folder, *_: folder / "report.html")


@pytest.fixture
def without_report(monkeypatch: pytest.MonkeyPatch) -> None:
    skip_report(monkeypatch)


def plant(study: Path, sheets: Sheets, *faults: Fault) -> None:
    copied = {name: [list(row) for row in rows] for name, rows in sheets.items()}
    for fault in faults:
        fault.plant(copied)
    workbook(study / "charts" / "S01.xlsx", copied, "yyyy-mm-dd")


@dataclass(frozen=True)
class Ran:
    """`strict`: the exit code with --strict; without, it is 0."""

    strict: int
    said: str
    results: Mapping[str, float | None]
    ledger: pl.DataFrame


def run(study: Path) -> Ran:
    """Run the command without --strict, and look what it ends with if --strict is told."""
    out = study.parent / "out"
    with pytest.MonkeyPatch.context() as patch:
        runs: list[remit.run.Run] = []
        patch.setattr(remit.run, "run_study", lambda *args, **more: runs.append(run_study(*args, **more)) or runs[-1])
        done = CliRunner().invoke(app, ["run", str(study), "--out", str(out)])
        assert (done.exit_code, done.exception) == (0, None)
        patch.setattr(remit.run, "run_study", lambda *_args, **_more: runs[-1])
        strict = CliRunner().invoke(app, ["run", str(study), "--out", str(out), "--strict"])
    table = pl.read_parquet(out / "results.parquet")
    results = dict(table.select("result", "value").iter_rows())
    return Ran(strict.exit_code, done.output, results, pl.read_parquet(out / "ledger.parquet"))


@pytest.fixture(scope="module")
def sound(sheets: Sheets, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The example with the workbook written anew and nothing planted: the same numbers, and nothing left out."""
    study = tmp_path_factory.mktemp("sound") / "study"
    shutil.copytree(EXAMPLE, study)
    with pytest.MonkeyPatch.context() as patch:
        skip_report(patch)
        plant(study, sheets)
        found = run(study)
    assert found.strict == 0
    assert found.results["flow.screened.n"] == 71
    return found


@pytest.mark.usefixtures("without_report")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_run_goes_on(fault: Fault, sheets: Sheets, study: Path, sound: Ran) -> None:
    plant(study, sheets, fault)
    found = run(study)
    entries = found.ledger.filter(**{name: value for name, value in fault.entry.items() if value is not None})
    assert entries.height == 1, found.ledger.filter(pl.col("action").is_in(["refused", "unused", "queried"]))
    for name, value in fault.entry.items():
        assert entries[name][0] == value
    assert entries["reason"][0]
    assert f"({fault.entry['patient']})" in found.said or fault.entry["patient"] is None
    assert str(fault.entry["code"]) in found.said

    changed = {name for name in sound.results.keys() | found.results.keys() if differs(name, sound, found)}
    for name, value in fault.changed.items():
        assert found.results[name] == pytest.approx(value), name
        assert name in changed
    for name in changed:
        assert any(word in name for word in fault.touched), name
    assert changed or not fault.touched
    assert found.strict == fault.strict


def differs(name: str, one: Ran, two: Ran) -> bool:
    return one.results.get(name) != two.results.get(name)


def test_all_of_them_together(sheets: Sheets, study: Path) -> None:
    """Also the report is written."""
    plant(study, sheets, *FAULTS)
    found = run(study)
    assert found.strict == 3
    assert found.results["flow.screened.n"] == 71
    assert (study.parent / "out" / "report.html").stat().st_size > 1000
