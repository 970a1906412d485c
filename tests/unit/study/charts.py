"""Charts for the small study of `making`: two centres, which tests write otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.unit.sources.making import workbook
from tests.unit.study.making import STUDY, written

D = dt.date
Sheets = Mapping[str, Sequence[Sequence[Any]]]
PATIENTS = ["patient", "birth_date", "last_seen", "sex", "smoker", "stage"]
VISITS = ["patient", "visit_date", "pain", "joints_tender", "joints_swollen", "crp mg/L", "weight", "steroids"]
DOSES = ["patient", "drug", "start_date", "stop_date", "reason"]
EVENTS = ["patient", "term", "start", "serious", "grade"]

S1: dict[str, list[list[Any]]] = {
    "patients": [
        PATIENTS,
        ["S1-1", D(1980, 1, 1), D(2023, 12, 1), "F", "no", "I"],
        ["S1-2", D(1970, 1, 1), D(2023, 12, 1), "M", "yes", "II"],
    ],
    "visits": [
        VISITS,
        ["S1-1", D(2023, 1, 1), 7, 4, 2, 12, 70.5, "no"],
        ["S1-1", D(2023, 3, 26), 2, 1, 0, 3, 71, "no"],
        ["S1-2", D(2023, 1, 20), 8, 5, 5, 20, 80, "yes"],
    ],
    "doses": [DOSES, ["S1-1", "x", D(2023, 1, 1), "", ""], ["S1-2", "x", D(2023, 2, 1), D(2023, 3, 1), "harm"]],
    "events": [EVENTS, ["S1-2", "sepsis", D(2023, 2, 20), "yes", 4]],
}
S2: dict[str, list[list[Any]]] = {
    "patients": [PATIENTS, ["S2-1", D(1990, 1, 1), D(2023, 12, 1), "F", "no", "III"]],
    "visits": [
        VISITS,
        ["S2-1", D(2023, 5, 1), 6, 3, 3, "<1", 60, "no"],
        ["S2-1", D(2023, 7, 20), 3, 0, 0, "ND", 60, "no"],
    ],
    "doses": [DOSES, ["S2-1", "x", D(2023, 5, 1), "", ""]],
    "events": [EVENTS],
}


def charts(folder: Path, study: str = STUDY, **centres: Sheets) -> Path:
    """The study with its charts in a folder; a centre's workbook may be written otherwise."""
    path = written(folder, study)
    (folder / "charts").mkdir(exist_ok=True)
    for name, sheets in ({"S1": S1, "S2": S2} | centres).items():
        workbook(folder / "charts" / f"{name}.xlsx", sheets, "yyyy-mm-dd")
    return path
