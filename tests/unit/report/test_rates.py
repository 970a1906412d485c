"""Events per 100 patient-years: by hand, and what the report says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from remit.errors import WrongInput
from remit.report.document import Paragraph, Section, Table, plain
from remit.report.methods import methods_text
from remit.schema.results import Address
from tests.unit.derive.small import day, study_of
from tests.unit.report.studies import Made, made

STUDY = """
remit: 1
study: {id: rates, title: Rates}
index: first_dose
forms:
  people:
    rows: once
    fields: {first_dose: date, last_dose: date, group: {levels: [old, new]}, weight: {unit: kg, decimals: 1}}
  events:
    rows: event
    one: event
    date: start
    fields: {start: date, serious: yes/no}
"""
ANALYSIS = """
analyses:
  harm:
    kind: rates
    title: Harm
    exposure: last_dose - first_dose
    rows:
      - {is: count(events), name: any, label: events}
      - {is: 'count(events, where serious)', name: serious, label: serious events}
"""
ARMS = """
arms:
  planned: group
  reference: old
"""
Rows = list[dict[str, Any]]


def person(name: str, days: int | None, group: str = "old") -> dict[str, Any]:
    return {"patient": name, "first_dose": day(0), "last_dose": None if days is None else day(days), "group": group}


def event(name: str, serious: bool | None = False) -> dict[str, Any]:
    return {"patient": name, "start": day(3), "serious": serious}


PEOPLE: Rows = [person("a", 300), person("b", 65), person("c", 700, "new"), person("d", None), person("e", 400, "new")]
EVENTS: Rows = [event("a"), event("a"), event("c"), event("d"), event("e", None)]


def harm(folder: Path, text: str = STUDY + ANALYSIS, people: Rows = PEOPLE, events: Rows = EVENTS) -> Made:
    return made(folder, text, people=people, events=events)


def told(found: Made, variable: str, **where: str) -> dict[str, float | None]:
    at = Address("harm", "eligible", variable=variable, **where)
    return {name: result.value for name, result in found.lookup.at(at).items()}


def test_events_over_the_patients_of_whom_both_are_known(tmp_path: Path) -> None:
    found = harm(tmp_path)
    any_event = told(found, "any")
    years = (300 + 65 + 700 + 400) / 365.25
    assert (any_event["events"], any_event["patients"]) == (4, 3)
    assert any_event["patient_years"] == pytest.approx(years)
    assert any_event["rate"] == pytest.approx(100 * 4 / years)
    # Garwood's limits of 4 events are 1.0899 and 10.2416.
    assert any_event["lower"] == pytest.approx(108.9866 / years, rel=1e-4)
    assert any_event["upper"] == pytest.approx(1024.1589 / years, rel=1e-4)
    n = found.lookup.one(Address("harm", "eligible", variable="any"), "rate")
    assert (n.numerator, n.denominator, n.missing, n.population_n) == (4, 4, 1, 5)
    assert (n.unit, n.method) == ("per 100 patient-years", "exact Poisson 95 %")


def test_none_occurred(tmp_path: Path) -> None:
    """By the rule of three 2.996 events are excluded; of e it is not known whether the event was serious."""
    found = told(harm(tmp_path), "serious")
    years = (300 + 65 + 700) / 365.25
    assert (found["events"], found["rate"], found["lower"]) == (0, 0, 0)
    assert found["upper_bound"] == pytest.approx(299.5732 / years, rel=1e-4)


def cells(found: Made) -> list[list[str]]:
    section: Section = next(each for each in found.document.sections if each.name == "analysis-harm")
    (table,) = (each for each in section.blocks if isinstance(each, Table))
    lines = [[plain(row.label), *("; ".join(map(plain, cell.lines)) for cell in row.cells)] for row in table.rows]
    lines.append([plain(note) for note in table.marked])
    return [[text.replace("\xa0", " ") for text in line] for line in lines]


def sentence(found: Made) -> str:
    section = next(each for each in found.document.sections if each.name == "analysis-harm")
    (said,) = (each for each in section.blocks if isinstance(each, Paragraph))
    return plain(said.words).replace("\xa0", " ")


def test_the_sentence(tmp_path: Path) -> None:
    assert sentence(harm(tmp_path)) == (
        "Per 100 patient-years, among eligible patients (95 % CI): events 99.7 (27.2 to 255.3); and serious events 0.0 "
        "(0.0 to 126.5)."
    )


def test_what_the_report_says(tmp_path: Path) -> None:
    assert cells(harm(tmp_path)) == [
        ["Events", "99.7 (27.2 to 255.3); 4 events in 3 of 4 patients; 4.0 patient-years"],
        ["Serious events", "0.0 (0.0 to 126.5); 0 events in 0 of 3 patients; 2.9 patient-years"],
        ["Not known of 1.", "Not known of 2.", "None occurred: a rate above 102.7 is excluded (one-sided 95 %)."],
    ]


def test_what_the_methods_say(tmp_path: Path) -> None:
    text = " ".join(methods_text(harm(tmp_path).study).split())
    assert "Wilson" not in text
    assert "Exposure is the time from the first dose to the last dose." in text
    assert "Serious events: the number of events that are marked as serious." in text
    assert "Garwood’s exact 95 % Poisson intervals" in text


def test_by_arm(tmp_path: Path) -> None:
    found = harm(tmp_path, STUDY + ARMS + ANALYSIS)
    assert told(found, "any", group="arm", group_level="new")["events"] == 2
    ratio = told(found, "any", group="arm", contrast="new - old")
    # 2 events in 1100 days against 2 in 365. R: poisson.test(c(2, 2), c(1100, 365))
    assert ratio["rate_ratio"] == pytest.approx(365 / 1100)
    assert ratio["lower"] == pytest.approx(0.0240518, abs=1e-6)
    assert ratio["upper"] == pytest.approx(4.5777526, abs=1e-6)
    assert ratio["p"] == pytest.approx(0.2602797, abs=1e-6)
    row = found.lookup.one(Address("harm", "eligible", variable="any", group="arm", contrast="new - old"), "rate_ratio")
    assert (row.numerator, row.denominator, row.missing, row.population_n) == (4, 4, 1, 5)
    assert row.method == "exact conditional 95 %"


def test_what_the_report_says_by_arm(tmp_path: Path) -> None:
    found = harm(tmp_path, STUDY + ARMS + ANALYSIS)
    assert cells(found)[0][-1] == "0.33 (0.02 to 4.58); p = 0.260"
    assert cells(found)[1][-1] == "—"
    assert "Not given: no events in either group: nothing is known of the ratio." in cells(found)[-1]
    assert sentence(found).startswith(
        "Per 100 patient-years, among eligible patients (95 % CI): events, old 200.1 (24.2 to 723.0), new 66.4 (8.0 to "
        "239.9) and rate ratio of new to old 0.33 (0.02 to 4.58); and serious events, old 0.0 "
    )
    text = methods_text(found.study).replace("\n", " ")
    assert "Arms are compared by the ratio of their rates" in text
    assert "No hypothesis is tested but by the exact test of rate ratios" in text


def test_arms_are_not_compared_where_it_is_not_asked(tmp_path: Path) -> None:
    for text in (ARMS.replace("  reference: old\n", "") + ANALYSIS, ARMS + ANALYSIS + "    compare: no\n"):
        found = harm(tmp_path, STUDY + text)
        assert not found.results.table.filter(pl.col("contrast").is_not_null()).height
        assert len(cells(found)[0]) == 4


@pytest.mark.parametrize(
    ("events", "people", "said"),
    [
        ([event("a")], PEOPLE, "0.00 (0.00 to 12.94); p = 0.249"),
        ([event("c")], PEOPLE, "— (0.01 or more); p = 1.000"),
        ([], PEOPLE, "—"),
        ([event("a")], [person("a", 0), person("c", 5, "new")], "—"),
        ([event("a")], [person("a", 5)], "—"),
    ],
)
def test_ratios_at_the_edge(tmp_path: Path, events: Rows, people: Rows, said: str) -> None:
    found = harm(tmp_path, STUDY + ARMS + ANALYSIS, people=people, events=events)
    assert cells(found)[0][-1] == said
    if said.startswith("— (0.01"):
        assert "Not given: no events with old: the ratio would divide by 0." in cells(found)[-1]
    assert "nan" not in sentence(found)
    assert "inf" not in sentence(found)


def test_nobody_is_observed_for_any_time(tmp_path: Path) -> None:
    nobody = harm(tmp_path, people=[person("d", None)], events=[])
    assert told(nobody, "any")["rate"] is None
    assert cells(nobody)[0] == ["Events", "—; 0 events in 0 of 0 patients; 0.0 patient-years"]
    found = harm(tmp_path, people=[person("a", 0)], events=[event("a")])
    assert "Not given: there are events, and no time of exposure." in cells(found)[-1]


def test_a_time_before_the_start_is_no_exposure(tmp_path: Path) -> None:
    found = harm(tmp_path, people=[person("a", -5), person("b", 65)])
    rate = found.lookup.one(Address("harm", "eligible", variable="any"), "rate")
    assert (rate.denominator, rate.missing) == (1, 1)
    assert "Not known of 1: in 1 the events or the exposure are below 0, which cannot be." in cells(found)[-1]


def test_events_below_0_are_none(tmp_path: Path) -> None:
    found = harm(tmp_path, (STUDY + ANALYSIS).replace("is: count(events),", "is: 1 - count(events),"))
    # a has two events, and so −1; of b, c, e there are 1, 0 and 0.
    rate = found.lookup.one(Address("harm", "eligible", variable="any"), "rate")
    assert (rate.numerator, rate.denominator, rate.missing) == (1, 3, 2)
    assert "Not known of 2: in 1 the events or the exposure are below 0, which cannot be." in cells(found)[-1]


@pytest.mark.parametrize(
    ("line", "instead", "what"),
    [
        (
            "exposure: last_dose - first_dose",
            "exposure: weight",
            "this is a number in kg, where",
        ),
        ("is: count(events),", "is: first_dose,", "this is a date"),
        ("is: count(events),", "is: weight / 1 kg,", "this is"),
        ("name: any", "name: exposure", "'exposure' is what the patient-years are called"),
        ("name: any", "name: serious", "two rows are called 'serious'"),
        ("name: any", "among: known(weight)", "a rate has no `among`"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, line: str, instead: str, what: str) -> None:
    with pytest.raises(WrongInput) as caught:
        study_of(tmp_path, text=(STUDY + ANALYSIS).replace(line, instead))
    assert what in caught.value.what
