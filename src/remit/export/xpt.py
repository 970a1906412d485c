"""SAS transport files, version 5, as regulators take them: names of 8 characters, labels of 40, texts of 200."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from remit.export.dataset import Dataset

LONGEST_LABEL, LONGEST_TEXT = 40, 200  # bytes


def write_xpt(data: Dataset, path: Path, label: str) -> dict[str, int]:
    """Write a data set. By variable, how many texts had to be cut: in the other files they are whole."""
    from pyreadstat import write_xport

    texts = [variable.name for variable in data.variables if variable.kind == "text"]
    surplus = data.table.select((pl.col(name).str.len_bytes() > LONGEST_TEXT).sum() for name in texts)
    too_long = {name: count for name, count in surplus.row(0, named=True).items() if count} if texts else {}
    cutting = [pl.col(name).map_elements(lambda text: cut(text, LONGEST_TEXT), pl.String) for name in too_long]
    write_xport(
        data.table.with_columns(cutting),
        path,
        file_label=cut(label, LONGEST_LABEL),
        column_labels=[cut(variable.label, LONGEST_LABEL) for variable in data.variables],
        table_name=data.name,
        file_format_version=5,
        variable_format={variable.name: "DATE9." for variable in data.variables if variable.kind == "date"},
    )
    return too_long


def cut(text: str, bytes_: int) -> str:
    """The beginning of a text that has at most so many bytes; no character is cut in two."""
    return text.encode()[:bytes_].decode(errors="ignore").rstrip()
