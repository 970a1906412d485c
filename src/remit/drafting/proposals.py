"""What a new study is offered where nothing was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from remit.drafting.choices import Endpoint, Measure, field_name
from remit.study.packs import Instrument, Packs

REMISSION = "remission"  # the band of an instrument that is offered as an endpoint


def instruments(packs: Packs) -> tuple[str, ...]:
    """The first that charts can hold item by item."""
    return tuple(name for name, instrument in packs.instruments.items() if instrument.items)[:1]


def labs(packs: Packs) -> tuple[str, ...]:
    return tuple(packs.laboratory)[:2]


def endpoints(
    scored: Mapping[str, Instrument], tested: Iterable[str], measures: Iterable[Measure]
) -> tuple[Endpoint, ...]:
    """The remission of each instrument that has such a band, else the fall of the first number; and that the drug is
    still taken."""
    found = [
        Endpoint(f"{name} {REMISSION}", f'band({field_name(name)}) == "{REMISSION}"')
        for name, instrument in scored.items()
        if REMISSION in [band.name for band in instrument.bands]
    ]
    fallen = [
        Endpoint(f"{label} halved", f"fall({name}) / {name}@baseline >= 50 %")
        for name, label in _numbers(scored, tested, measures)
    ]
    return (*(found or fallen[:1]), Endpoint("continuation of the drug", "dosing.stop_day >= visit.day"))


def _numbers(scored: Iterable[str], tested: Iterable[str], measures: Iterable[Measure]) -> Iterator[tuple[str, str]]:
    """Name and label of each number."""
    yield from ((field_name(name), name) for name in (*scored, *tested))
    yield from ((measure.name, measure.label) for measure in measures)
