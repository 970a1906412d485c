"""The log-rank test against R's survival: `tests/reference/log_rank.R` made the numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.log_rank import STRATIFIED, log_rank, log_rank_trend
from tests.unit.inference.reference import page, reference

IN_R: dict[str, Any] = reference("log_rank")


@pytest.mark.parametrize("name", IN_R["tests"])
def test_it_is_that_of_r(name: str) -> None:
    case = IN_R["tests"][name]
    found = log_rank(case["time"], case["event"], case["group"], case.get("strata"))
    groups = {str(group.name): group for group in found.groups}
    assert [groups[one].events for one in case["names"]] == case["observed"]
    assert [groups[one].expected for one in case["names"]] == pytest.approx(case["expected"], rel=1e-10)
    assert found.test.freedom == case["freedom"]
    assert found.test.statistic == pytest.approx(case["statistic"], rel=1e-10)
    assert found.test.p == pytest.approx(case["p"], rel=1e-8)
    assert (found.test.method == STRATIFIED) == ("strata" in case)


@pytest.mark.parametrize("name", IN_R["trends"])
def test_the_trend_is_that_of_r(name: str) -> None:
    case = IN_R["trends"][name]
    found = log_rank_trend(case["time"], case["event"], case["score"], case["strata"]).test
    assert found.freedom == 1
    assert found.statistic == pytest.approx(case["statistic"], rel=1e-8)
    assert found.p == pytest.approx(case["p"], rel=1e-8)


def test_by_hand() -> None:
    """a on day 1 of 2 and 2 at risk, b on day 3 of 1 and 2: expected of a 1/2 + 1/3, its variance 1/4 + 2/9."""
    found = log_rank([1, 2, 3, 4, 5], [True, False, True, False, False], ["a", "b", "b", "a", "b"])
    assert [(group.name, group.n, group.events) for group in found.groups] == [("a", 2, 1), ("b", 3, 1)]
    assert [group.expected for group in found.groups] == pytest.approx([2 / 5 + 1 / 3, 3 / 5 + 2 / 3])
    assert found.test.statistic == pytest.approx((1 - 11 / 15) ** 2 / (6 / 25 + 2 / 9))


def test_what_cannot_be_tested_says_why() -> None:
    assert log_rank([], [], []).test.note == "there are no two groups to compare"
    assert log_rank([3, 4], [True, True], ["a", "a"]).test.note == "there are no two groups to compare"
    none = log_rank([3, 4], [False, False], ["a", "b"])
    assert (none.test.statistic, none.test.p, none.test.note) == (None, None, "nobody has the event")
    assert none.groups[0].expected == 0
    apart = log_rank([3, 4, 5], [False, False, True], ["a", "a", "b"]).test
    assert apart.note == "the events leave nothing to compare"
    assert log_rank([3, 3], [True, True], ["a", "b"]).test.statistic is None


def test_each_patient_has_a_group() -> None:
    with pytest.raises(ValueError, match="2 times"):
        log_rank([3, 4], [True, True], ["a"])


patients = st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.sampled_from("abc")), max_size=30)


@given(patients)
def test_the_order_and_the_names_do_not_matter_and_expected_adds_up(those: list[tuple[int, bool, str]]) -> None:
    found, turned = (
        log_rank([p[0] for p in some], [p[1] for p in some], [p[2] for p in some]) for some in (those, those[::-1])
    )
    assert found.test.freedom == turned.test.freedom
    if found.test.statistic is not None:
        assert found.test.statistic == pytest.approx(turned.test.statistic, abs=1e-8)
        assert found.test.statistic >= 0
    assert sum(group.expected for group in found.groups) == pytest.approx(sum(p[1] for p in those), abs=1e-9)
    if len(found.groups) == 2:
        trend = log_rank_trend([p[0] for p in those], [p[1] for p in those], [ord(p[2]) for p in those]).test
        assert trend.statistic == pytest.approx(found.test.statistic, abs=1e-8)


def test_the_page_shows_what_comes_out() -> None:
    text, case = page("log-rank"), IN_R["tests"]["freireich"]
    found = log_rank(case["time"], case["event"], case["group"])
    for group in found.groups:
        assert f"| {group.name} | {group.n} | {group.events} | {group.expected:.2f} |" in text
    assert f"Chi-squared {found.test.statistic:.2f} with 1 degree of freedom, p = {found.test.p:.5f}." in text
