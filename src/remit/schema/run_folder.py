"""What the folder of a run holds besides its tables, so that it stands for itself.

`study-as-read/` has the study file and its packs as they were read, `charts-as-read/` the records: the rows of each
form (`forms/`), and in which file, sheet, row and column each stands (`rows`, `columns`). `run.json` says which remit
wrote the folder and when, by which libraries, the command that makes it again, whether its patients are synthetic, the
digest of each file in `study-as-read/` and of each file of charts, and whether the run follows a locked plan.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from remit.schema.plan import PlanNote, plan_from

STUDY = "study-as-read"  # nobody else has a folder of this name, so that writing it anew deletes nothing of theirs
CHARTS = "charts-as-read"
FORMS = "forms"
RUN = "run.json"


LIBRARIES = ("narwhals", "numpy", "polars", "pyarrow", "python-calamine", "scipy")  # those that read and compute


@dataclass(frozen=True)
class RunNote:
    """`remit`: the version that wrote the folder. `synthetic`: how the patients were made, if they are not real.
    `study`: SHA-256 of each file in `study-as-read/`, by its path there. `made`: when (ISO 8601). `inputs`: SHA-256 of
    each file of charts, by its path in their folder. `command`: what makes the run again, beside the study file.
    `plan`: None if none was locked."""

    remit: str
    synthetic: str | None
    study: Mapping[str, str]
    made: str
    python: str
    libraries: Mapping[str, str]
    inputs: Mapping[str, str]
    command: str
    plan: PlanNote | None = None


def run_note(
    files: Mapping[str, bytes],
    synthetic: str | None,
    made: datetime,
    inputs: Mapping[str, str],
    command: str,
    plan: PlanNote | None,
) -> RunNote:
    """files: those of `study-as-read/`, by their path there."""
    return RunNote(
        remit=version("remit"),
        synthetic=synthetic,
        study={name: digest_of(content) for name, content in files.items()},
        made=made.isoformat(),
        python=platform.python_version(),
        libraries={name: version(name) for name in LIBRARIES},
        inputs=inputs,
        command=command,
        plan=plan,
    )


def write_run_note(note: RunNote, files: Mapping[str, bytes], folder: Path) -> None:
    """Write `study-as-read/` and `run.json` into a folder that exists. files: by their path in `study-as-read/`."""
    for name, content in files.items():
        path = folder / STUDY / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / RUN).write_text(json.dumps(asdict(note), indent=1, ensure_ascii=False) + "\n", "utf-8")


def read_run_note(folder: Path) -> RunNote:
    """Raises OSError, ValueError, TypeError, KeyError where there is no such note."""
    told = json.loads((folder / RUN).read_text("utf-8"))
    plan = plan_from(told["plan"]) if told["plan"] else None
    return RunNote(**{**told, "plan": plan})


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
