"""ADSL: one row a patient, with what is known of each and which populations they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from remit.derive.values import INDEX_DATE
from remit.export.core import FIRST_DOSE, first_doses
from remit.export.dataset import Column, Dataset, Kind, Variable, dataset, fixed
from remit.export.names import Wanted
from remit.export.values import (
    UNTOLD,
    YES_NO,
    coded,
    codes_of,
    columns_of_value,
    field_of,
    on_day,
    said,
    y_n,
)
from remit.language.columns import LOW_OPEN, patient_column
from remit.language.query import Value, digest, plain
from remit.schema.cohort import (
    EXCLUDED_BY,
    UNDECIDABLE,
    Cohort,
    among_column,
    arm_column,
    population_column,
    variable_column,
)
from remit.schema.records import CENTRE, PATIENT
from remit.study.analyses.kinds import Summary
from remit.study.study import Study

OBSERVED = patient_column("index", "observed_date", None)
ALWAYS = ("USUBJID", "SITEID")  # the patient and centre by which rows are told apart
# What ADaM calls the populations that most trials have.
POPULATIONS = {
    "safety": "SAFFL", "intention_to_treat": "ITTFL", "itt": "ITTFL", "full_analysis": "FASFL", "fas": "FASFL",
    "per_protocol": "PPROTFL", "randomised": "RANDFL", "randomized": "RANDFL", "enrolled": "ENRLFL",
    "completers": "COMPLFL", "efficacy": "EFFFL",
}  # fmt: skip


def adsl(study: Study, cohort: Cohort) -> Dataset:
    """Of all patients screened; flags say who is eligible and who belongs to which population.

    What the charts hold under one of the standard's names (`SUBJID`, `TRTSDT`) stands as they have it.
    """
    core = [*_identifiers(study), *_treatments(study), *_dates(study), *_populations(study)]
    standard = {column.variable.name: column.variable.kind for column in core if column.wanted is None}
    fields = [_of_its_kind(column, standard) for column in _fields(study)]
    given = {_kept(column) for column in fields} - {None, *ALWAYS}
    columns = [
        *(_in_core(column) for column in core if column.variable.name not in given),
        *(column for column in _arms(study) if column.variable.name not in given),
        *_exclusion(study),
        *_disposition(study),
        *(_in_core(column) if _kept(column) in standard else column for column in fields),
        *_characteristics(study),
    ]
    frame = cohort.patients.join(first_doses(cohort), on=PATIENT, how="left")
    return dataset(
        "ADSL", "Subject-Level Analysis Dataset", "One record per subject", "SUBJECT LEVEL ANALYSIS DATASET",
        ("USUBJID",), frame, columns,
    )  # fmt: skip


def _kept(column: Column) -> str | None:
    return column.wanted.kept if column.wanted else None


def _of_its_kind(column: Column, standard: Mapping[str, Kind]) -> Column:
    """A text or a number is no `TRTSDT`, whatever its heading: it gets another name."""
    kept = _kept(column)
    if kept is None or standard.get(kept, column.variable.kind) == column.variable.kind:
        return column
    return replace(column, wanted=replace(column.wanted, given=None) if column.wanted else None)


def _in_core(column: Column) -> Column:
    return replace(column, variable=replace(column.variable, core=True))


def _identifiers(study: Study) -> list[Column]:
    patient = pl.col(PATIENT)
    return [
        fixed("STUDYID", "Study Identifier", "text", pl.lit(study.identity.id)),
        fixed("USUBJID", "Unique Subject Identifier", "text", patient, "The patient's id, as the charts write it."),
        fixed("SUBJID", "Subject Identifier for the Study", "text", patient),
        fixed("SITEID", "Study Site Identifier", "text", pl.col(CENTRE), "The centre whose chart it is."),
    ]


def _treatments(study: Study) -> Iterator[Column]:
    for kind, arms in study.arms.items():
        field, column = field_of(study, arms.query), pl.col(arm_column(kind))
        levels = codes_of(arms.query.type, field)
        codes = {code: level for code, level in levels.items() if level in arms.names}
        order = {level: place for place, level in enumerate(arms.names, start=1)}
        numbers = {str(place): level for level, place in order.items()}
        name, label = f"TRT01{kind[0].upper()}", f"{kind.capitalize()} Treatment for Period 01"
        derived = said(study, arms.query)
        yield fixed(name, label, "text", coded(column, codes), derived, codes)
        place = column.replace_strict(order, default=None, return_dtype=pl.Int64)
        yield fixed(f"{name}N", f"{label} (N)", "integer", place, "The order of the arms in the study file.", numbers)


def _arms(study: Study) -> Iterator[Column]:
    """As randomised, and as in fact; also of those who are in none of the arms that are compared."""
    for kind, arms in study.arms.items():
        codes = codes_of(arms.query.type, field_of(study, arms.query))
        name = {"planned": "ARM", "actual": "ACTARM"}[kind]
        value = coded(pl.col(arm_column(kind)), codes)
        yield fixed(name, f"Description of {kind.capitalize()} Arm", "text", value, said(study, arms.query), codes)


def _dates(study: Study) -> Iterator[Column]:
    index = pl.col(INDEX_DATE)
    yield fixed("INDEXDT", "Index Date (Day 1)", "date", index, said(study, study.index))
    if study.dosing is not None:
        last = pl.col(patient_column("dosing", "last_day", None))
        yield fixed(
            "TRTSDT", "Date of First Exposure to Treatment", "date", on_day(index, pl.col(FIRST_DOSE)),
            "The first day of the first period of the drug.",
        )  # fmt: skip
        yield fixed(
            "TRTEDT", "Date of Last Exposure to Treatment", "date", on_day(index, last),
            "The last day of the last period of the drug; missing if it goes on, or is not known.",
        )  # fmt: skip
    yield fixed("LSTOBDT", "Date Last Observed", "date", pl.col(OBSERVED), "Last contact, or data cut-off if earlier.")


def _populations(study: Study) -> Iterator[Column]:
    for population in study.populations.values():
        wanted = Wanted(population.name, "FL", POPULATIONS.get(population.name))
        member = pl.col(population_column(population.name)).fill_null(False)
        derived = f"{said(study, population.where) if population.where else 'All.'} N also where it cannot be decided."
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
    yield fixed(
        "EOTSTT", "End of Treatment Status", "text", status, f"Discontinued: {said(study, study.dosing.permanent)}",
        {"DISCONTINUED": "stopped for good", "ONGOING": "going on when last observed"},
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
                told = replace(UNTOLD, source=f"{form.name}.{field.name}")
                yield from columns_of_value(field.name, field.label, kind, column, field, given=field.column, told=told)


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
            told = replace(UNTOLD, derived=said(study, variable.query))
            yield from columns_of_value(
                variable.name, variable.label, variable.query.type, variable_column(analysis.name, variable.name),
                field_of(study, variable.query), unit=variable.unit, told=told, only=only,
            )  # fmt: skip
            if variable.name == "age" and variable.unit:
                yield fixed("AGEU", "Age Units", "text", pl.lit(variable.unit.upper()))
