"""Chained equations: what is filled, how, and that it is what R's mice draws."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.imputation.chain import impute
from remit.inference.imputation.imputed import Imputed
from remit.inference.imputation.pooling import pool
from remit.inference.imputation.table import Between, Column
from tests.unit.inference.imputation.tables import REFERENCE, course, of_reference

M = REFERENCE["m"]


@pytest.fixture(scope="module", params=["cohort", "nhanes2"])
def completed(request: pytest.FixtureRequest) -> tuple[Imputed, dict[str, Any]]:
    """With all others as predictors of each column, as in mice."""
    return impute(of_reference(request.param), seed=1, m=M, per_term=1), REFERENCE[request.param]


def test_imputed_values_are_distributed_as_those_of_mice(completed: tuple[Imputed, dict[str, Any]]) -> None:
    imputed, reference = completed
    for name, expected in reference["imputed"].items():
        coded = imputed.coded(name)
        values = imputed.values[name][:, coded.missing]
        if "shares" in expected:
            for level, share in expected["shares"].items():
                found = (values == coded.column.levels.index(level)).mean(axis=1)
                assert found.mean() == pytest.approx(share, abs=_of_both(found.std()))
            continue
        of_each = values.mean(axis=1)
        assert of_each.mean() == pytest.approx(expected["mean"], abs=_of_both(expected["sd_of_means"]))
        assert of_each.std(ddof=1) == pytest.approx(expected["sd_of_means"], rel=4 * math.sqrt(2 / (2 * M)))
        if "quantiles" in expected:
            assert values.std() == pytest.approx(expected["sd"], rel=0.05)
            found = np.quantile(values, [0.1, 0.25, 0.5, 0.75, 0.9])
            assert found == pytest.approx(expected["quantiles"], abs=0.12 * expected["sd"])


def _of_both(deviation: float) -> float:
    """Four standard errors of the difference of two means over the imputations."""
    return float(4 * deviation * math.sqrt(2 / M))


def test_a_slope_is_pooled_as_after_mice(completed: tuple[Imputed, dict[str, Any]]) -> None:
    imputed, reference = completed
    outcome, predictor = ("later", "severity") if "later" in imputed.values else ("chl", "bmi")
    found = [_slope(y, x) for y, x in zip(imputed.values[outcome], imputed.values[predictor], strict=True)]
    pooled = pool([each[0] for each in found], [each[1] for each in found], len(imputed.values[outcome][0]) - 2)
    expected = reference["slope"]
    between = expected["error"] * math.sqrt(expected["fmi"])
    assert pooled.value == pytest.approx(expected["value"], abs=_of_both(between))
    assert pooled.error == pytest.approx(expected["error"], rel=0.08)
    assert pooled.missing_information == pytest.approx(expected["fmi"], abs=0.08)


def test_local_residual_draws_are_distributed_as_the_normal_ones_of_mice_where_these_are_right() -> None:
    columns = {column.name: column for column in of_reference("cohort")}
    score = replace(columns["later"], kind="score", low=-100, high=100)
    imputed = impute([columns["age"], columns["severity"], score], seed=1, m=M, per_term=1)
    expected = REFERENCE["normal"]["imputed"]["later"]
    values = imputed.values["later"][:, imputed.coded("later").missing]
    assert imputed.models[0].method == "local residual draws"
    assert values.mean() == pytest.approx(expected["mean"], abs=_of_both(expected["sd_of_means"]))
    assert values.std() == pytest.approx(expected["sd"], rel=0.05)
    assert values.mean(axis=1).std() == pytest.approx(expected["sd_of_means"], rel=0.2)


def test_a_score_reaches_beyond_those_of_the_donors() -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(0, 10, 200)
    y = [float(value) if at < 6 else None for value, at in zip(np.round(2 * x + rng.normal(0, 1, 200)), x, strict=True)]
    columns = [Column("x", "number", [float(at) for at in x]), Column("y", "score", y, low=-5, high=20, decimals=0)]
    imputed = impute(columns, seed=1)
    found = imputed.values["y"][:, x >= 6]
    assert found.mean() == pytest.approx(2 * x[x >= 6].mean(), abs=0.7)
    assert found.max() <= 20
    number = impute([columns[0], replace(columns[1], kind="number")], seed=1).values["y"][:, x >= 6]
    assert number.max() == max(value for value in y if value is not None)


def _slope(y: Any, x: Any) -> tuple[float, float]:
    centred = x - x.mean()
    slope = float(centred @ y / (centred @ centred))
    residuals = y - y.mean() - slope * centred
    return slope, float(residuals @ residuals / (len(y) - 2) / (centred @ centred))


def test_known_cells_stay_and_others_get_possible_values() -> None:
    imputed = impute(course(), seed=7)
    assert {model.column: model.method for model in imputed.models if model.missing}.items() >= {
        ("score@1", "local residual draws"),
        ("crp@1", "predictive mean matching"),
        ("steroid@2", "logistic regression"),
        ("wellbeing", "local residual draws"),
        ("site", "nested logistic regressions"),
    }
    for coded in imputed.table:
        values = imputed.values[coded.column.name]
        assert (values[:, coded.known] == coded.values[coded.known]).all()
        within = values[:, coded.between]
        assert ((coded.low[coded.between] <= within) & (within <= coded.high[coded.between])).all()
        if not coded.bounded:
            assert np.isin(values[:, coded.missing], values[:, coded.donors]).all()
    assert np.isin(imputed.values["score@2"], np.arange(21)).all()
    assert np.isin(imputed.values["wellbeing"], np.arange(4)).all()
    assert imputed.completed(0)["site"][0] in ("ileum", "colon", "both")
    assert imputed.completed(0)["steroid@2"][0] in (True, False)
    below = imputed.values["crp@2"][:, imputed.coded("crp@2").between]
    assert below.max() <= 2.9  # < 3.0 with one decimal
    assert (np.round(below, 1) == below).all()
    assert below.std() > 0.3


def test_imputed_values_follow_the_other_visits() -> None:
    imputed = impute(course(n=300, empty=0.4), seed=2)
    missing = imputed.coded("score@2").missing
    found = imputed.values["score@2"][:, missing].mean(axis=0)
    before = imputed.values["score@1"][:, missing].mean(axis=0)
    assert np.corrcoef(found, before)[0, 1] > 0.7


def test_the_same_seed_gives_the_same_and_another_does_not() -> None:
    one, two, other = (impute(course(), seed=seed, iterations=2) for seed in (1, 1, 2))
    assert all((one.values[name] == two.values[name]).all() for name in one.values)
    assert not all((one.values[name] == other.values[name]).all() for name in one.values)


def test_a_column_that_nothing_hangs_on_changes_no_other() -> None:
    columns = course(empty=0.2)
    more = Column("note", "number", [None] * 64)
    one, two = impute(columns, seed=1, iterations=3), impute([more, *columns], seed=1, iterations=3)
    assert all((two.values[name] == one.values[name]).all() for name in one.values)
    assert "note" not in two.values
    assert [guard.name for guard in two.guards] == ["nothing-known"]


def test_the_ledger_says_which_cells_were_filled_by_what_and_why_they_were_empty() -> None:
    columns = course()
    imputed = impute(columns, seed=1, iterations=2)
    empty = {(column.name, row) for column in columns for row, cell in enumerate(column.cells) if cell is None}
    assert {(filled.column, filled.row) for filled in imputed.ledger if filled.interval is None} == empty
    score = next(filled for filled in imputed.ledger if filled.column == "score@2")
    assert (score.why, score.method) == ("no visit", "local residual draws")
    assert score.predictors[:4] == ("score@1", "score@0", "steroid@2", "crp@2")
    site = next(filled for filled in imputed.ledger if filled.column == "site")
    assert site.why == "not said"
    detected = [filled for filled in imputed.ledger if filled.interval is not None]
    assert {(filled.method, filled.interval) for filled in detected} == {("drawn within the interval", (0.0, 2.9))}


def test_columns_that_make_no_model_are_told() -> None:
    rng = np.random.default_rng(1)
    others = [Column("x", "number", [float(each) for each in rng.normal(size=30)])]
    constant = Column("constant", "yes/no", [False] * 20 + [None] * 10)
    few = Column("few", "number", [1.0, 2.0, 4.0] + [None] * 27)
    one = Column("one", "number", [5.0] + [None] * 29)
    nothing = Column("nothing", "ordered", [None] * 30, levels=("a", "b"))
    imputed = impute([*others, constant, few, one, nothing], seed=1)
    assert [guard.told for guard in imputed.guards] == [
        "constant: all 20 known values are the same, so 10 were imputed by it as if sure.",
        "few: 3 values are known, too few for a model; 27 were drawn from them at random.",
        "one: only one value is known, so 29 were imputed by it as if sure.",
        "nothing: no value is known, so none of 30 could be imputed.",
    ]
    assert not imputed.values["constant"].any()
    assert set(imputed.values["few"].ravel()) == {1, 2, 4}
    assert (imputed.values["one"] == 5).all()
    assert "nothing" not in imputed.values
    assert "nothing" not in {filled.column for filled in imputed.ledger}


def test_a_column_alone_has_nothing_to_be_predicted_by() -> None:
    imputed = impute([Column("x", "number", [*map(float, range(20)), None, None])], seed=1)
    (guard,) = imputed.guards
    assert guard.told == "x: 20 values are known, and nothing predicts them; 2 were drawn from them at random."
    assert len(np.unique(imputed.values["x"][:, 20:])) > 3


def test_nothing_missing() -> None:
    imputed = impute([Column("x", "number", [1.0, 2.0])], seed=1, m=3)
    assert imputed.values["x"].tolist() == [[1, 2]] * 3
    assert (imputed.ledger, imputed.models, imputed.guards) == ((), (), ())
    assert impute([], seed=1).values == {}


def test_all_values_below_the_limit_of_detection() -> None:
    cells = [Between(0, 5, high_open=True)] * 30
    x = Column("x", "number", [float(each) for each in range(30)])
    imputed = impute([x, Column("crp", "number", cells, low=0, decimals=0)], seed=1)
    assert set(imputed.values["crp"].ravel()) == {0, 1, 2, 3, 4}


def test_above_an_assays_range_values_are_drawn_beyond_it() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=200)
    y = 10 + 3 * x + rng.normal(size=200)
    cells = [Between(12, math.inf) if each > 12 else float(each) for each in y]
    columns = [Column("x", "number", [float(each) for each in x]), Column("y", "number", cells)]
    imputed = impute(columns, seed=1, iterations=20)
    beyond = y > 12
    found = imputed.values["y"][:, beyond]
    assert found.min() >= 12
    assert found.mean() == pytest.approx(y[beyond].mean(), abs=0.3)  # as Tobit's regression has it
    assert imputed.values["y"].std(axis=1).mean() == pytest.approx(y.std(), rel=0.05)


def test_complete_separation_leaves_doubt() -> None:
    x = [float(each) for each in range(40)]
    y = [each < 20 for each in range(36)] + [None] * 4
    share = impute([Column("x", "number", x), Column("y", "yes/no", y)], seed=1, m=200).values["y"][:, 36:].mean()
    assert 0 < share < 0.1


def test_predictors_that_are_the_same_do_no_harm() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=60)
    y = [float(value) if row < 40 else None for row, value in enumerate(x + rng.normal(0, 0.1, 60))]
    twins = [Column(name, "number", [float(each) for each in x]) for name in ("one", "two", "three")]
    imputed = impute([*twins, Column("y", "number", y)], seed=1)
    found = imputed.values["y"][:, 40:].mean(axis=0)
    inner = np.abs(x[40:]) < 1.5
    assert found[inner] == pytest.approx(x[40:][inner], abs=0.35)


def test_r_hat_of_each_chain() -> None:
    imputed = impute(course(), seed=1, iterations=12)
    found = [chain.r_hat for chain in imputed.chains.values()]
    assert all(r_hat is not None and r_hat < 1.2 for r_hat in found)
    assert imputed.chains["score@2"].means.shape == (12, 20)
    assert impute(course(), seed=1, iterations=2).chains["score@2"].r_hat is None


def test_chains_that_have_not_come_together_are_told() -> None:
    # Each of two columns is known where the other is not, and all but equal to it: one leads the other in circles.
    rng = np.random.default_rng(1)
    x = rng.normal(size=60)
    one = Column("one", "number", [float(v) if row < 32 else None for row, v in enumerate(x)])
    two = Column(
        "two", "number", [float(v) if row >= 28 else None for row, v in enumerate(x + rng.normal(0, 0.01, 60))]
    )
    guards = impute([one, two], seed=1, iterations=6).guards
    assert {guard.name for guard in guards} == {"not-converged"}
    assert "Ask for more iterations." in guards[0].told


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_table_is_filled_without_nan(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 30))
    number = st.one_of(st.none(), st.integers(0, 9).map(float), st.just(Between(0, 5, high_open=True)))
    columns = [
        Column("a", "number", data.draw(st.lists(number, min_size=n, max_size=n)), low=0, decimals=0),
        Column("b", "score", data.draw(st.lists(number, min_size=n, max_size=n)), low=0, high=9),
        Column("c", "yes/no", data.draw(st.lists(st.sampled_from([None, True, False]), min_size=n, max_size=n))),
        Column(
            "d", "unordered", data.draw(st.lists(st.sampled_from([None, *"xyz"]), min_size=n, max_size=n)), tuple("xyz")
        ),
        Column(
            "e", "ordered", data.draw(st.lists(st.sampled_from([None, *"xyz"]), min_size=n, max_size=n)), tuple("xyz")
        ),
    ]
    imputed = impute(columns, seed=1, m=3, iterations=2, per_term=1)
    for coded in imputed.table:
        filled = imputed.values.get(coded.column.name)
        assert (filled is None) == (not coded.donors.any())
        if filled is not None:
            assert np.isfinite(filled).all()
            assert coded.bounded or np.isin(filled[:, coded.missing], filled[:, coded.donors]).all()


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (Column("x", "number", [math.nan]), "row 0: nan is no value of this column"),
        (Column("x", "number", [True]), "row 0: True is no value of this column"),
        (Column("x", "number", [21.0], high=20), "row 0: 21.0 is no value of this column"),
        (Column("x", "score", [21.0], low=0), "x: a score has two ends"),
        (Column("x", "yes/no", ["yes"]), "row 0: 'yes' is no value of this column"),
        (Column("x", "ordered", ["z"], levels=("a",)), "row 0: 'z' is no value of this column"),
        (Column("x", "number", [Between(4, 5, True, True)], decimals=0), "no value of this column lies in"),
        (Column("x", "number", [Between(-math.inf, math.inf)]), "row 0: an interval without ends is an empty cell"),
        (Column("x", "yes/no", [Between(0, 1)]), "no value of this column lies in"),
    ],
)
def test_a_cell_that_does_not_fit_its_column(column: Column, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        impute([column], seed=1)


def test_wrong_tables() -> None:
    x = Column("x", "number", [1.0])
    with pytest.raises(ValueError, match="same name"):
        impute([x, x], seed=1)
    with pytest.raises(ValueError, match="different numbers of rows"):
        impute([x, replace(x, name="y", cells=[])], seed=1)
    with pytest.raises(ValueError, match="two data sets or more"):
        impute([x], seed=1, m=1)


def test_what_a_patient_draws_does_not_hang_on_the_patients_after() -> None:
    cells = [1.0, 2.0, 4.0, None, None, None]
    few = impute([Column("few", "number", cells)], seed=1).values["few"]
    more = impute([Column("few", "number", [*cells, None, None])], seed=1).values["few"]
    assert (more[:, :6] == few).all()


def test_who_is_unlike_those_from_whom_they_are_imputed_is_told() -> None:
    """Those with the highest first values have no second one."""
    rng = np.random.default_rng(3)
    first = np.arange(60.0)
    second = (first + rng.normal(0, 2, 60)).round()
    gone = [None if place >= 45 else value for place, value in enumerate(second)]
    columns = [Column("first", "number", [*first], decimals=0), Column("second", "number", gone, decimals=0)]
    told = [guard.told for guard in impute(columns, seed=1).guards if guard.name == "extrapolated"]
    assert [line.split(" in whom")[0] for line in told] == ["second: in 15 of the 15"]
    at_random = [None if place % 4 == 0 else value for place, value in enumerate(second)]
    columns[1] = Column("second", "number", at_random, decimals=0)
    assert not [guard for guard in impute(columns, seed=1).guards if guard.name == "extrapolated"]
