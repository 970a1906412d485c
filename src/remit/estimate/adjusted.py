"""What models with adjusted means read of a patient, and how their estimates become statistics."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from remit.estimate.covariates import numbers_of
from remit.inference.adjusted import Adjusted
from remit.inference.design import Covariate, Levels
from remit.inference.design import Number as Numeric
from remit.inference.design import YesNo as Truth
from remit.language.types import Level, Number, Span, Text, YesNo
from remit.schema.results import Statistic
from remit.study.analyses.kinds import Variable

Values = Sequence[float | str | bool | None]
_ESTIMATE = ("se", "lower", "upper", "p")


def values_of(variable: Variable, column: str, patients: pl.DataFrame) -> Values:
    if isinstance(variable.query.type, Number | Span):
        return numbers_of(variable, column, patients)
    return patients[column].to_list()


def unit_of(variable: Variable) -> str | None:
    kind = variable.query.type
    return (kind.unit if isinstance(kind, Number) else variable.unit) or None


def covariate_from(variable: Variable, values: Values) -> Covariate:
    kind = variable.query.type
    if isinstance(kind, YesNo):
        return Truth(variable.label, [bool(value) for value in values])
    if isinstance(kind, Level | Text):
        names = kind.levels if isinstance(kind, Level) else sorted({str(value) for value in values})
        held = [name for name in names if name in values]  # a level that nobody has changes nothing
        return Levels(variable.label, [str(value) for value in values], held)
    return Numeric(variable.label, floats(values))


def floats(values: Values) -> list[float]:
    return [float(value) for value in values if value is not None]


def statistics_of(name: str, made: Adjusted | None, why: str, unit: str | None, ends: str = "") -> list[Statistic]:
    """The estimate, and behind `ends` its standard error, interval and p."""
    if made is None:
        return [Statistic(each, None, note=why) for each in (name, *(ends + end for end in _ESTIMATE))]
    found = made.estimate
    values = dict(zip(_ESTIMATE, (made.error, found.lower, found.upper, found.p), strict=True))
    units = {"p": None}
    return [
        Statistic(each, value, units.get(end, unit), found.method, found.note if value is None else None)
        for each, end, value in [(name, "", found.value), *((ends + end, end, value) for end, value in values.items())]
    ]
