"""Draws as written → draws that can be made: whatever cannot come out as declared is refused, with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from remit.errors import WrongInput
from remit.language.types import Date, Level, Number, Text, Type, YesNo, name_of
from remit.study.bands import shown
from remit.study.codes import alike
from remit.study.place import Place
from remit.study.simulate_model import DrawPart
from remit.study.simulation import Draw, Normal, Quartiles, Shares, Uniform
from remit.study.written import Range

KINDS: tuple[tuple[str, ...], ...] = (
    ("value",),
    ("share",),
    ("shares",),
    ("mean", "sd"),
    ("median", "quartiles"),
    ("between",),
)
OF_NUMBERS = ("value", "shares", "mean", "median", "between")
OF_TYPE: Mapping[type, Sequence[str]] = {
    Number: OF_NUMBERS,
    Date: OF_NUMBERS,
    YesNo: ("value", "share"),
    Level: ("value", "shares"),
    Text: ("value", "shares"),
}
MOST_SKEWED = 10  # beyond, few patients would carry mean and sd

EXAMPLES = {
    Number: "{mean: 10, sd: 3}, {median: 8, quartiles: [5, 12]}, [0, 10] or {shares: {1: 60 %, 2: 40 %}}",
    Date: "{before: index, unit: years, mean: 40, sd: 10}",
    YesNo: "30 %",
    Level: "{shares: {mild: 70 %, severe: 30 %}}",
    Text: "{shares: {one: 70 %, other: 30 %}}",
}


def merged(base: DrawPart, other: DrawPart) -> DrawPart:
    """What is written for a visit goes before what is written for all; another kind of draw replaces the whole."""
    told = {key: getattr(other, key) for key in other.model_fields_set}
    kept = {key: getattr(base, key) for key in DrawPart.model_fields if getattr(base, key) is not None}
    for kind in KINDS:
        if told.keys() & set(kind):
            kept = {key: value for key, value in kept.items() if key in (*kind, "missing")}
    return DrawPart.model_construct(**{**kept, **told})


def draw_of(part: DrawPart, kind: Type, limits: Range, place: Place, not_done: Iterable[str] = ()) -> Draw | None:
    """The draw that is written, of values of this type; None if only other things are told. Raises WrongInput.

    limits: the range of the field. not_done: what charts write for a value that is not known.
    """
    given = [names for names in KINDS if any(getattr(part, name) is not None for name in names)]
    if not given:
        return None
    if len(given) > 1:
        both = " and ".join(names[0] for names in given)
        raise place.wrong(f"the shape is told in more than one way: {both}", "Leave one of them.")
    (names,) = given
    allowed = OF_TYPE[type(kind)]
    if names[0] not in allowed:
        raise _at(place, names[0]).wrong(
            f"{names[0]} does not fit {name_of(kind)}", f"It takes {EXAMPLES[type(kind)]}."
        )
    for name in names:
        if getattr(part, name) is None:
            raise place.wrong(f"the shape has no {name}", f"Write both, {' and '.join(names)}.")
    match kind:
        case YesNo():
            return _yes_no(part, place)
        case Level(levels=levels):
            return _named(part, place, levels)
        case Text():
            return _texts(part, place, not_done)
    decimals = kind.decimals if isinstance(kind, Number) else 9
    return _numbers(part, place, limits, decimals)


def _at(place: Place, key: str) -> Place:
    """The value behind a key, where it is written so; a short form has none."""
    return place / key if (*place.key, key) in place.document.marks else place


def _yes_no(part: DrawPart, place: Place) -> Shares:
    words = {"yes": Fraction(1), "no": Fraction(0)}
    share = part.share
    if share is None:
        written = (part.value or "").lower()
        share = words.get(written)
        if share is None:
            share = _share(part.value or "", place)
    return Shares((False, True), (float(1 - share), float(share)))


def _share(written: str, place: Place) -> Fraction:
    number = written.removesuffix("%").strip()
    try:
        share = Fraction(number) / (100 if written.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise place.wrong(f"'{written}' is no share of those who say yes", "Write 30 %, yes or no.")
    return share


def shares_of(written: Mapping[str, Fraction], place: Place) -> tuple[float, ...]:
    """Shares that add up to 1, exactly. Raises WrongInput."""
    total = sum(written.values(), Fraction(0))
    if total != 1:
        raise place.wrong_name(f"the shares add up to {_percent(total)}", "They are of everybody: 100 % together.")
    return tuple(float(share) for share in written.values())


def _named(part: DrawPart, place: Place, levels: Sequence[str]) -> Shares:
    if part.value is not None:
        _at(place, "value").known(part.value, levels, "level")
        return Shares((part.value,), (1.0,))
    shares, here = part.shares or {}, place / "shares"
    for level in shares:
        (here / level).known_key(levels, "level")
    return Shares(tuple(shares), shares_of(shares, here))


def _texts(part: DrawPart, place: Place, not_done: Iterable[str]) -> Shares:
    markers = {alike(marker) for marker in not_done}
    shares = {part.value: Fraction(1)} if part.value is not None else part.shares or {}
    for text in shares:
        if alike(text) in markers:
            raise place.wrong(f"'{text}' says in this study's charts that nothing is known", "Use `missing:` for it.")
    if part.value is not None:
        return Shares((" ".join(part.value.split()),), (1.0,))
    return Shares(tuple(" ".join(text.split()) for text in shares), shares_of(shares, place / "shares"))


# Numbers


def _numbers(part: DrawPart, place: Place, limits: Range, decimals: int) -> Draw:
    if part.value is not None:
        here = _at(place, "value")
        return Shares((float(_number(part.value, here.wrong, limits, decimals)),), (1.0,))
    if part.shares is not None:
        here = place / "shares"
        values = tuple(
            float(_number(written, (here / written).wrong_name, limits, decimals)) for written in part.shares
        )
        return Shares(values, shares_of(part.shares, here))
    if part.between is not None:
        low, high = part.between
        here = _at(place, "between")
        for bound in (low, high):
            _inside("this", bound, limits, here.wrong)
        if low > high:
            raise here.wrong("the greatest value stands before the least", "Write the least first.")
        return Uniform(float(low), float(high))
    if part.median is not None and part.quartiles is not None:
        lower, upper = part.quartiles
        for name, value in (("the median", part.median), ("a quartile", lower), ("a quartile", upper)):
            _inside(name, value, limits, _at(place, "median" if name == "the median" else "quartiles").wrong)
        if not lower <= part.median <= upper:
            what = f"the median, {shown(part.median)}, does not lie between the quartiles"
            raise _at(place, "median").wrong(what, "Write quartiles: [lower, upper].")
        return Quartiles(float(lower), float(part.median), float(upper))
    return _normal(part.mean or Fraction(0), part.sd or Fraction(0), limits, decimals, place)


def _normal(mean: Fraction, sd: Fraction, limits: Range, decimals: int, place: Place) -> Normal:
    _inside("the mean", mean, limits, _at(place, "mean").wrong)
    low, high = limits
    if low is not None and high is not None and sd and sd * sd >= (mean - low) * (high - mean):
        most = float((mean - low) * (high - mean)) ** 0.5
        what = f"no values from {shown(low)} to {shown(high)} have the mean {shown(mean)} and the sd {shown(sd)}"
        raise _at(place, "sd").wrong(what, f"With this mean the sd lies below {most:.3g}.")
    above = mean * 10**decimals % 1
    if sd * sd * 100**decimals < above * (1 - above):
        least = float(above * (1 - above)) ** 0.5 / 10**decimals
        what = f"no values with {decimals} decimals have the mean {shown(mean)} and the sd {shown(sd)}"
        raise _at(place, "sd").wrong(what, f"With this mean the sd is {least:.3g} at least.")
    if any(limit is not None and sd > MOST_SKEWED * abs(mean - limit) for limit in limits):
        what = f"the sd, {shown(sd)}, is more than {MOST_SKEWED} times as far as the mean lies inside of the range"
        raise _at(place, "sd").wrong(what, "Tell what is so skewed by its median and quartiles, or by shares.")
    return Normal(float(mean), float(sd))


def _number(written: str, wrong: Callable[[str, str], WrongInput], limits: Range, decimals: int) -> Fraction:
    try:
        number = Fraction(written)
    except (ValueError, ZeroDivisionError):
        raise wrong(f"'{written}' is not a number", "Write a number, as in 12 or 0.5.") from None
    if (number * 10**decimals).denominator != 1:
        raise wrong(f"{written} has more decimals than the field, {decimals}", "Write fewer.")
    _inside("this", number, limits, wrong)
    return number


def _inside(what: str, value: Fraction, limits: Range, wrong: Callable[[str, str], WrongInput]) -> None:
    low, high = limits
    if (low is not None and value < low) or (high is not None and value > high):
        told = " ".join(f"{word} {shown(bound)}" for word, bound in (("from", low), ("to", high)) if bound is not None)
        raise wrong(f"{what}, {shown(value)}, lies outside of the range, which goes {told}", "Write one inside.")


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.12g} %"
