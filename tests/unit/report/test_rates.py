"""Events per 100 patient-years: by hand, and what the report says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.report.document import Section, Table, plain
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


def test_what_the_report_says(tmp_path: Path) -> None:
    assert cells(harm(tmp_path)) == [
        ["Events", "99.7 (27.2 to 255.3); 4 events in 3 of 4 patients; 4.0 patient-years"],
        ["Serious events", "0.0 (0.0 to 126.5); 0 events in 0 of 3 patients; 2.9 patient-years"],
        ["Not known of 1.", "Not known of 2.", "None occurred: a rate above 102.7 is excluded (one-sided 95 %)."],
    ]


def test_what_the_methods_say(tmp_path: Path) -> None:
    text = " ".join(methods_text(harm(tmp_path).study).split())
    assert "Exposure is the time from the first dose to the last dose." in text
    assert "Serious events: the number of events that are marked as serious." in text
    assert "Garwood’s exact 95 % Poisson intervals" in text


def test_by_arm(tmp_path: Path) -> None:
    found = harm(tmp_path, STUDY + ARMS + ANALYSIS)
    assert told(found, "any", group="arm", group_level="new")["events"] == 2
    assert not found.results.table.filter(variable="any").filter(contrast="new - old").height


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
