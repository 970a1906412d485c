"""Syntax tree + scope → query tree: every name looked up, every type and unit checked."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NoReturn

from remit.language import combine
from remit.language.errors import LanguageError, nearest
from remit.language.functions import FUNCTIONS, call
from remit.language.parse import parse
from remit.language.query import And, Constant, InDays, Named, Not, OneOf, Or, Query, RowValue, Value, walk
from remit.language.scope import Definition, FieldName, FormName, Scope
from remit.language.syntax import (
    At,
    Binary,
    Call,
    DateLiteral,
    Membership,
    Name,
    Node,
    Place,
    Quantity,
    String,
    Truth,
    Unary,
)
from remit.language.types import DAYS, Date, Number, Text, YesNo, name_of
from remit.language.units import is_known, spelled

EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True)
class Context:
    """Where an expression stands: at a visit, in a row of a form, inside which definitions."""

    scope: Scope
    visit: str | None = None
    form: str | None = None
    inside: tuple[str, ...] = ()

    def resolve(self, node: Node) -> Query:
        return _resolve(node, self)


def resolve(
    text: str, scope: Scope, *, visit: str | None = None, form: str | None = None, expected: type | None = None
) -> Query:
    """The query that `text` means in `scope`.

    visit: where its visit fields are read when they do not say it themselves. form: it speaks of one row of that form.
    expected: the type that is asked for, e.g. YesNo. Raises LanguageError.
    """
    node = parse(text)
    query = _resolve(node, Context(scope, visit, form))
    if expected is not None and not isinstance(query.type, expected):
        wanted = {YesNo: "yes or no", Number: "a number", Date: "a date"}.get(expected, expected.__name__)
        raise LanguageError(
            f"this is {name_of(query.type)}, where {wanted} is asked for",
            "Compare it with something, as in hbi <= 3." if expected is YesNo else f"Write what gives {wanted}.",
            node.place,
        )
    return query


def resolve_name(name: str, scope: Scope, *, visit: str | None = None, form: str | None = None) -> Query:
    """The query of a definition or field, by its name (perhaps "form.field")."""
    context = Context(scope, visit, form)
    return _resolve_name(Name(tuple(name.split(".")), Place(0, len(name))), context)


def _resolve(node: Node, context: Context) -> Query:
    match node:
        case Quantity():
            return _quantity(node)
        case Truth(value=value):
            return Constant(value, YesNo())
        case String(value=value):
            return Constant(value, Text())
        case DateLiteral(year=year, month=month, day=day):
            return Constant((datetime.date(year, month, day) - EPOCH).days, Date())
        case Name():
            return _resolve_name(node, context)
        case At():
            return _at(node, context)
        case Call():
            return call(node, context)
        case Unary(operator="not"):
            return Not(truth(node.operand, context))
        case Unary():
            zero = Constant(Fraction(0), Number())
            return combine.arithmetic("-", zero, context.resolve(node.operand), context.scope, node)
        case Binary(operator="and"):
            return And(truth(node.left, context), truth(node.right, context))
        case Binary(operator="or"):
            return Or(truth(node.left, context), truth(node.right, context))
        case Binary(operator="+" | "-" | "*" | "/"):
            return combine.arithmetic(
                node.operator, context.resolve(node.left), context.resolve(node.right), context.scope, node
            )
        case Binary():
            return combine.compare(
                node.operator, context.resolve(node.left), context.resolve(node.right), context.scope, node
            )
        case Membership():
            query = _member(node, context)
            return Not(query) if node.negated else query


def truth(node: Node, context: Context) -> Query:
    """Resolve what must be yes or no."""
    query = context.resolve(node)
    if not isinstance(query.type, YesNo):
        raise LanguageError(
            f"this is {name_of(query.type)}, and and, or, not join only what is yes or no",
            "Compare it with something, as in hbi <= 3.",
            node.place,
        )
    return query


def _member(node: Membership, context: Context) -> Query:
    operand = context.resolve(node.operand)
    if not isinstance(node.options, Name):
        return combine.one_of(operand, [context.resolve(option) for option in node.options], node)
    lists = context.scope.lists
    if node.options.text not in lists:
        raise LanguageError(
            f"there is no list '{node.options.text}'", nearest(node.options.text, lists), node.options.place
        )
    if not isinstance(operand.type, Text):
        raise LanguageError(f"a list is of texts, and this is {name_of(operand.type)}", "", node.place)
    return OneOf(operand, lists[node.options.text].members)


def _quantity(node: Quantity) -> Constant:
    unit = spelled(node.unit) if node.unit else ""
    if unit and not is_known(unit):
        raise LanguageError(
            f"'{node.unit}' is not a unit that remit knows",
            "Units are written as in mg/dL, ug/g, mm, days, years, %.",
            node.place,
        )
    value = Fraction(node.value)
    if unit == "a":
        value, unit = value * 12, "mo"
    elif unit == "wk":
        value, unit = value * 7, "d"
    return Constant(value, replace(DAYS, decimals=0) if unit == "d" else Number(unit))


def _at(node: At, context: Context) -> Query:
    if node.visit not in context.scope.visits:
        raise LanguageError(f"there is no visit '{node.visit}'", nearest(node.visit, context.scope.visits), node.place)
    # Inside a condition on rows, x@visit speaks of the patient, not of the row.
    return _resolve(node.inner, replace(context, visit=node.visit, form=None))


def _resolve_name(node: Name, context: Context) -> Query:
    if len(node.parts) > 2:
        raise LanguageError(f"'{node.text}' has too many points", "Write form.field.", node.place)
    meanings = _meanings(node, context)
    if not meanings:
        _unknown(node, context)
    if len(meanings) > 1:
        ways = " or ".join(way for way, _ in meanings)
        raise LanguageError(f"'{node.text}' may mean {ways}", f"Say which: {ways}.", node.place)
    return meanings[0][1]


def _meanings(node: Name, context: Context) -> list[tuple[str, Query]]:
    """All that a name may mean here, each with the words that would single it out."""
    scope = context.scope
    if node.text == "visit.day":
        return [(node.text, _target_day(node, context))]
    if node.text in scope.patient:
        return [(node.text, scope.patient[node.text].value)]
    if len(node.parts) == 2:
        return _qualified(node, context)
    name = node.text
    found: list[tuple[str, Query]] = []
    if context.form is not None:
        found += _in_row(name, context)
    definition = scope.definitions.get(name)
    if definition and definition.form is None:
        found.append((f"the definition {name}", _definition(definition, node, context)))
    if definition and definition.form is not None and (context.form is None):
        found.append((f"{definition.form}.{name}", _definition(definition, node, context)))
    for form in scope.forms.values():
        if form.rows in ("once", "visit") and name in form.fields and form.name != context.form:
            found.append((f"{form.name}.{name}", _field(form, form.fields[name], node, context)))
        if form.name == name and found:
            found.append((f"the form {name}", found[0][1]))
    return found


def _qualified(node: Name, context: Context) -> list[tuple[str, Query]]:
    form_name, name = node.parts
    form = context.scope.forms.get(form_name)
    if form is None:
        return []
    definition = context.scope.definitions.get(name)
    if form.name == context.form:
        return _in_row(name, context)
    if definition and definition.form == form_name:
        return [(node.text, _definition(definition, node, context))]
    if name not in form.fields:
        raise LanguageError(f"the form {form_name} has no field '{name}'", nearest(name, form.fields), node.place)
    if form.rows in ("event", "period"):
        raise LanguageError(
            f"a patient may have many rows of {form_name}",
            f"Say which: first({node.text}), max({node.text}), or any({form_name}, where …).",
            node.place,
        )
    return [(node.text, _field(form, form.fields[name], node, context))]


def _in_row(name: str, context: Context) -> list[tuple[str, Query]]:
    """The row's own names: its fields, its totals, and `day`, its study day."""
    form = context.scope.forms[context.form or ""]
    if name in form.fields:
        return [(f"{form.name}.{name}", RowValue(form.name, name, form.fields[name].type))]
    definition = context.scope.definitions.get(name)
    if definition and definition.form == form.name:
        return [(f"{form.name}.{name}", _definition(definition, Name((name,), Place(0, 0)), context))]
    if name == "day" and form.date and "index_date" in context.scope.patient:
        date = RowValue(form.name, form.date, form.fields[form.date].type)
        index = context.scope.patient["index_date"].value
        return [("day", Named("day", None, InDays(combine.between(index, date))))]
    return []


def _field(form: FormName, field: FieldName, node: Name, context: Context) -> Query:
    if form.rows == "once":
        return Value(form.name, field.name, None, field.type)
    if context.visit is None:
        visits = ", ".join(f"{node.text}@{visit}" for visit in context.scope.visits)
        raise LanguageError(f"{node.text} is measured at visits, and no visit is given", f"Say {visits}.", node.place)
    return Value(form.name, field.name, context.visit, field.type)


def _definition(definition: Definition, node: Name, context: Context) -> Named:
    if definition.name in context.inside:
        circle = [*context.inside[context.inside.index(definition.name) :], definition.name]
        raise LanguageError(
            "circular definition: " + " → ".join(circle), "A definition cannot rest on itself.", node.place
        )
    form = definition.form if context.form == definition.form else None
    within = replace(context, form=form, inside=(*context.inside, definition.name))
    try:
        inner = _resolve(parse(definition.text), within)
    except LanguageError as error:
        if "circular" in error.what:
            raise LanguageError(error.what, error.remedy, node.place) from None
        raise LanguageError(f"in {definition.name}: {error.what}", error.remedy, node.place) from None
    return Named(definition.name, _visit_of(inner, context.visit), inner)


def _visit_of(query: Query, visit: str | None) -> str | None:
    """The visit, if the query reads anything at it."""
    if visit is None:
        return None
    reads = any(isinstance(part, Value) and part.visit == visit for part in walk(query))
    return visit if reads or any(isinstance(part, Named) and part.visit == visit for part in walk(query)) else None


def _target_day(node: Name, context: Context) -> Query:
    if context.visit is None:
        raise LanguageError(
            "visit.day is a visit's target day, and no visit is given", "Write the number of days.", node.place
        )
    visit = context.scope.visits[context.visit]
    return Named("visit.day", visit.name, Constant(Fraction(visit.day), DAYS))


def _unknown(node: Name, context: Context) -> NoReturn:
    scope = context.scope
    known = {*scope.definitions, *scope.patient, *FUNCTIONS}
    for form in scope.forms.values():
        if form.rows in ("once", "visit") or form.name == context.form:
            known |= set(form.fields)
    if node.text in scope.forms:
        raise LanguageError(
            f"{node.text} is a form, not a value", f"Write any({node.text}, where …) or {node.text}.field.", node.place
        )
    rows = [form for form in scope.forms.values() if form.rows in ("event", "period") and node.text in form.fields]
    if rows:
        form = rows[0]
        raise LanguageError(
            f"'{node.text}' stands in {form.name}, of which a patient may have many rows",
            f"Say which: first({form.name}.{node.text}), or any({form.name}, where {node.text} …).",
            node.place,
        )
    raise LanguageError(f"there is no '{node.text}'", nearest(node.text, known), node.place)
