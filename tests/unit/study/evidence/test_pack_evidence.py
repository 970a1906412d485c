"""The evidence that comes with remit: each number with its certainty, and its arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from remit.inference.digits import counts_giving
from remit.study.evidence.evidence import Evidence, PublishedResult
from remit.study.evidence.shelf import Shelf
from remit.study.packs import load_pack, pack_folders

SHELVES = [load_pack(folder).contents.evidence for folder in pack_folders().values()]
ALL = [shelf[name] for shelf in SHELVES for name in shelf]


def results(evidence: Evidence) -> Iterator[tuple[str, PublishedResult]]:
    for part in (evidence.outcomes, evidence.safety):
        for name, outcome in part.items():
            yield from ((f"{name}: {arm}", result) for arm, result in outcome.results.items())
    for name, told in evidence.baseline.items():
        yield from ((f"{name}: {arm}", result) for arm, result in told.of.items())


NUMBERS = [pytest.param(result, id=f"{each.id} {where}") for each in ALL for where, result in results(each)]


@pytest.mark.parametrize("result", NUMBERS)
def test_the_arithmetic_of_each_number(result: PublishedResult) -> None:
    """n/N gives the printed percentage under some rounding; where none does, the file says so, and only there."""
    numbers = result.numbers
    assert numbers
    assert all(number.certainty in ("V", "D", "K+", "K") for number in numbers.values())
    if result.percent is not None:
        assert 0 <= result.percent.value <= 100
    if result.n is not None and result.of is not None:
        assert 0 <= result.n.value <= result.of.value
    if result.percent is None or result.of is None or result.estimated:
        assert result.fits
        return
    counts = counts_giving(result.percent.text, int(result.of.value), result.roundings)
    assert result.fits == (int(result.n.value) in counts if result.n is not None else bool(counts))


@pytest.mark.parametrize("evidence", [pytest.param(each, id=each.id) for each in ALL])
def test_the_arms_are_all_the_patients(evidence: Evidence) -> None:
    sizes = [arm.n.value for arm in evidence.arms.values() if arm.n is not None]
    if evidence.n is not None and len(sizes) == len(evidence.arms):
        assert sum(sizes) == evidence.n.value


def test_a_shelf_reads_what_is_asked_for(tmp_path: Path) -> None:
    shelf = load_pack(pack_folders()["ibd"], whole=False).contents.evidence
    assert isinstance(shelf, Shelf)
    assert len(shelf) == len(list(shelf))
    assert not shelf.opened
    shelf["u-exceed"]
    assert list(shelf.opened) == ["u-exceed"]
