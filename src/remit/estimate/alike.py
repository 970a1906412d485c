"""Patients who are alike, as one row."""

from __future__ import annotations

import polars as pl

FEW = 1_000  # of no more patients each stays a row: there is nothing to gain
_COUNT = "alike"


def alike(patients: pl.DataFrame) -> tuple[pl.DataFrame, list[int]]:
    """The rows that differ, in order of the first of each, and how many patients have each of them."""
    if patients.height <= FEW:
        return patients, [1] * patients.height
    found = patients.group_by(patients.columns, maintain_order=True).agg(pl.len().alias(_COUNT))
    return found.drop(_COUNT), found[_COUNT].to_list()
