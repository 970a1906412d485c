"""The evidence that a study has at hand: of its packs, and of the folder `evidence/` beside the study file.

A file is read when it is asked for: a study that compares itself with nobody reads none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from remit.errors import WrongInput
from remit.study.evidence.evidence import Evidence
from remit.study.evidence.read import read_evidence

FOLDER = "evidence"


class Shelf(Mapping[str, Evidence]):
    """Evidence by id. `files`: where each stands; `replaced`: those of packs in whose place an own file stands."""

    def __init__(
        self,
        files: Mapping[str, Path] | None = None,
        replaced: Mapping[str, Path] | None = None,
        definitions: Mapping[str, object] | None = None,
    ) -> None:
        self.files, self.replaced = files or {}, replaced or {}
        self._definitions = definitions or {}
        self._read: dict[str, Evidence] = {}

    def __getitem__(self, name: str) -> Evidence:
        """Raises KeyError if there is none of this id, WrongInput if its file is wrong."""
        path = self.files[name]
        if name not in self._read:
            found = read_evidence(path, self._definitions)
            self._check_overlaps(found)
            self._read[name] = found
        return self._read[name]

    def _check_overlaps(self, evidence: Evidence) -> None:
        """A name that is typed wrongly would let the same patients be pooled twice."""
        others = [name for name in self.files if name != evidence.id]
        for number, name in enumerate(evidence.overlaps):
            here = evidence.place / "overlaps" / number
            if name == evidence.id:
                raise here.wrong("evidence overlaps with itself", "Name the other studies with the same patients.")
            here.known(name, others, "evidence")

    def __contains__(self, name: object) -> bool:
        return name in self.files

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    @property
    def opened(self) -> tuple[str, ...]:
        """The ids of what was asked for, and of what has patients in common with it: what a copy of the study needs."""
        common = {name for evidence in self._read.values() for name in evidence.overlaps}
        return tuple(sorted({*self._read, *common}))


def shelf_of(packs: Mapping[str, Path], beside: Path | None, definitions: Mapping[str, object]) -> Shelf:
    """The evidence of some packs (name → folder), and of `evidence/` in `beside`, which replaces that of packs.

    Raises WrongInput where two packs hold the same, or a file is not called so.
    """
    files: dict[str, Path] = {}
    homes: dict[str, str] = {}
    for pack, folder in packs.items():
        for name, path in evidence_files(folder).items():
            if name in homes:
                what = f"the packs {homes[name]} and {pack} both hold the evidence '{name}'"
                raise WrongInput(str(path), what, "Take one of them out, or rename it.")
            homes[name], files[name] = pack, path
    own = evidence_files(beside) if beside is not None else {}
    replaced = {name: files[name] for name in own if name in files}
    return Shelf(dict(sorted({**files, **own}.items())), replaced, definitions)


def evidence_files(folder: Path) -> dict[str, Path]:
    """id → file, of the folder `evidence/` in a folder."""
    found = {}
    for path in sorted((folder / FOLDER).glob("*.y*ml")):
        if path.suffix != ".yaml":
            raise WrongInput(str(path), "a file of evidence ends in .yaml", f"Call it {path.stem}.yaml.")
        found[path.stem] = path
    return found
