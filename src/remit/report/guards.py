"""Guards: what results warn of themselves, as notes that cannot be missed."""

from __future__ import annotations

from remit.report.document import Words, words
from remit.report.lookup import Lookup, Result
from remit.report.numbers import note
from remit.schema.results import Address, guard


def guards_at(lookup: Lookup, address: Address) -> list[Result]:
    """The guards of an address; none, too, where nothing else was estimated."""
    if not lookup.has(address):
        return []
    return [result for name, result in lookup.at(address).items() if name.startswith(guard(""))]


def cautions_at(lookup: Lookup, address: Address) -> list[Words]:
    """Each guard of an address, as a note of a table."""
    return [words("Caution: ", note(each)) for each in guards_at(lookup, address)]
