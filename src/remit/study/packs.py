"""Packs: what studies of one disease share, each a folder of YAML, in remit or beside the study."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.language.units import spelled
from remit.study.assumed import make_assumed
from remit.study.codes import level_codes
from remit.study.document import read_document
from remit.study.evidence.shelf import shelf_of
from remit.study.instruments import check_expressions, make_definitions, make_instruments
from remit.study.loading import validate
from remit.study.names import named_by_label, refuse_reserved
from remit.study.pack_contents import Instrument as Instrument
from remit.study.pack_contents import Laboratory, Pack
from remit.study.pack_contents import Packs as Packs
from remit.study.pack_model import (
    FILES,
    ClassificationPart,
    LaboratoryPart,
    ListPart,
    PackPart,
    SpecialInterestPart,
)
from remit.study.place import Place
from remit.study.quantities import check_range, check_unit

BUILT_IN = Path(str(resources.files("remit"))) / "packs"
KINDS = ("instruments", "definitions", "laboratory", "classifications", "lists", "special_interest")


def load_packs(wanted: Mapping[str, str], place: Place, beside: Path) -> Packs:
    """The packs that a study file names, with their versions; `place` is where it does. Raises WrongInput."""
    packs = {name: _asked_for(name, version, place / name, beside) for name, version in wanted.items()}
    parts: dict[str, Any] = {kind: _together(packs, kind, place) for kind in (*KINDS, "simulate")}
    folders = {name: Path(pack.folder) for name, pack in packs.items()}
    return Packs(dict(wanted), **parts, evidence=shelf_of(folders, beside, parts["definitions"]))


def load_pack(folder: Path, whole: bool = True) -> Pack:
    """A pack by itself. `whole`: with every expression in it read and checked; of a pack of remit, tests have done that
    already. Raises WrongInput."""
    places, parts = _read(folder)
    identity: PackPart = parts["pack"]
    if identity.pack != folder.name:
        what = f"the pack in this folder calls itself '{identity.pack}', and the folder is called {folder.name}"
        raise (places["pack"] / "pack").wrong(what, "Give both the same name.")
    names = {identity.pack: identity.version}
    here = Packs(
        names,
        {},
        {},
        _laboratory(parts.get("laboratory", {}), places.get("laboratory")),
        _classifications(parts.get("classifications", {}), places.get("classifications")),
        _lists(parts.get("lists", {}), places.get("lists")),
        _special_interest(parts.get("special_interest", {}), places.get("special_interest")),
    )
    here = replace(here, instruments=make_instruments(parts.get("instruments", {}), here, places.get("instruments")))
    criteria = {criterion.name: criterion for part in here.instruments.values() for criterion in part.criteria.values()}
    own = make_definitions(parts.get("definitions", {}), here, places.get("definitions"))
    for name in own:
        if name in criteria:
            what = f"'{name}' is also a criterion of {criteria[name].instrument}"
            raise own[name].place.wrong_name(what, "Rename one.")
    simulate = make_assumed(parts.get("simulate", {}), here, places.get("simulate"), whole)
    contents = replace(here, definitions={**own, **criteria}, simulate=simulate)
    contents = replace(contents, evidence=shelf_of({identity.pack: folder}, None, contents.definitions))
    if whole:
        check_expressions(contents)
    return Pack(identity, str(folder), contents)


def pack_folders(beside: Path | None = None) -> dict[str, Path]:
    """By name: the packs beside a study, and those of remit that none of them replaces."""
    homes = [BUILT_IN, *([beside / "packs"] if beside is not None else [])]
    return {path.parent.name: path.parent for home in homes for path in sorted(home.glob("*/pack.yaml"))}


def _together(packs: Mapping[str, Pack], kind: str, place: Place) -> dict[str, Any]:
    """One kind of thing from all packs; none may stand in two."""
    found: dict[str, Any] = {}
    homes: dict[str, str] = {}
    for pack, held in packs.items():
        for name, part in getattr(held.contents, kind).items():
            if name in homes:
                what = f"the packs {homes[name]} and {pack} both hold '{name}' ({kind})"
                raise (place / pack).wrong_name(what, "Take one of them out, or rename it in a pack of your own.")
            homes[name], found[name] = pack, part
    return found


def _asked_for(name: str, version: str, place: Place, beside: Path) -> Pack:
    folder = _folder(name, place, beside)
    pack = load_pack(folder, whole=folder.parent != BUILT_IN)
    if pack.identity.version != version:
        raise place.wrong(
            f"the study asks for {name} {version}, and there is {name} {pack.identity.version}",
            f'See what changed, then write `{name}: "{pack.identity.version}"`; or put the version asked for into '
            f"packs/{name} beside the study file.",
        )
    return pack


def _folder(name: str, place: Place, beside: Path) -> Path:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise place.wrong_name(
            f"'{name}' cannot be the name of a pack", "Take small letters, digits and single underscores."
        )
    folders, own = pack_folders(beside), beside / "packs" / name
    if own.is_dir() and folders.get(name) != own:
        remedy = f'Begin it with `pack: {name}`, `version: "1.0"` and `title:`.'
        raise WrongInput(str(own), "a pack needs a file pack.yaml", remedy)
    if name in folders:
        return folders[name]
    known = [path.parent.name for path in BUILT_IN.glob("*/pack.yaml")]
    raise place.wrong_name(
        f"there is no pack '{name}'",
        f"{nearest(name, known)} A pack of your own is a folder packs/{name} beside the study file.",
    )


def _read(folder: Path) -> tuple[dict[str, Place], dict[str, Any]]:
    """The files of a pack, by their name."""
    places: dict[str, Place] = {}
    parts: dict[str, Any] = {}
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in [f"{stem}.yaml" for stem in FILES]:
            known = ", ".join(f"{stem}.yaml" for stem in FILES)
            raise WrongInput(str(path), "no file of a pack is called so", f"A pack holds {known}.")
        document = read_document(path)
        places[path.stem] = Place(document)
        parts[path.stem] = validate(document, FILES[path.stem])
    return places, parts


# From what is written to what is used, with the checks that the shape of a file cannot make


def _laboratory(parts: Mapping[str, LaboratoryPart], place: Place | None) -> dict[str, Laboratory]:
    found = {}
    for name, part, here in _each(parts, place):
        check_range(part.range, here / "range")
        check_range(part.plausible, here / "plausible")
        sizes = {spelled(part.unit): Fraction(1)}
        for unit, size in part.units.items():
            check_unit(unit, sizes, (here / "units" / unit).wrong_name)
            sizes[spelled(unit)] = size
        found[name] = Laboratory(
            name,
            part.title,
            sizes,
            part.decimals,
            part.range,
            part.plausible,
            part.censored,
            part.loinc,
            part.source,
            part.certainty,
            part.notes,
            part.examples,
            here,
            part.cdisc.testcd if part.cdisc else None,
        )
    return found


def _classifications(parts: Mapping[str, ClassificationPart], place: Place | None) -> Mapping[str, ClassificationPart]:
    for _, part, here in _each(parts, place):
        level_codes(part.levels, here / "levels")
    return parts


def _lists(parts: Mapping[str, ListPart], place: Place | None) -> Mapping[str, ListPart]:
    for name, _, here in _each(parts, place):
        refuse_reserved(name, here)
    return parts


def _special_interest(
    parts: Mapping[str, SpecialInterestPart], place: Place | None
) -> Mapping[str, SpecialInterestPart]:
    for _, part, here in _each(parts, place):
        named_by_label(part.events, here / "events")
    return parts


def _each(parts: Mapping[str, Any], place: Place | None) -> list[tuple[str, Any, Place]]:
    """The entries of a file, each with its place."""
    return [(name, part, place / name) for name, part in parts.items()] if place is not None else []
