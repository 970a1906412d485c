"""Random charts of the first study: five centres' habits, and whatever stands at an edge or is missing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

Row = dict[str, Any]

CRITERIA = ["prior_vte", "prior_arterial_event", "cv_risk_factors"]
DRUGS = ["corticosteroids", "thiopurine", "infliximab", "adalimumab", "vedolizumab", "ustekinumab"]
FAILED = [f"failed_{drug}" + "s" * (drug == "thiopurine") for drug in DRUGS]
SURGERY = ["ileocecal resection", "jejunoileal resection", "colonic resection", "none"]
EXTRA = ["peripheral arthritis", "axial arthritis", "pyoderma gangrenosum", "erythema nodosum", "uveitis", "none"]
HBI = ["hbi_wellbeing", "hbi_pain", "hbi_stools", "hbi_mass", "hbi_complications"]
SHEETS = {
    "patients": [
        *["patient", "birth_date", "sex", "diagnosis_date", "smoker", "location", "upper_gi", "behaviour", "perianal"],
        *["perianal_active", "previous_surgery", "extraintestinal", "extent_over_30cm", "ses_cd"],
        *CRITERIA,
        *FAILED,
        "last_contact_date",
    ],
    "visits": [
        *["patient", "visit_date", *HBI, "steroids", "crp", "calprotectin_ug_per_g", "bwt_ileum_mm", "bwt_colon_mm"],
        "fistula_drainage",
    ],
    "treatment": ["patient", "drug", "dose_mg", "start_date", "stop_date", "stop_reason"],
    "steroids": ["patient", "drug", "dose_mg", "start_date", "stop_date"],
    "prior_therapies": ["patient", "drug", "start_date", "stop_date", "outcome"],
    "procedures": ["patient", "date", "procedure", "indication"],
    "adverse_events": ["patient", "term", "start_date", "grade", "serious", "related", "action_taken", "comment"],
}
PERMANENT = ["adverse event", "lack of efficacy"]
PASSING = ["dose change per schedule", "temporary: adverse event", "temporary: surgery", "lost to follow-up"]
TERMS = ["herpes zoster", "pertussis", "anaemia", "arthralgia", "folliculitis", "bowel perforation", "tuberculosis"]
ACTIONS = ["dose not changed", "drug interrupted", "drug withdrawn", "dose reduced"]
VISIT_DAYS = {
    "baseline": [-120, -91, -90, -89, -30, -7, -7, -1, 0, 0, 1],
    "week12": [40, 62, 63, 64, 78, 82, 83, 84, 84, 85, 86, 90, 104, 105, 106],
    "week24": [120, 139, 140, 141, 160, 167, 168, 168, 169, 195, 196, 197],
}
EDGES = [1, 20, 50, 83, 84, 85, 100, 120, 167, 168, 169, 200]
NOT_DONE = "not done"


class Charts:
    """One set of charts. `missing` is how often a cell is empty; `faulty` how often a criterion fails."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.missing = self.random.choice([0, 0.02, 0.06, 0.15])
        self.faulty = self.random.choice([0.01, 0.02, 0.1])
        self.sheets: dict[str, list[Row]] = {}

    def chance(self, likely: float) -> bool:
        return self.random.random() < likely

    def yes(self, likely: float) -> bool:
        return self.chance(likely)

    def write(self, folder: Path) -> None:
        for centre in sorted(self.random.sample(["S01", "S02", "S03", "S04", "S05"], self.random.randint(3, 5))):
            self.sheets = {sheet: [] for sheet in SHEETS}
            for number in range(self.random.randint(5, 40)):
                self.patient(f"{centre}-{number + 1:03d}")
            for rows in self.sheets.values():
                for row in rows:
                    self.forget(row, centre in ("S03", "S05"))
            write_workbook(folder / f"{centre}.xlsx", centre, self.sheets)

    def forget(self, row: Row, says_so: bool) -> None:
        """Leave cells empty, or "not done" where the centre writes so."""
        for name in row:
            likely = (
                self.missing / 6 if name in (*CRITERIA, *FAILED, "birth_date", "last_contact_date") else self.missing
            )
            if name != "patient" and row[name] is not None and self.chance(likely):
                marks = isinstance(row[name], (date, bool, int, Decimal))
                row[name] = NOT_DONE if says_so and marks and self.chance(0.5) else None

    def add(self, sheet: str, **cells: Any) -> None:
        self.sheets[sheet].append(cells)

    def patient(self, patient: str) -> None:
        pick = self.random.choice
        index = date(2023, 1, 20) + timedelta(self.random.randint(0, 300))
        birth = date(self.random.randint(1950, 2002), self.random.randint(1, 12), self.random.randint(1, 28))
        if self.chance(0.08):  # about the eighteenth birthday
            birth = date(index.year - 18, index.month, min(index.day, 28)) + timedelta(pick([-1, 0, 1, 2]))
        elif self.chance(0.05):
            birth, index = date(2004, 2, 29), date(2022, 2, 27) + timedelta(pick([0, 1, 2, 3]))
        elif self.chance(0.05):
            birth, index = date(2006, 2, 27) + timedelta(pick([0, 1, 2, 3])), date(2024, 2, 29)
        contact = 168 + pick([0, 0, 1, 30, 60, 100]) if not self.chance(self.faulty) else pick([100, 166, 167])
        if self.chance(0.03):
            contact = (date(2024, 6, 30) - index).days + pick([0, 1, 60])
        perianal = self.yes(0.5)
        self.add(
            "patients",
            patient=patient,
            birth_date=birth,
            sex=pick("FM"),
            diagnosis_date=birth + (index - birth) * self.random.randint(30, 99) // 100,
            smoker=self.yes(0.2),
            location=pick(["L1", "L2", "L3"]),
            upper_gi=self.yes(0.2),
            behaviour=pick(["B1", "B2", "B3"]),
            perianal=perianal,
            perianal_active=perianal and self.yes(0.6),
            previous_surgery=pick(SURGERY),
            extraintestinal=pick(EXTRA),
            extent_over_30cm=self.yes(0.3),
            ses_cd=pick([0, 2, 5, 6, 6, 7, 8, 15, 16, 30, 56]) if not self.chance(0.02) else 57,
            **{name: self.yes(self.faulty) for name in CRITERIA},
            **{name: not self.yes(self.faulty) for name in FAILED},
            last_contact_date=index + timedelta(contact),
        )
        for visit, days in VISIT_DAYS.items():
            self.visits(patient, index, visit, days)
        self.dosing(patient, index)
        self.courses(patient, index)
        self.happenings(patient, index)

    def visits(self, patient: str, index: date, visit: str, days: list[int]) -> None:
        pick = self.random.choice
        on = [pick(days)] if not self.chance(0.08) else []
        if on and self.chance(0.25):
            target = {"baseline": 0, "week12": 84, "week24": 168}[visit]
            on.append(pick([2 * target - on[0], on[0], pick(days)]))
        active = visit == "baseline"
        for day in on:
            ileum, colon = self.wall(patient, active)
            self.add(
                "visits",
                patient=patient,
                visit_date=index + timedelta(day),
                **dict(zip(HBI, self.hbi(active), strict=True)),
                steroids=self.yes(0.4),
                crp=pick(["0.1", "0.4", "0.49", "0.5", "0.5", "0.51", "0.6", "3", "12.5"]),
                calprotectin_ug_per_g=pick([10, 49, 50, 51, 149, 150, 150, 151, 249, 250, 251, 800, 1800, 2500]),
                bwt_ileum_mm=ileum,
                bwt_colon_mm=colon,
                fistula_drainage=pick(["improved", "no change", "worse", None]),
            )
            row = self.sheets["visits"][-1]
            row["crp"] = Decimal(row["crp"]) if not self.chance(0.03) else pick(["<0.5", "<0.1", "<1", ">0.5", ">20"])
            if self.chance(0.15) and patient.startswith("S04"):
                row["calprotectin_ug_per_g"] = pick(["<50", "<50", ">1800", ">1800", "<200", ">100"])

    def hbi(self, active: bool) -> list[int]:
        pick = self.random.choice
        if not active and self.chance(0.5):
            return pick([[0, 0, 3, 0, 0], [1, 1, 1, 0, 0], [0, 0, 4, 0, 0], [0, 0, 0, 0, 0], [1, 1, 2, 1, 0]])
        items = [pick([0, 1, 2, 4]), pick([0, 1, 3]), pick([2, 3, 4, 5, 8, 12]), pick([0, 0, 1, 3]), pick([0, 0, 1, 8])]
        if self.chance(0.02):
            items[1] = 4  # beyond its range
        return items

    def wall(self, patient: str, active: bool) -> list[Decimal | None]:
        """Thickness per segment: at follow-up often just 2.0 mm less than some baseline, or about 3.0."""
        pick = self.random.choice
        baseline = ["5.0", "4.9", "8.7", "3.0", "2.9", "6.1"]
        follow_up = ["3.0", "2.9", "6.7", "1.0", "4.1", "3.1", "8.7"]
        return [Decimal(pick(baseline if active else follow_up)) if self.chance(0.75) else None for _ in range(2)]

    def dosing(self, patient: str, index: date) -> None:
        pick = self.random.choice
        start = 0
        for number in range(pick([1, 1, 2, 2, 3, 4])):
            stop: int | None = start + pick([0, 1, 20, 50, 83, 84, 84, 85, 100]) if self.chance(0.7) else None
            if self.chance(0.3):
                stop = max(start, pick(EDGES))
            reason = None if stop is None else pick(PERMANENT * 2 + PASSING + PASSING[:1])
            drug = "upadacitinib" if number == 0 or self.chance(0.95) else pick(["risankizumab", "azathioprine"])
            self.period("treatment", index, start, stop, patient=patient, drug=drug, dose_mg=45, stop_reason=reason)
            if stop is None:
                if self.chance(0.8):
                    break
                stop = start + 30
            start = stop + pick([0, 0, 1, 7, 30]) if self.chance(0.85) else max(start, stop - pick([1, 10]))
        if self.chance(0.1):
            self.period("treatment", index, -100, -20, patient=patient, drug="azathioprine", dose_mg=100)
        if self.chance(0.02):
            self.sheets["treatment"] = [row for row in self.sheets["treatment"] if row["patient"] != patient]

    def period(self, sheet: str, index: date, start: int, stop: int | None, **cells: Any) -> None:
        """A row of a period, not always in the order of time."""
        row = {name: cells.get(name) for name in SHEETS[sheet]}
        row["start_date"] = index + timedelta(start)
        row["stop_date"] = None if stop is None else index + timedelta(stop)
        rows = self.sheets[sheet]
        rows.insert(self.random.randint(max(0, len(rows) - 1), len(rows)), row)

    def courses(self, patient: str, index: date) -> None:
        pick = self.random.choice
        for _ in range(pick([0, 0, 1, 1, 2])):
            start = pick([-60, -20, 0, 40, 54, 60, 78, 84, 90, 150])
            stop = pick([None, start + 14, start + 30, max(start, 54), max(start, 53), max(start, 84), start + 90])
            self.period(
                "steroids", index, start, stop, patient=patient, drug=pick(["prednisone", "budesonide"]), dose_mg=9
            )
        outcomes = ["primary failure", "loss of response", "intolerance", "still effective"]
        for drug in DRUGS:
            for _ in range(pick([0, 1, 1, 1, 1, 2])):
                start = -pick([1500, 1000, 800, 600])
                name = drug.capitalize() if self.chance(0.02) else drug
                self.period(
                    "prior_therapies", index, start, start + 90, patient=patient, drug=name, outcome=pick(outcomes)
                )

    def happenings(self, patient: str, index: date) -> None:
        pick = self.random.choice
        for _ in range(pick([0, 0, 0, 1, 1, 2])):
            self.add(
                "procedures",
                patient=patient,
                date=index + timedelta(pick([-10, -1, 0, 40, 83, 84, 85, 167, 168, 169, 200])),
                procedure=pick(["bowel resection", "bowel resection", "seton placement"]),
                indication=pick(["bowel perforation", "persistent disease activity"]),
            )
        stops = [row["stop_date"] for row in self.sheets["treatment"] if row["patient"] == patient and row["stop_date"]]
        for _ in range(pick([0, 0, 1, 1, 2])):
            day = index + timedelta(pick([-5, -1, 0, 1, 83, 83, 84, 84, 100, 114, 150, 168]))
            if stops and self.chance(0.5):
                day = pick(stops) + timedelta(pick([-1, 0, 1, 28, 29, 30, 31]))
            self.add(
                "adverse_events",
                patient=patient,
                term=pick(TERMS),
                start_date=day,
                grade=pick([1, 2, 3, 4, 5]),
                serious=self.yes(0.3),
                related=self.yes(0.5),
                action_taken=pick(ACTIONS),
                comment=None,
            )


def write_charts(folder: Path, seed: int) -> None:
    Charts(seed).write(folder)


def write_workbook(path: Path, centre: str, sheets: dict[str, list[Row]]) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, columns in SHEETS.items():
            sheet = book.add_worksheet(name)
            crp = "crp_mg_per_L" if centre in ("S02", "S04") else "crp_mg_per_dL"
            sheet.write_row(0, 0, [crp if column == "crp" else column for column in columns])
            for line, row in enumerate(sheets[name], 1):
                for at, column in enumerate(columns):
                    cell = written(row.get(column), centre, column)
                    if cell is not None:
                        sheet.write(line, at, cell)


def written(value: Any, centre: str, column: str) -> str | float | date | None:
    """A cell as the centre writes it."""
    if value == NOT_DONE:
        return {"S03": "ND", "S05": "n.d."}[centre]
    if isinstance(value, bool):
        yes, no = {"S03": ("SI", "NO"), "S05": ("1", "0")}.get(centre, ("yes", "no"))
        return yes if value else no
    if isinstance(value, date):
        return value.strftime({"S03": "%d/%m/%Y", "S05": "%d-%b-%Y"}[centre]) if centre in ("S03", "S05") else value
    if column == "crp" and value is not None and centre in ("S02", "S04"):
        sign = value[0] if isinstance(value, str) else ""
        value = (Decimal(value[1:]) if sign else value) * 10
        return f"{sign}{value}" if sign else float(value)
    if isinstance(value, str):
        return value.replace(".", ",") if centre == "S03" and value[0] in "<>" else value
    if value is None:
        return None
    if centre == "S03" and column not in ("ses_cd", "grade", "dose_mg", *HBI):
        return str(value).replace(".", ",")
    return float(value)
