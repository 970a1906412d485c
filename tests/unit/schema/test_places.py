"""Where texts stand among others."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.schema.places import places_of

TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=3), st.sampled_from("abc")), max_size=20)


def found(texts: list[str | None], names: list[str]) -> list[int | None]:
    return places_of(pl.Series(texts, dtype=pl.String), pl.Series(names, dtype=pl.String)).to_list()


def test_each_text_has_its_place() -> None:
    assert found(["b", "b", None, "x", "a", "", "b"], ["a", "b", ""]) == [1, 1, None, None, 0, 2, 1]
    assert found([], ["a"]) == []
    assert found(["a", None], []) == [None, None]


@given(TEXTS, st.lists(st.text(max_size=3), unique=True, max_size=10))
def test_places_are_those_of_a_dictionary(texts: list[str | None], names: list[str]) -> None:
    places = {name: place for place, name in enumerate(names)}
    assert found(texts, names) == [places.get(text) if text is not None else None for text in texts]


@pytest.mark.parametrize("alike", [["a", "b"], ["a", "z"], ["a", "b", "c", "z"]])
def test_texts_of_one_hash_are_told_apart(alike: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    own = pl.Series.hash
    monkeypatch.setattr(pl.Series, "hash", lambda texts: own(texts.replace(dict.fromkeys(alike, "same"))))
    assert found(["c", "b", "z", "a", None], ["a", "b", "c"]) == [2, 1, None, 0, None]
