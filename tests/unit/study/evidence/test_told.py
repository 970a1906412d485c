"""The note of a published result tells each number as printed, with its mark, and is read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.study.evidence.read import read_evidence
from remit.study.evidence.told import certainties, told
from tests.unit.study.evidence.files import file_of


def test_what_a_note_tells_is_read_back(tmp_path: Path) -> None:
    result = read_evidence(file_of(tmp_path, ("percent: 33 V", "percent: 33.0 K")), {}).outcomes["relief_week4"]
    note = f"no counts; {certainties(result.results['placebo'])}"
    assert told("percent", note) == ("33.0", "[K]")
    assert told("of", note) == ("10", "")
    assert told("n", note) is None


@pytest.mark.parametrize("note", [None, "", "in percent 13", "percent 13 [X]", "a percent 13 [K] of all"])
def test_other_notes_tell_none(note: str | None) -> None:
    assert told("percent", note) is None
