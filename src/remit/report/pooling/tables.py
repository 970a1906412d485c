"""The pooled estimates: of all, of parts, and on moderators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.report.document import Block, Cell, Column, Fold, Row, Table, Words, words
from remit.report.guards import guards_at
from remit.report.lookup import Statistics
from remit.report.numbers import DASH, NONE, SPACE, count, decimal, note, p_words, why_not
from remit.report.pooling.found import HEADS, MODELS, PROPERTIES, THIS_STUDY, Found
from remit.report.wording import capital, listed_text, small
from remit.schema.results import COMMON, OURS, RANDOM, SURE_NUMBERS, WITHOUT_OURS, WITHOUT_STUDY
from remit.study.comparisons.pool_model import Model, Property
from remit.study.comparisons.pooled import WEEK, YEAR

_TOTALS = {"proportion": "n/N", "rate": "Events/patient-years", "mean": "Patients"}
_TOTAL = (
    "What the studies add up to stands beside the estimate for the reader. The pooled estimate is not made of these "
    "sums: studies count by how sure and how alike they are.",
)
_EFFECTS = {RANDOM: "random effects", COMMON: "common effect"}
_RATIOS = {
    "proportion": ("odds_ratio", "Odds ratio per unit"),
    "rate": ("rate_ratio", "Rate ratio per unit"),
    "mean": ("difference", "Difference per unit"),
}
_NOTHING = Cell(((NONE,),), muted=True)
_ECOLOGICAL = (
    "Of studies, not of patients: what goes together among studies need not among patients. Our own result "
    "is not in it.",
)


def pooled_tables(found: Found) -> Iterator[Block]:
    """The whole by each model; without each study, folded away; the studies of each kind."""
    pooling = found.pooling
    yield _table(found, "", "pooled estimates", [*_whole(found)], (_TOTAL,))
    if pooling.leave_one_out:
        rows = [*_without_each(found)]
        yield Fold("Without each study", (_table(found, "-without", f"without one study, by {_main(found)}", rows),))
    if pooling.subgroups:
        rows = [row for asked in pooling.subgroups for row in _by_property(found, asked)]
        tests = tuple(_test(found, asked) for asked in pooling.subgroups)
        yield _table(found, "-kinds", f"published results of a kind, by {_main(found)}", rows, tests)


def _table(found: Found, name: str, title: str, rows: Sequence[Row], notes: tuple[Words, ...] = ()) -> Table:
    return Table(
        name=f"{found.pooling.name}{name}",
        title=words(f"{found.pooling.title}: {title}"),
        stub="",
        columns=(
            Column(("Studies",), detail=(_TOTALS[found.pooling.measure],)),
            Column((HEADS[found.pooling.measure],), detail=(f"95{SPACE}% CI",)),
            Column(("Another study",), detail=(f"95{SPACE}% prediction interval",)),
            Column(("I², %",), detail=(f"95{SPACE}% CI",)),
            Column(("tau²",)),
        ),
        rows=tuple(rows),
        notes=notes,
        cards=True,
    )


def _whole(found: Found) -> Iterator[Row]:
    joins = found.pooling.joins
    yield from _by_each_model(found, "With this study" if joins else "All studies", None)
    if joins:
        yield from _by_each_model(found, "Without this study", WITHOUT_OURS)
    if found.has(SURE_NUMBERS):
        yield Row((f"Without numbers below K+{', with this study' if joins else ''}",), heading=True)
        yield _row(found, f"{capital(MODELS[found.pooling.model])}, {_EFFECTS[RANDOM]}", found.pooled(SURE_NUMBERS))


def _without_each(found: Found) -> Iterator[Row]:
    names = {each.name: each.label for each in found.pooling.studies}
    names |= {OURS: small(THIS_STUDY)} if found.pooling.joins and found.ours is not None else {}
    for name, label in names.items():
        yield _row(found, f"Without {label}", found.pooled(WITHOUT_STUDY, name))


def _main(found: Found) -> str:
    return f"{MODELS[found.pooling.model]}, {_EFFECTS[RANDOM]}"


def _by_each_model(found: Found, head: str, group: str | None) -> Iterator[Row]:
    yield Row((head,), heading=True)
    for model in found.pooling.models:
        for effects, label in _EFFECTS.items():
            notes = _notes(found, group, model) if effects == RANDOM else ()
            yield _row(found, f"{capital(MODELS[model])}, {label}", found.pooled(group, None, model, effects), notes)


def _notes(found: Found, group: str | None, model: Model) -> tuple[Words, ...]:
    """What warns of the model itself; what warns of the main estimate stands above."""
    if model == found.pooling.model and group is None:
        return ()
    return tuple(note(each) for each in guards_at(found.lookup, found.pooling.pooled(group, model=model), "corrected"))


def _by_property(found: Found, asked: Property) -> Iterator[Row]:
    yield Row((f"By {PROPERTIES[asked]}",), heading=True)
    for value in dict.fromkeys(each.by(asked, found.pooling.measure) for each in found.pooling.studies):
        yield _row(found, capital(value), found.pooled(asked, value))


def _test(found: Found, asked: Property) -> Words:
    """Whether the kinds differ, as a note."""
    test, what = found.pooled(asked)["p"], f"Test that results do not differ by {PROPERTIES[asked]}: "
    return words(what, p_words(test) if test.value is not None else words("not made, for ", note(test)), ".")


def _row(found: Found, label: str, pooled: Statistics, notes: tuple[Words, ...] = ()) -> Row:
    result = pooled[found.main]
    studies = Cell((words(count(pooled["studies"])), found.total(pooled)))
    if not found.is_given(pooled):
        return Row((label,), (studies, Cell(((NONE,),), why_not(result), muted=True), *[_NOTHING] * 3), level=1)
    estimate = Cell(((found.number(result),), found.ends(pooled, DASH)), _why_alone(found, pooled))
    return Row((label,), (studies, estimate, *_between(found, pooled)), level=1, notes=notes)


def _why_alone(found: Found, pooled: Statistics) -> tuple[Words, ...]:
    """Of a single study, what its interval is."""
    result = pooled[found.main]
    return (words(capital(result.note), "."),) if result.note else ()


def _between(found: Found, pooled: Statistics) -> Sequence[Cell]:
    """The prediction interval, I² and tau²: none of one effect, or of one study."""
    if "tau2" not in pooled:
        return [_NOTHING] * 3
    low = pooled["prediction_lower"]
    if low.value is not None:
        predicted = Cell((found.ends(pooled, DASH, "prediction_"),))
    else:
        predicted = Cell(((NONE,),), why_not(low), muted=True)
    i2_ends = words(decimal(pooled["i2_lower"], 0), DASH, decimal(pooled["i2_upper"], 0))
    return [predicted, Cell(((decimal(pooled["i2"], 0),), i2_ends)), Cell(((decimal(pooled["tau2"], 2),),))]


def moderators_table(found: Found) -> tuple[Table, ...]:
    """What the results go with, each moderator alone."""
    pooling = found.pooling
    if not pooling.moderators:
        return ()
    _, head = _RATIOS[pooling.measure]
    table = Table(
        name=f"{pooling.name}-moderators",
        title=words(f"{pooling.title}: what the results go with"),
        stub="",
        columns=(
            Column(("Studies",)),
            Column((head,), detail=(f"95{SPACE}% CI",)),
            Column(("p",)),
            Column(("tau² that is left",)),
            Column(("Of tau² explained, %",)),
        ),
        rows=tuple(_moderator(found, name) for name in pooling.moderators),
        notes=(_ECOLOGICAL,),
        cards=True,
    )
    return (table,)


def _moderator(found: Found, name: str) -> Row:
    pooling = found.pooling
    statistics = found.lookup.at(pooling.on(name))
    slope = statistics[_RATIOS[pooling.measure][0]]
    warned = tuple(note(each) for each in guards_at(found.lookup, pooling.on(name)))
    studies = Cell((words(count(statistics["studies"])),))
    label = capital(_moderator_label(found, name))
    if slope.value is None:
        return Row((label,), (studies, Cell(((NONE,),), why_not(slope), muted=True), *[_NOTHING] * 3), notes=warned)
    ends = words(decimal(statistics["lower"], 2), DASH, decimal(statistics["upper"], 2))
    missing = (words(capital(slope.note), "."),) if slope.note else ()
    numbers = (Cell(((decimal(slope, 2),), ends), missing), Cell((p_words(statistics["p"]),)))
    rest = (Cell(((decimal(statistics["tau2"], 2),),)), Cell(((decimal(statistics["explained"], 0),),)))
    return Row((label,), (studies, *numbers, *rest), notes=warned)


def _moderator_label(found: Found, name: str) -> str:
    if name in (WEEK, YEAR):
        return {WEEK: "week of the assessment", YEAR: "year of publication"}[name]
    labels = [each.evidence.baseline[name].label for each in found.pooling.studies if name in each.evidence.baseline]
    return listed_text([*dict.fromkeys(labels)], "or")
