"""Of a comparison the shareable edition hides in how few patients two definitions differ, and nothing that others
published."""

from __future__ import annotations

from pathlib import Path

from remit.disclosure.hidden import Hidden, hidden_results
from tests.unit.derive.small import day
from tests.unit.report.comparison.making import TRIAL
from tests.unit.report.comparison.test_section import COHORT, STUDY
from tests.unit.report.studies import Rows, made

WELL = STUDY.replace("{label: flow above 450, is: flow > 450 L/min}", "{label: feels well, is: well}")
BASE = "beside.eligible.week12.feels_well.planned"
AGAINST = "beside.eligible.week12.feels_well.rule-%2D-ours.planned"


def hidden(folder: Path, both: int, rule_only: int, own_only: int, neither: int) -> tuple[Hidden, set[str]]:
    """What is hidden below 5, and the names of all results."""
    (folder / "evidence").mkdir()
    (folder / "evidence" / "a-trial.yaml").write_text(TRIAL, "utf-8")
    (folder / "evidence" / "a-cohort.yaml").write_text(COHORT, "utf-8")
    kinds = [*[(500, True)] * both, *[(300, True)] * rule_only, *[(500, False)] * own_only, *[(300, False)] * neither]
    people: Rows = [{"patient": f"P{number}", "first_seen": day(0)} for number in range(len(kinds))]
    visits: Rows = [
        {"patient": f"P{number}", "seen": day(84), "flow": flow, "well": well}
        for number, (flow, well) in enumerate(kinds)
    ]
    found = made(folder, WELL, people=people, visits=visits)
    return hidden_results(found.study, found.results, 5), {*found.results.table["result"]}


def shown(found: Hidden, names: set[str], *results: str) -> list[bool]:
    assert names.issuperset(results)
    return [found.of(result) is None for result in results]


def test_few_who_differ_are_hidden_and_with_them_the_interval(tmp_path: Path) -> None:
    found, names = hidden(tmp_path, both=20, rule_only=3, own_only=2, neither=15)
    assert shown(found, names, f"{BASE}.n", "beside.eligible.week12.control.planned.n") == [True, True]
    only = [f"{AGAINST}.{name}" for name in ("rule_only", "own_only", "lower", "upper")]
    assert shown(found, names, *only) == [False] * 4


def test_the_others_who_differ_would_give_the_few_away(tmp_path: Path) -> None:
    """23 by the other definition are 30 by ours, without 10, and with 3."""
    found, names = hidden(tmp_path, both=20, rule_only=3, own_only=10, neither=15)
    kept = shown(found, names, f"{AGAINST}.own_only", f"{BASE}.n", "beside.eligible.week12.control.planned.n")
    assert kept != [True, True, True]
    assert kept[2]
    assert shown(found, names, f"{AGAINST}.rule_only", f"{AGAINST}.lower") == [False, False]


def test_many_who_differ_are_shown(tmp_path: Path) -> None:
    found, names = hidden(tmp_path, both=20, rule_only=12, own_only=10, neither=15)
    assert all(shown(found, names, *(f"{AGAINST}.{name}" for name in ("rule_only", "own_only", "lower", "difference"))))


def test_where_ours_is_hidden_so_is_what_it_is_set_against(tmp_path: Path) -> None:
    found, names = hidden(tmp_path, both=3, rule_only=0, own_only=0, neither=20)
    against = [name for name in names if ".ours-" in name and "a%2Dtrial" in name]
    assert {name.rpartition(".")[2] for name in against} >= {"difference", "benchmark_p", "benchmark_probability"}
    assert not any(shown(found, names, *against))


def test_nothing_published_is_hidden(tmp_path: Path) -> None:
    found, names = hidden(tmp_path, both=3, rule_only=1, own_only=1, neither=1)
    published = [name for name in names if name.startswith("beside.evidence.")]
    assert len(published) > 6
    assert all(shown(found, names, *published))
    assert all(found.of(name, "numerator") is None for name in published)
