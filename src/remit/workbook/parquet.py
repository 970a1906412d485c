"""Records → charts as Parquet, so written that reading them gives the same Records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import polars as pl

from remit.language.types import Number
from remit.output import write_parquet
from remit.schema.records import CENSORED, CENTRE, ONGOING, PATIENT, UNKNOWN, censored_column
from remit.study.forms import Field, Form
from remit.workbook.sheets import heading_of

DIGITS, WIDEST = 18, 38  # of a decimal as it is written, and while it is made


def write_parquet_charts(
    forms: Mapping[str, Form],
    records: Mapping[str, pl.DataFrame],
    folder: Path,
    synthetic: str | None = None,
    centre_column: str = CENTRE,
) -> None:
    """One file a form, `<sheet>.parquet`, into a folder that exists.

    records: the forms' frames, as in `Records.forms`. synthetic: how the patients were made, if they are not real; it
    stands in each file. Numbers are written in the field's own unit as decimals, censored ones beside `…__censored`,
    and a stop that is unknown, though empty, beside `…__unknown`. Forms on one sheet must have the same rows.
    """
    sheets: dict[str, dict[str, pl.Series]] = {}
    for form in forms.values():
        sheets.setdefault(form.sheet, {}).update(columns(form, records[form.name], centre_column))
    for sheet, found in sheets.items():
        write_parquet(pl.DataFrame(found), folder / f"{sheet}.parquet", synthetic)


def columns(form: Form, frame: pl.DataFrame, centre_column: str) -> dict[str, pl.Series]:
    """The columns of a file by their headings."""
    found = {form.key: frame[PATIENT], centre_column: frame[CENTRE]}
    for field in form.fields.values():
        heading = heading_of(field, form, {})
        found |= {f"{heading}{kind}": series for kind, series in of_field(form, field, frame)}
    return found


def of_field(form: Form, field: Field, frame: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    """A field's column, and its companion if it needs one."""
    values = frame[field.name]
    if isinstance(field.type, Number):
        yield "", decimal(values, field.type.decimals)
        signs = frame[censored_column(field.name)] if field.type.censored else pl.Series([0])
        if (signs != 0).any():
            yield CENSORED, signs
    else:
        yield "", values
    if field.name == form.stop and (unknown := values.is_null() & ~frame[ONGOING]).any():
        yield UNKNOWN, unknown


def decimal(scaled: pl.Series, decimals: int) -> pl.Series:
    """67 with one decimal → 6.7, exactly."""
    unit = pl.lit(Decimal(1).scaleb(-decimals), dtype=pl.Decimal(WIDEST, decimals))
    return pl.select((scaled.cast(pl.Decimal(WIDEST, 0)) * unit).cast(pl.Decimal(DIGITS, decimals))).to_series()
