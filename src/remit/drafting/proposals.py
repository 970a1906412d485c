"""What a new study is offered where nothing was chosen."""

from __future__ import annotations

from collections.abc import Iterator

from remit.drafting.bound import needed
from remit.drafting.choices import Choices, Endpoint, field_name
from remit.drafting.endpoints import OFFERED, kind_of, offered
from remit.study.packs import Packs

BAND = "remission"  # the band of an instrument that is offered where the pack defines no remission


def instruments(packs: Packs) -> tuple[str, ...]:
    """The first that charts can hold item by item."""
    return tuple(name for name, instrument in packs.instruments.items() if instrument.items)[:1]


def labs(packs: Packs) -> tuple[str, ...]:
    return tuple(packs.laboratory)[:2]


def endpoints(choices: Choices, packs: Packs) -> tuple[Endpoint, ...]:
    """The remissions and then the responses that the pack defines, the first of each kind; else the fall of the first
    number; and that the drug is still taken."""
    found = [each for word in OFFERED for each in (*_defined(word, choices, packs), *_band(word, choices, packs))]
    return (*(found or _fallen(choices)), Endpoint("continuation of the drug", "dosing.stop_day >= visit.day"))


def _defined(word: str, choices: Choices, packs: Packs) -> list[Endpoint]:
    first: dict[str, Endpoint] = {}
    for definition in offered(choices, packs, needed(choices, packs).held):
        kind = kind_of(definition) or ""
        if kind.endswith(word):
            first.setdefault(kind, Endpoint("", definition=definition.name))
    return list(first.values())


def _band(word: str, choices: Choices, packs: Packs) -> Iterator[Endpoint]:
    for name in (*choices.instruments, *choices.scores):
        instrument = packs.instruments[name]
        defined = any(kind_of(each) == f"{name} {word}" for each in instrument.criteria.values())
        if word == BAND in [band.name for band in instrument.bands] and not defined:
            yield Endpoint(f"{name} {BAND}", f'band({field_name(name)}) == "{BAND}"')


def _fallen(choices: Choices) -> list[Endpoint]:
    """Of a test or a number, not of an instrument: some rise when patients are better."""
    numbers = [(field_name(name), name) for name in choices.labs]
    numbers += [(measure.name, measure.label) for measure in choices.measures]
    return [Endpoint(f"{label} halved", f"fall({name}) / {name}@baseline >= 50 %") for name, label in numbers[:1]]
