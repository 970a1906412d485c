"""Patients one by one, for figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.schema.profiles import Bar, Individuals
from remit.trace import individuals as drawn
from remit.trace.individuals import individuals_of
from tests.unit.trace.cohort import TEXT, odd


@pytest.fixture
def found(tmp_path: Path) -> Individuals:
    made = odd(tmp_path)
    return individuals_of(made.study, made.records, made.cohort)


def test_bars_go_from_the_greatest_rise_to_the_greatest_fall(found: Individuals) -> None:
    bars = found.bars["fall", "eligible", "score", "week4"]
    assert bars.bars == (Bar("B", None, 5), Bar("E", None, 0), Bar("A", None, -4))
    assert (bars.of, bars.unknown, bars.beyond, bars.known) == (4, 1, 0, 3)


def test_of_a_value_beyond_a_limit_there_is_no_bar(found: Individuals) -> None:
    bars = found.bars["fall", "eligible", "crp", "week4"]
    assert bars.bars == (Bar("A", None, -3.0),)
    assert (bars.of, bars.unknown, bars.beyond) == (4, 2, 1)


def test_more_bars_than_can_be_told_apart_are_not_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "MOST_BARS", 2)
    made = odd(tmp_path)
    bars = individuals_of(made.study, made.records, made.cohort).bars["fall", "eligible", "score", "week4"]
    assert bars.bars == ()
    assert bars.known == 3


def test_lines_are_by_visit_and_leave_out_what_is_beyond_a_limit(found: Individuals) -> None:
    lines = found.lines["course", "eligible", "crp"]
    assert {line.patient: line.values for line in lines.lines} == {
        "A": (9.0, 6.0, 5.5),
        "B": (8.0, None, None),
        "D": (None, None, None),
        "E": (None, None, None),
    }
    assert (lines.of, lines.beyond) == (4, 2)


def test_of_many_the_first_by_index_date_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "MOST_LINES", 2)
    made = odd(tmp_path)
    found = individuals_of(made.study, made.records, made.cohort)
    lines = found.lines["course", "eligible", "score"]
    assert [line.patient for line in lines.lines] == ["A", "B"]
    assert lines.of == 4
    assert found.treatments is not None
    assert [one.patient for one in found.treatments.patients] == ["A", "B"]
    assert found.treatments.of == 4


def test_treatment_has_doses_events_and_the_stop(found: Individuals) -> None:
    assert found.treatments is not None
    assert found.treatments.unit == "mg"
    a, b, d, e = found.treatments.patients
    assert [(dose.start, dose.stop, dose.amount, dose.ongoing) for dose in a.doses] == [
        (0, 20, 10, False),
        (30, None, 20, True),
    ]
    assert [(event.term, event.day, event.adverse, event.serious) for event in a.events] == [
        ("rash", None, True, False),
        ("removal of a tophus", 21, False, None),
    ]
    assert a.ongoing
    assert a.stopped is None
    assert (b.stopped, b.reason, b.observed) == (25, "adverse event", 60)
    assert (d.doses[0].amount, d.doses[0].stop, d.doses[0].ongoing) == (None, None, False)
    assert [dose.what for dose in e.doses] == ["x"]  # the other drug is none of the doses


def test_without_dosing_there_is_no_treatment(tmp_path: Path) -> None:
    without = TEXT.replace(TEXT[TEXT.index("dosing:") : TEXT.index("eligibility:")], "").replace(
        "dosing.stop_day < visit.day", '"any(surgery, where date < visit_date)"'
    )
    made = odd(tmp_path, without)
    assert individuals_of(made.study, made.records, made.cohort).treatments is None
