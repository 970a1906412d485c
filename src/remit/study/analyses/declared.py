"""What the study declares beside its analyses, and analyses name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from remit.study.expressions import Expressions
from remit.study.forms import Form
from remit.study.model import StudyFile
from remit.study.packs import Packs
from remit.study.place import Place
from remit.study.selection import Timeline
from remit.study.study import Endpoint, Population, Visit


@dataclass(frozen=True)
class Declared:
    """What a builder of an analysis may look up. `place`: of the study file. `timeline`: when what is known."""

    file: StudyFile
    packs: Packs
    forms: Mapping[str, Form]
    visits: tuple[Visit, ...]
    populations: Mapping[str, Population]
    endpoints: Mapping[str, Endpoint]
    expressions: Expressions
    place: Place
    timeline: Timeline
