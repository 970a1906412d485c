"""The study file, its packs and its evidence as they were read, so that a folder of results stands for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from remit.study.build import study_of
from remit.study.document import read_document
from remit.study.evidence.shelf import FOLDER
from remit.study.packs import pack_folders
from remit.study.study import Study

STUDY_FILE = "study.yaml"


def files_of(study: Study) -> Mapping[str, bytes]:
    """The study file, the files of its packs and the evidence that was asked for, by their path in a folder that can be
    read as the study."""
    folders = pack_folders(study.path.parent)
    paths = {
        f"packs/{pack}/{path.name}": path for pack in study.packs.names for path in sorted(folders[pack].glob("*.yaml"))
    }
    evidence = {f"{FOLDER}/{name}.yaml": study.packs.evidence.files[name] for name in study.packs.evidence.opened}
    return {name: path.read_bytes() for name, path in {STUDY_FILE: study.path, **paths, **evidence}.items()}


def read_kept(path: Path) -> Study:
    """A study file that was kept so. Its charts are not read: the package in which they lie need not be installed.

    Raises WrongInput.
    """
    document, package = read_document(path), ("charts", "package")
    document.data.get("charts", {}).pop("package", None)
    names = {key: mark for key, mark in document.names.items() if key != package}
    return study_of(replace(document, names=names), path)
