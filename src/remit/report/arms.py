"""Arms as columns: each arm with its N, then the total; then what differs between them."""

from __future__ import annotations

from dataclasses import dataclass

from remit.report.addresses import in_arm, size
from remit.report.document import Cell, Column, Words, words
from remit.report.guards import cautions_at
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import NONE, SPACE, decimal, not_given, note, with_interval
from remit.report.wording import capital
from remit.schema.results import SELECTED, Address
from remit.study.analyses.kinds import Analysis, Arms
from remit.study.study import Study

TOTAL = "Total"


@dataclass(frozen=True)
class Group:
    """Patients whose numbers stand in one column: a population, or one arm of it (None: in total)."""

    head: Words
    population: str
    arm: str | None = None

    def at(self, address: Address) -> Address:
        return address.in_arm(self.arm)


def groups_of(study: Study, analysis: Analysis, population: str, lookup: Lookup) -> list[Group]:
    """The arms, and the total; without arms the population alone."""
    label = capital(study.populations[population].label) if analysis.arms is None else TOTAL
    total = Group(words(label, " ", size(study, lookup, population)), population)
    return [*(_of_arm(study, analysis.arms, population, arm, lookup) for arm in arms_in(analysis)), total]


def arms_in(analysis: Analysis) -> tuple[str, ...]:
    return analysis.arms.names if analysis.arms else ()


def _of_arm(study: Study, arms: Arms | None, population: str, arm: str, lookup: Lookup) -> Group:
    return Group(words(capital(arm), " ", size(study, lookup, population, arms, arm)), population, arm)


def population_notes(analysis: Analysis, population: str, lookup: Lookup) -> tuple[Words, ...]:
    """What is to be known of a population under each table of it: whether it is selected, and of its arms."""
    selected = cautions_at(lookup, Address(analysis.name, population), SELECTED)
    return (*selected, *arms_notes(analysis, population, lookup))


def arms_notes(analysis: Analysis, population: str, lookup: Lookup) -> tuple[Words, ...]:
    """Which arms they are, if not the planned ones; how many are in the total and in no arm, if any."""
    arms = analysis.arms
    if arms is None:
        return ()
    said: list[Words] = [("Arms as treated.",)] if arms.kind == "actual" else []
    result = lookup.one(in_arm(arms, population, arms.names[0]), "n")
    return (*said, words(note(result), ".")) if result.note else tuple(said)


# Comparisons


@dataclass(frozen=True)
class Contrast:
    """One arm against the reference."""

    arm: str
    reference: str

    def at(self, address: Address) -> Address:
        return address.between(self.arm, self.reference)


def contrasts_of(analysis: Analysis) -> list[Contrast]:
    arms = analysis.arms
    return [Contrast(arm, arms.reference) for arm in arms.compared] if arms and arms.reference else []


def arm_columns(groups: list[Group], contrasts: list[Contrast]) -> tuple[Column, ...]:
    """One for each arm, and the total; headed as such where differences stand beside."""
    head = ("Arm",) if contrasts else ()
    return tuple(Column(group.head, head) for group in groups)


def difference_columns(contrasts: list[Contrast]) -> tuple[Column, ...]:
    """One for each arm that is compared."""
    return tuple(
        Column((capital(each.arm),), (f"Difference from {each.reference}",), (f"95{SPACE}% CI",)) for each in contrasts
    )


def difference_cell(found: Statistics, decimals: int) -> Cell:
    """−1.3 (−3.0 to 0.4); where it cannot be given, a footnote says why."""
    value = found["difference"]
    if value.value is None:
        return Cell(((NONE,),), (not_given(value),), muted=True)
    if found["lower"].value is None:
        why = words("No interval: ", note(found["lower"]), ".")
        return Cell((words(decimal(value, decimals), f" ({NONE})"),), (why,))
    return Cell((difference(found, decimals),))


def difference(found: Statistics, decimals: int, say: Language = ENGLISH) -> Words:
    """−1.3 (−3.0 to 0.4); without an interval the value alone"""
    return with_interval(found["difference"], found["lower"], found["upper"], decimals, say)
