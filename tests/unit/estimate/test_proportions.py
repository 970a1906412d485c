"""What the results say of a proportion."""

from __future__ import annotations

from remit.estimate.proportions import proportion


def test_a_proportion_is_in_percent_with_its_interval() -> None:
    n, percent, lower, upper = proportion(0, 20)
    assert (n.value, percent.value, lower.value) == (0, 0, 0)
    assert upper.value is not None
    assert abs(upper.value - 16.11) < 5e-3  # Newcombe 1998, Table I
    assert lower.method == upper.method == "Wilson 95 %"


def test_nobody_in_the_denominator_has_no_percent_but_a_reason() -> None:
    n, *rest = proportion(0, 0)
    assert n.value == 0
    assert all(each.value is None and each.note == "nobody is in the denominator" for each in rest)
