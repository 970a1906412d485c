"""`remit export`: a finished run as ADaM data sets, for those who go on with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from remit.errors import WrongInput
from remit.export.adsl import adsl
from remit.export.dataset import Dataset
from remit.export.finished import Finished, read_finished
from remit.export.parquet import write_parquet
from remit.export.xpt import write_xpt
from remit.output import check_out, whole_folder

_NEEDED = ("odmlib", "pyreadstat")


@dataclass(frozen=True)
class Exported:
    """`rows` by data set. `cut`: by variable ("ADAE.COMMENT"), how many texts are longer than an XPT file can hold."""

    rows: Mapping[str, int]
    cut: Mapping[str, int]


def export_adam(folder: Path, out: Path) -> Exported:
    """Write the ADaM data sets of the run in `folder` into `out`. Raises WrongInput before anything is written."""
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        what = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed"
        raise WrongInput("--as adam", what, 'Install it with `pip install "remit[adam]"`.')
    check_out(out)
    if out.resolve() == folder.resolve():
        raise WrongInput("--out", f"{out} holds the run itself", "Name another folder.")
    run = read_finished(folder)
    return _write(run, datasets(run), out)


def datasets(run: Finished) -> tuple[Dataset, ...]:
    """Those for which the study has something."""
    return (adsl(run.study, run.cohort),)


def _write(run: Finished, found: tuple[Dataset, ...], out: Path) -> Exported:
    cut: dict[str, int] = {}
    with whole_folder(out) as made:
        for data in found:
            label = f"SYNTHETIC {data.label}" if run.synthetic else data.label
            stem = data.name.lower()
            longer = write_xpt(data, made / f"{stem}.xpt", label)
            cut |= {f"{data.name}.{name}": count for name, count in longer.items()}
            write_parquet(data, made / f"{stem}.parquet", label, run.synthetic)
    return Exported({data.name: data.table.height for data in found}, cut)
