"""A data set as others know it: its variables, each with name, label, kind and code list, and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from remit.export.names import Wanted, variable_names

Kind = Literal["text", "integer", "float", "date"]
KINDS: Mapping[Kind, pl.DataType] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "float": pl.Float64(),
    "date": pl.Date(),
}

# The classes of ADaM's implementation guide.
Class = Literal["SUBJECT LEVEL ANALYSIS DATASET", "OCCURRENCE DATA STRUCTURE", "BASIC DATA STRUCTURE"]


@dataclass(frozen=True)
class Variable:
    """`codes`: of a closed list, each value and what it stands for, in order. `derived`: how it came about.
    `source`: the form and field of the charts that it is. `core`: of ADSL, those that each other data set has too."""

    name: str
    label: str
    kind: Kind
    codes: Mapping[str, str] = field(default_factory=dict)
    derived: str = ""
    source: str = ""
    core: bool = False


@dataclass(frozen=True)
class Parameter:
    """One of the things that a data set has as rows: its code, what it is, and how it came about. `text`: its values
    are in AVALC, else in AVAL. `source` as of a variable."""

    code: str
    label: str
    text: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    derived: str = ""
    source: str = ""


@dataclass(frozen=True)
class Column:
    """A variable and what gives its values, as an expression on the frame that the data set is made from.

    `wanted`: the name that is asked for, where the variable's own is yet to be found.
    """

    variable: Variable
    value: pl.Expr
    wanted: Wanted | None = None


@dataclass(frozen=True)
class Dataset:
    """`structure`: what one row is. `keys`: the variables that tell rows apart, by which they are sorted."""

    name: str
    label: str
    structure: str
    kind: Class
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]
    table: pl.DataFrame
    parameters: tuple[Parameter, ...] = ()


def told_apart(parameters: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Each with a name of its own: those that are called alike have their code behind it."""
    each = tuple(parameters)
    labels = [parameter.label for parameter in each]
    return tuple(
        replace(parameter, label=f"{parameter.label} [{parameter.code}]")
        if labels.count(parameter.label) > 1
        else parameter
        for parameter in each
    )


def fixed(
    name: str, label: str, kind: Kind, value: pl.Expr, derived: str = "", codes: Mapping[str, str] | None = None
) -> Column:
    """A column whose name the standard gives."""
    return Column(Variable(name, label, kind, codes or {}, derived), value)


def named(columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns, each with its name: those that the standard gives first, the others told apart from them."""
    each = tuple(columns)
    taken = [column.variable.name for column in each if column.wanted is None]
    asked = [column for column in each if column.wanted is not None]
    names = iter(variable_names((column.wanted for column in asked if column.wanted), taken))
    return tuple(
        column if column.wanted is None else replace(column, variable=replace(column.variable, name=next(names)))
        for column in each
    )


def dataset(
    name: str,
    label: str,
    structure: str,
    kind: Class,
    keys: tuple[str, ...],
    frame: pl.DataFrame,
    columns: Iterable[Column],
    parameters: tuple[Parameter, ...] = (),
) -> Dataset:
    """The columns of `frame` as a data set, sorted by its keys."""
    chosen = named(columns)
    values = {column.variable.name: column.value.cast(KINDS[column.variable.kind]) for column in chosen}
    table = frame.select(**values).sort(keys, nulls_last=True, maintain_order=True)
    variables = tuple(column.variable for column in chosen)
    return Dataset(name, label, structure, kind, keys, variables, table, parameters)
