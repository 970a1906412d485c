"""What a run leaves in its folder is what it had in hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from remit.errors import WrongInput
from remit.finished import read_finished
from remit.run import Run, run_study

CROHN = Path(__file__).parents[2] / "examples" / "upadacitinib-crohn"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_study(CROHN, tmp_path_factory.mktemp("run"))


def test_what_a_run_had_in_hand_is_read_again(run: Run) -> None:
    found = read_finished(run.report.parent)
    assert_frame_equal(found.cohort.patients, run.cohort.patients)
    assert found.cohort.completed is not None
    assert run.cohort.completed is not None
    assert_frame_equal(found.cohort.completed.imputed, run.cohort.completed.imputed)
    assert_frame_equal(found.results.table, run.results.table)
    assert found.intake == run.intake
    assert found.records.forms.keys() == run.records.forms.keys()
    for name, frame in run.records.forms.items():
        assert_frame_equal(found.records.forms[name], frame)
    assert_frame_equal(found.records.rows, run.records.rows)
    assert_frame_equal(found.records.columns, run.records.columns)
    assert found.records.synthetic == run.study.identity.synthetic


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"rows": {}, "centres": [], "counts": [{"action": "x"}]}'])
def test_an_intake_that_is_none_is_named(run: Run, tmp_path: Path, content: str) -> None:
    import shutil

    folder = tmp_path / "run"
    shutil.copytree(run.report.parent, folder)
    (folder / "intake.json").write_text(content, "utf-8")
    with pytest.raises(WrongInput, match=r"intake\.json"):
        _ = read_finished(folder).intake
