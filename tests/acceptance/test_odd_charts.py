"""Charts that are sound and odd: nobody in them, nothing measured, words that mean something to remit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from remit.check import check_study
from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.report.report import build_document
from remit.run import make_intake, read_records, run_study
from remit.study.build import read_study
from tests.unit.study.charts import EVENTS, S1, S2, D, Sheets, charts
from tests.unit.study.making import STUDY, changed


def without(sheets: Sheets, *names: str) -> Sheets:
    """Headings only."""
    return {name: rows[:1] if name in names else rows for name, rows in sheets.items()}


def numbers(path: Path) -> Mapping[str, float | None]:
    """The results; check, and the report but for its drawings, are made besides."""
    list(check_study(path).lines())
    study = read_study(path)
    records = read_records(study)
    cohort = derive_cohort(study, records)
    results = estimate_results(study, cohort)
    assert build_document(study, results, make_intake(records, cohort)).sections
    return dict(results.table.select("result", "value").iter_rows())


@pytest.mark.parametrize(
    ("empty", "screened", "undecidable"),
    [
        (("patients", "visits", "doses", "events"), 0, 0),
        (("visits",), 3, 3),  # the weight decides who is too heavy
        (("doses",), 3, 3),  # without a first dose there is no day 0
        (("events",), 3, 0),
    ],
)
def test_forms_without_rows(empty: tuple[str, ...], screened: int, undecidable: int, tmp_path: Path) -> None:
    found = numbers(charts(tmp_path, S1=without(S1, *empty), S2=without(S2, *empty)))
    assert (found["flow.screened.n"], found["flow.undecidable.n"]) == (screened, undecidable)


def test_a_centre_without_patients(tmp_path: Path) -> None:
    assert numbers(charts(tmp_path, S2=without(S2, *S2)))["flow.screened.n"] == 2


def test_a_cut_off_before_everything(tmp_path: Path) -> None:
    found = numbers(charts(tmp_path, changed(STUDY, "2024-06-30", "1990-01-01")))
    assert (found["flow.screened.n"], found["flow.eligible.n"]) == (3, 0)


def test_a_term_that_says_unknown_is_not_known(tmp_path: Path) -> None:
    """Beside one that is not written, they are the same; terms that differ only in signs are not."""
    terms = ["unknown", "", "Unknown ", "head ache", "head_ache", "head-ache", "Head ache", "<evil>", "x" * 2000]
    events = [EVENTS, *(["S1-2", term, D(2023, 2, 20), "yes", 4] for term in terms)]
    path = charts(tmp_path, S1={**S1, "events": events})
    found = numbers(path)
    counts = {name: value for name, value in found.items() if name.startswith("safety.eligible.all.term.")}
    assert found["safety.eligible.all.term.unknown.events"] == 3
    assert sum(value or 0 for name, value in counts.items() if name.endswith(".events")) == len(terms)
    run_study(path, tmp_path / "out")
    assert "<evil>" not in (tmp_path / "out" / "report.html").read_text("utf-8")
