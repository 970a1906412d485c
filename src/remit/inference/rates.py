"""Events per patient-years, with exact intervals of the Poisson distribution."""

from __future__ import annotations

import math

from remit.inference.benchmark import binomial_test
from remit.inference.confidence import outside
from remit.inference.estimate import CONFIDENCE, Estimate

HUNDRED = 100.0  # patient-years that a rate is of


def rate(events: int, years: float, per: float = HUNDRED, confidence: float = CONFIDENCE) -> Estimate:
    """Events per `per` patient-years, with Garwood's exact interval, as R's poisson.test.

    F. Garwood, Biometrika 1936;28:437-42. Of no events the lower end is 0, and the upper one is that of a two-sided
    interval; `upper_bound` is the one-sided one. Raises ValueError if events or years are below 0, or there are events
    in no time.
    """
    from scipy import special

    method = f"exact Poisson {100 * confidence:g} %"
    if _no_time(events, years):
        return Estimate(None, method, note="nobody was observed for any time")
    tail = outside(confidence)
    lower = float(special.gammaincinv(events, tail)) if events else 0.0
    upper = float(special.gammainccinv(events + 1, tail))
    return Estimate(per * events / years, method, per * lower / years, per * upper / years)


def upper_bound(events: int, years: float, per: float = HUNDRED, confidence: float = CONFIDENCE) -> Estimate:
    """Events per `per` patient-years and the rate that they exclude at this confidence: a one-sided exact interval.

    Of no events in 95 % it is 2.996 divided by the years: the rule of three (J. A. Hanley, A. Lippman-Hand, JAMA
    1983;249:1743-5). Raises ValueError as `rate` does.
    """
    from scipy import special

    method = f"exact Poisson, one-sided {100 * confidence:g} %"
    if _no_time(events, years):
        return Estimate(None, method, note="nobody was observed for any time")
    upper = float(special.gammainccinv(events + 1, 2 * outside(confidence)))
    return Estimate(per * events / years, method, 0.0, per * upper / years)


def rate_ratio(
    events: int, years: float, other_events: int, other_years: float, confidence: float = CONFIDENCE
) -> Estimate:
    """Rate of the first group over that of the second, with its exact conditional interval and p, as R's poisson.test.

    J. Przyborowski and H. Wilenski, Biometrika 1940;31:313-23: given all events, those of the first group are binomial.
    Raises ValueError as `rate` does.
    """
    method = f"exact conditional {100 * confidence:g} %"
    if any([_no_time(events, years), _no_time(other_events, other_years)]):
        return Estimate(None, method, note="nobody was observed for any time in one of the groups")
    if events + other_events == 0:
        return Estimate(None, method, 0.0, math.inf, 1.0, "no events in either group: nothing is known of the ratio")
    share = years / (years + other_years)
    found = binomial_test(events, events + other_events, share, confidence=confidence)
    assert found.lower is not None
    assert found.upper is not None
    lower, upper = (_odds(end) * other_years / years for end in (found.lower, found.upper))
    if other_events == 0:
        return Estimate(
            None, method, lower, upper, found.p, "no events in the second group: the ratio would divide by 0"
        )
    return Estimate((events / years) / (other_events / other_years), method, lower, upper, found.p)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf


def _no_time(events: int, years: float) -> bool:
    if events < 0 or not 0 <= years < math.inf or (events and not years):
        raise ValueError(f"{events} events in {years} patient-years are no rate")
    return years == 0
