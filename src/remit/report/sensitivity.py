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
from remit.report.language import Language
from remit.report.lookup import Statistics
from remit.report.numbers import SPACE, count, decimal, note, percent
from remit.report.outcome import Outcome
from remit.report.proportions import Proportion, fraction, in_percent, spelled, unknown
from remit.report.wording import among, capital, small
from remit.schema.results import BEST, CARRIED_FORWARD, DECIDED, NON_RESPONSE, WORST, handled
from remit.study.analyses.kinds import Sensitivity
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
    say = outcome.say
    together = say.text(" of all arms together") if outcome.analysis.arms else ""
    ranges = [_range(outcome, estimand) for estimand in outcome.analysis.estimands]
    seen = say(
        "At {visit}, {population}{together}, {endpoint} was seen {ranges}.",
        visit=outcome.at_visit,
        population=among(outcome.study.populations[outcome.population], say),
        together=together,
        endpoint=outcome.label,
        ranges=say.listed(ranges, comma="; "),
    )
    said = [Paragraph(seen)]
    if outcome.analysis.benchmark is not None:
        turns = [_turn(outcome, estimand) for estimand in outcome.analysis.estimands]
        interval = say("The interval{together} is {turns}.", together=together, turns=say.listed(turns, comma="; "))
        said.append(Paragraph(interval))
    return [*said, *imputed_sentences(outcome)]


def _under(outcome: Outcome, estimand: str) -> str:
    label = outcome.say.label(outcome.study.estimands[estimand].label)
    return outcome.say.text("under the estimand “{estimand}”", estimand=label)


def _range(outcome: Outcome, estimand: str) -> Words:
    """in at least 5 of 8 (62.5 %) and at most 6 (75.0 %) under the estimand “composite”, for in 1 it is not known"""
    found = outcome.completions(estimand, outcome.groups[-1])
    worst, best = found[0], found[max(found)]
    say, under = outcome.say, _under(outcome, estimand)
    if not worst.known:
        nobody = say("in nobody {under}, for which nobody is in the denominator", under=under)
        return words(nobody, _left_out(worst, say))
    n, percentage = spelled(worst, say), in_percent(worst)
    if not worst.unknown:
        all_known = say("in {n} ({percent}) {under}, known in all", n=n, percent=percentage, under=under)
        return words(all_known, _left_out(worst, say))
    said = say(
        "in at least {n} ({percent}) and at most {most} ({most_percent}) {under}, for in {unknown} it is not known",
        n=n,
        percent=percentage,
        most=count(best.n),
        most_percent=in_percent(best),
        under=under,
        unknown=unknown(worst),
    )
    return words(said, _left_out(worst, say))


def _left_out(share: Proportion, say: Language) -> Words:
    """Of a principal stratum: who may belong to it, and is in no number."""
    return say(", and {note}", note=note(share.n, say)) if share.n.note else ()


def _turn(outcome: Outcome, estimand: str) -> Words:
    """Whether the conclusion, that the proportion lies above the benchmark, hangs on the unknown."""
    turn = outcome.turning_point(estimand, outcome.groups[-1])
    say, under = outcome.say, _under(outcome, estimand)
    if not outcome.completions(estimand, outcome.groups[-1])[0].known:
        return say("not given, {under}, for {note}", under=under, note=note(turn, say))
    if turn.note:
        return say("{note}, {under}", note=note(turn, say), under=under)
    benchmark, n = f"{float(100 * (outcome.analysis.benchmark or 0)):g}", count(turn, "denominator")
    if turn.denominator == 1:
        only = say("above {benchmark}~% only if the {n} unknown patient reached it", benchmark=benchmark, n=n)
    elif turn.value == turn.denominator:
        only = say("above {benchmark}~% only if all {n} unknown reached it", benchmark=benchmark, n=n)
    else:
        only = say(
            "above {benchmark}~% if at least {least} of the {n} unknown reached it",
            benchmark=benchmark,
            least=count(turn),
            n=n,
        )
    return words(only, ", ", under)


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
