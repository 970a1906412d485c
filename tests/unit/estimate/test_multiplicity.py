"""Tests of other analyses that are adjusted for their number: which test is meant, what comes out, what is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.inference.multiplicity import benjamini_hochberg, gatekeeping, hochberg, holm
from remit.report.document import Paragraph, Section, Table, plain
from remit.report.methods import methods_text
from tests.unit.derive.small import day, study_of
from tests.unit.report.studies import Made, made

STUDY = """
remit: 1
study: {id: several, title: Several tests}
index: first_dose
visits:
  start: {label: Start, day: 0, window: [-7, 0]}
  week4: {label: Week 4, day: 28, window: [14, 42]}
  week8: {label: Week 8, day: 56, window: [43, 70]}
forms:
  people:
    rows: once
    fields: {first_dose: date, last_dose: date, stopped: date, group: {levels: [old, new, newest]}}
  visits:
    rows: visit
    date: seen
    fields: {seen: date, pain: {range: [0, 10]}, fatigue: {range: [0, 10]}}
  events:
    rows: event
    one: event
    date: start
    fields: {start: date}
arms: {planned: group, reference: old}
endpoints:
  relief: {at: [week8], is: pain <= 3}
intercurrent_events:
  ended: stopped <= index_date + visit.day
estimands:
  policy: {intercurrent: {ended: treatment policy}}
  failure: {intercurrent: {ended: composite}}
primary: {endpoint: relief, visit: week8, population: eligible, estimand: policy}
analyses:
  main: {kind: endpoints}
  unknown: {kind: sensitivity, benchmark: 50 %}
  falls: {kind: change, title: Change, rows: [pain, fatigue]}
  harm: {kind: rates, title: Harm, exposure: last_dose - first_dose, rows: [{is: count(events), name: any}]}
  stay: {kind: time_to_event, title: Stay, event: stopped, censored: last_dose, days: [28]}
  model: {kind: ancova, title: Model, outcome: {is: change(pain)@week8, name: fall}}
"""
FAMILY = """
  claims:
    kind: multiplicity
    title: Claims
    method: holm
    family:
      - {analysis: unknown, estimand: policy}
      - {analysis: falls, row: pain, visit: week8}
      - {analysis: harm, arm: new, label: harm of the new}
      - {analysis: stay}
      - {analysis: model, arm: newest}
"""
RESULTS = [
    "unknown.eligible.week8.relief.policy:non-response.benchmark_p",
    "falls.eligible.week8.pain.observed.p",
    "harm.eligible.arm.any.new-%2D-old.p",
    "stay.eligible.arm.log_rank.p",
    "model.eligible.arm.fall.newest-%2D-old.observed.p",
]


def several(folder: Path, family: str = FAMILY, patients: int = 24) -> Made:
    people, visits, events = [], [], []
    for number in range(patients):
        name, arm = f"P{number:02}", number % 3
        people.append({"patient": name, "first_dose": day(0), "last_dose": day(100 + number),
                       "stopped": day(40 + number) if number % 4 == 0 else None,
                       "group": ["old", "new", "newest"][arm]})  # fmt: skip
        for on, fall in ((0, 0), (28, arm), (56, 2 * arm)):
            visits.append(
                {
                    "patient": name,
                    "seen": day(on),
                    "pain": 6 + (on == 56 and number % 4 == 1) - fall,
                    "fatigue": number % 5,
                }
            )
        events += [{"patient": name, "start": day(5)}] * (arm == 1)
    return made(folder, STUDY + family, people=people, visits=visits, events=events)


def found(of: Made) -> dict[str, dict[str, Any]]:
    return {row["result"]: row for row in of.results.table.iter_rows(named=True)}


def raw(results: dict[str, dict[str, Any]]) -> list[float]:
    return [results[name]["value"] for name in RESULTS]


def test_each_test_is_found_and_adjusted(tmp_path: Path) -> None:
    of = several(tmp_path)
    results = found(of)
    for name, adjusted in zip(RESULTS, holm(raw(results)), strict=True):
        assert results[f"claims.{name}.p"]["value"] == results[name]["value"]
        assert results[f"claims.{name}.p"]["method"] == results[name]["method"]
        assert results[f"claims.{name}.adjusted_p"]["value"] == pytest.approx(adjusted)
        assert results[f"claims.{name}.rejected"]["value"] == (adjusted <= 0.05)
        assert results[f"claims.{name}.p"]["denominator"] == results[name]["denominator"]
    total = results["claims.rejected"]
    assert (total["value"], total["denominator"]) == (sum(p <= 0.05 for p in holm(raw(results))), 5)


@pytest.mark.parametrize(("method", "adjust"), [("hochberg", hochberg), ("benjamini-hochberg", benjamini_hochberg)])
def test_other_procedures(tmp_path: Path, method: str, adjust: Any) -> None:
    results = found(several(tmp_path, FAMILY.replace("holm", method)))
    expected = dict(zip(RESULTS, adjust(raw(results)), strict=True))
    assert {name: results[f"claims.{name}.adjusted_p"]["value"] for name in RESULTS} == pytest.approx(expected)


def test_a_hierarchy_is_in_the_order_in_which_it_is_written(tmp_path: Path) -> None:
    results = found(several(tmp_path, FAMILY.replace("holm", "hierarchical")))
    highest = 0.0
    for name, p in zip(RESULTS, raw(results), strict=True):
        highest = max(highest, p)
        assert results[f"claims.{name}.adjusted_p"]["value"] == pytest.approx(highest)


def test_tests_of_one_step_are_adjusted_together(tmp_path: Path) -> None:
    steps = FAMILY.replace("holm", "hierarchical")
    for name, step in (("falls", 1), ("unknown", 1), ("harm", 2)):
        steps = steps.replace(f"analysis: {name},", f"analysis: {name}, step: {step},")
    of = several(tmp_path, steps)
    results, ps = found(of), raw(found(of))
    expected = [p for family in gatekeeping([ps[:2], [ps[2]], [ps[3]], [ps[4]]]) for p in family]
    assert [results[f"claims.{name}.adjusted_p"]["value"] for name in RESULTS] == pytest.approx(expected)
    assert [plain(row.cells[0].lines[0]) for row in table(of).rows] == ["1", "1", "2", "3", "4"]
    assert "and adjusts the tests of one step by Holm’s procedure" in " ".join(methods_text(of.study).split())


def test_arms_are_tested_with_the_unknown_as_not_reached(tmp_path: Path) -> None:
    """Of 8 patients nobody has relief with the old; with the newest all whose pain fell from 6 or 7 by 4."""
    family = (
        "  claims: {kind: multiplicity, method: holm, family: [{analysis: unknown, arm: newest, estimand: policy}]}\n"
    )
    of = several(tmp_path, family)
    results = found(of)
    assert "Fisher’s exact test" in methods_text(of.study)
    name = "unknown.eligible.arm.week8.relief.0-and-0.newest-%2D-old.policy.p"
    assert results[name]["value"] == pytest.approx(
        0.0001554002, abs=1e-9
    )  # R: fisher.test(matrix(c(8, 0, 0, 8), 2))$p.value
    assert results[f"claims.{name}.adjusted_p"]["value"] == results[name]["value"]


def test_a_p_that_is_not_given_stays_in_the_family_as_1(tmp_path: Path) -> None:
    results = found(several(tmp_path, patients=2))  # nobody has the newest
    model = results[f"claims.{RESULTS[4]}.p"]
    assert model["value"] is None
    assert model["note"].startswith("not given (")
    assert results[f"claims.{RESULTS[4]}.adjusted_p"]["value"] == 1
    assert results["claims.rejected"]["missing"] >= 1


def section(of: Made) -> Section:
    return next(each for each in of.document.sections if each.name == "analysis-claims")


def table(of: Made) -> Table:
    (shown,) = (block for block in section(of).blocks if isinstance(block, Table))
    return shown


def test_what_the_report_says(tmp_path: Path) -> None:
    of = several(tmp_path)
    assert [plain(row.label) for row in table(of).rows] == [
        "Unknown: policy, against 50 %", "Change: pain, Week 8", "Harm of the new", "Stay: over the arms",
        "Model: newest against old",
    ]  # fmt: skip
    assert {plain(row.cells[-1].lines[0]) for row in table(of).rows} == {"rejected", "not rejected"}
    (said,) = (block for block in section(of).blocks if isinstance(block, Paragraph))
    assert plain(said.words).replace("\u00a0", " ").startswith("Adjusted by Holm’s procedure at 5 %, ")
    assert "of 5 null hypotheses are rejected: “" in plain(said.words)
    assert "Rejected says nothing of the direction" in plain(table(of).notes[0])
    text = " ".join(methods_text(of.study).split())
    assert "allowance is made for multiplicity only in “Claims”, by Holm’s procedure" in text
    assert "no allowance" not in text


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("{analysis: none}", "there is no analysis that makes tests 'none'"),
        ("{analysis: main}", "main makes no test that can be adjusted"),
        ("{analysis: unknown}", "unknown has several tests: which estimand is meant?"),
        ("{analysis: falls, row: pain}", "falls has several tests: which visit is meant?"),
        ("{analysis: falls, row: anger, visit: week8}", "there is no row of falls 'anger'"),
        ("{analysis: harm}", "harm has several tests: which arm is meant?"),
        ("{analysis: harm, arm: old}", "there is no arm of harm 'old'"),
        ("{analysis: stay, visit: week8}", "a test of stay has no `visit`"),
        ("{analysis: stay, population: all}", "there is no population of stay 'all'"),
        ("{analysis: stay, step: 2}", "holm has no steps"),
        ("{analysis: stay}, {analysis: stay, label: again}", "this test stands twice"),
    ],
)
def test_a_test_that_is_not_there(tmp_path: Path, wrong: str, what: str) -> None:
    family = f"  claims: {{kind: multiplicity, method: holm, family: [{wrong}]}}\n"
    with pytest.raises(WrongInput) as error:
        study_of(tmp_path, text=STUDY + family)
    assert what in error.value.what


@pytest.mark.parametrize(
    ("instead", "wrong", "what"),
    [
        ("unknown: {kind: sensitivity}", "{analysis: unknown, estimand: policy}", "unknown tests against no benchmark"),
        ("stay: {compare: no, kind: time_to_event", "{analysis: stay}", "stay compares nothing"),
        ("harm: {arm: none, kind: rates", "{analysis: harm}", "harm compares no arms"),
        ("stay: {arm: none, kind: time_to_event", "{analysis: stay}", "this analysis is not by arm"),
    ],
)
def test_an_analysis_that_makes_no_test(tmp_path: Path, instead: str, wrong: str, what: str) -> None:
    name = instead.split(":")[0]
    lines = [
        instead
        + line.split("sensitivity" if name == "unknown" else instead.split()[-1])[1].removeprefix(", benchmark: 50 %}")
        if line.startswith(f"  {name}:")
        else line
        for line in STUDY.splitlines()
    ]
    lines = [f"  {line}" if line.startswith(f"{name}:") else line for line in lines]
    family = f"  claims: {{kind: multiplicity, method: holm, family: [{wrong}]}}"
    with pytest.raises(WrongInput) as error:
        study_of(tmp_path, text="\n".join([*lines, family, ""]))
    assert what in error.value.what


def test_steps_stand_in_their_order(tmp_path: Path) -> None:
    family = "[{analysis: stay, step: 2}, {analysis: model, step: 1}]"
    with pytest.raises(WrongInput, match="stands after a later one"):
        study_of(tmp_path, text=STUDY + f"  claims: {{kind: multiplicity, method: hierarchical, family: {family}}}\n")
