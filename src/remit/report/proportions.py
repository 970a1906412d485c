"""A proportion as it is printed: n/N, percent, its interval, and how many are not known."""

from __future__ import annotations

from dataclasses import dataclass

from remit.report.document import Cell, Interval, Number, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import MissingResult, Result, Statistics
from remit.report.numbers import DASH, SPACE, count, percent


@dataclass(frozen=True)
class Proportion:
    """n of `of`; the percentage and its ends are None in value where nobody is in the denominator."""

    n: Result
    percent: Result
    lower: Result
    upper: Result

    @property
    def of(self) -> int:
        if self.n.denominator is None:
            raise MissingResult(f"{self.n.id} has no denominator")
        return self.n.denominator

    @property
    def unknown(self) -> int:
        if self.n.missing is None:
            raise MissingResult(f"{self.n.id} does not say how many are missing")
        return self.n.missing

    @property
    def known(self) -> bool:
        """Whether anybody is in the denominator."""
        return self.of > 0


def proportion(statistics: Statistics, counted: str = "n") -> Proportion:
    """Of one address; `counted` is the statistic that counts. Raises MissingResult."""
    try:
        return Proportion(*(statistics[name] for name in (counted, "percent", "lower", "upper")))
    except KeyError as missing:
        some = next(iter(statistics.values()))
        raise MissingResult(f"beside {some.id} there is no {missing.args[0]}") from None


def fraction(share: Proportion) -> Words:
    """5/8"""
    return words(count(share.n), "/", count(share.n, "denominator"))


def share_of(share: Proportion) -> Words:
    """5/8 (62.5 %); 0/0 where nobody is known."""
    if not share.known:
        return fraction(share)
    return words(fraction(share), " (", percent(share.percent), f"{SPACE}%)")


def in_percent(share: Proportion) -> Words:
    return words(percent(share.percent), f"{SPACE}%") if share.known else (percent(share.percent),)


def ends(share: Proportion, between: str = DASH) -> Words:
    """39.6–63.4"""
    return words(percent(share.lower), between, percent(share.upper))


def confidence(share: Proportion) -> Words:
    """95 % CI, as the interval's method says it: "Wilson 95 %"."""
    return words(level_of(share.lower), f"{SPACE}CI")


def level_of(end: Result) -> Number:
    """95 %, of the end of an interval, as its method says it"""
    return Number(SPACE.join((end.method or "").split()[-2:]), end.id, "method")


def interval_words(share: Proportion, say: Language = ENGLISH) -> Words:
    """95 % CI 39.6 to 63.4; of nobody, 95 % CI not given"""
    if not share.known:
        return say("{level}~CI not given", level=level_of(share.lower))
    low, high = percent(share.lower), percent(share.upper)
    return say("{level}~CI {low} to {high}", level=level_of(share.lower), low=low, high=high)


def spelled(share: Proportion, say: Language = ENGLISH) -> Words:
    """33 of 64"""
    return say("{n}~of~{of}", n=count(share.n), of=count(share.n, "denominator"))


def unknown(share: Proportion) -> Number:
    return count(share.n, "missing")


def unknown_cell(result: Result) -> Cell:
    """The cell of a column "Unknown": a zero is there, and does not shout."""
    return Cell((words(count(result, "missing")),), muted=not result.missing)


def drawn(share: Proportion, reference: float) -> Interval:
    """The interval for a cell that draws it."""
    low, value, high = share.lower.value, share.percent.value, share.upper.value
    if low is None or value is None or high is None:
        return Interval(None, reference)
    return Interval((low, value, high), reference)
