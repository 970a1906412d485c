"""The chapters on the language hold, on the interpreter and on each engine."""

from __future__ import annotations

from functools import cache

import pytest

from remit.derive.engines import engine_named
from remit.language.errors import LanguageError
from remit.language.interpret import Patient, Result, interpret
from remit.language.resolve import resolve
from tests.spec.chapters import Chapter, read_chapters
from tests.spec.frames import Charts, normal
from tests.spec.study import SCOPE

CHAPTERS = {chapter.name: chapter for chapter in read_chapters()}
NAMES = sorted(CHAPTERS)


def _all_patients() -> dict[str, Patient]:
    return {name: patient for chapter in CHAPTERS.values() for name, patient in chapter.patients.items()}


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
def _charts(engine: str) -> Charts:
    return Charts(_all_patients(), SCOPE, engine_named(engine))


def _check(name: str, engine: str) -> None:
    chapter = CHAPTERS[name]
    found = _charts(engine).evaluate([example.query for example in chapter.examples])
    assert not _wrong(chapter, found)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("name", NAMES)
def test_engine(name: str, engine: str) -> None:
    _check(name, engine)


@pytest.mark.parametrize("name", NAMES)
def test_spark(name: str, spark: object) -> None:
    _check(name, "spark")


@pytest.mark.parametrize("name", [name for name in NAMES if CHAPTERS[name].refused])
def test_what_is_wrong_is_said(name: str) -> None:
    for wrong in CHAPTERS[name].refused:
        with pytest.raises(LanguageError) as caught:
            resolve(wrong.text, wrong.scope, visit=wrong.visit)
        error = caught.value
        found = (wrong.text, error.place.start, error.place.end, error.what, error.remedy)
        assert found == (wrong.text, wrong.start, wrong.end, wrong.what, wrong.remedy)
