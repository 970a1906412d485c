"""What a result is, in words."""

from __future__ import annotations

import pytest

from remit.report.trace_words import Teller, Told
from remit.schema.results import Results
from tests.unit.report.studies import example


@pytest.fixture(scope="module")
def telling() -> tuple[Teller, Results]:
    one = example()
    return Teller(one.study), one.results


def of(telling: tuple[Teller, Results], result: str) -> Told:
    teller, results = telling
    (row,) = [row for row in results.table.iter_rows(named=True) if row["result"] == result]
    return teller.told(row)


def test_an_endpoint_under_an_estimand(telling: tuple[Teller, Results]) -> None:
    assert of(telling, "effectiveness.eligible.week12.clinical_remission.composite.percent") == Told(
        "Clinical remission, steroid-free, at week 12",
        "The Harvey-Bradshaw index is at most 3 and the patient is not on corticosteroids.",
        "Eligible patients.",
        "Estimand “composite”: after permanent stop of the drug or bowel surgery, the endpoint counts as not reached "
        "(composite strategy). Where it is not known, the patient counts as not having reached it.",
    )


def test_a_completion_says_how_many_of_the_unknown_reached_it(telling: tuple[Teller, Results]) -> None:
    found = of(telling, "sensitivity_response_week12.eligible.week12.clinical_response.0.as_published.n")
    assert found.subject == "Clinical response, if 0 of those not known had reached it, at week 12"


def test_a_population_within_another_says_both(telling: tuple[Teller, Results]) -> None:
    found = of(telling, "flow.eligible.population.on_drug_week12.n")
    assert found.definition == (
        "On the drug at week 12. The day of the permanent stop is no earlier than day 84. Of: Eligible patients."
    )


def test_every_result_is_told(telling: tuple[Teller, Results]) -> None:
    teller, results = telling
    untold = [row["result"] for row in results.table.iter_rows(named=True) if not teller.told(row).subject]
    assert untold == []
