"""Query → English, as a methods section would say it: never more than the definition says, and never less.

Yes/no queries become statements, all else the name of a value. A negation is carried inwards to where English says it
best; Kleene's logic allows that, as its laws are De Morgan's too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import cast

from remit.language.query import (
    EVERY_ROW,
    Aggregate,
    And,
    Arithmetic,
    Band,
    BandOf,
    Between,
    Change,
    Compare,
    Constant,
    Divide,
    Extreme,
    HowMany,
    If,
    InDays,
    Irrational,
    Known,
    LastObserved,
    MaxMeasured,
    Named,
    Not,
    OneOf,
    Operator,
    Or,
    Per,
    Query,
    Rounded,
    RowValue,
    Same,
    Shift,
    SumKnown,
    Value,
    plain,
)
from remit.language.scope import FormName, Scope
from remit.language.types import Date, Number, Span, YesNo
from remit.language.words import (
    COUNTS,
    DATE_VERBS,
    DAY_VERBS,
    LENGTH_VERBS,
    TIME_VERBS,
    VERBS,
    Names,
    Verbs,
    constant_in_words,
    decimal,
    joined,
    label,
    level,
    plural,
    the,
)
from remit.language.words import number_in_words as number_in_words

_OPPOSITE: dict[Operator, Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def describe(query: Query, scope: Scope, visit: str | None = None) -> str:
    """The query in English; values at `visit` are not said to be at it. Names used inside it keep their labels."""
    return _Speaker(scope, visit).say(query.inner if isinstance(query, Named) else query)


def mention(query: Query, scope: Scope) -> str:
    """The query as others mention it: what has a name, by its name."""
    return _Speaker(scope).say(query)


def is_day(query: Query, scope: Scope) -> bool:
    """Whether its number is a day, counted from day 0."""
    return _Speaker(scope).is_day(query)


def band_ranges(query: BandOf) -> str:
    """Bands with their edges: mild 5 to 7, moderate 8 to 16, severe 17 or more."""
    return ", ".join(f"{band.name} {_edges(band)}" for band in query.bands)


def _edges(band: Band) -> str:
    low, high = (None if edge is None else decimal(edge) for edge in (band.low, band.high))
    if low is None or high is None:
        return "any" if low == high else f"{high} or less" if low is None else f"{low} or more"
    return f"{low} to {high}" if low != high else low


class _Speaker(Names):
    """Statements and values, each kind of query in its own way."""

    def say(self, query: Query) -> str:
        return self.statement(query) if isinstance(query.type, YesNo) else self.value(query)

    # Statements

    def statement(self, query: Query, holds: bool = True) -> str:
        """What is said when it holds, or when it does not."""
        return _STATEMENTS[type(query)](self, query, holds)

    def not_(self, query: Not, holds: bool) -> str:
        return self.statement(query.operand, not holds)

    def chain(self, query: And | Or, holds: bool) -> str:
        day = self._covered(query)
        if day is not None:
            return f"it {'includes' if holds else 'does not include'} {self.value(day)}"
        word = "and" if isinstance(query, And) == holds else "or"
        return joined(self._members(self._parts(query), holds, word), word)

    def _parts(self, query: Query) -> list[Query]:
        """The members of a chain of one connective; what says "the period includes the day" stays together."""
        parts: list[Query] = []
        for side in (cast("And | Or", query).left, cast("And | Or", query).right):
            parts += self._parts(side) if type(side) is type(query) and not self._covered(side) else [side]
        return parts

    def _covered(self, query: Query) -> Query | None:
        """The day, if the query says that the row's period includes it: start <= day and stop > day."""
        match query:
            case And(Compare("<=", RowValue(form, start), day), Compare(">", RowValue(other, stop), again)):
                found = self.scope.forms[form]
                same = form == other and day == again and (start, stop) == (found.date, found.stop)
                return day if same else None
        return None

    def _members(self, parts: list[Query], holds: bool, word: str) -> list[str]:
        """Each part said; neighbours about one value are said together: at least 5 and at most 7."""
        said: list[str] = []
        last: Query | None = None
        for part in parts:
            text = self.statement(part, holds)
            compared = part.operand if isinstance(part, Not) else part
            subject = compared.left if isinstance(compared, Compare) and self._verbs(compared) else None
            if said and subject is not None and subject == last:
                said[-1] += f" {word} " + text.removeprefix(f"{self.value(subject)} is ")
            else:
                said.append(self._bracketed(part, text, word))
            last = subject
        return [self._apart(text, after) for text, after in zip(said, [*said[1:], ""], strict=True)]

    @staticmethod
    def _apart(text: str, after: str) -> str:
        """A name that could seem to speak of the next one too, in brackets: (no smoking) or diabetes."""
        first = text.split()[0]
        reaches = first == "no" or re.match(r"(?!the |\(|it )[^“]*?\b(of|for|to|in|with|without)\b", text)
        alike = after.startswith((first, "the ", "("))
        return f"({text})" if after and reaches and not alike and not _has_verb(text) else text

    def _bracketed(self, part: Query, text: str, word: str) -> str:
        """In brackets, where its own "and" or "or" would run into that of the others."""
        inner = part.operand if isinstance(part, Not) else part
        if isinstance(inner, And | Or | Aggregate) and not self._covered(inner) and re.search(r"\b(and|or)\b|,", text):
            return f"({text})"
        return f"({text})" if isinstance(inner, OneOf) and word == "or" and " or " in text else text

    def constant_truth(self, query: Constant, holds: bool) -> str:
        return "always" if query.value == holds else "never"

    def named_truth(self, query: Value | Named, holds: bool) -> str:
        """By the study's own words for yes and no, where it has them."""
        visit = self.at(query.visit)
        if isinstance(query, Named) and query.name not in self.scope.definitions:
            return self.statement(query.inner, holds)
        phrases, name = self.phrases(query)
        if phrases is None:
            return f"{label(name)}{visit}" if holds else f"no {label(name)}{visit}"
        if phrases[0].startswith("on "):
            return f"the patient is {'' if holds else 'not '}{phrases[0]}{visit}"
        return phrases[0 if holds else 1] + visit

    def row_truth(self, query: RowValue, holds: bool) -> str:
        field = self.scope.forms[query.form].fields[query.field]
        if field.phrases and field.phrases[0].startswith("on "):
            return f"the patient is {'' if holds else 'not '}{field.phrases[0]}"
        if field.phrases:
            return field.phrases[0 if holds else 1]
        return f"it is marked as {'' if holds else 'not '}{label(field.label)}"

    def known(self, query: Known, holds: bool) -> str:
        operand, is_known = query.operand, "is known" if holds else "is not known"
        if isinstance(operand.type, YesNo) and not isinstance(operand, Value | Named | RowValue):
            return f"it {is_known} whether {self.statement(operand)}"
        return f"{self.value(operand)} {is_known}"

    def one_of(self, query: OneOf, holds: bool) -> str:
        operand, options = plain(query.operand), query.options
        named = query.operand if not isinstance(operand, BandOf) else operand
        is_, one = self.value(named), "is" if holds else "is not"
        if isinstance(operand, BandOf) and not isinstance(query.operand, Named):
            edges = {band.name: _edges(band) for band in operand.bands}
            bands = joined([f"“{name}” ({edges[name]})" for name in options], "or")
            several = f"is in {'one' if holds else 'none'} of the bands"
            return f"{self.value(operand.operand)} {several if options[1:] else f'{one} in the band'} {bands}"
        listed = [known.label for known in self.scope.lists.values() if known.members == options]
        if listed and len(options) > 1:
            return f"{is_} {one} one of the {label(listed[0])}"
        if len(options) == 2 and not holds:
            return f"{is_} is neither {level(options[0])} nor {level(options[1])}"
        return f"{is_} {one} {self._options(tuple(level(option) for option in options))}"

    @staticmethod
    def _options(options: tuple[str, ...]) -> str:
        return ("one of " if len(options) > 2 else "") + joined(options, "or")

    def if_truth(self, query: If, holds: bool) -> str:
        """Unknown where there is no other value, and so is its opposite."""
        then = f"if {self.statement(query.condition)}: {self.statement(query.then, holds)}"
        return f"({then}{'' if query.otherwise is None else f'; else: {self.statement(query.otherwise, holds)}'})"

    def last_observed_truth(self, query: LastObserved, holds: bool) -> str:
        return f"{self.statement(query.operands[0], holds)} {self._carried()}"

    def _carried(self) -> str:
        return f"(where unknown: the last known value after {self.reference()}, carried forward)"

    def same(self, query: Same, holds: bool) -> str:
        return f"{self.value(query.left)} {'is the same as' if holds else 'differs from'} {self.value(query.right)}"

    # Comparisons

    def compare(self, query: Compare, holds: bool) -> str:
        operator = query.operator if holds else _OPPOSITE[query.operator]
        if isinstance(query.left, HowMany):
            items = "; ".join(self.statement(operand) for operand in query.left.operands)
            return f"{COUNTS[operator]} {self.value(query.right)} of these hold: ({items})"
        fallen, constant = self._fallen(query.left), plain(query.right)
        if fallen and isinstance(constant, Constant) and operator in (">", ">=") and _amount(constant) > 0:
            return f"{self.value(fallen.now)} fell from {self.reference()} by {COUNTS[operator]} " + (
                self._points(fallen, constant)
                if isinstance(query.left, Change)
                else f"{decimal(100 * _amount(constant))} %"
            )
        return f"{self.value(query.left)} {(self._verbs(query) or VERBS)[operator]} {self._beside(query)}"

    def _verbs(self, query: Compare) -> Verbs | None:
        """Numbers, dates and days have verbs of their own; none: it is said in another way."""
        if isinstance(query.left, HowMany) or (isinstance(plain(query.right), Constant) and self._fallen(query.left)):
            return None
        if isinstance(query.left.type, Date):
            return TIME_VERBS if isinstance(query.right, Shift) else DATE_VERBS
        if isinstance(query.left.type, Span) or isinstance(query.left, InDays):
            return LENGTH_VERBS
        return DAY_VERBS if self.is_day(query.left) else VERBS

    def _beside(self, query: Compare) -> str:
        constant = plain(query.right)
        if isinstance(constant, Constant) and self.is_day(query.left):
            return f"day {decimal(_amount(constant))}"
        return self.value(query.right)

    def is_day(self, query: Query) -> bool:
        """A study day: its label speaks of a day, and it is counted in days."""
        in_days = isinstance(query.type, Number) and query.type.unit == "d" and isinstance(query, Value | Named)
        return in_days and re.search(r"\bday\b", self.value(query)) is not None

    def _fallen(self, query: Query) -> Change | None:
        """A fall, or the fall in a fall divided by what it fell from."""
        match query:
            case Change("fall"):
                return query
            case Divide(Change("fall", _, before) as fall, bottom) if before == bottom:
                return fall
        return None

    def _points(self, change: Change, number: Constant) -> str:
        """An amount; of a score, in points."""
        points = change.type.unit == "" and self.has_bands(change.now)
        word = "" if not points else " point" if number.value == 1 else " points"
        return number_in_words(number) + word

    # Values

    def value(self, query: Query) -> str:
        return _VALUES[type(query)](self, query)

    def constant(self, query: Constant) -> str:
        return constant_in_words(query)

    def field(self, query: Value) -> str:
        found = self.scope.form_of(query)
        return the(found.label if found else self.patient_label(query)) + self.at(query.visit)

    def row_field(self, query: RowValue) -> str:
        return the(self.scope.forms[query.form].fields[query.field].label)

    def named(self, query: Named) -> str:
        if query.name == "day":
            return "the study day"
        definition = self.scope.definitions.get(query.name)
        return the(definition.label) + self.at(query.visit) if definition else self.value(query.inner)

    def arithmetic(self, query: Arithmetic) -> str:
        left, right = query.left, query.right
        if _converted(query):
            return self.value(left)
        if query.operator == "-" and isinstance(left, Constant) and left.value == 0:
            return f"minus {self._term(right)}"
        if query.operator != "*" and isinstance(right, Constant) and self.is_day(left):
            return f"{number_in_words(right)} {'after' if query.operator == '+' else 'before'} {self.value(left)}"
        sign = {"+": "plus", "-": "minus", "*": "times"}[query.operator]
        chained = isinstance(left, Arithmetic) and (left.operator == "*") == (query.operator == "*")
        return f"{self.value(left) if chained else self._term(left)} {sign} {self._term(right)}"

    def _term(self, query: Query) -> str:
        text = self.value(query)
        while _converted(query):
            query = cast("Arithmetic", query).left
        return f"({text})" if isinstance(query, Arithmetic | Divide | Change | Per | Rounded) else text

    def change(self, query: Change) -> str:
        return f"the {query.direction} of {self._term(query.now)} from {self.reference()}"

    def divide(self, query: Divide) -> str:
        return f"{self._term(query.top)} divided by {self._term(query.bottom)}"

    def per(self, query: Per) -> str:
        if cast("Number", query.amount.type).unit and query.amount.value == 1:
            return f"{self._term(query.operand)} in {number_in_words(query.amount).removeprefix('1 ')}"
        return f"{self._term(query.operand)} divided by {number_in_words(query.amount)}"

    def rounded(self, query: Rounded) -> str:
        decimals = query.type.decimals
        places = f"{decimals} decimal{'' if decimals == 1 else 's'}" if decimals else "a whole number"
        return f"{self._term(query.operand)} rounded to {places}"

    def irrational(self, query: Irrational) -> str:
        name = "square root" if query.kind == "sqrt" else "natural logarithm"
        return f"the {name} of {self._term(query.operand)}"

    def if_value(self, query: If) -> str:
        then = f"{self.value(query.then)} if {self.statement(query.condition)}"
        return f"({then}{', else unknown' if query.otherwise is None else f', else {self.value(query.otherwise)}'})"

    def extreme(self, query: Extreme) -> str:
        which = "greatest" if query.kind == "max" else "least"
        return f"the {which} of {joined([self._term(operand) for operand in query.operands], 'and')}"

    def max_measured(self, query: MaxMeasured) -> str:
        operands = [self.value(operand) for operand in query.operands]
        if len(operands) == 1:
            return operands[0]
        return (
            f"the greatest measured value of {joined(operands, 'and')} "
            f"(unknown unless each that was measured at {self.reference()} is measured again)"
        )

    def sum_known(self, query: SumKnown) -> str:
        return f"the sum of those known of {joined([self._term(operand) for operand in query.operands], 'and')}"

    def last_observed(self, query: LastObserved) -> str:
        return f"{self._term(query.operands[0])} {self._carried()}"

    def how_many(self, query: HowMany) -> str:
        return f"the number of these that hold: ({'; '.join(self.statement(operand) for operand in query.operands)})"

    def between(self, query: Between) -> str:
        return f"the time from {self.value(query.start)} to {self.value(query.end)}"

    def in_days(self, query: InDays) -> str:
        return self.value(query.operand)

    def shift(self, query: Shift) -> str:
        days = query.days
        if isinstance(days, Constant) and _amount(days) < 0:
            return f"{number_in_words(days).removeprefix('-')} before {self.value(query.date)}"
        if isinstance(days, Arithmetic) and days.operator == "-" and isinstance(days.left, Constant):
            return f"{self._term(query.date)} minus {self._term(days.right)}"
        if isinstance(days, Constant):
            return f"{number_in_words(days)} after {self.value(query.date)}"
        return f"{self._term(query.date)} plus {self._term(days)}"

    def band_of(self, query: BandOf) -> str:
        return f"the band of {self.value(query.operand)}"

    # Rows

    def rows_truth(self, query: Aggregate, holds: bool) -> str:
        form = self.scope.forms[query.form]
        if query.kind == "any":
            return f"{'at least one' if holds else 'no'} {self._rows(form, query.where)}"
        if query.kind != "all":
            field = re.sub("^it ", "", self.statement(cast("Query", query.field), holds))
            return f"the {query.kind} {self._closed(self._rows(form, query.where))} {field}"
        match query.where:
            case Or(Not(where), claim):
                pass
            case _:
                where, claim = EVERY_ROW, query.where
        if holds:
            return f"for each {self._rows(form, where)}, {self.statement(claim)}"
        against = Not(claim) if where == EVERY_ROW else And(where, Not(claim))
        return f"at least one {self._rows(form, against)}"

    def rows(self, query: Aggregate) -> str:
        form = self.scope.forms[query.form]
        if query.field is None:
            return f"the number of {self._closed(self._rows(form, query.where, many=True))}"
        field = re.sub("^the ", "", self.value(query.field))
        if query.kind in ("first", "last"):
            return f"the {field} of the {query.kind} {self._closed(self._rows(form, query.where))}"
        extremes = ("earliest", "latest") if isinstance(query.type, Date) else ("least", "greatest")
        which = {"sum": "sum of", "min": extremes[0], "max": extremes[1]}[query.kind]
        return f"the {which} {field} over all {self._closed(self._rows(form, query.where, many=True))}"

    def _rows(self, form: FormName, where: Query, many: bool = False) -> str:
        name = plural(form.label) if many else form.label
        return name if where == EVERY_ROW else f"{name} {self._relative(where, many)}"

    def _closed(self, rows: str) -> str:
        """A relative clause inside a sentence that goes on: in brackets where it has an "and" or "or"."""
        found = re.search(r" (?:that|for which) .*\b(?:and|or)\b", rows)
        return f"{rows[: found.start()]} ({rows[found.start() + 1 :]})" if found else rows

    def _relative(self, where: Query, many: bool) -> str:
        """The condition as a relative clause: for which …, that is marked as …, that includes …"""
        word = "and" if isinstance(where, And) else "or"
        parts = self._parts(where) if isinstance(where, And | Or) and not self._covered(where) else [where]
        clauses: list[str] = []
        for text in self._members(parts, True, word):
            if re.match("it (is marked|includes|does)", text):
                clauses.append(f"that {_of_many(text[3:]) if many else text[3:]}")
            elif not _has_verb(text) or text.startswith(("at least one ", "no ")):
                clauses.append(f"for which there is {text}")
            elif clauses and clauses[-1].startswith("for which") and "there is" not in clauses[-1]:
                clauses.append(text)
            else:
                clauses.append(f"for which {text}")
        return joined(clauses, word)


def _has_verb(text: str) -> bool:
    return re.search(r"\b(is|fell|hold|differs|includes|for each)\b", text) is not None


def _of_many(verb: str) -> str:
    for one, many in (("is ", "are "), ("includes ", "include "), ("does ", "do ")):
        if verb.startswith(one):
            return many + verb.removeprefix(one)
    return verb


def _converted(query: Query) -> bool:
    """Is it a number that is only brought to another unit?"""
    match query:
        case Arithmetic("*", left, Constant(type=Number(unit="")), Number() as kind):
            return kind.unit != cast("Number", left.type).unit
    return False


def _amount(constant: Constant) -> Fraction:
    return cast("Fraction", constant.value)


_STATEMENTS: dict[type, Callable[..., str]] = {
    Constant: _Speaker.constant_truth,
    Value: _Speaker.named_truth,
    Named: _Speaker.named_truth,
    RowValue: _Speaker.row_truth,
    Known: _Speaker.known,
    Not: _Speaker.not_,
    And: _Speaker.chain,
    Or: _Speaker.chain,
    Compare: _Speaker.compare,
    OneOf: _Speaker.one_of,
    If: _Speaker.if_truth,
    LastObserved: _Speaker.last_observed_truth,
    Same: _Speaker.same,
    Aggregate: _Speaker.rows_truth,
}
_VALUES: dict[type, Callable[..., str]] = {
    Constant: _Speaker.constant,
    Value: _Speaker.field,
    RowValue: _Speaker.row_field,
    Named: _Speaker.named,
    Arithmetic: _Speaker.arithmetic,
    Change: _Speaker.change,
    Divide: _Speaker.divide,
    Per: _Speaker.per,
    Rounded: _Speaker.rounded,
    Irrational: _Speaker.irrational,
    If: _Speaker.if_value,
    Extreme: _Speaker.extreme,
    MaxMeasured: _Speaker.max_measured,
    SumKnown: _Speaker.sum_known,
    LastObserved: _Speaker.last_observed,
    HowMany: _Speaker.how_many,
    Between: _Speaker.between,
    InDays: _Speaker.in_days,
    Shift: _Speaker.shift,
    BandOf: _Speaker.band_of,
    Aggregate: _Speaker.rows,
}
