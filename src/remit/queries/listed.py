"""The questions of a run, those first whose answer could change most; as lines, as a table, and a workbook a centre."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from remit.errors import WrongInput
from remit.finished import Finished
from remit.language.words import day_in_words
from remit.output import check_out, whole_folder
from remit.queries.doubts import Doubt, Doubts
from remit.queries.effects import RANKS, Effect, Rank, effects_of
from remit.report.wording import few
from remit.study.study import Study
from remit.workbook.queries import Asked, write_queries

MOST_PATIENTS = 5_000
SHOWN = 20  # questions on a terminal, unless all are asked for
ENDPOINTS = 3  # named with a question
SAID: dict[Rank, str] = {
    "conclusion": "could change the primary endpoint of the patient, and with it the conclusion against the benchmark",
    "primary endpoint": "could change the primary endpoint of the patient",
    "another endpoint": "could change another endpoint of the patient",
    "another number": "could change another number",
    "nothing": "alone, or with what else is missing in its row, changes nothing",
    "not tried": "is used as written, and doubtful",
}
COLUMNS = ("number", "centre", "patient", "visit", "date", "cell", "field", "problem", "written", "reason", "changes")


@dataclass(frozen=True)
class Question:
    number: int
    doubt: Doubt
    effect: Effect
    field: str  # its label; of a visit that is missing, the form's
    visit: str  # its label, or nothing

    @property
    def changes(self) -> str:
        named = few(self.effect.endpoints, ENDPOINTS)
        endpoints = f": {named}" if named else ""
        together = " (with what else is missing in its row)" if self.effect.together else ""
        return f"{SAID[self.effect.rank]}{endpoints}{together}"


def questions_of(run: Finished) -> list[Question]:
    """Those that could change something; and what was refused or queried, even if it changes nothing.

    Raises WrongInput for more patients than can be tried one by one.
    """
    patients = run.cohort.patients.height
    if patients > MOST_PATIENTS:
        what = f"the run has {patients:,} patients, and more than {MOST_PATIENTS:,} are not tried one by one"
        raise WrongInput(str(run.folder), what, "Run the charts of some centres alone, and ask there.")
    doubts = [*Doubts(run).all()]
    found = [
        (doubt, effect)
        for doubt, effect in zip(doubts, effects_of(run, doubts), strict=True)
        if effect.rank != "nothing" or doubt.problem in ("refused", "queried")
    ]
    found.sort(key=lambda each: _order(*each))
    return [_question(run.study, number, *each) for number, each in enumerate(found, 1)]


def _order(doubt: Doubt, effect: Effect) -> tuple[object, ...]:
    return (
        RANKS.index(effect.rank),
        effect.together,
        -len(effect.endpoints),
        doubt.centre,
        doubt.patient,
        doubt.visit or "",
        doubt.row or 0,
    )


def _question(study: Study, number: int, doubt: Doubt, effect: Effect) -> Question:
    form = study.forms[doubt.form]
    label = study.scope.forms[doubt.form].label if doubt.field is None else form.fields[doubt.field].label
    visit = "" if doubt.visit is None else study.scope.visits[doubt.visit].label
    return Question(number, doubt, effect, label, visit)


def question_lines(questions: Sequence[Question], every: bool = False) -> Iterator[str]:
    """What the terminal shows. every: all questions."""
    if not questions:
        yield "Nothing is missing or doubtful that could change a number."
        return
    yield f"{len(questions):,} cells and visits are missing or doubtful:"
    counts = Counter(each.effect.rank for each in questions)
    yield from (f"  {counts[rank]:,} {SAID[rank]}" for rank in RANKS if counts[rank])
    for each in questions if every else questions[:SHOWN]:
        yield ""
        yield from _lines(each)
    if len(questions) > SHOWN and not every:
        yield ""
        yield f"and {len(questions) - SHOWN:,} more: --all, or --out FOLDER"


def _lines(question: Question) -> Iterator[str]:
    doubt = question.doubt
    day = "" if doubt.date is None else f", {day_in_words(doubt.date)}"
    when = f"{question.visit}{day}" if question.visit else day.removeprefix(", ")
    written = "" if doubt.written is None else f" (written “{doubt.written}”)"
    reason = "" if doubt.reason is None else f": {doubt.reason}"
    yield f"{question.number:>4}  {doubt.patient}{f'  {when}' if when else ''}  {doubt.place}"
    yield f"      {question.field}: {doubt.problem}{written}{reason}"
    yield f"      {question.changes}"


def write_questions(run: Finished, questions: Sequence[Question], out: Path) -> list[Path]:
    """queries.csv with all questions, and a workbook a centre with its own. Raises WrongInput."""
    check_out(out)
    centres = sorted({each.doubt.centre for each in questions})
    with whole_folder(out) as made:
        _write_table(questions, made / "queries.csv")
        for centre in centres:
            asked = [_asked(each) for each in questions if each.doubt.centre == centre]
            write_queries(run.study, made / f"queries-{centre}.xlsx", centre, asked)
    return [out / "queries.csv", *(out / f"queries-{centre}.xlsx" for centre in centres)]


def _asked(question: Question) -> Asked:
    doubt = question.doubt
    return Asked(
        number=question.number,
        cell=doubt.place,
        old=doubt.written or "",
        patient=doubt.patient,
        visit=question.visit,
        date=str(doubt.date or ""),
        field=question.field,
        problem=f"{doubt.problem}: {doubt.reason}" if doubt.reason else doubt.problem,
        changes=question.changes,
    )


def _write_table(questions: Sequence[Question], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for each in questions:
            doubt = each.doubt
            table.writerow(
                (
                    each.number,
                    doubt.centre,
                    doubt.patient,
                    each.visit,
                    doubt.date or "",
                    doubt.place,
                    each.field,
                    doubt.problem,
                    doubt.written or "",
                    doubt.reason or "",
                    each.changes,
                )
            )
