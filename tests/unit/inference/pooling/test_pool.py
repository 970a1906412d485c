"""Studies pooled by inverse variance, as R's metafor has them on six of its own data sets."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.pooling.between import ESTIMATORS, profile, tau2
from remit.inference.pooling.effects import Effects, Scale, generic
from remit.inference.pooling.pool import COMMON, NEVER_NARROWER, NORMAL, RANDOM, Pooled, TooFewStudies, pool
from remit.inference.pooling.proportions import Events, logits
from remit.inference.pooling.weighted import intercept
from tests.unit.inference.pooling.metafor import METAFOR, PLAIN, effects, named, near

CASES = METAFOR["inverse"]


def agrees(found: Pooled, wanted: dict[str, Any]) -> None:
    linear = found.linear
    assert [linear.value, linear.error, linear.lower, linear.upper, linear.p] == near(
        [wanted[key] for key in ("value", "error", "lower", "upper", "p")]
    )
    assert [study.weight for study in found.studies] == near(wanted["weights"])
    between = found.heterogeneity
    assert [between.i2.value, between.h2.value] == near([wanted["i2"], wanted["h2"]])


@pytest.mark.parametrize("case", CASES, ids=named)
def test_random_effects_as_in_metafor(case: dict[str, Any]) -> None:
    for wanted in case["random"]:
        found = pool(effects(case), RANDOM, wanted["estimator"], wanted["interval"])
        agrees(found, wanted)
        assert found.heterogeneity.tau2.value == near(wanted["tau2"])
        assert [found.prediction.lower, found.prediction.upper] == near(wanted["prediction"])


@pytest.mark.parametrize("case", CASES, ids=named)
def test_heterogeneity_as_in_metafor(case: dict[str, Any]) -> None:
    found = pool(effects(case)).heterogeneity
    assert [found.q.statistic, found.q.p] == near([case["q"], case["qp"]])
    for estimate, key in ((found.tau2, "tau2"), (found.i2, "i2"), (found.h2, "h2")):
        assert [estimate.lower, estimate.upper] == near(case["profile"][key])


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_common_effect_as_in_metafor(case: dict[str, Any]) -> None:
    found = pool(effects(case), COMMON)
    agrees(found, case["common"])
    assert found.prediction.value is None
    assert found.heterogeneity.tau2.value is None


def test_one_study_is_refused_by_name() -> None:
    with pytest.raises(TooFewStudies, match="Friedberg 2023 is the only study: one study cannot be pooled"):
        pool(logits([Events("Friedberg 2023", 12, 17)]))
    with pytest.raises(TooFewStudies, match="no study"):
        pool(logits([]))


def test_of_two_studies_nothing_is_predicted() -> None:
    """log odds 0 and log 4, of equal variance: their mean is log 2, odds of 2."""
    found = pool(generic(["one", "two"], [0.0, math.log(4)], [0.1, 0.1], Scale("log odds", "odds", math.exp)))
    assert found.estimate.value == pytest.approx(2)
    assert found.linear.freedom == 1
    assert found.prediction.value is None
    assert found.prediction.note == "two studies do not tell where a further one would lie"
    assert [note.name for note in found.notes] == ["few_studies"]


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_equal_effects_have_no_variance_between_them(estimator: str) -> None:
    found = pool(generic("abcde", [0.3] * 5, [0.1, 0.2, 0.3, 0.1, 0.4], PLAIN), estimator=estimator)
    tau, i2 = found.heterogeneity.tau2, found.heterogeneity.i2
    assert (tau.value, tau.lower, tau.upper) == (0, 0, 0)
    assert (i2.value, found.heterogeneity.h2.value) == (0, 1)
    assert (found.linear.error, found.linear.p) == (0, None)  # Hartung and Knapp's fault, which the note tells
    assert "no_width" in [note.name for note in found.notes]


def test_what_is_nothing_but_rounding_has_no_p_value() -> None:
    """Six equal ratios: their logarithms differ in the last digit from their mean, and chance has no part in that."""
    value = math.log(1.1)
    scale = Scale("log ratio", "ratio", math.exp, 1.0)
    found = pool(generic("abcdef", [value] * 6, [0.1, 0.2, 0.3, 0.17, 0.4, 0.11], scale))
    assert (found.linear.error, found.linear.p, found.heterogeneity.q.statistic) == (0, None, 0)


def test_never_narrower_than_without_hartung_and_knapp() -> None:
    alike = generic("abcde", [0.3, 0.31, 0.29, 0.3, 0.3], [0.1, 0.2, 0.3, 0.1, 0.4], PLAIN)
    plain, careful = pool(alike, interval=NORMAL), pool(alike, interval=NEVER_NARROWER)
    assert careful.linear.error == pytest.approx(plain.linear.error)
    assert careful.linear.upper > plain.linear.upper
    assert [note.name for note in careful.notes] == []


def test_the_highest_of_two_tops_of_a_likelihood_is_taken() -> None:
    """Exact studies that agree, and inexact ones far off: the likelihood of tau² has a top near 0 and one far away."""
    made = generic("abcdef", [0.0, 0.01, -0.01, 9.0, -9.0, 10.0], [0.1, 0.1, 0.1, 5.0, 5.0, 5.0], PLAIN)
    values, variances = made.arrays
    found = tau2(values, variances, intercept(6), "ML")
    grid = [0.05 * at for at in range(1000)]
    assert found == pytest.approx(max(grid, key=lambda at: _log_likelihood(made, at)), abs=0.05)


def _log_likelihood(made: Effects, between: float) -> float:
    weights = [1 / (variance + between) for variance in made.variances]
    mean = sum(w * y for w, y in zip(weights, made.values, strict=True)) / sum(weights)
    return sum(math.log(w) - w * (y - mean) ** 2 for w, y in zip(weights, made.values, strict=True))


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"model": "random"}, "'random' is none of the models"),
        ({"estimator": "EB"}, "'EB' is none of the estimators"),
        ({"interval": "t"}, "'t' is none of the intervals"),
    ],
)
def test_a_name_that_is_not_on_offer(choices: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        pool(generic("ab", [0, 1], [1, 1], PLAIN), **choices)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "values", "errors", "told"),
    [
        (["a", "b"], [math.nan, 1], [1, 1], "a has no effect that is known"),
        (["a", "b"], [0, 1], [1, 0], "b has no sampling variance above 0"),
        (["a", "a"], [0, 1], [1, 1], "two studies are called a"),
        (["a"], [0, 1], [1, 1], "each study has a name"),
    ],
)
def test_effects_that_are_none(names: list[str], values: list[float], errors: list[float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        generic(names, values, errors, PLAIN)
    with pytest.raises(ValueError, match="a size, or none"):
        Effects(PLAIN, ("a", "b"), (0.0, 1.0), (1.0, 1.0), (3.0,))


studies = st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 3)), min_size=2, max_size=9).filter(
    lambda made: len({value for value, _ in made}) > 1
)


@given(studies, st.randoms(use_true_random=False), st.sampled_from(sorted(ESTIMATORS)))
def test_the_order_of_studies_does_not_matter(made: list[tuple[float, float]], random: Any, estimator: str) -> None:
    """But for the last digits."""
    named_studies = [(f"study {at}", *study) for at, study in enumerate(made)]
    shuffled = random.sample(named_studies, len(named_studies))
    one, other = (
        pool(generic(*map(list, zip(*order, strict=True)), PLAIN), estimator=estimator)  # type: ignore[call-arg, arg-type]
        for order in (named_studies, shuffled)
    )
    assert other.linear.value == pytest.approx(one.linear.value, rel=1e-6, abs=1e-7)
    assert other.linear.error == pytest.approx(one.linear.error, rel=1e-5, abs=1e-7)
    assert other.heterogeneity.tau2.value == pytest.approx(one.heterogeneity.tau2.value, rel=1e-6, abs=1e-7)


@given(st.floats(-3, 3), st.floats(0.05, 2), st.integers(2, 12))
def test_one_study_many_times_is_that_study(value: float, error: float, times: int) -> None:
    found = pool(generic([f"{at}" for at in range(times)], [value] * times, [error] * times, PLAIN), interval=NORMAL)
    assert found.linear.value == pytest.approx(value)
    assert found.linear.error == pytest.approx(error / math.sqrt(times))
    assert found.heterogeneity.tau2.value == 0


@given(studies)
def test_the_interval_of_tau2_holds_what_paule_and_mandel_estimate(made: list[tuple[float, float]]) -> None:
    """Both are of the same Q: its expectation lies between its quantiles."""
    values, variances = generic(
        [f"{at}" for at in range(len(made))], [value for value, _ in made], [error for _, error in made], PLAIN
    ).arrays
    low, high = profile(values, variances, intercept(len(made)))
    found = tau2(values, variances, intercept(len(made)), "Paule-Mandel")
    assert low <= found * (1 + 1e-9)
    assert found <= high * (1 + 1e-9)
