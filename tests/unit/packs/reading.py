"""The ibd pack as it is written: its YAML, without remit's own model of a pack."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

from remit.study.document import read_document

FOLDER = Path(str(resources.files("remit"))) / "packs" / "ibd"


def written(file: str) -> dict[str, Any]:
    """A file of the pack: every scalar the text that stands there."""
    found: dict[str, Any] = read_document(FOLDER / f"{file}.yaml").data
    return found


def number(text: str | None) -> Fraction | None:
    """The number at the start of a text ("5 mg/L", "10/0.6206"); None for what is unknown."""
    if text is None or text == "unknown":
        return None
    first, _, second = text.split()[0].partition("/")
    return Fraction(first) / Fraction(second) if second else Fraction(first)


def truth(text: str) -> bool | None:
    return {"yes": True, "no": False, "unknown": None}[text]


def numbers(given: dict[str, str] | None) -> dict[str, Fraction]:
    return {name: value for name, text in (given or {}).items() if (value := number(text)) is not None}


def cases(instrument: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The examples and counter-examples of an instrument, a criterion or a definition."""
    yield from instrument.get("examples", ())
    yield from instrument.get("counter_examples", ())
