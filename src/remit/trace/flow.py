"""Behind the flow: who was screened, excluded, included; who belongs to each population, and who is in which arm."""

from __future__ import annotations

from dataclasses import replace

from remit.schema.cohort import ELIGIBLE, EXCLUDED_BY, UNDECIDABLE, arm_column, population_column
from remit.schema.results import Address
from remit.trace.counted import Counted, Definition, counted
from remit.trace.people import Bits, joined
from remit.trace.study_people import NoTrace, StudyPeople

FLOW = "flow"
_STEPS = ("screened", "excluded", UNDECIDABLE, ELIGIBLE)
_OF_POPULATION = ("population", "planned_arm", "actual_arm")


def is_flow(at: Address) -> bool:
    """An analysis may be called so, too."""
    return at.analysis == FLOW and at.variable in (_STEPS if at.population is None else _OF_POPULATION)


def behind_flow(of: StudyPeople, at: Address) -> Counted:
    if at.variable in ("planned_arm", "actual_arm"):
        return _arm(of, at)
    part = of.in_arms(at, next(iter(of.study.arms.values()), None))
    if at.variable == "population":
        return _population(of, at, part)
    found = _step(of, at).within(part)
    return replace(found, definitions=(*found.definitions, *of.of_arm(at, next(iter(of.study.arms.values()), None))))


def _step(of: StudyPeople, at: Address) -> Counted:
    people, everybody = of.people, of.people.everybody

    def among_all(who: Bits, *definitions: Definition) -> Counted:
        return counted(everybody, everybody, who, *definitions)

    match at.variable:
        case "screened":
            return among_all(everybody)
        case "excluded":
            return among_all(people.having(EXCLUDED_BY, at.level), of.criterion(at.level or ""))
        case "undecidable":
            return among_all(people.having(EXCLUDED_BY, UNDECIDABLE), *of.criteria)
        case variable if variable == ELIGIBLE:
            return among_all(people.yes(ELIGIBLE), *of.criteria)
    raise NoTrace(f"the flow has no {at.variable}")


def _population(of: StudyPeople, at: Address, part: Bits) -> Counted:
    """Of whom it is not known whether they belong, they are counted among all, and not in it."""
    asked, column = of.population(at.population) & part, population_column(at.level or "")
    definitions = of.of_population(at.level)
    return counted(asked, asked, asked & of.people.yes(column), *definitions, missing=asked & of.people.unknown(column))


def _arm(of: StudyPeople, at: Address) -> Counted:
    """Unknown is who is in none of the arms."""
    arms = of.study.arms["planned" if at.variable == "planned_arm" else "actual"]
    column, asked = arm_column(arms.kind), of.population(at.population)
    named = joined(of.people.having(column, name) for name in arms.names)
    definition = of.definition(column, f"{arms.kind.capitalize()} arm")
    return counted(asked, asked, asked & of.people.having(column, at.level), definition, missing=asked & ~named)
