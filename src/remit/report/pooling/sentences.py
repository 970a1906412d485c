"""What was pooled and what came out, in sentences."""

from __future__ import annotations

from remit.report.document import Paragraph, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import count, decimal, note, p_words, percent
from remit.report.pooling.cautions import differing, in_words
from remit.report.pooling.found import Found
from remit.report.proportions import spelled
from remit.schema.results import SURE_NUMBERS, WITHOUT_OURS
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study


def pooling_sentences(study: Study, pooling: Pooling, lookup: Lookup, say: Language = ENGLISH) -> list[Paragraph]:
    """The pooled estimate, how far studies lie apart, and where ours lies among the others; then what it hangs on."""
    found = Found(study, pooling, lookup, say)
    parts = (_together(found), _without_unsure(found), _apart(found), _without_ours(found), _ours(found))
    return [Paragraph(words(*parts, _unlike(found), _left_out(found), _by_size(found)))]


def _together(found: Found) -> Words:
    say, pooled = found.say, found.pooled()
    title = say.label(found.pooling.title)
    if not found.is_given(pooled):
        return say("{title}: not pooled ({note}).", title=title, note=note(pooled[found.main], say))
    said = say(
        "{title}: {estimate} on average (95~% CI {interval}), {of}.",
        title=title,
        estimate=found.with_unit((found.number(pooled[found.main]),)),
        interval=_interval(found, pooled),
        of=_of(found, pooled),
    )
    return words(said, _prediction(found, pooled))


def _of(found: Found, pooled: Statistics) -> Words:
    """6 studies with 257 patients, ours among them"""
    parts = {"studies": count(pooled["studies"])}
    say, ours = found.say, found.pooling.joins
    if found.pooling.measure == "rate":
        years = decimal(pooled["patient_years"], 1)
        return say("{studies} published results of {years} patient-years", **parts, years=years)
    parts["patients"] = count(pooled["total"])
    if ours:
        return say("{studies} results of {patients} patients, ours among them", **parts)
    return say("{studies} published results of {patients} patients", **parts)


def _interval(found: Found, statistics: Statistics, before: str = "") -> Words:
    low, high = (found.number(statistics[f"{before}{end}"]) for end in ("lower", "upper"))
    return found.say("{low} to {high}", low=low, high=high)


def _prediction(found: Found, pooled: Statistics) -> Words:
    low = pooled["prediction_lower"]
    if low.value is None:
        return found.say(" Where another such study would lie cannot be told: {note}.", note=note(low, found.say))
    interval = found.with_unit(_interval(found, pooled, "prediction_"))
    return found.say(
        " Another such study would be expected at {interval} (95~% prediction interval).", interval=interval
    )


def _without_unsure(found: Found) -> Words:
    """Whose numbers nobody read, and what is left without them."""
    measure, say = found.pooling.measure, found.say
    unsure = [each for each in found.pooling.studies if each.unsure(measure)]
    if not unsure or not found.is_given(found.pooled()):
        return ()
    marks = sorted({number.mark.strip() for each in unsure for number in each.unsure(measure)})
    of_whom: dict[str, Words] = {"studies": say.listed([each.label for each in unsure]), "marks": (", ".join(marks),)}
    sure = found.pooled(SURE_NUMBERS)
    if not found.is_given(sure):
        note_ = note(sure[found.main], say)
        return say(" Of {studies} the numbers are from knowledge {marks}; without them: {note}.", note=note_, **of_whom)
    return say(
        " Of {studies} the numbers are from knowledge {marks}; without them: {estimate} (95~% CI {interval}).",
        estimate=found.with_unit((found.number(sure[found.main]),)),
        interval=_interval(found, sure),
        **of_whom,
    )


def _apart(found: Found) -> Words:
    """How far the studies lie apart."""
    pooled, say = found.pooled(), found.say
    if not found.is_given(pooled):
        return ()
    i2 = decimal(pooled["i2"], 0)
    if pooled["i2_lower"].value is None or pooled["i2_upper"].value is None:
        share = say("{i2}~%", i2=i2)
    else:
        ends = {"low": decimal(pooled["i2_lower"], 0), "high": decimal(pooled["i2_upper"], 0)}
        share = say("{i2}~% (95~% CI {low} to {high})", i2=i2, **ends)
    said = say(
        " Of the variance between the results, what is more than chance is I² {share}; tau² {tau2}",
        share=share,
        tau2=decimal(pooled["tau2"], 2),
    )
    if pooled["p"].value is None:
        return words(said, ".")
    test = say(
        "; {test} {q} on {freedom} degrees of freedom, {p}.",
        test=say.note(pooled["q"].method or ""),
        q=decimal(pooled["q"], 1),
        freedom=decimal(pooled["degrees_of_freedom"], 0),
        p=p_words(pooled["p"]),
    )
    return words(said, test)


def _without_ours(found: Found) -> Words:
    if not found.pooling.joins or not found.is_given(others := found.pooled(WITHOUT_OURS)):
        return ()
    return found.say(
        " Without ours: {estimate} (95~% CI {interval}).",
        estimate=found.with_unit((found.number(others[found.main]),)),
        interval=_interval(found, others),
    )


def _ours(found: Found) -> Words:
    """Where our result lies in the prediction interval of the others."""
    ours, others, say = found.ours, found.pooled(WITHOUT_OURS if found.pooling.joins else None), found.say
    if ours is None or ours.percent.value is None or not found.is_given(others):
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
        where = say(
            ", above the prediction interval of the others ({low} to {high}~%), which leaves out the chance in ours.",
            **ends,
        )
    elif ours.percent.value < low.value:
        where = say(
            ", below the prediction interval of the others ({low} to {high}~%), which leaves out the chance in ours.",
            **ends,
        )
    else:
        where = say(", within the prediction interval of the others ({low} to {high}~%).", **ends)
    return words(said, where)


def _unlike(found: Found) -> Words:
    """In what the studies differ; alike in all, they are still not surely comparable."""
    aspects = [in_words(aspect, found.say) for aspect in differing(found)]
    if not aspects:
        return ()
    return found.say(
        " The results that are pooled are not alike in {aspects}: their average is of unlike things.",
        aspects=found.say.listed(aspects),
    )


def _left_out(found: Found) -> Words:
    """Who was asked for and is not pooled, with the reason."""
    studies = [
        words(f"{each.published.label} (", note(found.alone(each.published)[found.main], found.say), ")")
        for each in found.pooling.left_out
    ]
    return found.say(" Left out: {studies}.", studies=found.say.listed(studies, "; ")) if studies else ()


def _by_size(found: Found) -> Words:
    """Whether small studies show something else than large ones."""
    if not found.lookup.has(found.pooling.funnel):
        return ()
    test, say = found.lookup.at(found.pooling.funnel)["p"], found.say
    if test.value is None:
        return say(
            " Whether small studies show something else than large ones is not tested: {note}.", note=note(test, say)
        )
    return say(
        " Whether small studies show something else than large ones: {p} ({method}); a large p does not say that they "
        "show the same.",
        p=p_words(test),
        method=say.note(test.method or ""),
    )
