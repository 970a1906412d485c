"""Parquet files whose columns carry their labels, and which say so if their patients are not real."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

from remit.export.dataset import Dataset
from remit.output import SYNTHETIC_KEY


def write_parquet(data: Dataset, path: Path, label: str, synthetic: str | None) -> None:
    """The metadata of a column have `label`, and `codes` (JSON) if it has a code list; those of the file `label`."""
    import polars as pl
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = data.table.to_arrow(compat_level=pl.CompatLevel.oldest())
    fields = [
        table.schema.field(variable.name).with_metadata(
            {"label": variable.label} | ({"codes": json.dumps(variable.codes)} if variable.codes else {})
        )
        for variable in data.variables
    ]
    told = {"label": label} | ({SYNTHETIC_KEY: synthetic} if synthetic else {})
    buffer = BytesIO()
    pq.write_table(table.cast(pa.schema(fields)).replace_schema_metadata(told), buffer)
    path.write_bytes(buffer.getbuffer())
