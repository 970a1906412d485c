"""Which habit a column is written in: day before month or after, decimal comma or point. Never decided cell by cell.

A text that only one habit can read is evidence for it ("25/03/2023", "0,7"); one that two habits read differently
is doubtful ("03/04/2023", "1.234"); all others read alike ("05/05/2023", "12") or are no date or number at all.
A column is decided, in this order,
1. by the study file, if it tells the centre's habit; what contradicts it is then refused cell by cell;
2. by the column's own evidence; evidence for both habits is an error, which only the study file can settle;
3. if a cell is doubtful: by the other columns of the same centre, if those that are decided all agree;
4. else it is an error. A column without doubtful cells needs no habit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from remit.errors import WrongInput

Readings = Mapping[str, Callable[[str], object]]  # habit → how it reads a text; None where it cannot


@dataclass(frozen=True)
class Seen:
    """A text and the cell where it stands."""

    text: str
    cell: str  # "C12"


@dataclass(frozen=True)
class Evidence:
    """What the texts of one column say: for each habit the first that only it can read, and the first doubtful one."""

    speaks_for: Mapping[str, Seen]
    doubtful: Seen | None

    @property
    def one_sided(self) -> bool:
        """Texts of one habit, and none that could be of both."""
        return len(self.speaks_for) == 1 and self.doubtful is None


NO_EVIDENCE = Evidence({}, None)


@dataclass(frozen=True)
class Question:
    """One column whose habit is asked: where it stands, what it says, and how the study file would settle it."""

    where: str
    centre: str
    setting: str  # "dates" or "decimal"
    evidence: Evidence


@dataclass(frozen=True)
class Answer:
    """`habit` is None where none is needed; `because` is None where the study file told it or none is needed."""

    habit: str | None
    because: str | None = None
    evidence: Evidence = NO_EVIDENCE


def weigh(texts: Iterable[tuple[str, str]], readings: Readings) -> Evidence:
    """The evidence of different texts, each with its first cell, in the order of the rows."""
    speaks_for: dict[str, Seen] = {}
    doubtful: Seen | None = None
    for text, cell in texts:
        values = {habit: value for habit, read in readings.items() if (value := read(text)) is not None}
        if len(values) == 1:
            speaks_for.setdefault(next(iter(values)), Seen(text, cell))
        elif doubtful is None and len(set(values.values())) > 1:
            doubtful = Seen(text, cell)
    return Evidence(speaks_for, doubtful)


def decide(question: Question, told: str | None, others: Iterable[Question]) -> Answer:
    """The habit of a column. `others`: the questions of the same kind in the other columns of its centre.

    Raises WrongInput where the column contradicts itself, or is doubtful and nothing else of the centre settles it.
    """
    evidence = question.evidence
    if told is not None:
        return Answer(told, None, evidence)
    if len(evidence.speaks_for) > 1:
        cells = " and ".join(f"{seen.text!r} in {seen.cell} is {habit}" for habit, seen in evidence.speaks_for.items())
        raise WrongInput(question.where, f"the column is written in two habits: {cells}.", remedy(question))
    if evidence.speaks_for:
        habit, seen = next(iter(evidence.speaks_for.items()))
        return Answer(habit, f"{seen.text!r} in {seen.cell} can only be {habit}", evidence)
    if evidence.doubtful is None:
        return Answer(None)
    return from_others(question, evidence.doubtful, others)


def from_others(question: Question, doubtful: Seen, others: Iterable[Question]) -> Answer:
    found = {next(iter(other.evidence.speaks_for)): other for other in others if len(other.evidence.speaks_for) == 1}
    if len(found) == 1:
        habit, other = next(iter(found.items()))
        seen = other.evidence.speaks_for[habit]
        reason = f"no cell of this column tells; {seen.text!r} in {other.where}, cell {seen.cell}, can only be {habit}"
        return Answer(habit, reason, question.evidence)
    known = "the centre's other columns disagree" if found else "nothing else of this centre tells which is meant"
    raise WrongInput(
        question.where,
        f"{doubtful.text!r} in {doubtful.cell} can be read in two ways, and {known}.",
        remedy(question),
    )


def remedy(question: Question) -> str:
    habits = {"dates": "day/month/year (or month/day/year)", "decimal": "comma (or point)"}[question.setting]
    told = f"centres: {{{question.centre}: {{{question.setting}: {habits}}}}}"
    return f"Tell the centre's habit in the study file, under charts: {told}"
