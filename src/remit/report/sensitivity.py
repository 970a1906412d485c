"""What the handling of intercurrent events and of missing assessments changes: a sentence, a table, a figure."""

from __future__ import annotations

from dataclasses import replace

from remit.report.addresses import size
from remit.report.arms import (
    Contrast,
    Group,
    arm_columns,
    contrasts_of,
    difference_cell,
    difference_columns,
    population_notes,
)
from remit.report.document import Cell, Column, Paragraph, Row, Table, Words, words
from remit.report.effectiveness import left_out_notes, share_cell, strata_in_words, strategies_in_words
from remit.report.imputation import imputed_cell, imputed_sentences
from remit.report.lookup import Statistics
from remit.report.numbers import SPACE, count, decimal, note, percent
from remit.report.outcome import Outcome
from remit.report.proportions import Proportion, fraction, in_percent, spelled, unknown
from remit.report.wording import among, capital, listed, quoted, small
from remit.schema.results import BEST, CARRIED_FORWARD, DECIDED, NON_RESPONSE, WORST, handled
from remit.study.study import Sensitivity
from remit.study.written import IMPUTED, Missing

_HEADS: dict[Missing, Column] = {
    "decided": Column(("Decided",), ("Patients with a known outcome",)),
    "non-response": Column(("Non-response",), ("All patients",), ("not known counts as “no”",)),
    "last observed": Column(
        ("Last observed",), ("Patients with a known outcome",), ("the last known, carried forward",)
    ),
    "bounds": Column(("Worst and best case",), ("All patients",), ("not known counts as “no”, as “yes”",)),
    "imputation": Column(("Imputation",), ("All patients",), ("not known is imputed from what is known",)),
    "hybrid": Column(("Hybrid",), ("All patients",), ("not known after an event counts as “no”, else imputed",)),
}


# Sentences


def sensitivity_sentences(outcome: Outcome) -> list[Paragraph]:
    """Between which percentages the truth lies, and whether the unknown could turn the conclusion."""
    together = " of all arms together" if outcome.analysis.arms else ""
    population = among(outcome.study.populations[outcome.population])
    where = f"At {outcome.at_visit}, {population}{together}, {outcome.label} was seen "
    ranges = [_range(outcome, estimand) for estimand in outcome.analysis.estimands]
    said = [Paragraph(words(where, listed(ranges, comma="; "), "."))]
    if outcome.analysis.benchmark is not None:
        turns = [_turn(outcome, estimand) for estimand in outcome.analysis.estimands]
        said.append(Paragraph(words(f"The interval{together} is ", listed(turns, comma="; "), ".")))
    return [*said, *imputed_sentences(outcome)]


def _range(outcome: Outcome, estimand: str) -> Words:
    """in at least 5 of 8 (62.5 %) and at most 6 (75.0 %) under the estimand “composite”, for in 1 it is not known"""
    found = outcome.completions(estimand, outcome.groups[-1])
    worst, best = found[0], found[max(found)]
    under = f" under the estimand {quoted(outcome.study.estimands[estimand].label)}"
    if not worst.known:
        return words("in nobody", under, ", for which nobody is in the denominator", _left_out(worst))
    if not worst.unknown:
        return words("in ", spelled(worst), " (", in_percent(worst), ")", under, ", known in all", _left_out(worst))
    least = words("in at least ", spelled(worst), " (", in_percent(worst), ")")
    most = words(" and at most ", count(best.n), " (", in_percent(best), ")")
    return words(least, most, under, ", for in ", unknown(worst), " it is not known", _left_out(worst))


def _left_out(share: Proportion) -> Words:
    """Of a principal stratum: who may belong to it, and is in no number."""
    return words(", and ", note(share.n)) if share.n.note else ()


def _turn(outcome: Outcome, estimand: str) -> Words:
    """Whether the conclusion, that the proportion lies above the benchmark, hangs on the unknown."""
    turn = outcome.turning_point(estimand, outcome.groups[-1])
    under = f", under the estimand {quoted(outcome.study.estimands[estimand].label)}"
    if not outcome.completions(estimand, outcome.groups[-1])[0].known:
        return words("not given", under, ", for ", note(turn))
    if turn.note:
        return words(note(turn), under)
    above = f"above {float(100 * (outcome.analysis.benchmark or 0)):g}{SPACE}%"
    unknown = count(turn, "denominator")
    if turn.denominator == 1:
        return words(above, " only if the ", unknown, " unknown patient reached it", under)
    if turn.value == turn.denominator:
        return words(above, " only if all ", unknown, " unknown reached it", under)
    return words(above, " if at least ", count(turn), " of the ", unknown, " unknown reached it", under)


# Tables


def sensitivity_table(outcome: Outcome) -> Table:
    """A row an estimand and a column a handling; by arm a row each, and the arms as columns."""
    analysis, study = outcome.analysis, outcome.study
    if analysis.arms:
        groups, contrasts = outcome.groups, contrasts_of(analysis)
        columns = (*arm_columns(groups, contrasts), *difference_columns(contrasts))
        rows = [row for estimand in analysis.estimands for row in _rows_by_arm(outcome, estimand)]
    else:
        columns = tuple(_HEADS[missing] for missing in analysis.missing)
        rows = [_row(outcome, estimand) for estimand in analysis.estimands]
    label = small(study.populations[outcome.population].label)
    title = f"{analysis.title}: {outcome.label} at {outcome.at_visit}, {label} "
    return Table(
        name=f"{analysis.name}-{outcome.population}",
        title=words(title, size(study, outcome.lookup, outcome.population)),
        stub="Estimand",
        columns=columns,
        rows=tuple(rows),
        notes=_table_notes(outcome),
        cards=True,
    )


def _cells_note(analysis: Sensitivity) -> Words:
    points = " Differences are in percentage points." if contrasts_of(analysis) else ""
    both = " Of worst and best case the interval goes from the lower end of the one to the upper end of the other."
    bounds = both if "bounds" in analysis.missing else ""
    return (f"Each cell: n/N (percentage); 95{SPACE}% CI; how many are not known.{bounds}{points}",)


def _table_notes(outcome: Outcome) -> tuple[Words, ...]:
    others = population_notes(outcome.analysis, outcome.population, outcome.lookup)
    return (_cells_note(outcome.analysis), *_strata_note(outcome), *others)


def _strata_note(outcome: Outcome) -> tuple[Words, ...]:
    strata = strata_in_words(outcome.study.estimands[estimand] for estimand in outcome.analysis.estimands)
    return ((f"“All patients” are those of the population{strata}.",),) if strata else ()


def _row(outcome: Outcome, estimand: str) -> Row:
    group = outcome.groups[-1]
    cells = tuple(_cell(outcome, estimand, missing, group) for missing in outcome.analysis.missing)
    return Row((_label(outcome, estimand),), cells, detail=(strategies_in_words(outcome.study, estimand),))


def _rows_by_arm(outcome: Outcome, estimand: str) -> list[Row]:
    detail: Words = (f", {strategies_in_words(outcome.study, estimand)}",)
    found = [Row(words(_label(outcome, estimand), detail), heading=True)]
    contrasts = contrasts_of(outcome.analysis)
    for missing in outcome.analysis.missing:
        cells = [_cell(outcome, estimand, missing, group) for group in outcome.groups]
        cells += [_contrast_cell(outcome, estimand, missing, each) for each in contrasts]
        found.append(Row(_HEADS[missing].title, tuple(cells), level=1, detail=_HEADS[missing].detail))
    return found


def _contrast_cell(outcome: Outcome, estimand: str, missing: Missing, contrast: Contrast) -> Cell:
    def found(name: str) -> Statistics:
        return outcome.lookup.at(contrast.at(outcome.address(handled(estimand, name), outcome.groups[-1])))

    if missing != "bounds":
        return difference_cell(found(missing), 1)
    worst, best = found(WORST), found(BEST)
    if worst["difference"].value is None:
        return difference_cell(worst, 1)
    shares = words(decimal(worst["difference"], 1), " to ", decimal(best["difference"], 1))
    return Cell((shares, words("(", decimal(worst["lower"], 1), " to ", decimal(best["upper"], 1), ")")))


def _label(outcome: Outcome, estimand: str) -> str:
    return capital(outcome.study.estimands[estimand].label)


def _cell(outcome: Outcome, estimand: str, missing: Missing, group: Group) -> Cell:
    if missing in IMPUTED:
        return imputed_cell(outcome, estimand, missing, group)
    if missing == "bounds":
        worst, best = (outcome.share(estimand, name, group) for name in (WORST, BEST))
        return _bounds(worst, best)
    names = {"decided": DECIDED, "non-response": NON_RESPONSE, "last observed": CARRIED_FORWARD}
    share = outcome.share(estimand, names[missing], group)
    if not share.known:
        return Cell((("nobody",),), left_out_notes(share), muted=True)
    return replace(share_cell(share), notes=left_out_notes(share))


def _bounds(worst: Proportion, best: Proportion) -> Cell:
    """5/8 to 6/8 / 62.5 to 75.0 % / from the lower end of the one to the upper end of the other."""
    if not worst.known:
        return Cell((("nobody",),), left_out_notes(worst), muted=True)
    shares = words(percent(worst.percent), " to ", percent(best.percent), f"{SPACE}%")
    ends_of_both = words(percent(worst.lower), " to ", percent(best.upper))
    return Cell((words(fraction(worst), " to ", fraction(best)), shares, ends_of_both), left_out_notes(worst))
