"""The formulas of the pack against references in plain Python, on random values; an unknown may be among them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.packs import references
from tests.unit.packs.formulas import criterion, definition, formula, value
from tests.unit.packs.reading import written

INSTRUMENTS = written("instruments")
often = settings(max_examples=100, deadline=None, derandomize=True)


def decimal(low: int, high: int, decimals: int = 0) -> st.SearchStrategy[Fraction]:
    """A number of so many decimals, from `low` to `high` in units of the last."""
    return st.integers(low, high).map(lambda digits: Fraction(digits, 10**decimals))


def maybe(values: st.SearchStrategy[Fraction]) -> st.SearchStrategy[Fraction | None]:
    return st.one_of(st.none(), values)


def known(values: dict[str, Fraction | None]) -> dict[str, Fraction]:
    return {name: value for name, value in values.items() if value is not None}


CDAI = formula(INSTRUMENTS["CDAI"])
CDAI_ITEMS = {
    "stools": decimal(0, 700),
    "pain": decimal(0, 21),
    "wellbeing": decimal(0, 28),
    "complications": decimal(0, 6),
    "antidiarrhoeal": decimal(0, 1),
    "mass": st.sampled_from([Fraction(0), Fraction(2), Fraction(5)]),
    "haematocrit": decimal(100, 700, 1),
    "weight": decimal(100, 4000, 1),
}


@often
@given(
    st.fixed_dictionaries({**CDAI_ITEMS, "weight": maybe(CDAI_ITEMS["weight"])}),
    st.sampled_from(["female", "male", None]),
    maybe(decimal(50, 250)),
)
def test_cdai(items: dict[str, Fraction | None], sex: str | None, height: Fraction | None) -> None:
    found = value(CDAI, {**items, "sex": sex, "height": height})
    assert found is None or isinstance(found, Fraction)
    assert (None if found is None else references.half_up(found)) == references.cdai(known(items), sex, height)


SES_CD = formula(INSTRUMENTS["SES-CD"])
SES_CD_ITEMS = [f"{segment}_{variable}" for segment in references.SEGMENTS for variable in references.VARIABLES]


@often
@given(
    st.fixed_dictionaries({**dict.fromkeys(SES_CD_ITEMS, decimal(0, 3)), "ileum_narrowing": maybe(decimal(0, 3))}),
)
def test_ses_cd(items: dict[str, Fraction | None]) -> None:
    assert value(SES_CD, items) == references.ses_cd(known(items))


@pytest.mark.parametrize(
    ("label", "more_than_half", "from_four"),
    [
        ("response over half", True, False),
        ("response at least half", False, False),
        ("response upadacitinib programme", True, True),
    ],
)
def test_endoscopic_response_of_every_pair_of_scores(label: str, more_than_half: bool, from_four: bool) -> None:
    query = criterion(INSTRUMENTS["SES-CD"], label)
    for before in range(57):
        for now in range(57):
            share = references.relative_fall(Fraction(before), Fraction(now))
            expected = share > Fraction(1, 2) or (not more_than_half and share == Fraction(1, 2))
            expected = expected or (from_four and before == 4 and now <= 2)
            found = value(query, {"total": Fraction(now)}, {"total": Fraction(before)})
            assert found is expected, (before, now)


@pytest.mark.parametrize(("score", "points", "highest"), [("Mayo", 3, 12), ("modified Mayo", 2, 9)])
def test_mayo_response_of_every_pair_of_scores(score: str, points: int, highest: int) -> None:
    query = criterion(INSTRUMENTS[score], "response")
    totals, bleeding = range(highest + 1), range(4)
    for before, now, bled, bleeds in ((a, b, c, d) for a in totals for b in totals for c in bleeding for d in bleeding):
        expected = references.mayo_response(Fraction(before), Fraction(now), Fraction(bled), Fraction(bleeds), points)
        found = value(
            query,
            {"total": Fraction(now), "rectal_bleeding": Fraction(bleeds)},
            {"total": Fraction(before), "rectal_bleeding": Fraction(bled)},
        )
        assert found is expected, (before, now, bled, bleeds)


def test_mayo_remission_of_every_score() -> None:
    query = criterion(INSTRUMENTS["Mayo"], "remission")
    items = list(INSTRUMENTS["Mayo"]["items"])
    for digits in range(4**4):
        scores = [Fraction(digits // 4**place % 4) for place in range(4)]
        found = value(query, {**dict(zip(items, scores, strict=True)), "total": sum(scores, Fraction(0))})
        assert found is references.mayo_remission(scores), scores


DAILY = st.fixed_dictionaries({"stools": decimal(0, 3000, 2), "pain": decimal(0, 300, 2)})
REMISSION = criterion(INSTRUMENTS["PRO2 daily averages"], "remission")
RESPONSE = criterion(INSTRUMENTS["PRO2 daily averages"], "response")
WEIGHTED = formula(INSTRUMENTS["PRO2 weighted"])


@often
@given(DAILY, DAILY)
def test_pro2(before: dict[str, Fraction], now: dict[str, Fraction]) -> None:
    assert value(REMISSION, now, before) is references.pro2_remission(before, now)
    assert value(RESPONSE, now, before) is references.pro2_response(before, now)
    assert value(WEIGHTED, now) == references.pro2_weighted(now)


LIVER = {test: definition(f"CTCAE 5 {test} increased") for test in references.LIVER}
LIMIT = decimal(1000, 10000, 2)


def near(limit: Fraction) -> st.SearchStrategy[Fraction]:
    """Exactly at one of the boundaries, a hundredth beside it, or anywhere."""
    boundaries = [limit * Fraction(each) for each in ("1", "1.5", "2", "2.5", "3", "5", "10", "20")]
    steps = st.sampled_from([Fraction(0), Fraction(1, 100), Fraction(-1, 100)])
    at = st.builds(
        lambda boundary, step: round(boundary * 100) * Fraction(1, 100) + step, st.sampled_from(boundaries), steps
    )
    return st.one_of(at, decimal(0, 300000, 2))


@pytest.mark.parametrize("test", LIVER)
@often
@given(st.data())
def test_liver_grades(test: str, data: st.DataObject) -> None:
    uln, baseline_uln, baseline = (data.draw(maybe(LIMIT), label) for label in ("uln", "baseline_uln", "baseline"))
    result = data.draw(near(data.draw(st.sampled_from([limit for limit in (uln, baseline, Fraction(40)) if limit]))))
    found = value(LIVER[test], {test.lower(): result, "uln": uln, "baseline": baseline, "baseline_uln": baseline_uln})
    assert found == references.liver_grade(test, result, uln, baseline, baseline_uln)


CREATININE = definition("CTCAE 5 creatinine increased")
CPK = definition("CTCAE 5 CPK increased")


@often
@given(st.data())
def test_creatinine_and_cpk_grades(data: st.DataObject) -> None:
    uln, baseline = data.draw(maybe(decimal(500, 1500, 1))), data.draw(maybe(decimal(300, 1500, 1)))
    limit = data.draw(st.sampled_from([each for each in (uln, baseline, Fraction(90)) if each]))
    result = data.draw(near(limit).map(lambda each: Fraction(round(each * 10), 10)))
    found = value(CREATININE, {"creatinine": result, "uln": uln, "baseline": baseline})
    assert found == references.creatinine_grade(result, uln, baseline)
    assert value(CPK, {"ck": result, "uln": uln}) == references.cpk_grade(result, uln)


LOW = {term: definition(f"CTCAE 5 {term}") for term in references.LOW}


@pytest.mark.parametrize("term", LOW)
@often
@given(st.data())
def test_low_grades(term: str, data: st.DataObject) -> None:
    boundaries = [Fraction(each) for each in references.LOW[term]]
    lln = data.draw(maybe(st.sampled_from([boundaries[0], boundaries[0] * 6 / 5, boundaries[0] * 3 / 2])))
    steps = [Fraction(step, 10) for step in (-1, 0, 1)]
    result = data.draw(st.sampled_from([edge + step for edge in (*boundaries, lln or boundaries[0]) for step in steps]))
    (name,) = (name for name in written("definitions")[f"CTCAE 5 {term}"]["takes"] if name != "lln")
    assert value(LOW[term], {name: result, "lln": lln}) == references.low_grade(term, result, lln)


GRADES = [
    name for name, part in written("definitions").items() if name.startswith("CTCAE") and "grade" in part["title"]
]


@pytest.mark.parametrize("term", GRADES)
def test_without_a_value_there_is_no_grade(term: str) -> None:
    """Not even a range of grades: nothing was measured."""
    takes = written("definitions")[term]["takes"]
    limits = {name: Fraction(50) for name in takes if name in ("uln", "lln", "baseline", "baseline_uln")}
    query = definition(term, "known({})")
    assert value(query, limits) is False
    assert value(query, {}) is False


@pytest.mark.parametrize("term", [term for term in GRADES if len(written("definitions")[term]["takes"]) > 1])
def test_without_a_limit_there_is_no_grade(term: str) -> None:
    """No absolute boundary is passed by 3000, nor by 0: the grade is not 0 but unknown."""
    name, *others = written("definitions")[term]["takes"]
    low = "lln" in others
    result = Fraction(3000 if low else 0)
    assert value(definition(term, "known({})"), {name: result}) is False
    assert value(definition(term, "known({})"), {name: result, **dict.fromkeys(others, Fraction(50))}) is True
