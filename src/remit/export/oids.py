"""The identifiers by which define.xml and Dataset-JSON speak of one thing."""

from __future__ import annotations

import re

from remit.export.dataset import Dataset, Parameter, Variable


def study_oid(study: str) -> str:
    return f"ST.{re.sub(r'[^A-Za-z0-9._-]', '-', study)}"


def version_oid(study: str) -> str:
    return f"MDV.{study_oid(study)}"


def dataset_oid(data: Dataset) -> str:
    return f"IG.{data.name}"


def item_oid(data: Dataset, variable: Variable, parameter: Parameter | None = None) -> str:
    return f"IT.{data.name}.{variable.name}{f'.{parameter.code}' if parameter else ''}"
