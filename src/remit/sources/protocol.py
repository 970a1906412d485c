"""What a source of charts is: something that reads a folder into Records."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from remit.schema.records import Records
from remit.study.forms import Charts, Form


class Source(Protocol):
    """Found by the entry point group `remit.sources`.

    Raises WrongInput where the structure of the charts is wrong; what is wrong with a row or a cell stands in the
    ledger, and its value is null. Reads only: nothing is written, and the same folder gives the same Records.
    """

    def __call__(self, folder: Path, forms: Mapping[str, Form], charts: Charts) -> Records: ...
