"""The study file and its packs as they were read, so that a folder of results stands for itself."""

from __future__ import annotations

from collections.abc import Mapping

from remit.study.packs import pack_folders
from remit.study.study import Study

STUDY_FILE = "study.yaml"


def files_of(study: Study) -> Mapping[str, bytes]:
    """The study file and the files of its packs, by their path in a folder that can be read as the study."""
    folders = pack_folders(study.path.parent)
    paths = {
        f"packs/{pack}/{path.name}": path for pack in study.packs.names for path in sorted(folders[pack].glob("*.yaml"))
    }
    return {name: path.read_bytes() for name, path in {STUDY_FILE: study.path, **paths}.items()}
