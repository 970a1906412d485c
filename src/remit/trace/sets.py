"""The sets behind all results, each once: of many results the same patients were counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from remit.schema.cohort import Cohort
from remit.schema.results import Results
from remit.schema.trace import Behind, PatientSet, Source
from remit.study.study import Study
from remit.trace.behind import Asked, behind
from remit.trace.counted import COUNTS, Counted, Definition
from remit.trace.people import Bits, Places, positions, size
from remit.trace.study_people import NoTrace
from remit.trace.traced import traced_of


@dataclass(frozen=True)
class Sets:
    """`traced`: the rows of the cohort's patients who are traced; a patient's position in it is that of `sets`.

    `of`: by the name of a result, its number in `behind`; the numbers there are those of `sets` and `definitions`.
    """

    traced: tuple[int, ...]
    sets: tuple[PatientSet, ...]
    behind: tuple[Behind, ...]
    of: Mapping[str, int]
    definitions: tuple[Definition, ...]
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class _Found:
    """Results, with the numbers of the sets behind them in the order of `Counted.sets`."""

    asked: Asked
    counted: Counted
    sets: tuple[int | None, ...]


class _Numbered:
    """Sets, each once and with a number: of a million patients a set takes 0.1 MB, so that no set is kept twice."""

    def __init__(self) -> None:
        self.numbers: dict[Bits, int] = {}
        self.sizes: list[int] = []

    def number(self, bits: Bits | None) -> int | None:
        if bits is None:
            return None
        number = self.numbers.setdefault(bits, len(self.sizes))
        if number == len(self.sizes):
            self.sizes.append(size(bits))
        return number

    def size(self, number: int | None) -> int | None:
        return None if number is None else self.sizes[number]


def sets_of(study: Study, cohort: Cohort, results: Results) -> Sets:
    """Raises NoTrace where the sets do not give the counts of the results: remit has counted wrongly, here or there."""
    sets = _Numbered()
    definitions: dict[str, Definition] = {}
    found = []
    for asked, counted in behind(study, cohort, results):
        numbers = tuple(sets.number(bits) for bits in counted.sets)
        _check(asked, counted, [sets.size(number) for number in numbers])
        found.append(_Found(asked, counted.without_sets, numbers))
        definitions |= {each.column: each for each in counted.definitions}
    rows = (*positions(traced_of(sets.numbers, cohort.patients.height)),)
    places = Places(rows)
    told = [PatientSet(size, (*places.inside(bits),)) for bits, size in zip(sets.numbers, sets.sizes, strict=True)]
    columns = {column: number for number, column in enumerate(definitions)}
    sources: list[Source] = []
    for source in (source for each in found for source in _sources(each.counted)):
        if source not in sources:
            sources.append(source)
    return Sets(
        traced=rows,
        sets=(*told,),
        behind=tuple(_behind(each, columns, rows, told, sources) for each in found),
        of={name: number for number, each in enumerate(found) for name in each.asked.results},
        definitions=(*definitions.values(),),
        sources=(*sources,),
    )


def _sources(counted: Counted) -> Iterator[Source]:
    if counted.source is not None:
        yield counted.source
    yield from counted.pooled


def _check(asked: Asked, counted: Counted, sizes: Sequence[int | None]) -> None:
    population, denominator, numerator, missing = sizes
    told = dict(zip(COUNTS, (numerator, denominator, missing, population), strict=True)) | {**counted.instead}
    wrong = {name: count for name, count in told.items() if name not in counted.unnamed and count != asked.counts[name]}
    if wrong:
        said = {name: asked.counts[name] for name in wrong}
        raise NoTrace(f"{asked.results[0]}: the result says {said}, and of its patients it is {wrong}")


def _behind(
    found: _Found,
    columns: Mapping[str, int],
    rows: Sequence[int],
    sets: Sequence[PatientSet],
    sources: Sequence[Source],
) -> Behind:
    population, denominator, numerator, missing = found.sets
    counted, keys = found.counted, None
    if counted.rows is not None and numerator is not None:
        keys = {place: counted.rows.of(rows[place]) for place in sets[numerator].positions}
    return Behind(
        population=population,
        denominator=denominator,
        numerator=numerator,
        missing=missing,
        definitions=tuple(columns[each.column] for each in counted.definitions),
        events=keys is not None,
        rows=keys,
        note=counted.note,
        source=None if counted.source is None else sources.index(counted.source),
        pooled=tuple(sources.index(source) for source in counted.pooled),
    )
