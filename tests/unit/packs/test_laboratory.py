"""The laboratory tests of the ibd pack against a table that was typed apart from it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from remit.language.units import factor, spelled
from tests.unit.packs.reading import number, written

# test → unit, LOINC, CDISC test code, NCIt code
CODES = {
    "CRP": ("mg/L", "1988-5", "CRP", "C64548"),
    "ESR": ("mm/h", None, None, None),
    "calprotectin": ("ug/g", "38445-3", "CALPRO", "C82005"),
    "creatinine": ("umol/L", "14682-9", "CREAT", "C64547"),
    "albumin": ("g/L", "1751-7", "ALB", "C64431"),
    "bilirubin": ("umol/L", "14631-6", "BILI", "C38037"),
    "ALT": ("U/L", "1742-6", "ALT", "C64433"),
    "AST": ("U/L", "1920-8", "AST", "C64467"),
    "ALP": ("U/L", "6768-6", "ALP", "C64432"),
    "GGT": ("U/L", "2324-2", "GGT", "C64847"),
    "CK": ("U/L", "2157-6", "CK", "C64489"),
    "cholesterol": ("mmol/L", "14647-2", "CHOL", "C105586"),
    "triglycerides": ("mmol/L", "14927-8", "TRIG", "C64812"),
    "haemoglobin": ("g/L", "718-7", "HGB", "C64848"),
    "haematocrit": ("%", "20570-8", "HCT", "C64796"),
    "neutrophils": ("10*9/L", "26499-4", "NEUT", "C63321"),
    "lymphocytes": ("10*9/L", "26474-7", "LYM", "C51949"),
    "platelets": ("10*9/L", "26515-7", "PLAT", "C51951"),
    "white blood cells": ("10*9/L", "26464-8", "WBC", "C51948"),
    "bowel wall thickness": ("mm", None, None, None),
    "body weight": ("kg", None, "WEIGHT", "C25208"),
    "body height": ("cm", None, "HEIGHT", "C25347"),
}
# so many `to` is one `of`
FACTORS = [
    ("CRP", "mg/dL", "mg/L", Fraction(10)),
    ("calprotectin", "mg/kg", "ug/g", Fraction(1)),
    ("creatinine", "mg/dL", "umol/L", Fraction("88.4")),
    ("albumin", "g/dL", "g/L", Fraction(10)),
    ("bilirubin", "mg/dL", "umol/L", Fraction("17.1")),
    *((test, "ukat/L", "U/L", Fraction(60)) for test in ("ALT", "AST", "ALP", "GGT", "CK")),
    ("cholesterol", "mg/dL", "mmol/L", Fraction("0.02586")),
    ("triglycerides", "mg/dL", "mmol/L", Fraction("0.01129")),
    ("haemoglobin", "g/dL", "g/L", Fraction(10)),
    ("haemoglobin", "mmol/L", "g/dL", 1 / Fraction("0.6206")),
    ("haematocrit", "1", "%", Fraction(100)),
    *(
        (test, unit, "10*9/L", size)
        for test in ("neutrophils", "lymphocytes", "platelets", "white blood cells")
        for unit, size in (("/mm3", Fraction(1, 1000)), ("10*3/uL", Fraction(1)), ("G/L", Fraction(1)))
    ),
    ("bowel wall thickness", "cm", "mm", Fraction(10)),
    ("body height", "m", "cm", Fraction(100)),
]
LABORATORY = written("laboratory")


def size(test: str, unit: str) -> Fraction:
    """How much of the pack's unit is one of `unit`."""
    own = LABORATORY[test]["unit"]
    sizes = {spelled(own): Fraction(1)}
    sizes |= {spelled(other): Fraction(number(text) or 0) for other, text in LABORATORY[test].get("units", {}).items()}
    return sizes[spelled(unit)]


def test_the_table_has_every_test_of_the_pack() -> None:
    assert LABORATORY.keys() == CODES.keys()
    assert {(test, spelled(unit)) for test, unit, _, _ in FACTORS} == {
        (test, spelled(unit)) for test, part in LABORATORY.items() for unit in part.get("units", {})
    }


@pytest.mark.parametrize("test", CODES)
def test_unit_and_codes(test: str) -> None:
    part = LABORATORY[test]
    cdisc = part.get("cdisc", {})
    assert (part["unit"], part.get("loinc"), cdisc.get("testcd"), cdisc.get("nci")) == CODES[test]


@pytest.mark.parametrize(("test", "of", "to", "expected"), FACTORS)
def test_factors(test: str, of: str, to: str, expected: Fraction) -> None:
    assert size(test, of) / size(test, to) == expected


@pytest.mark.parametrize(("test", "of", "to", "expected"), FACTORS)
def test_where_a_unit_is_one_of_the_same_measure_the_pack_says_what_the_units_say(
    test: str, of: str, to: str, expected: Fraction
) -> None:
    assert factor(spelled(of), spelled(to)) in (None, expected)


@pytest.mark.parametrize("test", [test for test, part in LABORATORY.items() if "examples" in part])
def test_worked_conversions(test: str) -> None:
    for example in LABORATORY[test]["examples"]:
        (given, of), (result, to) = (example[key].split(None, 1) for key in ("given", "is"))
        assert Fraction(given) * size(test, of) == Fraction(result) * size(test, to), example


def test_every_test_with_another_unit_has_a_worked_conversion() -> None:
    assert not [test for test, part in LABORATORY.items() if "units" in part and not part.get("examples")]


def test_ten_grams_of_haemoglobin_are_six_point_two_millimoles() -> None:
    """CTCAE writes 10.0 g/dL as 6.2 mmol/L: the monomer, with one atom of iron."""
    assert round(float(10 * size("haemoglobin", "g/dL") / size("haemoglobin", "mmol/L")), 1) == 6.2


def test_what_is_asked_about_is_a_unit_mixed_up() -> None:
    """In g/dL the plausible values of haemoglobin and albumin all lie below those in g/L, so a mix-up shows."""
    for test, high_in_gram_per_decilitre in (("haemoglobin", 22), ("albumin", 6)):
        low = number(LABORATORY[test]["plausible"][0])
        assert low is not None
        assert high_in_gram_per_decilitre < low
    highest_creatinine_in_milligram = Fraction(15)
    assert highest_creatinine_in_milligram < (number(LABORATORY["creatinine"]["plausible"][0]) or 0)
