"""The chapters on the language hold, on the interpreter and on each engine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import islice

import pytest

from remit.derive.engines import engine_named
from remit.language.errors import LanguageError
from remit.language.interpret import Result, interpret
from remit.language.resolve import resolve
from tests.spec.chapters import Chapter, read_chapters
from tests.spec.frames import Charts, normal
from tests.spec.render import PAGE, rendered
from tests.spec.study import SCOPE

CHAPTERS = {chapter.name: chapter for chapter in read_chapters()}
NAMES = sorted(name for name, chapter in CHAPTERS.items() if chapter.examples)


def _wrong(chapter: Chapter, found: list[dict[str, Result]]) -> list[str]:
    return [
        f"{example.text} of {patient} is {values[patient]}, and should be {expected}"
        for example, values in zip(chapter.examples, found, strict=True)
        for patient, expected in example.expected.items()
        if normal(values[patient]) != normal(expected)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_interpreter(name: str) -> None:
    chapter = CHAPTERS[name]
    found = [
        {patient: interpret(example.query, chapter.patients[patient]) for patient in example.expected}
        for example in chapter.examples
    ]
    assert not _wrong(chapter, found)


@cache
def _found(engine: str) -> Mapping[str, list[dict[str, Result]]]:
    """What all examples give on an engine, by chapter, in one query: Spark takes its time for each."""
    patients = {name: patient for chapter in CHAPTERS.values() for name, patient in chapter.patients.items()}
    charts = Charts(patients, SCOPE, engine_named(engine))
    found = iter(charts.evaluate([each.query for chapter in CHAPTERS.values() for each in chapter.examples]))
    return {name: list(islice(found, len(chapter.examples))) for name, chapter in CHAPTERS.items()}


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("name", NAMES)
def test_engine(name: str, engine: str) -> None:
    assert not _wrong(CHAPTERS[name], _found(engine)[name])


@pytest.mark.parametrize("name", NAMES)
def test_spark(name: str, spark: object) -> None:
    assert not _wrong(CHAPTERS[name], _found("spark")[name])


@pytest.mark.parametrize("name", sorted(name for name, chapter in CHAPTERS.items() if chapter.refused))
def test_what_is_wrong_is_said(name: str) -> None:
    for wrong in CHAPTERS[name].refused:
        with pytest.raises(LanguageError) as caught:
            resolve(wrong.text, wrong.scope, visit=wrong.visit)
        error = caught.value
        end = max(error.place.end, error.place.start + 1)  # what is missing at the end is marked behind it
        found = (wrong.text, error.place.start, end, error.what, error.remedy)
        assert found == (wrong.text, wrong.start, wrong.end, wrong.what, wrong.remedy)


def test_the_page_on_the_language_is_up_to_date() -> None:
    """If not: python -m tests.spec.render"""
    assert PAGE.read_text(encoding="utf-8") == rendered()
