"""From which visit to which later ones an analysis goes."""

from __future__ import annotations

from collections.abc import Sequence

from remit.study.analyses.declared import Declared
from remit.study.place import Place


def chosen(what: str, asked: Sequence[str] | None, place: Place, declared: Declared) -> list[str]:
    """The visits that are asked for, all unless some are named, in the order of the study.

    what: the analysis in a message, "a course". Raises WrongInput.
    """
    planned = [visit.name for visit in declared.visits]
    if asked is not None:
        (place / "visits").each(asked, planned, "visit")
    found = [visit for visit in planned if asked is None or visit in asked]
    if not found:
        raise place.wrong_name(f"{what} goes over visits, and the study has none", "Add `visits:` to the study.")
    return found


def from_and_to(
    what: str, origin: str | None, to: Sequence[str] | None, place: Place, declared: Declared
) -> tuple[str, tuple[str, ...]]:
    """The first visit, the reference visit unless another is named, and the later ones, all unless some are named.

    what: the analysis in a message, "a shift". Raises WrongInput.
    """
    planned = [visit.name for visit in declared.visits]
    first = origin or declared.expressions.scope.reference
    if first is None:
        said = f"{what} goes from a visit to later ones, and the study has no reference visit"
        raise place.wrong_name(said, "Declare a visit on day 0 or before, or name one: `from: …`.")
    (place / "from").known(first, planned, "visit")
    if to is not None:
        (place / "to").each(to, planned, "visit")
    day = next(visit.day for visit in declared.visits if visit.name == first)
    later = [visit.name for visit in declared.visits if visit.day > day]
    found = tuple(visit for visit in later if to is None or visit in to)
    if not found or len(found) < len(to or ()):
        said = f"{what} goes from {first} to visits after it"
        raise (place / "to" if to else place / "from").wrong_name(said, "Name later visits: `to: [week24]`.")
    return first, found
