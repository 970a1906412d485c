"""How the counts of results hang together: sums of parts, sets that lie in others.

Each relation is declared for what it says of the study, and entered only where it holds of the numbers: a reader can
know no relation that does not.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from remit.disclosure.bounds import Form, System
from remit.disclosure.counts import Case, Counts, Key, Slot
from remit.schema.results import CENTRE, SHIFT_UNKNOWN, WITHOUT_CENTRE, shift_ends
from remit.study.study import Study

ANY, ALL_PERIODS = "any", "all"  # of events: of any kind, in all periods
Signed = tuple[Key | None, int]


@dataclass
class Relations:
    """Forms in the making; `keys` are the counts in the order of their positions."""

    keys: dict[Key, int]
    forms: dict[tuple[tuple[int, int], ...], Form]

    def place(self, key: Key) -> int:
        return self.keys.setdefault(key, len(self.keys))

    def add(self, *terms: Signed) -> None:
        """A sum that cannot be negative, and is known to be 0 where it is; entered if it holds, of counts that are."""
        together: dict[int, int] = defaultdict(int)
        total = 0
        for key, sign in terms:
            if key is None:
                return
            together[self.place(key)] += sign
            total += sign * key.value
        signs = tuple(sorted((position, sign) for position, sign in together.items() if sign))
        if total >= 0 and signs:
            self.forms.setdefault(signs, Form(signs, zero=total == 0))


def system_of(study: Study, counts: Counts) -> tuple[System, tuple[Key, ...]]:
    """The counts as a system, and the key of each position."""
    relations = Relations({}, {})
    for keys in counts.told.values():
        for key in keys:
            relations.place(key)
    cases = list(counts.cases.values())
    for case in cases:
        _within(case, relations)
    _levels(cases, relations)
    _shifts(counts, relations)
    _groups(cases, relations)
    _centres(counts, relations)
    _populations(study, counts, relations)
    _handlings(relations)
    _periods(cases, relations)
    _times(relations)
    _sizes(study, relations)
    _flow(counts, relations)
    keys = tuple(relations.keys)
    return System([key.value for key in keys], list(relations.forms.values())), keys


def _within(case: Case, relations: Relations) -> None:
    """Who is known and who is not are the whole; who reached it are among the known."""
    reached, known, unknown, size = case.reached, case.known, case.unknown, case.size
    relations.add((known, 1), (reached, -1))
    relations.add((size, 1), (known, -1))
    if size and known and unknown:
        if known.value + unknown.value <= size.value:
            relations.add((size, 1), (known, -1), (unknown, -1))
        else:
            relations.add((known, 1), (unknown, -1))
            relations.add((known, 1), (unknown, -1), (reached, -1))
    if case.events and reached:
        relations.add((case.events, 1), (reached, -1))
    for key in case.more:
        relations.add((known or size, 1), (key, -1))


def _levels(cases: list[Case], relations: Relations) -> None:
    """The levels of a characteristic are parts of those in whom it is known; the kinds of an event of all with one."""
    places = _by_place(cases)
    found: dict[tuple[Slot, str], list[Case]] = defaultdict(list)
    for case in cases:
        if case.slot.level is not None:
            found[case.slot._replace(level=None), case.handling].append(case)
    for (slot, handling), parts in found.items():
        known = {part.known for part in parts}
        total = places.get((slot, handling))
        for whole in (known.pop() if len(known) == 1 else None, None if total is None else total.reached):
            if whole is not None and whole.value == sum(part.reached.value for part in parts if part.reached):
                _parts(whole, [part.reached for part in parts], relations)
        any_kind = places.get((slot._replace(variable=ANY), handling))
        if any_kind is not None and slot.period is not None:
            _parts(any_kind.events, [part.events for part in parts], relations)
            for part in parts:
                relations.add((any_kind.reached, 1), (part.reached, -1))
                relations.add((any_kind.events, 1), (part.events, -1))


def _shifts(counts: Counts, relations: Relations) -> None:
    """From a level patients went to some level, or it is not known to which; those who changed are counted together."""
    found: dict[tuple[Slot, str], dict[tuple[str, str], Case]] = defaultdict(dict)
    for (slot, handling), case in counts.cases.items():
        if slot.level is not None and (ends := shift_ends(slot.level)) is not None:
            found[slot._replace(level=None), handling][ends] = case
    for (slot, handling), cells in found.items():
        for origin in {origin for origin, _ in cells}:
            parts = {to: case.reached for (one, to), case in cells.items() if one == origin}
            of = counts.cases.get((slot._replace(level=origin), handling))
            if of is not None:
                _parts(of.reached, list(parts.values()), relations)
            known = {case.known for (one, to), case in cells.items() if one == origin and to != SHIFT_UNKNOWN}
            if len(known) == 1:
                _parts(known.pop(), [key for to, key in parts.items() if to != SHIFT_UNKNOWN], relations)
        total = counts.cases.get((slot, handling))
        if total is not None:
            whole = {ends: case.reached for ends, case in cells.items() if SHIFT_UNKNOWN not in ends}
            _parts(total.known, list(whole.values()), relations)
            _parts(total.reached, [key for (origin, to), key in whole.items() if origin != to], relations)


def _by_place(cases: Iterable[Case]) -> dict[tuple[Slot, str], Case]:
    return {(case.slot, case.handling): case for case in cases}


def _parts(whole: Key | None, parts: Sequence[Key | None], relations: Relations) -> None:
    relations.add((whole, 1), *((part, -1) for part in parts))


def _groups(cases: list[Case], relations: Relations) -> None:
    """Arms, subgroups and centres are parts of all."""
    places = _by_place(cases)
    found: dict[tuple[Slot, str], list[Case]] = defaultdict(list)
    for case in cases:
        if case.slot.group_level is not None and case.slot.group != WITHOUT_CENTRE:
            found[case.slot._replace(group_level=None), case.handling].append(case)
    for (slot, handling), parts in found.items():
        total = places.get((slot._replace(group=None), handling))
        if total is None:
            continue
        for kind in ("reached", "known", "unknown", "size", "events"):
            whole = getattr(total, kind)
            keys = [getattr(part, kind) for part in parts]
            if len(set(keys)) == len(keys):
                _parts(whole, keys, relations)
            for key in keys:
                relations.add((whole, 1), (key, -1))


def _centres(counts: Counts, relations: Relations) -> None:
    """Without a centre is all without it."""
    for (slot, handling), rest in counts.cases.items():
        if slot.group != WITHOUT_CENTRE:
            continue
        one = counts.cases.get((slot._replace(group=CENTRE), handling))
        total = counts.cases.get((slot._replace(group=None, group_level=None), handling))
        if one is not None and total is not None:
            for kind in ("reached", "known", "unknown", "size"):
                _parts(getattr(total, kind), [getattr(one, kind), getattr(rest, kind)], relations)


def _populations(study: Study, counts: Counts, relations: Relations) -> None:
    """Who is counted in a population is counted in the one that it is taken from."""
    for (slot, handling), inner in counts.cases.items():
        for name in above(study, slot.population):
            outer = counts.cases.get((slot._replace(population=name), handling))
            if outer is None:
                continue
            for kind in ("reached", "known", "unknown", "size", "events"):
                relations.add((getattr(outer, kind), 1), (getattr(inner, kind), -1))
            relations.add((outer.known, 1), (outer.reached, -1), (inner.known, -1), (inner.reached, 1))


def above(study: Study, population: str | None) -> list[str]:
    found = []
    while population in study.populations and (outer := study.populations[population or ""].of) is not None:
        found.append(outer)
        population = outer
    return found


def _handlings(relations: Relations) -> None:
    """Counts of one slot differ in how unknowns and events in between are handled: the smaller lies in the larger."""
    found: dict[tuple[str, Slot], list[Key]] = defaultdict(list)
    for key in list(relations.keys):
        if key.kind in ("reached", "known", "unknown"):
            found[key.kind, key.slot].append(key)
    for keys in found.values():
        ordered = sorted(keys, key=lambda key: key.value)
        for smaller, larger in itertools.pairwise(ordered):
            relations.add((larger, 1), (smaller, -1))


def _periods(cases: list[Case], relations: Relations) -> None:
    """Events of the periods are parts of all; who had one in a period had one."""
    places = _by_place(cases)
    found: dict[tuple[Slot, str], list[Case]] = defaultdict(list)
    for case in cases:
        if case.slot.period not in (None, ALL_PERIODS):
            found[case.slot._replace(period=ALL_PERIODS), case.handling].append(case)
    for place, parts in found.items():
        total = places.get(place)
        if total is None:
            continue
        _parts(total.events, [part.events for part in parts], relations)
        for part in parts:
            relations.add((total.reached, 1), (part.reached, -1))


def _times(relations: Relations) -> None:
    """Who is at risk later was at risk before; who had an event by a day had it by any later one."""
    found: dict[tuple[str, Slot], list[Key]] = defaultdict(list)
    for key in list(relations.keys):
        if key.kind in ("at risk", "by then"):
            found[key.kind, key.slot._replace(time=None)].append(key)
    for keys in found.values():
        ordered = sorted(keys, key=lambda key: key.value)
        for smaller, larger in itertools.pairwise(ordered):
            relations.add((larger, 1), (smaller, -1))


def _sizes(study: Study, relations: Relations) -> None:
    """Populations lie in those that they are taken from, and their groups make them up."""
    sizes = [key for key in relations.keys if key.kind == "size"]
    by_place = {key.slot[1:4]: key for key in sizes}
    parts: dict[tuple[str | None, str], list[Key]] = defaultdict(list)
    for key in sizes:
        population, group, level = key.slot[1:4]
        for name in above(study, population):
            relations.add((by_place.get((name, group, level)), 1), (key, -1))
        if group is not None and group != WITHOUT_CENTRE:
            parts[population, group].append(key)
            relations.add((by_place.get((population, None, None)), 1), (key, -1))
    for (population, _), levels in parts.items():
        _parts(by_place.get((population, None, None)), levels, relations)


def _flow(counts: Counts, relations: Relations) -> None:
    """Who was screened was excluded for one reason, or could not be decided, or is eligible."""
    found: dict[tuple[str | None, str | None], dict[str, list[Key]]] = defaultdict(lambda: defaultdict(list))
    for (slot, _), case in counts.cases.items():
        if slot.scope == "flow" and case.reached is not None and slot.variable is not None:
            found[slot.group, slot.group_level][slot.variable].append(case.reached)
    for boxes in found.values():
        parts = [key for name in ("excluded", "undecidable", "eligible") for key in boxes[name]]
        for screened in boxes["screened"]:
            _parts(screened, list(parts), relations)
