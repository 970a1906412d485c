"""`remit export`: a finished run as ADaM data sets, for those who go on with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from remit.errors import WrongInput
from remit.export.adae import event_datasets
from remit.export.adsl import adsl
from remit.export.adtte import adtte
from remit.export.core import core_of
from remit.export.dataset import Dataset
from remit.export.dataset_json import write_dataset_json
from remit.export.define import write_define
from remit.export.findings import adeff, adlb
from remit.export.parquet import write_parquet
from remit.export.xpt import write_xpt
from remit.finished import Finished, read_finished
from remit.output import check_out, now, whole_folder

_NEEDED = ("odmlib", "pyreadstat")


@dataclass(frozen=True)
class Exported:
    """`rows` by data set. By variable ("ADAE.COMMENT"), what an XPT file cannot hold: `cut`, how many texts are too
    long; `spelled`, how many are not ASCII, and spelled in it (µ as u)."""

    rows: Mapping[str, int]
    cut: Mapping[str, int]
    spelled: Mapping[str, int]


def export_adam(folder: Path | str, out: Path | str) -> Exported:
    """Write the ADaM data sets of the run in `folder` into `out`. Raises WrongInput; then nothing is written."""
    folder, out = Path(folder), Path(out)
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
    subjects = adsl(run.study, run.cohort)
    core = core_of(subjects, run.cohort)
    asked = (run.study, run.cohort, core)
    found = (subjects, *event_datasets(*asked), adlb(*asked), adeff(*asked), adtte(*asked))
    return tuple(each for each in found if each is not None)


def _write(run: Finished, found: tuple[Dataset, ...], out: Path) -> Exported:
    cut, spelled = dict[str, int](), dict[str, int]()
    study, made_at = run.study.identity, now().isoformat()
    labels = {data.name: f"SYNTHETIC {data.label}" if run.synthetic else data.label for data in found}
    with whole_folder(out) as made:
        for data in found:
            label = labels[data.name]
            stem = data.name.lower()
            lost = write_xpt(data, made / f"{stem}.xpt", label)
            cut |= {f"{data.name}.{name}": count for name, count in lost.cut.items()}
            spelled |= {f"{data.name}.{name}": count for name, count in lost.spelled.items()}
            write_parquet(data, made / f"{stem}.parquet", label, run.synthetic)
            write_dataset_json(data, made / f"{stem}.json", label, study.id, made_at)
        write_define(found, labels, study, made / "define.xml", made_at)
    return Exported({data.name: data.table.height for data in found}, cut, spelled)
