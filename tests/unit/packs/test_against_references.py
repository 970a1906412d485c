"""The examples of the pack by the references in plain Python, which do not know the pack."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.packs import references
from tests.unit.packs.reading import cases, number, numbers, truth, written

INSTRUMENTS, DEFINITIONS = written("instruments"), written("definitions")
MAYO_ITEMS = ("stool_frequency", "rectal_bleeding", "endoscopy", "physician")


def criterion(instrument: str, label: str) -> list[dict[str, Any]]:
    """Its cases that are decided."""
    part = INSTRUMENTS[instrument]["criteria"][label]
    return [case for case in cases(part) if case["is"] != "unknown"]


@pytest.mark.parametrize("case", [*cases(INSTRUMENTS["CDAI"])])
def test_cdai(case: dict[str, Any]) -> None:
    needs = case["needs"]
    assert references.cdai(numbers(case["items"]), needs.get("sex"), number(needs.get("height"))) == number(
        case["total"]
    )


@pytest.mark.parametrize("case", [*cases(INSTRUMENTS["SES-CD"])])
def test_ses_cd(case: dict[str, Any]) -> None:
    assert references.ses_cd(numbers(case["items"])) == number(case["total"])


@pytest.mark.parametrize("case", [case for case in cases(INSTRUMENTS["PRO2 weighted"]) if case["total"] != "unknown"])
def test_weighted_pro2(case: dict[str, Any]) -> None:
    assert references.pro2_weighted(numbers(case["items"])) == number(case["total"])


@pytest.mark.parametrize("case", criterion("PRO2 daily averages", "remission"))
def test_pro2_remission(case: dict[str, Any]) -> None:
    assert references.pro2_remission(numbers(case["before"]), numbers(case["given"])) == truth(case["is"])


@pytest.mark.parametrize("case", criterion("PRO2 daily averages", "response"))
def test_pro2_response(case: dict[str, Any]) -> None:
    assert references.pro2_response(numbers(case["before"]), numbers(case["given"])) == truth(case["is"])


@pytest.mark.parametrize(
    ("case", "points"),
    [
        (case, points)
        for score, points in (("Mayo", 3), ("modified Mayo", 2))
        for case in criterion(score, "response")
        if "rectal_bleeding" in case["given"]  # else the total alone decides
    ],
)
def test_mayo_response(case: dict[str, Any], points: int) -> None:
    before, now = numbers(case["before"]), numbers(case["given"])
    found = references.mayo_response(
        before["total"], now["total"], before["rectal_bleeding"], now["rectal_bleeding"], points
    )
    assert found == truth(case["is"])


@pytest.mark.parametrize("case", [case for case in criterion("Mayo", "remission") if len(case["given"]) == 5])
def test_mayo_remission(case: dict[str, Any]) -> None:
    assert references.mayo_remission([numbers(case["given"])[item] for item in MAYO_ITEMS]) == truth(case["is"])


@pytest.mark.parametrize("test", references.LIVER)
def test_liver_grades(test: str) -> None:
    for case in cases(DEFINITIONS[f"CTCAE 5 {test} increased"]):
        given = numbers(case["given"])
        others = [given.get(name) for name in ("uln", "baseline", "baseline_uln")]
        assert references.liver_grade(test, given[test.lower()], *others) == number(case["is"]), case


@pytest.mark.parametrize("case", [*cases(DEFINITIONS["CTCAE 5 creatinine increased"])])
def test_creatinine_grades(case: dict[str, Any]) -> None:
    given = numbers(case["given"])
    found = references.creatinine_grade(given["creatinine"], given.get("uln"), given.get("baseline"))
    assert found == number(case["is"])


@pytest.mark.parametrize("term", references.LOW)
def test_low_grades(term: str) -> None:
    for case in cases(DEFINITIONS[f"CTCAE 5 {term}"]):
        given = numbers(case["given"])
        lln = given.pop("lln", None)
        (value,) = given.values()
        assert references.low_grade(term, value, lln) == number(case["is"]), case


@pytest.mark.parametrize("case", [*cases(DEFINITIONS["CTCAE 5 CPK increased"])])
def test_cpk_grades(case: dict[str, Any]) -> None:
    given = numbers(case["given"])
    assert references.cpk_grade(given["ck"], given.get("uln")) == number(case["is"])
