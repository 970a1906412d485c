"""The packs that a new study can take: which there are, which fits a disease, and what one holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.study.codes import alike
from remit.study.document import parse_document, read_document
from remit.study.loading import validate
from remit.study.pack_model import PackPart
from remit.study.packs import Packs, load_packs
from remit.study.place import Place

NONE = "none"


def packs_for(folder: Path) -> dict[str, PackPart]:
    """Those beside a study file in this folder, and those of remit, by name."""
    built_in = Path(str(resources.files("remit"))) / "packs"
    found: dict[str, PackPart] = {}
    for home in (built_in, folder / "packs"):
        for path in sorted(home.glob("*/pack.yaml")):
            part = validate(read_document(path), PackPart)
            found[part.pack] = part
    return found


def fitting(disease: str, packs: Mapping[str, PackPart]) -> str:
    """The pack that names this disease; `none` if no pack does."""
    return next((name for name, part in packs.items() if alike(disease) in map(alike, part.diseases)), NONE)


def opened(pack: str | None, packs: Mapping[str, PackPart], folder: Path) -> Packs:
    """What the pack holds; nothing for None."""
    wanted = {pack: packs[pack].version} if pack else {}
    return load_packs(wanted, Place(parse_document("packs: {}", "--pack")), folder)


def look_up(written: str, known: Iterable[str], kind: str, option: str) -> str:
    """The name as the pack writes it. Raises WrongInput with the nearest, and what there is."""
    names = list(known)
    by_small = {alike(name): name for name in names}
    if alike(written) in by_small:
        return by_small[alike(written)]
    if not names:
        raise WrongInput(option, f"there is no {kind} '{written}'", "The pack holds none; see `--measure`.")
    there_is = f"There is {', '.join(names)}."
    hint = nearest(written, names)
    raise WrongInput(option, f"there is no {kind} '{written}'", f"{hint} {there_is}" if "mean" in hint else there_is)
