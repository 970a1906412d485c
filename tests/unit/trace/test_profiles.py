"""A page a patient: what was seen, decided and narrated, of patients each of whom is odd in another way."""

from __future__ import annotations

import datetime
from pathlib import Path

import polars as pl
import pytest

from remit.errors import WrongInput
from remit.schema.profiles import Decision, Measured, Period, Profile, Profiles, Told
from remit.trace.narratives import covers, narrated
from remit.trace.profiles import first_patients, known_patients, patients_with_serious_events, profiles_of
from tests.unit.trace.cohort import TEXT, Odd, odd


@pytest.fixture
def made(tmp_path: Path) -> Odd:
    return odd(tmp_path)


def profiles(made: Odd) -> Profiles:
    return profiles_of(made.study, made.records, made.cohort, first_patients(made.cohort))


def of(made: Odd, patient: str) -> Profile:
    return next(each for each in profiles(made).patients if each.patient == patient)


def decision(found: tuple[Decision, ...], what: str) -> Decision:
    return next(each for each in found if each.what == what)


def test_everybody_has_a_page_also_who_is_not_eligible(made: Odd) -> None:
    found = profiles(made)
    assert [(each.patient, each.included, each.excluded_by) for each in found.patients] == [
        ("A", True, None),
        ("B", True, None),
        ("C", False, "no consent"),
        ("D", True, None),
        ("E", True, None),
        ("F", False, "undecidable"),
    ]
    assert (found.of, found.estimand, found.tells_serious) == (6, "strict", True)


def test_facts_are_those_of_the_first_summary(made: Odd) -> None:
    assert of(made, "A").facts == (Told("age", "41.1 years"), Told("sex", "female"))
    assert of(made, "E").facts == (Told("age", None), Told("sex", None))


def test_values_have_their_visit_and_day(made: Odd) -> None:
    score, crp, flare, lower = of(made, "A").measures
    assert score.values == (
        Measured("Baseline", 0, "50", 50, 50),
        Measured("Week 4", 27, "46", 46, 46),
        Measured("Week 8", 56, "50", 50, 50),
    )
    assert (crp.label, crp.unit, crp.is_number) == ("C-reactive protein", "mg/dL", True)
    assert [value.text for value in flare.values] == ["yes", "no", "no"]
    assert [value.text for value in lower.values] == ["5.0 mg/dL", "4.5 mg/dL"]


def test_values_beyond_limits_are_bounds(made: Odd) -> None:
    crp = of(made, "E").measures[1]
    assert crp.values[0] == Measured("Baseline", 0, ">10.0 mg/dL", 10.0, None)
    assert crp.values[1].text == "<2.0 mg/dL"


def test_a_visit_that_no_rule_uses_is_kept(made: Odd) -> None:
    assert [(visit.day, visit.visit) for visit in of(made, "A").attended] == [
        (0, "Baseline"),
        (27, "Week 4"),
        (40, None),
        (56, "Week 8"),
    ]


def test_decisions_say_what_decided_them(made: Odd) -> None:
    a, b, d = (of(made, name) for name in "ABD")
    week4, week8 = a.endpoints
    assert (week4.verdict, week4.counted, week4.handled) == (True, "yes", None)
    assert any("fell from baseline by at least 3" in why and why.endswith(": 4") for why in week4.why)
    assert week8.verdict is False
    assert len(week8.why) == 1  # what failed, not what held
    assert decision(b.endpoints, "relief, Week 4").verdict is False
    assert (d.endpoints[0].verdict, d.endpoints[0].counted) == (None, "no")
    assert all(why.endswith("not known") for why in d.endpoints[0].why)
    assert decision(of(made, "C").criteria, "no consent").verdict is False


def test_an_intercurrent_event_says_that_it_decided(tmp_path: Path) -> None:
    better = [
        {"patient": "B", "visit_date": day, "score": score, "crp": 10, "crp__censored": 0, "flare": False}
        for day, score in ((datetime.date(2023, 1, 1), 30), (datetime.date(2023, 1, 29), 10))
    ]
    week4 = of(odd(tmp_path, visits=better), "B").endpoints[0]
    assert (week4.verdict, week4.counted) == (True, "no")
    assert week4.handled == "permanent stop of the drug: composite"


def test_without_estimands_nothing_is_counted_otherwise(tmp_path: Path) -> None:
    without = TEXT[: TEXT.index("intercurrent_events:")] + TEXT[TEXT.index("analyses:") :]
    found = odd(tmp_path, without)
    assert profiles(found).estimand is None
    assert of(found, "A").endpoints[0].counted is None


def test_a_patient_without_doses_has_no_day_0(made: Odd) -> None:
    f = of(made, "F")
    assert (f.start, f.treated.doses, f.attended, f.narratives) == (None, (), (), ())
    assert all(value.text is None for measure in f.measures for value in measure.values)


def test_a_serious_event_is_narrated_with_what_was_given_and_measured(made: Odd) -> None:
    (one,) = of(made, "B").narratives
    assert (one.event.term, one.age, one.on_drug) == ("pneumonia", 41, True)
    assert one.dose is not None
    assert one.dose.amount == 10
    assert [period.what for _, period in one.beside] == ["methylprednisolone"]
    label, before, after = one.around[0]
    assert (label, before and before.day, after and after.day) == ("pain score", -3, 28)
    assert not of(made, "E").narratives  # the charts do not say that it was serious


def test_doubts_name_their_place(made: Odd) -> None:
    assert [doubt.text for doubt in of(made, "A").doubts] != []
    assert all("S01.xlsx" in doubt.label for doubt in of(made, "A").doubts)


def test_who_had_serious_events(made: Odd, tmp_path: Path) -> None:
    assert patients_with_serious_events(made.study, made.cohort).to_list() == ["B", "C"]
    without = odd(tmp_path, TEXT.replace("serious: yes/no", "grave: yes/no").replace("by: [serious]", "by: [grave]"))
    assert patients_with_serious_events(without.study, without.cohort).to_list() == []


def test_patients_are_asked_for_by_their_names(made: Odd) -> None:
    assert known_patients(made.cohort, ["B", "A", "B"]).to_list() == ["B", "A"]
    with pytest.raises(WrongInput) as raised:
        known_patients(made.cohort, ["A", "Z"])
    assert raised.value.what == "there is no patient 'Z' in this run"
    assert raised.value.remedy == "Name patients as the charts do: A, B, C, …"


def test_nobody_has_no_page(made: Odd) -> None:
    nobody = pl.Series("patient", [], dtype=pl.String)
    assert profiles_of(made.study, made.records, made.cohort, nobody).patients == ()


@pytest.mark.parametrize(
    ("start", "stop", "ongoing", "expected"),
    [
        (0, 10, False, True),
        (5, 10, False, True),
        (6, 10, False, False),
        (0, 5, False, False),  # the stop is the first day without
        (0, None, True, True),
        (0, None, False, None),
        (None, 5, False, False),
        (None, 6, False, None),
        (6, None, True, False),
    ],
)
def test_a_period_covers_a_day(start: int | None, stop: int | None, ongoing: bool, expected: bool | None) -> None:
    assert covers(Period(start, stop, ongoing), 5) is expected


def test_age_is_in_full_years_on_the_day_of_the_event(made: Odd) -> None:
    b = of(made, "B")
    start = datetime.date(2023, 1, 1)
    birthday = start + datetime.timedelta(days=23)
    on_it = narrated(b.treated, (), (), birthday.replace(year=1983), start)
    before_it = narrated(b.treated, (), (), birthday.replace(year=1983, day=birthday.day + 1), start)
    assert [one.age for one in (*on_it, *before_it)] == [40, 39]
    assert [one.age for one in narrated(b.treated, (), (), None, start, age=55)] == [55]
