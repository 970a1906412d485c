"""What was pooled and what came out, in sentences."""

from __future__ import annotations

from remit.report.document import Inline, Paragraph, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import count, decimal, note, p_words, percent
from remit.report.pooling.found import Found, is_given
from remit.report.proportions import spelled
from remit.schema.results import WITHOUT_OURS
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study


def pooling_sentences(study: Study, pooling: Pooling, lookup: Lookup, say: Language = ENGLISH) -> list[Paragraph]:
    found = Found(study, pooling, lookup, say)
    return [Paragraph(words(_together(found), _apart(found), _without_ours(found), _ours(found)))]


def _together(found: Found) -> Words:
    say, pooled = found.say, found.pooled()
    title = say.label(found.pooling.title)
    joined = say("with ours among them") if found.pooling.joins else say("all of them published")
    if not is_given(pooled):
        return say("{title}: not pooled ({note}).", title=title, note=note(pooled["percent"], say))
    said = say(
        "{title}: of {of} patients of {studies} studies, {joined}, {percent}~% on average (95~% CI {low} to {high}).",
        title=title,
        of=_whole(pooled, "total"),
        studies=_whole(pooled, "studies"),
        joined=joined,
        percent=percent(pooled["percent"]),
        low=percent(pooled["lower"]),
        high=percent(pooled["upper"]),
    )
    return words(said, _prediction(found, pooled))


def _whole(found: Statistics, name: str) -> Inline:
    return count(found[name])


def _prediction(found: Found, pooled: Statistics) -> Words:
    low, high = pooled["prediction_lower"], pooled["prediction_upper"]
    if low.value is None:
        return found.say(" Where another such study would lie cannot be told: {note}.", note=note(low, found.say))
    return found.say(
        " Another such study would be expected between {low} and {high}~% (95~% prediction interval).",
        low=percent(low),
        high=percent(high),
    )


def _apart(found: Found) -> Words:
    """How far the studies lie apart."""
    pooled = found.pooled()
    if not is_given(pooled):
        return ()
    return found.say(
        " Of the variance between their results {i2}~% is more than chance (I²; 95~% CI {low} to {high}); tau² of the "
        "log odds {tau2}; Cochran’s Q {q} on {freedom} degrees of freedom, {p}.",
        i2=decimal(pooled["i2"], 0),
        low=decimal(pooled["i2_lower"], 0),
        high=decimal(pooled["i2_upper"], 0),
        tau2=decimal(pooled["tau2"], 2),
        q=decimal(pooled["q"], 1),
        freedom=decimal(pooled["degrees_of_freedom"], 0),
        p=p_words(pooled["p"]),
    )


def _without_ours(found: Found) -> Words:
    if not found.pooling.joins:
        return ()
    others = found.pooled(WITHOUT_OURS)
    if not is_given(others):
        return ()
    return found.say(
        " Without ours it is {percent}~% (95~% CI {low} to {high}).",
        percent=percent(others["percent"]),
        low=percent(others["lower"]),
        high=percent(others["upper"]),
    )


def _ours(found: Found) -> Words:
    """Where our result lies in the prediction interval of the others."""
    ours, others, say = found.ours, found.pooled(WITHOUT_OURS if found.pooling.joins else None), found.say
    if ours is None or ours.percent.value is None or not is_given(others):
        return ()
    said = say(
        " Ours ({endpoint}): {n}, {percent}~%",
        endpoint=found.our_label,
        n=spelled(ours, say),
        percent=percent(ours.percent),
    )
    low, high = others["prediction_lower"], others["prediction_upper"]
    if low.value is None or high.value is None:
        return words(said, ".")
    ends = {"low": percent(low), "high": percent(high)}
    if ours.percent.value > high.value:
        where = say(", above the prediction interval of the others ({low} to {high}~%).", **ends)
    elif ours.percent.value < low.value:
        where = say(", below the prediction interval of the others ({low} to {high}~%).", **ends)
    else:
        where = say(", within the prediction interval of the others ({low} to {high}~%).", **ends)
    return words(said, where)
