"""Which counts are hidden: the small ones, and others without which they could be worked out.

After Fischetti and Salazar-González (Management Science 2001;47:1008-27): a small count is protected if what is shown
leaves it anything from 1 to one below the limit. Here counts are hidden one by one, the least wanted first, until each
is: not the fewest that would do, but quick, and the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from remit.disclosure.bounds import Bounds, Form, Programme, System, passed


@dataclass(frozen=True)
class Suppressed:
    """Positions of counts. `small`: those that are hidden for their own sake; `linked`: for the sake of others."""

    small: frozenset[int]
    linked: frozenset[int]

    @property
    def hidden(self) -> frozenset[int]:
        return self.small | self.linked


def is_small(value: float, limit: int) -> bool:
    return 0 < value < limit


def suppressed(system: System, wanted: Sequence[float], limit: int) -> Suppressed:
    """wanted: by count, how much it is worth to be shown. limit: the least count that is no small one."""
    small = {position for position, value in enumerate(system.values) if is_small(value, limit)}
    sensitive = [Form(((position, 1),)) for position in sorted(small)]
    sensitive += [
        form
        for form in system.forms
        if len(form.terms) > 1 and not form.zero and is_small(form.at(system.values), limit)
    ]
    hidden = set(small)
    _hide_by_bounds(system, wanted, limit, sensitive, hidden)
    _hide_by_programme(system, wanted, limit, sensitive, hidden)
    return Suppressed(frozenset(small), frozenset(hidden - small))


def _hide_by_bounds(
    system: System, wanted: Sequence[float], limit: int, sensitive: list[Form], hidden: set[int]
) -> None:
    """Hide until bounds that are passed from form to form give nothing away."""
    waiting, bounds = sensitive, passed(system, hidden)
    while True:
        found: set[int] = set()
        near: set[int] = set()  # counts that hang together with one that was just hidden: they are looked at again
        exposed = []
        for form in waiting:
            if (low_high := _exposed(system, limit, form, bounds)) is None:
                continue
            exposed.append(form)
            if not any(position in near for position, _ in form.terms):
                candidate = _to_hide(system, wanted, limit, form, hidden, bounds, low_high)
                if candidate is not None:
                    found.add(candidate)
                    near |= {other for number in system.within[candidate] for other, _ in system.forms[number].terms}
        if not found:
            return
        hidden |= found
        touched = system.linked(found, hidden)
        bounds.replace(passed(system, touched), touched)
        waiting = exposed  # what is free stays so: the more is hidden, the less is told


def _exposed(system: System, limit: int, form: Form, bounds: Bounds) -> tuple[float, float] | None:
    """What a form can be, if that is not enough to protect it."""
    low = high = 0.0
    for position, sign in form.terms:
        least = bounds.low.get(position, system.values[position])
        greatest = bounds.high.get(position, system.values[position])
        low += sign * (least if sign > 0 else greatest)
        high += sign * (greatest if sign > 0 else least)
    return None if low <= 1 and high >= limit - 1 else (low, high)


_FARTHER = 3.0  # a count one form farther away is hidden instead if it is so many times less wanted


def _to_hide(
    system: System,
    wanted: Sequence[float],
    limit: int,
    form: Form,
    hidden: set[int],
    bounds: Bounds,
    ends: tuple[float, float],
) -> int | None:
    """The least wanted of the shown counts from which the form's bounds follow."""
    costs = {position: wanted[position] for position, _ in form.terms if position not in hidden}
    reasons = _first_reasons(form, bounds, too_high=ends[0] > 1, too_low=ends[1] < limit - 1)
    seen = {position for position, _ in form.terms}
    farther = 1.0
    for _ in range(_STEPS):
        met = {position for number in reasons for position, _ in system.forms[number].terms} - seen
        for position in met - hidden:
            costs.setdefault(position, wanted[position] * farther)
        seen |= met
        frontier = met & hidden
        reasons = {
            why[position] for position in frontier for why in (bounds.why_low, bounds.why_high) if position in why
        }
        farther *= _FARTHER
    return min(costs, key=lambda position: (costs[position], position), default=None)


def _first_reasons(form: Form, bounds: Bounds, too_high: bool, too_low: bool) -> set[int]:
    """The forms by which the least of a form is too high, or its greatest too low."""
    found = set()
    for position, sign in form.terms:
        least, greatest = (bounds.why_low, bounds.why_high) if sign > 0 else (bounds.why_high, bounds.why_low)
        found |= {why[position] for why, asked in ((least, too_high), (greatest, too_low)) if asked and position in why}
    return found


_STEPS = 4


def _hide_by_programme(
    system: System, wanted: Sequence[float], limit: int, sensitive: list[Form], hidden: set[int]
) -> None:
    """Hide until the linear programme gives nothing away."""
    for greatest, enough in ((False, 1.0), (True, limit - 1.0)):
        waiting = sensitive
        while waiting:  # what is free stays so: the more is hidden, the less is told
            waiting, binding = _given_away(system, waiting, greatest, enough, hidden)
            found = {_binding(system, wanted, form, numbers, hidden) for form, numbers in binding} - {None}
            if not found:
                break
            hidden |= {position for position in found if position is not None}


_Binding = list[tuple[Form, tuple[int, ...]]]


def _given_away(
    system: System, forms: list[Form], greatest: bool, enough: float, hidden: set[int]
) -> tuple[list[Form], _Binding]:
    """The forms that may be given away, and with one of those that hang together the forms that bind it."""
    part = system.linked({position for form in forms for position, _ in form.terms}, hidden)
    programme, waiting = Programme(system, part), forms
    while len(waiting) > _ONE_BY_ONE:  # one solution shows of many forms at once that they are free
        free = programme.free(waiting, greatest, enough)
        if not free:
            break
        waiting = [form for number, form in enumerate(waiting) if number not in free]
    left, binding, settled = [], _Binding(), set[int]()
    for form in waiting:
        start = {position for position, _ in form.terms} & part
        if start & settled:
            left.append(form)
            continue
        near = system.linked(start, part)
        extreme = Programme(system, near).extreme(form, greatest)
        if extreme.value < enough - 1e-6 if greatest else extreme.value > enough + 1e-6:
            left.append(form)
            binding.append((form, extreme.binding))
            settled |= near
    return left, binding


_ONE_BY_ONE = 2


def _binding(
    system: System, wanted: Sequence[float], form: Form, binding: tuple[int, ...], part: set[int]
) -> int | None:
    """The least wanted shown count of the forms that bind."""
    met = {position for number in binding for position, _ in system.forms[number].terms} | {p for p, _ in form.terms}
    shown = [position for position in met if position not in part]
    return min(shown, key=lambda position: (wanted[position], position), default=None)
