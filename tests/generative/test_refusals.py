"""Whatever is written, it is understood or refused with a message: never a traceback, never a silent remedy."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.language.describe import describe
from remit.language.errors import LanguageError
from remit.language.evaluate import columns
from remit.language.fields import aggregates, collected, complete
from remit.language.interpret import Patient, interpret
from remit.language.query import Query, digest
from remit.language.resolve import resolve
from tests.generative.expressions import Writer
from tests.spec.study import SCOPE

PIECES = """
hbi crp smoker sex index_date birth_date visit_date calprotectin last_drug steroids visits treatment grade serious dose
day stop_date start_date clinic_score baseline week12 anti_tnf samples result dosing stop_day drug
and or not in yes no where that known change fall band max min max_measured how_many any all count sum first last covers
sum_known last_observed range_level
( ) , . @ + - * / < <= > >= == != = : ; % | & ! ? [ ] { } " ' # ^ ~ $ €
0 1 3 0.5 18 1e5 007 5mg 5 2024-01-15 2024-02-30 2024-1-5 "female" 'ileal' "" "prednisone"
mg/dL mg/L ug/g days years months weeks % mm cm kg U/L 10*9/L µg/g furlongs
"""
TOKENS = st.sampled_from([*PIECES.split(), " ", "\n"])


def understood_or_refused(text: str, visit: str | None, form: str | None) -> None:
    query = resolved(text, visit, form)
    if isinstance(query, LanguageError):
        assert 0 <= query.place.start <= query.place.end <= len(text), query
        assert query.what
        assert query.remedy, f"{text}: {query.what}"
        return
    assert describe(query, SCOPE, visit)
    assert len(digest(query)) == 16
    assert interpret(complete(query), Patient()) in (True, False)
    collected(query), aggregates(query)
    columns("x", query)
    interpret(query, Patient(), {} if form else None)


def resolved(text: str, visit: str | None, form: str | None) -> Query | LanguageError:
    try:
        return resolve(text, SCOPE, visit=visit, form=form)
    except LanguageError as error:
        return error


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(TOKENS, max_size=14), st.sampled_from([None, "week12"]), st.sampled_from([None, "steroids", "visits"]))
def test_any_words(tokens: list[str], visit: str | None, form: str | None) -> None:
    understood_or_refused(" ".join(tokens), visit, form)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=30))
def test_any_characters(text: str) -> None:
    understood_or_refused(text, "week12", None)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.data())
def test_almost_right(seed: int, data: st.DataObject) -> None:
    """An expression that is right, with a piece cut out, doubled, or another word in its place."""
    text = Writer(Random(seed)).truth(3)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    piece = data.draw(st.sampled_from(["", " ", text[start:end] * 2]) | TOKENS)
    understood_or_refused(text[:start] + piece + text[end:], data.draw(st.sampled_from([None, "week12"])), None)
    understood_or_refused(text[:start], "week12", None)


def test_deep_and_long() -> None:
    for text in (
        "(" * 5000 + "smoker" + ")" * 5000,
        "not " * 5000 + "smoker",
        " or ".join(["smoker"] * 5000),
        "-" * 5000,
    ):
        understood_or_refused(text, None, None)
