"""The exact tipping map: what every possible end of the unknown patients would do to the conclusion.

Nothing is assumed and nothing drawn: m unknown patients can end in m + 1 ways, those of two groups in the product. The
idea is that of S. Hollis, Statistics in Medicine 2002;21:3823-34, and X. Yan, S. Lee, N. Li, Journal of
Biopharmaceutical Statistics 2009;19:1085-98.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, cast

from remit.inference.benchmark import binomial_p
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.fisher import fisher_p
from remit.inference.proportions import intervals
from remit.inference.score import score_intervals, score_p
from remit.inference.two_proportions import newcombe_intervals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Conclusion = Literal["below", "not distinguished", "above"]
DecidedBy = Literal["interval", "test"]
Interval = Literal["Newcombe", "Miettinen-Nurminen"]
Test = Literal["Fisher", "score"]
_TEST_NAMES: dict[Test, str] = {"Fisher": "Fisher's exact test", "score": "score test with N − 1"}
_DIGITS = 12  # of a p-value, so that one of 1/20 is at most 0.05 however the floats fall
_CONCLUSIONS: tuple[Conclusion, ...] = ("below", "not distinguished", "above")


@dataclass(frozen=True)
class Group:
    """Patients: those evaluable with how many of them respond, and those of whom it is unknown."""

    responders: int
    evaluable: int
    unknown: int

    def __post_init__(self) -> None:
        if not 0 <= self.responders <= self.evaluable or self.unknown < 0:
            raise ValueError(f"{self.responders} of {self.evaluable} with {self.unknown} unknown are no group")

    @property
    def of(self) -> int:
        return self.evaluable + self.unknown


@dataclass(frozen=True)
class Completion:
    """One way in which the unknown ended, so many `responding`. p, conclusion: None without a benchmark."""

    responding: int
    estimate: Estimate
    conclusion: Conclusion | None


@dataclass(frozen=True)
class Stretch:
    """Neighbouring completions with one conclusion: it holds if `fewest` to `most` of the `unknown` respond."""

    conclusion: Conclusion
    fewest: int
    most: int
    unknown: int

    @property
    def lowest_share(self) -> float | None:
        """Of the unknown; None if there are none."""
        return self.fewest / self.unknown if self.unknown else None

    @property
    def highest_share(self) -> float | None:
        return self.most / self.unknown if self.unknown else None


@dataclass(frozen=True)
class TippingMap:
    """observed: of the evaluable alone, as if nobody were unknown. completions: by the number who respond, from 0 on.

    stretches: where the conclusion turns; empty without a benchmark.
    """

    group: Group
    benchmark: float | None
    observed: Completion
    completions: tuple[Completion, ...]
    stretches: tuple[Stretch, ...]

    @property
    def holds(self) -> bool | None:
        """Whether the conclusion from the evaluable holds however the unknown ended; None if there is none."""
        if self.observed.conclusion is None:
            return None
        return all(each.conclusion == self.observed.conclusion for each in self.completions)


@dataclass(frozen=True, eq=False)
class TippingGrid:
    """Of two groups: arrays with a row for each number of the first group's unknown who respond, from 0 on, and a
    column for each of the second's; differences as proportions, first minus second; conclusions about the first.

    observed: of the evaluable alone, its conclusion None if a group has none.
    """

    group: Group
    other: Group
    method: str
    difference: Floats
    lower: Floats
    upper: Floats
    p: Floats
    conclusions: NDArray[Any]
    observed: Estimate
    observed_conclusion: Conclusion | None

    @property
    def holds(self) -> bool | None:
        """Whether the conclusion from the evaluable holds however the unknown ended; None if there is none."""
        return None if self.observed_conclusion is None else bool((self.conclusions == self.observed_conclusion).all())

    def stretches(self, other_responding: int) -> tuple[Stretch, ...]:
        """Where the conclusion turns with the first group's unknown, if so many of the second's respond."""
        return _stretches(self.conclusions[:, other_responding].tolist())


def tipping_map(
    group: Group,
    benchmark: float | None = None,
    method: str = "Wilson",
    decided_by: DecidedBy = "interval",
    confidence: float = CONFIDENCE,
) -> TippingMap:
    """All ways in which the unknown of one group may have ended, each with its interval and, against a benchmark, its
    exact two-sided p and the conclusion: `above` or `below` if the interval lies there, or if p is at most
    1 − confidence.

    method: one of inference.proportions.METHODS. Raises ValueError for another, and unless 0 < benchmark < 1.
    """
    import numpy as np

    if group.of == 0:
        return TippingMap(group, benchmark, _nobody(method, confidence), (), ())
    counts = group.responders + np.arange(group.unknown + 1)
    completions = _completions(counts, group.of, benchmark, method, decided_by, confidence)
    observed = _nobody(method, confidence)
    if group.evaluable:
        (observed,) = _completions(
            np.array([group.responders]), group.evaluable, benchmark, method, decided_by, confidence
        )
    found = [each.conclusion for each in completions if each.conclusion is not None]
    return TippingMap(group, benchmark, observed, completions, _stretches(found))


def tipping_grid(
    group: Group,
    other: Group,
    method: Interval = "Newcombe",
    test: Test = "Fisher",
    decided_by: DecidedBy = "interval",
    confidence: float = CONFIDENCE,
) -> TippingGrid:
    """All ways in which the unknown of two groups may have ended, each with difference, interval, p and conclusion.

    Raises ValueError if nobody is in one of the groups.
    """
    import numpy as np

    if not (group.of and other.of):
        raise ValueError("nobody is in one of the groups")
    counts = group.responders + np.arange(group.unknown + 1)[:, None]
    other_counts = other.responders + np.arange(other.unknown + 1)
    found = _compared(counts, group.of, other_counts, other.of, method, test, decided_by, confidence)
    called = f"{method} {100 * confidence:g} %, {_TEST_NAMES[test]}"
    if not (group.evaluable and other.evaluable):
        observed = Estimate(None, called, note="nobody is evaluable in one of the groups")
        return TippingGrid(group, other, called, *found, observed, None)
    seen = np.array(group.responders), group.evaluable, np.array(other.responders), other.evaluable
    *numbers, conclusions = _compared(*seen, method, test, decided_by, confidence)
    value, lower, upper, p = (float(each) for each in numbers)
    conclusion = cast("Conclusion", conclusions.item())
    return TippingGrid(group, other, called, *found, Estimate(value, called, lower, upper, p), conclusion)


def _completions(
    counts: NDArray[Any], of: int, benchmark: float | None, method: str, decided_by: DecidedBy, confidence: float
) -> tuple[Completion, ...]:
    shares = counts / of
    lower, upper = intervals(counts, of, method, confidence)
    called = f"{method} {100 * confidence:g} %"
    responding = range(len(counts))
    if benchmark is None:
        rows = zip(responding, shares.tolist(), lower.tolist(), upper.tolist(), strict=True)
        return tuple(Completion(k, Estimate(share, called, low, high), None) for k, share, low, high in rows)
    called += f", exact binomial test against {100 * benchmark:g} %"
    ps = binomial_p(counts, of, benchmark)
    conclusions = _conclusions(shares, lower, upper, ps, benchmark, decided_by, confidence)
    tested = zip(
        responding, shares.tolist(), lower.tolist(), upper.tolist(), ps.tolist(), conclusions.tolist(), strict=True
    )
    return tuple(
        Completion(k, Estimate(share, called, low, high, p), conclusion)
        for k, share, low, high, p, conclusion in tested
    )


def _nobody(method: str, confidence: float) -> Completion:
    return Completion(0, Estimate(None, f"{method} {100 * confidence:g} %", note="nobody is evaluable"), None)


def _compared(
    n: NDArray[Any],
    of: int,
    other_n: NDArray[Any],
    other_of: int,
    method: Interval,
    test: Test,
    decided_by: DecidedBy,
    confidence: float,
) -> tuple[Floats, Floats, Floats, Floats, NDArray[Any]]:
    ends = newcombe_intervals if method == "Newcombe" else score_intervals
    lower, upper = ends(n, of, other_n, other_of, confidence=confidence)
    difference = n / of - other_n / other_of
    p = (fisher_p if test == "Fisher" else score_p)(n, of, other_n, other_of)
    return difference, lower, upper, p, _conclusions(difference, lower, upper, p, 0.0, decided_by, confidence)


def _conclusions(
    value: Floats, lower: Floats, upper: Floats, p: Floats, against: float, decided_by: DecidedBy, confidence: float
) -> NDArray[Any]:
    import numpy as np

    if decided_by == "interval":
        side = (lower > against).astype(int) - (upper < against).astype(int)
    else:
        claimed = p.round(_DIGITS) <= round(1 - confidence, _DIGITS)
        side = np.where(claimed, np.sign(value - against), 0).astype(int)
    found: NDArray[Any] = np.array(_CONCLUSIONS)[side + 1]
    return found


def _stretches(conclusions: Sequence[Conclusion]) -> tuple[Stretch, ...]:
    """conclusions: by the number of the unknown who respond."""
    runs = [[number for number, _ in run] for _, run in groupby(enumerate(conclusions), key=lambda each: each[1])]
    return tuple(Stretch(conclusions[run[0]], run[0], run[-1], len(conclusions) - 1) for run in runs)
