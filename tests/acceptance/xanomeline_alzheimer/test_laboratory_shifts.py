"""Laboratory levels at baseline and at the most extreme value until week 24, against ADLBC and ADLBH."""

from __future__ import annotations

import polars as pl
import pytest

from remit.schema.results import SHIFT_UNKNOWN, shift_level
from tests.acceptance.xanomeline_alzheimer.conftest import Frames

TESTS = {"alt": "ALT", "ast": "AST", "creatinine": "CREAT", "eosinophils": "EOS"}
LEVELS = {"L": "low", "N": "normal", "H": "high"}
ARMS = {"placebo": "Placebo", "low dose": "Xanomeline Low Dose", "high dose": "Xanomeline High Dose"}
END_OF_TREATMENT = 99  # a visit of ADaM that holds a copy of another


def truth(adam: Frames, test: str) -> pl.DataFrame:
    """Of each patient the arm and the two levels, as words; null of a patient who was not measured."""
    columns = ["USUBJID", "PARAMCD", "AVISITN", "ABLFL", "ANL01FL", "ANRIND"]
    measured = pl.concat([adam(name).select(columns) for name in ("adlbc", "adlbh")]).filter(PARAMCD=test)
    level = pl.col("ANRIND").replace_strict(LEVELS)
    start = measured.filter(pl.col("ABLFL") == "Y").select("USUBJID", level.alias("from"))
    chosen = measured.filter(pl.col("ANL01FL") == "Y", pl.col("AVISITN") != END_OF_TREATMENT)
    everybody = adam("adsl").select("USUBJID", "TRT01P")
    for part in (start, chosen.select("USUBJID", level.alias("to"))):
        assert part["USUBJID"].is_unique().all()
        everybody = everybody.join(part, on="USUBJID", how="left")
    return everybody


@pytest.mark.parametrize("name", TESTS)
def test_levels_of_each_patient(made: Frames, adam: Frames, name: str) -> None:
    columns = ["patient", *(f"laboratory_shifts__{name}__{end}" for end in ("from", "to"))]
    ours = made("patients").filter("eligible").select(columns)
    theirs = truth(adam, TESTS[name]).select("USUBJID", "from", "to")
    assert theirs.height == 254
    assert theirs["to"].null_count() < 10
    assert set(ours.iter_rows()) == set(theirs.iter_rows())


@pytest.mark.parametrize("arm", [None, *ARMS])
@pytest.mark.parametrize("name", TESTS)
def test_shifts_by_arm(made: Frames, adam: Frames, name: str, arm: str | None) -> None:
    rows = made("results").filter(
        pl.col("analysis") == "laboratory_shifts",
        pl.col("variable") == name,
        pl.col("group_level").eq_missing(pl.lit(arm, pl.String)),
        pl.col("statistic") == "n",
        pl.col("value") > 0,
    )
    levels = [*LEVELS.values(), SHIFT_UNKNOWN]
    cells = {shift_level(one, other): (one, other) for one in levels for other in levels}
    ours = {cells[level]: n for level, n in rows.select("level", "value").iter_rows() if level in cells}
    theirs = truth(adam, TESTS[name]).filter(arm is None or pl.col("TRT01P") == ARMS.get(arm or ""))
    counted = theirs.select(pl.col("from", "to").fill_null(SHIFT_UNKNOWN)).group_by("from", "to").len()
    assert ours == {(one, other): n for one, other, n in counted.iter_rows()}
