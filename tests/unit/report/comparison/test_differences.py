"""What is the same in two results, what differs, what is not told: never guessed."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.report.comparison.differences import ASPECTS, Aspect, Facts, Told, differences, in_words, weeks

OURS = Facts(
    design=Told("cohort"),
    population=Told("eligible patients"),
    line=Told("six drugs had failed"),
    drug=Told("upadacitinib"),
    dose=Told("45 mg once a day"),
    definition=Told("HBI ≤ 3 and not corticosteroids", key="ours"),
    week=weeks(24),
    missing=Told("non-response", key="non-response"),
)


def said(theirs: Facts, ours: Facts = OURS, *cautions: str) -> list[str]:
    return [line.replace("\xa0", " ") for line in in_words(differences(theirs, ours), cautions)]


def verdict(aspect: Aspect, theirs: Facts, ours: Facts = OURS) -> str:
    return next(each.verdict for each in differences(theirs, ours) if each.aspect == aspect)


def test_alike_in_all() -> None:
    (line,) = said(OURS)
    assert line.startswith("The same: design (cohort), population (eligible patients), ")
    assert line.endswith("week (week 24) and missing data (non-response).")


def test_a_trial_beside_a_cohort() -> None:
    theirs = Facts(
        design=Told("randomised trial"),
        line=Told("after failure of a biologic"),
        drug=Told("Upadacitinib."),
        definition=Told("CDAI below 150", key="CDAI remission"),
        week=weeks(52),
        missing=Told("non-response, with multiple imputation for COVID-19", key="non-response and imputation"),
    )
    assert said(theirs, OURS, "12 weeks of follow-up were required: early failures are not in it") == [
        "Design: randomised trial, here cohort.",
        "Line of therapy: after failure of a biologic, here six drugs had failed.",
        "Definition: CDAI below 150, here HBI ≤ 3 and not corticosteroids.",
        "Week: week 52, here week 24.",
        "Missing data: non-response, with multiple imputation for COVID-19, here non-response.",
        "Caution: 12 weeks of follow-up were required: early failures are not in it.",
        "The same: drug (upadacitinib).",
        "Not told: population (here eligible patients) and dose (here 45 mg once a day).",
    ]


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (Facts(definition=Told("HBI < 4, off steroids", key="ours")), "same"),  # the same rule, in other words
        (Facts(definition=Told("HBI ≤ 3 and not corticosteroids", key="theirs")), "differs"),  # another rule
        (Facts(definition=Told("HBI below 4 without steroids")), "other words"),  # nobody can tell
        (Facts(definition=Told("hbi ≤ 3 and  not corticosteroids.")), "same"),  # letter by letter
        (Facts(), "not told"),
    ],
)
def test_definitions_are_told_apart_by_their_rule_and_else_by_their_words(theirs: Facts, expected: str) -> None:
    assert verdict("definition", theirs) == expected


def test_after_a_long_text_ours_is_set_apart() -> None:
    long = "adults with asthma, an inadequate response to an inhaler, and no other disease."
    assert said(Facts(population=Told(long)))[0] == f"Population: {long[:-1]}; here: eligible patients."


def test_weeks_are_the_same_or_differ_and_texts_only_read_otherwise() -> None:
    assert verdict("week", Facts(week=weeks("24"))) == "same"
    assert verdict("week", Facts(week=weeks(12))) == "differs"
    assert verdict("population", Facts(population=Told("adults"))) == "other words"


def test_what_one_side_does_not_tell_is_said_of_that_side() -> None:
    assert said(Facts(week=weeks(8)), Facts(dose=Told("15 mg"))) == [
        "Not told: dose (here 15 mg).",
        "Not told of ours: week (week 8).",
        "Told of neither: design, population, line of therapy, drug, definition and missing data.",
    ]


told = st.none() | st.builds(Told, st.sampled_from(["a", "A", "b"]), st.none() | st.sampled_from(["x", "y"]))
facts = st.builds(Facts, told, told, told, told, told, told, told, told)


@given(facts, facts)
def test_nothing_is_said_of_what_is_not_told_and_each_aspect_has_one_verdict(theirs: Facts, ours: Facts) -> None:
    found = differences(theirs, ours)
    assert tuple(each.aspect for each in found) == ASPECTS == get_args(Aspect)
    for each in found:
        assert (each.verdict == "not told") == (each.theirs is None or each.ours is None)
        assert bool(each.here) == (each.verdict != "same" and (each.theirs or each.ours) is not None)
    assert differences(ours, ours)[0].verdict in ("same", "not told")


@given(facts, facts)
def test_a_verdict_is_the_same_from_both_sides(theirs: Facts, ours: Facts) -> None:
    one, other = differences(theirs, ours), differences(ours, theirs)
    assert [each.verdict for each in one] == [each.verdict for each in other]
