"""What follows for hidden counts from those that are shown, and from how counts hang together.

Counts are whole numbers from 0 on. A form is a sum of counts with signs that cannot be negative: the patients in one
set and not in another that lies in it. A reader who knows the forms and the shown counts can bound each hidden one:
this module finds the bounds, by passing them from form to form (quick, not always as narrow as can be), or by linear
programming (exact for real numbers).
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

INFINITE = math.inf
_Row = tuple[list[tuple[int, float]], float]  # of a programme: columns with their factors, and the right side


@dataclass(frozen=True)
class Form:
    """`terms`: counts, by their position, with their signs. `zero`: everybody knows that the sum is 0."""

    terms: tuple[tuple[int, int], ...]
    zero: bool = False

    def at(self, values: Sequence[float]) -> float:
        return sum(sign * values[position] for position, sign in self.terms)


@dataclass
class System:
    """`values`: the counts. `forms`: how they hang together; each holds of the values."""

    values: list[int]
    forms: list[Form]
    within: list[list[int]] = field(init=False)  # by count, the forms in which it stands

    def __post_init__(self) -> None:
        self.within = [[] for _ in self.values]
        for number, form in enumerate(self.forms):
            for position, _ in form.terms:
                self.within[position].append(number)

    def linked(self, start: Iterable[int], hidden: set[int]) -> set[int]:
        """The hidden counts among `start`, and those that hang together with them through forms."""
        found: set[int] = set()
        waiting = [position for position in start if position in hidden]
        while waiting:
            position = waiting.pop()
            if position in found:
                continue
            found.add(position)
            for number in self.within[position]:
                waiting += [other for other, _ in self.forms[number].terms if other in hidden and other not in found]
        return found

    def components(self, hidden: set[int]) -> list[set[int]]:
        """The hidden counts in groups that do not hang together."""
        left, found = set(hidden), []
        while left:
            one = self.linked([next(iter(left))], hidden)
            left -= one
            found.append(one)
        return found


@dataclass
class Bounds:
    """By hidden count: the least and the greatest that it can be, and the form from which each follows."""

    low: dict[int, float]
    high: dict[int, float]
    why_low: dict[int, int]
    why_high: dict[int, int]

    def replace(self, others: Bounds, counts: set[int]) -> None:
        """Take the others' for these counts."""
        for mine, theirs in ((self.why_low, others.why_low), (self.why_high, others.why_high)):
            for position in counts:
                mine.pop(position, None)
            mine |= theirs
        self.low |= others.low
        self.high |= others.high


_ROUNDS = 50  # a form is looked at so often: bounds that go on narrowing by ones are left to the linear programme


def passed(system: System, hidden: set[int]) -> Bounds:
    """The bounds of `hidden`, passed from form to form until nothing changes."""
    low: dict[int, float] = dict.fromkeys(hidden, 0.0)
    high: dict[int, float] = dict.fromkeys(hidden, INFINITE)
    bounds = Bounds(low, high, {}, {})
    numbers = {number for position in hidden for number in system.within[position]}
    waiting, looked = deque(sorted(numbers)), defaultdict[int, int](int)
    queued = set(numbers)
    while waiting:
        number = waiting.popleft()
        queued.discard(number)
        looked[number] += 1
        if looked[number] > _ROUNDS:
            continue
        for position in _narrowed(system, number, bounds):
            for other in system.within[position]:
                if other not in queued and other != number:
                    queued.add(other)
                    waiting.append(other)
    return bounds


def _narrowed(system: System, number: int, bounds: Bounds) -> list[int]:
    """Which counts the form bounds more narrowly than was known."""
    form = system.forms[number]
    low, high = bounds.low, bounds.high
    ends = []
    for position, sign in form.terms:
        least, greatest = low.get(position), high.get(position)
        if least is None or greatest is None:
            least = greatest = float(system.values[position])
        ends.append((sign * least, sign * greatest) if sign > 0 else (sign * greatest, sign * least))
    smallest, largest = sum(end[0] for end in ends), sum(end[1] for end in ends)
    changed = []
    for (position, sign), (least, greatest) in zip(form.terms, ends, strict=True):
        if position not in low:
            continue
        # sign · x = form − others; the form is at least 0, and at most 0 if it is known to be
        others_high = _without(largest, greatest, ends)
        others_low = _without(smallest, least, ends)
        found = []
        if others_high < INFINITE:
            found.append((-others_high, sign > 0))
        if form.zero and others_low > -INFINITE:
            found.append((-others_low, sign < 0))
        for bound, is_low in found:
            value = bound / sign
            if is_low and value > low[position] + 1e-9:
                low[position], bounds.why_low[position] = math.ceil(value - 1e-9), number
                changed.append(position)
            elif not is_low and value < high[position] - 1e-9:
                high[position], bounds.why_high[position] = math.floor(value + 1e-9), number
                changed.append(position)
    return changed


def _without(total: float, one: float, ends: list[tuple[float, float]]) -> float:
    """The total without one of its parts, where a part may be infinite."""
    if not math.isinf(one):
        return total - one
    place = 1 if one > 0 else 0
    infinite = sum(math.isinf(end[place]) for end in ends)
    return one if infinite > 1 else sum(end[place] for end in ends if not math.isinf(end[place]))


@dataclass(frozen=True)
class Extreme:
    """What a form can be at the least or the most, and the forms that keep it from more."""

    value: float
    binding: tuple[int, ...]


class Programme:
    """The hidden counts of a part of a system as a linear programme."""

    def __init__(self, system: System, hidden: set[int]) -> None:
        self.system = system
        self.place = {position: column for column, position in enumerate(sorted(hidden))}
        numbers = sorted({number for position in hidden for number in system.within[position]})
        self.zero = [number for number in numbers if system.forms[number].zero]
        self.positive = [number for number in numbers if not system.forms[number].zero]

    def extreme(self, form: Form, greatest: bool) -> Extreme:
        """The least or greatest that a form can be."""
        sign = -1.0 if greatest else 1.0
        costs, constant = self._row(form)
        objective = [0.0] * len(self.place)
        for column, factor in costs:
            objective[column] += sign * factor
        found = self._solved(objective, [], 0)
        if found is None:
            return Extreme(INFINITE if greatest else -INFINITE, ())
        prices = zip((*self.positive, *self.zero), (*found.ineqlin.marginals, *found.eqlin.marginals), strict=True)
        binding = tuple(number for number, price in prices if abs(price) > 1e-7)
        return Extreme(sign * float(found.fun) + constant, binding)

    def free(self, forms: Sequence[Form], greatest: bool, enough: float) -> set[int]:
        """Of many forms, by their place, those that one solution shows to reach `enough`, or to go down to it."""
        columns = len(self.place)
        rows, objective = [], [0.0] * columns + [-1.0 if greatest else 1.0] * len(forms)
        for extra, form in enumerate(forms):  # an own variable, on the safe side of the form and of `enough`
            terms, constant = self._row(form)
            sign = -1.0 if greatest else 1.0
            rows.append(
                ([(column, sign * factor) for column, factor in terms] + [(columns + extra, -sign)], -sign * constant)
            )
        found = self._solved(objective, rows, len(forms), enough, greatest)
        if found is None:
            return set()
        values = found.x[:columns]
        free = set()
        for number, form in enumerate(forms):
            terms, constant = self._row(form)
            value = constant + sum(factor * values[column] for column, factor in terms)
            if value >= enough - 1e-6 if greatest else value <= enough + 1e-6:
                free.add(number)
        return free

    def _row(self, form: Form) -> _Row:
        """The hidden counts of a form by their column, and the sum of its shown ones."""
        terms = [(self.place[position], float(sign)) for position, sign in form.terms if position in self.place]
        shown = sum(sign * self.system.values[position] for position, sign in form.terms if position not in self.place)
        return terms, float(shown)

    def _solved(
        self,
        objective: list[float],
        more: list[_Row],
        extra: int,
        enough: float = 0.0,
        greatest: bool = False,
    ) -> Any:
        """The solution; None if there is no bound. more: rows beside those of the forms, at most their right sides."""
        from scipy.optimize import linprog

        width = len(self.place) + extra
        forms = self.system.forms
        positive = [self._row(forms[number]) for number in self.positive]
        zero = [self._row(forms[number]) for number in self.zero]
        at_most = [([(column, -factor) for column, factor in terms], right) for terms, right in positive]
        equal = [(terms, -right) for terms, right in zero]
        upper, right_upper = _matrix([*at_most, *more], width)
        same, right_same = _matrix(equal, width)
        own = (None, enough) if greatest else (enough, None)
        bounds = [(0.0, None)] * len(self.place) + [own] * extra
        found = linprog(objective, upper, right_upper, same, right_same, bounds, method="highs")
        if found.status == 3:
            return None
        if found.status != 0:
            raise ArithmeticError(f"counts that do not hang together: {found.message}")
        return found


def _matrix(rows: list[_Row], width: int) -> tuple[Any, list[float] | None]:
    from scipy.sparse import csr_array

    if not rows:
        return None, None
    entries = [(row, column, factor) for row, (terms, _) in enumerate(rows) for column, factor in terms]
    at, columns, factors = zip(*entries, strict=True)
    return csr_array((factors, (at, columns)), shape=(len(rows), width)), [right for _, right in rows]
