"""Who fulfils an endpoint already at the start: told once an endpoint and population, by its own definition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.report.document import Definitions, Paragraph, plain
from remit.report.methods import methods_text
from tests.unit.derive.small import STUDY, day
from tests.unit.report.studies import Made
from tests.unit.report.studies import made as made_of

TEXT = STUDY.replace(
    "      score: {type: number, range: [0, 100]}",
    "      score: {type: number, range: [0, 100]}\n      other: {type: number, range: [0, 100]}",
)
MORE = """
populations:
  agreed: {label: Agreed, where: consent}
endpoints:
  good: {label: good score, at: [week4], is: score >= 50}
  both: {label: both good, at: [week4], is: score >= 50 and other >= 50, requires: known(score) and known(other)}
  better: {label: better score, at: [week4], is: fall(score) >= 10}
analyses:
  main: {kind: endpoints, title: Main, populations: [eligible, agreed]}
"""
AT = "main.{}.baseline.good.decided.guard_already_at_the_start"

Patient = tuple[int | None, int | None, bool]  # score and other at the start, consent


def made(folder: Path, patients: list[Patient], more: str = MORE) -> Made:
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for number, (score, other, consent) in enumerate(patients):
        name = f"P{number}"
        rows["patients"].append({"patient": name, "consent": consent, "last_contact": day(200)})
        rows["visits"] += [
            {"patient": name, "visit_date": day(0), "score": score, "other": other},
            {"patient": name, "visit_date": day(28), "score": 60, "other": 60},
        ]
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": day(0)})
    return made_of(folder, TEXT + more, **rows)


Guard = tuple[int, int, int, int, str]  # numerator, denominator, missing, population, note


def told(of: Made) -> dict[str, Guard]:
    return {
        row["result"]: tuple(row[name] for name in ("numerator", "denominator", "missing", "population_n", "note"))
        for row in of.results.table.iter_rows(named=True)
        if row["statistic"] == "guard_already_at_the_start"
    }


def said(of: Made) -> list[str]:
    section = next(each for each in of.document.sections if each.name == "analysis-main")
    paragraphs = [plain(block.words) for block in section.blocks if isinstance(block, Paragraph)]
    return [text for text in paragraphs if text.startswith("Caution")]


PATIENTS: list[Patient] = [
    (50, 50, True),
    (49, 90, True),
    (None, 90, True),
    (90, None, False),
    (10, None, False),  # both: decided, but without what it requires
]
TAIL = ": who still fulfils it later counts as having reached it, though nothing changed."


def test_who_fulfils_it_at_the_start(tmp_path: Path) -> None:
    of = made(tmp_path, PATIENTS)
    already = "is fulfilled already at the visit “Baseline” by"
    good = "“good score” {} {} in whom it is known (not known of 1){}"
    both = "“both good” {} 1 of 2 in whom it is known, with what it requires (not known of {}){}"
    required = AT.replace("good.decided", "both.required")
    assert told(of) == {
        AT.format("eligible"): (2, 4, 1, 5, good.format(already, "2 of 4", TAIL)),
        AT.format("agreed"): (1, 2, 1, 3, good.format(already, "1 of 2", TAIL)),
        required.format("eligible"): (1, 2, 3, 5, both.format(already, 3, TAIL)),
        required.format("agreed"): (1, 2, 1, 3, both.format(already, 1, TAIL)),
    }
    counted = (
        "Who fulfils an endpoint already, and still does later, counts as having reached it, though nothing changed."
    )
    wanted = {
        "among eligible patients": "good score by 2 of 4 (1 not known); and both good by 1 of 2 (3 not known).",
        "in the population “Agreed”": "good score by 1 of 2 (1 not known); and both good by 1 of 2 (1 not known).",
    }
    wanted = {where: f"Fulfilled already at baseline: {text}" for where, text in wanted.items()}
    denominators = " The denominators go"
    assert [text.split(denominators)[0] for text in said(of)] == [
        f"Caution, {where}. {text} {counted}" for where, text in wanted.items()
    ]
    [cautions] = of.document.sections[0].blocks
    assert isinstance(cautions, Definitions)
    [lines] = [[plain(line) for line in item.words] for item in cautions.items if item.term == "Reached already"]
    assert lines == [counted, *(f"Main, {where}. {text}" for where, text in wanted.items())]


def test_one_patient_of_whom_all_is_known(tmp_path: Path) -> None:
    note = f"“good score” is fulfilled already at the visit “Baseline” by 1 of 1 in whom it is known{TAIL}"
    assert told(made(tmp_path, [(50, 10, False)])) == {AT.format("eligible"): (1, 1, 0, 1, note)}


@pytest.mark.parametrize("patients", [[], [(49, 90, True), (10, 10, False)], [(49, 90, True), (None, 90, True)]])
def test_where_nobody_fulfils_it_nothing_is_told(tmp_path: Path, patients: list[Patient]) -> None:
    of = made(tmp_path, patients)
    assert told(of) == {}
    assert "Fulfilled" not in " ".join(said(of))


def test_where_it_is_known_of_nobody_that_is_told(tmp_path: Path) -> None:
    of = made(tmp_path, [(None, None, True), (None, None, True)])
    note = "Of nobody is it known whether “{}” was fulfilled already at the visit “Baseline”."
    notes = [(*numbers, text) for *numbers, text in told(of).values()]
    assert notes == [(0, 0, 2, 2, note.format(label)) for label in ("good score", "both good")] * 2
    assert said(of)[0].startswith(
        "Caution, among eligible patients. Known of nobody at baseline: good score and both good."
    )


def test_a_population_that_is_asked_only_at_the_start_is_not_warned_of(tmp_path: Path) -> None:
    more = MORE.replace("at: [week4], is: score >= 50}", "at: [baseline, week4], is: score >= 50}")
    more = more.replace("[eligible, agreed]}", "{baseline: [agreed], week4: [eligible]}}")
    assert {name for name in told(made(tmp_path, PATIENTS, more)) if "good" in name} == {AT.format("eligible")}


def test_the_methods_say_of_which_endpoints_it_is_asked(tmp_path: Path) -> None:
    text = " ".join(methods_text(made(tmp_path, PATIENTS).study).split())
    wanted = [
        "Whether patients fulfil an endpoint already at baseline is asked by its own definition, and told if some do:",
        "of “good score” and “both good”.",
        "It is not asked of what compares with another visit, or looks at what came after the start: “better score”.",
    ]
    assert " ".join(wanted) in text
