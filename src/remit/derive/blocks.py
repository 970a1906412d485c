"""Records in blocks of patients: derivation is by patient, so that memory need hold no more than one block's frames.

Within derivation a patient is a number, the place among the sorted ids: engines join and group numbers faster than
texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from remit.schema.places import places_of
from remit.schema.records import PATIENT, Records
from remit.study.study import Study


@dataclass(frozen=True)
class Patients:
    """`names`: the ids of all patients, sorted."""

    names: pl.Series

    def numbered(self, records: Records) -> Records:
        """The records with each patient as a number, by which they are sorted; null for one whom the study does not
        know."""
        return replace(records, forms={form: self._sorted(frame) for form, frame in records.forms.items()})

    def _sorted(self, frame: pl.DataFrame) -> pl.DataFrame:
        frame = frame.with_columns(places_of(frame[PATIENT], self.names).cast(pl.Int64).alias(PATIENT))
        return frame.set_sorted(PATIENT) if frame[PATIENT].is_sorted() else frame.sort(PATIENT)

    def named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A frame with the ids in place of the numbers."""
        return frame.with_columns(self.names.gather(frame[PATIENT].cast(pl.UInt32)).alias(PATIENT))


def patients_of(study: Study, records: Records) -> Patients:
    ids = [records.forms[form.name][PATIENT] for form in study.forms.values() if form.rows == "once"]
    return Patients(_different(pl.concat(ids).drop_nulls().sort()).alias(PATIENT))


def _different(texts: pl.Series) -> pl.Series:
    """Of sorted texts, each once."""
    return texts.filter((texts != texts.shift()).fill_null(value=True))


def blocks(records: Records, patients: Patients, size: int | None) -> Iterator[Records]:
    """The numbered records of `size` patients after the other; all at once if `size` is None.

    Each row is in one block: that of a patient whom the study does not know in the first.
    """
    number = max(1, -(-len(patients.names) // size)) if size else 1
    ends = pl.Series([size * block for block in range(1, number) if size], dtype=pl.Int64)
    cuts = {
        form: [0, *frame[PATIENT].search_sorted(ends, side="left"), frame.height]
        for form, frame in records.forms.items()
    }
    for block in range(number):
        forms = {form: frame[cuts[form][block] : cuts[form][block + 1]] for form, frame in records.forms.items()}
        yield replace(records, forms=forms)
