"""The first study's patients from its charts, written from the protocol alone and knowing nothing of remit.

Plain Python, one patient at a time. None is unknown, everywhere. Where it is not sure when the drug was stopped, each
way in which the charts could be completed is gone through.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

Row = dict[str, Any]
Logic = bool | None
Period = tuple[int, float, bool, str | None]  # start, stop, for good, reason
World = tuple[
    float, float, int, float, str | None
]  # day of the permanent stop, last day, gaps, days on the drug, reason

DRUG = "upadacitinib"
CUTOFF = date(2024, 6, 30)
VISITS = {"week12": (84, 63, 105), "week24": (168, 140, 196)}
HBI_ITEMS = {"wellbeing": 4, "pain": 3, "stools": inf, "mass": 3, "complications": 8}
SEGMENTS = ("bwt_ileum", "bwt_colon")
PERMANENT = ("adverse event", "lack of efficacy")
DRUGS = ("corticosteroids", "thiopurines", "infliximab", "adalimumab", "vedolizumab", "ustekinumab")
MECHANISMS = {
    "failed_anti_tnf": {"infliximab", "adalimumab", "golimumab", "certolizumab pegol"},
    "failed_anti_integrin": {"vedolizumab", "natalizumab"},
    "failed_anti_il12_23": {"ustekinumab"},
}
LEVELS = {
    "sex": {"F": "female", "M": "male"},
    "location": {"L1": "ileal", "L2": "colonic", "L3": "ileocolonic"},
    "behaviour": {"B1": "inflammatory", "B2": "stricturing", "B3": "penetrating"},
}
BIOCHEMICAL = ("biochemical_remission_united_kingdom", "biochemical_remission_canada")
RULES = (
    *("hbi_remission", "hbi_response", "hbi_response_of_2_points", *BIOCHEMICAL),
    *("steroid_free_clinical_remission_united_kingdom", "steroid_free_clinical_remission_canada"),
)  # definitions of other studies
TEXTS = ("patient", "drug", "stop_reason", "outcome", "procedure", "indication", "term", "action_taken", "comment")
TEXTS += ("previous_surgery", "extraintestinal", "fistula_drainage")
NUMBERS = ("ses_cd", "crp", "calprotectin", "grade", "dose", *SEGMENTS, *(f"hbi_{item}" for item in HBI_ITEMS))
LIMITS = {"ses_cd": (0, 56), "grade": (1, 5), **{f"hbi_{item}": (0, most) for item, most in HBI_ITEMS.items()}}


def all_of(parts: Iterable[Logic]) -> Logic:
    found = list(parts)
    return False if False in found else None if None in found else True


def any_of(parts: Iterable[Logic]) -> Logic:
    return negated(all_of(negated(part) for part in parts))


def negated(part: Logic) -> Logic:
    return None if part is None else not part


def holds(test: Callable[..., bool], *values: Any) -> Logic:
    return None if None in values else test(*values)


def same(text: str | None, *others: str) -> Logic:
    return holds(lambda: text.lower() in others) if text is not None else None


@dataclass(frozen=True)
class Beyond:
    """A value below (-1) or above (1) an assay's limit."""

    sign: int
    limit: Fraction


def less(value: Fraction | Beyond | None, limit: Fraction) -> Logic:
    if not isinstance(value, Beyond):
        return holds(lambda exact: exact < limit, value)
    if value.sign < 0:
        return True if value.limit <= limit else None
    return False if value.limit >= limit else None


def more(value: Fraction | Beyond | None, limit: Fraction) -> Logic:
    if not isinstance(value, Beyond):
        return holds(lambda exact: exact > limit, value)
    if value.sign > 0:
        return True if value.limit >= limit else None
    return False if value.limit <= limit else None


def read_charts(folder: Path) -> dict[str, list[Row]]:
    sheets: dict[str, list[Row]] = defaultdict(list)
    for path in sorted(folder.glob("*.xlsx")):
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            heading, *lines = book.get_sheet_by_name(name).to_python()
            for line in lines:
                row = dict(read(path.stem, str(head), cell) for head, cell in zip(heading, line, strict=True))
                if within_cutoff(row):
                    sheets[name].append(row)
    return sheets


def within_cutoff(row: Row) -> bool:
    """False for a row of after the data cut-off. What stops after it goes on."""
    if row.get("stop_date") == "" and row.get("stop_reason") is not None:
        row["stop_date"] = None  # it has stopped, nobody knows when
    begun = next((row[name] for name in ("visit_date", "start_date", "date") if row.get(name)), None)
    if row.get("stop_date") and row["stop_date"] > CUTOFF:
        row["stop_date"] = ""
    return begun is None or begun <= CUTOFF


def read(centre: str, heading: str, cell: Any) -> tuple[str, Any]:
    """The field and its value; of a stop, "" where the cell is empty."""
    field, factor = heading, Fraction(1)
    for unit, of in {"_mg_per_dL": 1, "_mg_per_L": Fraction(1, 10), "_ug_per_g": 1, "_mm": 1, "_mg": 1}.items():
        if heading.endswith(unit):
            field, factor = heading.removesuffix(unit), Fraction(of)
    if cell == "":
        return field, "" if field == "stop_date" else None
    if cell in ("ND", "n.d."):
        return field, None
    if field.endswith("date"):
        form = {"S03": "%d/%m/%Y", "S05": "%d-%b-%Y"}.get(centre)
        return field, datetime.strptime(cell, form).date() if form else cell
    if field in NUMBERS:
        return field, read_number(field, str(cell).replace(",", "."), factor)
    if field in LEVELS:
        return field, LEVELS[field][cell]
    return field, cell if field in TEXTS else cell in ("yes", "SI", "1")


def read_number(field: str, cell: str, factor: Fraction) -> Fraction | Beyond | None:
    if cell[0] in "<>":
        return Beyond(-1 if cell[0] == "<" else 1, Fraction(cell[1:]) * factor)
    number = Fraction(cell) * factor
    low, high = LIMITS.get(field, (0, inf))
    return number if low <= number <= high else None


# Forms with many rows


def exists(rows: Iterable[Row], condition: Callable[[Row], Logic]) -> Logic:
    return any_of(condition(row) for row in rows)


def first(rows: list[Row], dated: str, condition: Callable[[Row], Logic], last: bool = False) -> Row | None:
    """The first by date, of two on one day the upper; None if there is none or it is not sure which it is."""
    rows = [row for row in rows if condition(row) is not False]
    if not rows or any(row[dated] is None for row in rows):
        return None
    ordered = sorted(rows, key=lambda row: row[dated])[:: -1 if last else 1]
    return ordered[0] if condition(ordered[0]) else None


# One patient


class Patient:
    def __init__(self, row: Row, forms: dict[str, list[Row]]) -> None:
        self.row = row
        self.forms = forms
        self.index = self.first_dose()
        self.contact = self.day(row["last_contact_date"] and min(row["last_contact_date"], CUTOFF))
        self.seen = {visit: self.pick(visit) for visit in ("baseline", *VISITS)}
        self.excluded_by, self.eligible = self.eligibility()
        self.worlds = self.dosing() if self.eligible else []

    def day(self, when: date | None) -> int | None:
        return holds(lambda one, two: (one - two).days, when, self.index)  # type: ignore[return-value]

    def first_dose(self) -> date | None:
        doses = self.forms["treatment"]
        found = first(doses, "start_date", lambda row: same(row["drug"], DRUG))
        return found and found["start_date"]

    def pick(self, visit: str) -> Row:
        """The row that serves a visit; an empty one if there is none."""
        found = []
        for order, row in enumerate(self.forms["visits"]):
            day = self.day(row["visit_date"])
            if day is None:
                continue
            if visit == "baseline" and -90 <= day <= 0:
                found.append((-day, order, row))
            elif visit != "baseline" and VISITS[visit][1] <= day <= VISITS[visit][2]:
                found.append((abs(day - VISITS[visit][0]) - 0.25 * (day > VISITS[visit][0]), order, row))
        return min(found, key=lambda one: one[:2])[2] if found else defaultdict(lambda: None)

    # Values at a visit

    def hbi(self, visit: str) -> Fraction | None:
        items = [self.seen[visit][f"hbi_{item}"] for item in HBI_ITEMS]
        return None if None in items else sum(items)

    def bwt(self, visit: str) -> Fraction | None:
        """The thickest segment; unknown unless every segment measured at baseline is measured again."""
        now = {segment: self.seen[visit][segment] for segment in SEGMENTS}
        if any(self.seen["baseline"][segment] is not None and now[segment] is None for segment in SEGMENTS):
            return None
        return max((value for value in now.values() if value is not None), default=None)

    def value(self, name: str, visit: str) -> Any:
        return {"hbi": self.hbi, "bwt": self.bwt}[name](visit) if name in ("hbi", "bwt") else self.seen[visit][name]

    # Who is in

    def eligibility(self) -> tuple[str | None, bool]:
        row, birth = self.row, self.row["birth_date"]
        adult = holds(lambda born, now: eighteenth(born) <= now, birth, self.index)
        criteria = {
            "under_18": adult,
            "thromboembolism_or_arterial_event": negated(any_of([row["prior_vte"], row["prior_arterial_event"]])),
            "cardiovascular_risk_factors": negated(row["cv_risk_factors"]),
            "not_active": any_of([more(self.hbi("baseline"), Fraction(8)), more(row["ses_cd"], Fraction(6))]),
            "therapies_not_exhausted": all_of(row[f"failed_{drug}"] for drug in DRUGS),
            "follow_up_under_6_months": holds(lambda day: day >= 168, self.contact),
        }
        failed = [name for name, met in criteria.items() if met is False]
        if failed:
            return failed[0], False
        return (None, True) if all(criteria.values()) else ("undecidable", False)

    # On the drug

    def dosing(self) -> list[World]:
        """One or more for each way to complete the charts; none where a period may be of the drug or not."""
        rows = [row for row in self.forms["treatment"] if same(row["drug"], DRUG) is not False]
        if any(row["drug"] is None for row in rows):
            return []
        choices: list[list[Period]] = []
        starts = [self.day(row["start_date"]) for row in rows]
        stops = [self.day(row["stop_date"]) for row in rows if row["stop_date"] not in ("", None)]
        marks = {mark + step for mark in (*starts, *stops, 84, 168) for step in (-1, 0, 1)} | {2000, 2001}
        for row, start in zip(rows, starts, strict=True):
            reason = row["stop_reason"]
            if row["stop_date"] == "":
                choices.append([(start, inf, False, reason)])
                continue
            ends = [self.day(row["stop_date"])] if row["stop_date"] else [mark for mark in marks if mark >= start]
            finals = [reason in PERMANENT] if reason is not None else [True, False]
            choices.append([(start, end, final, reason) for end in ends for final in finals])
        return [found for world in itertools.product(*choices) for found in self.world(world)]

    def world(self, rows: tuple[Period, ...]) -> list[World]:
        """The period that ends last decides. What goes on, or has not stopped for good, stops for good some day after
        that until which the patient was seen."""
        until = min(self.contact, self.day(CUTOFF))
        _, end, final, reason = sorted(rows, key=lambda row: (row[1], row[0]))[
            -1
        ]  # the lower row, where both are equal
        reach, gaps, taken = 0.0, 0, 0.0
        for start, stop, _, _ in sorted(rows, key=lambda row: row[:2]):
            stop = max(until, start) if stop == inf else stop
            gaps += start > reach
            taken += max(0, stop - max(start, reach))
            reach = max(reach, stop)
        if final:
            return [(end, end - 1, gaps, taken, reason)]
        return [(day, day - 1 if end == inf else end - 1, gaps, taken, None) for day in (until + 1, inf)]

    def sure(self, test: Callable[[tuple[Any, ...]], Any]) -> Any:
        """What holds in each world; None if worlds differ."""
        found = {test(world) for world in self.worlds}
        return found.pop() if len(found) == 1 else None

    def stopped_before(self, day: int) -> Logic:
        return self.sure(lambda world: world[0] < day)

    # Endpoints

    def endpoint(self, name: str, visit: str) -> Logic:
        def fall(of: str) -> Fraction | None:
            return holds(lambda before, now: before - now, self.value(of, "baseline"), self.value(of, visit))

        if name == "clinical_remission":
            return all_of([holds(lambda score: score <= 3, self.hbi(visit)), negated(self.seen[visit]["steroids"])])
        if name == "clinical_response":
            return more(fall("hbi"), Fraction(3))
        if name == "biochemical_remission":
            seen = self.seen[visit]
            return all_of([less(seen["calprotectin"], Fraction(150)), less(seen["crp"], Fraction(1, 2))])
        if name == "transmural_response":
            return negated(less(fall("bwt"), Fraction(2)))
        if name == "transmural_healing":
            return less(self.bwt(visit), Fraction(3))
        if name == "deep_remission":
            parts = ("clinical_remission", "biochemical_remission", "transmural_healing")
            return all_of(self.endpoint(part, visit) for part in parts)
        if name == "continuation":
            return negated(self.stopped_before(VISITS[visit][0]))
        if name in RULES:
            return self.by_rule(name, visit)
        assert name == "biochemical_remission_by_week24"
        return any_of(self.endpoint("biochemical_remission", week) for week in VISITS)

    def by_rule(self, name: str, visit: str) -> Logic:
        """The definitions of other studies."""
        score, seen = self.hbi(visit), self.seen[visit]
        below = holds(lambda now: now < 5, score)
        fall = holds(lambda before, now: before - now, self.hbi("baseline"), score)
        few = less(seen["calprotectin"], Fraction(250))
        match name:
            case "hbi_remission":
                return below
            case "steroid_free_clinical_remission_united_kingdom":
                return all_of([below, negated(seen["steroids"])])
            case "steroid_free_clinical_remission_canada":
                return all_of([below, self.steroid_free(90, systemic=True)])
            case "hbi_response" | "hbi_response_of_2_points":
                return holds(lambda found: found >= (3 if name == "hbi_response" else 2), fall)
            case "biochemical_remission_united_kingdom":
                return all_of([negated(more(seen["crp"], Fraction(1, 2))), few])
        assert name == "biochemical_remission_canada"
        return any_of([few, less(seen["crp"], Fraction(1))])

    def complete(self, name: str, visit: str) -> bool:
        """Every part is known."""
        if name == "steroid_free_clinical_remission_canada":
            return self.hbi(visit) is not None and self.steroid_free(90, systemic=True) is not None
        needs = {
            "clinical_remission": [("hbi", visit), ("steroids", visit)],
            "clinical_response": [("hbi", "baseline"), ("hbi", visit)],
            "biochemical_remission": [("calprotectin", visit), ("crp", visit)],
            "transmural_response": [("bwt", "baseline"), ("bwt", visit)],
            "transmural_healing": [("bwt", visit)],
            "deep_remission": [(part, visit) for part in ("hbi", "steroids", "calprotectin", "crp", "bwt")],
            "continuation": [],
            "hbi_remission": [("hbi", visit)],
            "steroid_free_clinical_remission_united_kingdom": [("hbi", visit), ("steroids", visit)],
            "hbi_response": [("hbi", "baseline"), ("hbi", visit)],
            "hbi_response_of_2_points": [("hbi", "baseline"), ("hbi", visit)],
            **{rule: [("calprotectin", visit), ("crp", visit)] for rule in BIOCHEMICAL},
            "biochemical_remission_by_week24": [(part, week) for part in ("calprotectin", "crp") for week in VISITS],
        }
        return all(self.value(*need) is not None for need in needs[name])

    def required(self, name: str, visit: str) -> bool | None:
        """None: the endpoint asks for nothing."""

        def known(part: str, *visits: str) -> bool:
            return any(self.value(part, each) is not None for each in visits)

        if name == "biochemical_remission" or name in BIOCHEMICAL:
            return all(known(part, each) for part in ("calprotectin", "crp") for each in ("baseline", visit))
        if name.startswith("transmural"):
            return known("bwt", "baseline") and known("bwt", visit)
        if name == "biochemical_remission_by_week24":
            return known("calprotectin", "baseline") and known("calprotectin", *VISITS)
        return None

    def surgery(self, row: Row, until: float = inf) -> Logic:
        day = self.day(row["date"])
        return all_of([same(row["procedure"], "bowel resection"), holds(lambda at: 0 <= at < until, day)])

    def surgery_before(self, day: int) -> Logic:
        return exists(self.forms["procedures"], lambda row: self.surgery(row, day))

    def composite(self, name: str, visit: str) -> Logic:
        """A permanent stop or bowel surgery before the visit's day is non-response."""
        day = VISITS[visit][0]
        return all_of(
            [self.endpoint(name, visit), negated(self.stopped_before(day)), negated(self.surgery_before(day))]
        )

    # Corticosteroids, previous drugs, events

    def steroid_free(self, days: int, systemic: bool = False) -> Logic:
        seen = self.seen["week12"]["visit_date"]

        def within(row: Row) -> Logic:
            if not systemic:
                return recent(row)
            return all_of([holds(lambda drug: drug == "prednisone", row["drug"] or None), recent(row)])

        def recent(row: Row) -> Logic:
            begun = holds(lambda start, at: start <= at, row["start_date"], seen)
            if row["stop_date"] == "":  # goes on at least until the last contact, which is after week 12
                return all_of([begun, None if seen is None else True])
            later = [
                holds(lambda day, at: day > at - timedelta(days), row[name], seen)
                for name in ("start_date", "stop_date")
            ]
            return all_of([begun, later[0] or later[1]])  # what started later stopped later, whenever that was

        return negated(exists(self.forms["steroids"], within))

    def failed_mechanism(self, name: str) -> Logic:
        def failed(row: Row) -> Logic:
            return all_of(
                [same(row["drug"], *MECHANISMS[name]), same(row["outcome"], "primary failure", "loss of response")]
            )

        return exists(self.forms["prior_therapies"], failed)

    def difficult_to_treat(self) -> Logic:
        failed = [self.failed_mechanism(name) for name in MECHANISMS]
        return True if failed.count(True) >= 2 else False if failed.count(False) >= 2 else None

    def last_outcome(self, drug: str) -> str | None:
        found = first(self.forms["prior_therapies"], "start_date", lambda row: same(row["drug"], drug), last=True)
        return found and found["outcome"]

    def period(self, event: Row) -> str | None:
        """None: it cannot be told."""
        day = self.day(event["start_date"])
        if day is None:
            return None
        if day < 84:
            return "before_treatment" if day < 0 else "induction"
        on = self.sure(lambda world: day < world[0] or day <= world[1] + 30)
        return None if on is None else "maintenance" if on else "after_treatment"


def eighteenth(born: date) -> date:
    """The eighteenth birthday, which for those born on 29 February is 1 March."""
    if (born.month, born.day) == (2, 29):
        return date(born.year + 18, 3, 1)
    return born.replace(year=born.year + 18)


def patients_of(folder: Path) -> list[Patient]:
    sheets = read_charts(folder)
    forms = ("visits", "treatment", "steroids", "prior_therapies", "procedures", "adverse_events")
    return [
        Patient(row, {form: [each for each in sheets[form] if each["patient"] == row["patient"]] for form in forms})
        for row in sheets["patients"]
    ]
