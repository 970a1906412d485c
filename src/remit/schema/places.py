"""Where texts stand among others, for columns of millions."""

from __future__ import annotations

import polars as pl


def places_of(texts: pl.Series, names: pl.Series) -> pl.Series:
    """The place (UInt32) of each text among `names`, each of which stands there once; null if it is none of them.

    A text that is the same as the one before, as the patient of the next row often is, is not looked up again.
    """
    runs = texts.rle_id()
    first = texts.filter(runs != runs.shift(1, fill_value=2**32 - 1))
    known = pl.DataFrame({"text": names}).with_row_index("place")
    found = pl.DataFrame({"text": first}).join(known, on="text", how="left", maintain_order="left")
    return found["place"].gather(runs)
