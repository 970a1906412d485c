"""What a cell may hold, as a spreadsheet checks it while somebody types, and as it is said in words.

A spreadsheet checks what `sources` would refuse: so a cell that was typed in past no warning is used as written.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from remit.language.types import Date, Level, Number, YesNo
from remit.language.units import in_words
from remit.sources.cells import key
from remit.sources.numbers import show
from remit.study.forms import Charts, Field

CELL = "{cell}"  # stands in a formula for the cell that is checked
FIRST_DAY = "DATE(1900,1,1)"
CENSORED = f'AND(OR(LEFT({CELL})="<",LEFT({CELL})=">"),ISNUMBER(VALUE(MID({CELL},2,20))))'


@dataclass(frozen=True)
class Rule:
    """`choices`: what the drop-down offers, and nothing else may stand there; else the formula must be true.

    `expected`: what may be written, in words that go on after "Write".
    """

    expected: str
    choices: tuple[str | int, ...] = ()
    formula: str = ""


def rule_of(field: Field, charts: Charts) -> Rule | None:
    """The rule of a field's cells; None where any text may stand."""
    word = not_done_word(field, charts)
    offered = [*(field.choices or choices_of(field, charts)), *([word] if word else [])]
    match field.type:
        case _ if field.choices:
            return Rule(f"one of: {', '.join(said(field, charts))}", choices=tuple(offered))
        case Number() as kind:
            others = ([f'{CELL}="{quoted(word)}"'] if word else []) + ([CENSORED] if kind.censored else [])
            return Rule(amount(field, kind), formula=number_or(others, number_tests(field, kind)))
        case Date():
            days = [f"{CELL}>={FIRST_DAY}", f"{CELL}<=TODAY()", f"INT({CELL})={CELL}"]
            others = [f'{CELL}="{quoted(word)}"'] if word else []
            return Rule("a day from 1900 until today, as 2024-06-30", formula=number_or(others, days))
        case Level() | YesNo():
            return Rule(f"one of: {', '.join(said(field, charts))}", choices=tuple(offered))
        case _:
            return None


def choices_of(field: Field, charts: Charts) -> tuple[str, ...]:
    """The words that a field of levels or of yes and no takes, as the study says them."""
    match field.type:
        case Level(levels=levels):
            return levels
        case YesNo():
            return charts.words
        case _:
            return ()


def said(field: Field, charts: Charts) -> list[str]:
    """Each choice as people read it; a number with what it stands for: 0 none."""
    return [f"{number} {meaning}" for number, meaning in field.choices.items()] or [*choices_of(field, charts)]


def not_done_word(field: Field, charts: Charts) -> str | None:
    """The study's first word for "not done", unless it means something else in this field."""
    taken = {key(word) for word in (*field.codes, *choices_of(field, charts))}
    if isinstance(field.type, YesNo):
        taken |= {key(word) for word in (*charts.yes, *charts.no)}
    return next((word for word in charts.not_done if key(word) not in taken), None)


def number_or(others: list[str], tests: list[str]) -> str:
    """A number that passes the tests, or a text of which one of the others is true."""
    number = f"AND({','.join(tests)})"
    other = f"OR({','.join(others)})" if others else "FALSE"
    return f"=IF(ISNUMBER({CELL}),{number},{other})"


def number_tests(field: Field, kind: Number) -> list[str]:
    largest = Fraction(kind.limit, 10**kind.decimals)
    low, high = (field.low if field.low is not None else -largest), (field.high if field.high is not None else largest)
    return [f"{CELL}>={show(low)}", f"{CELL}<={show(high)}", f"ROUND({CELL},{kind.decimals})={CELL}"]


def quoted(word: str) -> str:
    """A text between the quotation marks of a formula."""
    return word.replace('"', '""')


def amount(field: Field, kind: Number) -> str:
    """a whole number from 0 to 28; a number of 0 mg/dL or more, with up to 2 decimals."""
    what = "a number" if kind.decimals else "a whole number"
    decimals = f", with up to {kind.decimals} decimal{'s' if kind.decimals > 1 else ''}" if kind.decimals else ""
    limit = "; or <5, >5 if it is beyond the limit of the test" if kind.censored else ""
    return " ".join(f"{what} {range_of(field)}".split()) + decimals + limit


def range_of(field: Field) -> str:
    """from 0 to 28 mg; of 0 or more; empty if there are no limits."""
    unit = unit_of(field)
    match field.low, field.high:
        case None, None:
            return f"in {unit}" if unit else ""
        case low, None:
            return f"of {show(low)} {unit}".rstrip() + " or more" if low is not None else ""
        case None, high:
            return f"of {show(high)} {unit}".rstrip() + " or less" if high is not None else ""
        case low, high:
            return f"from {show(low or Fraction(0))} to {show(high or Fraction(0))} {unit}".rstrip()


def unit_of(field: Field) -> str:
    """The unit that the column is written in, as people print it; "" if there is none."""
    own = next(iter(field.units), field.type.unit if isinstance(field.type, Number) else "")
    return in_words(own) if own else ""
