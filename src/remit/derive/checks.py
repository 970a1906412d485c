"""Rules between the items of an instrument: a row where one surely fails is asked about."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals.stable.v2 as nw
import polars as pl

from remit.derive.engines import Engine, collect
from remit.derive.frames import Frame, add_aggregates
from remit.derive.ledger import entries
from remit.derive.values import Values
from remit.language.columns import column_of, columns_of, is_interval
from remit.language.evaluate import truth
from remit.language.fields import aggregates
from remit.language.query import Aggregate, Value, outside_rows, walk
from remit.schema.records import CENTRE, PATIENT, ROW
from remit.study.study import Check, Study


def check_entries(study: Study, values: Values, engine: Engine) -> Iterator[pl.DataFrame]:
    """The ledger's entries (see `derive.ledger`)."""
    for check in study.checks:
        failing = collect(_rows(check, values, engine).filter(~truth(check.holds)).select(PATIENT, CENTRE, ROW))
        reason = f"{check.field}: “{check.label}” does not hold; which of the items is right?"
        yield entries(failing, study.forms[check.form], "queried", "instrument-check", pl.lit(reason))


def _rows(check: Check, values: Values, engine: Engine) -> Frame:
    """The form's rows, with what the rule reads of the patient."""
    patients = add_aggregates(values.patients, values.rows, aggregates(check.holds), engine)
    if check.form not in values.rows:
        return patients.with_columns(nw.col(f"{check.form}__{ROW}").alias(ROW))
    read = [part for part in walk(check.holds, outside_rows) if isinstance(part, Value | Aggregate)]
    columns = [column for part in read for column in columns_of(column_of(part), is_interval(part.type))]
    own = dict.fromkeys([PATIENT, CENTRE, *columns])
    return values.rows[check.form].join(patients.select(*own), on=PATIENT, how="inner")
