"""The texts of a study file in other languages: labels that stand there in several, and the section of translations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from remit.study.document import Key
from remit.study.place import Place
from remit.study.report_model import ReportPart
from remit.study.written import LANGUAGES

Translations = Mapping[str, Mapping[str, str]]  # by language, of the English text


def translations_of(part: ReportPart, place: Place) -> Translations:
    """What stands in the file at `place`. Raises WrongInput if a text is translated in two ways."""
    found: dict[str, dict[str, str]] = {language: dict(texts) for language, texts in part.translations.items()}
    for key, label in _labels(place.document.data, ()):
        for language in set(label) - {"en"}:
            other = found.setdefault(language, {}).setdefault(label["en"], label[language])
            if other != label[language]:
                here = Place(place.document, (*key, language))
                what = f"'{label['en']}' is '{label[language]}' here, and '{other}' elsewhere in the file"
                raise here.wrong(what, "What is printed alike in English can be printed but alike: choose one.")
    return found


def _labels(data: Any, key: Key) -> Iterator[tuple[Key, dict[str, str]]]:
    """Each label in several languages, with where it stands."""
    if isinstance(data, dict):
        for name, inner in data.items():
            if name in ("label", "title") and isinstance(inner, dict) and "en" in inner and set(inner) <= {*LANGUAGES}:
                yield (*key, name), inner
            else:
                yield from _labels(inner, (*key, name))
    elif isinstance(data, list):
        for number, inner in enumerate(data):
            yield from _labels(inner, (*key, number))
