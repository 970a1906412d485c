"""Mixed models of counts, as metafor's rma.glmm has them with 25 nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from remit.inference.pooling.mixed import STUDENT, mixed_proportions, mixed_rates
from remit.inference.pooling.pool import NORMAL, CannotPool, Pooled, TooFewStudies
from remit.inference.pooling.proportions import Events
from remit.inference.pooling.rates import Incidence
from tests.unit.inference.pooling.metafor import METAFOR, named, near
from tests.unit.inference.pooling.test_measures import counted, timed


@pytest.mark.parametrize("case", METAFOR["mixed_proportions"], ids=named)
def test_proportions_as_in_metafor(case: dict[str, Any]) -> None:
    agrees(mixed_proportions, counted(case), case)


@pytest.mark.parametrize("case", METAFOR["mixed_rates"], ids=named)
def test_rates_as_in_metafor(case: dict[str, Any]) -> None:
    agrees(mixed_rates, timed(case), case)


def agrees(fit: Callable[..., Pooled], studies: Sequence[Any], case: dict[str, Any]) -> None:
    found, plain = fit(studies, STUDENT), fit(studies, NORMAL)
    linear, between = found.linear, found.heterogeneity
    assert [linear.value, linear.error] == near([case["value"], case["error"]])
    assert [linear.lower, linear.upper] == near(case["t_ends"])
    assert [plain.linear.lower, plain.linear.upper] == near(case["z_ends"])
    assert between.tau2.value == near(case["tau2"])
    assert [between.i2.value, between.h2.value] == near([case["i2"], case["h2"]])
    assert [between.q.statistic, between.q.p] == near([case["ratio"], case["ratio_p"]])
    back = found.scale.back
    assert [found.prediction.lower, found.prediction.upper] == near([back(end) for end in case["prediction"]])
    assert between.wald is not None
    if between.wald.note is None:
        assert [between.wald.statistic, between.wald.p] == near([case["wald"], case["wald_p"]])


def test_nobody_or_everybody_in_all_studies_is_refused() -> None:
    with pytest.raises(CannotPool, match="nobody of the 30 patients"):
        mixed_proportions([Events("a", 0, 10), Events("b", 0, 20)])
    with pytest.raises(CannotPool, match="everybody of the 30 patients"):
        mixed_proportions([Events("a", 10, 10), Events("b", 20, 20)])
    with pytest.raises(CannotPool, match="each study has one patient"):
        mixed_proportions([Events("a", 1, 1), Events("b", 0, 1)])
    with pytest.raises(CannotPool, match="no events in any study"):
        mixed_rates([Incidence("a", 0, 10), Incidence("b", 0, 20)])
    with pytest.raises(TooFewStudies, match="a is the only study"):
        mixed_proportions([Events("a", 1, 10)])
    with pytest.raises(ValueError, match="two studies are called a"):
        mixed_proportions([Events("a", 1, 10), Events("a", 2, 10)])
    with pytest.raises(ValueError, match="'Hartung-Knapp' is none of the intervals of a mixed model"):
        mixed_proportions([Events("a", 1, 10), Events("b", 2, 10)], "Hartung-Knapp")


def test_studies_that_are_alike_are_one_large_study() -> None:
    """40 % in each: log odds log(2/3), and the error that 40 of 100 patients have."""
    found = mixed_proportions([Events(f"{at}", 8, 20) for at in range(5)], NORMAL)
    assert found.estimate.value == pytest.approx(0.4)
    assert found.linear.error == pytest.approx((1 / 40 + 1 / 60) ** 0.5)
    assert found.heterogeneity.tau2.value == 0
    assert found.heterogeneity.q.statistic == pytest.approx(0, abs=1e-9)
    assert [note.name for note in found.notes] == ["no_heterogeneity"]


def test_a_study_with_all_or_none_needs_no_correction() -> None:
    found = mixed_proportions([Events("a", 24, 24), Events("b", 33, 77), Events("c", 12, 17), Events("d", 8, 23)])
    assert found.heterogeneity.wald is not None
    assert found.heterogeneity.wald.statistic is None
    assert "corrected" not in [note.name for note in found.notes]
    assert [study.weight for study in found.studies] == [None] * 4


def test_studies_of_all_or_none_alone_do_not_converge() -> None:
    with pytest.raises(ArithmeticError, match="did not converge"):
        mixed_proportions([Events("a", 0, 500), Events("b", 500, 500), Events("c", 0, 500), Events("d", 500, 500)])
