"""Published numbers as they are printed: as their source prints them, with their marks."""

from __future__ import annotations

from collections.abc import Iterator

from remit.report.comparison.compared import Published
from remit.report.document import Number, Words, words
from remit.report.lookup import Result
from remit.report.numbers import DASH, NONE, SPACE, count, percent
from remit.report.wording import sentence
from remit.study.evidence.evidence import MARKS, Reported

WILSON = "Wilson 95 %"  # the method of an interval that is worked out
_COUNTED = "n is worked out: it is the only whole number of patients that gives the printed percentage."
_WORKED_OUT = "n is worked out from numbers of the source, which does not print it."
_NO_WHOLE = (
    "No whole number of patients gives the printed percentage, as where missing values are imputed many times: there "
    "is no count, and no interval of counts."
)
_NO_N = "How many patients reached it is not told: no interval of counts."
_NO_OF = "Of how many patients is not told: no interval of counts."
_PRINTED = "The interval is the one that the source prints."


def percent_of(theirs: Published) -> Result | None:
    return theirs.statistics.get("percent")


def percent_words(theirs: Published) -> Words:
    """38.9 %; 48 % [K]; — where no percentage is told"""
    found, told = percent_of(theirs), theirs.result.percent
    if found is None or found.value is None:
        return (NONE,)
    if told is None:
        return words(percent(found), f"{SPACE}%", _mark(theirs.result.n))
    return words(Number(told.text, found.id), f"{SPACE}%", _mark(told))


def percent_text(theirs: Published) -> str:
    """48 [K]"""
    return "".join(part if isinstance(part, str) else part.text for part in percent_words(theirs)).replace(
        f"{SPACE}%", "", 1
    )


def counts_words(theirs: Published) -> Words:
    """126/324; 5/39 [K], a mark of both; of 350; nothing where neither is told"""
    found, n, of = percent_of(theirs), theirs.result.n, theirs.result.of
    if found is None or of is None:
        return ()
    total = words(Number(of.text, found.id, "denominator"), _mark(of))
    if found.numerator is None:
        return words("of ", total)
    counted = Number(n.text, found.id, "numerator") if n is not None else count(found, "numerator")
    own = "" if _mark(n) == _mark(of) else _mark(n)
    return words(counted, own, "/", total)


def interval_words(theirs: Published) -> Words:
    """33.7–44.3, as it is worked out or as the source prints it; nothing where there is none"""
    lower, upper = theirs.statistics.get("lower"), theirs.statistics.get("upper")
    if lower is None or upper is None or lower.value is None or upper.value is None:
        return ()
    low, high = theirs.result.low, theirs.result.high
    if low is None or high is None or not _is_printed(theirs):
        return words(percent(lower), DASH, percent(upper))
    return words(Number(low.text, lower.id), _mark(low), DASH, Number(high.text, upper.id), _mark(high))


def _is_printed(theirs: Published) -> bool:
    """Whether the interval is that of the source."""
    return theirs.statistics["lower"].method not in (None, WILSON)


def has_interval(theirs: Published) -> bool:
    return bool(interval_words(theirs))


def notes_of(theirs: Published) -> tuple[Words, ...]:
    """How n was worked out, or why there is no interval; and what the evidence notes of the number."""
    return tuple((text,) for text in _notes(theirs))


def _notes(theirs: Published) -> Iterator[str]:
    result = theirs.result
    if result.percent is not None and result.of is None:
        yield _NO_OF
    elif result.percent is not None and (not result.fits or result.counts == ()):
        yield _NO_WHOLE
    elif result.percent is not None and result.n is None:
        yield _NO_N
    elif result.n is not None and result.n.certainty == "D":
        yield _COUNTED if result.counts is not None and len(result.counts) == 1 else _WORKED_OUT
    if has_interval(theirs) and _is_printed(theirs):
        yield _PRINTED
    if result.note:
        yield sentence(result.note)


def _mark(number: Reported | None) -> str:
    return number.mark.replace(" ", SPACE) if number is not None else ""


def marks_note(published: tuple[Published, ...]) -> tuple[Words, ...]:
    """What the marks that are used mean; none where every number is sure."""
    results = [each.result for each in published]
    shown = [number for each in results for number in (each.percent, each.n, each.of, each.low, each.high)]
    used = {number.certainty for number in shown if number is not None and number.mark}
    if not used:
        return ()
    said = "; ".join(f"[{mark}] {meaning}" for mark, meaning in MARKS.items() if mark in used)
    sure = "numbers without a mark were read, worked out from such numbers, or are long established"
    return ((f"Marks of published numbers: {said}; {sure}.",),)
