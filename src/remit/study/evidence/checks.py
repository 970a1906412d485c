"""The arithmetic of a published number: what cannot be, and what does not fit together."""

from __future__ import annotations

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
    if name in NOT_0 and number.value == 0:
        raise here.wrong(f"{name} cannot be 0", "Leave it out where it is not known.")


def check_result(result: PublishedResult, place: Place) -> None:
    """The numbers of one arm together: n within its denominator, an interval from low to high, and the percentage that
    of some n, unless the file says `fits: no`. Raises WrongInput."""
    n, of = result.n, result.of
    if n is not None and of is not None and n.value > of.value:
        raise (place / "n").wrong(f"{n.text} of {of.text} patients", "n cannot be above its denominator.")
    _check_interval(result, place)
    _check_fit(result, place)


def _check_interval(result: PublishedResult, place: Place) -> None:
    percent, low, high = result.percent, result.low, result.high
    if low is None or high is None:
        return
    if low.value > high.value:
        raise (place / "low").wrong(f"the interval goes from {low.text} to {high.text}", "Exchange them.")
    if percent is not None and not low.value <= percent.value <= high.value:
        what = f"{percent.text} % lies outside its interval, {low.text} to {high.text}"
        raise (place / "percent").wrong(what, "Look the three up again.")
    if percent is not None and (low.value < 0 or high.value > 100):
        what = f"{percent.text} % has an interval beyond 0 to 100 %, {low.text} to {high.text}"
        raise (place / "low").wrong(what, "Look it up again.")


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
