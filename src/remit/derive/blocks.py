"""Records in blocks of patients: derivation is by patient, so that memory need hold no more than one block's frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from remit.schema.records import PATIENT, Records
from remit.study.study import Study


def blocks(study: Study, records: Records, size: int | None) -> Iterator[Records]:
    """The records of `size` patients after the other, in the order of their ids; all at once if `size` is None.

    Each row is in one block, also that of a patient whom the study's patients lack.
    """
    once = next(form.name for form in study.forms.values() if form.rows == "once")
    patients = records.forms[once][PATIENT].unique().sort()
    if size is None or len(patients) <= size:
        yield records
        return
    starts = patients.gather_every(size)[1:]
    number = pl.sum_horizontal((pl.col(PATIENT) >= start).cast(pl.UInt32) for start in starts)
    numbers = {name: frame.select(number).to_series() for name, frame in records.forms.items()}
    for block in range(len(starts) + 1):
        yield replace(
            records, forms={name: frame.filter(numbers[name] == block) for name, frame in records.forms.items()}
        )
