"""Two cohorts of people who do not exist, confounded on purpose; this writes charts/ and truth.json.

Each patient has two probabilities of remission at week 12, one under either drug; the truth is their mean difference.
Sicker people get upadacitinib more often, so that the crude difference is too small.
"""

from __future__ import annotations

import csv
import json
import math
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20261
SIZES = {"upadacitinib": 130, "ustekinumab": 170}
PERIODS = {"upadacitinib": (date(2023, 1, 2), 540), "ustekinumab": (date(2019, 1, 7), 700)}
LETTER = {"upadacitinib": "U", "ustekinumab": "H"}  # H: historical


@dataclass(frozen=True)
class Person:
    age: int
    smoker: bool
    biologics: int
    steroids: bool
    hbi: int
    crp: float  # mg/L

    @property
    def severity(self) -> float:
        return (
            0.55 * (self.biologics - 2) + 0.22 * (self.hbi - 10) + 0.5 * math.log(self.crp / 10) + 0.5 * self.steroids
        )

    @property
    def upadacitinib(self) -> float:
        """The probability of getting it."""
        return expit(-0.35 + 0.75 * self.severity + 0.4 * self.smoker)

    def remission(self, drug: str) -> float:
        """The probability of remission at week 12 under a drug."""
        return expit(-0.75 + 1.0 * (drug == "upadacitinib") - 0.8 * self.severity - 0.4 * self.smoker)


def expit(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def person(draw: random.Random) -> Person:
    return Person(
        age=min(max(round(draw.gauss(39, 12)), 18), 78),
        smoker=draw.random() < 0.28,
        biologics=draw.choices((1, 2, 3), (35, 40, 25))[0],
        steroids=draw.random() < 0.35,
        hbi=min(max(round(draw.gauss(10.5, 2.3)), 7), 18),
        crp=round(math.exp(draw.gauss(2.2, 0.8)), 1),
    )


def cohorts(draw: random.Random) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {drug: [] for drug in SIZES}
    while any(len(found[drug]) < size for drug, size in SIZES.items()):
        one = person(draw)
        drug = "upadacitinib" if draw.random() < one.upadacitinib else "ustekinumab"
        if len(found[drug]) < SIZES[drug]:
            found[drug].append(one)
    return found


def truth(people: list[Person]) -> dict[str, float]:
    """In percent, and percentage points, of these people under the one drug and under the other."""
    one, other = (100 * sum(each.remission(drug) for each in people) / len(people) for drug in SIZES)
    return {"upadacitinib": round(one, 2), "ustekinumab": round(other, 2), "difference": round(one - other, 2)}


def write(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def charts(drug: str, people: list[Person], draw: random.Random) -> None:
    folder = HERE / "charts" / drug
    folder.mkdir(parents=True, exist_ok=True)
    begin, days = PERIODS[drug]
    patients: list[dict[str, object]] = []
    visits: list[dict[str, object]] = []
    doses: list[dict[str, object]] = []
    for number, one in enumerate(people, start=1):
        key, start = f"{LETTER[drug]}-{number:03}", begin + timedelta(draw.randrange(days))
        reached = draw.random() < one.remission(drug)
        seen = start + timedelta(84 + draw.randint(-10, 10))
        patients.append(
            {
                "patient": key,
                "age": one.age,
                "smoker": "" if draw.random() < 0.03 else ("yes" if one.smoker else "no"),
                "biologics": one.biologics,
                "steroids": "yes" if one.steroids else "no",
                "last_seen": start + timedelta(120),
            }
        )
        crp = "" if draw.random() < 0.04 else one.crp
        visits.append({"patient": key, "visit_date": start, "hbi": one.hbi, "crp mg/L": crp})
        hbi = draw.randint(0, 4) if reached else draw.randint(5, max(6, one.hbi))
        if draw.random() > 0.04:
            visits.append({"patient": key, "visit_date": seen, "hbi": hbi, "crp mg/L": ""})
        doses.append({"patient": key, "drug": drug, "start_date": start, "stop_date": ""})
    for name, rows in (("patients", patients), ("visits", visits), ("treatment", doses)):
        write(folder, name, rows)


def main() -> None:
    draw = random.Random(SEED)
    found = cohorts(draw)
    for drug, people in found.items():
        charts(drug, people, draw)
    everybody = [one for people in found.values() for one in people]
    told = {"treated": truth(found["upadacitinib"]), "all": truth(everybody)}
    (HERE / "truth.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
