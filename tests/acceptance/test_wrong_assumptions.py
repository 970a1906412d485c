"""Nothing about a disease or a study is built in: what studies share of one disease stands in packs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "remit"
FILES = sorted(
    path
    for path in SOURCE.rglob("*")
    if path.is_file() and "packs" not in path.relative_to(SOURCE).parts and path.suffix != ".pyc"
)
DISEASE = re.compile(
    r"crohn|colitis|bowel|ileum|ileal|fistula|perianal|montreal|harvey|bradshaw|calprotectin|upadacitinib|rinvoq"
    r"|vedolizumab|ustekinumab|infliximab|adalimumab|transmural|endoscop|ultraso|\bhbi|\bses.?cd|\bbwt|\bibd\b",
    re.IGNORECASE,
)
# What the first study must give; numbers of two digits or fewer say nothing.
EXPECTED = re.compile(r"\b(?:36\.9|22\.4|14\.5|11\.90|4\.62|4\.90|51\.6|52\.38|33/6[34]|46/6[34]|39/5\d|21/58)\b")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_word_of_a_disease_and_no_expected_number_stands_in_the_code(path: Path) -> None:
    text = path.read_text("utf-8")
    found = [match[0] for pattern in (DISEASE, EXPECTED) for match in pattern.finditer(text)]
    assert not found


def test_the_words_are_looked_for_where_they_are() -> None:
    packs = "".join(path.read_text("utf-8") for path in (SOURCE / "packs").rglob("*.yaml"))
    assert len({word.lower() for word in DISEASE.findall(packs)}) > 10
    assert len(FILES) > 80
