"""The cohort's values as the table that is completed: a column a field at a visit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from remit.errors import WrongInput
from remit.inference.imputation.table import Between, Cell, Column, Kind
from remit.language.columns import HIGH, HIGH_OPEN, LOW, LOW_OPEN, column_of, is_interval
from remit.language.query import Query, Value
from remit.language.types import Level, Number, Type, YesNo
from remit.schema.cohort import arm_column, had_column, predictor_column
from remit.schema.records import ROW
from remit.study.analyses.kinds import Variable
from remit.study.forms import Field
from remit.study.imputation import imputable
from remit.study.study import Study

EMPTY = "empty in the charts"
NO_VISIT = "no visit in its window"
SET_ASIDE = "set aside after an intercurrent event"
PERHAPS_AFTER = "set aside, as an intercurrent event may have come before it"
LIMIT = "only a limit is known"

Reasons = Mapping[tuple[str, str, int], str]  # (form, field, row) → why the cell says nothing


@dataclass(frozen=True)
class Component:
    """A field at a visit that endpoints read, or the same field at another visit. `group`: the endpoint."""

    value: Value
    group: str

    @property
    def name(self) -> str:
        at = f"@{self.value.visit}" if self.value.visit else ""
        return f"{self.value.form}.{self.value.field}{at}"


def components(study: Study, queries: Mapping[str, Query]) -> list[Component]:
    """What the queries read, and the same fields at the other visits: each foretells the others."""
    found: dict[Value, Component] = {}
    for column, query in queries.items():
        endpoint = column.split("__")[0]
        for value in imputable(query, study.forms):
            visits = [visit.name for visit in study.visits] if study.forms[value.form].rows == "visit" else [None]
            for visit in visits:
                at = Value(value.form, value.field, visit, value.type)
                found.setdefault(at, Component(at, endpoint))
    return list(found.values())


def component_column(
    study: Study, component: Component, patients: pl.DataFrame, after: Iterable[str], reasons: Reasons
) -> Column:
    """Of all patients, in their order. Where one of the events of `after` came before the visit, or may have come, the
    cell is empty."""
    value = component.value
    field = study.forms[value.form].fields[value.field]
    kind, levels, decimals = _kind(value.type, field.low, field.high)
    name = column_of(value)
    low, high = _ends(field, decimals)
    cells = _cells(value.type, name, patients)
    _refuse_outside(component, cells, low, high, decimals)
    why = _why(value, cells, patients, reasons)
    for row, reason in set_aside(value, patients, after):
        if cells[row] is not None:
            cells[row], why[row] = None, reason
    number = {visit.name: place for place, visit in enumerate(study.visits)}
    return Column(
        component.name,
        kind,
        cells,
        levels,
        low,
        high,
        decimals,
        measure=f"{value.form}.{value.field}",
        visit=None if value.visit is None else number[value.visit],
        group=component.group,
        reasons=why,
    )


def predictor_columns(study: Study, patients: pl.DataFrame) -> list[Column]:
    """The arms, which foretell every column, and what the study names."""
    found = []
    for kind, arms in study.arms.items():
        cells: list[Cell] = [arm if arm in arms.names else None for arm in patients[arm_column(kind)]]
        found.append(Column(_of_arms(kind), "unordered", cells, arms.names, always=True))
    for variable in study.imputation.predictors if study.imputation else ():
        column, of = predictor_column(variable.name), variable.query.type
        kind_of, levels, decimals = _kind(of, None, None)
        told = _cells(of, column, patients)
        found.append(Column(_of_predictor(variable), kind_of, told, levels, decimals=decimals))
    return found


def predictor_labels(study: Study) -> dict[str, str]:
    """By column, what it is called in print."""
    predictors = study.imputation.predictors if study.imputation else ()
    arms = {_of_arms(kind): f"{kind} arm" for kind in study.arms}
    return arms | {_of_predictor(variable): variable.label for variable in predictors}


def _of_arms(kind: str) -> str:
    return f"{kind} arm"  # with a space, which no form or field has


def _of_predictor(variable: Variable) -> str:
    return f"predictor {variable.name}"


def _kind(kind: Type, low: object, high: object) -> tuple[Kind, tuple[str, ...], int | None]:
    """A number without a unit between two ends is a score."""
    match kind:
        case YesNo():
            return "yes/no", (), None
        case Level(levels=levels, ordered=ordered):
            return ("ordered" if ordered else "unordered"), levels, None
        case Number(unit="", decimals=decimals) if low is not None and high is not None:
            return "score", (), decimals
        case Number(decimals=decimals):
            return "number", (), decimals
    return "number", (), 0  # a time, in days


def _ends(field: Field, decimals: int | None) -> tuple[float, float]:
    """The least and the largest value that can be written: in the interval of a censored value there is then one."""
    step = 10 ** (decimals or 0)
    return (
        -math.inf if field.low is None else math.floor(field.low * step) / step,
        math.inf if field.high is None else math.ceil(field.high * step) / step,
    )


def _cells(kind: Type, name: str, patients: pl.DataFrame) -> list[Cell]:
    if isinstance(kind, YesNo | Level):
        return patients[name].to_list()
    scale = 10**kind.decimals if isinstance(kind, Number) else 1
    exact = [None if value is None else value / scale for value in patients[name]]
    if not is_interval(kind):
        return [*exact]
    ends = patients.select(name + LOW, name + HIGH, name + LOW_OPEN, name + HIGH_OPEN)
    pairs = zip(exact, ends.iter_rows(), strict=True)
    return [_between(between, scale) if value is None else value for value, between in pairs]


def _between(ends: tuple[Any, ...], scale: int) -> Between | None:
    low, high, low_open, high_open = ends
    if low is None and high is None:
        return None
    least, most = -math.inf if low is None else low / scale, math.inf if high is None else high / scale
    return Between(least, most, bool(low_open), bool(high_open))


def _refuse_outside(component: Component, cells: Iterable[Cell], low: float, high: float, decimals: int | None) -> None:
    """Of < 5, in a field whose values begin at 5, none could be drawn. Raises WrongInput."""
    step = 10 ** -(decimals or 0)
    for cell in cells:
        if isinstance(cell, Between):
            least, most = cell.low + step * cell.low_open, cell.high - step * cell.high_open
            if least > high + step / 2 or most < low - step / 2:
                end = f"more than {cell.low:g}" if least > high else f"less than {cell.high:g}"
                what = f"a value that is known to be {end} cannot be imputed, for none in the field's range is"
                raise WrongInput(f"{component.value.form}.{component.value.field}", what, "Widen its `range`.")


def set_aside(value: Value, patients: pl.DataFrame, after: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Of whom a value is not asked for, as it is of after one of these events; and why."""
    if value.visit is None:
        return
    had = [had_column(event, value.visit) for event in after]
    columns = [patients[name] for name in had if name in patients.columns]
    for row, events in enumerate(zip(*columns, strict=True)):
        if any(events):
            yield row, SET_ASIDE
        elif None in events:
            yield row, PERHAPS_AFTER


def _why(value: Value, cells: list[Cell], patients: pl.DataFrame, reasons: Reasons) -> dict[int, str]:
    at = f"__{value.visit}" if value.visit else ""
    rows = patients[f"{value.form}__{ROW}{at}"]
    found = {}
    for place, (cell, row) in enumerate(zip(cells, rows, strict=True)):
        if isinstance(cell, Between):
            found[place] = LIMIT
        elif cell is None and row is None:
            found[place] = NO_VISIT
        elif cell is None:
            found[place] = reasons.get((value.form, value.field, row), EMPTY)
    return found
