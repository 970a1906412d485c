"""Effects of counts, rates and means as metafor's escalc has them, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.pooling import means, proportions, rates, two_arms
from remit.inference.pooling.effects import Effects
from remit.inference.pooling.means import Mean
from remit.inference.pooling.pool import COMMON, pool
from remit.inference.pooling.proportions import Events
from remit.inference.pooling.rates import Incidence
from remit.inference.pooling.two_arms import Arms
from tests.unit.inference.pooling.metafor import METAFOR, named, near

Row = dict[str, Any]


def rows(case: Row) -> list[tuple[str, Row]]:
    return [(f"study {at}", row) for at, row in enumerate(case["data"], start=1)]


def counted(case: Row) -> list[Events]:
    return [Events(name, row["n"], row["of"]) for name, row in rows(case)]


def timed(case: Row) -> list[Incidence]:
    return [Incidence(name, row["events"], row["time"]) for name, row in rows(case)]


def averaged(case: Row) -> list[Mean]:
    return [Mean(name, row["mean"], row["sd"], row["n"]) for name, row in rows(case)]


def two_counted(case: Row) -> list[Arms[Events]]:
    return [
        Arms(name, Events("one", row["ai"], row["n1i"]), Events("two", row["ci"], row["n2i"]))
        for name, row in rows(case)
    ]


def two_timed(case: Row) -> list[Arms[Incidence]]:
    return [
        Arms(name, Incidence("one", row["x1i"], row["t1i"]), Incidence("two", row["x2i"], row["t2i"]))
        for name, row in rows(case)
    ]


def two_averaged(case: Row) -> list[Arms[Mean]]:
    return [
        Arms(name, Mean("one", row["m1i"], row["sd1i"], row["n1i"]), Mean("two", row["m2i"], row["sd2i"], row["n2i"]))
        for name, row in rows(case)
    ]


READ: dict[str, tuple[Callable[[Row], Sequence[Any]], dict[str, Callable[[Sequence[Any]], Effects]]]] = {
    "proportions": (
        counted,
        {"PLO": proportions.logits, "PR": proportions.raw, "PFT": proportions.double_arcsines},
    ),
    "rates": (timed, {"IRLN": rates.log_rates, "IR": rates.raw_rates, "IRFT": rates.double_roots}),
    "means": (averaged, {"MN": means.raw_means, "MNLN": means.log_means}),
    "two_counts": (
        two_counted,
        {"OR": two_arms.odds_ratios, "RR": two_arms.risk_ratios, "RD": two_arms.risk_differences},
    ),
    "two_times": (two_timed, {"IRR": two_arms.rate_ratios, "IRD": two_arms.rate_differences}),
    "two_means": (two_averaged, {"MD": two_arms.mean_differences, "SMD": two_arms.standardised_mean_differences}),
}
CASES = [(kind, case) for kind in READ for case in METAFOR[kind]]


@pytest.mark.parametrize(("kind", "case"), CASES, ids=[f"{kind} {named(case)}" for kind, case in CASES])
def test_as_in_metafor(kind: str, case: Row) -> None:
    read, measures = READ[kind]
    found = measures[case["measure"]](read(case))
    assert found.values == near(case["yi"])
    assert found.variances == near(case["vi"])


def test_every_measure_is_compared_with_metafor() -> None:
    offered = [measure for of in (proportions.MEASURES, rates.MEASURES, means.MEASURES) for measure in of.values()] + [
        measure for of in (two_arms.OF_EVENTS, two_arms.OF_RATES, two_arms.OF_MEANS) for measure in of.values()
    ]
    compared = [measure for _, measures in READ.values() for measure in measures.values()]
    assert {id(measure) for measure in offered} == {id(measure) for measure in compared}


@pytest.mark.parametrize("case", METAFOR["arcsine"], ids=named)
def test_the_way_back_from_the_double_arcsine(case: Row) -> None:
    effects = proportions.double_arcsines(counted(case))
    found = pool(effects)
    assert [found.estimate.value, found.estimate.lower, found.estimate.upper] == near(case["pooled"])
    assert [found.prediction.lower, found.prediction.upper] == near(case["prediction"])
    assert [study.estimate.lower for study in found.studies] == near(case["lower"])
    assert [study.estimate.upper for study in found.studies] == near(case["upper"])
    shares = [study.n / study.of for study in counted(case)]
    assert [study.estimate.value for study in found.studies] == pytest.approx(shares)
    assert "freeman_tukey" in [note.name for note in found.notes]


@pytest.mark.parametrize("case", METAFOR["root"], ids=named)
def test_the_way_back_from_the_double_root(case: Row) -> None:
    found = pool(rates.double_roots(timed(case)), COMMON).estimate
    assert [found.value, found.lower, found.upper] == near(case["pooled"])


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_one_study_comes_back_from_each_scale(count: tuple[int, int]) -> None:
    n, of = count
    for name, measure in proportions.MEASURES.items():
        study = Events("one", n, of)
        if study.extreme and name != "Freeman-Tukey":
            continue
        (estimate,) = measure([study]).estimates()
        assert estimate.value == pytest.approx(n / of, abs=1e-9)
        assert estimate.lower is not None
        assert estimate.upper is not None
        assert 0 <= estimate.lower <= n / of + 1e-9
        assert n / of - 1e-9 <= estimate.upper <= 1


@given(st.integers(0, 50), st.floats(0.1, 1000))
def test_one_rate_comes_back_from_its_root(events: int, time: float) -> None:
    (estimate,) = rates.double_roots([Incidence("one", events, time)]).estimates()
    assert estimate.value == pytest.approx(events / time, rel=1e-7, abs=1e-9)


def test_a_correction_is_told() -> None:
    found = proportions.logits([Events("Ye 2026", 24, 24), Events("Wuhan 2025", 33, 77)])
    assert [note.told for note in found.notes] == [
        "Nobody or everybody had the event in Ye 2026; 0.5 was added to each count, which moves the result."
    ]
    none = rates.log_rates([Incidence("A", 0, 5.0), Incidence("B", 3, 5.0)])
    assert none.notes[0].told.startswith("There were no events in A;")
    arms = two_arms.odds_ratios([Arms("C", Events("one", 0, 9), Events("two", 2, 9))])
    assert arms.notes[0].told.startswith("Nobody or everybody of an arm had the event in C;")
    two = two_arms.rate_ratios([Arms("D", Incidence("one", 0, 9), Incidence("two", 2, 9))])
    assert two.notes[0].told.startswith("There were no events in an arm in D;")


def test_studies_left_out_change_the_harmonic_mean() -> None:
    made = proportions.double_arcsines([Events("a", 1, 10), Events("b", 5, 10), Events("c", 300, 1000)])
    assert made.at([0, 1]).scale.back(made.values[0]) == pytest.approx(0.1)
    assert made.scale.back(made.values[0]) != pytest.approx(0.1, abs=1e-6)


def test_the_ends_of_the_scales() -> None:
    arcsine = proportions.double_arcsine(10)
    assert (arcsine.back(0), arcsine.back(2)) == (0, 1)
    assert rates.double_root(10).back(0) == 0
    assert (proportions.RAW.back(-0.1), proportions.RAW.back(1.1)) == (0, 1)
    assert rates.RAW_RATE.back(-1) == 0


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Events("A", 5, 4), "A: 5 of 4 is no proportion"),
        (lambda: Events("A", 0, 0), "A: 0 of 0 is no proportion"),
        (lambda: Incidence("A", 2, 0), "A: 2 events in a time of 0"),
        (lambda: Incidence("A", -1, 3), "A: -1 events"),
        (lambda: Mean("A", 1, -2, 3), "A: a standard deviation of -2 is below 0"),
        (lambda: Mean("A", 1, 2, 0), "A: a mean of 0 patients"),
        (lambda: Mean("A", float("nan"), 2, 3), "A: mean and standard deviation are to be known"),
        (lambda: means.log_means([Mean("A", 0, 2, 3)]), "A: a mean of 0 has no logarithm"),
        (lambda: means.raw_means([Mean("A", 0, 0, 3)]), "A has no sampling variance above 0"),
        (
            lambda: two_arms.standardised_mean_differences([Arms("A", Mean("1", 1, 0, 5), Mean("2", 2, 0, 5))]),
            "A: its patients have no standard deviation",
        ),
    ],
)
def test_what_is_no_measure(make: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make()


def test_where_all_studies_are_corrected_the_result_is_said_to_be_made_of_that() -> None:
    (note,) = proportions.logits([Events("A", 0, 20), Events("B", 0, 30)]).notes
    assert note.told.endswith("0.5 was added to each count, and the result is made of that alone.")
