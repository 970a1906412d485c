"""Domains: the records of one, out of all its data sets, with the values of its supplement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import NamedTuple

import polars as pl

from remit.errors import WrongInput
from remit.schema.records import Action
from remit.sources.ledger import Entry, Ledger
from remit.sources.parquet_files import Table
from remit.sources.sdtm_values import as_texts
from remit.study.forms import SUBJECT

CHARACTERS = ("TESTCD", "STRESC", "STRESU", "ORRES", "ORRESU", "STAT", "REASND", "DRVFL", "OCCUR", "TPT", "DOSU")
FILE, RECORD = "_file", "_record"  # where a value stands: the data set's file, and the record, from 1


@dataclass(frozen=True, eq=False)
class Domain:
    """`frame`: the records, with where each stands; `variables`: all that some data set has, read or not.

    `supplied`: those of them that come from its supplement.
    """

    name: str
    frame: pl.DataFrame
    variables: Sequence[str]
    files: Sequence[str]
    supplied: Collection[str] = ()

    @property
    def where(self) -> str:
        return ", ".join(self.files)

    def of(self, suffix: str) -> str:
        """--SEQ is AESEQ."""
        return f"{self.name}{suffix}"

    def has(self, suffix: str) -> bool:
        return self.of(suffix) in self.frame.columns

    @property
    def is_findings(self) -> bool:
        return self.of("TESTCD") in self.variables

    @cached_property
    def tests(self) -> set[str]:
        """The codes of its tests."""
        return set(self.frame[self.of("TESTCD")].unique().drop_nulls()) if self.is_findings else set()

    def missing(self, wanted: str, known: Collection[str], told: str = "the field's `column`") -> WrongInput:
        """The error for what the domain lacks, with what may be meant. told: what the study file tells it as."""
        close = get_close_matches(wanted, known, n=1)
        hint = f"; {close[0]} may be meant" if close else ""
        kinds = f"variable or {self.of('TESTCD')}" if self.is_findings else "variable"
        what = f"the domain {self.name} has no {kinds} {wanted}."
        return WrongInput(self.where, what, f"Tell the right one as {told}{hint}.")


def domain_of(name: str, tables: Sequence[Table], variables: Sequence[str]) -> Domain:
    """The records of these data sets, one after the other. Raises WrongInput for one without USUBJID."""
    for table in tables:
        if SUBJECT not in table.frame.columns:
            what = f"the data set has no variable {SUBJECT}, so nobody knows whose its records are."
            raise WrongInput(table.file, what, f"Write {SUBJECT} into each record.")
        refuse_others(table, name)
    frames = [
        in_texts(table.frame, name).with_row_index(RECORD, 1).with_columns(pl.lit(table.file).alias(FILE))
        for table in tables
    ]
    return Domain(name, pl.concat(frames, how="diagonal_relaxed"), variables, [table.file for table in tables])


def refuse_others(table: Table, name: str) -> None:
    """Raises WrongInput for a record that is of another domain than its data set."""
    if "DOMAIN" not in table.frame.columns:
        return
    said = as_texts(table.frame["DOMAIN"]).str.to_uppercase()
    if len(places := (said != name).fill_null(False).arg_true()):
        what = f"record {places[0] + 1} is of the domain {said[places[0]]}, and the data set of {name}."
        raise WrongInput(table.file, what, "Keep each domain in data sets of its own.")


def in_texts(frame: pl.DataFrame, domain: str) -> pl.DataFrame:
    """With the variables that are of characters as texts, also where a file keeps them as numbers."""
    names = {SUBJECT, "SITEID", "VISIT", *(f"{domain}{suffix}" for suffix in CHARACTERS)}
    return frame.with_columns(as_texts(frame[name]) for name in frame.columns if name in names)


def report_repeated(domain: Domain, ledger: Ledger) -> None:
    """An entry for each record whose --SEQ another of the same patient has too: nobody can tell the two apart."""
    number = domain.of("SEQ")
    if number not in domain.frame.columns:
        return
    keys = domain.frame.select(SUBJECT, number, FILE, RECORD).drop_nulls(number)
    repeated = keys.group_by(SUBJECT, number).len().filter(pl.col("len") > 1)
    found = keys.join(repeated, on=[SUBJECT, number], how="semi", nulls_equal=True, maintain_order="left")
    for patient, written, file, record in found.with_columns(as_texts(found[number])).iter_rows():
        reason = f"another record of the patient has the same {number}; both are used: which of them is right?"
        entry = Entry("queried", "repeated-sequence", reason, file, column=number, written=written)
        ledger.add(entry, record, patient)


def supplemented(domain: Domain, supplements: Sequence[Table], wanted: Collection[str], ledger: Ledger) -> Domain:
    """With the wanted values of its supplements (QVAL by QNAM) as variables."""
    frames = [
        table.frame.with_row_index("_place", 1).with_columns(pl.lit(table.file).alias("_of")) for table in supplements
    ]
    if not frames:
        return domain
    told = pl.concat(frames).filter((pl.col("RDOMAIN") == domain.name) & pl.col("QNAM").is_in([*wanted]))
    frame = domain.frame
    for (name,), values in told.partition_by("QNAM", as_dict=True, maintain_order=True).items():
        parts = values.partition_by("IDVAR", as_dict=True, maintain_order=True)
        matched = [by_record(frame, str(key) if key is not None else None, part) for (key,), part in parts.items()]
        found = pl.concat(matched).sort("_place").unique("_at", keep="first", maintain_order=True)
        lost = values.join(found, on=["_of", "_place"], how="anti")
        for patient, value, file, place in lost.select(SUBJECT, "QVAL", "_of", "_place").iter_rows():
            reason = f"no record of {domain.name} belongs to this value, or it has another value already"
            entry = Entry("refused", "value-of-no-record", reason, file, column=str(name), written=value)
            ledger.add(entry, place, patient)
        column = pl.Series(str(name), [None], pl.String).new_from_index(0, frame.height)
        frame = frame.with_columns(column.scatter(found["_at"], found["QVAL"]))
    supplied = [*told["QNAM"].unique(maintain_order=True)]
    return replace(domain, frame=frame, variables=[*domain.variables, *supplied], supplied=supplied)


def by_record(frame: pl.DataFrame, key: str | None, values: pl.DataFrame) -> pl.DataFrame:
    """The values of a supplement that IDVAR joins to records, each with `_at`, the place of its record."""
    places = frame.with_row_index("_at")
    wanted = ["_at", "QVAL", "_of", "_place"]
    if key is None:
        return places.select("_at", SUBJECT).join(values, on=SUBJECT).select(wanted)
    if key not in frame.columns:
        return places.select("_at").clear().with_columns(values.select("QVAL", "_of", "_place").clear())
    number = pl.col("IDVARVAL").cast(pl.Float64, strict=False) if frame[key].dtype.is_numeric() else pl.col("IDVARVAL")
    keyed = values.with_columns(number.alias("_key"))
    return (
        places.select("_at", SUBJECT, pl.col(key).cast(keyed["_key"].dtype).alias("_key"))
        .join(keyed, on=[SUBJECT, "_key"])
        .select(wanted)
    )


class State(NamedTuple):
    """What a variable says of records of which nothing is used."""

    suffix: str
    said: Sequence[str]
    action: Action
    code: str
    reason: str


NOT_DONE = "NOT DONE"
STATES = (
    State("STAT", (NOT_DONE,), "missing", "not-done", "the record says that it was not done"),
    State("OCCUR", ("N", "NO"), "unused", "did-not-occur", "the record says: it did not occur"),
)


def took_place(domain: Domain, used: Mapping[str, str], ledger: Ledger) -> Domain:
    """Without the records which say that nothing was done (--STAT) or that something did not occur (--OCCUR), unless a
    field asks for the latter. used: variable → field."""
    frame = domain.frame
    for state in STATES:
        name = domain.of(state.suffix)
        if name not in frame.columns or name in used:
            continue
        out = pl.col(name).str.to_uppercase().is_in(state.said).fill_null(False)
        for patient, said, file, record in frame.filter(out).select(SUBJECT, name, FILE, RECORD).iter_rows():
            entry = Entry(state.action, state.code, state.reason, file, column=name, written=said)
            ledger.add(entry, record, patient)
        frame = frame.filter(~out)
    return replace(domain, frame=frame)
