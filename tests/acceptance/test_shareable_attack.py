"""An attack on the shareable edition: from all that it prints, work out what it hides.

The attacker has the document alone, knows how counts of one place hang together, and knows more than can be known: that
equal counts of one endpoint are one count. Nothing here is shared with what decides on hiding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.report.document import Document, Number
from remit.report.edition.shareable import shareable
from remit.report.report import build_document
from remit.run import make_intake, read_records, with_synthetic
from remit.schema.records import Records
from remit.schema.results import Results
from remit.simulate.draw import draw_records
from remit.study.build import read_study
from remit.study.study import Study

EXAMPLES = Path(__file__).parents[2] / "examples"
PARTS = ("numerator", "denominator", "missing", "population_n")
Row = dict[str, Any]
Place = tuple[Any, ...]
Count = tuple[Place, str]


def numbers(part: Any) -> Iterator[Number]:
    if isinstance(part, Number):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from numbers(inner)
    elif is_dataclass(part):
        for field in fields(part):
            yield from numbers(getattr(part, field.name))


def place(row: Row) -> Place:
    names = ("analysis", "population", "group", "group_level", "visit", "variable", "level", "handling")
    return tuple(row[name] for name in names)


class Attack:
    """Everything of analyses of proportions: `known` are the counts that the document prints."""

    def __init__(self, results: Results, document: Document, analysis: str) -> None:
        table = results.table.filter(pl.col("contrast").is_null(), analysis=analysis, statistic="n")
        self.rows = {place(row): row for row in table.iter_rows(named=True) if row["numerator"] is not None}
        percents = {row["result"]: row for row in results.table.filter(statistic="percent").iter_rows(named=True)}
        counts = {row["result"]: row for row in self.rows.values()}
        self.known: dict[Count, int] = {}
        for number in numbers(document):
            row = counts.get(number.result) or percents.get(number.result)
            if row is not None and place(row) in self.rows and number.part in ("value", *PARTS):
                part = "numerator" if number.part == "value" else str(number.part)
                self.known[place(row), part] = row[part]
        self.columns: dict[Count, int] = {}
        self.equal: list[dict[int, float]] = []
        self.at_most: list[dict[int, float]] = []

    def column(self, where: Place, part: str) -> int:
        return self.columns.setdefault((where, part), len(self.columns))

    def sums(self, whole: Count, parts: list[Count]) -> None:
        """Entered where it holds."""
        if sum(self.rows[where][part] for where, part in parts) == self.rows[whole[0]][whole[1]]:
            self.equal.append({self.column(*whole): 1.0} | {self.column(*part): -1.0 for part in parts})

    def learn(self) -> None:
        levels: dict[Place, list[Place]] = defaultdict(list)
        groups: dict[Place, list[Place]] = defaultdict(list)
        slots: dict[tuple[Place, str, int], list[Place]] = defaultdict(list)
        sizes: dict[Place, list[Place]] = defaultdict(list)
        for where, row in self.rows.items():
            columns = [self.column(where, part) for part in PARTS]
            self.at_most += [{columns[0]: 1.0, columns[1]: -1.0}, {columns[1]: 1.0, columns[3]: -1.0}]
            if row["denominator"] + row["missing"] == row["population_n"]:
                self.equal.append({columns[1]: 1.0, columns[2]: 1.0, columns[3]: -1.0})
            elif row["denominator"] == row["population_n"]:
                self.equal.append({columns[1]: 1.0, columns[3]: -1.0})
            if where[6] is not None:
                levels[(*where[:6], None, where[7])].append(where)
            if where[3] is not None:
                groups[(where[0], where[1], None, None, *where[4:], where[2])].append(where)
            for part in ("numerator", "missing"):
                slots[where[:7], part, row[part]].append(where)
            sizes[where[:4]].append(where)
        for parts in levels.values():
            self.sums((parts[0], "denominator"), [(one, "numerator") for one in parts])
        for whole, parts in groups.items():
            if whole[:-1] in self.rows:
                for part in PARTS:
                    self.sums((whole[:-1], part), [(one, part) for one in parts])
        for (_, part, _), same in slots.items():
            for one in same[1:]:
                self.equal.append({self.column(same[0], part): 1.0, self.column(one, part): -1.0})
        for same in sizes.values():
            for one in same[1:]:
                if self.rows[one]["population_n"] == self.rows[same[0]]["population_n"]:
                    columns_of_both = self.column(same[0], PARTS[3]), self.column(one, PARTS[3])
                    self.equal.append(dict(zip(columns_of_both, (1.0, -1.0), strict=True)))

    def found_out(self, limit: int) -> list[tuple[Count, float, float]]:
        """The counts from 1 to below the limit of which the attacker knows it."""
        self.learn()
        bounds: list[tuple[float, float | None]] = [
            (self.known[count], self.known[count]) if count in self.known else (0.0, None) for count in self.columns
        ]
        found = []
        for where, row in self.rows.items():
            for signs in ({"numerator": 1.0}, {"missing": 1.0}, {"denominator": 1.0, "numerator": -1.0}):
                if 0 < sum(sign * row[part] for part, sign in signs.items()) < limit:
                    least, greatest = (self.extreme(where, signs, sign, bounds) for sign in (1.0, -1.0))
                    if least > 0.5 and greatest < limit - 0.5:
                        found.append(((where, str(signs)), least, greatest))
        return found

    def extreme(self, where: Place, signs: dict[str, float], direction: float, bounds: list[Any]) -> float:
        costs = [0.0] * len(self.columns)
        for part, sign in signs.items():
            costs[self.column(where, part)] = direction * sign
        upper, same = ([self.full(row) for row in rows] for rows in (self.at_most, self.equal))
        solved = linprog(costs, upper, [0.0] * len(upper), same, [0.0] * len(same), bounds)
        if solved.status == 3:
            return -direction * float("inf")
        assert solved.fun is not None, solved.message
        return direction * float(solved.fun)

    def full(self, row: dict[int, float]) -> list[float]:
        return [row.get(column, 0.0) for column in range(len(self.columns))]


def made(study: Study, records: Records) -> tuple[Study, Results, Document]:
    study = with_synthetic(study, records)
    cohort = derive_cohort(study, records)
    results = estimate_results(study, cohort)
    return study, results, build_document(study, results, make_intake(records, cohort))


def test_the_internal_edition_would_give_them_away() -> None:
    study = read_study(EXAMPLES / "rheumatoid-arthritis")
    study, results, document = made(study, read_records(study))
    assert Attack(results, document, "effectiveness").found_out(5)


@pytest.mark.parametrize(
    ("example", "analyses"),
    [
        ("rheumatoid-arthritis", ["patients_at_baseline", "effectiveness"]),
        ("upadacitinib-crohn", ["baseline", "fistulas", "disposition", "centres", "steroid_free"]),
        ("external-arm", ["characteristics", "effectiveness", "adjusted", "adjusted_all"]),
        ("xanomeline-alzheimer", ["patients_at_baseline", "disposition", "skin"]),
    ],
)
def test_nothing_is_found_out_of_the_examples(example: str, analyses: list[str]) -> None:
    study = read_study(EXAMPLES / example)
    study, results, internal = made(study, read_records(study))
    document = shareable(internal, results, study)
    for analysis in analyses:
        assert not Attack(results, document, analysis).found_out(study.smallest_cell)


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 30), st.integers(1, 1000))
def test_nothing_is_found_out_of_small_cohorts(patients: int, seed: int) -> None:
    study = read_study(EXAMPLES / "rheumatoid-arthritis")
    study, results, internal = made(study, draw_records(study, patients, seed))
    document = shareable(internal, results, study)
    for analysis in ("patients_at_baseline", "effectiveness"):
        assert not Attack(results, document, analysis).found_out(study.smallest_cell)
