"""Results of findings: which value a record tells, and what is told of records that tell none or two."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

import polars as pl

from remit.errors import WrongInput
from remit.language.types import Number
from remit.schema.records import Action
from remit.sources import numbers
from remit.sources.ledger import Entry, Ledger
from remit.sources.sdtm_domains import FILE, NOT_DONE, RECORD, Domain
from remit.sources.sdtm_values import as_texts
from remit.study.forms import SUBJECT, Field, Form

LONGEST = 9  # decimals that a field can have
ENOUGH = 6  # decimals of a field in which rounding moves no comparison: quotients of scores lie farther apart


@dataclass(frozen=True)
class Told:
    """A record of a test, for the ledger."""

    form: Form
    field: Field
    test: str
    file: str
    record: int
    patient: str

    def add(
        self, ledger: Ledger, action: Action, code: str, reason: str, written: str | None, value: str | None = None
    ) -> None:
        what = {"form": self.form.name, "field": self.field.name, "column": self.test}
        entry = Entry(action, code, reason, self.file, written=written, value=value, **what)
        ledger.add(entry, self.record, self.patient)


def has_result(domain: Domain, records: pl.DataFrame) -> pl.Series:
    """Of each record whether it tells a standard result.

    Raises WrongInput for a domain that has no variable for one.
    """
    number, text = domain.of("STRESN"), domain.of("STRESC")
    if number not in records.columns and text not in records.columns:
        what = f"the domain {domain.name} has neither {number} nor {text}, and results are read from them."
        raise WrongInput(domain.where, what, f"Write the results in standard units into {number} and {text}.")
    there = [pl.col(name).is_not_null() for name in (number, text) if name in records.columns]
    return records.select(pl.any_horizontal(there) & ~not_done(domain)).to_series()


def not_done(domain: Domain) -> pl.Expr:
    name = domain.of("STAT")
    return (pl.col(name).str.to_uppercase() == NOT_DONE).fill_null(False) if domain.has("STAT") else pl.lit(False)


def report_without_result(
    form: Form, field: Field, test: str, domain: Domain, records: pl.DataFrame, ledger: Ledger
) -> None:
    """An entry for each record of a test that was not done, and for each that has an original result alone."""
    names = [domain.of(suffix) for suffix in ("STRESN", "STRESC", "ORRES")]
    why, unit = domain.of("REASND"), domain.of("ORRESU")
    without = records.filter(~pl.col("_told")).with_columns(not_done(domain).alias("_not_done"))
    without = without.with_columns(as_texts(without[name]) for name in names if name in without.columns)
    for record in without.iter_rows(named=True):
        found = next((record[name] for name in names if record.get(name) is not None), None)
        told = Told(form, field, test, record[FILE], record[RECORD], record[SUBJECT])
        if record["_not_done"] and found is not None:
            reason = f"{domain.of('STAT')} says that this was not done, and there is a result; neither is used"
            told.add(ledger, "refused", "not-done-with-result", reason, found)
        elif record["_not_done"]:
            reason = "the record says that this was not done"
            reason += f": {record[why]}" if record.get(why) else ""
            told.add(ledger, "missing", "not-done", reason, NOT_DONE)
        elif found is not None:
            reason = (
                f"there is an original result ({names[2]}), and none in standard units ({names[0]} or {names[1]}), "
                "which alone are read: write it"
            )
            told.add(ledger, "refused", "no-standard-result", reason, f"{found} {record.get(unit) or ''}".strip())


def results(form: Form, field: Field, test: str, domain: Domain, records: pl.DataFrame, ledger: Ledger) -> pl.Series:
    """--STRESN of a number, or --STRESC where that alone tells it, or that it is censored ("<5"); else --STRESC.

    records: those that have a result.
    """
    number, text = domain.of("STRESN"), domain.of("STRESC")
    if not isinstance(field.type, Number) or number not in records.columns:
        return texts_of(records, number, text)
    found = records[number]
    if found.dtype.is_float():
        found = rounded(form, field, test, domain, records, ledger)
    if text not in records.columns:
        return found
    report_unlike(form, field, test, domain, records, ledger)
    instead = found.is_null() | records[text].str.contains(r"^[<>≤≥]")
    return plain(found).zip_with(~instead.fill_null(False), records[text]) if instead.any() else found


def texts_of(records: pl.DataFrame, number: str, text: str) -> pl.Series:
    if number not in records.columns:
        return records[text]
    told = as_texts(records[number])
    return records[text].fill_null(told) if text in records.columns else told


def plain(values: pl.Series) -> pl.Series:
    """Numbers as texts, never with an exponent."""
    texts = as_texts(values)
    if not values.dtype.is_float():
        return texts
    long = texts.str.contains("e") & values.is_finite()
    places = long.fill_null(False).arg_true()
    told = [numbers.show(Fraction(text)) for text in texts.gather(places)]
    return texts.scatter(places, pl.Series(told, dtype=pl.String)) if told else texts


def report_unlike(form: Form, field: Field, test: str, domain: Domain, records: pl.DataFrame, ledger: Ledger) -> None:
    """An entry for each record whose --STRESN is another number than its --STRESC, or its --ORRES in the same unit;
    both may be rounded or cut off."""
    number, text, original = (domain.of(suffix) for suffix in ("STRESN", "STRESC", "ORRES"))
    units = [domain.of(suffix) for suffix in ("STRESU", "ORRESU")]
    report_unlike_text(form, field, test, records, number, text, ledger)
    if {original, *units} <= {*records.columns}:
        alike = records.filter(pl.col(units[0]) == pl.col(units[1]))
        report_unlike_text(form, field, test, alike, number, original, ledger)


def report_unlike_text(
    form: Form, field: Field, test: str, records: pl.DataFrame, number: str, text: str, ledger: Ledger
) -> None:
    pairs = records.select(number, text, FILE, RECORD, SUBJECT).with_columns(as_texts(records[number]).alias(number))
    pairs = pairs.drop_nulls([number, text]).filter(pl.col(number) != pl.col(text))
    for one, other, file, record, patient in pairs.iter_rows():
        try:
            alike = abs(Decimal(one) - Decimal(other)) < last_place(Decimal(other))
        except InvalidOperation:
            continue  # one of them is no number
        if alike:
            continue
        reason = f"{number} is used; {text} says {other}: which of the two is right?"
        Told(form, field, test, file, record, patient).add(ledger, "queried", "unlike-results", reason, one)


def last_place(value: Decimal) -> Decimal:
    """What one step of its last decimal is worth: 0.1 of 33.7."""
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(0)


def rounded(form: Form, field: Field, test: str, domain: Domain, records: pl.DataFrame, ledger: Ledger) -> pl.Series:
    """--STRESN, of which a calculated one (--DRVFL) without end, as 70/58, is rounded to the decimals of a field that
    has enough of them, halves away from zero; with an entry each. In a field with fewer it is refused."""
    cells = records[domain.of("STRESN")]
    if not isinstance(field.type, Number) or not domain.has("DRVFL"):
        return cells
    derived = (records[domain.of("DRVFL")].str.to_uppercase() == "Y").fill_null(False)
    places = (derived & cells.is_finite().fill_null(False) & (cells.round(LONGEST) != cells)).arg_true()
    if not len(places):
        return cells
    found: dict[int, float | None] = {}
    step, where = Decimal(1).scaleb(-field.type.decimals), records.select(FILE, RECORD, SUBJECT)
    for place in places:
        written = str(cells[place])
        value = Decimal(written).quantize(step, ROUND_HALF_UP)
        told = Told(form, field, test, *where.row(place))
        if field.type.decimals >= ENOUGH:
            reason = f"a calculated value without end is rounded to the decimals of {field.heading()}"
            told.add(ledger, "converted", "rounded", reason, written, str(value))
            found[place] = float(value)
        else:
            reason = (
                f"a calculated value without end; rounded to {field.type.decimals} decimals it could cross a limit: "
                f"declare decimals: {ENOUGH} in the study file"
            )
            told.add(ledger, "refused", "too-many-decimals", reason, written)
            found[place] = None
    return cells.scatter([*found], pl.Series([*found.values()], dtype=cells.dtype))
