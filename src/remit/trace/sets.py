"""The sets behind all results, each once: of many results the same patients were counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from remit.schema.cohort import Cohort
from remit.schema.results import Results
from remit.schema.trace import Behind, PatientSet
from remit.study.study import Study
from remit.trace.behind import behind
from remit.trace.counted import Counted, Definition
from remit.trace.people import Bits, positions, size
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


def sets_of(study: Study, cohort: Cohort, results: Results) -> Sets:
    """Raises NoTrace where the sets do not give the counts of the results."""
    sets: dict[Bits, int] = {}
    definitions: dict[str, Definition] = {}
    found: list[Counted] = []
    of: dict[str, int] = {}
    for names, each in behind(study, cohort, results):
        of |= dict.fromkeys(names, len(found))
        found.append(each)
        for bits in each.sets:
            if bits is not None:
                sets.setdefault(bits, len(sets))
        for definition in each.definitions:
            definitions.setdefault(definition.column, definition)
    traced = traced_of(sets, cohort.patients.height)
    columns = {column: number for number, column in enumerate(definitions)}
    place = {row: number for number, row in enumerate(positions(traced))}
    return Sets(
        traced=(*place,),
        sets=tuple(PatientSet(size(bits), tuple(place[row] for row in positions(bits & traced))) for bits in sets),
        behind=tuple(_numbered(each, sets, columns, traced, place) for each in found),
        of=of,
        definitions=(*definitions.values(),),
    )


def _numbered(
    counted: Counted,
    sets: Mapping[Bits, int],
    definitions: Mapping[str, int],
    traced: Bits,
    place: Mapping[int, int],
) -> Behind:
    population, denominator, numerator, missing = (None if bits is None else sets[bits] for bits in counted.sets)
    rows = None
    if counted.rows is not None:
        found = counted.rows.of((counted.numerator or 0) & traced)
        rows = {place[row]: keys for row, keys in found.items()}
    return Behind(
        population=population,
        denominator=denominator,
        numerator=numerator,
        missing=missing,
        definitions=tuple(definitions[each.column] for each in counted.definitions),
        events=rows is not None,
        rows=rows,
        note=counted.note,
    )
