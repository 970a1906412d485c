"""The packs that come with remit: every constant names its source and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from remit.study.document import Document, read_document
from remit.study.pack_model import FILES
from remit.study.packs import Packs, load_packs
from remit.study.place import Place

FOLDER = Path(str(resources.files("remit"))) / "packs"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/pack.yaml"))


def load(name: str, tmp_path: Path) -> Packs:
    version = read_document(FOLDER / name / "pack.yaml").data["version"]
    nowhere = Place(Document("study.yaml", {"packs": {name: version}}, {}, {}, ""), ("packs",))
    return load_packs({name: version}, nowhere, tmp_path)


@pytest.fixture
def ibd(tmp_path: Path) -> Packs:
    return load("ibd", tmp_path)


def entries() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in NAMES:
        for path in sorted((FOLDER / name).glob("*.yaml")):
            if path.stem not in ("pack", "simulate"):
                for entry, data in read_document(path).data.items():
                    yield f"{name}/{path.stem}", entry, data


@pytest.mark.parametrize(("file", "name", "data"), [*entries()])
def test_every_constant_names_its_source_and_its_certainty(file: str, name: str, data: dict[str, Any]) -> None:
    """What is only half known (K, K-) is not to be built on before it has been looked up."""
    assert len(data["source"]) > 20, f"{file}: {name}"
    assert not data["source"].lower().startswith(("as ", "see ", "ibid"))
    assert data["certainty"] in ("V", "D", "K+")


@pytest.mark.parametrize(("name", "data"), read_document(FOLDER / "ibd" / "simulate.yaml").data.items())
def test_every_shape_says_that_it_is_assumed_and_claims_no_certainty(name: str, data: dict[str, Any]) -> None:
    assert len(data["assumption"]) > 15, name
    assert "certainty" not in data


@pytest.mark.parametrize("name", NAMES)
def test_each_pack_loads(name: str, tmp_path: Path) -> None:
    load(name, tmp_path)
    assert {path.stem for path in (FOLDER / name).glob("*.yaml")} <= FILES.keys()


def test_the_harvey_bradshaw_index(ibd: Packs) -> None:
    hbi = ibd.instruments["HBI"]
    assert {item: spec.range for item, spec in hbi.items.items()} == {
        "wellbeing": (0, 4),
        "pain": (0, 3),
        "stools": (0, None),
        "mass": (0, 3),
        "complications": (0, 8),
    }
    assert sum(int(spec.range[1] or 0) for spec in hbi.items.values()) == 18  # without stools
    assert [(band.name, band.low, band.high) for band in hbi.bands] == [
        ("remission", 0, 4),
        ("mild", 5, 7),
        ("moderate", 8, 16),
        ("severe", 17, None),
    ]


def test_the_ses_cd_goes_up_to_56_and_not_60(ibd: Packs) -> None:
    assert ibd.instruments["SES-CD"].total == (0, 15 + 15 + 15 + 11)


def test_factors_are_exact(ibd: Packs) -> None:
    assert ibd.laboratory["CRP"].sizes == {"mg/L": 1, "mg/dL": 10}
    assert ibd.laboratory["calprotectin"].sizes == {"ug/g": 1, "mg/kg": 1}
    assert all(isinstance(size, Fraction) for test in ibd.laboratory.values() for size in test.sizes.values())


def test_loinc_codes_have_their_check_digit(ibd: Packs) -> None:
    codes = [test.loinc for test in ibd.laboratory.values() if test.loinc]
    assert codes
    for code in codes:
        number, check = code.split("-")
        doubled = [digit * 2 if place % 2 == 0 else digit for place, digit in enumerate(map(int, reversed(number)))]
        assert (10 - sum(digit // 10 + digit % 10 for digit in doubled) % 10) % 10 == int(check)


def test_no_drug_is_of_two_classes(ibd: Packs) -> None:
    classes = [name for name in ibd.lists if name.startswith(("anti_", "jak_"))]
    drugs = [drug for name in classes for drug in ibd.lists[name].members]
    assert len(classes) > 3
    assert len(drugs) == len(set(drugs))


def test_terms_of_special_interest_are_written_in_small_letters_but_for_names(ibd: Packs) -> None:
    for entry in ibd.special_interest.values():
        for event in entry.events.values():
            assert all(
                (term == term.strip() and term[:1].islower()) or term.startswith("COVID") for term in event.terms
            )
