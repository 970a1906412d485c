"""What the handling of intercurrent events and of missing assessments changes: of the primary endpoint, or another."""

from __future__ import annotations

from remit.study.analyses.declared import Declared
from remit.study.analyses.model import SensitivityPart
from remit.study.analyses.primary import endpoint_asked
from remit.study.place import Place
from remit.study.study import Sensitivity


def sensitivity(name: str, title: str, part: SensitivityPart, place: Place, declared: Declared) -> Sensitivity:
    """Raises WrongInput."""
    endpoint, visit, populations = endpoint_asked(name, part, place, declared)
    estimands = part.estimands if part.estimands is not None else [*declared.file.estimands]
    (place / "estimands").each(estimands, declared.file.estimands, "estimand")
    if not estimands:
        raise place.wrong_name(f"{name} is about estimands, and the study has none", "Add `estimands:`.")
    return Sensitivity(name, title, populations, endpoint, visit, tuple(estimands), tuple(part.missing), part.benchmark)
