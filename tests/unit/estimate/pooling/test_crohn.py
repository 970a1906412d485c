"""The pools of the example are what R's metafor gives, from counts that were typed for it and not read from remit."""

from __future__ import annotations

from typing import Any

import pytest

from remit.schema.results import OURS, RANDOM, WITHOUT_OURS, WITHOUT_STUDY, modelled
from remit.study.comparisons.pooled import Pooling
from tests.unit.inference.reference import reference
from tests.unit.report.studies import example

METAFOR = reference("crohn_pools")
POOLS = {"remission": "remission_week12_real_world", "response": "response_week12_real_world"}
MAIN = modelled("glmm", RANDOM)
NAMES = (
    *("percent", "lower", "upper", "prediction_lower", "prediction_upper"),
    *("tau2", "tau2_lower", "tau2_upper", "i2", "q", "p"),
)


def pool_of(name: str) -> Pooling:
    return next(each for each in example().study.analyses if isinstance(each, Pooling) and each.name == POOLS[name])


def statistics(name: str, **address: Any) -> dict[str, float]:
    """Those of the rows with all of these."""
    rows = example().results.table.iter_rows(named=True)
    asked = {"analysis": POOLS[name], "variable": "proportion", "group": None, "group_level": None, **address}
    return {row["statistic"]: row["value"] for row in rows if all(row[part] == asked[part] for part in asked)}


def assert_same(found: dict[str, float], wanted: dict[str, float]) -> None:
    for each in NAMES:
        if each in wanted:
            assert found[each] == pytest.approx(wanted[each], rel=1e-6, abs=1e-9), each


@pytest.mark.parametrize("name", POOLS)
def test_the_counts_are_those_that_metafor_had(name: str) -> None:
    wanted = {each["study"]: (each["n"], each["of"]) for each in METAFOR[name]["studies"]}
    pooling = pool_of(name)
    found = {each.evidence.id: tuple(int(number.value) for number in each.numbers("proportion") if number)
             for each in pooling.studies}  # fmt: skip
    assert found == {study: counts for study, counts in wanted.items() if study != OURS}
    assert pooling.ours is not None
    ours = statistics(name, variable=pooling.ours.endpoint, visit=pooling.ours.visit)
    assert (ours["n"], ours["percent"]) == (wanted[OURS][0], pytest.approx(100 * wanted[OURS][0] / wanted[OURS][1]))


@pytest.mark.parametrize("name", POOLS)
@pytest.mark.parametrize("handling", METAFOR["remission"]["with_ours"])
def test_with_and_without_ours(name: str, handling: str) -> None:
    assert_same(statistics(name, handling=handling), METAFOR[name]["with_ours"][handling])
    without = statistics(name, handling=handling, group=WITHOUT_OURS)
    assert_same(without, METAFOR[name]["without_ours"][handling])


@pytest.mark.parametrize("name", POOLS)
def test_without_each_study(name: str) -> None:
    names = {each.evidence.id: each.name for each in pool_of(name).studies} | {OURS: OURS}
    for study, wanted in METAFOR[name]["without_study"].items():
        assert_same(statistics(name, handling=MAIN, group=WITHOUT_STUDY, group_level=names[study]), wanted)


def test_weights() -> None:
    wanted = METAFOR["remission"]["with_ours"]["inverse_variance:random"]["weights"]
    names = [*(each.name for each in pool_of("remission").studies), OURS]
    found = [statistics("remission", group="weight", group_level=name)["weight"] for name in names]
    assert found == pytest.approx(wanted, rel=1e-6)


def test_kinds_of_studies() -> None:
    for kind, wanted in METAFOR["kinds"].items():
        assert_same(statistics("remission", group="handling", group_level=kind), wanted)
