"""`remit lock`: the plan of a study, written down before the results are known.

Beside study.yaml, the folder `study.lock` has a folder for each lock: `1` for the first, `2` for its amendment, and so
on; none is ever written anew. Each holds the study file and the packs as they were, and `lock.yaml`: when, by which
remit, the digest of each file, that of the lock before it, and what is asked, in English, with digests.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from remit.errors import WrongInput
from remit.output import now, whole_folder
from remit.plan.items import SHOWN, differences, items_of
from remit.plan.signature import checked, is_signed, sign
from remit.schema.plan import Amendment, Difference
from remit.schema.run_folder import digest_of
from remit.study.as_read import STUDY_FILE, files_of, read_kept
from remit.study.build import read_study
from remit.study.study import Study

FILE = "lock.yaml"
_HEAD = "# Written by `remit lock`. A lock is never changed: lock the study again, which makes an amendment.\n"
_CHECKSUM = "checksum: "


@dataclass(frozen=True)
class Lock:
    """A lock that is sound. `folder`: where it lies, with the files that it locked. `digest`: SHA-256 of its file."""

    folder: Path
    number: int
    locked: str
    remit: str
    registration: str | None
    because: str | None
    digest: str
    files: Mapping[str, str]
    differences: tuple[Difference, ...]  # from the lock before it

    @property
    def amendment(self) -> Amendment:
        return Amendment(self.number - 1, self.locked, self.because, self.differences)

    def study(self) -> Study:
        """The study that was locked."""
        return read_kept(self.folder / STUDY_FILE)


def folder_of(study_file: Path) -> Path:
    """Where the locks of a study file lie: study.yaml → study.lock."""
    return study_file.with_suffix(".lock")


def lock_study(path: Path | str, because: str | None = None, key: Path | None = None) -> Lock:
    """Lock a study file: the first time, or as an amendment, which must say why. key: of SSH, to sign with.

    Raises WrongInput; then nothing is written.
    """
    study = read_study(path)
    files = files_of(study)
    home, earlier = folder_of(study.path), locks_of(study)
    for lock in earlier:
        checked(lock.folder / FILE)
    reason = None if because is None else because.strip()
    changed = _changed(study, files, earlier, reason)
    number, made = len(earlier) + 1, now()
    text = _text(study, files, earlier, changed, reason, made, key is not None)
    try:
        with whole_folder(home / str(number)) as folder:
            for name, content in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
            (folder / FILE).write_text(text, "utf-8")
            if key is not None:
                sign(folder / FILE, key)
    except WrongInput:
        if home.is_dir() and not any(home.iterdir()):
            home.rmdir()  # nothing half-written: an empty folder would be locks that are gone
        raise
    return locks_of(study)[-1]


def _changed(
    study: Study, files: Mapping[str, bytes], earlier: tuple[Lock, ...], because: str | None
) -> tuple[Difference, ...]:
    """What an amendment changes. Raises WrongInput for one that changes nothing, or does not say why."""
    if not earlier:
        return ()
    last = earlier[-1]
    if last.files == digests_of(files):
        what = f"the study file and its packs are those that were locked on {last.locked[:10]}"
        raise WrongInput(str(study.path), what, "There is nothing to lock: run it.")
    if not because:
        what = f"the study was locked on {last.locked[:10]} and differs from it: a new lock is an amendment of the plan"
        raise WrongInput(str(study.path), what, 'Say why it is amended: --because "…".')
    return differences(items_of(last.study()), items_of(study))


def _text(
    study: Study,
    files: Mapping[str, bytes],
    earlier: tuple[Lock, ...],
    changed: tuple[Difference, ...],
    because: str | None,
    made: datetime,
    signed: bool,
) -> str:
    plan: dict[str, Any] = {}
    for item in sorted(items_of(study), key=lambda item: SHOWN.index(item.kind)):
        told = {"is": item.words, "digest": item.digest}
        if item.name:
            plan.setdefault(item.kind, {})[item.name] = told
        else:
            plan[item.kind] = told
    content = {
        "study": study.identity.id,
        "number": len(earlier) + 1,
        "locked": made.isoformat(),
        "signed": signed,
        "remit": version("remit"),
        "registration": study.identity.registration,
        "because": because,
        "before": earlier[-1].digest if earlier else None,
        "changed": [vars(each) for each in changed],
        "files": digests_of(files),
        "plan": plan,
    }
    text = _HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
    return f"{text}{_CHECKSUM}{hashlib.sha256(text.encode()).hexdigest()}\n"


def digests_of(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: digest_of(content) for name, content in files.items()}


# Reading


def locks_of(study: Study) -> tuple[Lock, ...]:
    """The locks of a study, the first first; none where it was never locked.

    Raises WrongInput if one was altered, is gone, or is of another study.
    """
    home = folder_of(study.path)
    if not home.exists():
        return ()
    if not home.is_dir():
        raise WrongInput(str(home), "it is a file, where the locks of the study lie in a folder", "Name it otherwise.")
    numbers = sorted(int(each.name) for each in home.iterdir() if re.fullmatch(r"[1-9][0-9]{0,5}", each.name))
    if not numbers:
        remedy = "Put them back: locks are kept, all of them. If the study was never locked, delete the folder."
        raise WrongInput(str(home), "the folder of the locks holds none", remedy)
    found: list[Lock] = []
    for expected, number in enumerate(numbers, 1):
        if number != expected:
            what = f"there is a lock {number}, and lock {expected} is gone"
            raise WrongInput(str(home), what, "Put it back: locks are kept, all of them.")
        found.append(_read(home / str(number), study, found[-1] if found else None))
    return tuple(found)


def _read(folder: Path, study: Study, before: Lock | None) -> Lock:
    path = folder / FILE
    told, digest = _told(path)
    try:
        lock, of, after = _lock(folder, told, digest), told["study"], told["before"]
        signed = bool(told.get("signed"))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise _altered(path, "it does not say what a lock says") from None
    if of != study.identity.id:
        what = f"it locks the study '{of}', and {study.path.name} is '{study.identity.id}'"
        raise WrongInput(str(path), what, "Put the locks of each study beside its own study file.")
    if after != (before.digest if before else None):
        raise _altered(path, "it follows another lock than the one that lies before it")
    if lock.number != int(folder.name):
        raise _altered(path, f"it says that it is lock {lock.number}, and lies in the folder {folder.name}")
    if signed and not is_signed(path):
        raise _altered(path, "it was signed, and its signature is gone")
    for name, expected in lock.files.items():
        file = folder / name
        if not file.is_file():
            raise _altered(file, "it was locked, and is gone")
        if digest_of(file.read_bytes()) != expected:
            raise _altered(file, "it was changed since it was locked")
    return lock


def _lock(folder: Path, told: Mapping[str, Any], digest: str) -> Lock:
    """Raises AttributeError, KeyError, TypeError or ValueError where it is something else."""
    datetime.fromisoformat(told["locked"])
    return Lock(
        folder=folder,
        number=int(told["number"]),
        locked=told["locked"],
        remit=told["remit"],
        registration=told["registration"],
        because=told["because"],
        digest=digest,
        files={str(name): str(each) for name, each in told["files"].items()},
        differences=tuple(Difference(**each) for each in told["changed"]),
    )


def _told(path: Path) -> tuple[dict[str, Any], str]:
    """What a lock file says, and its digest. Raises WrongInput if its checksum is not that of its text."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise _altered(path, "it is gone, or cannot be read") from None
    body, sign, checksum = text.rpartition(_CHECKSUM)
    if not sign or hashlib.sha256(body.encode()).hexdigest() != checksum.strip():
        raise _altered(path, "it was altered after it was locked: its checksum is not that of its text")
    try:
        told: dict[str, Any] = yaml.safe_load(body)
    except yaml.YAMLError:
        raise _altered(path, "it is no YAML") from None
    return told, digest_of(content)


def _altered(path: Path, what: str) -> WrongInput:
    return WrongInput(str(path), what, "Put back the file as `remit lock` wrote it; a changed plan is locked anew.")
