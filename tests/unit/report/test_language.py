"""One phrase-book a language: each phrase is in it, with the same parts; the numbers are the same in each language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from remit.report.document import Number, Paragraph, Section, blocks_of, plain
from remit.report.language import ENGLISH, Book, Language, language_of
from remit.report.results_text import results_text
from remit.study.style import PLAIN, STYLES
from tests.unit import arms
from tests.unit.report.studies import PEOPLE, Made, asthma, example

ROOMS = Path(__file__).parents[3] / "src" / "remit" / "report"
# What is said by a name and no literal: handlings of the exact test, and a period.
BY_NAME = {
    *("decided", "non-response", "last observed", "worst case", "best case", "period not known"),
    *("trials", "cohorts", "reviews"),
}
UNITS = {"years", "months", "days"}


@cache
def italian() -> Language:
    return language_of("it", {})


def said_in(path: Path) -> Iterator[str]:
    """The phrases of a module: the first text in say(…) and say.text(…)."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func).removesuffix(".text")
            if called == "say" or called.endswith(".say"):
                yield str(node.args[0].value)


PHRASES = sorted({phrase for path in ROOMS.rglob("*.py") for phrase in said_in(path)})


def parts(phrase: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", phrase)


@pytest.mark.parametrize("phrase", PHRASES)
def test_each_phrase_has_its_italian_with_the_same_parts(phrase: str) -> None:
    own = italian().phrases[phrase]
    assert sorted(parts(own)) == sorted(parts(phrase))
    assert (own[:1] == " ") == (phrase[:1] == " ")


def test_no_phrase_of_the_book_is_left_over() -> None:
    assert set(italian().phrases) - set(PHRASES) - BY_NAME - UNITS == {"and"}


def test_notes_have_the_same_parts() -> None:
    for english, own in italian().notes.items():
        assert sorted(parts(own)) == sorted(parts(english))


def ids(section: Section) -> list[tuple[str, str]]:
    paragraphs = [block for block in blocks_of((section,)) if isinstance(block, Paragraph)]
    return [(part.result, part.part) for each in paragraphs for part in each.words if isinstance(part, Number)]


def text(section: Section) -> str:
    paragraphs = [block for block in blocks_of((section,)) if isinstance(block, Paragraph)]
    return "\n".join(plain(each.words) for each in paragraphs).replace("\u00a0", " ")


def in_italian(made: Made, say: Language | None = None) -> Section:
    return results_text(made.study, made.results, say or italian())


def in_english(made: Made) -> Section:
    return results_text(made.study, made.results, ENGLISH)


def three_arms() -> Made:
    some = [
        arms.Patient(arm, (9, score, score), smoker=True, country="A", terms=("rash",) * (score > 5))
        for arm in (arms.PLACEBO, arms.LOW, arms.HIGH)
        for score in (2, 4, 7, 8)
    ]
    return arms.made(some)


@pytest.mark.parametrize("make", [example, three_arms, lambda: arms.made([])], ids=["Crohn", "three arms", "nobody"])
def test_the_numbers_are_the_same_in_both_languages(make: object) -> None:
    made = make()  # type: ignore[operator]
    assert ids(in_italian(made)) == ids(in_english(made))
    assert ids(in_english(made))


def test_no_english_is_left_where_the_labels_are_translated() -> None:
    made = example()
    say = language_of("it", made.study.translations["it"])
    found = text(in_italian(made, say))
    assert not re.search(r"\b(the|of|was|were|with|week|known|patients|and|for)\b", found), found
    assert list(say.labels.lacking) == []


def test_the_primary_endpoint_in_both_languages() -> None:
    made = example()
    assert (
        "At week 12, among eligible patients, clinical remission, steroid-free, was seen in 33 of 64 (51.6 %, 95 % CI "
        "39.6 to 63.4): the primary endpoint, under the estimand “as published”. In 1 it was not known; this patient "
        "is counted as not having reached it." in text(in_english(made))
    )
    assert (
        "L’endpoint primario, “remissione clinica senza steroidi” (visita “settimana 12”, nella popolazione “pazienti "
        "eleggibili”), è stato raggiunto in 33 su 64 pazienti (51,6 %; IC 95 % 39,6–63,4), secondo l’estimando “come "
        "pubblicato”. In 1 paziente l’esito non era noto, ed è stato considerato come mancato raggiungimento "
        "dell’endpoint." in text(in_italian(made, language_of("it", made.study.translations["it"])))
    )


def test_labels_without_italian_stand_as_written_and_are_told() -> None:
    say = language_of("it", {"Eligible patients": "pazienti eleggibili"})
    found = text(in_italian(example(), say))
    assert "nella popolazione “pazienti eleggibili” (N = 64)" in found
    assert "clinical response in 46 su 64" in found
    lacking = list(say.labels.lacking)
    assert "clinical response" in lacking
    assert "Eligible patients" not in lacking
    assert len(lacking) == len(set(lacking))


def test_nobody_is_eligible() -> None:
    found = text(in_italian(arms.made([])))
    assert "dato non disponibile in alcun paziente" in found or "0 su 0" in found
    assert "nan" not in found.lower()


def test_one_patient_stands_in_the_singular(tmp_path: Path) -> None:
    made = asthma(tmp_path, people=PEOPLE[:1], visits=[])
    assert "Of 1 patient screened, 1 was eligible." in text(in_english(made))
    assert "Pazienti valutati 1, eleggibili 1." in text(in_italian(made))


def test_a_note_of_a_result_is_said_in_italian_where_the_book_has_it() -> None:
    say = Language("it", {"and": "e"}, {"of {n} it is not known": "non noto per {n}"}, Book({"Ada": "la signora Ada"}))
    assert say.note("of 3 it is not known") == "non noto per 3"
    assert say.note("of Ada it is not known") == "non noto per la signora Ada"
    assert say.note("quite another") == "quite another"
    assert list(say.labels.lacking) == ["quite another"]


def test_a_list() -> None:
    assert plain(italian().listed(["a", "b", "c"])) == "a, b e c"
    assert plain(italian().listed(["a", "b", "c"], comma="; ")) == "a; b; e c"
    assert plain(ENGLISH.listed(["a", "b"])) == "a and b"


def test_a_phrase_that_the_book_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        italian()("No such phrase.")


def test_italian_has_its_own_decimal_sign_in_each_style() -> None:
    assert {italian().style(style).decimal for style in STYLES.values()} == {","}
    assert italian().style(STYLES["jama"]).p_leading_zero
    assert ENGLISH.style(PLAIN) is PLAIN
