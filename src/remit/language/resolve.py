"""Syntax tree + scope → query tree: every name looked up, every type and unit checked."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import NoReturn

from remit.language import combine
from remit.language.alignment import to_unit
from remit.language.constants import number
from remit.language.errors import CircularDefinition, LanguageError, nearest
from remit.language.functions import EXAMPLES, FUNCTIONS, call
from remit.language.limits import MOST_DEFINITIONS, refuse_large, too_deep
from remit.language.parse import parse
from remit.language.query import And, Constant, Named, Not, OneOf, Or, Query, RowValue, Value, walk
from remit.language.scope import Bound, Definition, FieldName, FormName, Scope
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
from remit.language.types import Date, Level, Number, Ratio, Span, Text, YesNo, name_of
from remit.language.units import is_known, spelled, spellings

EPOCH = datetime.date(1970, 1, 1)


WANTED: dict[type, str] = {
    YesNo: "yes or no",
    Number: "a number",
    Date: "a date",
    Level: "a level",
    Text: "a text",
    Span: "a time between two dates",
    Ratio: "a quotient",
}


@dataclass(frozen=True)
class Context:
    """Where an expression stands: at a visit, in a row of a form, inside which definitions; of a pack, with which
    names bound to the study."""

    scope: Scope
    visit: str | None = None
    form: str | None = None
    inside: tuple[str, ...] = ()
    bound: Mapping[str, Bound] = field(default_factory=dict)

    def resolve(self, node: Node) -> Query:
        return _resolve(node, self)

    def truth(self, node: Node) -> Query:
        """Resolve what must be yes or no."""
        return _expect(self.resolve(node), YesNo, node)


def resolve(
    text: str,
    scope: Scope,
    *,
    visit: str | None = None,
    form: str | None = None,
    expected: type | None = None,
    bound: Mapping[str, Bound] | None = None,
) -> Query:
    """The query that `text` means in `scope`.

    visit: where its visit fields are read when they do not say it themselves. form: it speaks of one row of that form.
    expected: the type that is asked for, e.g. YesNo. bound: as of a definition. Raises LanguageError.
    """
    node = parse(text)
    query = _limited(node, Context(scope, visit, form, bound=bound or {}))
    return query if expected is None else _expect(query, expected, node)


def resolve_name(name: str, scope: Scope, *, visit: str | None = None, form: str | None = None) -> Query:
    """The query of a definition or field, by its name (perhaps "form.field")."""
    return _limited(Name(tuple(name.split(".")), Place(0, len(name))), Context(scope, visit, form))


def _limited(node: Node, context: Context) -> Query:
    """Resolve; what is too large or nested too deeply to be worked with is refused."""
    try:
        query = _resolve(node, context)
    except RecursionError:
        raise too_deep(node.place) from None
    refuse_large(query, node.place)
    return query


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
            return Not(context.truth(node.operand))
        case Unary():
            return combine.negative(context.resolve(node.operand), context.scope, node)
        case Binary(operator="and"):
            return And(context.truth(node.left), context.truth(node.right))
        case Binary(operator="or"):
            return Or(context.truth(node.left), context.truth(node.right))
        case Binary():
            two = combine.arithmetic if node.operator in ("+", "-", "*", "/") else combine.compare
            return two(node.operator, context.resolve(node.left), context.resolve(node.right), context.scope, node)
        case Membership():
            query = _member(node, context)
            return Not(query) if node.negated else query


def _expect(query: Query, expected: type, node: Node) -> Query:
    if not isinstance(query.type, expected):
        wanted = WANTED[expected]
        remedy = _truth_remedy(query) if expected is YesNo else f"Write what gives {wanted}."
        raise LanguageError(f"this is {name_of(query.type)}, where {wanted} is asked for", remedy, node.place)
    return query


def _truth_remedy(query: Query) -> str:
    match query.type:
        case Number():
            return "Compare it with a number, as in score <= 3."
        case Ratio():
            return "Compare it with a number, as in a / b >= 50 %."
        case Span():
            return "Compare it with a time, as in age >= 18 years."
        case Date():
            return "Compare it with a date, or ask known(…)."
        case Level(levels=levels):
            return f'Compare it with a level, as in … == "{levels[0]}".'
        case _:
            return 'Compare it with a text, as in drug == "prednisone".'


def _member(node: Membership, context: Context) -> Query:
    operand = context.resolve(node.operand)
    if not isinstance(node.options, Name):
        return combine.one_of(operand, [context.resolve(option) for option in node.options], node)
    lists, name = context.scope.lists, node.options.text
    if name not in lists:
        raise LanguageError(f"there is no list '{name}'", nearest(name, lists), node.options.place)
    if not isinstance(operand.type, Text):
        remedy = "Write the options out: in (…)." if isinstance(operand.type, Level) else "Use it on a text."
        raise LanguageError(f"{name} is a list of texts, and this is {name_of(operand.type)}", remedy, node.place)
    if not lists[name].members:
        raise LanguageError(f"the list {name} is empty", "Give it members in its pack.", node.options.place)
    return OneOf(operand, lists[name].members)


def _quantity(node: Quantity) -> Constant:
    unit = spelled(node.unit) if node.unit else ""
    if unit and not is_known(unit):
        raise LanguageError(
            f"'{node.unit}' is not a unit that remit knows",
            f"{_likely_unit(node.unit or '')}Units are written as in mg/dL, ug/g, mm, days, years, %.",
            node.place,
        )
    value = Fraction(node.value)
    if unit == "a":
        value, unit = value * 12, "mo"
    elif unit == "wk":
        value, unit = value * 7, "d"
    return number(value, unit)


def _likely_unit(word: str) -> str:
    guess = nearest(word, spellings())
    return f"{guess} " if guess.startswith("Did") else ""


def _at(node: At, context: Context) -> Query:
    if node.visit not in context.scope.visits:
        place = Place(node.place.end - len(node.visit), node.place.end)
        raise LanguageError(f"there is no visit '{node.visit}'", nearest(node.visit, context.scope.visits), place)
    # Inside a condition on rows, x@visit speaks of the patient, not of the row.
    return _resolve(node.inner, replace(context, visit=node.visit, form=None))


# Names


@dataclass(frozen=True)
class Meaning:
    """What a name may mean; `way`: how it is singled out, or None where only another name would do."""

    words: str
    way: str | None
    query: Callable[[], Query]


def _resolve_name(node: Name, context: Context) -> Query:
    if node.text in context.bound:
        return _bound(context.bound[node.text], node, context)
    if len(node.parts) > 2:
        raise LanguageError(f"'{node.text}' has too many points", "Write form.field.", node.place)
    meanings = _qualified(node, context) if len(node.parts) == 2 else _unqualified(node, context)
    if node.text in context.scope.patient:
        derived = context.scope.patient[node.text]
        meanings.append(Meaning(derived.label, None, lambda: derived.value))
    if not meanings:
        _unknown(node, context)
    if len(meanings) > 1:
        both = " or ".join(meaning.words for meaning in meanings)
        ways = " or ".join(meaning.way for meaning in meanings if meaning.way)
        remedy = f"Write {ways}." if all(meaning.way for meaning in meanings) else _rename(ways)
        raise LanguageError(f"'{node.text}' may mean {both}", remedy, node.place)
    return meanings[0].query()


def _bound(bound: Bound, node: Name, context: Context) -> Query:
    """What a pack's name is in the study, in the pack's unit."""
    query = replace(context, bound={}).resolve(bound.node)
    if bound.unit is None or not isinstance(query.type, Number | Span):
        return query
    query = combine.in_days(query)
    test = query.type.test if isinstance(query.type, Number) else ""
    return to_unit(query, Number(bound.unit, test=test), context.scope, node)


def _rename(ways: str) -> str:
    return f"Write {ways}, or rename the other." if ways else "Rename one of them."


def _unqualified(node: Name, context: Context) -> list[Meaning]:
    """All that a name may mean here."""
    scope, name = context.scope, node.text
    found = _in_row(name, node, context) if context.form is not None else []
    definition = scope.definitions.get(name)
    if definition and definition.form is None:
        found.append(Meaning(f"the definition {name}", None, lambda: _definition(definition, node, context)))
    elif definition and definition.form != context.form:
        way = f"{definition.form}.{name}"
        found.append(Meaning(way, way, lambda: _definition(definition, node, context)))
    for form in scope.forms.values():
        if form.rows in ("once", "visit") and name in form.fields and form.name != context.form:
            way = f"{form.name}.{name}"
            found.append(Meaning(way, way, partial(_field, form, form.fields[name], node, context)))
    if found and name in scope.forms:
        found.append(Meaning(f"the form {name}", None, found[0].query))
    return found


def _qualified(node: Name, context: Context) -> list[Meaning]:
    form_name, name = node.parts
    form = context.scope.forms.get(form_name)
    if node.text == "visit.day":
        return [Meaning("the visit's target day", None, lambda: _target_day(node, context))]
    if form is None:
        return []
    if form.name == context.form:
        found = _in_row(name, node, context)
    else:
        definition = context.scope.definitions.get(name)
        found = []
        if definition and definition.form == form_name:
            found.append(Meaning(f"the total {name}", None, lambda: _definition(definition, node, context)))
        if name in form.fields:
            field = form.fields[name]
            found.append(Meaning(f"the field {name}", None, lambda: _field(form, field, node, context)))
    if not found and node.text not in context.scope.patient:
        raise LanguageError(f"the form {form_name} has no field '{name}'", nearest(name, form.fields), node.place)
    return found


def _in_row(name: str, node: Name, context: Context) -> list[Meaning]:
    """The row's own names: its fields, its totals, and `day`, its study day."""
    form = context.scope.forms[context.form or ""]
    definition = context.scope.definitions.get(name)
    total = definition if definition and definition.form == form.name else None
    found = []
    if name in form.fields:
        value = RowValue(form.name, name, form.fields[name].type)
        way = f"{form.name}.{name}"
        found.append(Meaning(way, None if total or "." in node.text else way, lambda: value))
    if total:
        found.append(Meaning(f"the total {name}", None, lambda: _definition(total, node, context)))
    if name == "day" and form.date and "index_date" in context.scope.patient:
        date = RowValue(form.name, form.date, form.fields[form.date].type)
        index = context.scope.patient["index_date"].value
        day = Named("day", None, combine.in_days(combine.between(index, date)))
        found.append(Meaning("the study day of the row", None, lambda: day))
    return found


def _field(form: FormName, field: FieldName, node: Name, context: Context) -> Query:
    if form.rows in ("event", "period"):
        raise _many_rows(form, field.name, node.place)
    if form.rows == "once":
        return Value(form.name, field.name, None, field.type)
    if context.visit is None:
        visits = " or ".join(f"{node.text}@{visit}" for visit in context.scope.visits)
        remedy = f"Write {visits}." if visits else "Declare visits in the study file."
        raise LanguageError(f"{node.text} is measured at visits, and no visit is given", remedy, node.place)
    return Value(form.name, field.name, context.visit, field.type)


def _many_rows(form: FormName, field: str, place: Place) -> LanguageError:
    name = f"{form.name}.{field}"
    return LanguageError(
        f"'{field}' stands in {form.name}, of which a patient may have many rows",
        f"Say which row: first({name}), last({name}), or ask any({form.name}, where {field} …).",
        place,
    )


def _definition(definition: Definition, node: Name, context: Context) -> Named:
    if definition.name in context.inside:
        circle = [*context.inside[context.inside.index(definition.name) :], definition.name]
        raise CircularDefinition(
            "circular definition: " + " → ".join(circle), "A definition cannot rest on itself.", node.place
        )
    if len(context.inside) >= MOST_DEFINITIONS:
        raise too_deep(node.place)
    form = definition.form if context.form == definition.form else None
    home = context.scope.forms.get(definition.form or "")
    if home and form is None and home.rows in ("event", "period"):
        raise _many_rows(home, definition.name, node.place)
    within = replace(context, form=form, inside=(*context.inside, definition.name), bound=definition.bound)
    try:
        inner = _resolve(parse(definition.text), within)
    except CircularDefinition as error:
        raise CircularDefinition(error.what, error.remedy, node.place) from None
    except LanguageError as error:
        raise LanguageError(f"in {definition.name}: {error.what}", error.remedy, node.place) from None
    refuse_large(inner, node.place)
    return Named(definition.name, _visit_of(inner, context.visit), inner)


def _visit_of(query: Query, visit: str | None) -> str | None:
    """The visit, if the query reads anything at it."""
    if visit is None:
        return None
    reads = any(isinstance(part, Value | Named) and part.visit == visit for part in walk(query))
    return visit if reads else None


def _target_day(node: Name, context: Context) -> Query:
    if context.visit is None:
        raise LanguageError(
            "visit.day is a visit's target day, and no visit is given", "Write the number of days.", node.place
        )
    visit = context.scope.visits[context.visit]
    return Named("visit.day", visit.name, number(Fraction(visit.day), "d"))


def _unknown(node: Name, context: Context) -> NoReturn:
    scope, name = context.scope, node.text
    if len(node.parts) == 2:
        form_name = node.parts[0]
        raise LanguageError(f"there is no form '{form_name}'", nearest(form_name, scope.forms), node.place)
    if name in scope.forms:
        form = scope.forms[name]
        field = f"{name}.{next(iter(form.fields), 'field')}"
        many = f"Write any({name}, where …), or first({field})."
        remedy = many if form.rows in ("event", "period") else f"Write its field, as in {field}."
        raise LanguageError(f"{name} is a form, not a value", remedy, node.place)
    for form in scope.forms.values():
        if form.rows in ("event", "period") and name in form.fields:
            raise _many_rows(form, name, node.place)
    if name in FUNCTIONS:
        raise LanguageError(f"{name} is a function", f"As in {EXAMPLES[name]}.", node.place)
    if name in scope.visits:
        raise LanguageError(f"{name} is a visit, not a value", f"Write a field at it, as in score@{name}.", node.place)
    if name in scope.lists:
        raise LanguageError(f"{name} is a list of texts", f"Ask whether a text is in it: drug in {name}.", node.place)
    if any(isinstance(field.type, Level) and name in field.type.levels for field in _fields(scope)):
        raise LanguageError(f"there is no '{name}'", f'A level stands between quotation marks: "{name}".', node.place)
    if is_known(spelled(name)):
        raise LanguageError(f"{name} is a unit, and no number stands before it", "As in 5 mg/L.", node.place)
    known = {*scope.definitions, *scope.patient}
    for form in scope.forms.values():
        if form.rows in ("once", "visit") or form.name == context.form:
            known |= set(form.fields)
    raise LanguageError(f"there is no '{name}'", nearest(name, known), node.place)


def _fields(scope: Scope) -> Iterator[FieldName]:
    for form in scope.forms.values():
        yield from form.fields.values()
