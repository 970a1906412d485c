"""What is found in those who stayed is told as of a selection, in the results and under each of their tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.report.document import Definitions, Paragraph, Table, plain
from remit.report.methods import methods_text
from remit.report.report import build_document
from remit.schema.results import Results
from remit.study.selection import told_of
from remit.study.study import Study
from tests.unit.derive.small import day, records_of, study_of
from tests.unit.report.studies import NO_INTAKE

ANALYSES = """
endpoints:
  good: {at: [week4], is: score >= 50}
populations:
  stayed: {label: Stayed, of: eligible, where: dosing.stop_day >= 28 days}
analyses:
  effect: {kind: endpoints, populations: [eligible, stayed]}
  both: {kind: summary, populations: [eligible, stayed], rows: [consent]}
  scores: {kind: course, populations: [stayed], rows: [score]}
  all: {kind: summary, populations: [eligible], rows: [consent]}
  rates: {kind: rates, populations: [stayed], exposure: dosing.days_on_drug, rows: [count(treatment)]}
"""
TOLD = (
    "“Stayed” looks at what came after the start of treatment (day of the permanent stop): patients are in it because "
    "of how they fared. What is found in it is of this selection, and may flatter the treatment."
)


def estimated(study: Study) -> Results:
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for name, stop in {"A": None, "B": 10, "C": 60}.items():
        rows["patients"].append({"patient": name, "consent": True, "last_contact": day(200)})
        rows["visits"] += [{"patient": name, "visit_date": day(on), "score": 60} for on in (0, 28)]
        stopped = {"stop_date": day(stop), "reason": "adverse event"} if stop else {}
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": day(0), **stopped})
    return estimate_results(study, derive_cohort(study, records_of(study, **rows)))


def test_a_population_of_those_who_stayed(tmp_path: Path) -> None:
    study = study_of(tmp_path, ANALYSES)
    results = estimated(study)
    guards = {row["result"]: row for row in results.table.iter_rows(named=True) if row["statistic"] == "guard_selected"}
    assert list(guards) == [f"{analysis}.stayed.guard_selected" for analysis in ("effect", "both", "scores", "rates")]
    for row in guards.values():
        assert (row["value"], row["note"]) == (None, TOLD)
        assert (row["numerator"], row["denominator"], row["missing"], row["population_n"]) == (2, 3, 0, 3)

    document = build_document(study, results, NO_INTAKE)
    tables = {
        plain(block.title): [plain(note) for note in block.notes]
        for section in document.sections
        if section.name.startswith("analysis")
        for block in section.blocks
        if isinstance(block, Table)
    }
    warned = {title for title, notes in tables.items() if f"Caution: {TOLD}" in notes}
    assert warned == {
        "Effect at week 4: Stayed (N\u00a0=\u00a02)",
        "Both",
        "Scores: Stayed (N\u00a0=\u00a02)",
        "Rates",
    }
    assert len(tables) == 6
    [cautions] = [section for section in document.sections if section.name == "cautions"]
    [block] = cautions.blocks
    assert isinstance(block, Definitions)
    assert [plain(line) for item in block.items if item.term == "Survivors" for line in item.words] == [TOLD]


def test_a_criterion_that_needs_follow_up_is_told_where_patients_are_counted(tmp_path: Path) -> None:
    study = study_of(tmp_path, "\neligibility:\n  stopped early: {exclude: dosing.stop_day < 28 days}\n")
    results = estimated(study)
    told = told_of(study.criteria[0])
    [row] = [row for row in results.table.iter_rows(named=True) if row["statistic"] == "guard_selected"]
    assert (row["result"], row["value"]) == ("flow.excluded.stopped_early.guard_selected", None)
    assert (row["numerator"], row["denominator"], row["note"]) == (1, 3, told)

    sections = {section.name: section for section in build_document(study, results, NO_INTAKE).sections}
    paragraphs = [plain(each.words) for each in sections["participants"].blocks if isinstance(each, Paragraph)]
    assert paragraphs[1] == f"Caution: {told}"
    [block] = sections["cautions"].blocks
    assert isinstance(block, Definitions)
    assert plain(block.items[0].words[0]) == f"{told} It kept out 1 of the 3 screened."
    assert told in methods_text(study).replace("\n", " ")


def test_a_criterion_that_the_study_file_vouches_for_is_not_told(tmp_path: Path) -> None:
    more = "\neligibility:\n  early: {exclude: dosing.stop_day < 28 days, selects_survivors: no}\n"
    study = study_of(tmp_path, more)
    results = estimated(study)
    assert not [name for name in results.table["statistic"] if name.startswith("guard_")]
    assert "cautions" not in {section.name for section in build_document(study, results, NO_INTAKE).sections}
