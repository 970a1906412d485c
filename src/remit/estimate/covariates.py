"""A covariate of each patient, as a model takes it; its values are the cohort's, its name is the label."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from remit.inference.design import Covariate, Levels, Number
from remit.language import types
from remit.language.columns import BOTTOM, HIGH, LOW, TOP, is_interval
from remit.language.units import DAYS_IN
from remit.study.analyses import kinds


def covariate_of(covariate: kinds.Covariate, column: str, patients: pl.DataFrame) -> Covariate:
    """With None where it is not known, or known only to lie beyond a limit."""
    label = covariate.variable.label
    match covariate.variable.query.type:
        case types.YesNo():
            told = [None if value is None else "yes" if value else "no" for value in patients[column].to_list()]
            return Levels(label, told, covariate.levels, covariate.reference)
        case types.Level() | types.Text():  # a text, of arms
            held = [level if level in covariate.levels else None for level in patients[column].to_list()]
            return Levels(label, held, covariate.levels, covariate.reference)
    return Number(label, numbers_of(covariate.variable, column, patients), float(covariate.per or 1))


def columns_of(covariate: kinds.Covariate, column: str) -> list[str]:
    """Those that its values are read from."""
    return [column + TOP, column + BOTTOM] if isinstance(covariate.variable.query.type, types.Ratio) else [column]


def beyond_limit(covariate: kinds.Covariate, column: str, patients: pl.DataFrame) -> int:
    """Of how many patients a number is known only to lie beyond a limit."""
    if covariate.levels or not is_interval(covariate.variable.query.type):
        return 0
    bounded = pl.col(column + LOW).is_not_null() | pl.col(column + HIGH).is_not_null()
    return patients.filter(pl.col(column).is_null() & bounded).height


def numbers_of(variable: kinds.Variable, column: str, patients: pl.DataFrame) -> list[float | None]:
    """With None where it is not known, or known only to lie beyond a limit."""
    kind = variable.query.type
    if isinstance(kind, types.Ratio):
        tops, bottoms = patients[column + TOP], patients[column + BOTTOM]
        scale = Fraction(10**kind.bottom.decimals, 10**kind.top.decimals)
        pairs = zip(tops.to_list(), bottoms.to_list(), strict=True)
        return [None if top is None or not bottom else _over(top, bottom, scale) for top, bottom in pairs]
    scale = Fraction(1, 10**kind.decimals) if isinstance(kind, types.Number) else 1 / DAYS_IN[variable.unit or "days"]
    return [None if value is None else _over(value, 1, scale) for value in patients[column].to_list()]


def _over(top: int, bottom: int, scale: Fraction) -> float:
    """scale times top over bottom, rounded once: Python divides whole numbers exactly, and faster than fractions."""
    return top * scale.numerator / (bottom * scale.denominator)
