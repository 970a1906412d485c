"""What must hold of any trace: its patients give the numbers of the results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from remit.language.columns import is_interval
from remit.language.types import Number
from remit.schema.cohort import Cohort
from remit.schema.results import Results
from remit.schema.trace import Behind
from remit.study.study import Study
from remit.trace.sets import Sets, sets_of

SETS = {"numerator": "numerator", "denominator": "denominator", "missing": "missing", "population": "population_n"}


def checked(study: Study, cohort: Cohort, results: Results) -> Sets:
    """The sets, of which each patient is traced."""
    sets = sets_of(study, cohort, results)
    assert set(sets.of) == {*results.table["result"]}
    for row in results.table.iter_rows(named=True):
        behind = sets.behind[sets.of[row["result"]]]
        people = {name: patients(sets, getattr(behind, name)) for name in SETS}
        _check_sets(row, behind, people)
        _check_value(row, behind, people)
        _check_mean(row, behind, people, sets, cohort)
    return sets


def patients(sets: Sets, number: int | None) -> set[int] | None:
    """The rows of the cohort's patients in a set."""
    if number is None:
        return None
    found = sets.sets[number]
    assert found.size == len(found.positions)
    return {sets.traced[place] for place in found.positions}


def _check_sets(row: Mapping[str, Any], behind: Behind, people: Mapping[str, set[int] | None]) -> None:
    if behind.note is None:
        told = {column: row[column] for column in SETS.values()}
        assert told == {
            column: None if people[name] is None else len(people[name] or ()) for name, column in SETS.items()
        }
    assert behind.definitions or row["analysis"] in ("flow", "imputed_values", "several") or behind.note
    if people["population"] is not None:
        assert all(each is None or each <= people["population"] for each in people.values())
    if people["numerator"] is not None and people["denominator"] is not None:
        assert people["numerator"] <= people["denominator"]


def _check_value(row: Mapping[str, Any], behind: Behind, people: Mapping[str, set[int] | None]) -> None:
    """Where the value is a count or a share of these patients."""
    numerator, denominator = (
        None if each is None else len(each) for each in (people["numerator"], people["denominator"])
    )
    match row["statistic"]:
        case "at_risk" | "patients":
            assert row["value"] == numerator
        case "rule_only" | "own_only":
            assert row["value"] == numerator
        case "events" if behind.events:
            assert behind.rows is not None
            assert set(behind.rows) == people["numerator"]
            assert row["value"] == sum(len(keys) for keys in behind.rows.values())
        case "n" if behind.note is None:
            assert row["value"] in (numerator, denominator)
        case "percent" if row["method"] is None and row["value"] is not None and not behind.note:
            if numerator is None:
                assert "imputation" in row["handling"] or "hybrid" in row["handling"]
                return
            assert denominator
            assert row["value"] == pytest.approx(100 * numerator / denominator)


def _check_mean(
    row: Mapping[str, Any], behind: Behind, people: Mapping[str, set[int] | None], sets: Sets, cohort: Cohort
) -> None:
    """The mean and the median of those of whom a number is known."""
    if row["value"] is None or row["statistic"] not in ("mean", "median") or row["contrast"] or people["numerator"]:
        return
    if people["denominator"] is None:  # of other people's patients
        assert row["population"] is None
        return
    own = sets.definitions[behind.definitions[0]]
    if not isinstance(own.query.type, Number) or is_interval(own.query.type) or row["handling"] != "observed":
        return
    values = cohort.patients[own.column].gather(sorted(people["denominator"] or ())) / 10**own.query.type.decimals
    assert isinstance(values, pl.Series)
    assert values.null_count() == 0
    found = values.mean() if row["statistic"] == "mean" else values.median()
    assert row["value"] == pytest.approx(found)
