"""Tables of an indirect comparison: what is found by each method, and how alike the patients were before and after."""

from __future__ import annotations

from remit.report.addresses import size
from remit.report.arms import population_notes
from remit.report.document import Cell, Column, Row, Table, Words, words
from remit.report.guards import cautions_at
from remit.report.indirect.found import NAMES, Found, described, described_there, printed, with_ends
from remit.report.lookup import Result, Statistics
from remit.report.numbers import DASH, NONE, SPACE, count, decimal, not_given, note, percent
from remit.report.proportions import ends, proportion, share_of
from remit.report.wording import capital, small, with_unit
from remit.study.comparisons.indirect_model import Method

_NOTE = (
    "Difference: ours less theirs, in percentage points. MAIC, matching-adjusted indirect comparison; STC, simulated "
    "treatment comparison; CI, confidence interval."
)
_MARK = ("[K], [K-]: from knowledge, not read in the source for this purpose.",)
_CI = f"95{SPACE}% CI"


def results_table(found: Found) -> Table:
    """Theirs, ours as they are, and ours by each method."""
    analysis, study = found.analysis, found.study
    title = f"{capital(found.label)} at {found.at_visit} against {found.arm}, "
    label = small(study.populations[found.population].label)
    columns = (("Reached",), (_CI,), (f"Difference ({_CI})",), (f"Odds ratio ({_CI})",))
    cautions = [caution for at in found.addresses for caution in cautions_at(found.lookup, at)]
    return Table(
        name=f"{analysis.name}-{found.population}",
        title=words(title, f"{label} ", size(study, found.lookup, found.population)),
        stub="Patients",
        columns=tuple(Column(column) for column in columns),
        rows=(
            _theirs(found),
            _as_they_are(found),
            *(row for method in analysis.methods for row in _by(found, method)),
        ),
        notes=(
            *cautions,
            *_why(found),
            *population_notes(analysis, found.population, found.lookup),
            (_NOTE,),
            *((_MARK,) if found.unsure else ()),
        ),
    )


def _theirs(found: Found) -> Row:
    blank = Cell(((NONE,),), muted=True)
    return Row((f"{found.arm}, as published",), (Cell((printed(found),)), blank, blank, blank))


def _as_they_are(found: Found) -> Row:
    its = found.as_they_are
    share = proportion(its)
    if not share.known:
        return Row(("Ours, as they are",), (Cell((share_of(share),), muted=True), *(Cell() for _ in range(3))))
    cells = (Cell((share_of(share),)), Cell((ends(share),)), *_against(its))
    return Row(("Ours, as they are",), cells)


def _by(found: Found, method: Method) -> list[Row]:
    label, its = NAMES[method], found.by(method)
    if its["percent"].value is None:
        blank = [Cell(((NONE,),), muted=True) for _ in range(3)]
        return [Row((label,), (Cell((("not made",),), (not_given(its["percent"]),), muted=True), *blank))]
    share = Cell((words(percent(its["percent"]), f"{SPACE}%"),))
    row = Row((label,), (share, Cell((_between(its["lower"], its["upper"]),)), *_against(its)))
    return [row, *([_bootstrapped(found, its)] if "bootstrap_lower" in its else [])]


def _between(low: Result, high: Result) -> Words:
    return words(percent(low), DASH, percent(high))


def _against(its: Statistics) -> tuple[Cell, Cell]:
    apart, ratio = Cell((with_ends(its, "difference", 1),)), its["odds_ratio"]
    if ratio.value is None:
        return apart, Cell(((NONE,),), (not_given(ratio),), muted=True)
    return apart, Cell((with_ends(its, "odds_ratio", 2),))


def _bootstrapped(found: Found, its: Statistics) -> Row:
    low, high, lost = (its[name] for name in ("bootstrap_lower", "bootstrap_upper", "bootstrap_lost"))
    label, blank = f"Drawn anew {found.analysis.bootstrap} times (bootstrap)", Cell(((NONE,),), muted=True)
    if low.value is None:
        return Row((label,), (blank, Cell((("not made",),), (not_given(low),), muted=True), blank, blank), level=1)
    without = (words("Draws without overlap, which are left out: ", decimal(lost, 0), "."),) if lost.value else ()
    return Row((label,), (blank, Cell((_between(low, high),), without), blank, blank), level=1)


def _why(found: Found) -> list[Words]:
    """What the differences say of themselves: that theirs is taken as a fixed number, or was imputed in part."""
    notes: dict[str, Words] = {}
    for its in (found.as_they_are, *(found.by(method) for method in found.analysis.methods)):
        result = its.get("difference")
        if result is not None and result.value is not None and result.note:
            notes.setdefault(result.note, note(result))
    return list(notes.values())


# Balance


def balance_table(found: Found) -> Table:
    """A row a covariate: theirs, ours before, ours after."""
    weighted = found.weights
    columns = [Column(("Theirs",)), Column(("Ours, as they are",))]
    if weighted is not None:
        columns.append(Column(("Ours, weighted",)))
    rows = []
    for match in found.analysis.matches:
        label = capital(with_unit(small(match.variable.label), match.variable.unit))
        after = found.after(match)
        cells = [Cell((described_there(found, match),)), _before(found.before(match))]
        cells += [Cell((described(after),))] if after is not None else []
        rows.append(Row((label,), tuple(cells)))
    notes: list[Words] = []
    if weighted is not None:
        rows += _of_weights(weighted, found)
        notes.append(_WEIGHTS)
    return Table(
        name=f"{found.analysis.name}-{found.population}-balance",
        title=words(f"How alike the patients are: ours and {found.arm}"),
        stub="Characteristic",
        columns=tuple(columns),
        rows=tuple(rows),
        notes=(*notes, *((_MARK,) if found.unsure else ())),
    )


_WEIGHTS: Words = ("Effective patients: how many of equal weight would be as precise. A weight of 1 is an equal one.",)


def _before(its: Statistics) -> Cell:
    if "n" in its:
        return Cell((words(share_of_level(its)),))
    if its["mean"].value is None:
        return Cell(((NONE,),), (not_given(its["mean"]),), muted=True)
    return Cell((described(its),))


def share_of_level(its: Statistics) -> Words:
    """21/64 (32.8 %)"""
    if its["percent"].value is None:
        return words(count(its["n"]), "/", count(its["n"], "denominator"))
    return words(count(its["n"]), "/", count(its["n"], "denominator"), " (", percent(its["percent"]), f"{SPACE}%)")


def _of_weights(its: Statistics, found: Found) -> list[Row]:
    blank = Cell(((NONE,),), muted=True)
    patients = found.as_they_are["n"]

    def row(label: str, now: Words | None, weighted: Words) -> Row:
        return Row((label,), (blank, Cell((now,)) if now else blank, Cell((weighted,))))

    effective = words(decimal(its["effective"], 1), " (", percent(its["effective_percent"]), f"{SPACE}%)")
    middle = words(decimal(its["median"], 2), " (", decimal(its["min"], 2), DASH, decimal(its["max"], 2), ")")
    return [
        row("Effective patients", words(count(patients, "denominator")), effective),
        row("Weight: median (least–greatest)", None, middle),
        row("Weight on the heaviest patient", None, words(percent(its["heaviest_percent"]), f"{SPACE}%")),
        row("Weight on the heaviest tenth", None, words(percent(its["heaviest_tenth_percent"]), f"{SPACE}%")),
    ]
