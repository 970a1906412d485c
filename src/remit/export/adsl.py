"""ADSL: one row a patient, with what is known of each and which populations they belong to."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from remit.export.dataset import Column, Dataset, Variable, dataset, fixed
from remit.export.names import Wanted
from remit.export.values import YES_NO, columns_of_value, field_of, on_day, y_n
from remit.language.describe import describe
from remit.language.evaluate import LOW_OPEN, patient_column
from remit.language.query import Value, digest, plain
from remit.schema.cohort import (
    EXCLUDED_BY,
    UNDECIDABLE,
    Cohort,
    among_column,
    population_column,
    variable_column,
)
from remit.schema.records import CENTRE, PATIENT
from remit.study.study import Study, Summary

INDEX_DATE = patient_column("index", "date", None)
OBSERVED = patient_column("index", "observed_date", None)
# What ADaM calls the populations that most trials have.
POPULATIONS = {
    "safety": "SAFFL", "intention_to_treat": "ITTFL", "itt": "ITTFL", "full_analysis": "FASFL", "fas": "FASFL",
    "per_protocol": "PPROTFL", "randomised": "RANDFL", "randomized": "RANDFL", "enrolled": "ENRLFL",
    "completers": "COMPLFL", "efficacy": "EFFFL",
}  # fmt: skip


def adsl(study: Study, cohort: Cohort) -> Dataset:
    """Of all patients screened; ELIGFL and the other flags say who counts."""
    columns = [
        *identifiers(study),
        *_dates(study, cohort),
        *_populations(study),
        *_exclusion(study),
        *_disposition(study),
        *_fields(study),
        *_characteristics(study),
    ]
    frame = cohort.patients
    if study.dosing is not None:
        frame = frame.join(_first_doses(cohort), on=PATIENT, how="left")
    return dataset(
        "ADSL", "Subject-Level Analysis Dataset", "One record per subject", "SUBJECT LEVEL ANALYSIS DATASET",
        ("USUBJID",), frame, columns,
    )  # fmt: skip


def identifiers(study: Study) -> list[Column]:
    patient = pl.col(PATIENT)
    return [
        fixed("STUDYID", "Study Identifier", "text", pl.lit(study.identity.id)),
        fixed("USUBJID", "Unique Subject Identifier", "text", patient, "The patient's id, as the charts write it."),
        fixed("SUBJID", "Subject Identifier for the Study", "text", patient),
        fixed("SITEID", "Study Site Identifier", "text", pl.col(CENTRE), "The centre whose chart it is."),
    ]


def _first_doses(cohort: Cohort) -> pl.DataFrame:
    """Each patient's first day of the drug; null if a period's start is not known."""
    starts = pl.col("start_day")
    known = pl.when(starts.null_count() == 0).then(starts.min())
    return cohort.periods.group_by(PATIENT).agg(known.alias("first_dose_day"))


def _dates(study: Study, cohort: Cohort) -> Iterator[Column]:
    index = pl.col(INDEX_DATE)
    said = f"{describe(study.index, study.scope)}."
    yield fixed("INDEXDT", "Index Date (Day 1)", "date", index, said[0].upper() + said[1:])
    if study.dosing is not None:
        last = pl.col(patient_column("dosing", "last_day", None))
        yield fixed(
            "TRTSDT", "Date of First Exposure to Treatment", "date", on_day(index, pl.col("first_dose_day")),
            "The first day of the first period of the drug.",
        )  # fmt: skip
        yield fixed(
            "TRTEDT", "Date of Last Exposure to Treatment", "date", on_day(index, last),
            "The last day of the last period of the drug; missing if it goes on, or is not known.",
        )  # fmt: skip
    yield fixed("LSTOBDT", "Date Last Observed", "date", pl.col(OBSERVED), "Last contact, or data cut-off if earlier.")


def _populations(study: Study) -> Iterator[Column]:
    for population in study.populations.values():
        said = f"Y: {population.label}." if population.where is None else describe(population.where, study.scope)
        wanted = Wanted(population.name, "FL", POPULATIONS.get(population.name))
        member = pl.col(population_column(population.name)).fill_null(False)
        derived = f"{said}; N also where it cannot be decided."
        yield Column(Variable("", f"{population.label} Flag", "text", YES_NO, derived), y_n(member), wanted)


def _exclusion(study: Study) -> Iterator[Column]:
    if not study.criteria:
        return
    reasons = {criterion.name: criterion.label for criterion in study.criteria} | {UNDECIDABLE: "cannot be decided"}
    reason = pl.col(EXCLUDED_BY).replace_strict(reasons, default=None, return_dtype=pl.String)
    derived = "The first criterion of eligibility that fails, in the order of the study file."
    codes = {label: label for label in reasons.values()}
    yield Column(Variable("EXCLREAS", "Reason for Exclusion", "text", codes, derived), reason)


def _disposition(study: Study) -> Iterator[Column]:
    if study.dosing is None:
        return
    stop = patient_column("dosing", "stop_day", None)
    last = pl.col(patient_column("dosing", "last_day", None))
    stopped, going_on = pl.col(stop).is_not_null(), pl.col(stop + LOW_OPEN) & last.is_null()
    status = pl.when(stopped).then(pl.lit("DISCONTINUED")).when(going_on).then(pl.lit("ONGOING"))
    said = describe(study.dosing.permanent, study.scope)
    yield fixed(
        "EOTSTT", "End of Treatment Status", "text", status, f"Discontinued: {said}.",
        DISCONTINUED="stopped for good", ONGOING="going on when last observed",
    )  # fmt: skip
    if study.dosing.reason is not None:
        field = study.forms[study.dosing.form].fields[study.dosing.reason]
        reason = pl.col(patient_column("dosing", "stop_reason", None))
        yield fixed("DCTREAS", "Reason for Discontinuation of Treatment", "text", reason, f"{field.label}.")


def _fields(study: Study) -> Iterator[Column]:
    """What charts say once of each patient."""
    for form in study.forms.values():
        if form.rows == "once":
            for field in form.fields.values():
                kind, column = study.scope.forms[form.name].fields[field.name].type, f"{form.name}__{field.name}"
                yield from columns_of_value(field.name, field.label, kind, column, field)


def _characteristics(study: Study) -> Iterator[Column]:
    """What the tables of characteristics say of each patient; what is said twice stands once."""
    seen = set[str]()
    for analysis in study.analyses:
        for variable in analysis.rows if isinstance(analysis, Summary) else ():
            value = plain(variable.query)
            is_field = isinstance(value, Value) and value.visit is None and value.form in study.forms
            mark = digest(variable.query) + (digest(variable.among) if variable.among else "")
            if mark in seen or (is_field and variable.among is None):
                continue
            seen.add(mark)
            only = pl.col(among_column(analysis.name, variable.name)) if variable.among else None
            yield from columns_of_value(
                variable.name, variable.label, variable.query.type, variable_column(analysis.name, variable.name),
                field_of(study, variable.query), variable.unit, f"{describe(variable.query, study.scope)}.", only,
            )  # fmt: skip
