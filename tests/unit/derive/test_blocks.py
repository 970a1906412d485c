"""A cohort that is derived in blocks of patients is the same as one derived at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from remit.derive.blocks import blocks, patients_of
from remit.derive.derive import breadth, derive_cohort
from remit.derive.engines import engine_named
from remit.run import read_records
from remit.schema.cohort import FRAMES, Cohort
from remit.schema.records import PATIENT
from remit.study.build import read_study

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def whole() -> Cohort:
    study = read_study(EXAMPLES / "upadacitinib-crohn")
    return derive_cohort(study, read_records(study), replace(engine_named("polars"), cells=None))


@pytest.mark.parametrize(("engine", "size"), [*(("polars", size) for size in (1, 7, 70, 71, 1000)), ("duckdb", 40)])
def test_blocks_change_nothing(engine: str, size: int, whole: Cohort) -> None:
    study = read_study(EXAMPLES / "upadacitinib-crohn")
    records = read_records(study)
    parts = derive_cohort(study, records, replace(engine_named(engine), cells=size * breadth(study)))
    for name in FRAMES:
        assert_frame_equal(getattr(parts, name), getattr(whole, name))
    assert_same_completed(parts, whole)


def assert_same_completed(one: Cohort, other: Cohort) -> None:
    assert one.completed is not None
    assert other.completed is not None
    for name in ("patients", "imputed", "models"):
        assert_frame_equal(getattr(one.completed, name), getattr(other.completed, name), check_exact=True)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_study_without_patients_has_an_empty_cohort(engine: str) -> None:
    study = read_study(EXAMPLES / "upadacitinib-crohn")
    records = read_records(study)
    nobody = replace(records, forms={name: frame.head(0) for name, frame in records.forms.items()})
    cohort = derive_cohort(study, nobody, replace(engine_named(engine), cells=10))
    assert [getattr(cohort, name).height for name in FRAMES] == [0] * len(FRAMES)
    assert cohort.completed is not None
    assert cohort.completed.patients.is_empty()


@pytest.mark.parametrize(("size", "number"), [(None, 1), (71, 1), (70, 2), (36, 2), (10, 8)])
def test_each_row_is_in_one_block_also_that_of_a_stranger(size: int | None, number: int) -> None:
    study = read_study(EXAMPLES / "upadacitinib-crohn")
    records = read_records(study)
    visits = records.forms["visits"]
    strangers = visits.head(3).with_columns(pl.Series(PATIENT, ["", "~", None]))
    records = replace(records, forms={**records.forms, "visits": pl.concat([visits, strangers])})
    patients = patients_of(study, records)
    found = list(blocks(patients.numbered(records), patients, size))
    assert len(found) == number
    for name, frame in records.forms.items():
        together = pl.concat([block.forms[name] for block in found])
        assert together["_row"].sort().equals(frame["_row"].sort())
    assert patients.named(found[0].forms["visits"])[PATIENT].null_count() == 3
