"""A proportion against a benchmark: a sentence and a table of the exact test and of the probability of exceeding it."""

from __future__ import annotations

from remit.report.addresses import size
from remit.report.arms import Group, population_notes
from remit.report.document import Block, Cell, Column, Paragraph, Row, Table, Words, words
from remit.report.lookup import Statistics
from remit.report.numbers import NONE, SPACE, not_given, p_number, p_words, percent
from remit.report.outcome import Outcome
from remit.report.proportions import proportion, share_of
from remit.report.wording import capital, small
from remit.schema.results import BEST, CARRIED_FORWARD, DECIDED, NON_RESPONSE, WORST, handled
from remit.study.written import Missing

TESTS = "p, of the two-sided exact binomial test; probability of more, after Jeffreys’ prior, beta(0.5, 0.5)."
# Those whose proportion is a count of patients; the exact test of completed cohorts would be of none.
_WAYS: dict[Missing, dict[str, str]] = {
    "decided": {DECIDED: "Decided"},
    "non-response": {NON_RESPONSE: "Non-response"},
    "last observed": {CARRIED_FORWARD: "Last observed"},
    "bounds": {WORST: "Worst case", BEST: "Best case"},
}


def benchmark_blocks(outcome: Outcome) -> list[Block]:
    """None without a benchmark, or a handling under which patients are counted."""
    said = benchmark_sentences(outcome)
    return [*said, _table(outcome)] if said else []


def benchmark_sentences(outcome: Outcome) -> list[Paragraph]:
    """None without a benchmark, or a handling under which patients are counted."""
    counted = any(missing in _WAYS for missing in outcome.analysis.missing)
    return [_sentence(outcome)] if counted and outcome.analysis.benchmark is not None else []


def _sentence(outcome: Outcome) -> Paragraph:
    """p and the probability under each estimand, under non-response or else what is asked first."""
    asked = [missing for missing in outcome.analysis.missing if missing in _WAYS]
    ways = _WAYS["non-response" if "non-response" in asked else asked[0]]
    way, label = next(iter(ways.items()))
    say = outcome.say
    found = [_under(outcome, estimand, way) for estimand in outcome.analysis.estimands]
    said = say(
        "Exact binomial test{together} against {benchmark}, with the handling “{handling}”: {tests}.",
        together=say.text(" of all arms together") if outcome.analysis.arms else "",
        benchmark=_benchmark(outcome),
        handling=say.text(label.lower()),
        tests=say.listed(found, comma="; "),
    )
    return Paragraph(said)


def _under(outcome: Outcome, estimand: str, way: str) -> Words:
    say, found = outcome.say, _found(outcome, estimand, way, outcome.groups[-1])
    label = say.label(outcome.study.estimands[estimand].label)
    if found["benchmark_p"].value is None:
        return say("not made under the estimand “{estimand}”, for nobody is in the denominator", estimand=label)
    return say(
        "{p} under the estimand “{estimand}” (probability of more {probability}~%)",
        p=p_words(found["benchmark_p"]),
        estimand=label,
        probability=percent(found["benchmark_probability"]),
    )


def _table(outcome: Outcome) -> Table:
    """A row an estimand and handling; by arm a column a group of patients, each cell with the three numbers."""
    analysis, study = outcome.analysis, outcome.study
    label = small(study.populations[outcome.population].label)
    title = f"{capital(outcome.label)} at {outcome.at_visit} against {_benchmark(outcome)}, {label} "
    heads: list[Words] = [group.head for group in outcome.groups]
    if not analysis.arms:
        heads = [("n/N (%)",), ("p",), (f"Probability of more than {_benchmark(outcome)}",)]
    rows = [row for estimand in analysis.estimands for row in _rows(outcome, estimand)]
    note = f"Each cell: n/N (percentage); {TESTS}" if analysis.arms else TESTS
    return Table(
        name=f"{analysis.name}-{outcome.population}-benchmark",
        title=words(title, size(study, outcome.lookup, outcome.population)),
        stub="Estimand and handling",
        columns=tuple(Column(head) for head in heads),
        rows=tuple(rows),
        notes=((note,), *population_notes(analysis, outcome.population, outcome.lookup)),
    )


def _rows(outcome: Outcome, estimand: str) -> list[Row]:
    ways = {way: label for missing in outcome.analysis.missing for way, label in _WAYS.get(missing, {}).items()}
    found = [Row((capital(outcome.study.estimands[estimand].label),), heading=True)]
    for way, label in ways.items():
        cells = [_cells(_found(outcome, estimand, way, group)) for group in outcome.groups]
        if outcome.analysis.arms:
            cells = [[_together(three)] for three in cells]
        found.append(Row((label,), tuple(cell for group in cells for cell in group), level=1))
    return found


def _cells(found: Statistics) -> list[Cell]:
    """5/8 (62.5 %) | 0.073 | 96.9 %"""
    p, likely = found["benchmark_p"], found["benchmark_probability"]
    if p.value is None:
        return [Cell((("nobody",),), (not_given(p),), muted=True), *(Cell(((NONE,),), muted=True) for _ in range(2))]
    shares = Cell((share_of(proportion(found)),))
    return [shares, Cell((words(p_number(p)),)), Cell((words(percent(likely), f"{SPACE}%"),))]


def _together(three: list[Cell]) -> Cell:
    """5/8 (62.5 %) / p 0.073 / probability 96.9 %"""
    share, p, likely = three
    if share.muted:
        return share
    return Cell((*share.lines, words("p ", p.lines[0]), words("probability ", likely.lines[0])))


def _found(outcome: Outcome, estimand: str, way: str, group: Group) -> Statistics:
    return outcome.lookup.at(outcome.address(handled(estimand, way), group))


def _benchmark(outcome: Outcome) -> str:
    return f"{float(100 * (outcome.analysis.benchmark or 0)):g}{SPACE}%"
