"""What the ibd pack says of itself: sources, certainties, examples, and the calculators that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.packs.reading import cases, number, written

INSTRUMENTS, DEFINITIONS = written("instruments"), written("definitions")
FILES = ("instruments", "definitions", "laboratory", "classifications", "lists", "special_interest")
CRITERIA = {
    f"{name} {label}": part
    for name, instrument in INSTRUMENTS.items()
    for label, part in instrument.get("criteria", {}).items()
}


def sourced() -> Iterator[tuple[str, dict[str, Any]]]:
    """All that must name its source: entries, criteria and checks."""
    for file in FILES:
        yield from ((f"{file}: {name}", part) for name, part in written(file).items())
    yield from CRITERIA.items()
    for name, part in INSTRUMENTS.items():
        yield from ((f"{name}: {label}", check) for label, check in part.get("checks", {}).items())
        if "bands" in part:
            yield f"{name}: bands", {"source": part["bands_source"], "certainty": part["bands_certainty"]}


@pytest.mark.parametrize(("name", "part"), [*sourced()], ids=[name for name, _ in sourced()])
def test_each_has_a_source_and_is_sure(name: str, part: dict[str, Any]) -> None:
    """K and K- are not built on."""
    assert len(part["source"]) > 20
    assert part["certainty"] in ("V", "D", "K+")


@pytest.mark.parametrize("name", [name for name, part in INSTRUMENTS.items() if "items" in part])
def test_each_instrument_with_items_has_a_worked_example_and_one_with_an_item_unknown(name: str) -> None:
    examples = INSTRUMENTS[name]["examples"]
    assert any(number(example["total"]) is not None for example in examples)
    assert any(example["total"] == "unknown" for example in examples)


@pytest.mark.parametrize("name", [*CRITERIA, *DEFINITIONS])
def test_each_definition_has_examples_on_both_sides(name: str) -> None:
    """Yes and no, or two grades, or two doses."""
    part = CRITERIA.get(name) or DEFINITIONS[name]
    assert len({case["is"] for case in part["examples"]} - {"unknown"}) >= 2


@pytest.mark.parametrize("term", [name for name in DEFINITIONS if name.startswith("CTCAE")])
def test_a_grade_carries_the_version_of_its_scale(term: str) -> None:
    assert term.startswith("CTCAE 5 ")
    assert "CTCAE 5.0" in DEFINITIONS[term]["title"]


def test_no_instrument_is_called_pdai_alone() -> None:
    """Of perianal disease and of pouchitis: two instruments have this name."""
    assert not [name for name in INSTRUMENTS if name.upper() == "PDAI"]


def test_two_scales_of_one_questionnaire_have_two_names() -> None:
    assert [INSTRUMENTS[name]["total"] for name in ("SIBDQ", "SIBDQ mean")] == [["10", "70"], ["1", "7"]]


WRONG = [  # instrument, total, what the other one gives, a word of why
    ("HBI", 8, 12, "doubles pain and stools"),
    ("CDAI", 267, 117, "averages"),
    ("CDAI", 237, 267, "47 of men"),
    ("CDAI", 267, 505, "fraction"),
    ("CDAI", -29, -4, "weight"),
    ("UCEIS", 0, 3, "from 1"),
    ("UCEIS counted from 1", 0, 3, "as they are"),
    ("IBUS-SAS", "77.6", 68, "from 1 to 5"),
    ("SES-CD", 56, 60, "each segment"),
    ("SES-CD", None, 3, "not explored"),
    ("PRO2 weighted", "15.5", "5.5", "without weights"),
    ("PRO2 weighted", "15.5", "108.5", "sums of 7 days"),
    ("SCCAI", 12, 10, "0 or 1"),
]


@pytest.mark.parametrize(("name", "total", "wrong", "why"), WRONG)
def test_the_wrong_calculators_stand_among_the_counter_examples(
    name: str, total: str | int | None, wrong: str | int, why: str
) -> None:
    expected = None if total is None else number(str(total))
    found = [
        case
        for case in INSTRUMENTS[name]["counter_examples"]
        if (number(case["total"]), number(case["not"])) == (expected, number(str(wrong)))
    ]
    assert [case for case in found if why in case["why"]]


@pytest.mark.parametrize(
    ("name", "result", "wrong", "why"),
    [
        ("SES-CD response over half", "no", "yes", "exactly one half"),
        ("PRO2 daily averages remission", "no", "yes", "neither worse"),
        ("PRO2 STRIDE-II remission", "yes", "no", "2.8"),
        ("Mayo remission", "no", "yes", "total alone"),
        ("CTCAE 5 creatinine increased", "2", "0", "version 6.0"),
        ("CTCAE 5 ALT increased", "0", "1", "multiples of the limit"),
        ("transmural healing consensus 2025", "yes", "no", "below 3 mm"),
        ("transmural response Ilvemark 2022", "no", "yes", "exactly 25 %"),
        ("transmural response of 2 mm", "yes", "no", "usual arithmetic"),
        ("biochemical remission Canada", "yes", "no", "and/or"),
        ("difficult-to-treat IOIBD 2023", "no", "yes", "one mechanism"),
        ("prednisone equivalent", "40 mg", "32 mg", "1 to 1"),
    ],
)
def test_definitions_that_differ_by_a_word_stand_among_the_counter_examples(
    name: str, result: str, wrong: str, why: str
) -> None:
    part = CRITERIA.get(name) or DEFINITIONS[name]
    assert [
        case for case in part["counter_examples"] if (case["is"], case["not"]) == (result, wrong) and why in case["why"]
    ]


def test_a_counter_example_is_wrong() -> None:
    """What the other one gives is not what is right."""
    for part in (*INSTRUMENTS.values(), *CRITERIA.values(), *DEFINITIONS.values()):
        for case in cases(part):
            assert case.get("not") not in (case.get("total"), case.get("is")) or "not" not in case


def test_every_mechanism_is_apart_and_every_brand_in_one() -> None:
    lists = written("lists")
    mechanisms = ("anti_tnf", "anti_integrin", "anti_il12_23", "anti_il23", "jak_inhibitors", "s1p_modulators")
    drugs = [drug for name in mechanisms for drug in lists[name]["members"]]
    assert len(drugs) == len(set(drugs))
    assert {"infliximab", "remicade", "adalimumab", "humira"} <= set(lists["anti_tnf"]["members"])


def test_steroids_of_the_whole_body_and_of_the_bowel_are_apart_and_both_are_steroids() -> None:
    lists = {name: set(part["members"]) for name, part in written("lists").items()}
    systemic, local = lists["systemic_corticosteroids"], lists["low_bioavailability_corticosteroids"]
    assert not systemic & local
    assert systemic <= lists["corticosteroids"]
    assert "budesonide" in local & lists["corticosteroids"]


def test_the_codes_of_the_harvey_bradshaw_index() -> None:
    """CDISC COSMoS 2025-09-23: C191044 to C191056 in the order of the tests."""
    cdisc = INSTRUMENTS["HBI"]["cdisc"]
    assert (cdisc["domain"], cdisc["instrument"]) == ("RS", "C191036")
    tests = ["HBI0101", "HBI0102", "HBI0103", "HBI0104", *(f"HBI0105{letter}" for letter in "ABCDEFGH"), "HBI0106"]
    assert list(cdisc["tests"]) == tests
    assert [part["nci"] for part in cdisc["tests"].values()] == [f"C{code}" for code in range(191044, 191057)]
    items = [part["item"] for part in cdisc["tests"].values() if "item" in part]
    assert items == ["wellbeing", "pain", "stools", "mass", "total"]
