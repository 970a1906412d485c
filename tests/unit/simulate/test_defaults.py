"""What patients look like where nothing is told."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from remit.language.types import Number
from remit.simulate.defaults import number, plausible
from remit.simulate.draw import draw_records
from remit.study.simulation import Draw, Normal, Quartiles, Shape, Shares
from tests.unit.simulate.making import STUDY, drawn, small
from tests.unit.simulate.monte_carlo import inside, share
from tests.unit.sources.making import field


@pytest.mark.parametrize(
    ("low", "high", "draw"),
    [
        (0, 10, Normal(5, 10 / 6)),
        (100, 250, Normal(175, 25)),
        (0, 1000, Quartiles(20, 40, 100)),
        (3, 3, Shares((3.0,), (1.0,))),
        (0, None, Quartiles(5, 10, 20)),
        (None, 100, Normal(80, 5)),
        (None, None, Normal(50, 5)),
    ],
)
def test_numbers_lie_in_the_middle_of_their_range(low: int | None, high: int | None, draw: Draw) -> None:
    assert number(*(None if end is None else Fraction(end) for end in (low, high))) == draw


def test_values_that_nobody_asks_about() -> None:
    test = field("crp", Number("mg/L"), low=Fraction(0), plausible=(Fraction(0), Fraction(500)))
    assert plausible(test, Shape(low=Fraction(0))) == Shape(low=Fraction(0), high=Fraction(500))
    assert plausible(test, Shape(low=Fraction(600))) == Shape(low=Fraction(600))


def test_levels_and_yes_no_are_alike_often(tmp_path: Path) -> None:
    patients = drawn(tmp_path, "", 4000).forms["patients"]
    share(patients["sex"] == "female", 0.5)
    share(patients["smoker"], 0.5)
    inside(patients["height"], 1000, 2500)


def test_texts_are_those_of_the_definitions(tmp_path: Path) -> None:
    records = drawn(tmp_path, "", 200)
    assert set(records.forms["doses"]["drug"]) == {"x"}
    assert set(records.forms["patients"]["note"]) == {"note 1", "note 2"}


def test_rows_are_what_the_index_date_asks_for(tmp_path: Path) -> None:
    text = STUDY.replace('where drug == "x")', 'where drug in ("y", "z") and given and "done" == reason)')
    text = text.replace("      drug: text\n", "      drug: text\n      given: yes/no\n")
    text = text.replace('  where: drug == "x"\n', "")
    doses = draw_records(small(tmp_path, "", text), 50, 1).forms["doses"]
    assert set(doses["drug"]) == {"y"}
    assert doses["given"].all()


def test_events_are_those_that_the_definitions_name(tmp_path: Path) -> None:
    derived = 'derived:\n  fell: any(events, where term == "fall" or term in ("cough", "cold"))\n'
    events = draw_records(small(tmp_path, "", STUDY + derived), 200, 1).forms["events"]
    assert set(events["term"]) == {"fall", "cough", "cold"}


def test_a_number_always_the_same_has_no_spread(tmp_path: Path) -> None:
    shape = "forms: {patients: {fields: {height: {mean: 170, sd: 0}}}}"
    assert set(drawn(tmp_path, shape, 50).forms["patients"]["height"]) == {1700}
