"""The first questions of a run as the report shows them."""

from __future__ import annotations

from remit.errors import WrongInput
from remit.finished import Finished
from remit.queries.listed import Question, questions_of
from remit.schema.to_fix import Fix, ToFix

SHOWN = 25


def to_fix(run: Finished) -> ToFix:
    try:
        questions = questions_of(run)
    except WrongInput as wrong:
        return ToFix((), 0, refused=wrong.what)
    return ToFix(tuple(map(_fix, questions[:SHOWN])), len(questions))


def _fix(question: Question) -> Fix:
    doubt, effect = question.doubt, question.effect
    written = f" (written “{doubt.written}”)" if doubt.written else ""
    reason = f": {doubt.reason}" if doubt.reason else ""
    return Fix(
        centre=doubt.centre,
        place=doubt.place,
        patient=doubt.patient,
        visit=question.visit,
        field=question.field,
        problem=f"{doubt.problem}{written}{reason}",
        changes=question.changes,
        conclusion=effect.rank == "conclusion",
        primary=effect.primary,
    )
