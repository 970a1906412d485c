"""What was found, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.inference.chi_squared import ChiSquared
from remit.inference.estimate import Estimate
from remit.inference.pooling.funnel import FEWEST
from remit.inference.pooling.regression import Moderation, Regression
from remit.inference.pooling.subgroups import Subgroups
from remit.inference.pooling.without_each import Cumulated, Without
from remit.pooling.done import Done
from remit.pooling.shown import Shown, shown
from remit.report.numbers import probability, rounded
from remit.report.wording import capital


def lines_of(done: Done) -> Iterator[str]:
    show = shown(done.effects.scale.told)
    yield f"{len(done.effects)} studies, {done.pooled.estimate.method}"
    counted = f"{done.kind.counted}; " if done.kind.counted else ""
    weighed = "; weight" if done.pooled.studies[0].weight is not None else ""
    yield f"{counted}{show.title} (95 % interval){weighed}"
    yield from _studies(done, show)
    yield from _heterogeneity(done)
    if done.subgroups and done.asked.subgroup:
        yield from _subgroups(done.asked.subgroup, done.subgroups, show)
    if done.regression:
        yield from _regression(done.regression)
    if done.without:
        yield from _again("Without one study", done.without, show)
    if done.cumulated:
        yield from _again(f"One study more at a time, by {done.asked.cumulative}", done.cumulated, show)
    yield from _funnel(done)
    yield from _notes(done)


def _studies(done: Done, show: Shown) -> Iterator[str]:
    wide = max(len(name) for name in (*done.effects.names, "Prediction interval"))
    column = max(len(counts) for counts in done.counts)
    for study, counts in zip(done.pooled.studies, done.counts, strict=True):
        weight = "" if study.weight is None else f"  {rounded(study.weight, 1)} %"
        its = f"{counts:>{column}}  " if column else ""
        yield f"  {study.name:<{wide}}  {its}{_told(study.estimate, show)}{weight}"
    wide += column + 2 if column else 0
    yield f"  {'Pooled':<{wide}}  {_told(done.pooled.estimate, show)}{_p(done.pooled.estimate.p)}"
    ahead = done.pooled.prediction
    if ahead.lower is None or ahead.upper is None:
        yield f"  {'Prediction interval':<{wide}}  none: {ahead.note}"
    else:
        yield f"  {'Prediction interval':<{wide}}  {show.interval(ahead.lower, ahead.upper)}"


def _heterogeneity(done: Done) -> Iterator[str]:
    found = done.pooled.heterogeneity
    yield ""
    yield "Heterogeneity"
    yield f"  {_test(found.q)}"
    if found.wald:
        yield f"  {_test(found.wald)}"
    for name, estimate, decimals, unit in (
        ("tau²", found.tau2, 4, ""),
        ("I²", found.i2, 1, " %"),
        ("H²", found.h2, 2, ""),
    ):
        yield f"  {name} {_number(estimate, decimals, unit)}"


def _subgroups(column: str, found: Subgroups, show: Shown) -> Iterator[str]:
    yield ""
    yield f"By {column}"
    wide = max(len(group.name) for group in found.groups)
    for group in found.groups:
        studies = f"{group.studies} {'study' if group.studies == 1 else 'studies'}"
        yield f"  {group.name:<{wide}}  {_told(group.estimate, show)}, {studies}"
    yield f"  Between them: {_moderation(found.between)}"


def _regression(found: Regression) -> Iterator[str]:
    yield ""
    yield f"Regression of the {found.scale.name}"
    wide = max(len(each.name) for each in found.coefficients)
    for each in found.coefficients:
        ends = f"{rounded(each.lower, 4)} to {rounded(each.upper, 4)}"
        yield f"  {each.name:<{wide}}  {rounded(each.value, 4)} ({ends}){_p(each.p)}"
    yield f"  All moderators: {_moderation(found.moderation)}"
    yield f"  Left between studies: tau² {_number(found.heterogeneity.tau2, 4, '')}; {_test(found.heterogeneity.q)}"
    if found.explained is not None:
        yield f"  R² {rounded(found.explained, 1)} %"


def _again(title: str, made: Sequence[Without | Cumulated], show: Shown) -> Iterator[str]:
    """The estimate of some of the studies, named by the one that is left out, or added."""
    yield ""
    yield title
    wide = max(len(each.study) for each in made)
    for each in made:
        i2 = rounded(each.pooled.heterogeneity.i2.value or 0, 1)
        yield f"  {each.study:<{wide}}  {_told(each.pooled.estimate, show)}, I² {i2} %"


def _funnel(done: Done) -> Iterator[str]:
    yield ""
    if done.asymmetry:
        found = done.asymmetry
        letter = "z" if found.freedom is None else f"t({found.freedom})"
        yield f"Funnel plot: {found.method}: {letter} = {rounded(found.statistic, 2)}{_p(found.p)}"
    elif len(done.effects) < FEWEST:
        yield f"Funnel plot: of {len(done.effects)} studies its test tells nothing; it needs {FEWEST}."
    else:
        yield "Funnel plot: all studies are equally exact, or lie on one line, so there is nothing to test."


def _notes(done: Done) -> Iterator[str]:
    notes = [*done.pooled.notes]
    notes += done.subgroups.notes if done.subgroups else ()
    notes += done.regression.notes if done.regression else ()
    notes += done.asymmetry.notes if done.asymmetry else ()
    told = list(dict.fromkeys(note.told for note in notes))
    if done.unused:
        told.append(f"Columns that were not used: {', '.join(done.unused)}.")
    if told:
        yield ""
        yield from told


def _told(estimate: Estimate, show: Shown) -> str:
    assert estimate.value is not None
    assert estimate.lower is not None
    assert estimate.upper is not None
    return f"{show.number(estimate.value)} ({show.interval(estimate.lower, estimate.upper)})"


def _number(estimate: Estimate, decimals: int, unit: str) -> str:
    if estimate.value is None:
        return f"none: {estimate.note}"
    told = f"{rounded(estimate.value, decimals)}{unit}"
    if estimate.lower is None or estimate.upper is None:
        return told
    upper = "∞" if estimate.upper == float("inf") else rounded(estimate.upper, decimals)
    return f"{told} ({rounded(estimate.lower, decimals)} to {upper})"


def _test(test: ChiSquared) -> str:
    if test.statistic is None:
        return f"{capital(test.method)}: none, for {test.note}"
    return f"{capital(test.method)} {rounded(test.statistic, 2)}, {_degrees(test.freedom)}{_p(test.p)}"


def _moderation(test: Moderation) -> str:
    if test.denominator is None:
        return f"chi-squared {rounded(test.statistic, 2)}, {_degrees(test.freedom)}{_p(test.p)}"
    return f"F {rounded(test.statistic, 2)}, {test.freedom} and {test.denominator} degrees of freedom{_p(test.p)}"


def _degrees(freedom: int) -> str:
    return f"{freedom} degree{'' if freedom == 1 else 's'} of freedom"


def _p(value: float | None) -> str:
    if value is None:
        return ""
    told = probability(value)
    return f", p {told[0]} {told[1:]}" if told[0] in "<>" else f", p = {told}"
