"""An endpoint by centre: by hand, and what is told where centres cannot be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.inference.centres.counts import Count
from remit.inference.centres.proportions import proportions
from remit.inference.proportions import wilson
from remit.report.document import Fold, Paragraph, Table, blocks_of, plain
from remit.report.methods import methods_text
from tests.unit.derive.small import STUDY, day, study_of
from tests.unit.report.studies import Made, made, section_of

ANALYSIS = """
endpoints:
  good: {at: [week4], is: score >= 50}
intercurrent_events:
  stopped: dosing.stop_day < visit.day
estimands:
  policy: {label: whatever happened, intercurrent: {stopped: treatment policy}}
  stayed: {label: stayed, intercurrent: {stopped: principal stratum}}
primary: {endpoint: good, visit: week4, population: eligible, estimand: policy}
analyses:
  main: {kind: endpoints, title: Main}
  sites: {kind: centres, title: Good by centre}
"""
Goods = tuple[bool | None, ...]
CENTRES: dict[str, Goods] = {
    "S01": (True,) * 5 + (False,) * 3,
    "S02": (True,) * 2 + (False,) * 5 + (None,),
    "S03": (True, True, False),
}


def by_centre(folder: Path, centres: dict[str, Goods], text: str = STUDY + ANALYSIS, stop: str = "") -> Made:
    """stop: the patients of which centre stop before the visit."""
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for centre, goods in centres.items():
        for number, good in enumerate(goods):
            who = {"patient": f"{centre}-{number}", "centre": centre}
            rows["patients"].append({**who, "consent": good is True, "last_contact": day(200)})
            score = None if good is None else 60 if good else 40
            rows["visits"].append({**who, "visit_date": day(28), "score": score})
            stopped = {"stop_date": day(20), "reason": "adverse event"} if centre == stop else {}
            rows["treatment"].append({**who, "drug": "x", "start_date": day(0), **stopped})
    return made(folder, text, **rows)


def found(of: Made) -> dict[str, dict[str, Any]]:
    return {row["result"]: row for row in of.results.table.iter_rows(named=True)}


def counts(row: dict[str, Any]) -> tuple[int, int, int, int]:
    return row["numerator"], row["denominator"], row["missing"], row["population_n"]


def said(of: Made) -> str:
    paragraph = section_of(of, "sites").blocks[0]
    assert isinstance(paragraph, Paragraph)
    return plain(paragraph.words)


def table(of: Made) -> Table:
    """The only one; it is folded away where a forest plot says the same."""
    (found,) = (block for block in blocks_of((section_of(of, "sites"),)) if isinstance(block, Table))
    return found


def test_each_centre_and_all_without_it(tmp_path: Path) -> None:
    results = found(by_centre(tmp_path, CENTRES))
    at = "sites.eligible.{}week4.good.policy.{}"
    assert counts(results[at.format("", "n")]) == (9, 19, 1, 19)
    assert counts(results[at.format("centre.S02.", "n")]) == (2, 8, 1, 8)
    assert results[at.format("centre.S02.", "upper")]["value"] == pytest.approx(100 * wilson(2, 8)[1])
    assert counts(results[at.format("without_centre.S02.", "n")]) == (7, 11, 0, 11)
    moved = results[at.format("without_centre.S02.", "moved")]
    assert (moved["value"], moved["unit"]) == (pytest.approx(100 * (7 / 11 - 9 / 19)), "percentage points")


def test_whether_centres_differ_and_how_far(tmp_path: Path) -> None:
    results = found(by_centre(tmp_path, CENTRES))
    at = "sites.eligible.week4.good.policy"
    test = results[f"{at}.p"]
    assert test["method"] == "Fisher-Freeman-Halton exact test"
    assert test["value"] == pytest.approx(0.3825803, abs=1e-7)  # R: fisher.test(matrix(c(5, 3, 2, 6, 2, 1), 2))
    assert results[f"{at}.degrees_of_freedom"]["value"] == 2
    model = proportions([Count("S01", 5, 8), Count("S02", 2, 8), Count("S03", 2, 3)])
    assert results[f"{at}:random_intercept.percent"]["value"] == pytest.approx(100 * (model.average.value or 0))
    assert results[f"{at}:random_intercept.spread"]["value"] == pytest.approx(model.spread.value)
    assert results[f"{at}:random_intercept.median_odds_ratio_upper"]["value"] == pytest.approx(
        model.median_odds_ratio.upper
    )
    assert results[f"{at}.guard_small_centre"]["note"] == "Fewer than 5 patients in S03."


def test_of_those_known_a_centre_may_have_nobody(tmp_path: Path) -> None:
    asked = (STUDY + ANALYSIS).replace("title: Good by centre", "title: Good by centre, estimand: decided")
    of = by_centre(tmp_path, {**CENTRES, "S04": (None, None)}, asked)
    at = "sites.eligible.centre.{}.week4.good.decided.{}"
    assert counts(found(of)[at.format("S02", "n")]) == (2, 7, 1, 8)
    assert counts(found(of)[at.format("S04", "n")]) == (0, 0, 2, 2)
    assert found(of)[at.format("S04", "percent")]["note"] == "nobody is in the denominator"
    assert "Nobody evaluable in S04; left out of the comparison." in " ".join(map(plain, table(of).notes))
    assert "of those known; by centre from 28.6 % (S02) to 66.7 % (S03)" in said(of).replace("\u00a0", " ")


def test_the_stratum_of_an_estimand(tmp_path: Path) -> None:
    asked = (STUDY + ANALYSIS).replace("title: Good by centre", "title: Good by centre, estimand: stayed")
    results = found(by_centre(tmp_path, CENTRES, asked, stop="S02"))
    assert counts(results["sites.eligible.week4.good.stayed.n"]) == (7, 11, 0, 19)
    assert counts(results["sites.eligible.centre.S02.week4.good.stayed.n"]) == (0, 0, 0, 8)


@pytest.mark.parametrize(
    ("centres", "told"),
    [
        ({"S01": (True, False)}, "Fewer than two centres have patients, so there is nothing to compare."),
        ({"S01": (True,) * 6, "S02": (True,) * 5}, "All of the 11 patients had the outcome: centres are alike."),
        ({"S01": (False,) * 6, "S02": (False,) * 5}, "None of the 11 patients had the outcome: centres are alike."),
        (
            {"S01": (True,) * 3, "S02": (False,) * 3},
            "not given: Centres have all or none of their patients with the outcome.",
        ),
        ({"S01": (True,), "S02": (False,), "S03": (True,)}, "Each centre has one patient"),
    ],
)
def test_what_cannot_be_compared_is_told(tmp_path: Path, centres: dict[str, Goods], told: str) -> None:
    of = by_centre(tmp_path, centres)
    assert told in said(of)
    assert "nan" not in said(of)
    assert len(table(of).rows) >= 3 + 2 * len(centres)


def test_one_centre_leaves_nobody(tmp_path: Path) -> None:
    of = by_centre(tmp_path, {"S01": (True, False)})
    moved = found(of)["sites.eligible.without_centre.S01.week4.good.policy.moved"]
    assert (moved["value"], moved["note"]) == (None, "nobody is left")


def test_nobody_at_all(tmp_path: Path) -> None:
    asked = STUDY + ANALYSIS.replace("title: Good by centre", "title: Good by centre, estimand: decided")
    of = by_centre(tmp_path, {"S01": (None,), "S02": (None,)}, asked)
    assert "in nobody of those known, for nobody is in the denominator." in said(of)


def test_the_table_draws_each_centre_and_all_without_it(tmp_path: Path) -> None:
    shown = table(by_centre(tmp_path, CENTRES))
    assert [plain(row.label) for row in shown.rows] == [
        "All centres", "Each centre", "S01", "S02", "S03", "Without one centre", "Without S01", "Without S02",
        "Without S03", "Random intercept for the centre", "Average of such centres",
    ]  # fmt: skip
    assert plain(shown.rows[7].cells[2].lines[0]) == "16.3"
    interval = shown.rows[3].cells[4].interval
    assert interval is not None
    assert interval.reference == pytest.approx(100 * 9 / 19)
    assert interval.ends is not None
    assert interval.ends[1] == 25


def test_very_many_centres_are_folded_away(tmp_path: Path) -> None:
    of = by_centre(tmp_path, {f"S{number:02}": (number % 2 == 0, True) for number in range(31)})
    (fold,) = (
        block
        for each in of.document.sections
        if each.name == "analysis-sites"
        for block in each.blocks
        if isinstance(block, Fold)
    )
    assert fold.title == "All 31 centres"


def test_what_the_methods_say(tmp_path: Path) -> None:
    text = " ".join(methods_text(by_centre(tmp_path, CENTRES).study).split())
    assert "under the estimand “whatever happened”, by centre." in text
    assert "No hypothesis is tested but by the test that centres do not differ" in text


@pytest.mark.parametrize(
    ("analysis", "what"),
    [
        (ANALYSIS.replace("primary:", "#"), "sites is about the primary endpoint, and the study has none"),
        (ANALYSIS.replace("title: Good by centre", "estimand: none"), "there is no estimand 'none'"),
        (ANALYSIS.replace("title: Good by centre", "endpoint: bad"), "there is no endpoint 'bad'"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, analysis: str, what: str) -> None:
    with pytest.raises(WrongInput) as error:
        study_of(tmp_path, analysis)
    assert what in error.value.what
