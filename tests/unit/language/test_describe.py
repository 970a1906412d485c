"""Definitions in English: what a clinician would sign for a methods section, neither more nor less than is meant."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from remit.language.describe import band_ranges, describe, number_in_words
from remit.language.query import BandOf, Constant, Query
from remit.language.resolve import resolve, resolve_name
from remit.language.scope import Definition, Scope
from remit.language.words import plural
from remit.study.build import read_study
from remit.study.study import Study
from tests.spec.study import SCOPE

STUDY = Path(__file__).parents[3] / "examples" / "upadacitinib-crohn" / "study.yaml"


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(STUDY)


def said(study: Study, query: Query, visit: str | None = None) -> str:
    return describe(query, study.scope, visit)


def test_index_of_the_first_study(study: Study) -> None:
    assert said(study, study.index) == ("the start date of the first dosing period for which the drug is upadacitinib")


ELIGIBILITY = {
    "under 18": "age is at least 18 years",
    "thromboembolism or arterial event": (
        "no history of venous thromboembolism and no history of an acute arterial event"
    ),
    "cardiovascular risk factors": "no cardiovascular risk factors",
    "not active": (
        "the Harvey-Bradshaw index at baseline is above 8 or the Simple Endoscopic Score for Crohn's Disease is above 6"
    ),
    "therapies not exhausted": (
        "failure of corticosteroids, failure of thiopurines, failure of infliximab, failure of adalimumab, "
        "failure of vedolizumab and failure of ustekinumab"
    ),
    "follow-up under 6 months": "the last day of observation is no earlier than day 168",
}


@pytest.mark.parametrize("label", ELIGIBILITY)
def test_eligibility_of_the_first_study(study: Study, label: str) -> None:
    criterion = next(each for each in study.criteria if each.label == label)
    assert said(study, criterion.passes) == ELIGIBILITY[label]


def test_all_criteria_of_the_first_study_are_tested(study: Study) -> None:
    assert {each.label for each in study.criteria} == set(ELIGIBILITY)


ENDPOINTS = {
    "clinical_remission": "the Harvey-Bradshaw index is at most 3 and the patient is not on corticosteroids",
    "clinical_response": "the Harvey-Bradshaw index fell from baseline by more than 3 points",
    "biochemical_remission": "faecal calprotectin is below 150 µg/g and C-reactive protein is below 0.5 mg/dL",
    "transmural_response": "bowel wall thickness fell from baseline by at least 2 mm",
    "transmural_healing": "bowel wall thickness is below 3 mm",
    "deep_remission": "“clinical remission, steroid-free” and biochemical remission and transmural healing",
    "continuation": "the day of the permanent stop is no earlier than day 168",
    "biochemical_remission_by_week24": "biochemical remission at week 12 or biochemical remission",
}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_endpoints_of_the_first_study(study: Study, name: str) -> None:
    assert said(study, study.endpoints[name].queries["week24"], "week24") == ENDPOINTS[name]


def test_all_endpoints_of_the_first_study_are_tested(study: Study) -> None:
    assert set(study.endpoints) == set(ENDPOINTS)


DERIVED = {
    "age": "the time from the birth date to the index date",
    "female": "sex is female",
    "any_previous_surgery": "previous abdominal surgery is not “none”",
    "bwt": (
        "the greatest measured value of bowel wall thickness of the ileum and bowel wall thickness of the colon "
        "(unknown unless each that was measured at baseline is measured again)"
    ),
    "steroids_at_baseline": "the patient is on corticosteroids at baseline",
    "hbi_band": "the band of the Harvey-Bradshaw index at baseline",
    "steroid_free_30_days": (
        "no course of corticosteroids for which the start date is on or before the visit date "
        "and the stop date is later than 30 days before the visit date"
    ),
    "failed_anti_tnf": (
        "at least one prior therapy for which the drug is one of the anti-TNF agents "
        "and the outcome is primary failure or loss of response"
    ),
    "difficult_to_treat": (
        "at least 2 of these hold: (failure of anti-TNF agents; failure of anti-integrin agents; "
        "failure of anti-IL-12/23 agents)"
    ),
    "bowel_surgery_in_induction": (
        "at least one procedure for which the procedure is bowel resection "
        "and the study day is no earlier than day 0 and before day 84"
    ),
    "resumed_after_surgery": (
        "at least one dosing period for which the drug is upadacitinib and the start date is on or after the date of "
        "the first procedure (for which the procedure is bowel resection and the study day is no earlier than day 0)"
    ),
    "drainage": "fistula drainage at week 24",
}


@pytest.mark.parametrize("name", DERIVED)
def test_derived_values_of_the_first_study(study: Study, name: str) -> None:
    assert said(study, resolve_name(name, study.scope, visit="week12"), "week12") == DERIVED[name]


def entries(file: str) -> list[tuple[str, ...]]:
    """An expression a paragraph, and below it what is said."""
    text = (Path(__file__).parent / file).read_text(encoding="utf-8")
    return [tuple(re.sub("^  (yes: |no:  )?", "", line) for line in part.splitlines()) for part in text.split("\n\n")]


@pytest.mark.parametrize(("text", "holds", "fails"), entries("statements.txt"))
def test_statements(text: str, holds: str, fails: str) -> None:
    """Each kind of query, at week 12: what is said when it holds, and when it does not."""
    assert describe(resolve(text, SCOPE, visit="week12"), SCOPE, "week12") == holds
    assert describe(resolve(f"not ({text})", SCOPE, visit="week12"), SCOPE, "week12") == fails
    assert describe(resolve(f"not not ({text})", SCOPE, visit="week12"), SCOPE, "week12") == holds


@pytest.mark.parametrize(("text", "words"), entries("joined.txt"))
def test_joined(text: str, words: str) -> None:
    """What joins several statements or values can be read in one way only."""
    assert describe(resolve(text, SCOPE, visit="week12"), SCOPE, "week12") == words


def test_the_visit_is_said_where_it_is_another() -> None:
    query = resolve("hbi <= 3 and hbi@baseline > 8", SCOPE, visit="week12")
    words = "the Harvey-Bradshaw index{} is at most 3 and the Harvey-Bradshaw index at baseline is above 8"
    assert describe(query, SCOPE, "week12") == words.format("")
    assert describe(query, SCOPE) == words.format(" at week 12")


def with_definitions(*definitions: Definition) -> Scope:
    return replace(SCOPE, definitions={**SCOPE.definitions, **{each.name: each for each in definitions}})


def test_a_definition_is_unfolded_once() -> None:
    scope = with_definitions(
        Definition("remission", "clinical remission", "hbi <= 3"),
        Definition("deep", "deep remission", "remission and bwt_ileum < 3 mm"),
    )
    words = "clinical remission and bowel wall thickness of the ileum is below 3 mm"
    assert describe(resolve_name("deep", scope, visit="week12"), scope, "week12") == words


def test_a_name_that_could_be_read_as_two_is_quoted() -> None:
    scope = with_definitions(Definition("event", "thromboembolism or arterial event", "prior_vte"))
    assert describe(resolve("event and smoker", scope), scope) == (
        "“thromboembolism or arterial event” and current smoking"
    )


def test_conversion_of_units_is_not_said() -> None:
    """The right side is brought to mg/dL; a factor that was written is said."""
    query = resolve("crp * 2 > crp@baseline", SCOPE, visit="week12")
    assert describe(query, SCOPE, "week12") == "C-reactive protein times 2 is above C-reactive protein at baseline"
    query = resolve("dosing.stop_day > max(adverse_events.grade) * 10 days", SCOPE)
    assert describe(query, SCOPE) == (
        "the day of the permanent stop is after the greatest CTCAE grade over all adverse events times 10 days"
    )


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("adverse event", "adverse events"),
        ("course of corticosteroids", "courses of corticosteroids"),
        ("prior therapy", "prior therapies"),
        ("stay in hospital", "stays in hospital"),
        ("biopsy", "biopsies"),
        ("relapse", "relapses"),
        ("box", "boxes"),
    ],
)
def test_plural(one: str, many: str) -> None:
    assert plural(one) == many


def test_band_ranges() -> None:
    query = resolve("band(hbi)", SCOPE, visit="week12")
    assert isinstance(query, BandOf)
    assert band_ranges(query) == "remission 0 to 4, mild 5 to 7, moderate 8 to 16, severe 17 or more"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("150 ug/g", "150 µg/g"),
        ("18 years", "18 years"),
        ("12 months", "1 year"),
        ("18 months", "18 months"),
        ("1 month", "1 month"),
        ("2 weeks", "14 days"),
        ("1 day", "1 day"),
        ("50 %", "50 %"),
        ("0.50 mg/dL", "0.5 mg/dL"),
        ("1/3", "1/3"),
        ("1/8", "0.125"),
        ("10 10*9/L", "10 10⁹/L"),
        ("-2 mm", "-2 mm"),
    ],
)
def test_numbers(text: str, words: str) -> None:
    query = resolve(text, SCOPE)
    assert isinstance(query, Constant)
    assert number_in_words(query) == words
