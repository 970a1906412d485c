"""Units and their exact factors."""

from __future__ import annotations

from fractions import Fraction

import pytest

from remit.language.units import factor, in_words, is_known, printed, spelled


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("µg/g", "ug/g"),
        ("μg/g", "ug/g"),  # the Greek letter, not the micro sign
        ("mcg/g", "ug/g"),
        ("mg/dl", "mg/dL"),
        ("10^9/L", "10*9/L"),
        ("10*9 / L", "10*9/L"),
        ("IU/L", "U/L"),
        ("weeks", "wk"),
        ("years", "a"),
        (" mm ", "mm"),
    ],
)
def test_spelled(written: str, unit: str) -> None:
    assert spelled(written) == unit
    assert is_known(unit)


@pytest.mark.parametrize(
    ("written", "wanted", "expected"),
    [
        ("mg/L", "mg/dL", Fraction(1, 10)),
        ("mg/dL", "mg/L", Fraction(10)),
        ("mg/kg", "ug/g", Fraction(1)),
        ("g/L", "mg/dL", Fraction(100)),
        ("cm", "mm", Fraction(10)),
        ("wk", "d", Fraction(7)),
        ("a", "mo", Fraction(12)),
        ("%", "", Fraction(1, 100)),
        ("10*9/L", "10*3/uL", Fraction(1)),
        ("ukat/L", "U/L", Fraction(60)),
        ("mmol/L", "umol/L", Fraction(1000)),
    ],
)
def test_factor(written: str, wanted: str, expected: Fraction) -> None:
    assert factor(written, wanted) == expected
    assert factor(wanted, written) == 1 / expected


@pytest.mark.parametrize(
    ("written", "wanted"),
    [("mg", "mm"), ("mg/dL", "umol/L"), ("mo", "d"), ("h", "d"), ("mg", "mg/dL"), ("mg/L", ""), ("furlong", "m")],
)
def test_what_does_not_measure_the_same_has_no_factor(written: str, wanted: str) -> None:
    assert factor(written, wanted) is None


def test_printed() -> None:
    assert printed("ug/g") == "µg/g"
    assert printed("10*9/L") == "10⁹/L"
    assert printed("mg/dL") == "mg/dL"
    assert in_words("d") == "days"
    assert in_words("a") == "years"
    assert in_words("umol/L") == "µmol/L"
