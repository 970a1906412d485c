"""ADAE: one row an adverse event, with its terms, its days, its period and what it is of special interest for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from remit.derive.values import INDEX_DATE
from remit.export.core import FIRST_DOSE, Core
from remit.export.dataset import Column, Dataset, Variable, dataset, fixed
from remit.export.names import short
from remit.export.values import UNTOLD, columns_of_value, on_day, said, study_day
from remit.language.types import Date
from remit.schema.cohort import Cohort, event_column, special_column
from remit.schema.records import PATIENT, ROW
from remit.study.analyses.kinds import Events
from remit.study.forms import Field, Form
from remit.study.study import Study

# What SDTM and ADaM call what charts often hold of an event.
NAMES = {
    "serious": "AESER", "severity": "AESEV", "grade": "ATOXGRN", "related": "AEREL", "action_taken": "AEACN",
    "outcome": "AEOUT", "system_organ_class": "AEBODSYS", "preferred_term": "AEDECOD",
}  # fmt: skip
TERM, END = "AETERM", ("end_date", "stop_date")


def event_datasets(study: Study, cohort: Cohort, core: Core) -> Iterator[Dataset]:
    """A data set for each form that an analysis of events is about; the first is ADAE."""
    by_form: dict[str, list[Events]] = {}
    for analysis in study.analyses:
        if isinstance(analysis, Events):
            by_form.setdefault(analysis.form, []).append(analysis)
    for name, analyses in by_form.items():
        first = name == next(iter(by_form))
        label = "Adverse Event Analysis Dataset" if first else "Event Analysis Dataset"
        yield dataset(
            "ADAE" if first else f"AD{short(name, 6)}", label, "One record per subject per event",
            "OCCURRENCE DATA STRUCTURE", ("USUBJID", "ASEQ"), _rows(cohort, analyses, core),
            [*core.columns(), *_timing(study.forms[name]), *_terms(study, study.forms[name], analyses[0]),
             *_analysed(study, analyses)],
        )  # fmt: skip


def _rows(cohort: Cohort, analyses: list[Events], core: Core) -> pl.DataFrame:
    """One row an event, with what each analysis says of it."""
    first, *others = (cohort.events.filter(pl.col("analysis") == analysis.name) for analysis in analyses)
    for analysis, frame in zip(analyses[1:], others, strict=True):
        new = [special_column(kind.name) for kind in analysis.special_interest]
        first = first.join(frame.select(ROW, *(name for name in new if name not in first.columns)), on=ROW, how="left")
    return first.join(core.table, on=PATIENT, how="inner").with_columns(
        pl.struct("day", ROW).rank("ordinal").over(PATIENT).alias("sequence")
    )


def _start(form: Form) -> str:
    return form.date or form.start or ""


def _stop(form: Form) -> str | None:
    """The field with the event's last day, by its role or its name."""
    dates = [name for name, field in form.fields.items() if isinstance(field.type, Date) and name != _start(form)]
    return next((name for name in (form.stop, *END) if name in dates), None)


def _timing(form: Form) -> Iterator[Column]:
    yield fixed("ASEQ", "Analysis Sequence Number", "integer", pl.col("sequence"), "By start date, then chart row.")
    day = pl.col("day")
    yield Column(
        Variable("ASTDT", "Analysis Start Date", "date", source=f"{form.name}.{_start(form)}"),
        on_day(pl.col(INDEX_DATE), day),
    )
    yield fixed(
        "ASTDY",
        "Analysis Start Relative Day",
        "integer",
        study_day(day),
        "Days from INDEXDT, which is day 1; no day 0.",
    )
    stop = _stop(form)
    if stop is not None:
        held = pl.col(event_column(form.name, stop))
        yield Column(
            Variable("AENDT", "Analysis End Date", "date", source=f"{form.name}.{stop}"),
            held.cast(pl.Int32).cast(pl.Date),
        )
        days = held - pl.col(INDEX_DATE).cast(pl.Int32)
        yield fixed("AENDY", "Analysis End Relative Day", "integer", study_day(days), "As ASTDY.")


def _terms(study: Study, form: Form, analysis: Events) -> Iterator[Column]:
    """What the charts say of each event."""
    for field in form.fields.values():
        kind, column = study.scope.forms[form.name].fields[field.name].type, event_column(form.name, field.name)
        told = replace(UNTOLD, source=f"{form.name}.{field.name}")
        if isinstance(kind, Date) and field.name in (_start(form), _stop(form)):
            continue  # ASTDT, AENDT
        yield from columns_of_value(
            field.name, field.label, kind, column, field, given=_given(field, analysis), told=told
        )


def _given(field: Field, analysis: Events) -> str | None:
    """A heading that is a variable's name, else what the standard calls such a field."""
    if field.column.isupper():
        return field.column
    return TERM if field.name == analysis.term else NAMES.get(field.name)


def _analysed(study: Study, analyses: list[Events]) -> Iterator[Column]:
    emergent = pl.col("day") >= pl.col(FIRST_DOSE) if study.dosing else pl.col("day") >= 0
    since = "TRTSDT" if study.dosing else "INDEXDT"
    yield fixed(
        "TRTEMFL", "Treatment Emergent Analysis Flag", "text", pl.when(emergent).then(pl.lit("Y")),
        f"Y if ASTDT is on or after {since}; else missing, also where that is not known.", {"Y": "Yes"},
    )  # fmt: skip
    if study.periods:
        labels = {period.name: period.label for period in study.periods}
        phases = [f"{period.label}: {said(study, period.where)}" for period in study.periods]
        yield fixed(
            "APHASE", "Phase", "text", pl.col("period").replace_strict(labels, default=None, return_dtype=pl.String),
            f"The first that holds. {' '.join(phases)}", {label: label for label in labels.values()},
        )  # fmt: skip
    kinds = {kind.name: kind for analysis in analyses for kind in analysis.special_interest}
    for number, kind in enumerate(kinds.values(), start=1):
        value = pl.when(pl.col(special_column(kind.name))).then(pl.lit(kind.label))
        name, label = f"CQ{number:02}NAM", f"Customized Query {number:02} Name"
        yield fixed(name, label, "text", value, said(study, kind.where), {kind.label: kind.label})
