"""Simulated charts in a folder: what `remit simulate` does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from remit.errors import WrongInput
from remit.output import check_out, whole_folder
from remit.schema.records import CENTRE, Records
from remit.simulate.draw import draw_records
from remit.simulation.asked import check_patients, check_seed
from remit.study.build import read_study
from remit.study.study import Study
from remit.workbook.charts import write_workbook_charts
from remit.workbook.parquet import write_parquet_charts

Kind = Literal["parquet", "workbooks"]
CHARTS = "charts"


@dataclass(frozen=True)
class Simulated:
    study: Study
    records: Records
    charts: Path


def simulate_study(
    path: Path | str,
    patients: int,
    seed: int,
    out: Path | str,
    kind: str = "parquet",
    say: Callable[[str], None] = lambda _: None,
) -> Simulated:
    """Draw patients and write their charts into `out`/charts, with `simulation.json` beside them.

    Raises WrongInput before anything is written.
    """
    out = Path(out)
    if kind not in get_args(Kind):
        raise WrongInput("--as", f"charts cannot be written as '{kind}'", "Write parquet or workbooks.")
    check_patients(patients)
    check_seed(seed)
    check_out(out)
    if out.exists() and any(out.iterdir()):
        raise WrongInput("--out", f"{out} holds something already", "Name a new folder, or an empty one.")
    say("Reading the study file")
    study = read_study(path)
    say(f"Drawing {patients:,} patients")
    records = draw_records(study, patients, seed)
    say("Writing the charts")
    with whole_folder(out) as made:
        (made / CHARTS).mkdir()
        write_charts(study, records, made / CHARTS, kind)
        (made / "simulation.json").write_text(json.dumps(_told(study, records, patients, seed), indent=1), "utf-8")
    return Simulated(study, records, out / CHARTS)


def write_charts(study: Study, records: Records, folder: Path, kind: str) -> None:
    if kind == "workbooks":
        write_workbook_charts(study, records, folder)
    else:
        centre = study.charts.centre_column or CENTRE
        write_parquet_charts(study.forms, records.forms, folder, records.synthetic, centre)


def _told(study: Study, records: Records, patients: int, seed: int) -> dict[str, object]:
    rows = {name: frame.height for name, frame in records.forms.items()}
    return {
        "synthetic": records.synthetic,
        "study": study.identity.id,
        "version": study.identity.version,
        "patients": patients,
        "seed": seed,
        "rows": rows,
        "assumed": study.simulation.assumed,
    }
