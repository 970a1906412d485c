"""Guards: what results warn of themselves, as notes that cannot be missed."""

from __future__ import annotations

from remit.report.document import Words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result
from remit.report.numbers import note
from remit.schema.results import Address, guard


def guards_at(lookup: Lookup, address: Address, name: str = "") -> list[Result]:
    """The guards of an address, or those whose name begins so; none, too, where nothing else was estimated."""
    if not lookup.has(address):
        return []
    return [result for statistic, result in lookup.at(address).items() if statistic.startswith(guard(name))]


def cautions_at(lookup: Lookup, address: Address, name: str = "", say: Language = ENGLISH) -> list[Words]:
    """Each of these guards, as a note of a table."""
    return [say("Caution: {note}", note=note(each, say)) for each in guards_at(lookup, address, name)]
