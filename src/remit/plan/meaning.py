"""What something in a study means, as a text to compare: labels, titles and comments are no part of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from remit.language.query import Named, Query
from remit.language.types import Number
from remit.schema.results import Address
from remit.study.comparisons.kinds import Beside
from remit.study.comparisons.pooled import Published

UNSAID = {"name", "label", "title", "special_interest_source", "place"}


def meaning(value: Any) -> str:
    """The same for the same meaning, however named, labelled or written."""
    if isinstance(value, Query):
        return hashlib.sha256(_of_query(value).encode()).hexdigest()[:16]
    if isinstance(value, Address):
        return value.slug("")
    if isinstance(value, Beside):
        return meaning(value.content)
    if isinstance(value, Published):
        return meaning(value.beside)
    if is_dataclass(value):
        parts = [f"{part.name}={meaning(getattr(value, part.name))}" for part in fields(value)
                 if part.name not in UNSAID]  # fmt: skip
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(sorted(f'{key}: {meaning(each)}' for key, each in value.items()))}}}"
    if isinstance(value, tuple | list):
        return f"({', '.join(meaning(each) for each in value)})"
    return str(value)


def _of_query(part: Any) -> str:
    """As `query.digest`, without what only says how charts may be written: ranges, other units, limits of an assay."""
    if isinstance(part, Named):
        return _of_query(part.inner)
    if isinstance(part, Number):
        return f"Number({part.unit}, {part.decimals})"
    if isinstance(part, tuple):
        return f"({', '.join(map(_of_query, part))})"
    if is_dataclass(part):
        parts = (_of_query(getattr(part, each.name)) for each in fields(part))
        return f"{type(part).__name__}({', '.join(parts)})"
    return repr(part)


def fingerprint(*values: Any) -> str:
    """The meaning of several values together, in short."""
    return hashlib.sha256(meaning(values).encode()).hexdigest()[:16]
