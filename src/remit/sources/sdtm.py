"""SDTM: a folder with the domains of a trial → Records. How a domain becomes a form's table tells `sdtm_tables`.

The patient is USUBJID, and the centre SITEID of DM. What the tables hold is read by the rules of Parquet charts; the
ledger speaks of the record of the data set, and of the test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from remit.errors import WrongInput
from remit.schema.records import LEDGER_SCHEMA, ROWS_SCHEMA, Records
from remit.sources import synthetic
from remit.sources.cells import key
from remit.sources.corrections import corrected_books, load
from remit.sources.ledger import Entry, Ledger, in_order
from remit.sources.parquet import records_of
from remit.sources.parquet_files import Table
from remit.sources.parts import require_patients
from remit.sources.sdtm_domains import FILE, RECORD, Domain, domain_of, report_repeated, supplemented
from remit.sources.sdtm_files import SUPPLEMENT, DataSet, data_sets
from remit.sources.sdtm_measurements import QUALIFIERS
from remit.sources.sdtm_tables import SITE, Laid, lay
from remit.sources.sheets import Applied, Book, Sheet
from remit.study.forms import SUBJECT, Charts, Form, Habits

PEOPLE = "DM"
KEYS = ("VISITNUM", "VISIT")  # variables that tell which records belong together
SUFFIXES = ("SEQ", "TESTCD", "STRESN", "STRESC", "STRESU", "ORRES", "ORRESU", "STAT", "REASND", "DRVFL", "OCCUR", "DTC",
            "TPT", "TPTNUM", "DOSU", "LNKID")  # fmt: skip


def read(folder: Path, forms: Mapping[str, Form], charts: Charts) -> Records:
    """The Records of the domains in a folder, which is not changed.

    Raises WrongInput where the structure is wrong: `where` names the data set.
    """
    require_patients(forms)
    require_domains(forms)
    own = Ledger()
    found, others = data_sets(folder)
    for name in others:
        own.add(Entry("unused", "no-charts", "no data set of SDTM", file=name))
    domains = read_domains(folder, found, forms, charts, own)
    sites = sites_of(domains[PEOPLE])
    laid = {form.name: lay(form, domains[form.domain or ""], sites, own) for form in forms.values()}
    report_unused(found, domains, forms, own)
    habits = {site: Habits("year-month-day", "point") for site in sites[SITE].drop_nulls().unique()}
    told = replace(charts, centre_column=charts.centre_column or SITE, habits=habits | dict(charts.habits))
    tables = TableBook({form.sheet: laid[form.name].table for form in forms.values()})
    records = records_of(tables, forms, told, Ledger())
    said = synthetic.of_all(folder, {each.file: each.synthetic() for each in found})
    noted = own.frame().join(sites.rename({SUBJECT: "patient"}), on="patient", how="left")
    noted = noted.with_columns(pl.coalesce("centre", SITE).alias("centre")).select(*LEDGER_SCHEMA)
    ledger = in_order(pl.concat([told_of_records(records.ledger, laid), noted]))
    return replace(records, ledger=ledger, rows=rows_of_records(records.rows, laid), synthetic=said)


def require_domains(forms: Mapping[str, Form]) -> None:
    for form in forms.values():
        if form.domain is None:
            what = f"the form {form.name} names no domain, and its charts are SDTM."
            raise WrongInput("the study file", what, f"Add `domain:` to {form.name}: DM, EX, AE, LB, …")


def read_domains(
    folder: Path, found: Sequence[DataSet], forms: Mapping[str, Form], charts: Charts, ledger: Ledger
) -> dict[str, Domain]:
    """The domains of the forms, and DM. Raises WrongInput for one that no data set holds."""
    wanted = variables_wanted(forms)
    used = [each for each in found if each.domains & wanted.keys()]
    read = {name: variables.union(*(each.keys for each in used)) for name, variables in wanted.items()}
    book = DataSetBook({each.file: each for each in used}, read)
    (corrected,) = corrected_books([book], load(charts, ledger), {key(each.file) for each in used})
    domains = {}
    for name, variables in wanted.items():
        own = [each for each in used if name in each.domains]
        records = [each for each in own if not each.is_supplement]
        if not records:
            what = f"no data set holds the domain {name}; there are {', '.join(sorted({e.domain for e in found}))}."
            raise WrongInput(str(folder), what, f"Put it into the folder, as {name.lower()}.xpt or .parquet.")
        known = list(dict.fromkeys(variable for each in records for variable in each.variables))
        domain = domain_of(name, [table(corrected, each, ledger) for each in records], known)
        report_repeated(domain, ledger)
        beyond = variables - {*known, *domain.tests}
        if beyond:
            supplements = [table(corrected, each, ledger) for each in own if each.is_supplement]
            domain = supplemented(domain, supplements, beyond, ledger)
        domains[name] = domain
    return domains


def variables_wanted(forms: Mapping[str, Form]) -> dict[str, set[str]]:
    """By domain, what the fields name: variables, test codes, both (`ALT.LBSTNRHI`), and names of supplements."""
    wanted: dict[str, set[str]] = {PEOPLE: {SITE}}
    for form in forms.values():
        columns = (part for field in form.fields.values() for part in field.column.split("."))
        wanted.setdefault(form.domain or "", set()).update(columns, form.only)
    return wanted


def table(book: Book, each: DataSet, ledger: Ledger) -> Table:
    """A data set with its corrections, which are told."""
    sheet = book.sheet(each.file)
    if not isinstance(sheet, Table):
        raise TypeError(f"{sheet.where} is no data set")
    for done in sheet.applied:
        patient = sheet.frame[SUBJECT][done.row - 1] if done.row and SUBJECT in sheet.frame.columns else None
        ledger.add(correction(sheet, done), done.row, patient)
    return sheet


def correction(sheet: Table, done: Applied) -> Entry:
    """The entry of a correction, whether it was applied or refused."""
    letter = sheet.letter(done.column)
    return Entry(*done.outcome, sheet.file, column=letter, written=done.written, value=done.new)


def sites_of(people: Domain) -> pl.DataFrame:
    """The centre of each patient. Raises WrongInput if DM has no SITEID."""
    if SITE not in people.frame.columns:
        raise people.missing(SITE, people.variables)
    return people.frame.select(SUBJECT, pl.col(SITE).cast(pl.String)).unique(SUBJECT, keep="first", maintain_order=True)


def report_unused(
    found: Sequence[DataSet], domains: Mapping[str, Domain], forms: Mapping[str, Form], ledger: Ledger
) -> None:
    """An entry for each data set, variable and test that no form uses."""
    wanted = variables_wanted(forms)
    for each in found:
        if not each.domains & wanted.keys():
            reason = f"no form of the study is of the domain {each.domain}"
            ledger.add(Entry("unused", "data-set-of-no-form", reason, each.file))
        elif each.supplied is not None:
            report_unused_values(each, each.supplied, domains, ledger)
        else:
            used = wanted[each.domain] | needed(each.domain)
            for variable in each.variables:
                if variable not in used and variable.removesuffix("U") not in used:
                    reason = "no field of the study uses this variable"
                    entry = Entry("unused", "column-of-no-field", reason, each.file, column=variable, written=variable)
                    ledger.add(entry)
    for name, domain in domains.items():
        code = domain.of("TESTCD")
        if not domain.is_findings or code not in domain.frame.columns:
            continue
        for file, record, patient in (
            domain.frame.filter(pl.col(code).is_null()).select(FILE, RECORD, SUBJECT).iter_rows()
        ):
            entry = Entry("refused", "no-test", "the record does not say of which test it is", file, column=code)
            ledger.add(entry, record, patient)
        counts = domain.frame.drop_nulls(code).group_by(FILE, code, maintain_order=True).len()
        for file, test, count in counts.iter_rows():
            if test not in wanted[name]:
                reason = f"no field of the study is this test, of which there are {count} records"
                ledger.add(Entry("unused", "test-of-no-field", reason, file, column=code, written=test))


def report_unused_values(each: DataSet, supplied: pl.DataFrame, domains: Mapping[str, Domain], ledger: Ledger) -> None:
    """An entry for each QNAM of a supplement that no field uses."""
    counts = supplied.group_by("RDOMAIN", "QNAM").agg(pl.col("len").sum()).sort("RDOMAIN", "QNAM")
    for name, variable, count in counts.iter_rows():
        domain = domains.get(name)
        if domain is not None and variable in domain.supplied:
            continue
        reason = f"no field of the study uses these values, of which there are {count}"
        if domain is not None and variable in {*domain.variables, *domain.tests}:
            reason = f"{name} itself has a variable or test {variable}; the values here, {count}, are not used"
        ledger.add(Entry("unused", "value-of-no-field", reason, each.file, column="QNAM", written=variable))


def needed(domain: str) -> set[str]:
    """The variables that are read whether a field names them or not."""
    return {SUBJECT, *KEYS, "DOMAIN", *(f"{domain}{suffix}" for suffix in SUFFIXES)}


class DataSetBook:
    """Data sets as they stand in their files, for corrections: one a sheet, with the variables that are read."""

    file = ""

    def __init__(self, sets: Mapping[str, DataSet], wanted: Mapping[str, set[str]]) -> None:
        self._sets = sets
        self._wanted = wanted

    @property
    def names(self) -> list[str]:
        return [*self._sets]

    def file_of(self, name: str) -> str:
        return name

    def place_of(self, name: str) -> str:
        return name

    def sheet(self, name: str) -> Table:
        found = self._sets[name]
        if found.is_supplement:
            return found.read(SUPPLEMENT)
        qualifiers = {f"{found.domain}{suffix}" for suffix in (*QUALIFIERS, "TRT")}
        wanted = self._wanted[found.domain] | needed(found.domain)
        return found.read(wanted | qualifiers | {f"{variable}U" for variable in wanted})

    def synthetic(self) -> Mapping[str, str | None]:
        return {}


class TableBook:
    """The tables of the forms, by their sheets."""

    file = ""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables

    @property
    def names(self) -> list[str]:
        return [*self._tables]

    def file_of(self, name: str) -> str:
        return self._tables[name].file

    def place_of(self, name: str) -> str:
        return self._tables[name].file

    def sheet(self, name: str) -> Sheet:
        return self._tables[name]

    def synthetic(self) -> Mapping[str, str | None]:
        return {}


def told_of_records(ledger: pl.DataFrame, laid: Mapping[str, Laid]) -> pl.DataFrame:
    """The entries of tables' rows and cells as ones of records: of their data set, record and test."""
    parts = [ledger.filter(pl.col("form").is_null() | ~pl.col("form").is_in([*laid]))]
    for name, form in laid.items():
        entries = ledger.filter(pl.col("form") == name).with_columns(pl.col("row").cast(pl.UInt32))
        if entries.is_empty():
            continue
        entries = entries.join(form.rows, on="row", how="left", maintain_order="left")
        of_cells = form.cells.rename({FILE: "_cell_file", RECORD: "_cell_record"})
        entries = entries.join(of_cells, on=["row", "column"], how="left", maintain_order="left")
        parts.append(
            entries.with_columns(
                file=pl.coalesce("_cell_file", FILE, "file"),
                row=pl.coalesce("_cell_record", RECORD).cast(pl.Int64),
                column=pl.col("column").replace(form.tests),
                written=as_written(form),
            ).select(*LEDGER_SCHEMA)
        )
    return pl.concat(parts)


def as_written(form: Laid) -> pl.Expr:
    """What a cell says in its data set: the last day of a period stands in the table as the day after."""
    if form.last is None:
        return pl.col("written")
    moved = (pl.col("column") == form.last) & (pl.col("code") == "stop-before-start")
    before = pl.col("written").str.to_date("%Y-%m-%d", strict=False).dt.offset_by("-1d").dt.to_string("%Y-%m-%d")
    return pl.when(moved).then(before).otherwise("written")


def rows_of_records(rows: pl.DataFrame, laid: Mapping[str, Laid]) -> pl.DataFrame:
    """Each row's place as that of its record; of findings, of the first of them."""
    told = pl.concat([form.rows.with_columns(form=pl.lit(name)) for name, form in laid.items()])
    found = rows.with_columns(pl.col("row").cast(pl.UInt32)).join(
        told, on=["form", "row"], how="left", maintain_order="left"
    )
    columns = [pl.col(name).cast(kind) for name, kind in ROWS_SCHEMA.items()]
    return found.with_columns(file=pl.coalesce(FILE, "file"), row=pl.coalesce(RECORD, "row")).select(columns)
