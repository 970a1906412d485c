"""The pooled estimates, of all and of parts, and each study with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from remit.report.document import Block, Cell, Column, Fold, Row, Table, Words, words
from remit.report.lookup import Statistics
from remit.report.numbers import DASH, NONE, SPACE, count, decimal, percent, why_not
from remit.report.pooling.found import THIS_STUDY, Found, ends, is_given, label_of
from remit.report.proportions import ends as share_ends
from remit.report.proportions import fraction, in_percent, proportion
from remit.schema.results import COMMON, OURS, SURE_NUMBERS, WEIGHTS, WITHOUT_OURS, WITHOUT_STUDY

_TOTAL = (
    "The numbers of patients are added up for the reader; the pooled percentage is not their ratio: each study counts "
    "by its weight.",
)


def pooled_table(found: Found) -> Table:
    pooling = found.pooling
    ours = " with this study" if pooling.joins else ""
    rows = _both(found, f"All studies{ours}", None)
    if pooling.joins:
        rows += _both(found, "Without this study", WITHOUT_OURS)
    if found.has(SURE_NUMBERS):
        rows.append(_row("Without numbers below K+", found.pooled(SURE_NUMBERS)))
    if pooling.leave_one_out:
        names = {each.name: each.label for each in pooling.studies}
        names |= {OURS: THIS_STUDY} if pooling.joins and found.ours is not None else {}
        rows.append(Row(("Each study left out",), heading=True))
        rows += [_row(f"Without {label}", found.pooled(WITHOUT_STUDY, name), level=1) for name, label in names.items()]
    columns = (
        Column(("Studies",)),
        Column(("n/N",)),
        Column(("%",), detail=(f"95{SPACE}% CI",)),
        Column((f"95{SPACE}% prediction interval",)),
        Column(("I², %",), detail=(f"95{SPACE}% CI",)),
        Column(("tau²",)),
    )
    return Table(
        name=pooling.name,
        title=words(f"{pooling.title}: pooled estimates"),
        stub="",
        columns=columns,
        rows=tuple(rows),
        notes=(_TOTAL,),
        cards=True,
    )


def _both(found: Found, label: str, group: str | None) -> list[Row]:
    return [
        _row(f"{label}, effects that differ (random)", found.pooled(group)),
        _row(f"{label}, one effect (common)", found.pooled(group, effects=COMMON)),
    ]


def _row(label: str, found: Statistics, level: int = 0) -> Row:
    result = found["percent"]
    studies = words(count(found["studies"]))
    counted = words(count(result, "numerator"), "/", count(result, "denominator"))
    if not is_given(found):
        nothing = Cell(((NONE,),), muted=True)
        return Row(
            (label,),
            (Cell((studies,)), Cell((counted,)), Cell(((NONE,),), why_not(result), muted=True), *[nothing] * 3),
            level,
        )
    estimate = Cell(((percent(result),), ends(found["lower"], found["upper"], DASH)))
    return Row((label,), (Cell((studies,)), Cell((counted,)), estimate, *_between(found)), level)


def _between(found: Statistics) -> Sequence[Cell]:
    """The prediction interval, I² and tau²: none of one effect."""
    if "tau2" not in found:
        return [Cell(((NONE,),), muted=True)] * 3
    low, high = found["prediction_lower"], found["prediction_upper"]
    predicted = Cell((ends(low, high, DASH),)) if low.value is not None else Cell(((NONE,),), why_not(low), muted=True)
    i2_ends = words(decimal(found["i2_lower"], 0), DASH, decimal(found["i2_upper"], 0))
    return [predicted, Cell(((decimal(found["i2"], 0),), i2_ends)), Cell(((decimal(found["tau2"], 2),),))]


def studies_fold(found: Found) -> Block:
    """Each study with its numbers, its weight and where they are from."""
    pooling = found.pooling
    rows = []
    for each in pooling.studies:
        share = proportion(found.alone(each))
        marks = "".join(dict.fromkeys(number.mark for number in each.unsure(pooling.measure)))
        rows.append(
            _study(
                label_of(each),
                words(fraction(share), marks),
                words(in_percent(share)),
                share_ends(share),
                _weight(found, each.name),
                each.evidence.citation.text,
            )
        )
    if found.ours is not None:
        weight = _weight(found, OURS) if pooling.joins else ()
        rows.append(
            _study(THIS_STUDY, fraction(found.ours), in_percent(found.ours), share_ends(found.ours), weight, "")
        )
    for out in pooling.left_out:
        why = why_not(found.alone(out.published)["percent"])
        cells = (
            Cell(((NONE,),), why, muted=True),
            Cell(muted=True),
            Cell(muted=True),
            _cited(out.published.evidence.citation.text),
        )
        rows.append(Row((f"{label_of(out.published)}, left out",), cells))
    columns = tuple(Column((head,)) for head in ("n/N", f"% (Wilson 95{SPACE}% CI)", "Weight", "Source"))
    table = Table(
        f"{pooling.name}-studies", (f"{pooling.title}: the studies",), "Study", columns, tuple(rows), prose=True
    )
    return Fold("The studies", (table,))


def _study(label: str, counted: Words, share: Words, interval: Words, weight: Words, source: str) -> Row:
    return Row((label,), (Cell((counted,)), Cell((share, interval)), Cell((weight,)), _cited(source)))


def _cited(source: str) -> Cell:
    return Cell(((source,),), wraps=True)


def _weight(found: Found, name: str) -> Words:
    weight = found.lookup.one(found.pooling.pooled(WEIGHTS, name, "inverse variance"), "weight")
    return words(decimal(weight, 1), f"{SPACE}%")
