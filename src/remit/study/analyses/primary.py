"""The endpoint that an analysis is about: what its part names, else the primary one."""

from __future__ import annotations

from remit.schema.results import DECIDED
from remit.study.analyses.declared import Declared
from remit.study.analyses.model import AdjustedPart, CentresPart, PredictorsPart, SensitivityPart
from remit.study.comparisons.model import ComparisonPart
from remit.study.place import Place


def endpoint_asked(
    name: str,
    part: CentresPart | PredictorsPart | SensitivityPart | ComparisonPart | AdjustedPart,
    place: Place,
    declared: Declared,
) -> tuple[str, str, tuple[str, ...]]:
    """The endpoint, its visit and the populations of the analysis `name`. Raises WrongInput."""
    primary = declared.file.primary
    if primary is None and (part.endpoint is None or part.visit is None or part.populations is None):
        what = f"{name} is about the primary endpoint, and the study has none"
        raise place.wrong_name(what, "Add `primary:`, or name `endpoint`, `visit` and `populations` here.")
    endpoint = part.endpoint or (primary.endpoint if primary else "")
    visit = part.visit or (primary.visit if primary else "")
    of_primary = declared.place / "primary"
    ((place if part.endpoint else of_primary) / "endpoint").known(endpoint, declared.endpoints, "endpoint")
    visits = declared.endpoints[endpoint].at
    ((place if part.visit else of_primary) / "visit").known(visit, visits, f"visit of {endpoint}")
    if part.populations is not None:
        (place / "populations").each(part.populations, declared.populations, "population")
        return endpoint, visit, tuple(part.populations)
    population = primary.population if primary else ""
    (of_primary / "population").known(population, declared.populations, "population")
    return endpoint, visit, (population,)


def estimand_asked(
    part: CentresPart | PredictorsPart | ComparisonPart | AdjustedPart, place: Place, declared: Declared
) -> str:
    """The estimand that the part names, else the primary one's; without one DECIDED. Raises WrongInput."""
    primary = declared.file.primary
    estimand = part.estimand or (primary.estimand if primary else DECIDED)
    (place / "estimand").known(estimand, [*declared.file.estimands, DECIDED], "estimand")
    return estimand
