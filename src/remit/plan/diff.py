"""`remit diff`: what changed between two finished runs, and which numbers moved because of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from remit.errors import WrongInput
from remit.finished import Finished, read_finished
from remit.plan.cells import CellChange, cell_changes, patients_of
from remit.plan.items import differences, items_of
from remit.plan.numbers import Moved, is_of_primary, moved
from remit.schema.plan import Difference
from remit.schema.run_folder import RunNote
from remit.trace.traced import ALL_UP_TO


@dataclass(frozen=True)
class Diff:
    """`added`, `gone`: patients of the charts, with their centre. `primary`: of the numbers, those of the primary
    result. `of`: how many results the second run has. `named`: whether patients are told behind numbers; of very many
    they are not."""

    folders: tuple[Path, Path]
    notes: tuple[RunNote, RunNote]
    title: str
    definitions: tuple[Difference, ...]
    added: Mapping[str, str]
    gone: Mapping[str, str]
    cells: tuple[CellChange, ...]
    inputs: tuple[str, ...]
    primary: tuple[Moved, ...]
    numbers: tuple[Moved, ...]
    of: int
    named: bool

    @property
    def versions(self) -> tuple[str, ...]:
        """What computes in another version."""
        one, other = ({"remit": each.remit, "Python": each.python, **each.libraries} for each in self.notes)
        return tuple(
            f"{name} {one.get(name, 'none')} → {other.get(name, 'none')}"
            for name in dict.fromkeys([*one, *other])
            if one.get(name) != other.get(name)
        )

    @cached_property
    def touched(self) -> frozenset[str]:
        """The patients whose charts are not the same."""
        return frozenset({*(cell.patient for cell in self.cells), *self.added, *self.gone})

    @property
    def same(self) -> bool:
        found = (self.definitions, self.added, self.gone, self.cells, self.inputs, self.numbers, self.versions)
        return not any(found)


def diff_runs(one: Path, other: Path) -> Diff:
    """Raises WrongInput if a folder is none of a run, or the runs are of different studies."""
    before, now = read_finished(one), read_finished(other)
    _refuse_others(before, now)
    numbers = moved(before, now)
    patients = patients_of(before.records), patients_of(now.records)
    return Diff(
        folders=(one, other),
        notes=(before.note, now.note),
        title=now.study.identity.title,
        definitions=differences(items_of(before.study), items_of(now.study)),
        added={patient: centre for patient, centre in patients[1].items() if patient not in patients[0]},
        gone={patient: centre for patient, centre in patients[0].items() if patient not in patients[1]},
        cells=cell_changes((before.study, before.records), (now.study, now.records)),
        inputs=_inputs(before.note.inputs, now.note.inputs),
        primary=tuple(each for each in numbers if is_of_primary(now, each)),
        numbers=numbers,
        of=now.results.table.height,
        named=max(before.cohort.patients.height, now.cohort.patients.height) <= ALL_UP_TO,
    )


def _refuse_others(before: Finished, now: Finished) -> None:
    one, other = before.study.identity, now.study.identity
    if one.id != other.id:
        what = f"{before.folder} is a run of '{one.id}' ({one.title}), {now.folder} of '{other.id}' ({other.title})"
        raise WrongInput("remit diff", what, "Name two runs of one study.")


def _inputs(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Files of charts that are not the same, byte for byte."""
    return tuple(name for name in sorted({*before, *now}) if before.get(name) != now.get(name))
