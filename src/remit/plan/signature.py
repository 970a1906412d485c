"""Detached signatures of lock files, by the keys of SSH, whose tool ssh-keygen most systems have."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from remit.errors import WrongInput

SUFFIX = ".sig"  # as ssh-keygen calls it
_TOOL, _NAMESPACE = "ssh-keygen", "remit-lock"


def sign(path: Path, key: Path) -> None:
    """Write the signature of a file beside it. Raises WrongInput."""
    if shutil.which(_TOOL) is None:
        raise WrongInput("--sign", f"{_TOOL} is not installed", "Install OpenSSH, or lock without --sign.")
    if not key.is_file():
        raise WrongInput("--sign", f"there is no key {key}", "Name a private key of SSH: ~/.ssh/id_ed25519.")
    done = subprocess.run(
        [_TOOL, "-Y", "sign", "-q", "-f", str(key), "-n", _NAMESPACE, str(path)], capture_output=True, text=True
    )
    if done.returncode or not _beside(path).is_file():
        told = done.stderr.strip().splitlines()
        what = f"{_TOOL} cannot sign with {key}: {told[-1] if told else 'it does not say why'}"
        raise WrongInput("--sign", what, "Name a private key of SSH: ~/.ssh/id_ed25519.")


def checked(path: Path) -> str | None:
    """What is known of a file's signature, in words; None: it has none. Whose key it is, people must say.

    Raises WrongInput if it is not the signature of this file.
    """
    beside = _beside(path)
    if not is_signed(path):
        return None
    if shutil.which(_TOOL) is None:
        return f"signed; the signature was not checked, for {_TOOL} is not installed"
    done = subprocess.run(
        [_TOOL, "-Y", "check-novalidate", "-n", _NAMESPACE, "-s", str(beside)],
        input=path.read_bytes(),
        capture_output=True,
    )
    key = re.search(r"with (\S+ key \S+)", done.stdout.decode("utf-8", "replace"))
    if done.returncode or key is None:
        remedy = "Put back the files as `remit lock` wrote them."
        raise WrongInput(str(beside), f"it is not the signature of {path.name}", remedy)
    return f"signed with the {key[1]}"


def is_signed(path: Path) -> bool:
    """Whether a signature lies beside a file."""
    return _beside(path).is_file()


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)
