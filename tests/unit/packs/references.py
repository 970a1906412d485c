"""Instruments, criteria and grades once more, in plain Python, from the tables of the papers.

Written apart from the pack, and as differently as can be: weights in a table, boundaries in a list. None is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

Items = Mapping[str, Fraction]
SEGMENTS = ("ileum", "right", "transverse", "left", "rectum")
VARIABLES = ("ulcer_size", "ulcerated", "affected", "narrowing")
CDAI_WEIGHTS = {"stools": 2, "pain": 5, "wellbeing": 7, "complications": 20, "antidiarrhoeal": 30, "mass": 10}
KEYS = {"male": Fraction(221, 10), "female": Fraction(208, 10)}  # kg for each square metre of height
NORMAL_HAEMATOCRIT = {"male": 47, "female": 42}  # per cent


def half_up(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def cdai(items: Items, sex: str | None, height_cm: Fraction | None) -> int | None:
    """Best 1976; sums of 7 days, standard weight after Keys, no floor of the weight."""
    if sex is None or height_cm is None or len(items) < 8:
        return None
    diary = sum((weight * items[name] for name, weight in CDAI_WEIGHTS.items()), Fraction(0))
    deficit = 6 * (NORMAL_HAEMATOCRIT[sex] - items["haematocrit"])
    standard = KEYS[sex] * (height_cm / 100) ** 2
    return half_up(diary + deficit + (standard - items["weight"]) / standard * 100)


def ses_cd(items: Items) -> int | None:
    """Daperno 2004: four variables in five segments."""
    wanted = [f"{segment}_{variable}" for variable in VARIABLES for segment in SEGMENTS]
    return int(sum(items[name] for name in wanted)) if all(name in items for name in wanted) else None


def relative_fall(before: Fraction, now: Fraction) -> Fraction:
    """Of nothing, nothing can fall."""
    return (before - now) / before if before > 0 else Fraction(0)


def mayo_response(before: Fraction, now: Fraction, bleeding_before: Fraction, bleeding: Fraction, points: int) -> bool:
    """`points`: 3 in the full score, 2 in the modified one."""
    fell = before - now >= points and relative_fall(before, now) >= Fraction(30, 100)
    return fell and (bleeding_before - bleeding >= 1 or bleeding in (0, 1))


def mayo_remission(subscores: Sequence[Fraction]) -> bool:
    return sum(subscores) <= 2 and max(subscores) <= 1


def pro2_remission(before: Items, now: Items) -> bool:
    """The upadacitinib programme."""
    worse = any(now[name] > before[name] for name in ("stools", "pain"))
    return not worse and now["stools"] <= Fraction("2.8") and now["pain"] <= Fraction("1.0")


def pro2_response(before: Items, now: Items) -> bool:
    worse = any(now[name] > before[name] for name in ("stools", "pain"))
    return not worse and any(relative_fall(before[name], now[name]) >= Fraction(3, 10) for name in ("stools", "pain"))


def pro2_weighted(items: Items) -> Fraction:
    return sum((Fraction(weight) * items[name] for name, weight in (("stools", 2), ("pain", 5))), Fraction(0))


# CTCAE 5.0: multiples of the limit (baseline normal) and of baseline (baseline abnormal), grade by grade. The first
# boundary for an abnormal baseline belongs to grade 1, but that of bilirubin.
LIVER: Mapping[str, tuple[Sequence[str], Sequence[str], bool]] = {
    "ALT": (("1", "3.0", "5.0", "20.0"), ("1.5", "3.0", "5.0", "20.0"), True),
    "AST": (("1", "3.0", "5.0", "20.0"), ("1.5", "3.0", "5.0", "20.0"), True),
    "ALP": (("1", "2.5", "5.0", "20.0"), ("2.0", "2.5", "5.0", "20.0"), True),
    "GGT": (("1", "2.5", "5.0", "20.0"), ("2.0", "2.5", "5.0", "20.0"), True),
    "bilirubin": (("1", "1.5", "3.0", "10.0"), ("1.0", "1.5", "3.0", "10.0"), False),
}
# Below these, by grade from 2 up; below the lower limit is grade 1. g/L and 10*9/L.
LOW = {
    "anaemia": ("100", "80"),
    "hypoalbuminaemia": ("30", "20"),
    "neutrophils decreased": ("1.5", "1.0", "0.5"),
    "lymphocytes decreased": ("0.8", "0.5", "0.2"),
    "platelets decreased": ("75", "50", "25"),
    "white blood cells decreased": ("3.0", "2.0", "1.0"),
}


def liver_grade(
    test: str, value: Fraction, uln: Fraction | None, baseline: Fraction | None, baseline_uln: Fraction | None
) -> int | None:
    if uln is None or baseline is None or baseline_uln is None:
        return None
    normal, abnormal, first_included = LIVER[test]
    is_abnormal = baseline > baseline_uln
    grade = 0
    for reached, multiple in enumerate(abnormal if is_abnormal else normal, start=1):
        boundary = Fraction(multiple) * (baseline if is_abnormal else uln)
        at_first = is_abnormal and first_included and reached == 1 and value == boundary
        if value > boundary or at_first:
            grade = reached
    return grade


def creatinine_grade(value: Fraction, uln: Fraction | None, baseline: Fraction | None) -> int | None:
    if uln is not None and value > 6 * uln:
        return 4
    if uln is None or baseline is None:
        return None
    if value > 3 * uln or value > 3 * baseline:
        return 3
    if value > uln * 3 / 2 or value > baseline * 3 / 2:
        return 2
    return 1 if value > uln else 0


def low_grade(term: str, value: Fraction, lln: Fraction | None) -> int | None:
    passed = [grade for grade, boundary in enumerate(LOW[term], start=2) if value < Fraction(boundary)]
    if passed:
        return passed[-1]
    return None if lln is None else int(value < lln)


def cpk_grade(value: Fraction, uln: Fraction | None) -> int | None:
    if uln is None:
        return None
    ratio = value / uln
    return 4 if ratio > 10 else 3 if ratio > 5 else 2 if ratio > Fraction(5, 2) else 1 if ratio > 1 else 0
