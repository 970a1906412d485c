"""What the shareable edition hides of an adjusted comparison."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from remit.derive.derive import derive_cohort
from remit.disclosure.hidden import Hidden, hidden_results
from remit.estimate.estimate import estimate_results
from remit.run import read_records
from remit.schema.results import Results
from remit.study.build import read_study
from remit.study.study import Study

EXAMPLE = Path(__file__).parents[3] / "examples" / "external-arm"
CONTRAST = "upadacitinib-%2D-ustekinumab.whatever_happened"


@cache
def made() -> tuple[Study, Results]:
    study = read_study(EXAMPLE)
    return study, estimate_results(study, derive_cohort(study, read_records(study)))


@cache
def hidden(limit: int = 5) -> Hidden:
    return hidden_results(*made(), limit)


def of_two(analysis: str, statistic: str, method: str = "weighting", variable: str = "remission", arm: str = "") -> str:
    own = f"arm.{arm}" if arm else "arm"
    return f"{analysis}.eligible.{own}.week12.{variable}.{CONTRAST}:{method}.{statistic}"


def test_crude_counts_that_differ_by_few_from_those_of_all_are_hidden() -> None:
    """48 of 170 reached it, and 46 of the 162 who are compared: the 2 of 8 are few."""
    crude = "adjusted.eligible.arm.ustekinumab.week12.remission.whatever_happened:crude"
    assert hidden().of(f"{crude}.n", "numerator") is not None
    assert hidden().of(f"{crude}.percent") is not None
    assert hidden().of(of_two("adjusted", "difference", "crude")) is not None
    assert hidden().of(of_two("adjusted", "difference", "crude"), "numerator") is not None


def test_in_patients_such_as_the_treated_difference_and_ratio_would_give_their_risk() -> None:
    """Weighted, the treated are as they are: the difference stays, ratio, E-value and risks do not."""
    assert hidden().of(of_two("adjusted", "difference")) is None
    for statistic in ("risk_ratio", "risk_ratio_lower", "e_value"):
        assert hidden().of(of_two("adjusted", statistic)) is not None
    assert hidden().of(of_two("adjusted", "percent", arm="upadacitinib")) is not None


def test_for_other_targets_adjusted_numbers_stay() -> None:
    for statistic in ("difference", "risk_ratio", "e_value"):
        assert hidden().of(of_two("adjusted_all", statistic)) is None
    assert hidden().of(of_two("adjusted_all", "percent", arm="upadacitinib")) is None


def test_scores_of_few_patients_and_single_weights_are_hidden() -> None:
    part = "propensity.from-0%2E40-to-0%2E45"
    assert hidden().of(of_two("adjusted", "scores", "crude", part, "upadacitinib")) == "small"
    assert hidden().of(of_two("adjusted", "largest_share", variable="propensity", arm="ustekinumab")) == "single"
    assert hidden().of(of_two("adjusted", "effective_n", variable="propensity", arm="ustekinumab")) is None


def test_a_limit_of_one_hides_nothing_of_it_for_its_size() -> None:
    assert hidden(1).of(of_two("adjusted", "risk_ratio")) is None
    assert (
        hidden(1).of(of_two("adjusted", "scores", "crude", "propensity.from-0%2E40-to-0%2E45", "upadacitinib")) is None
    )


def test_few_of_whom_something_is_not_known_are_not_told() -> None:
    """Smoker is not known in 7, which are fewer than 8."""
    guard = "adjusted.eligible.arm.week12.remission.whatever_happened:crude.guard_left_out"
    assert hidden(8).of(guard, "note") == "small"
