"""One confounder, yes or no, worked out with a pencil.

              steroids          no steroids       all
    drug      6 of 20 (30 %)    15 of 30 (50 %)   50
    cohort    4 of 40 (10 %)    4 of 10 (40 %)    50

Of the 100 patients 60 have steroids. If all had the drug: 0.6 · 0.30 + 0.4 · 0.50 = 0.38; if nobody had it:
0.6 · 0.10 + 0.4 · 0.40 = 0.22. In the patients with the drug 20 of 50 have steroids: 0.42 against 0.28. In the cohort
40 of 50 have them: 0.34 against 0.16.
"""

from __future__ import annotations

import numpy as np
import pytest

from remit.inference.confounding.arms import arms
from remit.inference.confounding.means import difference, odds_ratio, ratio
from remit.inference.confounding.outcomes import weighted
from remit.inference.confounding.propensity import Propensity, propensity
from remit.inference.confounding.weights import Target, weights
from remit.inference.design import YesNo

CELLS = {  # steroids, with the drug, with the event, of
    (True, True): (6, 20),
    (False, True): (15, 30),
    (True, False): (4, 40),
    (False, False): (4, 10),
}


def cohort() -> tuple[Propensity, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    steroids, drug, event = [], [], []
    for (steroid, treated), (events, of) in CELLS.items():
        steroids += [steroid] * of
        drug += [treated] * of
        event += [True] * events + [False] * (of - events)
    return propensity(arms(drug, "drug", "cohort"), [YesNo("steroids", steroids)]), np.array(event)


@pytest.mark.parametrize(
    ("target", "treated", "comparator"),
    [("all", 0.38, 0.22), ("treated", 0.42, 0.28), ("comparator", 0.34, 0.16)],
)
def test_weighting_is_direct_standardisation(target: Target, treated: float, comparator: float) -> None:
    scores, event = cohort()
    found = weighted(event, weights(scores, target))
    assert (found.treated, found.comparator) == pytest.approx((treated, comparator), abs=1e-12)
    assert difference(found).value == pytest.approx(treated - comparator, abs=1e-12)
    assert ratio(found).value == pytest.approx(treated / comparator, rel=1e-12)
    odds = treated / (1 - treated) / (comparator / (1 - comparator))
    assert odds_ratio(found).value == pytest.approx(odds, rel=1e-12)
