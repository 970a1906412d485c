"""The functions of the language, one entry each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from remit.language import calculated, combine
from remit.language.alignment import in_one_unit, needs_unit, within
from remit.language.constants import scale_of
from remit.language.errors import LanguageError, nearest
from remit.language.query import (
    EVERY_ROW,
    Aggregate,
    AggregateKind,
    And,
    Band,
    BandOf,
    Change,
    Compare,
    Extreme,
    HowMany,
    Known,
    MaxMeasured,
    Named,
    Not,
    Or,
    Query,
    RowValue,
    SumKnown,
    Value,
    plain,
    walk,
)
from remit.language.scope import FormName
from remit.language.syntax import Call, Name, Node
from remit.language.types import Date, Level, Number, Ratio, Span, YesNo, name_of

if TYPE_CHECKING:
    from remit.language.resolve import Context

MOST_ROWS = 10**5  # a patient's rows of one form; counts and sums are bounded by it


def call(node: Call, context: Context) -> Query:
    function = FUNCTIONS.get(node.function)
    if function is None:
        raise LanguageError(f"there is no function '{node.function}'", nearest(node.function, FUNCTIONS), node.place)
    return function(node, context)


def _known(node: Call, context: Context) -> Query:
    (operand,) = _arguments(node)
    return Known(context.resolve(operand))


def _before(node: Call, context: Context) -> Query:
    """before(x) is x at the reference visit: what change and fall compare with."""
    (operand,) = _arguments(node)
    return _at_reference(operand, node, context)


def _change(node: Call, context: Context) -> Query:
    """change(x) is x now minus x at the reference visit; fall(x) the other way round."""
    (operand,) = _arguments(node)
    now, before = context.resolve(operand), _at_reference(operand, node, context)
    if not isinstance(now.type, Number | Span):
        raise _not_a_number(node, now, operand)
    if now == before:
        raise LanguageError(
            f"{node.function} compares a visit with {context.scope.reference}, and here they are the same",
            f"Use it on a field that is measured at visits, at a later one: {node.function}(x)@week12.",
            node.place,
        )
    now, before = combine.in_days(now), combine.in_days(before)
    kind = cast("Number", combine.arithmetic("-", now, before, context.scope, node).type)
    return Change(cast("Literal['change', 'fall']", node.function), now, before, kind)


def _at_reference(operand: Node, node: Call, context: Context) -> Query:
    return replace(context, visit=_reference(node, context)).resolve(operand)


def _reference(node: Call, context: Context) -> str:
    """The reference visit, which the function looks back to."""
    reference = context.scope.reference
    if context.form is not None:
        alone = node.function in ("before", "last_observed")
        at_a_visit = f"Say at which: {node.function}(x)@week12."
        what = f"{node.function} looks back from a visit, and a row of {context.form} is none"
        remedy = at_a_visit if alone else "Write the difference out: x@week12 - x@baseline."
        raise LanguageError(what, remedy, node.place)
    if reference is None:
        raise LanguageError(
            f"{node.function} needs a visit to look back to",
            "Declare in the study file a visit on day 0 or before.",
            node.place,
        )
    return reference


def _band(node: Call, context: Context) -> Query:
    (operand,) = _arguments(node)
    query = context.resolve(operand)
    bands = _bands(query, context)
    if not bands or not isinstance(query.type, Number):
        raise LanguageError(
            "no bands are known for this",
            "Bands belong to scores: declare `bands:` with the field, or compare with numbers.",
            operand.place,
        )
    for edge in (edge for band in bands for edge in (band.low, band.high) if edge is not None):
        within(query.type.limit * edge.denominator, node)
        within(abs(edge.numerator) * scale_of(query), node)
    return BandOf(query, bands, Level(tuple(band.name for band in bands), ordered=True))


def _bands(query: Query, context: Context) -> tuple[Band, ...]:
    if isinstance(query, Named):
        definition = context.scope.definitions.get(query.name)
        return definition.bands if definition else ()
    if isinstance(query, Value | RowValue):
        form = context.scope.forms.get(query.form)
        return form.fields[query.field].bands if form else ()
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
    operands, kind = _numbers(node, context)
    return Extreme(cast("Literal['max', 'min']", node.function), operands, kind)


def _max_measured(node: Call, context: Context) -> Query:
    if not node.arguments or node.named:
        raise LanguageError("max_measured takes one number or more", f"As in {EXAMPLES['max_measured']}.", node.place)
    for argument in node.arguments:
        field = plain(context.resolve(argument))
        if not isinstance(field, Value) or field.visit is None:
            raise LanguageError(
                "max_measured takes fields charted at visits; of anything else, unknown may mean something else",
                f"As in {EXAMPLES['max_measured']}; of calculated numbers take max.",
                argument.place,
            )
    operands, kind = _numbers(node, context)
    reference = tuple(_at_reference(argument, node, context) for argument in node.arguments)
    return MaxMeasured(operands, reference, kind)


def _sum_known(node: Call, context: Context) -> Query:
    if len(node.arguments) < 2 or node.named:
        what = "sum_known takes two numbers or more"
        raise LanguageError(what, f"As in {EXAMPLES['sum_known']}; of rows take sum.", node.place)
    operands, kind = _numbers(node, context)
    kind = replace(kind, limit=kind.limit * len(operands))
    within(kind.limit, node)
    return SumKnown(operands, kind)


def _last_observed(node: Call, context: Context) -> Query:
    """last_observed(x): x, or where it is unknown x at the nearest earlier visit after the reference visit."""
    (operand,) = _arguments(node)
    reference = context.scope.visits[_reference(node, context)]
    now = combine.in_days(context.resolve(operand))
    if not any(isinstance(part, Value) and part.visit for part in walk(now)):
        what = "last_observed carries forward what is measured at visits, and this is the same at all of them"
        raise LanguageError(what, f"As in {EXAMPLES['last_observed']}.", operand.place)
    if isinstance(now.type, Ratio):
        raise LanguageError("last_observed is not for quotients", "Of quotients take round(a / b, 6).", operand.place)
    day = context.scope.visits[cast("str", context.visit)].day
    if day <= reference.day:
        return now
    between = [visit for visit in context.scope.visits.values() if reference.day < visit.day < day]
    earlier = sorted(between, key=lambda visit: visit.day, reverse=True)
    carried = [combine.in_days(replace(context, visit=visit.name).resolve(operand)) for visit in earlier]
    return calculated.first_known([now, *carried], context.scope, node)


def _range_level(node: Call, context: Context) -> Query:
    """range_level(x, low, high): below the range it is low, above it high, else normal."""
    if len(node.arguments) != 3 or node.named:
        what = "range_level takes a number and the two ends of its range"
        raise LanguageError(what, f"As in {EXAMPLES['range_level']}.", node.place)
    (value, low, high), _ = _numbers(node, context)
    return calculated.level_in_range(value, low, high, node)


def _numbers(node: Call, context: Context) -> tuple[tuple[Query, ...], Number]:
    """The arguments in one unit, and the type that holds each."""
    operands = [context.resolve(argument) for argument in node.arguments]
    for operand, argument in zip(operands, node.arguments, strict=True):
        if not isinstance(operand.type, Number | Span):
            raise _not_a_number(node, operand, argument)
    needs_unit(operands, node)
    return in_one_unit([combine.in_days(operand) for operand in operands], context.scope, node)


def _not_a_number(node: Call, query: Query, argument: Node) -> LanguageError:
    remedy = {
        Date: "Of dates take first or last over rows, or the time between two: a - b.",
        YesNo: "Yes/no values are counted: how_many(a, b, c) >= 2; of rows ask any, all or count.",
        Ratio: "Use it on the numbers above or below the line.",
    }.get(type(query.type), "Levels and texts are compared with == or in (…).")
    return LanguageError(f"{node.function} is for numbers, and this is {name_of(query.type)}", remedy, argument.place)


def _how_many(node: Call, context: Context) -> Query:
    if len(node.arguments) < 2 or node.named:
        raise LanguageError("how_many takes two yes/no values or more", f"As in {EXAMPLES['how_many']}.", node.place)
    operands = tuple(context.truth(argument) for argument in node.arguments)
    unsure = not all(calculated.decided(operand) for operand in operands)
    return HowMany(operands, Number(limit=len(operands), censored=unsure))


def _if(node: Call, context: Context) -> Query:
    """if(condition, a, b); if(condition, a) is unknown where the condition does not hold."""
    if not 2 <= len(node.arguments) <= 3 or node.named:
        what = "if takes a condition and one or two values"
        raise LanguageError(what, f"As in {EXAMPLES['if']}.", node.place)
    condition = context.truth(node.arguments[0])
    then, *otherwise = (context.resolve(argument) for argument in node.arguments[1:])
    return calculated.choice(condition, then, otherwise[0] if otherwise else None, context.scope, node)


def _irrational(node: Call, context: Context) -> Query:
    (operand,) = _arguments(node)
    kind = cast("Literal['sqrt', 'ln']", node.function)
    return calculated.irrational(kind, context.resolve(operand), operand)


def _round(node: Call, context: Context) -> Query:
    """round(x, 2): with two decimals; round(x): whole."""
    if not 1 <= len(node.arguments) <= 2 or node.named:
        what = "round takes a number, and perhaps how many decimals"
        raise LanguageError(what, f"As in {EXAMPLES['round']}.", node.place)
    operand, *asked = (context.resolve(argument) for argument in node.arguments)
    decimals = calculated.whole_number(asked[0], 9) if asked else 0
    if decimals is None:
        what = "decimals are a whole number from 0 to 9"
        raise LanguageError(what, f"As in {EXAMPLES['round']}.", node.arguments[1].place)
    return calculated.rounded(combine.in_days(operand), decimals, node)


def _any(node: Call, context: Context) -> Query:
    form, where = _form_and_where(node, context)
    return Aggregate("any", form.name, where, None, None, YesNo())


def _all(node: Call, context: Context) -> Query:
    """all(form, that …, where …): every row for which `where` holds also has `that`."""
    form, where = _form_and_where(node, context, extra=("that",))
    that = _named(node, "that")
    if that is None:
        raise LanguageError("all needs `that`", f"As in {EXAMPLES['all']}.", node.place)
    claim = replace(context, form=form.name).truth(that)
    query = claim if where == EVERY_ROW else Or(Not(where), claim)
    return Aggregate("all", form.name, query, None, None, YesNo())


def _count(node: Call, context: Context) -> Query:
    form, where = _form_and_where(node, context)
    return Aggregate("count", form.name, where, None, None, Number(limit=MOST_ROWS, censored=True))


def _of_rows(node: Call, context: Context) -> Query:
    """sum, min, max, first, last of a value of the row, over a patient's rows."""
    found = _form_field(node, context)
    if found is None:
        raise LanguageError(f"{node.function} asks for form.field", f"As in {EXAMPLES[node.function]}.", node.place)
    _only(node, ("where",))
    form, field = found
    where = _where(node, form, context)
    field = combine.in_days(field)
    kind = field.type
    if isinstance(kind, Ratio):
        raise _not_a_number(node, field, node.arguments[0])
    if node.function in ("first", "last"):
        if form.date is None:
            raise LanguageError(
                f"the rows of {form.name} have no date to order them by",
                "Declare `date:` of the form in the study file, or use min or max.",
                node.place,
            )
        order = RowValue(form.name, form.date, form.fields[form.date].type)
        return Aggregate(cast("AggregateKind", node.function), form.name, where, field, order, kind)
    if not isinstance(kind, Number) and not (isinstance(kind, Date) and node.function != "sum"):
        raise _not_a_number(node, field, node.arguments[0])
    if isinstance(kind, Number) and node.function == "sum":
        kind = replace(kind, limit=kind.limit * MOST_ROWS)
        within(kind.limit, node)
    return Aggregate(cast("AggregateKind", node.function), form.name, where, field, None, kind)


def _covers(node: Call, context: Context) -> Query:
    """covers(date): the row's period includes the day. Periods are half-open: the stop is the first day without."""
    (operand,) = _arguments(node)
    form = context.scope.forms.get(context.form or "")
    if form is None or form.rows != "period" or form.date is None or form.stop is None:
        raise LanguageError(
            "covers stands in a condition on a form of periods",
            "As in any(steroids, where covers(visit_date)).",
            node.place,
        )
    day = context.resolve(operand)
    if not isinstance(day.type, Date):
        raise LanguageError(
            f"covers asks for a date, and this is {name_of(day.type)}", f"As in {EXAMPLES['covers']}.", operand.place
        )
    start = RowValue(form.name, form.date, form.fields[form.date].type)
    stop = RowValue(form.name, form.stop, form.fields[form.stop].type)
    return And(Compare("<=", start, day), Compare(">", stop, day))


def _arguments(node: Call) -> tuple[Node, ...]:
    """The one value that the function takes."""
    if len(node.arguments) != 1 or node.named:
        has = len(node.arguments) + len(node.named)
        raise LanguageError(
            f"{node.function} takes one value and has {has}", f"As in {EXAMPLES[node.function]}.", node.place
        )
    return node.arguments


def _form_and_where(node: Call, context: Context, extra: tuple[str, ...] = ()) -> tuple[FormName, Query]:
    if len(node.arguments) != 1 or not isinstance(node.arguments[0], Name):
        what = f"{node.function} takes one form, and its condition behind `{'that' if 'that' in extra else 'where'}`"
        raise LanguageError(what, f"As in {EXAMPLES[node.function]}.", node.place)
    name = node.arguments[0]
    form = context.scope.forms.get(name.text)
    if form is None or form.rows == "once":
        many = [f.name for f in context.scope.forms.values() if f.rows != "once"]
        what = f"there is no form '{name.text}'" if form is None else f"{name.text} has one row a patient"
        raise LanguageError(what, nearest(name.text, many), name.place)
    _only(node, ("where", *extra))
    return form, _where(node, form, context)


def _only(node: Call, allowed: tuple[str, ...]) -> None:
    """No condition that the function does not know, and none twice."""
    keys = [key for key, _ in node.named]
    for key, value in node.named:
        if key not in allowed or keys.count(key) > 1:
            what = f"{node.function} has no `{key}`" if key not in allowed else f"`{key}` stands twice"
            raise LanguageError(what, f"As in {EXAMPLES[node.function]}; join conditions by and.", value.place)


def _form_field(node: Call, context: Context) -> tuple[FormName, Query] | None:
    """`form.field` of a form with many rows, as a value of its row."""
    if len(node.arguments) != 1 or not isinstance(node.arguments[0], Name) or len(node.arguments[0].parts) != 2:
        return None
    name = node.arguments[0]
    form = context.scope.forms.get(name.parts[0])
    if form is None or form.rows == "once":
        return None
    return form, replace(context, form=form.name).resolve(name)


def _where(node: Call, form: FormName, context: Context) -> Query:
    condition = _named(node, "where")
    return EVERY_ROW if condition is None else replace(context, form=form.name).truth(condition)


def _named(node: Call, key: str) -> Node | None:
    return next((value for name, value in node.named if name == key), None)


FUNCTIONS: dict[str, Callable[[Call, Context], Query]] = {
    "known": _known,
    "change": _change,
    "fall": _change,
    "before": _before,
    "band": _band,
    "max": _extreme,
    "min": _extreme,
    "max_measured": _max_measured,
    "sum_known": _sum_known,
    "last_observed": _last_observed,
    "range_level": _range_level,
    "how_many": _how_many,
    "if": _if,
    "sqrt": _irrational,
    "ln": _irrational,
    "round": _round,
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
    "change": "change(score)",
    "fall": "fall(score) > 3",
    "before": "fall(score) >= 0.5 * before(score)",
    "band": "band(score)",
    "max": "max(a, b)",
    "min": "min(a, b)",
    "max_measured": "max_measured(left_knee, right_knee)",
    "sum_known": "sum_known(item_a, item_b, item_c)",
    "last_observed": "last_observed(score)",
    "range_level": "range_level(alt, alt_low, alt_high)",
    "how_many": "how_many(failed_a, failed_b, failed_c) >= 2",
    "if": "if(female, 42, 47)",
    "sqrt": "sqrt(count)",
    "ln": "ln(crp / 1 mg/L + 1)",
    "round": "round(a / b, 2)",
    "any": "any(adverse_events, where serious)",
    "all": "all(steroids, that dose <= 10 mg)",
    "count": "count(adverse_events, where serious)",
    "sum": "sum(treatment.dose)",
    "first": "first(treatment.start_date)",
    "last": "last(treatment.stop_date)",
    "covers": "covers(visit_date)",
}
