"""remit explain: from a number of the Crohn example to the cells of its charts, and back."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.estimate.estimate import estimate_results
from remit.explain.cell import explain_cell
from remit.explain.numbers import nearest
from remit.explain.result import explain_result
from remit.finished import Finished
from remit.moves.cells import cells_at
from remit.moves.copies import without_imputation
from remit.moves.moved import moves_of

DEEP = "effectiveness.eligible.week12.deep_remission.as_published.percent"


def test_a_result_is_told_with_its_definition_and_who_was_counted(run: Finished) -> None:
    told = "\n".join(explain_result(run, DEEP))
    assert told.startswith("Deep remission, at week 12\n  percent: 21.9 %\n")
    assert "  Definition: “clinical remission, steroid-free” and biochemical remission and transmural healing." in told
    assert "  In whom:    Eligible patients." in told
    assert "  Numerator: 14\n    S01-005, S01-007," in told
    assert "    and 2 more: --all" in told
    assert "  Not known: 1\n    S02-012" in told


def test_a_published_number_has_its_mark(run: Finished) -> None:
    name = "remission_week12.evidence.celest:-upadacitinib-3-mg-twice.week 16.remission_week16"
    assert [*explain_result(run, f"{name}.percent")][1] == "  percent: 13 % [K]"
    assert [*explain_result(run, f"{name}.n")][1].strip().startswith("n: 5 [K]")


def test_all_patients_are_listed_where_they_are_asked_for(run: Finished) -> None:
    told = "\n".join(explain_result(run, DEEP, every=True))
    assert "more: --all" not in told
    listed = told.split("Numerator: 14\n")[1].split("\n\n")[0]
    assert len(listed.split(",")) == 14


def test_a_patient_is_followed_to_the_cells(run: Finished) -> None:
    told = "\n".join(explain_result(run, DEEP, patient="S01-001"))
    assert "S01-001 (S01) is in: denominator, population; not in: numerator, not known" in told
    assert "C-reactive protein at week 12: 1.30 mg/dL\n" in told
    assert "← S01.xlsx, sheet visits, I3, 18 April 2023\n" in told
    assert "bowel wall thickness of the ileum at week 12: not known\n" in told
    assert "← S01.xlsx, sheet visits, K3, 18 April 2023 (the cell is empty)\n" in told


def test_one_who_is_not_eligible_is_told_why(run: Finished) -> None:
    told = "\n".join(explain_result(run, DEEP, patient="S01-023"))
    assert "S01-023 (S01) is not in: numerator, denominator, not known, population\n  Not eligible: under 18" in told
    assert "  age is at least 18 years: no\n" in told


def test_what_is_not_there_is_named_with_what_is_near(run: Finished) -> None:
    with pytest.raises(WrongInput, match="no such result") as error:
        [*explain_result(run, "effectiveness.eligible.week12.deep_remissions.as_published.percent")]
    assert DEEP in error.value.remedy
    with pytest.raises(WrongInput, match="no patient 'S01-01'") as error:
        [*explain_result(run, DEEP, patient="S01-01")]
    assert "Did you mean S01-0" in error.value.remedy


def test_the_nearest_name_is_alike_part_by_part() -> None:
    assert nearest("a.remision.n", ["a.response.n", "a.remission.n", "b.remission.n"])[0] == "a.remission.n"


def test_no_result_of_the_run_is_too_odd_to_be_explained(run: Finished) -> None:
    names = run.results.table["result"].gather_every(600)
    for name in names:
        assert [*explain_result(run, name)]
        assert [*explain_result(run, name, patient="S03-004")]


# The other way round


def test_a_cell_is_told_with_the_numbers_that_it_moves(run: Finished) -> None:
    told = "\n".join(explain_cell(run, "S01.xlsx/visits/K3"))
    assert told.startswith("S01.xlsx, sheet visits, K3: bowel wall thickness of the ileum of S01-001\n")
    assert "  It is read as: not known\n" in told
    healing = told.split("effectiveness.eligible.week12.transmural_healing.decided.percent\n")[1].split("\n\n")[0]
    assert healing.splitlines() == [
        "    now 28.8 % (15 of 52, 12 not known); so do n, lower, upper",
        "    if 0.0 mm; if 2.9 mm: 30.2 % (16 of 53, 11 not known)",
        "    if 3.0 mm; if 3.1 mm; if 9.3 mm: 28.3 % (15 of 53, 11 not known)",
    ]


def test_what_moves_is_what_a_run_with_the_other_value_gives(run: Finished) -> None:
    """Not by the copies: the records are changed, and the study derived and estimated as a whole."""
    (cell,) = cells_at(run.records, "S01.xlsx/visits/K3")
    found = moves_of(run, cell)
    study = without_imputation(run.study)
    for other, _ in found.tried:
        frame = run.records.forms["visits"]
        changed = frame.with_columns(
            pl.when(pl.col("_row") == cell.row).then(pl.lit(other.value)).otherwise(cell.field).alias(cell.field)
        )
        records = replace(run.records, forms={**run.records.forms, "visits": changed})
        table = estimate_results(study, derive_cohort(study, records)).table
        expected = {row["result"]: row["value"] for row in table.iter_rows(named=True)}
        now = {row["result"]: row["value"] for row in run.results.table.iter_rows(named=True)}
        moved = {name for name, value in expected.items() if name in now and now[name] != value}
        told = {
            each.now["result"]: row["value"] if row else None
            for each in found.moved
            for said, row in each.instead
            if said == other
        }
        assert {name for name in moved if "guard_" not in name} <= set(told)
        assert all(value == expected.get(name) for name, value in told.items())


@pytest.mark.parametrize(
    ("place", "what", "remedy"),
    [
        ("S91.xlsx/visits/I3", "there is no such file", "Did you mean S01.xlsx?"),
        ("S01.xlsx/visit/I3", "S01.xlsx has no sheet 'visit'", "Its sheets are patients, visits,"),
        ("S01.xlsx/visits/ZZ3", "there is no column ZZ in sheet visits", "Its columns are A, B,"),
        ("S01.xlsx/visits/I900", "there is no row 900 in sheet visits", "Its last row is 65."),
        ("S01.xlsx/visits/I1", "row 1 holds the headings", "The rows of patients begin below."),
        ("S01.xlsx/visits/12", "'12' is no cell", "As in S03.xlsx/visits/F12"),
        ("S01.xlsx/visits/A3", "it says that the row is of S01-001", "Ask for another cell"),
    ],
)
def test_a_cell_that_is_not_there_is_named(run: Finished, place: str, what: str, remedy: str) -> None:
    with pytest.raises(WrongInput) as error:
        explain_cell(run, place)
    assert error.value.where == place
    assert error.value.what.startswith(what)
    assert remedy in error.value.remedy
