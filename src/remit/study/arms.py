"""The arms of the study file, and those by which an analysis is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from remit.language.types import Level, name_of
from remit.schema.results import ARM
from remit.study.analyses.kinds import Arms
from remit.study.analyses.model import (
    AdjustedPart,
    AncovaPart,
    CentresPart,
    ChangePart,
    CompletenessPart,
    EventsPart,
    PartOfPatients,
    PredictorsPart,
    RatesPart,
    ShiftPart,
    StatesPart,
)
from remit.study.expressions import Expressions, texts_chosen
from remit.study.model import ArmsPart, StudyFile
from remit.study.place import Place

Kind = Literal["planned", "actual"]


def make_arms(file: StudyFile, expressions: Expressions, place: Place) -> dict[str, Arms]:
    """By kind; none in a study without arms. `place`: of the study file. Raises WrongInput."""
    part = file.arms
    if part is None:
        return {}
    _check_names(file, place)
    here = place / "arms"
    written: dict[Kind, str | None] = {"planned": part.planned, "actual": part.actual}
    found: dict[str, Arms] = {
        kind: _arms(kind, text, part, expressions, here) for kind, text in written.items() if text is not None
    }
    if not found:
        raise here.wrong_name("nothing says in which arm a patient is", "Add `planned:`, `actual:` or both.")
    if len({arms.names for arms in found.values()}) > 1:
        what = "the planned and the actual arm are not the same levels in the same order"
        raise (here / "actual").wrong(what, "Name those that are arms: `levels: […]`.")
    return found


def _arms(kind: Kind, text: str, part: ArmsPart, expressions: Expressions, place: Place) -> Arms:
    query = expressions.query(text, place / kind)
    names = query.type.levels if isinstance(query.type, Level) else tuple(dict.fromkeys(texts_chosen(query)))
    if not names:
        what = f"this is {name_of(query.type)}"
        remedy = "Arms are levels: name a field with `levels:`, a definition that gives one, or `if(…)` of texts."
        raise (place / kind).wrong(what, remedy)
    if part.levels is not None:
        (place / "levels").each(part.levels, names, f"level of the {kind} arm")
        names = tuple(part.levels)
    if len(names) < 2:
        where = place / kind if part.levels is None else place / "levels"
        raise where.wrong("this is one arm", "Arms are two or more: leave `arms:` out of a study of one.")
    if part.reference is not None:
        (place / "reference").known(part.reference, names, f"level of the {kind} arm")
    _check_external(part, names, place / "external")
    randomised = part.randomised and kind == "planned"
    return Arms(kind, names, query, part.reference, randomised, tuple(part.external))


def _check_external(part: ArmsPart, names: tuple[str, ...], place: Place) -> None:
    if not part.external:
        return
    place.each(part.external, names, "arm")
    if part.randomised:
        remedy = "Say `randomised: no`, or nothing is external."
        raise place.wrong("chance assigns nobody to an external arm, but the arms are said to be randomised", remedy)
    if set(part.external) == set(names):
        raise place.wrong("all arms are external", "Leave out the arm that is the study's own.")


def _check_names(file: StudyFile, place: Place) -> None:
    """Columns of the cohort, and groups of the results, are called `arm`."""
    for section in ("forms", "endpoints", "subgroups", "analyses"):
        if ARM in getattr(file, section):
            what = f"'{ARM}' is what remit calls the arms of a study"
            raise (place / section / ARM).wrong_name(what, "Choose another word.")


@dataclass(frozen=True)
class ArmsOfAnalyses:
    """Says by which arms an analysis is given."""

    arms: Mapping[str, Arms]

    def of(self, part: PartOfPatients, place: Place) -> Arms | None:
        """None: in total only. Raises WrongInput."""
        if isinstance(part, PredictorsPart | CentresPart):
            return None  # of all arms together; of predictors, the arm may be one
        asked = part.arm
        if not self.arms:
            if asked not in (None, "none"):
                remedy = "Add `arms:` with what tells them apart, or remove this."
                raise (place / "arm").wrong("the study has no arms", remedy)
            return None
        if asked == "none":
            return None
        if asked is not None and asked not in self.arms:
            raise (place / "arm").wrong(f"the arms are not told as {asked}", f"Add `{asked}:` to the study's arms.")
        usual = "actual" if isinstance(part, EventsPart | RatesPart) else "planned"
        arms = self.arms.get(asked or usual) or next(iter(self.arms.values()))
        if isinstance(part, AncovaPart | AdjustedPart):
            return arms
        if isinstance(part, ShiftPart | ChangePart | StatesPart | CompletenessPart):
            return replace(arms, reference=None)  # never compared
        return arms if part.compare else replace(arms, reference=None)
