"""Endpoints in sentences, with their numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from remit.report.arms import arms_in, contrasts_of, difference
from remit.report.document import Inline, Paragraph, Words, words
from remit.report.lookup import Lookup
from remit.report.numbers import SPACE, is_many, note
from remit.report.places import Place, main_handling, places_of, primary_place
from remit.report.proportions import Proportion, in_percent, interval_words, spelled, unknown
from remit.report.wording import capital, closed, listed, listed_text, quoted, small
from remit.schema.results import DECIDED
from remit.study.study import Endpoint, Endpoints, Study


def endpoint_sentences(study: Study, analysis: Endpoints, lookup: Lookup) -> tuple[Paragraph, ...]:
    """The primary endpoint first, then a paragraph a visit and population."""
    found: list[Paragraph] = []
    primary = primary_place(study, lookup)
    if primary and primary[0].analysis.name == analysis.name:
        found += _primary(*primary)
    for place in places_of(study, analysis, lookup):
        found += _others(place)
    return tuple(found)


# The primary endpoint


def _primary(place: Place, endpoint: Endpoint) -> list[Paragraph]:
    handling = main_handling(place.study)
    share = place.share(endpoint, handling)
    estimand = quoted(place.study.estimands[handling].label)
    said = words(
        f"At {place.at_visit}, {place.among}, {closed(small(endpoint.label))} was seen in ",
        spelled(share),
        words(" (", _percent(share), f"): the primary endpoint, under the estimand {estimand}. "),
        _counted_as(share),
    )
    otherwise = _otherwise(place, endpoint)
    by_arm = [Paragraph(_primary_by_arm(place, endpoint))] if place.analysis.arms else []
    return [Paragraph(said, lead=True), *by_arm, *([Paragraph(otherwise)] if otherwise else [])]


def _primary_by_arm(place: Place, endpoint: Endpoint) -> Words:
    """Each arm, and how it differs from the reference."""
    said = words("By arm it was seen in ", _by_arm(place, endpoint, _percent), ".")
    differences: list[Inline | Words] = []
    at = replace(place.address(endpoint), handling=main_handling(place.study))
    for contrast in contrasts_of(place.analysis):
        found = place.lookup.at(contrast.at(at))
        if found["difference"].value is not None:
            differences.append(words(difference(found, 1), f" with {contrast.arm}"))
    if not differences:
        return said
    reference = contrasts_of(place.analysis)[0].reference
    head = f" The difference from {reference}, in percentage points with its 95{SPACE}% CI, was "
    return words(said, head, listed(differences), ".")


def _by_arm(place: Place, endpoint: Endpoint, inside: Callable[[Proportion], Words]) -> Words:
    """26 of 57 (45.6 %) with placebo, …"""
    handling = main_handling(place.study)
    shares = {arm: place.of(arm).share(endpoint, handling) for arm in arms_in(place.analysis)}
    return listed([words(spelled(share), " (", inside(share), f") with {arm}") for arm, share in shares.items()])


def _counted_as(share: Proportion) -> Words:
    """What became of those in whom it was not known, under non-response."""
    left_out = words(" Besides, ", note(share.n), ".") if share.n.note else ()
    if not share.known:
        return words("Nobody is in this denominator.", left_out)
    if not share.unknown:
        return words("It was known in all of them.", left_out)
    who = "they are" if is_many(share.n, "missing") else "this patient is"
    return words("In ", unknown(share), f" it was not known; {who} counted as not having reached it.", left_out)


def _otherwise(place: Place, endpoint: Endpoint) -> Words:
    """The same endpoint over those decided, and under the other estimands."""
    ways: list[Inline | Words] = []
    decided = place.share(endpoint, DECIDED)
    if decided.known:
        ways.append(words("in ", spelled(decided), " of those in whom it was known (", _percent(decided), ")"))
    for name, estimand in place.study.estimands.items():
        if name != main_handling(place.study):
            share = place.share(endpoint, name)
            under = f" under the estimand {quoted(estimand.label)} ("
            ways.append(words("in ", spelled(share), under, _percent(share), ")"))
    return words("Handled otherwise, it was seen ", listed(ways), ".") if ways else ()


def _percent(share: Proportion) -> Words:
    """62.5 %, 95 % CI 30.6 to 86.3"""
    return words(in_percent(share), ", ", interval_words(share))


# All others


def _others(place: Place) -> list[Paragraph]:
    """What was seen at a visit, and what was assessed in nobody; the primary endpoint has been said."""
    others = [endpoint for endpoint in place.endpoints if not place.is_primary(endpoint)]
    unseen = [small(endpoint.label) for endpoint in others if place.assessed(endpoint).in_nobody]
    seen = [_seen(place, endpoint) for endpoint in others if not place.assessed(endpoint).in_nobody]
    where = words(f"At {place.at_visit}, {place.among} ", place.size)
    if not others:
        return []
    if not seen:
        return [Paragraph(words(where, ", ", _in_nobody(unseen)))]
    which = "the other endpoints" if len(others) < len(place.endpoints) else "endpoints"
    said = words(where, _under(place.study), f", {which} were seen as follows: ", listed(seen, comma="; "), ".")
    return [Paragraph(words(said, " ", capital(_in_nobody(unseen))) if unseen else said)]


def _in_nobody(labels: list[str]) -> str:
    return f"{listed_text(labels)} {'were' if len(labels) > 1 else 'was'} assessed in nobody."


def _under(study: Study) -> str:
    handling = main_handling(study)
    if handling in study.estimands:
        return f" and under the estimand {quoted(study.estimands[handling].label)}"
    return ""


def _seen(place: Place, endpoint: Endpoint) -> Words:
    share = place.share(endpoint, main_handling(place.study))
    rest = words("; ", unknown(share), " not known") if share.unknown else ()
    parts = "" if place.assessed(endpoint).could_be_reached else "; nobody had every part known"
    by_arm = words(": ", _by_arm(place, endpoint, in_percent)) if place.analysis.arms else ()
    return words(
        f"{closed(small(endpoint.label))} in ", spelled(share), " (", _percent(share), rest, parts, ")", by_arm
    )
