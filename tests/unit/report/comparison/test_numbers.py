"""A published number is printed as its source prints it, never without its mark, and says where an interval is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from remit.report.comparison.compared import Published
from remit.report.comparison.numbers import (
    counts_words,
    interval_words,
    marks_note,
    notes_of,
    percent_text,
    percent_words,
)
from remit.report.document import Number, Words, plain
from tests.unit.report.comparison.making import TRIAL, published, statistics


def text(said: Words) -> str:
    return plain(said).replace("\xa0", " ")


def notes(theirs: Published) -> list[str]:
    return [text(note) for note in notes_of(theirs)]


def with_drug(result: str) -> str:
    """The trial with another result of the drug."""
    return TRIAL.replace("drug: {percent: 50.0 V, n: 40 D}", f"drug: {{{result}}}")


def test_a_percentage_with_its_decimals_bound_to_its_result(tmp_path: Path) -> None:
    theirs = published(tmp_path, ends=(39.3, 60.7))
    assert text(percent_words(theirs)) == "50.0 %"
    assert text(counts_words(theirs)) == "40/80"
    assert text(interval_words(theirs)) == "39.3–60.7"
    numbers = [part for part in (*percent_words(theirs), *counts_words(theirs)) if isinstance(part, Number)]
    assert [(number.result, number.part) for number in numbers] == [
        ("c.evidence.drug.percent", "value"),
        ("c.evidence.drug.percent", "numerator"),
        ("c.evidence.drug.percent", "denominator"),
    ]


def test_what_is_not_sure_has_its_mark_wherever_it_stands(tmp_path: Path) -> None:
    theirs = published(tmp_path, "placebo")
    assert text(percent_words(theirs)) == "24.3 % [K]"
    assert percent_text(theirs).replace("\xa0", " ") == "24.3 [K]"
    assert text(counts_words(theirs)) == "of 40 [K]"
    ((said,),) = marks_note((theirs, published(tmp_path)))
    assert said.startswith("Marks of published numbers: [K] from knowledge")
    assert "[D]" not in str(said)  # it is sure, and stands without its mark
    assert marks_note((published(tmp_path),)) == ()


def test_why_there_is_no_interval(tmp_path: Path) -> None:
    assert notes(published(tmp_path, "placebo"))[0].startswith("No whole number of patients gives the printed")
    assert notes(published(tmp_path, text=with_drug("percent: 50.0 V"))) == [
        "How many patients reached it is not told: no interval of counts."
    ]
    without = with_drug("percent: 50.0 V").replace("dose: 10 mg, n: 80 V", "dose: 10 mg")
    assert notes(published(tmp_path, text=without)) == ["Of how many patients is not told: no interval of counts."]


def test_how_n_was_worked_out(tmp_path: Path) -> None:
    assert notes(published(tmp_path)) == [
        "n is worked out: it is the only whole number of patients that gives the printed percentage."
    ]
    many = with_drug("percent: 50 V, n: 400 D, note: of the abstract").replace("n: 80 V", "n: 800 V")
    assert notes(published(tmp_path, text=many)) == [
        "n is worked out from numbers of the source, which does not print it.",
        "Of the abstract.",
    ]
    assert notes(published(tmp_path, text=with_drug("percent: 50.0 V, n: 40 V"))) == []


def test_an_interval_that_the_source_prints_is_told_to_be_its_own(tmp_path: Path) -> None:
    theirs = published(tmp_path, text=with_drug("percent: 50.0 V, low: 40 V, high: 60 V"))
    printed = replace(theirs, statistics=statistics(theirs.result, (40.0, 60.0), "as published"))
    assert notes(printed)[-1] == "The interval is the one that the source prints."
    assert text(interval_words(printed)) == "40–60"


def test_an_end_that_is_not_sure_has_its_mark(tmp_path: Path) -> None:
    theirs = published(tmp_path, text=with_drug("percent: 50.0 V, low: 40 K, high: 60 V"))
    printed = replace(theirs, statistics=statistics(theirs.result, (40.0, 60.0), "as published"))
    assert text(interval_words(printed)) == "40 [K]–60"
    assert marks_note((printed,))


def test_without_a_percentage_there_is_a_dash(tmp_path: Path) -> None:
    theirs = published(tmp_path, text=with_drug("median: 3 V"))
    assert text(percent_words(theirs)) == "—"
    assert text(counts_words(theirs)) == "of 80"
    assert interval_words(theirs) == ()
