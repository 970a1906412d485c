"""What follows for hidden counts from those that are shown, and from how counts hang together.

Counts are whole numbers from 0 on. A form is a sum of counts with signs that cannot be negative: the patients in one
set and not in another that lies in it. A reader who knows the forms and the shown counts can bound each hidden one:
this module finds the bounds, by passing them from form to form (quick, not always as narrow as can be), or by linear
programming (exact for real numbers).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

INFINITE = math.inf
Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Form:
    """`terms`: counts, by their position, with their signs. `zero`: everybody knows that the sum is 0."""

    terms: tuple[tuple[int, int], ...]
    zero: bool = False

    def at(self, values: Sequence[float]) -> float:
        return sum(sign * values[position] for position, sign in self.terms)


@dataclass(frozen=True)
class Entries:
    """The terms of all forms one after the other: of which form, which count, with which sign."""

    form: Places
    count: Places
    sign: Floats

    def where(self, chosen: NDArray[np.bool_]) -> Entries:
        return Entries(self.form[chosen], self.count[chosen], self.sign[chosen])


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

    @cached_property
    def entries(self) -> Entries:
        terms = [(number, *term) for number, form in enumerate(self.forms) for term in form.terms]
        form, count, sign = np.array(terms, dtype=np.intp).reshape(-1, 3).T
        return Entries(form, count, sign.astype(float))

    @cached_property
    def zero(self) -> NDArray[np.bool_]:
        return np.array([form.zero for form in self.forms], dtype=bool)

    @cached_property
    def matrix(self) -> Any:
        """Sparse: a row a form, a column a count."""
        from scipy.sparse import csr_array

        entries = self.entries
        return csr_array((entries.sign, (entries.form, entries.count)), shape=(len(self.forms), len(self.values)))

    def linked(self, start: Iterable[int], hidden: set[int]) -> set[int]:
        """The hidden counts among `start`, and those that hang together with them through forms."""
        waiting = [position for position in start if position in hidden]
        found, met = set(waiting), set[int]()
        while waiting:
            for number in self.within[waiting.pop()]:
                if number not in met:
                    met.add(number)
                    new = {other for other, _ in self.forms[number].terms if other in hidden and other not in found}
                    found |= new
                    waiting += new
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


_ROUNDS = 50  # all forms are looked at so often: bounds that go on narrowing by ones are left to the linear programme


def passed(system: System, hidden: set[int]) -> Bounds:
    """The bounds of `hidden`, passed from form to form until nothing changes."""
    low = np.array(system.values, dtype=float)
    high = low.copy()
    gone = np.array(sorted(hidden), dtype=np.intp)
    low[gone], high[gone] = 0.0, INFINITE
    why_low, why_high = (np.full(len(low), -1, dtype=np.intp) for _ in range(2))
    is_hidden, changed = np.zeros(len(low), dtype=bool), np.zeros(len(low), dtype=bool)
    is_hidden[gone] = changed[gone] = True
    for _ in range(_ROUNDS):
        least, greatest, entries = _implied(system, low, high, changed, is_hidden)
        raised = _taken(least, low, why_low, entries, np.maximum)
        lowered = _taken(greatest, high, why_high, entries, np.minimum)
        changed[:] = False
        changed[raised] = changed[lowered] = True
        if not changed.any():
            break
    ends = (_by_count(gone, end) for end in (low, high))
    reasons = (_by_count(gone[why[gone] >= 0], why) for why in (why_low, why_high))
    return Bounds(*ends, *reasons)


def _by_count(counts: Places, values: NDArray[Any]) -> dict[int, Any]:
    return dict(zip(counts.tolist(), values[counts].tolist(), strict=True))


def _implied(
    system: System, low: Floats, high: Floats, changed: NDArray[np.bool_], is_hidden: NDArray[np.bool_]
) -> tuple[Floats, Floats, Entries]:
    """What each form with a changed count says of its hidden ones: the least and the greatest that they can be."""
    touched = np.zeros(len(system.forms), dtype=bool)
    touched[system.entries.form[changed[system.entries.count]]] = True
    entries = system.entries.where(touched[system.entries.form])
    form, count, sign = entries.form, entries.count, entries.sign
    up = sign > 0
    smallest = sign * np.where(up, low[count], high[count])
    largest = sign * np.where(up, high[count], low[count])
    # sign · x = form − others; the form is at least 0, and at most 0 if it is known to be
    at_least = -_others(form, largest, INFINITE)
    at_most = np.where(system.zero[form], -_others(form, smallest, -INFINITE), INFINITE)
    hidden = is_hidden[count]
    entries, up = entries.where(hidden), up[hidden]
    one, other = at_least[hidden] / entries.sign, at_most[hidden] / entries.sign
    least, greatest = np.where(up, one, other), np.where(up, other, one)
    return np.ceil(least - 1e-9), np.floor(greatest + 1e-9), entries


def _others(form: Places, ends: Floats, infinite: float) -> Floats:
    """By term, the sum of the ends of the other terms of its form; infinite if one of them is."""
    endless = np.isinf(ends)
    finite = np.where(endless, 0.0, ends)
    total, number = np.bincount(form, finite), np.bincount(form, endless)
    return np.where(number[form] - endless > 0, infinite, total[form] - finite)


def _taken(implied: Floats, bounds: Floats, why: Places, entries: Entries, narrower: np.ufunc) -> Places:
    """Take what is narrower; of which counts."""
    better = narrower(implied, bounds[entries.count]) != bounds[entries.count]
    counts: Places = entries.count[better][::-1]
    values, forms = implied[better][::-1], entries.form[better][::-1]
    narrower.at(bounds, counts, values)
    best = values == bounds[counts]
    why[counts[best]] = forms[best]  # of several, the first form: the last that is written
    return counts


@dataclass(frozen=True)
class Extreme:
    """What a form can be at the least or the most, and the forms that keep it from more."""

    value: float
    binding: tuple[int, ...]


class Programme:
    """The hidden counts of a part of a system as a linear programme."""

    def __init__(self, system: System, hidden: set[int]) -> None:
        self.values = np.array(system.values, dtype=float)
        self.columns = np.array(sorted(hidden), dtype=np.intp)
        self.values[self.columns] = 0.0  # what is left is shown
        numbers = np.array(sorted({n for position in hidden for n in system.within[position]}), dtype=np.intp)
        zero = system.zero[numbers]
        self.positive, self.zero = numbers[~zero], numbers[zero]
        at_least, equal = system.matrix[self.positive], system.matrix[self.zero]
        self.upper, self.right_upper = -at_least[:, self.columns], at_least @ self.values
        self.same, self.right_same = equal[:, self.columns], -(equal @ self.values)

    def extreme(self, form: Form, greatest: bool) -> Extreme:
        """The least or greatest that a form can be."""
        sign = -1.0 if greatest else 1.0
        row, constant = self._rows([form])
        found = self._solved(sign * row.toarray()[0], self.upper, self.right_upper, [(0.0, None)] * len(self.columns))
        if found is None:
            return Extreme(INFINITE if greatest else -INFINITE, ())
        prices = zip((*self.positive, *self.zero), (*found.ineqlin.marginals, *found.eqlin.marginals), strict=True)
        binding = tuple(int(number) for number, price in prices if abs(price) > 1e-7)
        return Extreme(sign * float(found.fun) + float(constant[0]), binding)

    def free(self, forms: Sequence[Form], greatest: bool, enough: float) -> set[int]:
        """Of many forms, by their place, those that one solution shows to reach `enough`, or to go down to it."""
        from scipy.sparse import block_array, eye_array

        # each form has an own variable, on the safe side of the form and of `enough`
        sign, columns, many = (-1.0 if greatest else 1.0), len(self.columns), len(forms)
        rows, constants = self._rows(forms)
        upper = block_array([[self.upper, None], [sign * rows, -sign * eye_array(many)]], format="csr")
        own = (None, enough) if greatest else (enough, None)
        found = self._solved(
            np.concatenate((np.zeros(columns), np.full(many, sign))),
            upper,
            np.concatenate((self.right_upper, -sign * constants)),
            [(0.0, None)] * columns + [own] * many,
        )
        if found is None:
            return set()
        reached = rows @ found.x[:columns] + constants
        free = reached >= enough - 1e-6 if greatest else reached <= enough + 1e-6
        return set(np.flatnonzero(free).tolist())

    def _rows(self, forms: Sequence[Form]) -> tuple[Any, Floats]:
        """The hidden counts of forms as rows of a sparse matrix, and by form the sum of its shown ones."""
        from scipy.sparse import csr_array

        terms = [(row, *term) for row, form in enumerate(forms) for term in form.terms]
        at, counts, signs = np.array(terms, dtype=np.intp).T
        rows = csr_array((signs.astype(float), (at, counts)), shape=(len(forms), len(self.values)))
        return rows[:, self.columns], rows @ self.values

    def _solved(self, objective: Floats, upper: Any, right_upper: Floats, bounds: list[Any]) -> Any:
        """The solution; None if there is no bound."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array, hstack

        own = csr_array((len(self.right_same), len(objective) - len(self.columns)))
        same: Any = hstack([self.same, own], format="csr")
        found: Any = linprog(objective, upper, right_upper, same, self.right_same, bounds, method="highs")
        if found.status == 3:
            return None
        if found.status != 0:
            raise ArithmeticError(f"counts that do not hang together: {found.message}")
        return found
