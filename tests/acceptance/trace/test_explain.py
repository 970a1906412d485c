"""remit explain: from a number of the Crohn example to the cells of its charts, and back."""

from __future__ import annotations

import pytest

from remit.errors import WrongInput
from remit.explain.numbers import nearest
from remit.explain.result import explain_result
from remit.finished import Finished, read_finished
from remit.run import run_study
from tests.acceptance.trace.examples import EXAMPLES

DEEP = "effectiveness.eligible.week12.deep_remission.as_published.percent"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("run")
    run_study(EXAMPLES / "upadacitinib-crohn", folder)
    return read_finished(folder)


def test_a_result_is_told_with_its_definition_and_who_was_counted(run: Finished) -> None:
    told = "\n".join(explain_result(run, DEEP))
    assert told.startswith("Deep remission, at week 12\n  percent: 21.9 %\n")
    assert "  Definition: “clinical remission, steroid-free” and biochemical remission and transmural healing." in told
    assert "  In whom:    Eligible patients." in told
    assert "  Numerator: 14\n    S01-005, S01-007," in told
    assert "    and 2 more: --all" in told
    assert "  Not known: 1\n    S02-012" in told


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
