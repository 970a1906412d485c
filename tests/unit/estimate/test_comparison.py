"""Our endpoint beside published results, and our patients by other definitions: by hand, and whatever they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.inference.benchmark import binomial_test, probability_above
from remit.inference.paired_proportions import paired_difference
from remit.inference.proportions import wilson
from remit.inference.two_proportions import newcombe
from remit.study.comparisons.kinds import Comparison
from remit.study.needs import needs
from tests.unit.derive.small import STUDY, day, records_of, study_of
from tests.unit.trace.checked import checked

EVIDENCE = """\
evidence: other
title: OTHER
design: randomised trial
disease: none
population: {words: invented patients}
citation: {text: Invented by remit., doi: 10.1/x}
source: nowhere
cautions: [nobody was asked]
arms:
  drug: {drug: x, n: 40 V}
  placebo: {drug: placebo, n: 50 K}
  third: {drug: y}
outcomes:
  good:
    label: good
    concept: clinical remission
    week: 8
    definition: {words: score above 7}
    missing: {handling: not stated}
    results:
      drug: {percent: 25.0 V, n: 10 D}
      placebo: {percent: 30.1 V, fits: no, note: imputed}
      third: {percent: 48 K}
  counted:
    label: counted
    concept: other
    definition: {words: not stated}
    missing: {handling: not stated}
    results:
      drug: {n: 10 V}
      third: {percent: 40 V, low: 20.5 V, high: 60 V, level: 90 V}
      placebo: {percent: 20 V, n: 10 V, low: 11 V, high: 33 V}
  ends:
    label: ends
    concept: other
    definition: {words: not stated}
    missing: {handling: not stated}
    results:
      drug: {percent: 0 V, n: 0 V}
      placebo: {percent: 100 V, n: 50 V}
  mean:
    label: mean
    concept: symptom score
    definition: {words: not stated}
    missing: {handling: not stated}
    results:
      drug: {mean: 3.5 V}
"""
ASKED = """
endpoints:
  good: {at: [week4], is: score >= 50 and consent, requires: known(score@baseline) and known(score)}
  high: {at: [week4], is: score >= 50, requires: known(score@baseline) and known(score)}
intercurrent_events:
  stopped: dosing.stop_day < visit.day
estimands:
  policy: {intercurrent: {stopped: treatment policy}}
  strict: {intercurrent: {stopped: composite}}
  those: {intercurrent: {stopped: principal stratum}}
populations:
  consenting: consent
analyses:
  main: {kind: endpoints, subgroups: [], populations: {week4: [eligible, consenting]}}
comparisons:
  beside:
    endpoint: good
    visit: week4
    populations: [eligible, consenting]
    estimand: policy
    evidence: [other.good, other.counted, other.ends, other.mean]
    rules:
      - {name: high_score, label: high, is: score >= 50}
    benchmark: yes
"""

Patient = tuple[int | None, int | None, bool | None, bool]  # score at baseline, at week 4, consent, stopped on day 20
Rows = dict[str, dict[str, Any]]


def results(folder: Path, patients: list[Patient], text: str = ASKED) -> Rows:
    """Those of the run; their trace is checked, too."""
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "other.yaml").write_text(EVIDENCE, "utf-8")
    study = study_of(folder, text, STUDY)
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for number, (before, after, consent, stopped) in enumerate(patients):
        name = f"P{number}"
        rows["patients"].append({"patient": name, "consent": consent, "last_contact": day(200)})
        rows["visits"] += [
            {"patient": name, "visit_date": day(on), "score": score} for on, score in ((0, before), (28, after))
        ]
        stop = {"stop_date": day(20), "reason": "adverse event"} if stopped else {}
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": day(0), **stop})
    cohort = derive_cohort(study, records_of(study, **rows))
    found = estimate_results(study, cohort)
    checked(study, cohort, found)
    return {row["result"]: row for row in found.table.iter_rows(named=True)}


# reached, by the rule alone, reached, not known, not reached and stopped
FIVE: list[Patient] = [
    (10, 60, True, False), (10, 60, False, False), (10, 70, True, True), (10, None, True, False), (10, 20, True, True),
]  # fmt: skip
GOOD = "beside.evidence.other:-{}.week 8.good"
AGAINST = "beside.eligible.evidence.other:-{}.week4.week 8.good.ours-%2D-published.policy"


def said(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["value"], row["method"], row["numerator"], row["denominator"], row["missing"], row["population_n"]


# What is published


def test_published_numbers_stand_as_printed_with_their_certainty(tmp_path: Path) -> None:
    found = results(tmp_path, FIVE)
    drug, placebo, third = GOOD.format("drug"), GOOD.format("placebo"), GOOD.format("third")
    assert said(found[f"{drug}.n"]) == (10, None, 10, 40, None, None)
    assert said(found[f"{drug}.percent"]) == (25.0, "as published", 10, 40, None, None)
    assert found[f"{drug}.percent"]["note"] == "percent 25.0 [V], n 10 [D], of 40 [V]"
    low, high = wilson(10, 40)
    assert found[f"{drug}.lower"]["value"] == pytest.approx(100 * low)
    assert said(found[f"{drug}.upper"]) == (pytest.approx(100 * high), "Wilson 95 %", 10, 40, None, None)
    assert f"{placebo}.n" not in found
    assert said(found[f"{placebo}.percent"]) == (30.1, "as published", None, 50, None, None)
    told = "percent 30.1 [V], of 50 [K]; no whole number of patients gives the percentage; imputed"
    assert found[f"{placebo}.percent"]["note"] == told
    assert found[f"{placebo}.lower"]["value"] is None
    assert found[f"{placebo}.lower"]["note"].startswith("how many patients of how many is not published; ")
    assert said(found[f"{third}.percent"]) == (48, "as published", None, None, None, None)


def test_an_interval_is_ours_where_the_counts_are_known_and_else_as_printed(tmp_path: Path) -> None:
    found = results(tmp_path, FIVE)
    counted = "beside.evidence.other:-{}.counted"
    assert said(found[counted.format("third") + ".lower"])[:2] == (20.5, "as published, 90 %")
    assert said(found[counted.format("third") + ".upper"])[:2] == (60, "as published, 90 %")
    assert found[counted.format("placebo") + ".lower"]["method"] == "Wilson 95 %"
    assert said(found[counted.format("placebo") + ".published_lower"])[:2] == (11, "as published")
    percent = found[counted.format("drug") + ".percent"]
    assert (percent["value"], percent["method"]) == (25, "of the published numbers of patients")


def test_a_result_without_a_percentage_says_so(tmp_path: Path) -> None:
    found = results(tmp_path, FIVE)
    assert found["beside.evidence.other:-drug.mean.percent"]["value"] is None
    assert found["beside.evidence.other:-drug.mean.percent"]["note"] == "its source tells no percentage; of 40 [V]"
    against = "beside.eligible.evidence.other:-drug.week4.mean.ours-%2D-published.policy"
    for statistic in ("difference", "lower", "benchmark_p"):
        assert found[f"{against}.{statistic}"]["value"] is None
        assert found[f"{against}.{statistic}"]["note"] == "its source tells no percentage"


# Ours against it


def test_ours_against_what_is_published(tmp_path: Path) -> None:
    found = results(tmp_path, FIVE)
    ours = found["beside.eligible.week4.good.policy.percent"]
    assert said(ours) == (40, None, 2, 5, 1, 5)
    drug, placebo = AGAINST.format("drug"), AGAINST.format("placebo")
    difference, low, high = newcombe(2, 5, 10, 40)
    assert said(found[f"{drug}.difference"]) == (pytest.approx(100 * difference), None, 2, 5, 1, 5)
    assert found[f"{drug}.lower"]["value"] == pytest.approx(100 * low)
    assert said(found[f"{drug}.upper"])[:2] == (pytest.approx(100 * high), "Newcombe 95 %")
    assert "descriptive" in found[f"{drug}.difference"]["note"]
    assert found[f"{placebo}.difference"]["value"] == float(Fraction("9.9"))
    assert found[f"{placebo}.lower"]["value"] is None
    assert not [name for name in found if name.startswith("beside.") and name.endswith(".p")]


def test_the_benchmark_is_the_percentage_as_printed(tmp_path: Path) -> None:
    found = results(tmp_path, FIVE)
    row = found[AGAINST.format("placebo") + ".benchmark_p"]
    assert row["value"] == pytest.approx(binomial_test(2, 5, 0.301).p)
    assert row["method"] == "exact binomial test against 30.1 %"
    above = probability_above(2, 5, 0.301).value
    assert above is not None
    assert found[AGAINST.format("placebo") + ".benchmark_probability"]["value"] == pytest.approx(100 * above)
    ends = "beside.eligible.evidence.other:-{}.week4.ends.ours-%2D-published.policy.benchmark_p"
    assert found[ends.format("drug")]["note"] == "0 % can only be met, or not"
    assert found[ends.format("placebo")]["note"] == "100 % can only be met, or not"
    without = results(tmp_path, FIVE, ASKED.replace("    benchmark: yes\n", ""))
    assert not [name for name in without if "benchmark" in name]


# Our patients by another definition


def test_in_whom_two_definitions_differ(tmp_path: Path) -> None:
    found = results(tmp_path, FIVE)
    at = "beside.eligible.week4.high_score.rule-%2D-ours"
    assert said(found[f"{at}.policy.rule_only"]) == (1, None, 1, 5, 1, 5)
    assert said(found[f"{at}.policy.own_only"]) == (0, None, 0, 5, 1, 5)
    made = paired_difference(2, 1, 0, 2)
    assert said(found[f"{at}.policy.difference"]) == (20, None, None, 5, 1, 5)
    for end, value in (("lower", made.lower), ("upper", made.upper)):
        assert value is not None
        assert said(found[f"{at}.policy.{end}"]) == (pytest.approx(100 * value), "Tango 95 %", None, 5, 1, 5)
    assert said(found[f"{at}.decided.difference"]) == (25, None, None, 4, 1, 5)
    assert said(found[f"{at}.strict.rule_only"])[0] == 1
    assert not [name for name in found if name.startswith(at) and name.endswith(".p")]


score = st.one_of(st.none(), st.sampled_from([10, 49, 50, 90]))
patient = st.tuples(score, score, st.sampled_from([True, False, None]), st.booleans())
HANDLINGS = ("decided", "complete", "required", "policy", "strict", "those")


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(patient, min_size=1, max_size=8))
def test_a_rule_is_counted_as_an_endpoint_that_is_written_so(tmp_path: Path, patients: list[Patient]) -> None:
    """Under each handling, in each population; and the difference is that of who is yes by one alone."""
    found = results(tmp_path, patients)
    for population in ("eligible", "consenting"):
        for own, other in (("good", "good"), ("high_score", "high")):
            for handling in HANDLINGS:
                for statistic in ("n", "percent", "lower", "upper"):
                    rule = found[f"beside.{population}.week4.{own}.{handling}.{statistic}"]
                    assert said(rule) == said(found[f"main.{population}.week4.{other}.{handling}.{statistic}"])
                    assert rule["note"] == found[f"main.{population}.week4.{other}.{handling}.{statistic}"]["note"]
        for handling in HANDLINGS:
            at = f"beside.{population}.week4.high_score.rule-%2D-ours.{handling}"
            one, other_one = (found[f"{at}.{name}"]["value"] for name in ("rule_only", "own_only"))
            of = found[f"{at}.difference"]["denominator"]
            if of == 0:
                assert found[f"{at}.difference"]["note"] == "nobody is known by both definitions"
            else:
                assert found[f"{at}.difference"]["value"] == pytest.approx(100 * (one - other_one) / of)


# Edges


def test_nobody_is_in_the_population(tmp_path: Path) -> None:
    found = results(tmp_path, [(10, 60, False, False)])
    assert said(found["beside.consenting.week4.good.policy.percent"]) == (None, "Wilson 95 %", 0, 0, 0, 0)
    at = "beside.consenting.evidence.other:-drug.week4.week 8.good.ours-%2D-published.policy"
    for statistic in ("difference", "lower", "upper"):
        assert found[f"{at}.{statistic}"]["note"] == "nobody is in the denominator of ours"
    assert found[f"{at}.benchmark_p"]["note"] == "nobody is in the denominator"
    placebo = at.replace("drug", "placebo")
    assert found[f"{placebo}.difference"]["note"] == "nobody is in the denominator of ours"


def test_nothing_is_known_of_anybody(tmp_path: Path) -> None:
    found = results(tmp_path, [(None, None, None, False)] * 3)
    assert said(found["beside.eligible.week4.good.decided.percent"]) == (None, "Wilson 95 %", 0, 0, 3, 3)
    assert said(found["beside.eligible.week4.good.policy.percent"])[:1] == (0,)
    at = "beside.eligible.week4.high_score.rule-%2D-ours"
    assert said(found[f"{at}.decided.difference"]) == (None, "Tango 95 %", None, 0, 3, 3)
    assert said(found[f"{at}.policy.difference"]) == (0, None, None, 3, 3, 3)


def test_nobody_reached_it(tmp_path: Path) -> None:
    found = results(tmp_path, [(10, 10, True, False)] * 4)
    assert found["beside.eligible.week4.good.policy.lower"]["value"] == 0
    assert found[AGAINST.format("drug") + ".difference"]["value"] == -25


def test_decided_asks_of_those_in_whom_it_is_known(tmp_path: Path) -> None:
    found = results(tmp_path, FIVE, ASKED.replace("    estimand: policy\n", "    estimand: decided\n"))
    row = found["beside.eligible.evidence.other:-third.week4.week 8.good.ours-%2D-published.decided.difference"]
    assert said(row) == (2, None, 2, 4, 1, 5)


def test_what_is_computed_is_told_to_the_study_as_needed(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "other.yaml").write_text(EVIDENCE, "utf-8")
    found = needs(study_of(tmp_path, ASKED, STUDY))
    assert "Beside (high)" in found["visits", "score"]


def test_each_rule_is_of_its_comparison(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "other.yaml").write_text(EVIDENCE, "utf-8")
    study = study_of(tmp_path, ASKED, STUDY)
    (comparison,) = [each for each in study.analyses if isinstance(each, Comparison)]
    assert [(rule.name, endpoint.name) for rule, endpoint in comparison.judged] == [
        ("high_score", "beside__high_score")
    ]
