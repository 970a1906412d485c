"""Endpoints in sentences, with their numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from remit.report.arms import arms_in, contrasts_of, difference
from remit.report.document import Inline, Paragraph, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup
from remit.report.numbers import is_many, note
from remit.report.places import Place, main_handling, places_of, primary_place
from remit.report.proportions import Proportion, in_percent, interval_words, spelled, unknown
from remit.report.wording import capital, closed, small
from remit.schema.results import DECIDED
from remit.study.analyses.kinds import Endpoints
from remit.study.study import Endpoint, Study


def endpoint_sentences(
    study: Study, analysis: Endpoints, lookup: Lookup, say: Language = ENGLISH
) -> tuple[Paragraph, ...]:
    """The primary endpoint first, then a paragraph a visit and population."""
    found: list[Paragraph] = []
    primary = primary_place(study, lookup, say)
    if primary and primary[0].analysis.name == analysis.name:
        found += _primary(*primary)
    for place in places_of(study, analysis, lookup, say):
        found += _others(place)
    return tuple(found)


def _label(place: Place, endpoint: Endpoint) -> str:
    label = small(place.say.label(endpoint.label))
    return closed(label) if place.say.code == "en" else label


def _main_estimand(place: Place) -> str:
    return place.say.label(place.study.estimands[main_handling(place.study)].label)


# The primary endpoint


def _primary(place: Place, endpoint: Endpoint) -> list[Paragraph]:
    share = place.share(endpoint, main_handling(place.study))
    said = place.say(
        "At {visit}, {population}, {endpoint} was seen in {n} ({percent}): the primary endpoint, under the estimand "
        "“{estimand}”. {unknown}",
        visit=place.at_visit,
        population=place.among,
        endpoint=_label(place, endpoint),
        n=spelled(share, place.say),
        percent=_percent(place, share),
        estimand=_main_estimand(place),
        unknown=_counted_as(place, share),
    )
    otherwise = _otherwise(place, endpoint)
    by_arm = [Paragraph(_primary_by_arm(place, endpoint))] if place.analysis.arms else []
    return [Paragraph(said, lead=True), *by_arm, *([Paragraph(otherwise)] if otherwise else [])]


def _primary_by_arm(place: Place, endpoint: Endpoint) -> Words:
    """Each arm, and how it differs from the reference."""
    say = place.say
    said = say("By arm it was seen in {arms}.", arms=_by_arm(place, endpoint, lambda share: _percent(place, share)))
    differences: list[Inline | Words] = []
    at = replace(place.address(endpoint), handling=main_handling(place.study))
    for contrast in contrasts_of(place.analysis):
        found = place.lookup.at(contrast.at(at))
        if found["difference"].value is not None:
            differences.append(
                say("{numbers} with {arm}", numbers=difference(found, 1, say), arm=say.label(contrast.arm))
            )
    if not differences:
        return said
    reference = contrasts_of(place.analysis)[0].reference
    head = say(
        " The difference from {reference}, in percentage points with its 95~% CI, was {differences}.",
        reference=say.label(reference),
        differences=say.listed(differences),
    )
    return words(said, head)


def _by_arm(place: Place, endpoint: Endpoint, inside: Callable[[Proportion], Words]) -> Words:
    """26 of 57 (45.6 %) with placebo, …"""
    say, handling = place.say, main_handling(place.study)
    shares = {arm: place.of(arm).share(endpoint, handling) for arm in arms_in(place.analysis)}
    each = [
        say("{n} ({percent}) with {arm}", n=spelled(share, say), percent=inside(share), arm=say.label(arm))
        for arm, share in shares.items()
    ]
    return say.listed(each)


def _counted_as(place: Place, share: Proportion) -> Words:
    """What became of those in whom it was not known, under non-response."""
    say = place.say
    left_out = say(" Besides, {note}.", note=note(share.n, say)) if share.n.note else ()
    if not share.known:
        return words(say("Nobody is in this denominator."), left_out)
    if not share.unknown:
        return words(say("It was known in all of them."), left_out)
    if is_many(share.n, "missing"):
        said = say("In {n} it was not known; they are counted as not having reached it.", n=unknown(share))
    else:
        said = say("In {n} it was not known; this patient is counted as not having reached it.", n=unknown(share))
    return words(said, left_out)


def _otherwise(place: Place, endpoint: Endpoint) -> Words:
    """The same endpoint over those decided, and under the other estimands."""
    say = place.say
    ways: list[Inline | Words] = []
    decided = place.share(endpoint, DECIDED)
    if decided.known:
        ways.append(
            say(
                "in {n} of those in whom it was known ({percent})",
                n=spelled(decided, say),
                percent=_percent(place, decided),
            )
        )
    for name, estimand in place.study.estimands.items():
        if name != main_handling(place.study):
            share = place.share(endpoint, name)
            ways.append(
                say(
                    "in {n} under the estimand “{estimand}” ({percent})",
                    n=spelled(share, say),
                    estimand=say.label(estimand.label),
                    percent=_percent(place, share),
                )
            )
    return say("Handled otherwise, it was seen {ways}.", ways=say.listed(ways)) if ways else ()


def _percent(place: Place, share: Proportion) -> Words:
    """62.5 %, 95 % CI 30.6 to 86.3"""
    return place.say("{percent}, {interval}", percent=in_percent(share), interval=interval_words(share, place.say))


# All others


def _others(place: Place) -> list[Paragraph]:
    """What was seen at a visit, and what was assessed in nobody; the primary endpoint has been said."""
    say = place.say
    others = [endpoint for endpoint in place.endpoints if not place.is_primary(endpoint)]
    unseen = [small(say.label(endpoint.label)) for endpoint in others if place.assessed(endpoint).in_nobody]
    seen = [_seen(place, endpoint) for endpoint in others if not place.assessed(endpoint).in_nobody]
    if not others:
        return []
    where = say("At {visit}, {population} {size}", visit=place.at_visit, population=place.among, size=place.size)
    if not seen:
        return [Paragraph(words(where, ", ", _in_nobody(unseen, say)))]
    if len(others) < len(place.endpoints):
        said = say("{under}, the other endpoints were seen as follows: ", under=_under(place))
    else:
        said = say("{under}, endpoints were seen as follows: ", under=_under(place))
    listing = words(where, said, say.listed(seen, comma="; "), ".")
    return [Paragraph(words(listing, " ", capital(_in_nobody(unseen, say))) if unseen else listing)]


def _in_nobody(labels: list[str], say: Language) -> str:
    listed = "".join(str(part) for part in say.listed(labels))
    if len(labels) > 1:
        return say.text("{endpoints} were assessed in nobody.", endpoints=listed)
    return say.text("{endpoints} was assessed in nobody.", endpoints=listed)


def _under(place: Place) -> Words:
    if main_handling(place.study) in place.study.estimands:
        return place.say(" and under the estimand “{estimand}”", estimand=_main_estimand(place))
    return ()


def _seen(place: Place, endpoint: Endpoint) -> Words:
    say = place.say
    share = place.share(endpoint, main_handling(place.study))
    rest = say("; {n} not known", n=unknown(share)) if share.unknown else ()
    parts = () if place.assessed(endpoint).could_be_reached else say("; nobody had every part known")
    by_arm = words(": ", _by_arm(place, endpoint, in_percent)) if place.analysis.arms else ()
    return words(
        say("{endpoint} in {n}", endpoint=_label(place, endpoint), n=spelled(share, say)),
        " (",
        _percent(place, share),
        rest,
        parts,
        ")",
        by_arm,
    )
