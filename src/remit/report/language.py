"""The languages of sentences. English stands in the code, where a sentence is made; other languages in a phrase-book.

    say("In {n} it was not known.", n=unknown(share))

gives the words of the phrase in the language `say`, each part in its place. `~` is a space at which no line breaks. A
phrase-book gives for each English phrase its own, with the same parts in the same order, so that a document has the
same numbers in each language. Parts are not declined: where a language needs an article or an agreement, its phrase is
made so that none is needed (“nella popolazione “…””), and singular and plural are phrases of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Literal

from remit.errors import WrongInput
from remit.report.document import Inline, Words, plain, words
from remit.study.style import DASH, SPACE, THIN, Style

Code = Literal["en", "it"]
CODES: tuple[Code, ...] = ("en", "it")
_PART = re.compile(r"\{(\w+)\}")


class Book(dict[str, str]):
    """Texts by the English ones. `lacking`: what it was asked for and has not, in the order of asking."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__(texts)
        self.lacking: dict[str, None] = {}

    def of(self, english: str) -> str:
        if english not in self and re.search(r"[^\W\d_]", english):
            self.lacking[english] = None
        return self.get(english, english)


@dataclass(frozen=True)
class Language:
    """phrases: by the English one; none for English. notes: the same for what results say themselves, in which a part
    is any text. labels: of the study file, by what stands there."""

    code: Code
    phrases: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    labels: Book = field(default_factory=lambda: Book({}))

    def __call__(self, phrase: str, /, **parts: Inline | Words) -> Words:
        """Raises KeyError for a phrase that the phrase-book lacks."""
        own = self.phrases[phrase] if self.phrases else phrase
        found: list[Inline | Words] = []
        for position, text in enumerate(_PART.split(own)):
            found.append(parts[text] if position % 2 else text.replace("~", SPACE))
        return words(*found)

    def text(self, phrase: str, /, **parts: str) -> str:
        return plain(self(phrase, **parts))

    def listed(self, items: Sequence[Inline | Words], comma: str = ", ", last: str = "and") -> Words:
        """a, b and c; of long items: a; b; and c."""
        found: list[Inline | Words] = []
        for position, item in enumerate(items):
            if position:
                end = comma.rstrip() + " " if comma.strip() != "," else " "
                found.append(f"{end}{self.text(last)} " if position == len(items) - 1 else comma)
            found.append(item)
        return words(*found)

    def label(self, written: str) -> str:
        """A label of the study file: where it has none in this language, as it stands there."""
        return self.labels.of(written) if self.phrases else written

    def note(self, written: str) -> str:
        """What a result says of itself: where the phrase-book lacks it, in English."""
        for english, own in self.notes.items():
            if match := _pattern(english).fullmatch(written):
                return _PART.sub(lambda part: self.label(match[part[1]]), own).replace("~", SPACE)
        return self.label(written)

    def style(self, style: Style) -> Style:
        """How numbers are printed in this language, in the style of a journal."""
        if self.code == "en":
            return style
        thousands = THIN if style.thousands == "," else style.thousands
        return replace(style, decimal=",", thousands=thousands, p_leading_zero=True, interval=style.interval or DASH)


ENGLISH = Language("en")


def _pattern(english: str) -> re.Pattern[str]:
    parts = _PART.split(english)
    return re.compile("".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)))


def code_named(name: str) -> Code:
    """Raises WrongInput for a language that remit has not."""
    for code in CODES:
        if name == code:
            return code
    raise WrongInput("--language", f"'{name}' is no language of remit", f"Name one of {', '.join(CODES)}.")


def language_of(code: Code, labels: Mapping[str, str]) -> Language:
    """The language with its phrase-book, and the study's own labels."""
    if code == "en":
        return ENGLISH
    import yaml

    book = yaml.load(resources.files("remit.report").joinpath("phrases", f"{code}.yaml").read_text("utf-8"), _loader())
    return Language(code, book["phrases"], book["notes"], Book(labels))


def _loader() -> type:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
