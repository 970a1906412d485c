"""Forms out of domains, as the tables that Parquet charts are.

Of most domains a record is a row. The findings of a patient, visit, day and time point are one row, with a column for
each test that the form uses; a test that was done there again begins another row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import polars as pl

from remit.language.types import Date, Number
from remit.sources.ledger import Entry, Ledger
from remit.sources.parquet_files import Table
from remit.sources.sdtm_domains import FILE, RECORD, Domain, took_place
from remit.sources.sdtm_measurements import chosen, refuse_several
from remit.sources.sdtm_results import has_result, report_without_result, results
from remit.sources.sdtm_values import WHOLE_DAY, Amounts, as_texts, in_one_unit, the_day_after, whole_days
from remit.sources.sheets import Cell
from remit.study.forms import SUBJECT, Field, Form

SITE = "SITEID"
# Variables whose units stand in another that is not called like them, with a U
BESIDE = {"DOSE": "DOSU", "DOSTOT": "DOSU", "ORNRLO": "ORRESU", "ORNRHI": "ORRESU"}
BESIDE |= dict.fromkeys(("STRESN", "STRESC", "STNRLO", "STNRHI"), "STRESU")


@dataclass(frozen=True, eq=False)
class Laid:
    """A form's table; `tests`: heading → test code.

    `last`: the variable of a period's last day, which the table has a day later.
    `origins`: of each `row` the FILE and RECORD; of a cell of findings, with its `column`, its own.
    """

    table: Table
    tests: Mapping[str, str]
    last: str | None
    rows: pl.DataFrame
    cells: pl.DataFrame


class OfTest(NamedTuple):
    """A field that is a variable of the records of one test."""

    test: str
    variable: str
    field: Field


def lay(form: Form, domain: Domain, sites: pl.DataFrame, ledger: Ledger) -> Laid:
    """The table of a form. sites: the SITEID of each USUBJID.

    Raises WrongInput for a field that is no variable of the domain, nor the code of one of its tests.
    """
    tests, of_tests = tests_of(form, domain), variables_of_tests(form, domain)
    domain = chosen(form, domain, {*tests, *(each.test for each in of_tests)}, ledger)
    if tests or of_tests:
        return lay_findings(form, domain, tests, of_tests, sites, ledger)
    domain = took_place(domain, {field.column: name for name, field in form.fields.items()}, ledger)
    fields = [field for field in form.fields.values() if field.column in domain.frame.columns]
    columns = laid_variables(form, fields, domain, domain.frame, ledger)
    report_open(form, domain, ledger)
    number = {domain.of("SEQ"): domain.frame[domain.of("SEQ")]} if domain.has("SEQ") else {}
    table = table_of(form, domain.frame, columns, number, sites)
    rows = origins(domain.frame)
    last = next((field.column for field in form.fields.values() if is_last_day(form, field)), None)
    return Laid(table, {}, last, rows, rows.clear().with_columns(column=pl.lit(None, pl.String)))


def tests_of(form: Form, domain: Domain) -> dict[str, Field]:
    """The fields of a form that are tests, by their codes."""
    tests, known = {}, domain.tests
    for field in form.fields.values():
        if field.column in domain.variables or "." in field.column:
            continue
        if field.column in known:
            tests[field.column] = field
        elif field.required:
            raise domain.missing(field.column, [*domain.variables, *known])
    return tests


def variables_of_tests(form: Form, domain: Domain) -> list[OfTest]:
    """The fields of a form that are a variable of the records of a test: `ALT.LBSTNRHI`."""
    known, found = domain.tests, []
    for field in form.fields.values():
        test, _, variable = field.column.partition(".")
        if not variable:
            continue
        if test in known and variable in domain.variables:
            found.append(OfTest(test, variable, field))
        elif field.required:
            raise domain.missing(*((variable, domain.variables) if test in known else (test, known)))
    return found


def lay_findings(
    form: Form,
    domain: Domain,
    tests: Mapping[str, Field],
    of_tests: Sequence[OfTest],
    sites: pl.DataFrame,
    ledger: Ledger,
) -> Laid:
    others = [field for field in form.fields.values() if field.column in domain.variables]
    frame = domain.frame.with_columns(has_result(domain, domain.frame).alias("_told"))
    refuse_several(form, domain, frame.filter("_told"), {*tests, *(each.test for each in of_tests)})
    frame = placed(form, domain, frame, others)
    first = frame.unique("_row", keep="first", maintain_order=True).sort("_row")
    columns = laid_variables(form, others, domain, first, ledger)
    codes: dict[str, str] = {}
    cells = []
    told = (*results_of_tests(form, domain, frame, tests, ledger), *of_their_variables(domain, frame, of_tests))
    for field, column, own, written, units in told:
        heading, found = laid(form, field, own, written, units, ledger)
        columns[heading] = (
            pl.Series([None], dtype=found.dtype).new_from_index(0, first.height).scatter(own["_row"], found)
        )
        codes[heading] = column
        cells.append(own.select(row=pl.col("_row") + 1, column=pl.lit(heading)).with_columns(own[FILE], own[RECORD]))
    table = table_of(form, first, columns, {}, sites)
    return Laid(table, codes, None, origins(first), pl.concat(cells))


class Told(NamedTuple):
    """What the records of a test tell of a field; `column`: the test or variable."""

    field: Field
    column: str
    records: pl.DataFrame
    cells: pl.Series
    units: pl.Series | None


def results_of_tests(
    form: Form, domain: Domain, frame: pl.DataFrame, tests: Mapping[str, Field], ledger: Ledger
) -> Iterator[Told]:
    for test, field in tests.items():
        of_test = frame.filter(pl.col(domain.of("TESTCD")) == test)
        report_without_result(form, field, test, domain, of_test, ledger)
        own = of_test.filter("_told")
        units = own[domain.of("STRESU")] if domain.has("STRESU") else None
        yield Told(field, test, own, results(form, field, test, domain, own, ledger), units)


def of_their_variables(domain: Domain, frame: pl.DataFrame, of_tests: Sequence[OfTest]) -> Iterator[Told]:
    """Of records in one row, the one that has a result tells."""
    for test, variable, field in of_tests:
        of_test = frame.filter(pl.col(domain.of("TESTCD")) == test).sort("_told", descending=True, maintain_order=True)
        own = of_test.unique("_row", keep="first", maintain_order=True)
        yield Told(field, variable, own, own[variable], units_beside(domain, own, variable))


def placed(form: Form, domain: Domain, frame: pl.DataFrame, others: Sequence[Field]) -> pl.DataFrame:
    """The records with `_row`, that of the table in which each stands, and `_day`. others: fields that are variables.

    A test that was done there again stands in another row; a record without a result needs none of its own.
    """
    code = domain.of("TESTCD")
    of_visit = [name for name in ("VISITNUM", "VISIT", domain.of("TPTNUM"), domain.of("TPT")) if name in frame.columns]
    split = [field.column for field in others if field.column not in (*of_visit, domain.of("DTC"))]
    if form.rows != "visit" and domain.has("LNKID"):
        split.append(domain.of("LNKID"))  # of one lesion, whose tests belong together
    fields = [field.column for field in others]
    frame = frame.with_columns(day_of(domain, frame).alias("_day"))
    apart = pl.lit(True) if form.rows != "visit" else ~pl.col("_day").str.contains(WHOLE_DAY).fill_null(False)
    kept = [(name if name in fields else pl.when(apart).then(name)) for name in of_visit]
    keys = pl.struct(SUBJECT, *fields) if form.rows == "once" else pl.struct(SUBJECT, "_day", *kept, *split)
    frame = frame.with_columns(keys.alias("_key"))
    done = pl.col("_told").cast(pl.Int32)
    again = pl.when("_told").then(done.cum_sum().over("_key", code) - 1).otherwise(0)
    frame = frame.with_columns(again.alias("_again"))
    places = frame.select("_key", "_again").unique(maintain_order=True).with_row_index("_row")
    return frame.join(places, on=["_key", "_again"], how="left", nulls_equal=True, maintain_order="left")


def day_of(domain: Domain, frame: pl.DataFrame) -> pl.Expr:
    """The day of a finding as text."""
    name = domain.of("DTC")
    return pl.col(name).cast(pl.String).str.slice(0, 10) if name in frame.columns else pl.lit(None, pl.String)


def units_beside(domain: Domain, records: pl.DataFrame, column: str) -> pl.Series | None:
    """The units of a variable, if another tells them: EXDOSU of EXDOSE, AGEU of AGE."""
    suffix = BESIDE.get(column.removeprefix(domain.name))
    name = domain.of(suffix) if suffix else f"{column}U"
    return as_texts(records[name]) if name in records.columns else None


def laid_variables(
    form: Form, fields: Sequence[Field], domain: Domain, records: pl.DataFrame, ledger: Ledger
) -> dict[str, pl.Series]:
    """By their headings, the cells of fields that are variables."""
    units = {field.name: units_beside(domain, records, field.column) for field in fields}
    return dict(laid(form, field, records, records[field.column], units[field.name], ledger) for field in fields)


def laid(
    form: Form, field: Field, records: pl.DataFrame, cells: pl.Series, units: pl.Series | None, ledger: Ledger
) -> tuple[str, pl.Series]:
    """The heading and the cells of a field; what became of a unit or a time of day is told."""
    column = field.column
    if isinstance(field.type, Date):
        return column, laid_days(form, field, records, cells, ledger)
    if not isinstance(field.type, Number):
        return column, cells
    amounts = in_one_unit(cells, units, field)
    report_assumed(form, field, cells, units, amounts, ledger)
    told = records.select(SUBJECT, FILE, RECORD).with_columns(
        cell=cells.cast(pl.String), value=amounts.cells.cast(pl.String), unit=units if units is not None else None
    )
    for patient, file, record, cell, _, unit in told.filter(amounts.refused).iter_rows():
        listed = " or ".join(field.units) or "no unit"
        reason = f"it is in {unit or 'no unit'}, and the study file lists {listed}: list the unit, or correct it"
        entry = Entry("refused", "unknown-unit", reason, file, None, None, form.name, field.name, column)
        ledger.add(with_written(entry, cell, unit), record, patient)
    for patient, file, record, cell, value, unit in told.filter(amounts.converted & ~amounts.refused).iter_rows():
        reason = f"from {unit}, exactly; the records of {column} are in several units"
        entry = Entry("converted", "unit", reason, file, None, None, form.name, field.name, column)
        ledger.add(with_written(entry, cell, unit, f"{value} {amounts.unit}"), record, patient)
    return f"{column} ({amounts.unit})" if amounts.unit and field.units else column, amounts.cells


def report_assumed(
    form: Form, field: Field, cells: pl.Series, units: pl.Series | None, amounts: Amounts, ledger: Ledger
) -> None:
    """An entry if some values tell no unit, and are taken to be in the field's own, as it has no other."""
    bare = cells.is_not_null() & ~amounts.refused
    count = int((bare if units is None else bare & units.is_null()).sum())
    if field.units and count:
        reason = f"{count} of the values tell no unit, and are taken to be in {next(iter(field.units))}"
        ledger.add(Entry("recognised", "unit-assumed", reason, form=form.name, field=field.name, column=field.column))


def with_written(entry: Entry, cell: str, unit: str | None, value: str | None = None) -> Entry:
    return replace(entry, written=f"{cell} {unit or ''}".strip(), value=value)


def laid_days(form: Form, field: Field, records: pl.DataFrame, cells: pl.Series, ledger: Ledger) -> pl.Series:
    """Days; the stop of a period, the first day without, is the day after --ENDTC, which is its last."""
    cells, count = whole_days(cells)
    if count:
        reason = f"{count} of the dates tell a time of day, which is not used"
        ledger.add(Entry("converted", "time-dropped", reason, form=form.name, field=field.name, column=field.column))
    if not is_last_day(form, field):
        return cells
    reason = f"{field.column} is the last day of a period; the day after it is the first without"
    ledger.add(Entry("converted", "last-day", reason, form=form.name, field=field.name, column=field.column))
    later, converted = the_day_after(cells, field)
    for place, reading in converted.items():
        patient, file, record = records.select(SUBJECT, FILE, RECORD).row(place)
        what = {"column": field.column, "written": str(cells[place]), "value": reading.shown}
        entry = Entry("converted", reading.code, reading.reason, file, form=form.name, field=field.name, **what)
        ledger.add(entry, record, patient)
    return later


def is_last_day(form: Form, field: Field) -> bool:
    return field.name == form.stop and field.column.endswith("ENDTC")


def report_open(form: Form, domain: Domain, ledger: Ledger) -> None:
    """An entry for each period without an end after which another of the patient, and of the treatment, starts."""
    if form.rows != "period":
        return
    start, stop = (form.fields[name or ""].column for name in (form.start, form.stop))
    if start not in domain.frame.columns or stop not in domain.frame.columns:
        return
    same = [SUBJECT, *(name for name in [domain.of("TRT")] if name in domain.frame.columns)]
    starts = domain.frame.with_columns(pl.col(start).cast(pl.String).alias("_start"))
    latest = starts.with_columns(pl.col("_start").max().over(*same).alias("_latest"))
    followed = latest.filter(pl.col(stop).is_null() & (pl.col("_start") < pl.col("_latest")))
    for patient, later, file, record in followed.select(SUBJECT, "_latest", FILE, RECORD).iter_rows():
        reason = (
            f"the period has no end, so it goes on, and another starts after it, the last on {later}: is its end lost?"
        )
        entry = Entry("queried", "open-before-next", reason, file, form=form.name, field=form.stop, column=stop)
        ledger.add(entry, record, patient)


def table_of(
    form: Form,
    records: pl.DataFrame,
    columns: Mapping[str, pl.Series],
    beside: Mapping[str, pl.Series],
    sites: pl.DataFrame,
) -> Table:
    """A form's table. beside: what belongs to its rows and to no field."""
    ids = {form.key: records[SUBJECT]}
    if form.rows == "once" and SITE in records.columns:
        ids[SITE] = records[SITE]
    elif form.rows == "once":
        ids[SITE] = records.select(SUBJECT).join(sites, on=SUBJECT, how="left", maintain_order="left")[SITE]
    shown = {**ids, **{name: found for name, found in columns.items() if name not in ids}}
    headings: list[Cell] = [*shown]
    frame = pl.DataFrame({**{name: each for name, each in beside.items() if name not in shown}, **shown})
    return Table(files_of(records, form), None, [headings], frame=frame)


def files_of(records: pl.DataFrame, form: Form) -> str:
    return ", ".join(sorted(records[FILE].unique())) or f"the domain {form.domain}"


def origins(records: pl.DataFrame) -> pl.DataFrame:
    """Where each row stands."""
    return records.select(FILE, RECORD).with_row_index("row", 1)
