"""What changed between two runs, as text for a terminal: the primary result first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap

from remit.plan.cells import CellChange
from remit.plan.diff import Diff
from remit.plan.numbers import Moved
from remit.report.wording import few
from remit.schema.plan import Difference, day, said_of_plan
from remit.schema.run_folder import RunNote

WIDTH = 100
MOST_CELLS, MOST_PATIENTS, MOST_PLACES = 30, 8, 25
_FIRST = ("percent", "n", "mean", "median", "estimate", "difference", "ratio", "p")  # statistics, as they are told
_STATISTICS = 4


def lines_of(diff: Diff) -> Iterator[str]:
    before, now = diff.notes
    if synthetic := now.synthetic or before.synthetic:
        yield from wrap(f"Synthetic data. {' '.join(synthetic.split())}", WIDTH)
    yield diff.title
    for name, folder, note in zip(("before", "now   "), diff.folders, diff.notes, strict=True):
        yield f"  {name}  {folder}: made on {day(note.made)} by remit {note.remit}"
    if diff.same:
        yield "The two runs are the same: definitions, charts, versions and numbers."
        return
    yield from _section(
        "Primary result", [line for group in _places(diff.primary) for line in place_lines(diff, group)]
    )
    yield from _section("Definitions", [line for each in diff.definitions for line in definition_lines(each)])
    yield from _section("Charts", [*_charts(diff)])
    yield from _section("Versions", diff.versions)
    yield from _section("Plan", _plan(before, now))
    yield from _numbers(diff)


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield ""
    yield title if lines else f"{title}: the same"
    yield from (f"  {line}" for line in lines)


def _plan(before: RunNote, now: RunNote) -> list[str]:
    told = [said_of_plan(note.plan) for note in (before, now)]
    return [] if told[0] == told[1] else [*_wrapped("before: ", told[0]), *_wrapped("now:    ", told[1])]


def definition_lines(each: Difference) -> Iterator[str]:
    """What is another definition, and how it was and is said."""
    yield _how(each)
    if each.planned is not None and each.planned == each.now:
        yield from _wrapped("    ", f"{each.now} (what it rests on is changed)")
        return
    for name, words in (("before: ", each.planned), ("now:    ", each.now)):
        if words is not None:
            yield from _wrapped(f"    {name}", words)


def _how(each: Difference) -> str:
    how = "is new" if each.planned is None else "is gone" if each.now is None else "is changed"
    return f"{each.kind} “{each.name}” {how}" if each.name else f"{each.kind} {how}"


def _wrapped(first: str, words: str) -> list[str]:
    return wrap(words, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))


# Charts


def _charts(diff: Diff) -> Iterator[str]:
    for what, patients in (("added", diff.added), ("gone", diff.gone)):
        if patients:
            yield from _wrapped("", f"{_count(len(patients), 'patient')} {what}: {few([*patients], MOST_CELLS)}")
    apart = {*diff.added, *diff.gone}
    cells = [cell for cell in diff.cells if cell.patient not in apart]
    if cells:
        yield f"{_count(len(cells), 'cell or row', 'cells and rows')} of other patients changed"
        yield from (f"  {cell_line(cell)}" for cell in cells[:MOST_CELLS])
        if len(cells) > MOST_CELLS:
            yield f"  … and {len(cells) - MOST_CELLS} more: --out FILE.xlsx has them all"
    if diff.inputs:
        same = "" if diff.cells or apart else ", and say the same"
        yield from _wrapped("", f"files that are not the same byte for byte{same}: {few(diff.inputs, MOST_CELLS)}")


def cell_line(cell: CellChange) -> str:
    on = f" of {cell.date}" if cell.date else ""
    if cell.field is None:
        how = f"is new: {cell.now}" if cell.before is None else f"is gone: {cell.before}"
        return f"{cell.patient}: a row of {cell.form}{on} {how} ({cell.place})"
    return f"{cell.patient}: {cell.form}.{cell.field}{on}: {cell.before} → {cell.now} ({cell.place})"


# Numbers


def _numbers(diff: Diff) -> Iterator[str]:
    new = sum(each.before is None for each in diff.numbers)
    gone = sum(each.now is None for each in diff.numbers)
    changed = len(diff.numbers) - new - gone
    yield ""
    yield f"Numbers: {changed:,} of {diff.of:,} moved, {new:,} are new, {gone:,} are gone"
    places = _places(each for each in diff.numbers if each not in diff.primary)
    for group in places[:MOST_PLACES]:
        yield from (f"  {line}" for line in place_lines(diff, group))
    if len(places) > MOST_PLACES:
        yield f"  … and {len(places) - MOST_PLACES} more places: --out FILE.xlsx has them all"
    if changed and not diff.named:
        yield "  Of so many patients it is not told who is counted otherwise."


def _places(numbers: Iterable[Moved]) -> list[list[Moved]]:
    """The numbers that moved, those of one place together; those of which only a count behind them did at the end."""
    places = [[*group] for _, group in groupby((each for each in numbers if each.before and each.now), _place)]
    return sorted(places, key=lambda group: not any(_changed(each) for each in group))


def _changed(each: Moved) -> bool:
    """Whether its value is another one, and not only a count behind it."""
    return (each.before and each.before[0]) != (each.now and each.now[0])


def _place(each: Moved) -> str:
    parts = [part for part in vars(each.address).values() if part is not None]
    return ", ".join(parts)


def place_lines(diff: Diff, group: Sequence[Moved]) -> Iterator[str]:
    """The numbers of one place, and because of what they moved."""
    yield _place(group[0])
    ordered = sorted(group, key=lambda each: _FIRST.index(each.statistic) if each.statistic in _FIRST else len(_FIRST))
    told = [number_words(each) for each in ordered[:_STATISTICS]]
    more = len(ordered) - len(told)
    behind = [*dict.fromkeys(counts for each in ordered if (counts := counts_words(each)))]
    rest = [f"and {more} more"] if more else []
    yield from _wrapped("    ", "; ".join([*told, *rest, *behind[:1]]))
    yield from _wrapped("    because of ", because_words(diff, group[0]))
    patients = {patient: how for each in group for patient, how in each.patients.items()}
    if patients:
        named = [f"{patient} {how}" for patient, how in patients.items()]
        yield from _wrapped("    ", f"{_count(len(patients), 'patient')}: {few(named, MOST_PATIENTS)}")


def number_words(each: Moved) -> str:
    """percent 46.9 → 54.7 (+7.8)"""
    one, other = (None if side is None else side[0] for side in (each.before, each.now))
    unit = f" {each.unit}" if each.unit else ""
    if one == other:
        return f"{each.statistic} {_number(other)}{unit}"
    by = "" if each.by is None else f" ({'+' if each.by > 0 else '−'}{_number(abs(each.by))})"
    return f"{each.statistic} {_number(one)} → {_number(other)}{unit}{by}"


def counts_words(each: Moved) -> str:
    """30/64, 1 not known → 35/64, 1 not known; "" where they are the same."""
    sides = [side for side in (each.before, each.now) if side is not None and None not in side[1:]]
    unknown = any(side[3] for side in sides)
    told = [f"{side[1]}/{side[2]}{f', {side[3]} not known' if unknown else ''}" for side in sides]
    return f"{told[0]} → {told[1]}" if len(told) == 2 and told[0] != told[1] else ""


def because_words(diff: Diff, each: Moved) -> str:
    """What changed of what the number rests on; where that is nothing, what else did."""
    touched = sorted(diff.touched & {*each.patients})
    found = [*each.because]
    if touched:
        found.append(f"the charts of {few(touched, MOST_PATIENTS)}")
    if not found and diff.touched:
        found.append("the charts")
    if not found and diff.versions:
        found.append(f"the version of {', '.join(each.split(' ')[0] for each in diff.versions)}")
    return ", ".join(found) or "what it is made from, which moved too"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}" if abs(value) < 1000 else f"{value:.1f}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def by_name(patients: Mapping[str, str]) -> str:
    """All patients who are counted otherwise, for a table."""
    return "; ".join(f"{patient} {how}" for patient, how in patients.items())
