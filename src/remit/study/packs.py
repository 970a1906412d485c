"""Packs: what studies of one disease share, each a folder of YAML, in remit or beside the study."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.language.query import Band
from remit.language.units import spelled
from remit.study.bands import make_bands
from remit.study.codes import alike, level_codes
from remit.study.document import read_document
from remit.study.loading import validate
from remit.study.names import named_by_label, refuse_reserved
from remit.study.pack_model import (
    FILES,
    ClassificationPart,
    InstrumentPart,
    ItemPart,
    LaboratoryPart,
    ListPart,
    PackPart,
    SpecialInterestPart,
)
from remit.study.place import Place
from remit.study.written import Range


@dataclass(frozen=True)
class Item:
    label: str
    range: Range


@dataclass(frozen=True)
class Instrument:
    """A score: its items with their range, and its total."""

    name: str
    title: str
    items: Mapping[str, Item]
    decimals: int
    total: Range
    bands: tuple[Band, ...]
    source: str
    certainty: str


@dataclass(frozen=True)
class Laboratory:
    """A laboratory or imaging measure. `sizes`: each unit with the exact factor to the first, the pack's own; `range`
    is in the pack's own."""

    name: str
    title: str
    sizes: Mapping[str, Fraction]
    range: Range
    censored: bool
    loinc: str | None
    source: str
    certainty: str


@dataclass(frozen=True)
class Packs:
    """All that the packs named by a study hold, by name."""

    names: Mapping[str, str]  # pack → version
    instruments: Mapping[str, Instrument]
    laboratory: Mapping[str, Laboratory]
    classifications: Mapping[str, ClassificationPart]
    lists: Mapping[str, ListPart]
    special_interest: Mapping[str, SpecialInterestPart]


def load_packs(wanted: Mapping[str, str], place: Place, beside: Path) -> Packs:
    """The packs that a study file names, with their versions; `place` is where it does. Raises WrongInput."""
    files = {name: _load(name, version, place / name, beside) for name, version in wanted.items()}
    return Packs(
        names=dict(wanted),
        instruments=_together(files, "instruments", place),
        laboratory=_together(files, "laboratory", place),
        classifications=_together(files, "classifications", place),
        lists=_together(files, "lists", place),
        special_interest=_together(files, "special_interest", place),
    )


def _together(files: Mapping[str, Mapping[str, Any]], kind: str, place: Place) -> dict[str, Any]:
    """One kind of thing from all packs; none may stand in two."""
    found: dict[str, Any] = {}
    homes: dict[str, str] = {}
    for pack, parts in files.items():
        for name, part in parts.get(kind, {}).items():
            if name in homes:
                what = f"the packs {homes[name]} and {pack} both hold '{name}' ({kind})"
                raise (place / pack).wrong_name(what, "Take one of them out, or rename it in a pack of your own.")
            homes[name], found[name] = pack, part
    return found


def _load(name: str, version: str, place: Place, beside: Path) -> dict[str, Any]:
    """The parts of a pack by the name of their file."""
    folder = _folder(name, place, beside)
    parts: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in [f"{stem}.yaml" for stem in FILES]:
            known = ", ".join(f"{stem}.yaml" for stem in FILES)
            raise WrongInput(str(path), "no file of a pack is called so", f"A pack holds {known}.")
        document = read_document(path)
        places[path.stem] = Place(document)
        written: Any = validate(document, FILES[path.stem])
        parts[path.stem] = _READ[path.stem](written, places[path.stem]) if path.stem in _READ else written
    identity: PackPart = parts["pack"]
    if identity.pack != name:
        what = f"the pack in this folder calls itself '{identity.pack}', and the folder is called {name}"
        raise (places["pack"] / "pack").wrong(what, "Give both the same name.")
    if identity.version != version:
        raise place.wrong(
            f"the study asks for {name} {version}, and there is {name} {identity.version}",
            f'See what changed, then write `{name}: "{identity.version}"`; or put the version asked for into '
            f"packs/{name} beside the study file.",
        )
    return parts


def _folder(name: str, place: Place, beside: Path) -> Path:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise place.wrong_name(
            f"'{name}' cannot be the name of a pack", "Take small letters, digits and single underscores."
        )
    built_in = Path(str(resources.files("remit"))) / "packs"
    own = beside / "packs" / name
    for folder in (own, built_in / name):
        if (folder / "pack.yaml").is_file():
            return folder
    if own.is_dir():
        remedy = f'Begin it with `pack: {name}`, `version: "1.0"` and `title:`.'
        raise WrongInput(str(own), "a pack needs a file pack.yaml", remedy)
    known = [path.parent.name for path in built_in.glob("*/pack.yaml")]
    raise place.wrong_name(
        f"there is no pack '{name}'",
        f"{nearest(name, known)} A pack of your own is a folder packs/{name} beside the study file.",
    )


# From what is written to what is used, with the checks that the shape of a file cannot make


def _instruments(parts: Mapping[str, InstrumentPart], place: Place) -> dict[str, Instrument]:
    found = {}
    for name, part in parts.items():
        here = place / name
        check_range(part.total, here / "total")
        items = {item: _item(item, spec, here / "items" / item) for item, spec in part.items.items()}
        bands = make_bands(part.bands, here / "bands", part.decimals, part.total)
        found[name] = Instrument(name, part.title, items, part.decimals, part.total, bands, part.source, part.certainty)
    return found


def _item(name: str, part: ItemPart, place: Place) -> Item:
    refuse_reserved(name, place)
    check_range(part.range, place / "range")
    return Item(part.label or name.replace("_", " "), part.range)


def _laboratory(parts: Mapping[str, LaboratoryPart], place: Place) -> dict[str, Laboratory]:
    found = {}
    for name, part in parts.items():
        check_range(part.range, place / name / "range")
        sizes = {spelled(part.unit): Fraction(1)}
        for unit, size in part.units.items():
            check_unit(unit, sizes, (place / name / "units" / unit).wrong_name)
            sizes[spelled(unit)] = size
        found[name] = Laboratory(
            name, part.title, sizes, part.range, part.censored, part.loinc, part.source, part.certainty
        )
    return found


def _classifications(parts: Mapping[str, ClassificationPart], place: Place) -> Mapping[str, ClassificationPart]:
    for name, part in parts.items():
        level_codes(part.levels, place / name / "levels")
    return parts


def _lists(parts: Mapping[str, ListPart], place: Place) -> Mapping[str, ListPart]:
    for name in parts:
        refuse_reserved(name, place / name)
    return parts


def _special_interest(parts: Mapping[str, SpecialInterestPart], place: Place) -> Mapping[str, SpecialInterestPart]:
    for name, part in parts.items():
        named_by_label(part.events, place / name / "events")
    return parts


_READ: Mapping[str, Callable[[Any, Place], Any]] = {
    "instruments": _instruments,
    "laboratory": _laboratory,
    "classifications": _classifications,
    "lists": _lists,
    "special_interest": _special_interest,
}


def check_range(written: Range, place: Place) -> None:
    low, high = written
    if low is not None and high is not None and low > high:
        raise place.wrong("the range ends before it begins", "Write the lowest possible value first.")


def check_unit(unit: str, known: Iterable[str], wrong: Callable[[str, str], WrongInput]) -> None:
    """Headings of charts do not tell capitals apart, so two units may not differ in nothing else."""
    for other in known:
        if alike(spelled(unit)) == alike(other):
            same = spelled(unit) == other
            what = f"the unit {unit} stands here twice" if same else f"{unit} and {other} differ only in capitals"
            raise wrong(what, "Remove one: the heading of a column could not tell which is meant.")
