"""The mixed model for repeated measures by the whole path, against R's nlme (`tests/reference/repeated_measures.R`)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.report.document import Definitions, Section, Table, blocks_of, plain
from remit.report.methods import methods_text
from remit.report.plain import section_text
from remit.report.report import build_document
from tests.unit.derive.small import day, study_of
from tests.unit.inference.reference import reference
from tests.unit.report.studies import NO_INTAKE, Made, made

CHICKS: dict[str, Any] = reference("repeated_measures")["chicks"]
STUDY = """
remit: 1
study: {id: chicks, title: Chicks}
index: hatched
visits:
  born: {day: 0, window: [0, 0]}
  day6: {label: Day 6, day: 6, window: [6, 6]}
  day12: {label: Day 12, day: 12, window: [12, 12]}
  day18: {label: Day 18, day: 18, window: [18, 18]}
  day21: {label: Day 21, day: 21, window: [21, 21]}
forms:
  chicks:
    rows: once
    fields:
      hatched: date
      diet: {levels: [diet 1, diet 2, diet 3, diet 4, none]}
      pen: {levels: [east, north, south]}
      kilos: {unit: kg, range: [0, 9]}
  weighings:
    rows: visit
    date: weighed
    fields:
      weighed: date
      weight: {unit: g, decimals: 1, range: [0, 900]}
"""
ARMS = """
arms:
  planned: diet
  levels: [diet 1, diet 2, diet 3, diet 4]
  reference: diet 1
"""
ANALYSIS = """
analyses:
  growth:
    kind: repeated_measures
    title: Growth
    outcome: weight
"""
PEN = "    covariates: [pen]\n"
DAYS = {"day 06": 6, "day 12": 12, "day 18": 18, "day 21": 21}
AT = "growth.eligible"
MAR = "weight.missing at random"
Rows = list[dict[str, Any]]


def chick(name: str, arm: str | None = "diet 1", pen: str | None = "east") -> dict[str, Any]:
    return {"patient": name, "hatched": day(0), "diet": arm, "pen": pen}


def weighing(name: str, on: int, weight: float | None) -> dict[str, Any]:
    scaled = None if weight is None else round(10 * weight)
    return {"patient": name, "weighed": day(on), "weight": scaled}


def chicks() -> tuple[Rows, Rows]:
    once, weighed = [], []
    for at, (arm, pen, born) in enumerate(zip(CHICKS["arm"], CHICKS["pen"], CHICKS["born"], strict=True)):
        name = f"C{at:02}"
        once.append(chick(name, arm, pen))
        weighed.append(weighing(name, 0, born))
        weighed += [
            weighing(name, on, values[at]) for key, on in DAYS.items() if (values := CHICKS["outcomes"][key])[at]
        ]
    return once, weighed


def grown(folder: Path, text: str, once: Rows, weighed: Rows) -> Made:
    return made(folder, text, chicks=once, weighings=weighed)


def results(found: Made) -> dict[str, dict[str, Any]]:
    return {row["result"]: row for row in found.results.table.iter_rows(named=True)}


def section(found: Made, name: str = "analysis-growth") -> Section:
    return {each.name: each for each in build_document(found.study, found.results, NO_INTAKE).sections}[name]


def said(part: Section) -> str:
    return " ".join(section_text(part).split())


def flat(found: Made) -> str:
    return " ".join(methods_text(found.study).split())


def table_of(part: Section) -> Table:
    [table] = [block for block in blocks_of((part,)) if isinstance(block, Table)]
    return table


def born_on_average() -> float:
    """Over the observations: where the value at birth is held."""
    values = [born for at, born in enumerate(CHICKS["born"]) for key in DAYS if CHICKS["outcomes"][key][at] is not None]
    return sum(values) / len(values)


def test_by_arm_means_and_differences_are_those_of_r(tmp_path: Path) -> None:
    """A model of weights is one of changes, but for what a chick weighs at birth."""
    made_of = grown(tmp_path, STUDY + ARMS + ANALYSIS + PEN, *chicks())
    found = results(made_of)
    for each in CHICKS["equal"]["means"]:
        own = f"{AT}.arm.{each['arm'].replace(' ', '-')}.day{DAYS[each['visit']]}.{MAR}"
        assert found[f"{own}.adjusted_mean"]["value"] == pytest.approx(each["value"] - born_on_average(), rel=1e-5)
        assert found[f"{own}.se"]["value"] == pytest.approx(each["error"], rel=1e-5)
    for each in CHICKS["equal"]["differences"]:
        arm, reference_arm = each["contrast"].split(" - ")
        contrast = f"{arm} - {reference_arm}"
        [row] = [
            row
            for row in found.values()
            if (row["contrast"], row["visit"], row["statistic"])
            == (contrast, f"day{DAYS[each['visit']]}", "difference")
        ]
        assert row["value"] == pytest.approx(each["value"], rel=1e-5, abs=1e-6)
    row = found[f"{AT}.arm.diet-1.day21.{MAR}.adjusted_mean"]
    pairs = [*zip(CHICKS["arm"], CHICKS["outcomes"]["day 21"], strict=True)]
    seen = sum(value is not None for arm, value in pairs if arm == "diet 1")
    assert (row["denominator"], row["population_n"], row["unit"]) == (seen, CHICKS["arm"].count("diet 1"), "g")
    assert row["method"] == "mixed model for repeated measures, unstructured covariance, Satterthwaite"
    assert found[f"{AT}.{MAR}.n"]["value"] == len(CHICKS["arm"])


def test_the_report_by_arm(tmp_path: Path) -> None:
    made_of = grown(tmp_path, STUDY + ARMS + ANALYSIS + PEN, *chicks())
    part = section(made_of)
    assert "weight, g at day 21 differed from that with diet 1: with diet 2 by 37.08 (−16.03 to 90.19), p" in said(part)
    table = table_of(part)
    assert [plain(row.label) for row in table.rows[:5]] == ["Day 6", "Diet 1", "Diet 2", "Diet 3", "Diet 4"]
    assert [plain(column.title) for column in table.columns][-2:] == ["Against diet 1", "p"]
    methods = flat(made_of)
    assert "on arm, visit, arm by visit, the value at Born by visit and pen, by restricted maximum" in methods
    assert (
        "For adjusted means the value at Born is held at its average over the changes in the model, in which a patient "
        "counts once for each; levels count equally." in methods
    )
    assert "t intervals; each other arm is compared with diet 1 at each visit." in methods
    assert "(missing at random), which cannot be tested" in methods
    assert "the t tests of the mixed model" in methods
    assert "Newcombe" not in methods
    [caution] = [
        item
        for block in section(made_of, "cautions").blocks
        if isinstance(block, Definitions)
        for item in block.items
        if item.term == "Comparisons"
    ]
    assert "only the covariates that it names are adjusted for" in plain(caution.words[0])


def test_arms_that_are_not_compared_have_means_only(tmp_path: Path) -> None:
    made_of = grown(tmp_path, STUDY + ARMS + ANALYSIS + PEN + "    compare: no\n", *chicks())
    assert not any(row["contrast"] for row in results(made_of).values())
    assert "the adjusted mean change of weight, g at day 21 was " in said(section(made_of))
    assert [plain(column.title) for column in table_of(section(made_of)).columns][-1] == "Degrees of freedom"


def test_of_one_group_complete_at_two_visits_it_is_the_paired_t_test(tmp_path: Path) -> None:
    """With one later visit the model is the regression of the change on the first value, held at its mean."""
    first, second = [10, 12, 15, 11, 14, 13], [14, 15, 21, 16, 17, 15]
    once = [chick(f"C{at}") for at in range(6)]
    weighed = [weighing(f"C{at}", on, (first, second)[on > 0][at]) for at in range(6) for on in (0, 6)]
    made_of = grown(tmp_path, STUDY + ANALYSIS + "    to: [day6]\n", once, weighed)
    assert "p: of the hypothesis that the adjusted mean change is 0." in plain(table_of(section(made_of)).notes[0])
    found = results(made_of)
    own = f"{AT}.day6.{MAR}"
    changes = [after - before for before, after in zip(first, second, strict=True)]
    assert found[f"{own}.adjusted_mean"]["value"] == pytest.approx(sum(changes) / 6)
    assert found[f"{own}.degrees_of_freedom"]["value"] == pytest.approx(4)
    centre, mean = sum(first) / 6, sum(changes) / 6
    slope = sum((x - centre) * (y - mean) for x, y in zip(first, changes, strict=True)) / sum(
        (x - centre) ** 2 for x in first
    )
    rest = sum((y - mean - slope * (x - centre)) ** 2 for x, y in zip(first, changes, strict=True)) / 4
    assert found[f"{own}.se"]["value"] == pytest.approx(math.sqrt(rest / 6), rel=1e-6)


def test_who_tells_the_model_nothing_is_told(tmp_path: Path) -> None:
    once, weighed = chicks()
    once += [chick("never later"), chick("never at birth"), chick("no pen", pen=None), chick("no arm", "none")]
    weighed += [weighing("never later", 0, 40), weighing("never at birth", 6, 60)]
    for name in ("no pen", "no arm"):
        weighed += [weighing(name, 0, 41), weighing(name, 6, 63)]
    made_of = grown(tmp_path, STUDY + ARMS + ANALYSIS + PEN, once, weighed)
    found = results(made_of)
    chicks_in = len(CHICKS["arm"])
    assert found[f"{AT}.{MAR}.guard_no_change"]["note"] == (
        f"2 of {chicks_in + 4} patients have no change from “Born” at any of the visits, for want of a value there or "
        "after it: they tell the model nothing."
    )
    assert found[f"{AT}.{MAR}.guard_left_out"]["note"] == (
        f"2 of {chicks_in + 4} patients are left out of the model though they have a change. Not known: the arm in 1; "
        "pen in 1."
    )
    assert "Caution: 2 of " in said(section(made_of))
    assert found[f"{AT}.{MAR}.n"]["missing"] == 4


def few(count: int, later: tuple[int, ...] = (6, 12)) -> tuple[Rows, Rows]:
    once = [chick(f"C{at}") for at in range(count)]
    weighed = [weighing(f"C{at}", on, 40 + at % 3 + on * (1 + at % 2)) for at in range(count) for on in (0, *later)]
    return once, weighed


@pytest.mark.parametrize(
    ("rows", "more", "why"),
    [
        (([], []), "", "in nobody all that the model asks for is known"),
        (few(1), "", "is the same for all 1 patients"),
        (few(6, ()), "", "in nobody all that the model asks for is known"),
        (few(2), "", "are too few for the 2 coefficients there"),
        (few(8), "    covariates: [pen]\n", "pen: is the same for all 8 patients"),
    ],
)
def test_where_the_model_cannot_be_fitted_a_note_says_why(
    tmp_path: Path, rows: tuple[Rows, Rows], more: str, why: str
) -> None:
    made_of = grown(tmp_path, STUDY + ANALYSIS + "    to: [day6, day12]\n" + more, *rows)
    found = results(made_of)
    for name in ("adjusted_mean", "se", "lower", "upper", "p", "degrees_of_freedom"):
        row = found[f"{AT}.day12.{MAR}.{name}"]
        assert row["value"] is None
        assert why in row["note"]
    assert why in found[f"{AT}.{MAR}.guard_not_fitted"]["note"].replace("In nobody", "in nobody")
    assert all(row["value"] is None or math.isfinite(row["value"]) for row in found.values())
    assert "not given (" in said(section(made_of))


def test_an_empty_arm_and_a_visit_without_anybody(tmp_path: Path) -> None:
    once, weighed = chicks()
    once = [each for each in once if each["diet"] != "diet 4"]
    kept = {each["patient"] for each in once}
    weighed = [each for each in weighed if each["patient"] in kept and each["weighed"] != day(21)]
    found = results(grown(tmp_path, STUDY + ARMS + ANALYSIS, once, weighed))
    assert found[f"{AT}.arm.diet-4.day6.{MAR}.adjusted_mean"]["value"] is None
    row = found[f"{AT}.arm.diet-1.day21.{MAR}.adjusted_mean"]
    assert (row["value"], row["note"]) == (None, "nobody in diet 1 was seen at day21")
    assert found[f"{AT}.arm.diet-1.day6.{MAR}.adjusted_mean"]["value"] is not None


def test_without_a_reference_the_first_arm_may_be_empty(tmp_path: Path) -> None:
    once, weighed = chicks()
    once = [each for each in once if each["diet"] != "diet 1"]
    kept = {each["patient"] for each in once}
    weighed = [each for each in weighed if each["patient"] in kept]
    found = results(grown(tmp_path, STUDY + ARMS + ANALYSIS + "    compare: no\n", once, weighed))
    assert found[f"{AT}.arm.diet-1.day6.{MAR}.adjusted_mean"]["value"] is None
    assert found[f"{AT}.arm.diet-2.day6.{MAR}.adjusted_mean"]["value"] is not None


def test_a_covariate_of_after_the_start_is_told(tmp_path: Path) -> None:
    more = "    covariates: [{is: weight@day6 > 65 g, label: big on day 6}]\n"
    found = results(grown(tmp_path, STUDY + ARMS + ANALYSIS + more, *chicks()))
    assert found[f"{AT}.{MAR}.guard_covariate_after_start"]["note"] == (
        "big on day 6 looks at what came after the start of treatment (Day 6): it may follow from the treatment, and "
        "an allowance for it may hide what the treatment does."
    )


def test_kenward_roger_is_said(tmp_path: Path) -> None:
    made_of = grown(tmp_path, STUDY + ANALYSIS + "    errors: kenward-roger\n", *chicks())
    row = results(made_of)[f"{AT}.day6.{MAR}.se"]
    assert row["method"].endswith("Kenward-Roger")
    assert "Kenward and Roger’s standard errors" in flat(made_of)


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("    outcome: pen\n", "a change is of numbers"),
        ("    outcome: weight@day6\n", "this is the same at each visit"),
        ("    outcome: weight\n    to: [born]\n", "a change goes from born to visits after it"),
        ("    outcome: weight\n    covariates: [pen, pen]\n", "'pen' stands in this model already"),
        ("    outcome: weight\n    covariates: [hatched]\n", "this is a date"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, more: str, what: str) -> None:
    with pytest.raises(WrongInput) as error:
        study_of(tmp_path, text=STUDY + ANALYSIS.replace("    outcome: weight\n", more))
    assert what.lower() in f"{error.value.what} {error.value.remedy}".lower()
