"""The kinds of values that a study file is written with: each takes a text and gives what it means, or refuses it.

The words of `takes` end up in the message for whoever wrote something else: "It takes a whole number of days". `seen`
is the same for an editor, which sees `84`, `yes` and `null` as YAML does and not as texts.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_EXACT = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,9})?")
_FACTOR = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?)(?:/([0-9]{1,12}(?:\.[0-9]{1,12})?))?")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)\s*(%?)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"

# Unknown keys are errors. The text below a key of a model is what an editor shows of it.
CLOSED = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


@dataclass(frozen=True)
class Takes:
    """What a value takes, in a user's words. (Of the annotations of a type, the last.)"""

    words: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, made: GetJsonSchemaHandler) -> dict[str, Any]:
        """Editors show this where a value does not fit."""
        return {**made(schema), "errorMessage": f"It takes {self.words}."}


def takes(words: str) -> Any:
    return Takes(words)


def seen(*kinds: str, pattern: str, **more: Any) -> WithJsonSchema:
    """How an editor sees a value: its kinds in JSON Schema. The pattern is that of a text, and of a text only."""
    return WithJsonSchema({"type": list(kinds), "pattern": pattern, **more})


def _alone(pattern: re.Pattern[str]) -> str:
    """Of a text with nothing else in it but spaces around."""
    return rf"^\s*({pattern.pattern})\s*$"


def _text_of(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    """`read`, of a text only: everything in the file is text until it is read."""

    def checked(written: Any) -> Any:
        if not isinstance(written, str):
            raise ValueError("not a text")
        return read(written.strip())

    return checked


def _whole(written: str) -> int:
    if not _WHOLE.fullmatch(written):
        raise ValueError("not a whole number")
    return int(written)


def _exact(written: str) -> Fraction:
    if not _EXACT.fullmatch(written):
        raise ValueError("not a number")
    return Fraction(written)


def _share(written: str) -> Fraction:
    match = _SHARE.fullmatch(written)
    share = Fraction(match[1]) / (100 if match[2] else 1) if match else Fraction(-1)
    if not 0 <= share <= 1:
        raise ValueError("not a share")
    return share


def _bound(written: Any) -> Fraction | None:
    return None if written is None else _text_of(_exact)(written)


def _factor(written: str) -> Fraction:
    match = _FACTOR.fullmatch(written)
    if not match or not Fraction(match[1]) or not Fraction(match[2] or 1):
        raise ValueError("not a factor")
    return Fraction(match[1]) / Fraction(match[2] or 1)


def _truth(written: str) -> bool:
    if written.lower() not in ("yes", "no", "true", "false"):
        raise ValueError("not yes or no")
    return written.lower() in ("yes", "true")


def _date(written: str) -> datetime.date:
    if not _DATE.fullmatch(written):
        raise ValueError("not a date")
    return datetime.date.fromisoformat(written)


def _once_each(written: Any) -> Any:
    """A list in which nothing stands twice."""
    if isinstance(written, list):
        texts = [str(each) for each in written]
        twice = [text for number, text in enumerate(texts) if text in texts[:number]]
        if twice:
            raise ValueError(f"twice: {twice[0]}")
    return written


WRITTEN = ("string", "number", "boolean")  # a plain `1.0` or `no` is a text too

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    seen(*WRITTEN, pattern=r"\S"),
    takes("a text"),
]
LANGUAGES = ("en", "it")


def _in_english(written: Any) -> Any:
    """`{en: week 12, it: settimana 12}` is week 12; `translations` keeps the rest."""
    if isinstance(written, dict) and "en" in written and set(written) <= set(LANGUAGES):
        return written["en"]
    return written


_LABEL = {"type": [*WRITTEN], "pattern": r"\S"}
_LABELS = {"type": "object", "properties": dict.fromkeys(LANGUAGES, _LABEL), "required": ["en"]}
Label = Annotated[
    Text,
    BeforeValidator(_in_english),
    WithJsonSchema({"anyOf": [_LABEL, {**_LABELS, "additionalProperties": False}]}),
    takes("a text, or one for each language: {en: week 12, it: settimana 12}"),
]
Name = Annotated[
    str,
    StringConstraints(pattern=_NAME, max_length=60),
    seen("string", "boolean", pattern=_NAME, maxLength=60),
    takes("a name of small letters, digits and single underscores that begins with a letter: week12, pain_score"),
]
Expression = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1),
    seen(*WRITTEN, pattern=r"\S"),
    takes("an expression"),
]
Whole = Annotated[
    int,
    PlainValidator(_text_of(_whole)),
    seen("integer", "string", pattern=_alone(_WHOLE)),
    takes("a whole number"),
]
Decimals = Annotated[
    int,
    PlainValidator(_text_of(_whole)),
    Field(ge=0, le=9),
    seen("integer", "string", pattern=_alone(_WHOLE), minimum=0, maximum=9),
    takes("a whole number from 0 to 9"),
]
Exact = Annotated[
    Fraction,
    PlainValidator(_text_of(_exact)),
    seen("number", "string", pattern=_alone(_EXACT)),
    takes("a number, as in 12 or 0.5"),
]
Share = Annotated[
    Fraction,
    PlainValidator(_text_of(_share)),
    seen("number", "string", pattern=_alone(_SHARE), minimum=0, maximum=1),
    takes("a share, as in 40 % or 0.4"),
]
Benchmark = Annotated[
    Fraction,
    PlainValidator(_text_of(_share)),
    Field(gt=0, lt=1),
    seen("number", "string", pattern=_alone(_SHARE), exclusiveMinimum=0, exclusiveMaximum=1),
    takes("a share above 0 % and below 100 %, as in 40 % or 0.4"),
]
Factor = Annotated[
    Fraction,
    PlainValidator(_text_of(_factor)),
    seen("number", "string", pattern=_alone(_FACTOR)),
    takes("a factor, as in 10, 0.1 or 1/113.12"),
]
Truth = Annotated[
    bool,
    PlainValidator(_text_of(_truth)),
    seen("boolean", "string", pattern=r"^\s*([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\s*$"),
    takes("yes or no"),
]
IsoDate = Annotated[
    datetime.date,
    PlainValidator(_text_of(_date)),
    seen("string", pattern=_alone(_DATE)),
    takes("a day of the calendar: 2024-06-30"),
]
Count = Annotated[
    int,
    PlainValidator(_text_of(_whole)),
    Field(ge=2, le=1000),
    seen("integer", "string", pattern=_alone(_WHOLE), minimum=2, maximum=1000),
    takes("a whole number from 2 to 1000"),
]
Week = Annotated[
    int,
    PlainValidator(_text_of(_whole)),
    Field(ge=0, le=5000),
    seen("integer", "string", pattern=_alone(_WHOLE), minimum=0, maximum=5000),
    takes("a week, 0 or more: 12"),
]
Seed = Annotated[
    int,
    PlainValidator(_text_of(_whole)),
    Field(ge=0),
    seen("integer", "string", pattern=_alone(_WHOLE), minimum=0),
    takes("a whole number of at most nine digits, as in 20240630"),
]
Day = Annotated[
    int,
    PlainValidator(_text_of(_whole)),
    Field(ge=-36525, le=36525),
    seen("integer", "string", pattern=_alone(_WHOLE), minimum=-36525, maximum=36525),
    takes("a whole number of days, from -36525 to 36525"),
]
Bound = Annotated[
    Fraction | None,
    PlainValidator(_bound),
    seen("number", "null", "string", pattern=_alone(_EXACT)),
    takes("a number, or null for no limit"),
]
Range = Annotated[tuple[Bound, Bound], takes("two numbers, [lowest, highest]; null where there is no limit")]
Strategy = Literal["treatment policy", "composite", "hypothetical", "while on treatment", "principal stratum"]
Missing = Literal["decided", "non-response", "last observed", "bounds", "imputation", "hybrid"]
IMPUTED: tuple[Missing, ...] = ("imputation", "hybrid")
Handlings = Annotated[
    list[Missing],
    BeforeValidator(_once_each),
    Field(min_length=1),
    takes("a list of different ones, as in [decided, non-response]"),
]
Shifts = Annotated[
    list[Annotated[Exact, Field(ge=-20, le=20), takes("a number from -20 to 20")]],
    BeforeValidator(_once_each),
    takes("a list of different numbers, as in [-2, -1]"),
]
NumberMissing = Literal["observed", "imputation"]
NumberHandlings = Annotated[
    list[NumberMissing],
    BeforeValidator(_once_each),
    Field(min_length=1),
    takes("a list of different ones, as in [observed, imputation]"),
]
Texts = Annotated[
    list[Text], BeforeValidator(_once_each), Field(min_length=1), takes("a list, as in [a, b], of texts that differ")
]
PerhapsTexts = Annotated[list[Text], BeforeValidator(_once_each), takes("a list, as in [a, b], of texts that differ")]


def is_in_short(written: Any) -> Any:
    """`female: sex == "female"` is `female: {is: sex == "female"}`."""
    return {"is": written} if isinstance(written, str) else written
