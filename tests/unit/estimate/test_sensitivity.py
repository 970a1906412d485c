"""Each strategy for an intercurrent event, and each handling of what is missing, by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.estimate.estimate import estimate_results
from remit.inference.proportions import wilson
from remit.inference.two_proportions import newcombe
from tests.unit.arms import LOW, PLACEBO, Patient, made
from tests.unit.arms import found as results_of_arms
from tests.unit.derive.small import STUDY, day, records_of, study_of
from tests.unit.inference.reference import page

TWO_VISITS = STUDY.replace(
    "  week4: {day: 28, window: [14, 42]}", "  week4: {day: 28, window: [14, 42]}\n  week8: {day: 56, window: [43, 70]}"
)
ANALYSIS = """
endpoints:
  good: {at: [week8], is: score >= 50}
intercurrent_events:
  stopped: dosing.stop_day < visit.day
estimands:
  policy: {intercurrent: {stopped: treatment policy}}
  failure: {intercurrent: {stopped: composite}}
  without: {intercurrent: {stopped: hypothetical}}
  before: {intercurrent: {stopped: while on treatment}}
  stayed: {intercurrent: {stopped: principal stratum}}
primary: {endpoint: good, visit: week8, population: eligible, estimand: policy}
analyses:
  main: {kind: endpoints, title: Main}
  sensitive: {kind: sensitivity, title: Sensitive, benchmark: 20 %}
"""

Scores = tuple[int | None, int | None, int | None]  # at week 4, at week 8, day of the stop
PATIENTS: dict[str, Scores] = {
    "A": (60, 70, None),
    "B": (60, 10, None),
    "C": (60, None, None),
    "D": (None, None, None),
    "E": (70, 10, 40),  # stopped between the visits, and was good before
    "F": (10, 60, 40),
    "G": (60, None, 40),
    "H": (None, 60, 20),  # stopped before both
}


def results(folder: Path, patients: dict[str, Scores], analysis: str = ANALYSIS) -> dict[str, dict[str, Any]]:
    study = study_of(folder, analysis, TWO_VISITS)
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for name, (week4, week8, stop) in patients.items():
        rows["patients"].append({"patient": name, "consent": name < "E", "last_contact": day(200)})
        rows["visits"] += [
            {"patient": name, "visit_date": day(on), "score": score} for on, score in ((28, week4), (56, week8))
        ]
        stopped = {"stop_date": day(stop), "reason": "adverse event"} if stop is not None else {}
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": day(0), **stopped})
    table = estimate_results(study, derive_cohort(study, records_of(study, **rows))).table
    return {row["result"]: row for row in table.iter_rows(named=True)}


def counted(found: dict[str, dict[str, Any]], handling: str, analysis: str = "sensitive") -> tuple[int, int, int]:
    """Who reached it, of how many, and of how many it is not known."""
    row = found[f"{analysis}.eligible.week8.good.{handling}.n"]
    assert row["population_n"] == len(PATIENTS)
    return row["numerator"], row["denominator"], row["missing"]


@pytest.mark.parametrize(
    ("estimand", "decided", "non_response", "carried", "best"),
    [
        # A and F, H are good at week 8, B and E not; C, D, G are not known. Carried: C and G were good at week 4.
        ("policy", (3, 5, 3), (3, 8, 3), (5, 7, 1), (6, 8, 3)),
        # E, F, G and H stopped: no. Left: A yes, B no, C and D not known.
        ("failure", (1, 6, 2), (1, 8, 2), (2, 7, 1), (3, 8, 2)),
        # After the stop it is missing: A yes, B no. Carried: C, and E and G as at week 4, F was not good then.
        ("without", (1, 2, 6), (1, 8, 6), (4, 6, 2), (7, 8, 6)),
        # The last visit before the stop: E good, F not, G good; H had none. Carried: C too.
        ("before", (3, 5, 3), (3, 8, 3), (4, 6, 2), (6, 8, 3)),
        # Only A, B, C and D.
        ("stayed", (1, 2, 2), (1, 4, 2), (2, 3, 1), (3, 4, 2)),
    ],
)
def test_strategies_and_handlings(
    tmp_path: Path,
    estimand: str,
    decided: tuple[int, int, int],
    non_response: tuple[int, int, int],
    carried: tuple[int, int, int],
    best: tuple[int, int, int],
) -> None:
    found = results(tmp_path, PATIENTS)
    assert counted(found, f"{estimand}:decided") == decided
    assert counted(found, f"{estimand}:non-response") == counted(found, f"{estimand}:worst") == non_response
    assert counted(found, f"{estimand}:last observed") == carried
    assert counted(found, f"{estimand}:best") == best
    assert counted(found, estimand, "main") == non_response


def test_the_tables_of_the_page(tmp_path: Path) -> None:
    """docs/methods/missing-values.md: the eight patients, and each strategy by each handling."""
    text, found = page("missing-values"), results(tmp_path, PATIENTS)
    for name, (week4, week8, stop) in PATIENTS.items():
        cells = [
            name,
            *("" if score is None else str(score) for score in (week4, week8)),
            f"day {stop}" if stop else "",
        ]
        assert "".join(f"| {cell} ".replace("|  ", "| ") for cell in cells) + "|" in text
    strategies = ("treatment policy", "composite", "hypothetical", "while on treatment", "principal stratum")
    handlings = ("decided", "non-response", "last observed", "worst", "best")
    for strategy, estimand in zip(strategies, ("policy", "failure", "without", "before", "stayed"), strict=True):
        counts = [counted(found, f"{estimand}:{handling}") for handling in handlings]
        assert f"| {strategy} | {' | '.join(f'{n} of {of}' for n, of, _ in counts)} |" in text


def test_each_completion_of_the_unknown(tmp_path: Path) -> None:
    found = results(tmp_path, PATIENTS)
    for more in range(4):
        row = found[f"sensitive.eligible.week8.good.{more}.policy.lower"]
        assert row["value"] == pytest.approx(100 * wilson(3 + more, 8)[0], rel=1e-12)
    assert "sensitive.eligible.week8.good.4.policy.n" not in found


@pytest.mark.parametrize(
    ("benchmark", "turn", "note"),
    [
        ("10 %", 0.0, "above 10 % even if none of the unknown reached it"),
        ("20 %", 1.0, None),  # Wilson's lower ends: 13.7, 21.5, 30.6 and 40.9 %
        ("0.25", 2.0, None),
        ("40.9 %", 3.0, None),
        ("41 %", None, "not above 41 % even if all of the unknown reached it"),
    ],
)
def test_where_the_conclusion_turns(tmp_path: Path, benchmark: str, turn: float | None, note: str | None) -> None:
    found = results(tmp_path, PATIENTS, ANALYSIS.replace("20 %", benchmark))
    row = found["sensitive.eligible.week8.good.policy.turning_point"]
    assert (row["value"], row["note"], row["denominator"]) == (turn, note, 3)


@pytest.mark.parametrize(
    ("analysis", "what"),
    [
        (ANALYSIS.replace("primary:", "#"), "sensitive is about the primary endpoint, and the study has none"),
        (ANALYSIS.replace("benchmark: 20 %", "estimands: [none]"), "there is no estimand 'none'"),
        (ANALYSIS.replace("benchmark: 20 %", "visit: week4"), "there is no visit of good 'week4'"),
        (ANALYSIS.replace("benchmark: 20 %", "benchmark: 120 %"), "cannot be '120 %'"),
        (ANALYSIS.replace("benchmark: 20 %", "benchmark: 100 %"), "benchmark cannot be '100 %'"),
        (ANALYSIS.replace("benchmark: 20 %", "benchmark: 0"), "benchmark cannot be '0'"),
        (ANALYSIS.replace("benchmark: 20 %", "missing: [imputed]"), "cannot be 'imputed'"),
        (ANALYSIS.replace("stopped: hypothetical", "stoped: hypothetical"), "there is no intercurrent event 'stoped'"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, analysis: str, what: str) -> None:
    with pytest.raises(WrongInput) as error:
        study_of(tmp_path, analysis, TWO_VISITS)
    assert what in error.value.what


def test_nobody_and_all_unknown(tmp_path: Path) -> None:
    unknown: dict[str, Scores] = dict.fromkeys(PATIENTS, (None, None, None))
    found = results(tmp_path, unknown)
    assert counted(found, "policy:decided") == (0, 0, 8)
    assert counted(found, "policy:best") == (8, 8, 8)
    row = found["sensitive.eligible.week8.good.policy:decided.percent"]
    assert (row["value"], row["note"]) == (None, "nobody is in the denominator")
    found = results(tmp_path, dict.fromkeys(PATIENTS, (60, 60, 20)))
    assert counted(found, "stayed:non-response") == (0, 0, 0)
    assert found["sensitive.eligible.week8.good.stayed.turning_point"]["note"] == "nobody is in the denominator"


def test_of_two_arms_the_bounds_are_the_worst_and_the_best_for_the_arm() -> None:
    patients = [Patient(PLACEBO, (30, 29, score)) for score in (30, 20, None)]
    patients += [Patient(LOW, (30, 29, score)) for score in (20, 20, 30, None, None)]
    found = {row["result"]: row for row in made(patients).results.table.iter_rows(named=True)}
    for case, counts in {"worst": (2, 5, 2, 3), "best": (4, 5, 1, 3)}.items():
        at = f"sensitivity.eligible.arm.week8.response.low-dose-%2D-placebo.main:{case}"
        difference, lower, upper = newcombe(*counts)
        assert found[f"{at}.difference"]["value"] == pytest.approx(100 * difference)
        assert found[f"{at}.lower"]["value"] == pytest.approx(100 * lower)
        assert found[f"{at}.upper"]["value"] == pytest.approx(100 * upper)


def test_against_the_benchmark_by_each_handling(tmp_path: Path) -> None:
    found = results(tmp_path, PATIENTS, ANALYSIS.replace("20 %", "25 %"))
    at = "sensitive.eligible.week8.good.policy"
    p = found[f"{at}:decided.benchmark_p"]  # 3 of 5: P(3, 4 or 5) + P(0 is likelier: left out), of 1/4
    assert p["value"] == pytest.approx((10 * 9 + 5 * 3 + 1) / 4**5)
    assert (p["numerator"], p["denominator"], p["missing"]) == (3, 5, 3)
    assert p["method"] == "exact binomial test against 25 %"
    above = found[
        f"{at}:worst.benchmark_probability"
    ]  # of beta(3.5, 5.5); R: 100 * pbeta(0.25, 3.5, 5.5, lower = FALSE)
    assert above["value"] == pytest.approx(79.9576311, abs=1e-6)
    assert above["method"] == "probability of more than 25 %, prior beta(0.5, 0.5)"
    nobody = results(tmp_path, dict.fromkeys(PATIENTS, (60, 60, 20)))[
        "sensitive.eligible.week8.good.stayed:best.benchmark_p"
    ]
    assert (nobody["value"], nobody["note"]) == (None, "nobody is in the denominator")


def test_without_a_benchmark_nothing_is_tested(tmp_path: Path) -> None:
    found = results(tmp_path, PATIENTS, ANALYSIS.replace(", benchmark: 20 %", ""))
    assert not [name for name in found if "benchmark" in name]


def two_arms(placebo: tuple[int, int, int], low: tuple[int, int, int]) -> list[Patient]:
    """Of each how many reached it, did not, and are not known."""
    scores = (20, 29, None)
    return [
        Patient(arm, (30, 29, score))
        for arm, counts in ((PLACEBO, placebo), (LOW, low))
        for score, count in zip(scores, counts, strict=True)
        for _ in range(count)
    ]


def test_of_two_arms_each_way_in_which_the_unknown_may_have_ended() -> None:
    found = results_of_arms(two_arms((1, 6, 2), (6, 1, 1)))
    at = "sensitivity.eligible.arm.week8.response.{}low-dose-%2D-placebo.main.{}"
    pairs = {(more, others): newcombe(6 + more, 8, 1 + others, 9) for more in (0, 1) for others in (0, 1, 2)}
    for (more, others), (difference, lower, upper) in pairs.items():
        level = f"{more}-and-{others}."
        assert found[at.format(level, "difference")]["value"] == pytest.approx(100 * difference)
        assert found[at.format(level, "lower")]["value"] == pytest.approx(100 * lower)
        assert found[at.format(level, "upper")]["value"] == pytest.approx(100 * upper)
    row = found[at.format("1-and-2.", "p")]  # R: fisher.test(matrix(c(7, 1, 3, 6), 2))$p.value
    assert row["value"] == pytest.approx(0.0497738, abs=1e-6)
    assert (row["numerator"], row["denominator"], row["missing"], row["population_n"]) == (10, 17, 3, 17)
    above = sum(lower > 0 for _, lower, _ in pairs.values())
    assert 0 < above < 6
    told = found[at.format("", "above")]
    assert (told["value"], told["numerator"], told["denominator"]) == (above, above, 6)
    assert found[at.format("", "not_distinguished")]["value"] == 6 - above
    assert (found[at.format("", "holds")]["value"], found[at.format("", "holds")]["note"]) == (0, "above")


def test_of_an_arm_with_nobody_no_way_is_counted() -> None:
    found = results_of_arms(two_arms((1, 1, 1), (1, 1, 1)))
    row = found["sensitivity.eligible.arm.week8.response.high-dose-%2D-placebo.main.above"]
    assert (row["value"], row["note"]) == (None, "nobody is in the denominator of high dose")


def test_of_very_many_unknown_some_ways_are_shown_and_all_are_counted() -> None:
    found = results_of_arms(two_arms((5, 5, 3), (5, 5, 45)))
    at = "sensitivity.eligible.arm.week8.response.{}low-dose-%2D-placebo.main.{}"
    assert found[at.format("", "above")]["denominator"] == 4 * 46
    shown = {name for name in found if "-and-" in name and name.endswith("placebo.main.difference")}
    assert len(shown) == 4 * 21
    assert at.format("45-and-3.", "difference") in shown


RESCUE = """
endpoints:
  good: {at: [week8], is: score >= 50}
intercurrent_events:
  stopped: dosing.stop_day < visit.day
  rescued: score < 20
estimands:
  policy: {intercurrent: {stopped: while on treatment, rescued: hypothetical}}
primary: {endpoint: good, visit: week8, population: eligible, estimand: policy}
analyses:
  main: {kind: endpoints}
  sensitive: {kind: sensitivity}
"""


def test_what_was_assessed_before_one_event_is_not_set_aside_for_a_later_one(tmp_path: Path) -> None:
    # E was good on treatment at week 4; rescued (a score below 20) only at week 8, after the stop. F was rescued first.
    found = results(tmp_path, {"E": (70, 10, 40), "F": (10, 60, 40), "B": (60, 10, None)}, RESCUE)
    row = found["sensitive.eligible.week8.good.policy:decided.n"]
    assert (row["numerator"], row["denominator"], row["missing"]) == (1, 1, 2)


def test_an_endpoint_that_names_its_visit_has_no_value_before_it(tmp_path: Path) -> None:
    found = results(tmp_path, PATIENTS, ANALYSIS.replace("is: score >= 50", "is: score@week8 >= 50"))
    assert counted(found, "before:decided") == (1, 2, 6)  # A and B; E to H stopped, and had no value until then
    assert counted(found, "policy:last observed") == counted(found, "policy:decided")


def test_each_handling_stands_once(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="stands twice"):
        study_of(tmp_path, ANALYSIS.replace("benchmark: 20 %", "missing: [decided, decided]"), TWO_VISITS)


@pytest.mark.parametrize(
    ("score", "note"), [(60, "above 20 %, and nobody is unknown"), (9, "not above 20 %, and nobody is unknown")]
)
def test_of_nobody_unknown_the_turning_point_says_so(tmp_path: Path, score: int, note: str) -> None:
    found = results(tmp_path, dict.fromkeys(PATIENTS, (60, score, None)))
    assert found["sensitive.eligible.week8.good.policy.turning_point"]["note"] == note


def test_who_may_belong_to_the_stratum_is_told_in_each_number_of_it(tmp_path: Path) -> None:
    analysis = ANALYSIS.replace("stopped: dosing.stop_day < visit.day", "stopped: score@week4 < 50")
    found = results(tmp_path, PATIENTS, analysis)
    note = "of 2 it is not known whether they belong to the stratum: they are left out"  # D and H
    for name in ("sensitive.eligible.week8.good.0.stayed.n", "sensitive.eligible.week8.good.stayed:worst.n"):
        assert found[name]["note"] == note
    assert found["main.eligible.week8.good.stayed.n"]["note"] == note
    assert found["main.eligible.week8.good.policy.n"]["note"] is None
