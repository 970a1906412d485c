"""What the handling of intercurrent events and of missing assessments changes: of the primary endpoint, or another."""

from __future__ import annotations

from typing import get_args

from remit.language.query import Query
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Sensitivity
from remit.study.analyses.model import SensitivityPart
from remit.study.analyses.primary import endpoint_asked
from remit.study.imputation import imputable
from remit.study.place import Place
from remit.study.written import IMPUTED, Missing


def sensitivity(name: str, title: str, part: SensitivityPart, place: Place, declared: Declared) -> Sensitivity:
    """Raises WrongInput."""
    endpoint, visit, populations = endpoint_asked(name, part, place, declared)
    estimands = part.estimands if part.estimands is not None else [*declared.file.estimands]
    (place / "estimands").each(estimands, declared.file.estimands, "estimand")
    if not estimands:
        raise place.wrong_name(f"{name} is about estimands, and the study has none", "Add `estimands:`.")
    missing = _handlings(part, declared.endpoints[endpoint].queries[visit], place, declared)
    return Sensitivity(name, title, populations, endpoint, visit, tuple(estimands), missing, part.benchmark)


def _handlings(part: SensitivityPart, query: Query, place: Place, declared: Declared) -> tuple[Missing, ...]:
    """Those that are asked for, or all that can be had. Raises WrongInput."""
    imputation = declared.file.imputation
    lacking: dict[Missing, str] = {}
    if imputation is None:
        lacking = dict.fromkeys(IMPUTED, "Add `imputation: {seed: …}` to the study.")
    elif not imputable(query, declared.forms):
        remedy = "The endpoint reads no number, level or yes/no of a patient that could be imputed."
        lacking = dict.fromkeys(IMPUTED, remedy)
    elif not imputation.non_response_after:
        lacking = {"hybrid": "Add `non_response_after:` to `imputation`, with the events that are failures."}
    if part.missing is None:
        return tuple(missing for missing in get_args(Missing) if missing not in lacking)
    for number, missing in enumerate(part.missing):
        if missing in lacking:
            what = f"'{missing}' cannot be had here"
            raise (place / "missing" / number).wrong(what, lacking[missing])
    return tuple(part.missing)
