"""Packs: what studies of one disease share, each a folder of YAML, in remit or beside the study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from pathlib import Path

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.language.query import Band
from remit.study.document import Document, read_document
from remit.study.forms import Instrument
from remit.study.loading import validate
from remit.study.model import (
    ClassificationPart,
    InstrumentPart,
    LaboratoryPart,
    ListPart,
    PackFile,
    Range,
    SpecialInterestPart,
)


@dataclass(frozen=True)
class Packs:
    """All that the packs named by a study hold, by name."""

    names: Mapping[str, str]  # pack → version
    instruments: Mapping[str, Instrument]
    items: Mapping[str, Mapping[str, str]]  # instrument → item → label
    laboratory: Mapping[str, LaboratoryPart]
    classifications: Mapping[str, ClassificationPart]
    lists: Mapping[str, ListPart]
    special_interest: Mapping[str, SpecialInterestPart]


def load_packs(wanted: Mapping[str, str], study: Document, beside: Path) -> Packs:
    """The packs that a study file names, with their versions. Raises WrongInput."""
    files = [_load(name, version, study, beside) for name, version in wanted.items()]
    instruments: dict[str, InstrumentPart] = {}
    laboratory: dict[str, LaboratoryPart] = {}
    classifications: dict[str, ClassificationPart] = {}
    lists: dict[str, ListPart] = {}
    special: dict[str, SpecialInterestPart] = {}
    for pack in files:
        instruments |= pack.instruments
        laboratory |= pack.laboratory
        classifications |= pack.classifications
        lists |= pack.lists
        special |= pack.special_interest
    return Packs(
        names={pack.pack.pack: pack.pack.version for pack in files},
        instruments={name: _instrument(name, part) for name, part in instruments.items()},
        items={
            name: {item: spec.label or item for item, spec in part.items.items()} for name, part in instruments.items()
        },
        laboratory=laboratory,
        classifications=classifications,
        lists=lists,
        special_interest=special,
    )


def _load(name: str, version: str, study: Document, beside: Path) -> PackFile:
    folder = _folder(name, study, beside)
    parts = sorted(folder.glob("*.yaml"))
    data: dict[str, object] = {}
    marks = {}
    where = folder / "pack.yaml"
    for path in parts:
        document = read_document(path, f"packs/{name}/{path.name}")
        key = path.stem
        data[key] = document.data
        marks |= {(key, *inner): mark for inner, mark in document.marks.items()}
    pack = validate(Document(f"packs/{name}", data, marks, ""), PackFile)
    if pack.pack.version != version:
        raise WrongInput(
            study.where(("packs", name)),
            f"the study asks for {name} {version}, and {where.name} says {pack.pack.version}",
            f'Write `{name}: "{pack.pack.version}"` after checking what changed, or install the pack asked for.',
        )
    return pack


def _folder(name: str, study: Document, beside: Path) -> Path:
    built_in = Path(str(resources.files("remit"))) / "packs"
    for folder in (beside / "packs" / name, beside / name, built_in / name):
        if (folder / "pack.yaml").is_file():
            return folder
    known = [path.parent.name for path in built_in.glob("*/pack.yaml")]
    raise WrongInput(
        study.where(("packs", name)),
        f"there is no pack '{name}'",
        f"{nearest(name, known)} A pack of your own is a folder packs/{name} beside the study file.",
    )


def _instrument(name: str, part: InstrumentPart) -> Instrument:
    items = {item: spec.range for item, spec in part.items.items()}
    return Instrument(name, part.title, items, part.total, bands(part.bands), part.source, part.certainty)


def bands(parts: Mapping[str, Range]) -> tuple[Band, ...]:
    return tuple(Band(name, exact(low), exact(high)) for name, (low, high) in parts.items())


def exact(number: float | None) -> Fraction | None:
    """The decimal that was written, not the binary number nearest to it."""
    return None if number is None else Fraction(str(number))
