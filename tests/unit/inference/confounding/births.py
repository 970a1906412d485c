"""The births of Baystate Medical Center, smokers against others, from tests/reference/confounding.R."""

from __future__ import annotations

import numpy as np

from remit.inference.confounding.arms import arms
from remit.inference.confounding.outcomes import Values
from remit.inference.confounding.propensity import Propensity, propensity
from remit.inference.design import Covariate, Levels, Number, YesNo
from tests.unit.inference.reference import reference

REFERENCE = reference("confounding")
BIRTHS = REFERENCE["births"]


def scores() -> Propensity:
    covariates: list[Covariate] = [
        Number("age", BIRTHS["age"]),
        Number("lwt", BIRTHS["lwt"]),
        Levels("race", BIRTHS["race"], ("1", "2", "3")),
        YesNo("ht", [one == 1 for one in BIRTHS["ht"]]),
        YesNo("ui", [one == 1 for one in BIRTHS["ui"]]),
    ]
    return propensity(arms([one == 1 for one in BIRTHS["smoke"]], "smokers", "others"), covariates)


def outcome(name: str) -> Values:
    values = np.array(BIRTHS[name], dtype=np.float64)
    return values == 1 if name == "low" else values
