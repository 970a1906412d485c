"""What the folder of a run holds besides its tables, so that it stands for itself.

`study-as-read/` has the study file and its packs as they were read, `charts-as-read/` the records: the rows of each
form (`forms/`), and in which file, sheet, row and column each stands (`rows`, `columns`). `run.json` says which remit
wrote the folder, whether its patients are synthetic, and the digest of each file in `study-as-read/`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

STUDY = "study-as-read"  # nobody else has a folder of this name, so that writing it anew deletes nothing of theirs
CHARTS = "charts-as-read"
FORMS = "forms"
RUN = "run.json"


@dataclass(frozen=True)
class RunNote:
    """`remit`: the version that wrote the folder. `synthetic`: how the patients were made, if they are not real.
    `study`: SHA-256 of each file in `study-as-read/`, by its path there."""

    remit: str
    synthetic: str | None
    study: Mapping[str, str]


def write_run_note(files: Mapping[str, bytes], synthetic: str | None, folder: Path) -> None:
    """Write `study-as-read/` and `run.json` into a folder that exists. files: by their path in `study-as-read/`."""
    for name, content in files.items():
        path = folder / STUDY / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    note = RunNote(version("remit"), synthetic, {name: digest_of(content) for name, content in files.items()})
    (folder / RUN).write_text(json.dumps(asdict(note), indent=1, ensure_ascii=False) + "\n", "utf-8")


def read_run_note(folder: Path) -> RunNote:
    """Raises OSError, ValueError, TypeError where there is no such note."""
    return RunNote(**json.loads((folder / RUN).read_text("utf-8")))


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
