"""The shareable edition has no patient, no date of one, and no small count."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from remit.derive.derive import derive_cohort
from remit.disclosure.hidden import Hidden, hidden_results
from remit.estimate.estimate import estimate_results
from remit.report.document import Document, Number, figures_of, plain
from remit.report.edition.shareable import without
from remit.report.html import page
from remit.report.report import build_document, write_page
from remit.run import make_intake, read_records, with_synthetic
from remit.schema.cohort import Cohort
from remit.schema.records import Records
from remit.schema.results import Results
from remit.study.build import read_study
from remit.study.comparisons.kinds import EVIDENCE
from remit.study.study import Study
from remit.trace.individuals import individuals_of

EXAMPLES = Path(__file__).parents[2] / "examples"
STUDIES = {
    folder.name: folder
    for folder in (*sorted(EXAMPLES.iterdir()), Path(__file__).parent / "second_study")
    if (folder / "study.yaml").exists()
}


@dataclass(frozen=True)
class Shared:
    study: Study
    records: Records
    cohort: Cohort
    results: Results
    hidden: Hidden
    internal: Document
    document: Document


@pytest.fixture(scope="module", params=STUDIES)
def shared(request: pytest.FixtureRequest) -> Shared:
    study = read_study(STUDIES[request.param])
    records = read_records(study)
    study = with_synthetic(study, records)
    cohort = derive_cohort(study, records)
    results = estimate_results(study, cohort)
    individuals = individuals_of(study, records, cohort)
    internal = build_document(study, results, make_intake(records, cohort), individuals=individuals)
    hidden = hidden_results(study, results, study.smallest_cell)
    return Shared(study, records, cohort, results, hidden, internal, without(internal, hidden))


def everything(part: Any) -> Iterator[str | Number]:
    """Each text and number of a document, also of its drawings."""
    if isinstance(part, str | Number):
        yield part
    elif isinstance(part, dict):
        yield json.dumps(part, ensure_ascii=False)
    elif isinstance(part, tuple | list):
        for inner in part:
            yield from everything(inner)
    elif is_dataclass(part):
        for field in fields(part):
            yield from everything(getattr(part, field.name))


def text_of(document: Document) -> str:
    return "\n".join(part if isinstance(part, str) else part.text for part in everything(document))


def html_of(document: Document) -> str:
    drawn = {panel.name: "<svg></svg>" for figure in figures_of(document.sections) for panel in figure.panels}
    return page(document, lambda: drawn)


def ways_of_writing(day: datetime.date) -> list[str]:
    month = f"{day:%B}"
    return [
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d.%m.%Y}",
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{day:%Y%m%d}",
    ]


def dates_of(shared: Shared) -> set[datetime.date]:
    """Each date of each patient in the charts, but for the day of the data cut-off, which is the study's."""
    found: set[datetime.date] = set()
    for frame in (*shared.records.forms.values(), shared.cohort.patients):
        for column in frame.select(pl.selectors.date()):
            found |= {*column.drop_nulls()}
    return found - {shared.study.data_cutoff}


def test_no_patient_is_named(shared: Shared) -> None:
    said = text_of(shared.document) + html_of(shared.document)
    words = {*re.findall(r"[\w-]+", said)}
    assert not words & {*shared.cohort.patients["patient"]}


def test_no_date_of_a_patient(shared: Shared) -> None:
    said = text_of(shared.document) + html_of(shared.document)
    assert not [day for day in dates_of(shared) for way in ways_of_writing(day) if way in said]


def test_no_number_that_is_hidden(shared: Shared) -> None:
    shown = [part for part in everything(shared.document) if isinstance(part, Number)]
    assert not [number for number in shown if number.part != "method" and shared.hidden.of(number.result, number.part)]


COUNTS = ("n", "events", "patients", "censored", "at_risk", "rule_only", "own_only")


def is_published(row: dict[str, Any]) -> bool:
    """Whether its counts are of another study's patients, and in print."""
    return bool(row["group"] == EVIDENCE and row["population"] is None)


def test_no_small_count(shared: Shared) -> None:
    """Each number that is bound to a count, and each mark of a drawing."""
    rows = {row["result"]: row for row in shared.results.table.iter_rows(named=True)}
    small = range(1, shared.study.smallest_cell)
    for part in everything(shared.document):
        if isinstance(part, Number) and part.part not in ("method", "note"):
            row = rows[part.result]
            if is_published(row):
                continue
            is_count = part.part != "value" or row["statistic"] in COUNTS
            assert not (is_count and row[part.part] in small), part
    for figure in figures_of(shared.document.sections):
        specs = json.dumps([panel.spec for panel in figure.panels], ensure_ascii=False)
        for bound in re.findall(r'"result ([^"]*)"', specs):
            assert shared.hidden.of(bound) is None
            row = rows[bound]
            assert is_published(row) or row["numerator"] not in small


def test_it_says_which_edition_it_is(shared: Shared) -> None:
    html = html_of(shared.document)
    assert "Shareable edition." in html
    assert f"Counts from 1 to {shared.study.smallest_cell - 1} are hidden" in html
    assert "Internal edition." in html_of(shared.internal)


def test_the_primary_result_remains(shared: Shared) -> None:
    if shared.study.identity.id == "upa-crohn":
        (main,) = (finding for finding in shared.document.findings if finding.main)
        assert plain(main.lines[0]).replace("\xa0", " ") == "33 of 64 patients"


def test_the_page_has_no_panel(shared: Shared, tmp_path: Path) -> None:
    """The panel tells numerator, denominator and unknown of each number."""
    drawn = {panel.name: "<svg></svg>" for figure in figures_of(shared.document.sections) for panel in figure.panels}
    path = write_page(shared.document, lambda: drawn, shared.study, shared.results, None, tmp_path / "page.html")
    assert "<script" not in path.read_text("utf-8")


def test_no_file_of_charts_is_named(shared: Shared) -> None:
    """A centre may keep a file a patient."""
    assert "charts: " not in text_of(shared.document)
