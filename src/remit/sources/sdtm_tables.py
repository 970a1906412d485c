"""Forms out of domains, as the tables that Parquet charts are.

Of most domains a record is a row. The findings of a patient, visit, day and time point are one row, with a column for
each test that the form uses; a test that was done there again begins another row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import polars as pl

from remit.language.types import Date, Number
from remit.sources.ledger import Entry, Ledger
from remit.sources.parquet_files import Table
from remit.sources.sdtm_domains import FILE, NOT_DONE, RECORD, Domain, took_place
from remit.sources.sdtm_values import days, in_one_unit, with_times
from remit.sources.sheets import Cell
from remit.study.forms import SUBJECT, Field, Form

SITE = "SITEID"
DIRECT = {"AGE": "AGEU"}  # variables whose units stand in one that is not called like them
BESIDE = {"DOSE": "DOSU", "DOSTOT": "DOSU", "STRESN": "STRESU", "ORRES": "ORRESU", "STNRLO": "STRESU",
          "STNRHI": "STRESU", "ORNRLO": "ORRESU", "ORNRHI": "ORRESU"}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Laid:
    """A form's table; `tests`: heading → test code.

    `origins`: of each `row` the FILE and RECORD; of a cell of findings, with its `column`, its own.
    """

    table: Table
    tests: Mapping[str, str]
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
    if tests or of_tests:
        return lay_findings(form, domain, tests, of_tests, sites, ledger)
    domain = took_place(domain, {field.column: name for name, field in form.fields.items()}, ledger)
    columns = dict(
        laid(form, field, domain.frame, domain.frame[field.column], units_beside(domain, field.column), ledger)
        for field in form.fields.values()
        if field.column in domain.frame.columns
    )
    number = {domain.of("SEQ"): domain.frame[domain.of("SEQ")]} if domain.has("SEQ") else {}
    table = table_of(form, domain.frame, columns, number, sites)
    rows = origins(domain.frame)
    return Laid(table, {}, rows, rows.clear().with_columns(column=pl.lit(None, pl.String)))


def tests_of(form: Form, domain: Domain) -> dict[str, Field]:
    """The fields of a form that are tests, by their codes."""
    known = codes_of(domain)
    tests = {}
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
    known, found = codes_of(domain), []
    for field in form.fields.values():
        test, _, variable = field.column.partition(".")
        if not variable:
            continue
        if test in known and variable in domain.variables:
            found.append(OfTest(test, variable, field))
        elif field.required:
            raise domain.missing(*((variable, domain.variables) if test in known else (test, known)))
    return found


def codes_of(domain: Domain) -> set[str]:
    return set(domain.frame[domain.of("TESTCD")].drop_nulls().unique()) if domain.is_findings else set()


def lay_findings(
    form: Form,
    domain: Domain,
    tests: Mapping[str, Field],
    of_tests: Sequence[OfTest],
    sites: pl.DataFrame,
    ledger: Ledger,
) -> Laid:
    code = domain.of("TESTCD")
    others = [field for field in form.fields.values() if field.column in domain.variables]
    frame = domain.frame.filter(pl.col(code).is_in([*tests, *(each.test for each in of_tests)]))
    keys = [
        SUBJECT,
        *(name for suffix in ("_VISITNUM", "_VISIT", "TPTNUM", "TPT") if (name := key_name(domain, suffix))),
    ]
    split = [field.column for field in others if field.column not in (*keys, domain.of("DTC"))]
    frame = frame.with_columns(day_of(domain, frame).alias("_day"))
    keys += ["_day", *dict.fromkeys(split)]
    frame = frame.with_columns(pl.int_range(pl.len()).over(*keys, code).alias("_again"))
    places = frame.select(*keys, "_again").unique(maintain_order=True).with_row_index("_row")
    frame = frame.join(places, on=[*keys, "_again"], how="left", nulls_equal=True, maintain_order="left")
    first = frame.unique("_row", keep="first", maintain_order=True).sort("_row")
    columns = dict(laid(form, field, first, first[field.column], None, ledger) for field in others)
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
    return Laid(table, codes, origins(first), pl.concat(cells))


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
        own = frame.filter(pl.col(domain.of("TESTCD")) == test)
        report_not_done(form, field, test, domain, own, ledger)
        units = own[domain.of("STRESU")] if domain.has("STRESU") else None
        told = round_derived(form, field, test, domain, own, results(domain, own, field), ledger)
        yield Told(field, test, own, told, units)


def of_their_variables(domain: Domain, frame: pl.DataFrame, of_tests: Sequence[OfTest]) -> Iterator[Told]:
    for test, variable, field in of_tests:
        own = frame.filter(pl.col(domain.of("TESTCD")) == test)
        yield Told(field, variable, own, own[variable], units_beside(replace(domain, frame=own), variable))


def key_name(domain: Domain, suffix: str) -> str | None:
    """_VISIT is VISIT, TPT is --TPT; None if the domain has no such variable."""
    name = suffix[1:] if suffix.startswith("_") else domain.of(suffix)
    return name if name in domain.frame.columns else None


def day_of(domain: Domain, frame: pl.DataFrame) -> pl.Expr:
    """The day of a finding as text."""
    name = domain.of("DTC")
    return pl.col(name).cast(pl.String).str.slice(0, 10) if name in frame.columns else pl.lit(None, pl.String)


def results(domain: Domain, records: pl.DataFrame, field: Field) -> pl.Series:
    """--STRESN of a number, with --STRESC where that alone tells it ("<5"); of all else --STRESC."""
    number, text = domain.of("STRESN"), domain.of("STRESC")
    if not isinstance(field.type, Number) or number not in records.columns:
        return records[text if text in records.columns else number]
    found = records[number]
    if text not in records.columns:
        return found
    alone = found.is_null() & records[text].is_not_null() & ~is_not_done(domain, records)
    return found.cast(pl.String).zip_with(~alone, records[text]) if alone.any() else found


def round_derived(
    form: Form, field: Field, test: str, domain: Domain, records: pl.DataFrame, cells: pl.Series, ledger: Ledger
) -> pl.Series:
    """The cells, of which those that were calculated (--DRVFL) are rounded to the field's decimals, halves away from
    zero: 70/58 has no end. An entry for each that this changes."""
    if not isinstance(field.type, Number) or not domain.has("DRVFL") or not cells.dtype.is_float():
        return cells
    shown, step = field.heading(), Decimal(1).scaleb(-field.type.decimals)
    derived = (records[domain.of("DRVFL")] == "Y").fill_null(False) & cells.is_finite().fill_null(False)
    texts = cells.cast(pl.String).to_list()
    found = cells.to_list()
    where = records.select(SUBJECT, FILE, RECORD)
    for place in derived.arg_true():
        written = Decimal(texts[place])
        rounded = written.quantize(step, ROUND_HALF_UP)
        if rounded == written:
            continue
        patient, file, record = where.row(place)
        reason = f"a value that was calculated is rounded to the decimals of {shown}"
        what = {"column": test, "written": texts[place], "value": str(rounded)}
        ledger.add(
            Entry("converted", "rounded", reason, file, form=form.name, field=field.name, **what), record, patient
        )
        found[place] = float(rounded)
    return pl.Series(cells.name, found, dtype=cells.dtype)


def is_not_done(domain: Domain, records: pl.DataFrame) -> pl.Series:
    if not domain.has("STAT"):
        return pl.Series([False]).new_from_index(0, records.height)
    return (records[domain.of("STAT")] == NOT_DONE).fill_null(False)


def report_not_done(form: Form, field: Field, test: str, domain: Domain, records: pl.DataFrame, ledger: Ledger) -> None:
    """An entry for each record of a test that says it was not done, with the reason that it gives."""
    why = domain.of("REASND")
    for record in records.filter(is_not_done(domain, records)).iter_rows(named=True):
        reason = "the record says that this was not done"
        reason += f": {record[why]}" if record.get(why) else ""
        entry = Entry("missing", "not-done", reason, record[FILE], None, None, form.name, field.name, test, NOT_DONE)
        ledger.add(entry, record[RECORD], record[SUBJECT])


def units_beside(domain: Domain, column: str) -> pl.Series | None:
    """The units of a variable, if another tells them: EXDOSU of EXDOSE."""
    name = DIRECT.get(column) or domain.of(BESIDE.get(column.removeprefix(domain.name), " "))
    return domain.frame[name] if name in domain.frame.columns else None


def laid(
    form: Form, field: Field, records: pl.DataFrame, cells: pl.Series, units: pl.Series | None, ledger: Ledger
) -> tuple[str, pl.Series]:
    """The heading and the cells of a field; what became of a unit or a time of day is told."""
    column = field.column
    if isinstance(field.type, Date):
        return column, laid_days(form, field, cells, ledger)
    if not isinstance(field.type, Number):
        return column, cells
    amounts = in_one_unit(cells, units, field)
    told = records.select(SUBJECT, FILE, RECORD).with_columns(
        cell=cells.cast(pl.String), value=amounts.cells.cast(pl.String), unit=units if units is not None else None
    )
    for patient, file, record, cell, _, unit in told.filter(amounts.refused).iter_rows():
        listed = " or ".join(field.units) or "no unit"
        reason = f"it is in {unit or 'no unit'}, and the study file lists {listed}: list the unit, or correct it"
        entry = Entry("refused", "unknown-unit", reason, file, None, None, form.name, field.name, column)
        ledger.add(with_written(entry, cell, unit), record, patient)
    for patient, file, record, cell, value, unit in told.filter(amounts.converted & ~amounts.refused).iter_rows():
        reason = f"written in {unit}, and most records of {column} in {amounts.unit}"
        entry = Entry("converted", "unit", reason, file, None, None, form.name, field.name, column)
        ledger.add(with_written(entry, cell, unit, f"{value} {amounts.unit}"), record, patient)
    return f"{column} ({amounts.unit})" if amounts.unit and field.units else column, amounts.cells


def with_written(entry: Entry, cell: str, unit: str | None, value: str | None = None) -> Entry:
    return replace(entry, written=f"{cell} {unit or ''}".strip(), value=value)


def laid_days(form: Form, field: Field, cells: pl.Series, ledger: Ledger) -> pl.Series:
    """Days; the stop of a period, the first day without, is the day after --ENDTC, which is its last."""
    is_last = field.name == form.stop and field.column.endswith("ENDTC")
    if count := with_times(cells):
        reason = f"{count} of the dates tell a time of day, which is not used"
        ledger.add(Entry("converted", "time-dropped", reason, form=form.name, field=field.name, column=field.column))
    if is_last:
        reason = f"{field.column} is the last day of a period; the day after it is the first without"
        ledger.add(Entry("converted", "last-day", reason, form=form.name, field=field.name, column=field.column))
    return days(cells, later=1 if is_last else 0)


def table_of(
    form: Form,
    records: pl.DataFrame,
    columns: Mapping[str, pl.Series],
    beside: Mapping[str, pl.Series],
    sites: pl.DataFrame,
) -> Table:
    """A form's table. beside: what belongs to its rows and to no field."""
    ids = {form.key: records[SUBJECT]}
    if form.rows == "once":
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
