"""The functions of the language, one entry each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from remit.language import combine
from remit.language.errors import LanguageError, nearest
from remit.language.query import (
    Aggregate,
    AggregateKind,
    And,
    Band,
    BandOf,
    Change,
    Compare,
    Constant,
    Extreme,
    HowMany,
    Known,
    MaxMeasured,
    Named,
    Not,
    Or,
    Query,
    RowValue,
    Value,
)
from remit.language.scope import FormName
from remit.language.syntax import Call, Name, Node
from remit.language.types import Date, Level, Number, YesNo, name_of

if TYPE_CHECKING:
    from remit.language.resolve import Context

MOST_ROWS = 10**5  # a patient's rows of one form; counts and sums are bounded by it


def call(node: Call, context: Context) -> Query:
    function = FUNCTIONS.get(node.function)
    if function is None:
        raise LanguageError(f"there is no function '{node.function}'", nearest(node.function, FUNCTIONS), node.place)
    return function(node, context)


def _known(node: Call, context: Context) -> Query:
    (operand,) = _arguments(node, 1)
    return Known(context.resolve(operand))


def _change(node: Call, context: Context) -> Query:
    """change(x) is x now minus x at the reference visit; fall(x) the other way round."""
    (operand,) = _arguments(node, 1)
    now, before = context.resolve(operand), _at_reference(operand, node, context)
    if not isinstance(now.type, Number):
        raise LanguageError(f"{node.function} is for numbers, and this is {name_of(now.type)}", "", operand.place)
    if now == before:
        raise LanguageError(
            f"{node.function} compares a visit with {context.scope.reference}, and here they are the same",
            "Use it at a later visit, on a field that is measured at visits.",
            node.place,
        )
    kind = cast("Number", combine.arithmetic("-", now, before, context.scope, node).type)
    return Change(cast("Literal['change', 'fall']", node.function), now, before, kind)


def _at_reference(operand: Node, node: Call, context: Context) -> Query:
    reference = context.scope.reference
    if reference is None or context.form is not None:
        raise LanguageError(f"{node.function} needs a reference visit", "Declare a visit with `day: 0`.", node.place)
    return replace(context, visit=reference).resolve(operand)


def _band(node: Call, context: Context) -> Query:
    (operand,) = _arguments(node, 1)
    query = context.resolve(operand)
    bands = _bands(query, context)
    if not bands:
        raise LanguageError("no bands are known for this", "Bands belong to the scores of a pack.", node.place)
    return BandOf(query, bands, Level(tuple(band.name for band in bands), ordered=True))


def _bands(query: Query, context: Context) -> tuple[Band, ...]:
    if isinstance(query, Named):
        definition = context.scope.definitions.get(query.name)
        return definition.bands if definition else ()
    if isinstance(query, Value | RowValue):
        return context.scope.forms[query.form].fields[query.field].bands
    return ()


def _extreme(node: Call, context: Context) -> Query:
    """max and min: of several numbers, or of one field over a patient's rows."""
    if _form_field(node, context) is not None:
        return _of_rows(node, context)
    if len(node.arguments) < 2 or node.named:
        raise LanguageError(
            f"{node.function} takes two numbers or more, or form.field",
            f"As in {node.function}(a, b) or {node.function}(adverse_events.grade, where serious).",
            node.place,
        )
    operands = _same_unit([context.resolve(argument) for argument in node.arguments], node, context)
    return Extreme(cast("Literal['max', 'min']", node.function), operands, _common(operands))


def _max_measured(node: Call, context: Context) -> Query:
    if not node.arguments:
        _arguments(node, 1)
    operands = _same_unit([context.resolve(argument) for argument in node.arguments], node, context)
    reference = tuple(_at_reference(argument, node, context) for argument in node.arguments)
    return MaxMeasured(operands, reference, _common(operands))


def _how_many(node: Call, context: Context) -> Query:
    if len(node.arguments) < 2 or node.named:
        raise LanguageError("how_many takes two yes/no values or more", f"As in {EXAMPLES['how_many']}.", node.place)
    operands = tuple(_truth(argument, context) for argument in node.arguments)
    return HowMany(operands, Number(limit=len(operands), censored=True))


def _same_unit(operands: list[Query], node: Call, context: Context) -> tuple[Query, ...]:
    for operand in operands:
        if not isinstance(operand.type, Number):
            raise LanguageError(f"{node.function} is for numbers, and this is {name_of(operand.type)}", "", node.place)
    first, *others = operands
    return (first, *(combine.align(first, other, context.scope, node)[1] for other in others))


def _common(operands: tuple[Query, ...]) -> Number:
    kinds = [cast("Number", operand.type) for operand in operands]
    decimals = max(kind.decimals for kind in kinds)
    limit = max(kind.limit * 10 ** (decimals - kind.decimals) for kind in kinds)
    censored = any(kind.censored for kind in kinds)
    return replace(kinds[0], decimals=decimals, limit=limit, censored=censored)


def _any(node: Call, context: Context) -> Query:
    form, where = _form_and_where(node, context)
    return Aggregate("any", form.name, where, None, None, YesNo())


def _all(node: Call, context: Context) -> Query:
    """all(form, that …, where …): every row for which `where` holds also has `that`."""
    form, where = _form_and_where(node, context, extra=("that",))
    that = _named(node, "that")
    if that is None:
        raise LanguageError("all needs `that`", "As in all(steroids, that dose <= 10 mg).", node.place)
    claim = _truth(that, replace(context, form=form.name, visit=context.visit))
    query = claim if where == Constant(True, YesNo()) else Or(Not(where), claim)
    return Aggregate("all", form.name, query, None, None, YesNo())


def _count(node: Call, context: Context) -> Query:
    form, where = _form_and_where(node, context)
    return Aggregate("count", form.name, where, None, None, Number(limit=MOST_ROWS, censored=True))


def _of_rows(node: Call, context: Context) -> Query:
    """sum, min, max, first, last of a field over a patient's rows."""
    found = _form_field(node, context)
    if found is None:
        raise LanguageError(
            f"{node.function} asks for form.field", f"As in {node.function}(treatment.dose).", node.place
        )
    form, field = found
    where = _where(node, form, context)
    kind = field.type
    if node.function in ("sum", "min", "max") and not isinstance(kind, Number | Date):
        raise LanguageError(f"{node.function} is for numbers, and this is {name_of(kind)}", "", node.place)
    if node.function == "sum":
        number = cast("Number", kind)
        kind = replace(number, limit=number.limit * MOST_ROWS)
        combine.within(kind.limit, node)
    if form.date is None:
        raise LanguageError(f"the rows of {form.name} have no date to order them by", "", node.place)
    order = RowValue(form.name, form.date, Date())
    return Aggregate(cast("AggregateKind", node.function), form.name, where, field, order, kind)


def _covers(node: Call, context: Context) -> Query:
    """covers(date): the row's period includes the day. Periods are half-open: the stop is the first day without."""
    (operand,) = _arguments(node, 1)
    form = context.scope.forms.get(context.form or "")
    if form is None or form.rows != "period" or form.date is None or form.stop is None:
        raise LanguageError(
            "covers stands in a condition on a form of periods",
            "As in any(steroids, where covers(visit_date)).",
            node.place,
        )
    day = context.resolve(operand)
    if not isinstance(day.type, Date):
        raise LanguageError(f"covers asks for a date, and this is {name_of(day.type)}", "", operand.place)
    start = RowValue(form.name, form.date, form.fields[form.date].type)
    stop = RowValue(form.name, form.stop, form.fields[form.stop].type)
    return And(Compare("<=", start, day), Compare(">", stop, day))


def _arguments(node: Call, count: int) -> tuple[Node, ...]:
    if len(node.arguments) != count or node.named:
        has = len(node.arguments) + len(node.named)
        raise LanguageError(
            f"{node.function} takes {count} value{'s' if count > 1 else ''} and has {has}",
            f"As in {EXAMPLES[node.function]}.",
            node.place,
        )
    return node.arguments


def _form_and_where(node: Call, context: Context, extra: tuple[str, ...] = ()) -> tuple[FormName, Query]:
    if len(node.arguments) != 1 or not isinstance(node.arguments[0], Name):
        raise LanguageError(f"{node.function} asks for a form", f"As in {EXAMPLES[node.function]}.", node.place)
    name = node.arguments[0]
    form = context.scope.forms.get(name.text)
    if form is None or form.rows == "once":
        many = [f.name for f in context.scope.forms.values() if f.rows != "once"]
        what = f"there is no form '{name.text}'" if form is None else f"{name.text} has one row a patient"
        raise LanguageError(what, nearest(name.text, many), name.place)
    for key, value in node.named:
        if key not in ("where", *extra):
            raise LanguageError(f"{node.function} has no '{key}:'", f"As in {EXAMPLES[node.function]}.", value.place)
    return form, _where(node, form, context)


def _form_field(node: Call, context: Context) -> tuple[FormName, RowValue] | None:
    if len(node.arguments) != 1 or not isinstance(node.arguments[0], Name) or len(node.arguments[0].parts) != 2:
        return None
    name = node.arguments[0]
    form = context.scope.forms.get(name.parts[0])
    if form is None or form.rows == "once":
        return None
    field = form.fields.get(name.parts[1])
    if field is None:
        raise LanguageError(
            f"the form {form.name} has no field '{name.parts[1]}'", nearest(name.parts[1], form.fields), name.place
        )
    return form, RowValue(form.name, field.name, field.type)


def _where(node: Call, form: FormName, context: Context) -> Query:
    condition = _named(node, "where")
    if condition is None:
        return Constant(True, YesNo())
    return _truth(condition, replace(context, form=form.name))


def _truth(node: Node, context: Context) -> Query:
    from remit.language.resolve import truth

    return truth(node, context)


def _named(node: Call, key: str) -> Node | None:
    return next((value for name, value in node.named if name == key), None)


FUNCTIONS: dict[str, Callable[[Call, Context], Query]] = {
    "known": _known,
    "change": _change,
    "fall": _change,
    "band": _band,
    "max": _extreme,
    "min": _extreme,
    "max_measured": _max_measured,
    "how_many": _how_many,
    "any": _any,
    "all": _all,
    "count": _count,
    "sum": _of_rows,
    "first": _of_rows,
    "last": _of_rows,
    "covers": _covers,
}

EXAMPLES = {
    "known": "known(crp)",
    "change": "change(hbi)",
    "fall": "fall(hbi) > 3",
    "band": "band(hbi)",
    "max": "max(a, b)",
    "min": "min(a, b)",
    "max_measured": "max_measured(bwt_ileum, bwt_colon)",
    "how_many": "how_many(failed_a, failed_b, failed_c) >= 2",
    "any": "any(adverse_events, where serious)",
    "all": "all(steroids, that dose <= 10 mg)",
    "count": "count(adverse_events, where serious)",
    "sum": "sum(treatment.dose)",
    "first": "first(treatment.start_date)",
    "last": "last(treatment.stop_date)",
    "covers": "covers(visit_date)",
}
