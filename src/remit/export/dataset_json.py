"""Dataset-JSON 1.1, CDISC's exchange format: one file a data set, its columns and then its rows as arrays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from remit.export.dataset import Dataset, Kind, Variable
from remit.export.oids import dataset_oid, item_oid, study_oid, version_oid

_TYPES: Mapping[Kind, str] = {"text": "string", "integer": "integer", "float": "float", "date": "date"}


def write_dataset_json(data: Dataset, path: Path, label: str, study: str, made: str) -> None:
    """study: its id. made: the time of writing, in ISO 8601."""
    whole = {
        "datasetJSONCreationDateTime": made,
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{study_oid(study)}.{data.name}",
        "originator": "remit",
        "sourceSystem": {"name": "remit", "version": version("remit")},
        "studyOID": study_oid(study),
        "metaDataVersionOID": version_oid(study),
        "metaDataRef": "define.xml",
        "itemGroupOID": dataset_oid(data),
        "records": data.table.height,
        "name": data.name,
        "label": label,
        "columns": [_column(data, variable) for variable in data.variables],
    }
    dates = data.table.with_columns(pl.selectors.date().dt.to_string("iso:strict"))
    row = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
    head = json.dumps(whole, indent=1, ensure_ascii=False)[:-2]
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{head},\n "rows": [')
        for number, values in enumerate(dates.iter_rows()):
            file.write(f"{',' if number else ''}\n  {row.encode(values)}")
        file.write("\n ]\n}\n")


def _column(data: Dataset, variable: Variable) -> dict[str, Any]:
    found: dict[str, Any] = {
        "itemOID": item_oid(data, variable),
        "name": variable.name,
        "label": variable.label,
        "dataType": _TYPES[variable.kind],
    }
    if variable.kind == "date":
        found |= {"targetDataType": "integer", "displayFormat": "DATE9."}
    if variable.kind == "text":
        found["length"] = longest(data.table[variable.name])
    if variable.name in data.keys:
        found["keySequence"] = data.keys.index(variable.name) + 1
    return found


def longest(texts: pl.Series) -> int:
    """In bytes; 1 if all are missing."""
    found = texts.str.len_bytes().max()
    return max(1, int(found)) if isinstance(found, int) else 1
