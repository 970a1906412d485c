"""Endpoints at their visits: what is asked, of whom and by which subgroups."""

from __future__ import annotations

from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Endpoints
from remit.study.analyses.model import EndpointsPart
from remit.study.place import Place


def endpoints(name: str, title: str, part: EndpointsPart, place: Place, declared: Declared) -> Endpoints:
    """Raises WrongInput."""
    if part.endpoints is not None:
        (place / "endpoints").each(part.endpoints, declared.endpoints, "endpoint")
    if part.subgroups is not None:
        (place / "subgroups").each(part.subgroups, declared.file.subgroups, "subgroup")
    chosen = tuple(part.endpoints if part.endpoints is not None else declared.endpoints)
    if not chosen:
        raise place.wrong_name(f"{name} is about endpoints, and the study has none", "Add `endpoints:`.")
    subgroups = tuple(part.subgroups if part.subgroups is not None else declared.file.subgroups)
    return Endpoints(name, title, _by_visit(part, chosen, place / "populations", declared), chosen, subgroups)


def _by_visit(
    part: EndpointsPart, chosen: tuple[str, ...], place: Place, declared: Declared
) -> dict[str, tuple[str, ...]]:
    visits = {visit.name for visit in declared.visits}
    used = {visit for endpoint in chosen for visit in declared.endpoints[endpoint].at}
    if isinstance(part.populations, list):
        place.each(part.populations, declared.populations, "population")
        return {visit.name: tuple(part.populations) for visit in declared.visits if visit.name in used}
    for visit, wanted in part.populations.items():
        (place / visit).known_key(visits, "visit")
        if visit not in used:
            remedy = f"Its endpoints are at {', '.join(sorted(used))}."
            raise (place / visit).wrong_name(f"no endpoint of this analysis is at {visit}", remedy)
        (place / visit).each(wanted, declared.populations, "population")
    return {visit: tuple(wanted) for visit, wanted in part.populations.items()}
