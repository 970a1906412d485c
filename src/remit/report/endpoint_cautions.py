"""What warns of endpoints: once a population, above their tables and among the cautions."""

from __future__ import annotations

from remit.report.arms import arms_in
from remit.report.document import Paragraph, Words, words
from remit.report.guards import guards_at
from remit.report.lookup import Lookup
from remit.report.numbers import note
from remit.report.wording import among, listed
from remit.schema.results import CHANGING, Address
from remit.study.study import Endpoints, Study


def endpoint_cautions(study: Study, analysis: Endpoints, lookup: Lookup) -> list[Paragraph]:
    """For the section of the analysis: a paragraph a population and a warning."""
    found = []
    for name in analysis.every_population:
        for said in endpoints_warned(analysis, name, lookup):
            found.append(Paragraph(words(f"Caution, {among(study.populations[name])}. ", said)))
    return found


def endpoints_warned(analysis: Endpoints, population: str, lookup: Lookup) -> list[Words]:
    """What warns of the endpoints in a population."""
    return [said for said in (_changing(analysis, population, lookup),) if said]


def _changing(analysis: Endpoints, population: str, lookup: Lookup) -> Words:
    """Between which numbers the denominators lie: in total, and by arm."""
    address = Address(analysis.name, population)
    total = [note(each) for each in guards_at(lookup, address, CHANGING)]
    by_arm = [
        words(f"{arm} ", note(each))
        for arm in arms_in(analysis)
        for each in guards_at(lookup, address.in_arm(arm), CHANGING)
    ]
    if not by_arm:
        return words(*total)
    return words(*total, " " if total else "", "By arm the denominators go: ", listed(by_arm, comma="; "), ".")
