"""Labels in English: capitals, lists, units."""

from __future__ import annotations

import pytest

from remit.report.document import plain
from remit.report.wording import among, capital, listed, listed_text, sentence, small, with_unit
from remit.study.study import Population


@pytest.mark.parametrize(
    ("label", "first", "inside"),
    [
        ("week 12", "Week 12", "week 12"),
        ("Week 12", "Week 12", "week 12"),
        ("pH", "pH", "pH"),
        ("SES-CD", "SES-CD", "SES-CD"),
        ("C-reactive protein", "C-reactive protein", "C-reactive protein"),
        ("Eligible patients", "Eligible patients", "eligible patients"),
        ("Efficacy", "Efficacy", "efficacy"),
        ("Completers of week 24", "Completers of week 24", "completers of week 24"),
        ("1", "1", "1"),
        ("Mayo score", "Mayo score", "Mayo score"),
        ("On the drug", "On the drug", "on the drug"),
        ("Follow-up", "Follow-up", "follow-up"),
        ("", "", ""),
    ],
)
def test_capitals(label: str, first: str, inside: str) -> None:
    assert capital(label) == first
    assert small(label) == inside


def test_lists() -> None:
    assert [listed_text(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert plain(listed(["a, b", "c", "d"], comma="; ")) == "a, b; c; and d"
    assert listed_text(["a", "b"], "or") == "a or b"


def test_sentences_end_once() -> None:
    assert sentence("all of them") == "All of them."
    assert sentence("Done.") == "Done."


def test_units_are_said_once() -> None:
    assert with_unit("weight", "kg") == "weight, kg"
    assert with_unit("calprotectin", "ug/g") == "calprotectin, µg/g"
    assert with_unit("days on the drug", "d") == "days on the drug"
    assert with_unit("score", None) == "score"


def test_populations_in_a_sentence() -> None:
    assert among(Population("a", "Eligible patients", None, None)) == "among eligible patients"
    assert among(Population("b", "On the drug", "a", None)) == "in the population “on the drug”"
