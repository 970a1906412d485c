"""A new study: ask, draft, check, write. What `remit new` does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from remit.drafting.choices import Choices
from remit.drafting.draft import checked, draft
from remit.drafting.questions import Ask, Questions, Say, Told
from remit.drafting.shelf import opened, packs_for
from remit.errors import WrongInput
from remit.output import check_out, whole_folder
from remit.study.json_schema import FILE, schema_text

STUDY = "study.yaml"


@dataclass(frozen=True)
class Drafted:
    path: Path
    centres: tuple[str, ...]


def new_study(folder: Path, told: Told, ask: Ask | None, say: Say) -> Drafted:
    """Write study.yaml and its schema into the folder, which is made if need be.

    Raises WrongInput if one is there already, or for what was told wrong; then nothing is written.
    """
    path = folder / STUDY
    _refuse_existing(folder)

    def check(choices: Choices) -> None:
        _draft(choices, path)

    choices = Questions(told, folder, check, ask, say).choices()
    text = _draft(choices, path)
    with whole_folder(folder) as made:
        (made / STUDY).write_text(text, "utf-8")
        (made / FILE).write_text(schema_text(), "utf-8")
    return Drafted(path, choices.centres)


def _draft(choices: Choices, path: Path) -> str:
    text = draft(choices, opened(choices.pack, packs_for(path.parent), path.parent))
    checked(text, path)
    return text


def _refuse_existing(folder: Path) -> None:
    """Nothing is overwritten."""
    check_out(folder)
    if (folder / STUDY).exists():
        raise WrongInput(str(folder / STUDY), "there is a study file already", "Name another folder: remit new FOLDER.")
    schema = folder / FILE
    if schema.exists() and schema.read_text("utf-8", errors="replace") != schema_text():
        raise WrongInput(str(schema), "there is another schema already", "Move it away, or name another folder.")
