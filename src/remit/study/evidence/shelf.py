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
            self._read[name] = read_evidence(path, self._definitions)
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self.files

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    @property
    def opened(self) -> tuple[str, ...]:
        """The ids of what was asked for: what a copy of the study needs."""
        return tuple(sorted(self._read))


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
