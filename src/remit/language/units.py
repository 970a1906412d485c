"""Units and their exact factors.

Spelling follows UCUM ("ug/g", "mg/dL", "10*9/L") with the everyday forms that people type. A factor is a Fraction;
conversions that depend on the substance (mass to moles) belong to the laboratory test and come from its pack.
"""

from __future__ import annotations

from fractions import Fraction

_SPELLINGS = {
    "day": "d", "days": "d", "week": "wk", "weeks": "wk", "month": "mo", "months": "mo", "year": "a", "years": "a",
    "mcg": "ug", "µg": "ug", "l": "L", "dl": "dL", "ml": "mL", "iu": "U", "IU": "U", "u": "U",
}  # fmt: skip

# atom → (dimension, factor to the dimension's base). A month is one of the calendar, of no fixed number of days.
_ATOMS = {
    "kg": ("mass", Fraction(1000)), "g": ("mass", Fraction(1)), "mg": ("mass", Fraction(1, 10**3)),
    "ug": ("mass", Fraction(1, 10**6)), "ng": ("mass", Fraction(1, 10**9)),
    "L": ("volume", Fraction(1)), "dL": ("volume", Fraction(1, 10)), "mL": ("volume", Fraction(1, 1000)),
    "uL": ("volume", Fraction(1, 10**6)),
    "m": ("length", Fraction(1)), "cm": ("length", Fraction(1, 100)), "mm": ("length", Fraction(1, 1000)),
    "mol": ("amount", Fraction(1)), "mmol": ("amount", Fraction(1, 10**3)),
    "umol": ("amount", Fraction(1, 10**6)), "nmol": ("amount", Fraction(1, 10**9)),
    "U": ("activity", Fraction(1)), "ukat": ("activity", Fraction(60)), "nkat": ("activity", Fraction(60, 1000)),
    "h": ("hours", Fraction(1)), "min": ("hours", Fraction(1, 60)),
    "d": ("days", Fraction(1)), "wk": ("days", Fraction(7)),
    "mo": ("months", Fraction(1)), "a": ("months", Fraction(12)),
    "10*9": ("count", Fraction(10**9)), "10*6": ("count", Fraction(10**6)), "10*3": ("count", Fraction(10**3)),
    "10*12": ("count", Fraction(10**12)),
    "%": ("", Fraction(1, 100)), "": ("", Fraction(1)), "1": ("", Fraction(1)),
}  # fmt: skip


# How many days a unit of the time between two dates has, where it is shown as one number.
DAYS_IN = {"days": Fraction(1), "months": Fraction(36525, 1200), "years": Fraction(36525, 100)}


def spelled(unit: str) -> str:
    """The unit as remit spells it: µg/g → ug/g, weeks → wk, 10^9/L → 10*9/L."""
    folded = unit.strip().replace("µ", "u").replace("μ", "u").replace("^", "*").replace(" ", "")
    return "/".join(_SPELLINGS.get(atom, atom) for atom in folded.split("/"))


def is_known(unit: str) -> bool:
    return all(atom in _ATOMS for atom in unit.split("/"))


def factor(written: str, wanted: str) -> Fraction | None:
    """What a number in `written` is multiplied with to be in `wanted`; None if the two do not measure the same."""
    if written == wanted:
        return Fraction(1)
    if not is_known(written) or not is_known(wanted):
        return None
    from_dimension, from_size = _measure(written)
    to_dimension, to_size = _measure(wanted)
    return from_size / to_size if from_dimension == to_dimension else None


def _measure(unit: str) -> tuple[str, Fraction]:
    """Dimension (as text, "mass/volume") and size in base units."""
    first, *below = unit.split("/")
    dimension, size = _ATOMS[first]
    for atom in below:
        under, divisor = _ATOMS[atom]
        dimension, size = f"{dimension}/{under}", size / divisor
    return dimension, size


_PRINTED = {
    "ug": "µg",
    "umol": "µmol",
    "ukat": "µkat",
    "uL": "µL",
    "10*9": "10⁹",
    "10*6": "10⁶",
    "10*3": "10³",
    "10*12": "10¹²",
}
_WORDS = {"min": "minutes", "h": "hours", "d": "days", "wk": "weeks", "mo": "months", "a": "years", "": "no unit"}


def printed(unit: str) -> str:
    """The unit as a journal prints it: ug/g → µg/g."""
    return "/".join(_PRINTED.get(atom, atom) for atom in unit.split("/"))


def in_words(unit: str) -> str:
    """The unit in a sentence: mg/dL, days, no unit."""
    return _WORDS.get(unit, printed(unit))


def spellings() -> set[str]:
    """What may be written behind a number, for suggestions."""
    common = {"mg/dL", "mg/L", "ug/g", "g/dL", "g/L", "10*9/L", "U/L", "umol/L", "mmol/L"}
    return {*_ATOMS, *_SPELLINGS, *common} - {"", "1"}
