"""Ours and theirs side by side: a table in which what differs is marked, and in words what differs, study by study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.report.addresses import size
from remit.report.comparison.compared import KINDS, Compared, Published
from remit.report.comparison.differences import NOT_TOLD, Difference, Told, in_words
from remit.report.comparison.numbers import counts_words, interval_words, marks_note, notes_of, percent_words
from remit.report.document import Cell, Column, Definition, Definitions, Fold, Row, Table, Words, plain, words
from remit.report.effectiveness import left_out_notes
from remit.report.numbers import SPACE
from remit.report.proportions import confidence, ends, fraction, in_percent
from remit.report.wording import capital, listed_text, sentence, small

OURS = "This study"
DIFFERS = "≠"
_HEADS = ("Line of therapy", "Drug and dose", "Definition and week", "Missing data")
_LONG = 60  # letters of ours that are not said again in each row
_READ = (
    f"{DIFFERS}: surely not as ours; “here”: what ours is. “not told”: not in the evidence that was collected. Whole "
    "populations, and all that differs in words, stand below the table, study by study.",
)


def side_by_side(found: Compared) -> Table:
    """Our result first, then a row each of their outcomes, trials before cohorts."""
    rows = [_our_row(found)]
    for kind, title in KINDS.items():
        if theirs := found.of_kind(kind):
            rows += [Row((capital(title),), heading=True), *(_their_row(found, arms) for arms in by_outcome(theirs))]
    head = f"{capital(found.label)} at {found.at_visit}, {small(found.study.populations[found.population].label)} "
    of = size(found.study, found.lookup, found.population)
    return Table(
        name=f"{found.analysis.name}-{found.population}",
        title=words(head, of, ", beside what others published"),
        stub="Study",
        columns=(*(Column((each,)) for each in _HEADS), Column(("n/N, %",), detail=confidence(found.ours))),
        rows=tuple(rows),
        notes=(_READ, *marks_note(found.published)),
        cards=True,
        texts=True,
    )


def by_outcome(published: Sequence[Published]) -> list[list[Published]]:
    """The arms of each outcome together."""
    found: dict[tuple[str, str], list[Published]] = {}
    for each in published:
        found.setdefault((each.evidence.id, each.outcome.name), []).append(each)
    return [*found.values()]


def _our_row(found: Compared) -> Row:
    facts, ours = found.facts, found.ours
    told = (
        _words(facts.line),
        _together([facts.drug, facts.dose]),
        _defined(facts.definition, facts.week),
        _words(facts.missing),
    )
    interval = (ends(ours),) if ours.known else ()
    number = Cell((words(fraction(ours), ", ", in_percent(ours)), *interval), left_out_notes(ours), wraps=True)
    return Row((OURS,), (*(_cell([each]) for each in told), number), detail=(_words(facts.design),))


def _their_row(found: Compared, arms: Sequence[Published]) -> Row:
    first = {each.aspect: each for each in found.differences(arms[0])}
    texts = (
        _compared([first["line of therapy"]]),
        _treatments(found, arms),
        _definition(first["definition"], first["week"]),
        _compared([first["missing"]]),
    )
    notes = tuple((sentence(caution),) for caution in arms[0].evidence.cautions)
    return Row((arms[0].title,), (*texts, _numbers(arms)), level=1, detail=(arms[0].evidence.design,), notes=notes)


def _words(told: Told | None) -> str:
    return told.words if told else NOT_TOLD


def _cell(lines: Sequence[str]) -> Cell:
    """Of what is told of none, one line."""
    said = tuple(dict.fromkeys(line for line in lines if line))
    return Cell(tuple((line,) for line in said), muted=said == (NOT_TOLD,), wraps=True)


def _compared(found: Sequence[Difference]) -> Cell:
    """What theirs is; below it, what ours is where it is not surely the same."""
    here = [_here(each) for each in found]
    return _cell([_together([each.theirs for each in found]), "; ".join(each for each in here if each)])


def _definition(definition: Difference, week: Difference) -> Cell:
    here = [_here(each) for each in (definition, week)]
    return _cell([_defined(definition.theirs, week.theirs), "; ".join(each for each in here if each)])


def _defined(definition: Told | None, week: Told | None) -> str:
    """CDAI below 150; week 12"""
    return (
        f"{definition.words if definition else f'definition {NOT_TOLD}'}; {week.words if week else f'week {NOT_TOLD}'}"
    )


def _together(told: Sequence[Told | None]) -> str:
    return "; ".join(dict.fromkeys(_words(each) for each in told))


def _here(difference: Difference) -> str:
    """≠ here week 24; of long words, which stand in the first row, what it is measured with, or only that they read
    otherwise. Nothing of what one of both does not tell."""
    ours, theirs = difference.ours, difference.theirs
    if difference.verdict in ("same", "not told") or ours is None or theirs is None:
        return ""
    differs = difference.verdict == "differs"
    if len(ours.words) <= _LONG:
        here = difference.here
    elif differs and ours.measures and not ours.measures & theirs.measures:
        here = f"here {listed_text(sorted(ours.measures))}"
    else:
        here = "ours" if differs else "worded otherwise than ours"
    return f"{DIFFERS}{SPACE}{here}" if differs else here


def _treatments(found: Compared, arms: Sequence[Published]) -> Cell:
    """The drug and its doses; what ours is, where no arm has our drug, or those with it another dose."""
    told = [{each.aspect: each for each in found.differences(arm)} for arm in arms]
    doses: dict[str, list[str]] = {}
    for each in told:
        doses.setdefault(_words(each["drug"].theirs), []).append(_words(each["dose"].theirs))
    lines = [_drug(drug, [dose for dose in of if dose != NOT_TOLD]) for drug, of in doses.items()]
    ours = [each for each in told if each["drug"].verdict == "same"]
    here = [_here(each["dose"]) for each in ours] or [_here(told[0]["drug"])]
    return _cell(["; ".join(lines), *here])


def _drug(drug: str, doses: Sequence[str]) -> str:
    return f"{drug}: {', '.join(dict.fromkeys(doses))}" if len(doses) > 1 else ", ".join((drug, *doses))


def _numbers(arms: Sequence[Published]) -> Cell:
    """Of each arm two lines, with its name where there are several: 126/324, 38.9 % and 33.7–44.3"""
    lines = [line for each in arms for line in (_share(each), interval_words(each)) if line]
    return Cell(tuple(lines), tuple(_notes(arms)), wraps=True)


def _notes(arms: Sequence[Published]) -> Iterator[Words]:
    """Of the cell: a note that is not of all its arms says of which it is."""
    of: dict[Words, list[str]] = {}
    for each in arms:
        for note in notes_of(each):
            of.setdefault(note, []).append(each.arm)
    for note, named in of.items():
        yield note if len(named) == len(arms) else words(f"{capital(listed_text(named))}: {small(plain(note))}")


def _share(theirs: Published) -> Words:
    counted = counts_words(theirs)
    name = f"{theirs.arm}: " if len(theirs.evidence.arms) > 1 else ""
    return words(name, words(counted, ", ") if counted else (), percent_words(theirs))


# In words


def differences_told(found: Compared) -> Fold:
    """Each published outcome with what differs from ours: of several arms, of the one with our drug, else the first."""
    items = tuple(_told(found, arms) for arms in by_outcome(found.published))
    return Fold("What differs from ours, study by study", (Definitions(items),))


def _told(found: Compared, arms: Sequence[Published]) -> Definition:
    told = [(arm, found.differences(arm)) for arm in arms]
    same = [each for each in told if any(part.aspect == "drug" and part.verdict == "same" for part in each[1])]
    arm, parts = (same or told)[0]
    lines = in_words(parts, arm.evidence.cautions)
    return Definition(arm.label, tuple((line,) for line in lines), detail=arm.evidence.citation.text)
