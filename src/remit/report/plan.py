"""What the report says of the locked plan, and of what made it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from remit.output import TIME_KEY
from remit.report.document import (
    Block,
    Definition,
    Definitions,
    Document,
    Fact,
    Fold,
    Listing,
    Paragraph,
    Section,
    Words,
)
from remit.report.wording import capital, listed_text, sentence
from remit.schema.plan import Difference, PlanNote, day, said_of_plan
from remit.schema.run_folder import RunNote
from remit.study.study import Study

_NONE = (
    "No plan was locked before the results were known, so that this report cannot say which of its analyses were "
    "planned."
)
_COMPARED = (
    "Definitions are compared by their meaning: another label, comment or name is no difference. What is not in the "
    "plan is marked post hoc wherever it appears."
)


def with_run(document: Document, study: Study, note: RunNote) -> Document:
    """The report with what the run says of itself: in the head, in the methods and at the end."""
    given = {"Registration": study.identity.registration, "Plan": capital(said_of_plan(note.plan))}
    facts = tuple(Fact(label, (text,)) for label, text in given.items() if text)
    sections = tuple(_with_plan(section, note.plan) for section in document.sections)
    made = made_section(study, note)
    return replace(document, facts=(*document.facts, *facts), sections=(*sections, made))


def _with_plan(section: Section, plan: PlanNote | None) -> Section:
    if section.name != "methods":
        return section
    return replace(section, sections=(*section.sections, plan_section(plan)))


def plan_section(plan: PlanNote | None) -> Section:
    """For the methods."""
    return Section("methods-plan", "Plan", tuple(_plan(plan)))


def _plan(plan: PlanNote | None) -> list[Block]:
    if plan is None:
        return [Paragraph((_NONE,))]
    registered = f", registered as {plan.registration}" if plan.registration else ""
    signed = f"; {plan.signature}" if plan.signature else ""
    on = plan.on.replace("the plan locked", "The plan was locked")
    said = f"{on}{registered}, with remit {plan.remit} (SHA-256 of the lock {plan.digest[:16]}{signed})."
    blocks: list[Block] = [Paragraph((said,))]
    for each in plan.amendments:
        because = f": {each.because.strip().rstrip('.')}" if each.because else ""
        blocks.append(Paragraph((f"Amendment {each.number}, of {day(each.locked)}{because}. It changed:",)))
        blocks.append(_differences(each.differences))
    if not plan.differences:
        return [*blocks, Paragraph(("This run follows the plan.",))]
    return [*blocks, Paragraph(("This run differs from the plan. " + _COMPARED,)), _differences(plan.differences)]


def _differences(found: tuple[Difference, ...]) -> Block:
    if not found:
        return Paragraph(("Nothing by its meaning.",))
    items = tuple(Definition(capital(each.said), _before_and_after(each)) for each in found)
    return Definitions(items)


def _before_and_after(each: Difference) -> tuple[Words, ...]:
    if each.planned == each.now:
        return ((sentence(each.now or ""),), ("What this rests on is changed.",))
    planned = [(f"Planned: {each.planned}",)] if each.planned is not None else []
    return (*planned, *([(f"Now: {each.now}",)] if each.now is not None else []))


# The end of the report

OF_CHARTS = "charts: "  # before the name of a file of charts
FILES = 50  # of charts, in the report


def made_section(study: Study, note: RunNote) -> Section:
    """What made the run: versions, the digests of all that was read, the seed, the command that makes it again."""
    libraries = listed_text([f"{name} {number}" for name, number in note.libraries.items()])
    seed = [f"Random numbers of the imputation begin at the seed {study.imputation.seed}."] if study.imputation else []
    seconds = int(datetime.fromisoformat(note.made).timestamp())
    said = [f"Made on {day(note.made)} by remit {note.remit}, with Python {note.python} and {libraries}.", *seed]
    again = "In the folder of the study file, this makes the run again, with the same files and versions to the byte:"
    items = [
        Definition("Software", ((" ".join(said),),)),
        Definition("Command", ((again,), (f"{TIME_KEY}={seconds} {note.command}",))),
        Definition("Plan", ((f"{capital(said_of_plan(note.plan))}.",),)),
    ]
    files = {**note.study, **{f"{OF_CHARTS}{name}": digest for name, digest in [*note.inputs.items()][:FILES]}}
    more = len(note.inputs) - FILES
    told = ((f"{more} more files of charts are named in run.json.",),) if more > 0 else ()
    listing = Listing(tuple((f"{name}: {digest}",) for name, digest in files.items()))
    blocks: list[Block] = [Definitions(tuple(items))]
    blocks.append(Fold("SHA-256 of each file that was read", (listing, *(Paragraph(line) for line in told))))
    return Section("made", "How this report was made", tuple(blocks))
