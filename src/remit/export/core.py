"""What each data set takes from ADSL: the identifiers, dates and populations of the patient that a row is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from remit.derive.values import INDEX_DATE
from remit.export.dataset import Column, Dataset, Variable
from remit.schema.cohort import Cohort
from remit.schema.records import PATIENT


@dataclass(frozen=True)
class Core:
    """`table`: one row a patient, with these variables, `patient`, the index date and the first day of the drug.

    The treatment, of one period, loses the period's number in other data sets than ADSL.
    """

    variables: tuple[Variable, ...]
    table: pl.DataFrame

    def columns(self) -> list[Column]:
        return [Column(_of_all_periods(variable), pl.col(variable.name)) for variable in self.variables]


def _of_all_periods(variable: Variable) -> Variable:
    """TRT01P → TRTP"""
    label = variable.label.replace(" for Period 01", "")
    return replace(variable, name=variable.name.replace("TRT01", "TRT"), label=label)


def core_of(subjects: Dataset, cohort: Cohort) -> Core:
    """subjects: ADSL, whose subjects are the cohort's patients."""
    variables = tuple(variable for variable in subjects.variables if variable.core)
    table = subjects.table.select(pl.col("USUBJID").alias(PATIENT), *(variable.name for variable in variables))
    days = cohort.patients.select(PATIENT, INDEX_DATE).join(first_doses(cohort), on=PATIENT, how="left")
    return Core(variables, table.join(days, on=PATIENT, how="left"))


FIRST_DOSE = "first_dose_day"


def first_doses(cohort: Cohort) -> pl.DataFrame:
    """Each patient's first day of the drug; null if a period's start is not known."""
    if "start_day" not in cohort.periods.columns:  # a study that doses nothing
        return pl.DataFrame(schema={PATIENT: pl.String, FIRST_DOSE: pl.Int64})
    starts = pl.col("start_day")
    known = pl.when(starts.null_count() == 0).then(starts.min())
    return cohort.periods.group_by(PATIENT).agg(known.alias(FIRST_DOSE))
