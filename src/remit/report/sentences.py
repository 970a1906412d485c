"""Endpoints in sentences, with their numbers."""

from __future__ import annotations

from dataclasses import replace

from remit.report.addresses import size
from remit.report.document import Inline, Paragraph, Words, words
from remit.report.effectiveness import endpoints_at, places
from remit.report.lookup import Lookup
from remit.report.numbers import is_many
from remit.report.proportions import Proportion, in_percent, interval_words, proportion, spelled, unknown
from remit.report.wording import among, capital, listed, listed_text, quoted, small, visit_label
from remit.schema.results import COMPLETE, DECIDED, Address
from remit.study.study import Endpoint, Endpoints, Primary, Study


def main_handling(study: Study) -> str:
    """Under what the sentences speak: the primary's estimand, else the first, else over those decided."""
    if study.primary:
        return study.primary.estimand
    return next(iter(study.estimands), DECIDED)


def primary_address(study: Study, primary: Primary) -> Address | None:
    """Where the primary endpoint's results are: in the first analysis that has it."""
    for analysis in study.analyses:
        if isinstance(analysis, Endpoints) and (primary.visit, primary.population) in places(study, analysis):
            if primary.endpoint in analysis.endpoints:
                return Address(analysis.name, primary.population, visit=primary.visit, variable=primary.endpoint)
    return None


def endpoint_sentences(study: Study, analysis: Endpoints, lookup: Lookup) -> tuple[Paragraph, ...]:
    """The primary endpoint first, then a paragraph a visit and population."""
    primary = study.primary and primary_address(study, study.primary)
    found: list[Paragraph] = []
    if primary and primary.analysis == analysis.name:
        found += _primary(study, primary, lookup)
    for visit, population in places(study, analysis):
        found += _others(study, analysis, visit, population, lookup)
    return tuple(found)


# The primary endpoint


def _primary(study: Study, address: Address, lookup: Lookup) -> list[Paragraph]:
    handling = main_handling(study)
    endpoint = study.endpoints[address.variable or ""]
    share = proportion(lookup.at(replace(address, handling=handling)))
    said = words(
        f"At {small(visit_label(study, address.visit or ''))}, {_closed(small(endpoint.label))} was seen in ",
        spelled(share), f" patients ({among(study, address.population or '')}; ", in_percent(share), ", ",
        interval_words(share), "). This is the primary endpoint, under the estimand ",
        f"{quoted(study.estimands[handling].label)}. ", _counted_as(share),
    )  # fmt: skip
    otherwise = _otherwise(study, address, lookup)
    return [Paragraph(said, lead=True), *([Paragraph(otherwise)] if otherwise else [])]


def _closed(label: str) -> str:
    """A label that has a comma is closed by one."""
    return f"{label}," if "," in label else label


def _counted_as(share: Proportion) -> Words:
    """What became of those in whom it was not known, under non-response."""
    if not share.unknown:
        return ("It was known in all of them.",)
    if not is_many(share.n, "missing"):
        return words("In ", unknown(share), " it was not known; this patient is counted as not having reached it.")
    return words("In ", unknown(share), " it was not known; they are counted as not having reached it.")


def _otherwise(study: Study, address: Address, lookup: Lookup) -> Words:
    """The same endpoint over those decided, and under the other estimands."""
    ways: list[Inline | Words] = []
    decided = proportion(lookup.at(replace(address, handling=DECIDED)))
    if decided.known:
        ways.append(words("in ", spelled(decided), " of those in whom it was known (", _percent_ci(decided), ")"))
    for name, estimand in study.estimands.items():
        if name != main_handling(study):
            share = proportion(lookup.at(replace(address, handling=name)))
            ways.append(
                words("in ", spelled(share), f" under the estimand {quoted(estimand.label)} (", _percent_ci(share), ")")
            )
    return words("Handled otherwise, it was seen ", listed(ways), ".") if ways else ()


def _percent_ci(share: Proportion) -> Words:
    return words(in_percent(share), ", ", interval_words(share))


# All others


def _others(study: Study, analysis: Endpoints, visit: str, population: str, lookup: Lookup) -> list[Paragraph]:
    """What was seen at a visit, and what was assessed in nobody; the primary endpoint has been said."""
    seen: list[Inline | Words] = []
    unseen: list[str] = []
    said_before = False
    for endpoint in endpoints_at(study, analysis, visit):
        address = Address(analysis.name, population, visit=visit, variable=endpoint.name)
        if study.primary and address == primary_address(study, study.primary):
            said_before = True
        elif proportion(lookup.at(replace(address, handling=DECIDED))).known:
            seen.append(_seen(study, endpoint, address, lookup))
        else:
            unseen.append(small(endpoint.label))
    if not seen and not unseen:
        return []
    where = words(f"{small(visit_label(study, visit))}, {among(study, population)} ", size(study, lookup, population))
    if not seen:
        return [Paragraph(words("At ", where, ", ", _in_nobody(unseen)))]
    what = "the other endpoints" if said_before else "endpoints"
    said = words("At ", where, f", {what} were seen as follows{_under(study)}: ", listed(seen, comma="; "), ".")
    return [Paragraph(words(said, " ", capital(_in_nobody(unseen))) if unseen else said)]


def _in_nobody(labels: list[str]) -> str:
    return f"{listed_text(labels)} {'were' if len(labels) > 1 else 'was'} assessed in nobody."


def _under(study: Study) -> str:
    handling = main_handling(study)
    if handling in study.estimands:
        return f" under the estimand {quoted(study.estimands[handling].label)}"
    return " in those in whom they were known"


def _seen(study: Study, endpoint: Endpoint, address: Address, lookup: Lookup) -> Words:
    share = proportion(lookup.at(replace(address, handling=main_handling(study))))
    complete = proportion(lookup.at(replace(address, handling=COMPLETE)))
    rest = words("; ", unknown(share), " not known") if share.unknown else ()
    parts = "" if complete.known else "; every part was known in nobody"
    return words(f"{_closed(small(endpoint.label))} in ", spelled(share), " (", _percent_ci(share), rest, parts, ")")
