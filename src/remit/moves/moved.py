"""The results that move when a cell reads otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from remit.estimate.estimate import estimate_results
from remit.finished import Finished
from remit.moves.cells import ChartCell
from remit.moves.copies import FRAMES, Changed, To, derived_with, with_patient, without_imputation
from remit.moves.otherwise import Others, Otherwise
from remit.schema.cohort import Cohort
from remit.schema.records import ROW
from remit.schema.results import IMPUTED_VALUES
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Analysis,
    Ancova,
    Centres,
    Multiplicity,
    Predictors,
    RepeatedMeasures,
)
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study
from remit.study.written import IMPUTED

Row = Mapping[str, Any]
_GUARD = "guard_"  # these warn, they are no numbers
_OF_ALL = ("in__", "arm__", "group__", "centre", "index__", "eligible")
_SAID = ("value", "numerator", "denominator", "missing", "population_n", "note")


@dataclass(frozen=True)
class Moved:
    """A result as it is, and as it would be (None: it would not be there), by what the cell read instead."""

    now: Row
    instead: tuple[tuple[Otherwise, Row | None], ...]


@dataclass(frozen=True)
class Moves:
    """`tried`: each other reading, with how many results it moves."""

    cell: ChartCell
    tried: tuple[tuple[Otherwise, int], ...]
    moved: tuple[Moved, ...]


def moves_of(run: Finished, cell: ChartCell) -> Moves:
    """The patient is derived again with each other reading, and the results estimated again; not what is imputed."""
    study, records = without_imputation(run.study), run.records
    row = records.forms[cell.form].row(by_predicate=pl.col(ROW) == cell.row, named=True)
    others = Others(study, records).of(cell.form, cell.field, row)
    changes = [Changed(cell.patient, (To(cell.form, cell.field, cell.row, other),)) for other in others]
    as_it_is, *changed = derived_with(study, records, [Changed(cell.patient), *changes])
    base = {row["result"]: row for row in run.results.table.iter_rows(named=True)}
    found = [_differing(run, study, base, as_it_is, own, cell.patient) for own in changed]
    names = [name for name in base if any(name in each for each in found)]
    moved = (
        Moved(base[name], tuple((other, each[name]) for other, each in zip(others, found, strict=True) if name in each))
        for name in names
    )
    return Moves(cell, tuple((other, len(each)) for other, each in zip(others, found, strict=True)), tuple(moved))


def _differing(
    run: Finished, study: Study, base: Mapping[str, Row], before: Cohort, after: Cohort, patient: str
) -> dict[str, Row | None]:
    """The results that are others once the patient is."""
    if all(getattr(before, name).equals(getattr(after, name)) for name in FRAMES):
        return {}
    asked = _asked(study, before, after)
    other = _rows(asked, with_patient(run.cohort, after, patient))
    left_out = {each.name for each in study.analyses} - {each.name for each in asked.analyses}
    return {
        name: other.get(name)
        for name, row in base.items()
        if row["analysis"] not in left_out and not row["statistic"].startswith(_GUARD) and not _imputed(row)
        if name not in other or any(row[part] != other[name][part] for part in _SAID)
    }


def _asked(study: Study, before: Cohort, after: Cohort) -> Study:
    """The study without the models that read nothing of what is other: they take long."""
    if any(isinstance(analysis, Multiplicity) for analysis in study.analyses):
        return study
    columns = [name for name in before.patients.columns if not before.patients[name].equals(after.patients[name])]
    return replace(study, analyses=tuple(each for each in study.analyses if _reads(each, columns)))


def _reads(analysis: Analysis, columns: Sequence[str]) -> bool:
    """Whether it may read one of these columns; of what is no model, always."""
    own: tuple[str, ...]
    match analysis:
        case Predictors() | Centres() | AdjustedComparison():
            own = (f"{analysis.name}__", f"{analysis.endpoint}__", *_OF_ALL)
        case Pooling(ours=ours):
            own = () if ours is None else (f"{ours.endpoint}__", *_OF_ALL)
        case Indirect():
            own = (f"{analysis.name}__", f"{analysis.judged.name}__", *_OF_ALL)
        case RepeatedMeasures() | Ancova():
            own = (f"{analysis.name}__", *_OF_ALL)
        case _:
            return True
    return any(column.startswith(own) for column in columns)


def _imputed(row: Row) -> bool:
    """Whether it comes of values that were imputed, which are not tried."""
    return row["analysis"] == IMPUTED_VALUES or (row["handling"] or "").split(":")[-1] in IMPUTED


def _rows(study: Study, cohort: Cohort) -> dict[str, Row]:
    return {row["result"]: row for row in estimate_results(study, cohort).table.iter_rows(named=True)}
