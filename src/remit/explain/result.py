"""A result, told on the terminal: what it is, how it was counted, who was counted, and why a patient was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import wrap

import polars as pl

from remit.errors import WrongInput
from remit.explain.numbers import Row, printed, result_named, value_text, with_unit
from remit.explain.patient import dated, place, step_lines
from remit.finished import Finished
from remit.report.comparison.told import source_lines
from remit.report.report import build_document
from remit.report.trace_words import Teller
from remit.schema.cohort import EXCLUDED_BY, UNDECIDABLE
from remit.schema.plan import with_post_hoc
from remit.schema.records import PATIENT
from remit.schema.trace import Behind, Trace
from remit.study.evidence.told import told
from remit.trace.trace import build_trace

LISTED = 12  # patients on a terminal, unless all are asked for
WIDTH = 100


@dataclass(frozen=True)
class Explained:
    """A result with its trace."""

    run: Finished
    trace: Trace
    row: Row
    behind: Behind | None


def explain_result(run: Finished, name: str, patient: str | None = None, every: bool = False) -> Iterator[str]:
    """The lines that the terminal shows. every: list all patients. Raises WrongInput."""
    row = result_named(run.results, name)
    trace = build_trace(run.study, run.records, run.cohort, run.results)
    number = trace.of.get(name)
    found = Explained(run, trace, row, None if number is None else trace.behind[number])
    position = None if patient is None else _position(run, trace, patient)
    return _lines(found, position, every)


def _position(run: Finished, trace: Trace, patient: str) -> int:
    if patient in trace.patients:
        return trace.patients.index(patient)
    everybody = run.cohort.patients["patient"].to_list()
    if patient in everybody:
        few = f"the run has {len(everybody):,} patients, and only {len(trace.patients):,} are traced one by one"
        raise WrongInput("--patient", f"{patient} is not among those traced: {few}", "Ask for one who is listed.")
    near = get_close_matches(patient, everybody, n=3)
    remedy = f"Did you mean {' or '.join(near)}?" if near else f"They are called like {everybody[0]}."
    raise WrongInput("--patient", f"the run has no patient '{patient}'", remedy)


def _lines(found: Explained, position: int | None, every: bool) -> Iterator[str]:
    yield from _head(found)
    if found.behind is None:
        yield ""
        yield "No patients are told one by one: it is not a count of them."
        return
    if position is None:
        yield from _patients(found, found.behind, every)
        return
    yield ""
    yield from _membership(found.trace, found.behind, position)
    yield from _reasons(found, found.behind, position)


def _head(found: Explained) -> Iterator[str]:
    study, row = found.run.study, found.row
    said = Teller(study).told(row)
    text = printed(build_document(study, found.run.results, found.run.intake), row["result"])
    yield said.subject
    number = value_text(row) if text is None else with_unit(text, row)
    published = told(row["statistic"], row["note"])
    mark = f" {published[1]}" if published and published[1] else ""
    yield f"  {row['statistic']}: {number}{mark}" + ("  (the report does not print it)" if text is None else "")
    note = with_post_hoc(row["note"], row["planned"])
    parts = (("Definition", said.definition), ("In whom", said.population), ("Not known", said.handling))
    for name, words in (*parts, ("Method", row["method"]), ("Note", note)):
        if words:
            yield from _told(name, words)


def _told(name: str, words: str) -> Iterator[str]:
    first, *rest = wrap(words, WIDTH - 14) or [""]
    yield f"  {name + ':':<12}{first}"
    yield from (f"  {'':<12}{line}" for line in rest)


def _patients(found: Explained, behind: Behind, every: bool) -> Iterator[str]:
    """Who is counted, set by set."""
    trace = found.trace
    for label, number in _sets(behind):
        yield ""
        yield from _set_lines(trace, label, number, every)
    if behind.note:
        yield ""
        yield from _told("Counted", behind.note)
    yield from _source(trace, behind)
    yield from _pooled(trace, behind)
    for each in dict.fromkeys(behind.definitions):
        yield ""
        yield f"  Decided by: {trace.definitions[each].label}"
    if behind.definitions:
        yield ""
        yield f"Why a patient is where he is: remit explain DIR {found.row['result']} --patient ID"


def _source(trace: Trace, behind: Behind) -> Iterator[str]:
    """Where a published number stands, or that with which ours is compared."""
    if behind.source is None:
        return
    yield ""
    yield "  Source"
    for label, text in source_lines(trace.sources[behind.source]):
        yield from _told(label, text)


def _pooled(trace: Trace, behind: Behind) -> Iterator[str]:
    """The published results that a pooled one is made of."""
    if not behind.pooled:
        return
    yield ""
    yield f"  Published results: {len(behind.pooled)}"
    for each in behind.pooled:
        lines = dict(source_lines(trace.sources[each]))
        said = [f"{lines['Study']}, {lines['Of']}.", lines.get("As printed", ""), lines["Citation"]]
        first, *rest = wrap(" ".join(part for part in said if part), WIDTH - 6)
        yield f"    {first}"
        yield from (f"      {line}" for line in rest)


def _sets(behind: Behind) -> list[tuple[str, int]]:
    """The sets that the result has, each by its name."""
    counted = "With such an event" if behind.events else "Numerator"
    numbers = {
        counted: behind.numerator,
        "Denominator": behind.denominator,
        "Not known": behind.missing,
        "Population": behind.population,
    }
    return [(label, number) for label, number in numbers.items() if number is not None]


def _set_lines(trace: Trace, label: str, number: int, every: bool) -> Iterator[str]:
    members = trace.sets[number]
    names = [trace.patients[position] for position in members.positions]
    shown = names if every else names[:LISTED]
    yield f"  {label}: {members.size:,}"
    yield from (f"    {line}" for line in wrap(", ".join(shown), WIDTH - 4))
    untold = members.size - len(names)
    if len(names) > len(shown):
        yield f"    and {len(names) - len(shown)} more: --all"
    if untold:
        yield f"    and {untold:,} who are not traced one by one"


def _membership(trace: Trace, behind: Behind, position: int) -> Iterator[str]:
    """In which sets the patient is, and in which not."""
    inside = [label.lower() for label, number in _sets(behind) if position in trace.sets[number].positions]
    outside = [label.lower() for label, number in _sets(behind) if position not in trace.sets[number].positions]
    said = [f"in: {', '.join(inside)}" if inside else "", f"not in: {', '.join(outside)}" if outside else ""]
    yield f"{trace.patients[position]} ({trace.centres[position]}) is {'; '.join(part for part in said if part)}"


def _reasons(found: Explained, behind: Behind, position: int) -> Iterator[str]:
    trace = found.trace
    steps = [trace.definitions[each].step for each in behind.definitions]
    if behind.population is not None and position not in trace.sets[behind.population].positions:
        label, criterion = _excluded(found, position)
        yield from [f"  Not eligible: {label}"] if label else []
        steps = [*criterion, *steps]
    yield from (f"  {line}" for line in step_lines(trace, steps, position))
    rows: Sequence[int] = (behind.rows or {}).get(position, ())
    if rows:
        yield ""
        yield "  Counted rows:"
        yield from (f"    {place(trace, row)}{dated(trace, row)}" for row in rows)


def _excluded(found: Explained, position: int) -> tuple[str | None, list[int]]:
    """Of a patient who is not eligible, the criterion at which he falls, and its steps."""
    trace, patients = found.trace, found.run.cohort.patients
    (name,) = patients.filter(pl.col(PATIENT) == trace.patients[position])[EXCLUDED_BY]
    labels = {criterion.name: criterion.label for criterion in found.run.study.criteria}
    number = trace.of.get(f"flow.excluded.{name}.n")
    definitions = () if number is None else trace.behind[number].definitions
    label = "it cannot be decided" if name == UNDECIDABLE else labels.get(name)
    return label, [trace.definitions[each].step for each in definitions]
