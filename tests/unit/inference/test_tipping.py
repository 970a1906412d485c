"""What the unknown can do to a conclusion: small tables, counted again, and the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.benchmark import binomial_test
from remit.inference.fisher import fisher_test
from remit.inference.proportions import METHODS, wilson
from remit.inference.score import miettinen_nurminen
from remit.inference.tipping import DecidedBy, Group, Stretch, tipping_grid, tipping_map
from remit.inference.two_proportions import newcombe

groups = st.tuples(st.integers(1, 40), st.integers(0, 12)).flatmap(
    lambda sizes: st.builds(Group, st.integers(0, sizes[0]), st.just(sizes[0]), st.just(sizes[1]))
)
deciders = st.sampled_from(["interval", "test"])


def test_every_completion_of_one_group() -> None:
    """33 of 58 respond, 6 are unknown, and the benchmark is 40 %: it is exceeded if one of the 6 responds."""
    found = tipping_map(Group(33, 58, 6), 0.4)
    assert [(each.responding, each.conclusion) for each in found.completions] == [
        (0, "not distinguished"),
        *((k, "above") for k in range(1, 7)),
    ]
    assert found.stretches == (Stretch("not distinguished", 0, 0, 6), Stretch("above", 1, 6, 6))
    assert found.stretches[1].lowest_share == 1 / 6
    assert found.stretches[1].highest_share == 1
    assert found.observed.conclusion == "above"
    assert found.holds is False
    worst = found.completions[0].estimate
    assert worst.value == 33 / 64
    assert (worst.lower, worst.upper) == pytest.approx(wilson(33, 64), rel=1e-14)
    assert worst.p == binomial_test(33, 64, 0.4).p
    assert worst.method == "Wilson 95 %, exact binomial test against 40 %"


def test_the_numbers_of_the_page() -> None:
    found = tipping_map(Group(33, 58, 6), 0.4)
    told = [
        (found.observed, (56.9, 44.1, 68.8)),
        (found.completions[0], (51.6, 39.6, 63.4)),
        (found.completions[1], (53.1, 41.1, 64.8)),
    ]
    for each, numbers in told:
        ends = (each.estimate.value, each.estimate.lower, each.estimate.upper)
        assert [round(100 * (end or 0), 1) for end in ends] == list(numbers)
    observed = tipping_grid(Group(33, 58, 6), Group(20, 55, 9)).observed
    ends = (observed.value, observed.lower, observed.upper)
    assert [round(100 * (end or 0), 1) for end in ends] == [20.5, 2.2, 37.1]


def test_a_conclusion_that_nothing_turns() -> None:
    found = tipping_map(Group(50, 58, 6), 0.4)
    assert found.holds
    assert found.stretches == (Stretch("above", 0, 6, 6),)


def test_a_group_below_its_benchmark() -> None:
    found = tipping_map(Group(14, 58, 6), 0.4)
    assert found.observed.conclusion == "below"
    assert found.stretches == (Stretch("below", 0, 3, 6), Stretch("not distinguished", 4, 6, 6))


@settings(deadline=None)
@given(groups, st.floats(0.05, 0.95), st.sampled_from(sorted(METHODS)))
def test_by_the_interval_the_conclusion_only_rises(group: Group, benchmark: float, method: str) -> None:
    found = tipping_map(group, benchmark, method)
    order = ["below", "not distinguished", "above"]
    places = [order.index(each.conclusion or "") for each in found.completions]
    assert places == sorted(places)
    assert len(places) == group.unknown + 1
    stretched = [each.conclusion for each in found.stretches for _ in range(each.fewest, each.most + 1)]
    assert stretched == [each.conclusion for each in found.completions]


@settings(deadline=None)
@given(groups, st.floats(0.05, 0.95))
def test_by_the_test_the_conclusion_is_its_p(group: Group, benchmark: float) -> None:
    for each in tipping_map(group, benchmark, decided_by="test").completions:
        tested = binomial_test(group.responders + each.responding, group.of, benchmark)
        assert tested.p is not None
        assert tested.value is not None
        side = "above" if tested.value > benchmark else "below"
        assert each.conclusion == (side if tested.p <= 0.05 + 1e-12 else "not distinguished")


def test_a_p_of_exactly_1_in_20_is_at_most_5_percent() -> None:
    assert tipping_map(Group(1, 1, 0), 0.05, decided_by="test").observed.conclusion == "above"


def test_without_a_benchmark_there_are_intervals_and_no_conclusion() -> None:
    found = tipping_map(Group(3, 8, 2), method="Clopper-Pearson")
    assert [each.estimate.value for each in found.completions] == [0.3, 0.4, 0.5]
    assert all(each.conclusion is None and each.estimate.p is None for each in found.completions)
    assert (found.stretches, found.holds) == ((), None)


def test_all_unknown() -> None:
    found = tipping_map(Group(0, 0, 3), 0.5)
    assert (found.observed.estimate.value, found.observed.estimate.note) == (None, "nobody is evaluable")
    assert found.holds is None
    assert [each.estimate.value for each in found.completions] == [0, 1 / 3, 2 / 3, 1]


def test_none_unknown() -> None:
    found = tipping_map(Group(9, 10, 0), 0.5)
    assert found.completions == (found.observed,)
    assert found.holds
    assert (found.stretches[0].lowest_share, found.stretches[0].highest_share) == (None, None)


def test_nobody() -> None:
    found = tipping_map(Group(0, 0, 0), 0.5)
    assert (found.completions, found.stretches, found.holds) == ((), (), None)
    assert found.observed.estimate.note == "nobody is evaluable"


# Two groups


def test_the_whole_grid_of_two_groups() -> None:
    first, second = Group(33, 58, 6), Group(20, 55, 9)
    found = tipping_grid(first, second)
    assert found.difference.shape == found.p.shape == found.conclusions.shape == (7, 10)
    for i in range(7):
        for j in range(10):
            counts = (33 + i, 64, 20 + j, 64)
            assert (found.difference[i, j], found.lower[i, j], found.upper[i, j]) == pytest.approx(newcombe(*counts))
            assert found.p[i, j] == pytest.approx(fisher_test(*counts).p, rel=1e-12)
    assert found.observed_conclusion == "above"
    assert found.observed.value == pytest.approx(33 / 58 - 20 / 55)
    assert (found.observed.lower, found.observed.upper) == pytest.approx(newcombe(33, 58, 20, 55)[1:])
    assert found.observed.p == pytest.approx(fisher_test(33, 58, 20, 55).p)
    assert found.holds is False
    assert found.stretches(0) == (Stretch("above", 0, 6, 6),)
    assert found.stretches(9) == (Stretch("not distinguished", 0, 6, 6),)
    assert found.method == "Newcombe 95 %, Fisher's exact test"


def test_the_grid_by_the_score_method() -> None:
    found = tipping_grid(Group(6, 9, 2), Group(2, 8, 1), "Miettinen-Nurminen", "score", "test", 0.9)
    for i in range(3):
        for j in range(2):
            expected = miettinen_nurminen(6 + i, 11, 2 + j, 9, confidence=0.9)
            assert expected.p is not None
            assert (found.lower[i, j], found.upper[i, j], found.p[i, j]) == (expected.lower, expected.upper, expected.p)
            assert found.conclusions[i, j] == ("above" if expected.p <= 0.1 else "not distinguished")
    assert found.method == "Miettinen-Nurminen 90 %, score test with N − 1"


@settings(deadline=None)
@given(groups, groups, deciders)
def test_groups_swapped_turn_the_conclusion(first: Group, second: Group, decided_by: DecidedBy) -> None:
    found, swapped = (tipping_grid(*pair, decided_by=decided_by) for pair in ((first, second), (second, first)))
    opposite = {"above": "below", "below": "above", "not distinguished": "not distinguished"}
    assert found.conclusions.tolist() == np.vectorize(opposite.__getitem__)(swapped.conclusions).T.tolist()
    assert swapped.lower == pytest.approx(-found.upper.T, abs=1e-12)


def test_nobody_evaluable_in_one_group() -> None:
    found = tipping_grid(Group(0, 0, 2), Group(3, 8, 1))
    assert found.difference.shape == (3, 2)
    assert (found.observed.value, found.observed_conclusion, found.holds) == (None, None, None)
    assert found.observed.note == "nobody is evaluable in one of the groups"


def test_nobody_in_one_group() -> None:
    with pytest.raises(ValueError, match="nobody is in one of the groups"):
        tipping_grid(Group(0, 0, 0), Group(3, 8, 1))


@pytest.mark.parametrize("counts", [(5, 4, 1), (-1, 4, 1), (1, 4, -1)])
def test_impossible_groups(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no group"):
        Group(*counts)


def test_a_benchmark_that_is_none() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        tipping_map(Group(1, 2, 3), 1.0)
