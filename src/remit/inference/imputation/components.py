"""What if those whose value is missing fared worse than the imputation believes? Imputed components, shifted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from remit.inference.imputation.imputed import Imputed
from remit.inference.imputation.responses import shifted
from remit.inference.imputation.table import Coded, Numbers


def shift_component(imputed: Imputed, name: str, delta: float) -> Imputed:
    """The imputation with the empty cells of a column shifted by `delta`, after the chains have ended, so that no other
    column moves with it: numbers and scores by their own unit, kept within their range and decimals; ordered levels by
    whole levels; yes and no by the log odds (see `responses.shifted`). Cells that were known, or known to lie between
    two, stay. Raises ValueError for levels without an order, a part of a level, and a column that was not filled.

    S. van Buuren, Flexible imputation of missing data, 2018, section 9.2; J. R. Carpenter and M. G. Kenward, Multiple
    imputation and its application, 2013, section 10.
    """
    if name not in imputed.values:
        raise ValueError(f"{name} was not filled")
    coded = imputed.coded(name)
    moved = imputed.values[name].copy()
    moved[:, coded.missing] = _moved(imputed, coded, delta)[:, coded.missing]
    return replace(imputed, values=imputed.values | {name: moved})


def _moved(imputed: Imputed, coded: Coded, delta: float) -> Numbers:
    column, values = coded.column, imputed.values[coded.column.name]
    match column.kind:
        case "number" | "score":
            return coded.in_range(values + delta)
        case "ordered":
            if delta != round(delta):
                raise ValueError(f"{column.name}: its levels are shifted by whole levels, not by {delta}")
            return coded.in_range(values + delta)
        case "yes/no":
            return shifted(values == 1, coded.missing, delta, imputed.seed).astype(np.float64)
        case "unordered":
            raise ValueError(f"{column.name}: levels without an order have no direction to be shifted in")
