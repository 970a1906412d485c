"""How the counts of results hang together: sums of parts, sets that lie in others.

Each relation is declared for what it says of the study, and entered only where it holds of the numbers: a reader can
know no relation that does not.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from remit.disclosure.bounds import Form, System
from remit.disclosure.counts import Case, Counts, Key, Slot, visit_before
from remit.disclosure.rules import definitions_of, implied, paired
from remit.schema.results import CENTRE, SHIFT_UNKNOWN, WITHOUT_CENTRE, shift_ends
from remit.study.analyses.kinds import States
from remit.study.comparisons.kinds import OWN_ONLY, RULE_ONLY, Comparison
from remit.study.study import Study

ANY, ALL_PERIODS = "any", "all"  # of events: of any kind, in all periods


@dataclass
class Relations:
    """Forms in the making; `keys` are the counts in the order of their positions."""

    keys: dict[Key, int]
    forms: dict[tuple[tuple[int, int], ...], Form]

    def place(self, key: Key) -> int:
        return self.keys.setdefault(key, len(self.keys))

    def nested(self, outer: Key | None, *inner: Key | None) -> None:
        """The inner sets lie in the outer, apart from one another: what is left of it is a count."""
        self.signed([(outer, 1), *((key, -1) for key in inner)], whole=False)

    def parts(self, whole: Key | None, parts: Iterable[Key | None]) -> None:
        """The parts make up the whole, but for those who are in none: that there are none is known."""
        self.signed([(whole, 1), *((key, -1) for key in parts)], whole=True)

    def signed(self, terms: Iterable[tuple[Key | None, int]], whole: bool) -> None:
        """A sum that is not negative, and if it is of a `whole` may be known to be 0; entered if it holds."""
        together: dict[int, int] = defaultdict(int)
        total = 0
        for key, sign in terms:
            if key is None:
                return
            together[self.place(key)] += sign
            total += sign * key.value
        signs = tuple(sorted((position, sign) for position, sign in together.items() if sign))
        if total >= 0 and signs:
            zero = whole and total == 0
            known = self.forms.get(signs)
            self.forms[signs] = Form(signs, zero or (known is not None and known.zero))


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
    _shifts(study, counts, relations)
    _groups(cases, relations)
    _centres(counts, relations)
    _populations(study, counts, relations)
    _handlings(relations)
    _rules(study, counts, relations)
    _periods(cases, relations)
    _times(relations)
    _sizes(study, relations)
    _flow(counts, relations)
    keys = tuple(relations.keys)
    return System([key.value for key in keys], list(relations.forms.values())), keys


def _within(case: Case, relations: Relations) -> None:
    """Who is known and who is not are the whole; who reached it are among the known."""
    reached, known, unknown, size = case.reached, case.known, case.unknown, case.size
    relations.nested(known, reached)
    relations.nested(size, known)
    if size and known and unknown and unknown.kind == "unknown":
        if known.value + unknown.value <= size.value:
            relations.parts(size, (known, unknown))
        else:  # who is not known is counted as not having reached it
            relations.nested(known, unknown)
            relations.nested(known, unknown, reached)
    if case.events and reached:
        relations.nested(case.events, reached)
    for key in case.more:
        relations.nested(known or size, key)


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
                relations.parts(whole, [part.reached for part in parts])
        any_kind = places.get((slot._replace(variable=ANY), handling))
        if any_kind is not None and slot.period is not None:
            relations.parts(any_kind.events, [part.events for part in parts])
            for part in parts:
                relations.nested(any_kind.reached, part.reached)
                relations.nested(any_kind.events, part.events)


def _shifts(study: Study, counts: Counts, relations: Relations) -> None:
    """From a level patients went to some level, or it is not known to which; to a level they came from some."""
    analyses = {analysis.name: analysis for analysis in study.analyses}
    found: dict[tuple[Slot, str], dict[tuple[str, str], Case]] = defaultdict(dict)
    for (slot, handling), case in counts.cases.items():
        if slot.level is not None and (ends := shift_ends(slot.level)) is not None:
            found[slot._replace(level=None), handling][ends] = case
    for (slot, handling), cells in found.items():
        analysis = analyses.get(slot.scope)
        before = slot
        if isinstance(analysis, States):
            before = slot._replace(visit=visit_before(analysis, slot))
            for to in {to for _, to in cells}:
                there = counts.cases.get((slot._replace(level=to), handling))
                came = [case.reached for (_, other), case in cells.items() if other == to]
                relations.parts(None if there is None else there.reached, came)
        for origin in {origin for origin, _ in cells}:
            went = {to: case.reached for (one, to), case in cells.items() if one == origin}
            of = counts.cases.get((before._replace(level=origin), handling))
            relations.parts(None if of is None else of.reached, list(went.values()))
            if not isinstance(analysis, States):
                known = {case.known for (one, to), case in cells.items() if one == origin and to != SHIFT_UNKNOWN}
                kept = [key for to, key in went.items() if to != SHIFT_UNKNOWN]
                relations.parts(known.pop() if len(known) == 1 else None, kept)
        _changed(counts.cases.get((slot, handling)), cells, relations)


def _changed(total: Case | None, cells: dict[tuple[str, str], Case], relations: Relations) -> None:
    """Of those of whom both levels are known, who went to another."""
    if total is None:
        return
    whole = {ends: case.reached for ends, case in cells.items() if SHIFT_UNKNOWN not in ends}
    relations.parts(total.known, list(whole.values()))
    relations.parts(total.reached, [key for (origin, to), key in whole.items() if origin != to])


def _by_place(cases: Iterable[Case]) -> dict[tuple[Slot, str], Case]:
    return {(case.slot, case.handling): case for case in cases}


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
                relations.parts(whole, keys)
            for key in keys:
                relations.nested(whole, key)


def _centres(counts: Counts, relations: Relations) -> None:
    """Without a centre is all without it."""
    for (slot, handling), rest in counts.cases.items():
        if slot.group != WITHOUT_CENTRE:
            continue
        one = counts.cases.get((slot._replace(group=CENTRE), handling))
        total = counts.cases.get((slot._replace(group=None, group_level=None), handling))
        if one is not None and total is not None:
            for kind in ("reached", "known", "unknown", "size"):
                relations.parts(getattr(total, kind), [getattr(one, kind), getattr(rest, kind)])


def _populations(study: Study, counts: Counts, relations: Relations) -> None:
    """Who is counted in a population is counted in the one that it is taken from."""
    for (slot, handling), inner in counts.cases.items():
        for name in above(study, slot.population):
            outer = counts.cases.get((slot._replace(population=name), handling))
            if outer is None:
                continue
            for kind in ("reached", "known", "unknown", "size", "events"):
                relations.nested(getattr(outer, kind), getattr(inner, kind))
            signed = ((outer.known, 1), (outer.reached, -1), (inner.known, -1), (inner.reached, 1))
            relations.signed(signed, whole=False)


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
            relations.nested(larger, smaller)


def _rules(study: Study, counts: Counts, relations: Relations) -> None:
    """Who is yes by one definition is yes by the other too, or by the one alone; and by each that it implies."""
    for analysis in study.analyses:
        if not isinstance(analysis, Comparison):
            continue
        definitions = definitions_of(study, analysis)
        pairs = [*implied(definitions)]
        own = _by_handling(counts, analysis, analysis.endpoint)
        for one, other in pairs:
            inner, outer = (_by_handling(counts, analysis, name) for name in (one, other))
            for place in inner.keys() & outer.keys():
                relations.nested(outer[place].reached, inner[place].reached)
        for name in definitions:
            rule = _by_handling(counts, analysis, name)
            only, rest = (
                _by_handling(counts, analysis, paired(name, analysis.endpoint, each)) for each in (RULE_ONLY, OWN_ONLY)
            )
            for place in rule.keys() & own.keys() & only.keys() & rest.keys():
                _one_alone(rule[place], own[place], only[place], rest[place], relations)


def _by_handling(counts: Counts, analysis: Comparison, variable: str) -> dict[tuple[str | None, str], Case]:
    """The cases of a definition in all patients of each population of the comparison."""
    return {
        (slot.population, handling): case
        for (slot, handling), case in counts.cases.items()
        if (slot.variable, slot.visit, slot.group, slot.scope) == (variable, analysis.visit, None, "")
        and slot.population in analysis.populations
    }


def _one_alone(rule: Case, own: Case, only: Case, rest: Case, relations: Relations) -> None:
    """only: by the rule alone; rest: by our own alone."""
    relations.nested(rule.reached, only.reached)
    relations.nested(own.reached, rest.reached)
    signs = ((rule.reached, 1), (rest.reached, 1), (own.reached, -1), (only.reached, -1))
    if sum(sign * key.value for key, sign in signs if key is not None) == 0:
        relations.signed(signs, whole=True)
        relations.nested(only.known, rule.reached, rest.reached)


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
        relations.parts(total.events, [part.events for part in parts])
        for part in parts:
            relations.nested(total.reached, part.reached)


def _times(relations: Relations) -> None:
    """Who is at risk later was at risk before; who had an event by a day had it by any later one."""
    found: dict[tuple[str, Slot], list[Key]] = defaultdict(list)
    for key in list(relations.keys):
        if key.kind in ("at risk", "by then"):
            found[key.kind, key.slot._replace(time=None)].append(key)
    for keys in found.values():
        ordered = sorted(keys, key=lambda key: key.value)
        for smaller, larger in itertools.pairwise(ordered):
            relations.nested(larger, smaller)


def _sizes(study: Study, relations: Relations) -> None:
    """Populations lie in those that they are taken from, and their groups make them up."""
    sizes = [key for key in relations.keys if key.kind == "size"]
    by_place = {key.slot[1:4]: key for key in sizes}
    parts: dict[tuple[str | None, str], list[Key]] = defaultdict(list)
    for key in sizes:
        population, group, level = key.slot[1:4]
        for name in above(study, population):
            relations.nested(by_place.get((name, group, level)), key)
        if group is not None and group != WITHOUT_CENTRE:
            parts[population, group].append(key)
            relations.nested(by_place.get((population, None, None)), key)
    for (population, _), levels in parts.items():
        relations.parts(by_place.get((population, None, None)), levels)


def _flow(counts: Counts, relations: Relations) -> None:
    """Who was screened was excluded for one reason, or could not be decided, or is eligible."""
    found: dict[tuple[str | None, str | None], dict[str, list[Key]]] = defaultdict(lambda: defaultdict(list))
    for (slot, _), case in counts.cases.items():
        if slot.scope == "flow" and case.reached is not None and slot.variable is not None:
            found[slot.group, slot.group_level][slot.variable].append(case.reached)
    for boxes in found.values():
        parts = [key for name in ("excluded", "undecidable", "eligible") for key in boxes[name]]
        for screened in boxes["screened"]:
            relations.parts(screened, list(parts))
