"""The rules between items: what they let pass, what they ask about, and what they leave alone because it is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest

from remit.language.resolve import resolve
from tests.unit.packs.formulas import parameters_of, scope_of, value
from tests.unit.packs.reading import cases, numbers, written
from tests.unit.packs.references import SEGMENTS, VARIABLES

INSTRUMENTS = written("instruments")
HEALED = {f"{segment}_{variable}": 0 for segment in SEGMENTS for variable in VARIABLES}
ILEUM_SEEN_FROM_AFAR = {item: score for item, score in HEALED.items() if not item.startswith("ileum")}


def broken(instrument: str, items: Mapping[str, int]) -> list[str]:
    """The rules that surely do not hold."""
    part = INSTRUMENTS[instrument]
    scope = scope_of(parameters_of(part))
    known = {item: Fraction(score) for item, score in items.items()}
    return [
        label
        for label, check in part["checks"].items()
        if value(resolve(check["is"], scope, visit="now"), known) is False
    ]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (HEALED, []),
        ({**HEALED, "ileum_narrowing": 3}, []),
        ({**ILEUM_SEEN_FROM_AFAR, "right_narrowing": 3}, []),
        (
            {**HEALED, "ileum_narrowing": 3, "right_narrowing": 3},
            [
                "a narrowing that cannot be passed is seen in one segment only",
                "nothing is scored beyond a narrowing that cannot be passed",
            ],
        ),
        ({**HEALED, "rectum_narrowing": 3}, ["nothing is scored beyond a narrowing that cannot be passed"]),
        (
            {"rectum_narrowing": 3, "left_narrowing": 3},
            ["a narrowing that cannot be passed is seen in one segment only"],
        ),
        (
            {**HEALED, "left_ulcer_size": 2, "left_affected": 1},
            ["the left colon has a size of ulcers where it has an ulcerated surface"],
        ),
        (
            {**HEALED, "rectum_ulcerated": 1, "rectum_affected": 1},
            ["the rectum has a size of ulcers where it has an ulcerated surface"],
        ),
        ({**HEALED, "ileum_ulcer_size": 1, "ileum_ulcerated": 1}, ["an ulcerated surface is an affected surface"]),
        ({"ileum_ulcer_size": 1}, []),
        ({}, []),
    ],
)
def test_ses_cd(items: dict[str, int], expected: list[str]) -> None:
    assert broken("SES-CD", items) == expected


@pytest.mark.parametrize(("mass", "asked"), [(0, False), (1, True), (2, False), (3, True), (4, True), (5, False)])
def test_an_abdominal_mass_of_the_cdai_has_three_values(mass: int, asked: bool) -> None:
    assert bool(broken("CDAI", {"mass": mass})) is asked


def test_three_questions_of_naranjo_have_no_one_point() -> None:
    assert broken("Naranjo", {"after_drug": 2, "rechallenge": 0, "other_causes": -1}) == []
    assert broken("Naranjo", {"rechallenge": 1})


@pytest.mark.parametrize("name", [name for name, part in INSTRUMENTS.items() if "checks" in part])
def test_no_example_of_an_instrument_is_asked_about(name: str) -> None:
    for case in cases(INSTRUMENTS[name]):
        items = {item: int(score) for item, score in numbers(case["items"]).items() if score.denominator == 1}
        assert broken(name, items) == []
