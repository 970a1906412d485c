"""The arithmetic of a published number: what cannot be, and what does not fit together."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from remit.study.evidence.evidence import PublishedResult, Reported
from remit.study.place import Place

COUNTED = ("n", "of", "events", "weeks")  # whole numbers, of 0 or more
NOT_BELOW_0 = ("sd", "rate", "person_years")
NOT_0 = ("of", "level", "person_years")


def check_number(name: str, number: Reported | None, place: Place) -> None:
    """One number by itself; `place` holds it under `name`. Raises WrongInput."""
    if number is None:
        return
    here = place / name
    if number.certainty == "K-":
        remedy = "Read it in a source, or leave it out."
        raise here.wrong(f"{number.text} is of low confidence (K-): too little to set beside results", remedy)
    if name in COUNTED and (number.text.startswith("-") or number.decimals):
        raise here.wrong(f"{name} cannot be {number.text}", "It takes a whole number.")
    if name == "percent" and (number.text.startswith("-") or number.value > 100):
        raise here.wrong(f"a percentage cannot be {number.text}", "It lies from 0 to 100.")
    if name in NOT_BELOW_0 and number.value < 0:
        raise here.wrong(f"{name} cannot be {number.text}", "It is 0 or more.")
    if name == "level" and not 0 <= number.value < 100:
        raise here.wrong(f"an interval of {number.text} %", "It lies between 0 and 100, as in 95 V.")
    if name in NOT_0 and number.value == 0:
        raise here.wrong(f"{name} cannot be 0", "Leave it out where it is not known.")


def check_result(result: PublishedResult, arm: Reported | None, place: Place) -> None:
    """The numbers of one arm together: at least one; n within its denominator, and that within `arm`, the patients of
    the arm; an interval from low to high, quartiles around the median, a rate that is events by time; and the
    percentage that of some n, unless the file says `fits: no`. Raises WrongInput."""
    if not any(name != "of" for name in result.numbers):
        raise place.wrong_name(f"{result.arm} has no number", "Add `percent:` or another; or leave the arm out.")
    n, of = result.n, result.of
    if n is not None and of is not None and n.value > of.value:
        raise (place / "n").wrong(f"{n.text} of {of.text} patients", "n cannot be above its denominator.")
    if of is not None and arm is not None and of.value > arm.value:
        what = f"of {of.text} patients, and the arm has {arm.text}"
        raise (place / "of").wrong(what, "Correct one of the two: a denominator is some of the arm, or all of it.")
    if result.estimated and result.percent is not None and n is not None:
        what = f"{result.percent.text} % is estimated over time, and {n.text} are counted"
        remedy = "Leave out `n:`; where all were followed to the end, it is not `time to event` but `none missing`."
        raise (place / "n").wrong(what, remedy)
    _check_interval(result, place)
    _check_quartiles(result, place)
    _check_rate(result, place)
    _check_fit(result, place)


def _check_interval(result: PublishedResult, place: Place) -> None:
    percent, low, high = result.percent, result.low, result.high
    if low is None and high is None:
        if result.level is not None:
            raise (place / "level").wrong("the level of an interval, and no interval", "Add `low:` and `high:`.")
        return
    if low is None or high is None:
        there, lacks = ("high", "low") if low is None else ("low", "high")
        raise (place / there).wrong(f"an interval with `{there}`, and without `{lacks}`", f"Add `{lacks}:`.")
    if low.value > high.value:
        raise (place / "low").wrong(f"the interval goes from {low.text} to {high.text}", "Exchange them.")
    if percent is not None and not low.value <= percent.value <= high.value:
        what = f"{percent.text} % lies outside its interval, {low.text} to {high.text}"
        raise (place / "percent").wrong(what, "Look the three up again.")
    if percent is not None and (low.value < 0 or high.value > 100):
        what = f"{percent.text} % has an interval beyond 0 to 100 %, {low.text} to {high.text}"
        raise (place / "low").wrong(what, "Look it up again.")


def _check_quartiles(result: PublishedResult, place: Place) -> None:
    told = [(name, getattr(result, name)) for name in ("q1", "median", "q3")]
    known = [(name, number) for name, number in told if number is not None]
    for (_, less), (name, more) in pairwise(known):
        if less.value > more.value:
            raise (place / name).wrong(f"{name} is {more.text}, below {less.text}", "Look the quartiles up again.")


def _check_rate(result: PublishedResult, place: Place) -> None:
    """Per 100 person-years, as far as the last digits that were printed tell."""
    rate, events, years = result.rate, result.events, result.person_years
    if rate is None or events is None or years is None:
        return
    low, high = (100 * events.value / (years.value + sign * _last(years)) for sign in (1, Fraction(-1, 2)))
    if not low - _last(rate) <= rate.value <= high + _last(rate):
        what = f"{events.text} events in {years.text} person-years are not {rate.text} per 100 person-years"
        raise (place / "rate").wrong(what, "Look the three up again.")


def _last(number: Reported) -> Fraction:
    """One unit of the last digit that was printed."""
    return Fraction(1, 10**number.decimals)


def _check_fit(result: PublishedResult, place: Place) -> None:
    percent, n, of, counts = result.percent, result.n, result.of, result.counts
    if percent is None or of is None or counts is None:
        if not result.fits:
            what = "there is nothing to fit: no percentage of a known number of patients"
            raise (place / "fits").wrong(what, "Remove `fits: no`.")
        return
    fits = bool(counts) if n is None else n.value in counts
    if fits == result.fits:
        return
    if fits:
        shown = n.text if n is not None else " or ".join(str(count) for count in counts)
        raise (place / "fits").wrong(f"{percent.text} % fits: it is {shown} of {of.text}", "Remove `fits: no`.")
    if n is not None:
        what = f"{n.text} of {of.text} is not {percent.text} %, however one rounds"
    else:
        what = f"no whole number of {of.text} patients is {percent.text} %"
    remedy = "Look it up again. If it was published so, add `fits: no`, and a `note:` that says why if that is known."
    raise (place / "percent").wrong(what, remedy)
