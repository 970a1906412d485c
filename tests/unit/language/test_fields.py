"""What a definition reads: what must be collected, and when every part of it is known."""

from __future__ import annotations

import pytest

from remit.language.fields import aggregates, collected, complete, values
from remit.language.interpret import UNKNOWN, Interval, Patient, exactly, interpret
from remit.language.query import Query
from remit.language.resolve import resolve
from tests.spec.study import SCOPE


def at_week12(text: str) -> Query:
    return resolve(text, SCOPE, visit="week12")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("hbi <= 3 and not visits.steroids", "visits.hbi visits.steroids"),
        ("fall(crp) > 1 mg/L", "visits.crp"),
        ("index_date - birth_date >= 18 years", "index.date patients.birth_date"),
        ("clinic_score > 3", "visits.wellbeing visits.pain visits.stools"),
        ("any(adverse_events, where serious and grade > hbi@baseline)",
         "adverse_events.serious adverse_events.grade visits.hbi"),
        ("last(samples.result) < 50", "samples.result samples.taken"),
        ("max(visits.clinic_score) > 3", "visits.wellbeing visits.pain visits.stools"),
        ("any(steroids, where covers(index_date))", "steroids.start_date steroids.stop_date index.date"),
        ("yes", ""),
    ],
)  # fmt: skip
def test_collected(text: str, fields: str) -> None:
    assert {f"{form}.{field}" for form, field in collected(at_week12(text))} == set(fields.split())


def test_values_are_each_said_once_in_order() -> None:
    found = values(at_week12("hbi > 3 and crp > 5 mg/L or hbi@baseline > hbi"))
    assert [(value.field, value.visit) for value in found] == [
        ("hbi", "week12"),
        ("crp", "week12"),
        ("hbi", "baseline"),
    ]


def test_aggregates_come_after_those_that_they_need() -> None:
    inner = "first(adverse_events.start_date, where serious)"
    query = at_week12(f"any(treatment, where start_date > {inner}) and {inner} > index_date and any(samples)")
    found = [(aggregate.kind, aggregate.form) for aggregate in aggregates(query)]
    assert sorted(found) == [("any", "samples"), ("any", "treatment"), ("first", "adverse_events")]
    assert found.index(("first", "adverse_events")) < found.index(("any", "treatment"))


def known(text: str, **week12: object) -> bool:
    """Is every part known, for a patient of whom only these values at week 12 are?"""
    kinds = {"visits": SCOPE.forms["visits"].fields, "patients": SCOPE.forms["patients"].fields}
    found = {
        (form, name, "week12" if form == "visits" else None): value
        for form, fields in kinds.items()
        for name, value in week12.items()
        if name in fields
    }
    result = interpret(complete(at_week12(text)), Patient(found))  # type: ignore[arg-type]
    assert isinstance(result, bool)
    return result


def test_complete_asks_for_every_part_even_where_one_decides() -> None:
    text = "hbi <= 3 and bwt_ileum < 3 mm"
    assert not known(text, hbi=exactly(9))
    assert known(text, hbi=exactly(9), bwt_ileum=exactly(2))
    assert not known("smoker or prior_vte", smoker=True)


def test_complete_counts_a_value_beyond_the_limit_of_the_assay_as_known() -> None:
    assert known("calprotectin < 20 ug/g", calprotectin=Interval(None, exactly(50).low, False, True))
    assert not known("calprotectin < 20 ug/g", calprotectin=UNKNOWN)


def test_complete_asks_of_the_greatest_measured_value_as_a_whole() -> None:
    assert known("max_measured(bwt_ileum, bwt_colon) < 3 mm", bwt_ileum=exactly(2))
    assert not known("max_measured(bwt_ileum, bwt_colon) < 3 mm")
    assert not known("max(bwt_ileum, bwt_colon) < 3 mm", bwt_ileum=exactly(2))


def test_complete_asks_for_what_is_carried_forward_and_for_a_sum_of_what_is_known_as_a_whole() -> None:
    assert known("sum_known(wellbeing, pain, stools) < 3", pain=exactly(2))
    assert not known("sum_known(wellbeing, pain, stools) < 3")
    carried = resolve("last_observed(hbi) < 3", SCOPE, visit="week24")
    assert interpret(complete(carried), Patient({("visits", "hbi", "week12"): exactly(2)}))
    assert not interpret(complete(carried), Patient({("visits", "hbi", "baseline"): exactly(2)}))


def test_complete_asks_how_many_rows_there_are_exactly() -> None:
    query = complete(at_week12("count(adverse_events, where serious) < 5"))
    sure = {"_row": 1, "serious": True}
    unsure = {"_row": 2, "serious": None}
    assert interpret(query, Patient(rows={"adverse_events": [sure]})) is True  # type: ignore[dict-item]
    assert interpret(query, Patient(rows={"adverse_events": [sure, unsure]})) is False  # type: ignore[dict-item]


def test_complete_of_what_reads_nothing() -> None:
    assert known("yes")
