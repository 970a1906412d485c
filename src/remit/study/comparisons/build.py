"""The section `comparisons`: each comparison, as it is written, into what is asked. Raises WrongInput."""

from __future__ import annotations

from remit.study.analyses.declared import Declared
from remit.study.analyses.primary import endpoint_asked, estimand_asked
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.model import ComparisonPart
from remit.study.place import Place


def make_comparisons(declared: Declared) -> tuple[Comparison, ...]:
    """In the order of the study file. Raises WrongInput."""
    place, analyses = declared.place / "comparisons", declared.file.analyses
    for name in declared.file.comparisons:
        if name in analyses:
            raise (place / name).wrong_name(f"'{name}' is also an analysis", "Rename one.")
    return tuple(_comparison(name, part, place / name, declared) for name, part in declared.file.comparisons.items())


def _comparison(name: str, part: ComparisonPart, place: Place, declared: Declared) -> Comparison:
    endpoint, visit, populations = endpoint_asked(name, part, place, declared)
    title = part.title or name.replace("_", " ").capitalize()
    return Comparison(name, title, populations, endpoint, visit, estimand_asked(part, place, declared))
