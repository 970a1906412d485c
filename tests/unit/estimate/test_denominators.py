"""Endpoints that are known in different patients: the denominators are told from what to what, once a population."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.report.document import Definitions, Paragraph, plain
from tests.unit.derive.small import STUDY, day
from tests.unit.report.studies import Made
from tests.unit.report.studies import made as made_of

ENDPOINTS = """
  week8: {day: 56, window: [43, 70]}
forms:
  patients:
    rows: once
    fields:
      consent: yes/no
      group: {levels: [old, new]}
      last_contact: date"""
TEXT = STUDY.replace(
    "\nforms:\n  patients:\n    rows: once\n    fields:\n      consent: yes/no\n      last_contact: date", ENDPOINTS
)
MORE = """
endpoints:
  good: {at: [week4, week8], is: score >= 50}
  better: {at: [week4], is: fall(score) >= 10, requires: known(score@baseline) and known(score)}
  best: {at: [week8], is: score >= 50 and consent, requires: known(score) and known(consent)}
populations:
  agreed: consent
analyses:
  main: {kind: endpoints, title: Main, populations: {week4: [eligible], week8: [eligible, agreed]}}
"""
ARMS = "arms: {planned: group}\n"

Patient = tuple[int | None, int | None, int | None, bool | None, str | None]  # scores, consent, group


def made(folder: Path, patients: list[Patient], more: str = MORE) -> Made:
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for number, (*scores, consent, group) in enumerate(patients):
        name = f"P{number}"
        rows["patients"].append({"patient": name, "consent": consent, "group": group, "last_contact": day(200)})
        rows["visits"] += [
            {"patient": name, "visit_date": day(on), "score": score}
            for on, score in zip((0, 28, 56), scores, strict=True)
        ]
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": day(0)})
    return made_of(folder, TEXT + more, **rows)


def told(of: Made) -> dict[str, tuple[int, int, int, str]]:
    """By result: denominator, missing, population and note."""
    return {
        row["result"]: (row["denominator"], row["missing"], row["population_n"], row["note"])
        for row in of.results.table.iter_rows(named=True)
        if row["statistic"] == "guard_changing_denominators"
    }


PATIENTS: list[Patient] = [
    (45, 50, 40, True, "old"),
    (45, 50, None, True, "old"),
    (None, 50, 40, None, "new"),
    (45, None, 60, None, "new"),
]
# Decided: good 3 at week 4 and 3 at week 8, better 2, best 2 (40 is no, whatever the consent; 60 hangs on it).
# Complete: 3, 3, 2, 1. Required: 2, 1.
NUMBERS = "from 2 to 3 (decided), from 1 to 3 (complete), from 1 to 2 (required), of 4 patients"
TOLD = f"The denominators go {NUMBERS}: a comparison between endpoints or visits compares different patients."


def test_from_what_to_what_over_all_endpoints_and_visits(tmp_path: Path) -> None:
    of = made(tmp_path, PATIENTS)
    assert told(of) == {"main.eligible.guard_changing_denominators": (1, 3, 4, TOLD)}  # in agreed, both have 1 of 2

    sections = {section.name: section for section in of.document.sections}
    paragraphs = [plain(each.words) for each in sections["analysis-main"].blocks if isinstance(each, Paragraph)]
    assert [said for said in paragraphs if "Caution" in said] == [f"Caution, among eligible patients. {TOLD}"]
    [cautions] = sections["cautions"].blocks
    assert isinstance(cautions, Definitions)
    [lines] = [[plain(line) for line in item.words] for item in cautions.items if item.term == "Denominators differ"]
    assert lines == [f"Main, among eligible patients. {TOLD}"]


def test_by_arm_and_in_total(tmp_path: Path) -> None:
    of = made(tmp_path, PATIENTS, ARMS + MORE)
    old = "from 1 to 2 (decided, complete, required), of 2 patients"
    new = "from 1 to 2 (decided, complete), of 2 patients"  # required: one who has the score, none with the consent
    assert told(of) == {
        "main.eligible.guard_changing_denominators": (1, 3, 4, TOLD),
        "main.eligible.arm.old.guard_changing_denominators": (1, 1, 2, old),
        "main.eligible.arm.new.guard_changing_denominators": (1, 1, 2, new),
    }
    section = next(section for section in of.document.sections if section.name == "analysis-main")
    paragraphs = [plain(each.words) for each in section.blocks if isinstance(each, Paragraph)]
    by_arm = f"By arm the denominators go: old {old}; and new {new}."
    assert f"Caution, among eligible patients. {TOLD} {by_arm}" in paragraphs


def test_what_differs_by_arm_alone(tmp_path: Path) -> None:
    patients: list[Patient] = [
        (45, 50, None, True, "old"),
        (45, 50, 40, True, "old"),
        (45, None, 40, True, "new"),
        (45, 40, 40, True, "new"),
    ]
    of = made(tmp_path, patients, ARMS + MORE)
    numbers = "from 1 to 2 (decided, complete, required), of 2 patients"
    assert [note for _, _, _, note in told(of).values()] == [numbers, numbers]
    [item] = [
        plain(line)
        for block in of.document.sections[0].blocks
        if isinstance(block, Definitions)
        for item in block.items
        if item.term == "Denominators differ"
        for line in item.words
    ]
    assert item == f"Main, among eligible patients. By arm the denominators go: old {numbers}; and new {numbers}."


@pytest.mark.parametrize(
    "patients",
    [
        [],
        [(45, 50, 40, True, "old")],  # one patient, of whom all is known
        [(45, 50, None, True, "old")],  # assessed at week 4 only: told as not assessed, and compared with nobody
        [(None, None, None, None, None)] * 3,
        [(45, 50, 40, True, "old")] * 3,
    ],
)
def test_no_warning_where_the_denominators_are_the_same(tmp_path: Path, patients: list[Patient]) -> None:
    assert told(made(tmp_path, patients)) == {}
