"""Quitting smoking and weight gain in NHEFS, as M. A. Hernán and J. M. Robins print them (Causal inference: What If,
2020, chapters 12, 13 and 15). R gives the numbers in tests/reference/confounding.json; the patients are not ours to
keep: with the package causaldata installed (`uv run --with causaldata pytest …`) they are counted again here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from remit.inference.confounding.arms import arms
from remit.inference.confounding.means import Means, difference
from remit.inference.confounding.outcomes import doubly_robust, standardised, weighted
from remit.inference.confounding.propensity import Propensity, propensity
from remit.inference.confounding.weights import weights
from remit.inference.design import Covariate, Levels, Number, YesNo
from tests.unit.inference.reference import page, reference

NHEFS = reference("confounding")["nhefs"]
PACKAGE = find_spec("causaldata")
SPREAD = 1.959963984540054


def test_the_book_s_digits() -> None:
    """3.4 kg (2.4 to 4.5); weights from 1.05 to 16.7 with mean 2.00, stabilised 0.33 to 4.30 with mean 1.00."""
    value, error = NHEFS["known"]["treated"] - NHEFS["known"]["comparator"], NHEFS["known"]["difference_error"]
    assert (value, error) == pytest.approx(tuple(NHEFS["gee"]), rel=1e-8)
    printed = f"{value:.1f} ({value - SPREAD * error:.1f} to {value + SPREAD * error:.1f})"
    assert printed == "3.4 (2.4 to 4.5)"
    assert [f"{one:.2f}" for one in NHEFS["weights"]] == ["1.05", "16.70", "2.00"]
    assert [f"{one:.2f}" for one in NHEFS["stabilised"]] == ["0.33", "4.30", "1.00"]


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("weights, score taken as known", "known"),
        ("weights, score estimated", "weighted"),
        ("standardised, a model each arm", "standardised"),
        ("standardised, one shared model", "shared"),
        ("doubly robust", "robust"),
    ],
)
def test_the_page_prints_what_r_gives(method: str, name: str) -> None:
    told = NHEFS[name]
    value, half = told["treated"] - told["comparator"], SPREAD * told["difference_error"]
    assert f"| {method} | {value:.2f} | {value - half:.2f} to {value + half:.2f} |" in page("confounding")


def smokers() -> tuple[Propensity, list[float]]:
    import pyreadstat

    assert PACKAGE is not None
    assert PACKAGE.origin is not None
    file = Path(PACKAGE.origin).parent / "nhefs_complete" / "nhefs_complete.dta"
    columns, _ = pyreadstat.read_dta(str(file), output_format="dict")
    numbers = {name: [float(one) for one in columns[name]] for name in ("age", "smokeintensity", "smokeyrs", "wt71")}
    covariates: list[Covariate] = [
        YesNo("sex", [one == 1 for one in columns["sex"]]),
        YesNo("race", [one == 1 for one in columns["race"]]),
        *(Number(name, values) for name, values in numbers.items()),
        *(Number(f"{name} squared", [one**2 for one in values]) for name, values in numbers.items()),
    ]
    for name in ("education", "exercise", "active"):
        told = [f"{one:g}" for one in columns[name]]
        covariates.append(Levels(name, told, sorted(set(told))))
    gain = [float(one) for one in columns["wt82_71"]]
    return propensity(arms([one == 1 for one in columns["qsmk"]], "quit", "smokes on"), covariates), gain


@pytest.mark.skipif(PACKAGE is None, reason="the package causaldata is not installed")
def test_the_patients_themselves() -> None:
    of, gain = smokers()
    by, stable = weights(of, "all"), weights(of, "all", stabilised=True)
    for found, told in ((by, NHEFS["weights"]), (stable, NHEFS["stabilised"])):
        assert (found.values.min(), found.values.max(), found.values.mean()) == pytest.approx(told, rel=1e-7)
    made: dict[str, Means] = {
        "known": weighted(gain, stable, score_known=True),
        "weighted": weighted(gain, by),
        "standardised": standardised(gain, of, "all"),
        "shared": standardised(gain, of, "all", "shared"),
        "robust": doubly_robust(gain, by),
    }
    for name, means in made.items():
        told = NHEFS[name]
        assert (means.treated, means.comparator) == pytest.approx((told["treated"], told["comparator"]), rel=1e-7)
        gained = difference(means)
        assert gained.upper is not None
        assert gained.value is not None
        assert (gained.upper - gained.value) / SPREAD == pytest.approx(told["difference_error"], rel=1e-6)
