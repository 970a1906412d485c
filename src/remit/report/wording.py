"""Small matters of English: lists, capitals, plurals, and the study's labels in a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from remit.language.units import in_words
from remit.report.document import Inline, Words
from remit.report.language import ENGLISH, Language
from remit.study.study import Population, Study

# Words that labels of visits, populations, periods and analyses often begin with.
_ORDINARY = re.compile(
    r"(active|adults?|adverse|after|all|any|baseline|before|children|clinic|clinical|complete|completers|days?|early"
    r"|effect|effectiveness|efficacy|eligible|end|events?|exposed|first|follow|full|in|induction|last|late|maintenance"
    r"|men|months?|not?|off|on|other|participants|patients|per|period|primary|randomi[sz]ed|safety|screening|start|the"
    r"|treated|treatment|visit|weeks?|with|without|women|years?)\b",
    re.IGNORECASE,
)
_PEOPLE = ("patient", "participant", "people", "women", "men ", "children", "adults")


def capital(text: str) -> str:
    """With a capital first, unless the word has its own way: pH, mRNA."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def small(text: str) -> str:
    """As it stands inside a sentence. Only ordinary words lose their capital: others may be names."""
    return text[:1].lower() + text[1:] if _ORDINARY.match(text) else text


def closed(label: str) -> str:
    """A label that has a comma is closed by one."""
    return f"{label}," if "," in label else label


def sentence(text: str) -> str:
    """With a capital and one full stop."""
    text = capital(text.strip())
    return text if text.endswith((".", "?", "!", ":")) else text + "."


def listed(items: Sequence[Inline | Words], last: str = "and", comma: str = ", ") -> Words:
    """a, b and c; of long items: a; b; and c."""
    return ENGLISH.listed(items, comma, last)


def listed_text(items: Sequence[str], last: str = "and", comma: str = ", ") -> str:
    return "".join(str(part) for part in listed(items, last, comma))


def few(items: Sequence[str], most: int) -> str:
    """a, b and 3 more"""
    more = len(items) - most
    return ", ".join(items[:most]) + (f" and {more} more" if more > 0 else "")


def amount_in_words(amount: float, unit: str | None) -> str:
    """45 mg"""
    return f"{amount:g} {unit}" if unit else f"{amount:g}"


def plural(word: str, many: bool) -> str:
    return word + "s" if many else word


def among(population: Population, say: Language = ENGLISH) -> str:
    """The population in a sentence: "among eligible patients", "in the population “On the drug at week 12”"."""
    label = small(say.label(population.label))
    if is_people(population.label):
        return say.text("among {population}", population=label)
    return say.text("in the population “{population}”", population=label)


def is_people(label: str) -> bool:
    """Whether a label is a noun for people, so that it can stand for them in a sentence."""
    return any(word in label.lower() + " " for word in _PEOPLE)


def quoted(text: str) -> str:
    return f"“{text}”"


def with_unit(label: str, unit: str | None, say: Language = ENGLISH) -> str:
    """ "C-reactive protein, mg/dL"; not where the label says it: "days on the drug"."""
    said = in_words(unit or "") if unit else ""
    said = say.phrases.get(said, said)
    told = re.search(rf"(?<!\w){re.escape(said)}(?!\w)", label)  # the g of "weight" is no gram
    return label if not said or told else f"{label}, {said}"


def visit_label(study: Study, name: str) -> str:
    return next(visit.label for visit in study.visits if visit.name == name)
