"""What the handling of intercurrent events and of missing assessments changes: of the primary endpoint, or another."""

from __future__ import annotations

from remit.study.analyses.declared import Declared
from remit.study.analyses.model import SensitivityPart
from remit.study.place import Place
from remit.study.study import Sensitivity


def sensitivity(name: str, title: str, part: SensitivityPart, place: Place, declared: Declared) -> Sensitivity:
    """Raises WrongInput."""
    primary = declared.file.primary
    if primary is None and (part.endpoint is None or part.visit is None or part.populations is None):
        what = f"{name} is about the primary endpoint, and the study has none"
        raise place.wrong_name(what, "Add `primary:`, or name `endpoint`, `visit` and `populations` here.")
    endpoint = part.endpoint or (primary.endpoint if primary else "")
    visit = part.visit or (primary.visit if primary else "")
    (place / "endpoint").known(endpoint, declared.endpoints, "endpoint")
    (place / "visit").known(visit, declared.endpoints[endpoint].at, f"visit of {endpoint}")
    estimands = part.estimands if part.estimands is not None else [*declared.file.estimands]
    (place / "estimands").each(estimands, declared.file.estimands, "estimand")
    if not estimands:
        raise place.wrong_name(f"{name} is about estimands, and the study has none", "Add `estimands:`.")
    populations = part.populations or ([primary.population] if primary else [])
    (place / "populations").each(populations, declared.populations, "population")
    return Sensitivity(
        name, title, tuple(populations), endpoint, visit, tuple(estimands), tuple(part.missing), part.benchmark
    )
