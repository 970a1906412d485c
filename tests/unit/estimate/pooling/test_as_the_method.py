"""Published results pooled in a study: as metafor pools them, with ours beside, and what is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.estimate.estimate import estimate_results
from remit.inference.pooling.mixed import mixed_proportions
from remit.inference.pooling.pool import Pooled, pool
from remit.inference.pooling.proportions import Events, logits
from remit.study.study import Study
from tests.unit.derive.small import day, records_of, study_of
from tests.unit.inference.pooling.metafor import METAFOR, near
from tests.unit.trace.checked import checked

FILE = """\
evidence: {name}
title: {title}
design: {design}
disease: none
population: {{words: invented patients}}
citation: {{text: Invented by remit.}}
arms:
  drug: {{drug: x}}
outcomes:
  good:
    label: good
    concept: clinical remission
    week: {week}
    definition: {{words: a score}}
    missing: {{handling: not stated}}
    results: {{drug: {{{result}}}}}
"""
ASKED = """
endpoints:
  good: {label: Good score, at: [week4], is: score >= 50}
intercurrent_events:
  stopped: dosing.stop_day < visit.day
estimands:
  policy: {label: whatever happened, intercurrent: {stopped: treatment policy}}
primary: {endpoint: good, visit: week4, population: eligible, estimand: policy}
analyses:
  main: {kind: endpoints, title: Main}
comparisons:
  beside:
    title: Beside others
    pool:
      all: {drug: x, MORE}
    evidence: [EVIDENCE]
"""
PRITZ = METAFOR["mixed_proportions"][0]
COHORTS = {"one": (12, 17), "two": (33, 77), "three": (31, 52), "four": (8, 23)}


def written(folder: Path, results: dict[str, str], more: str, design: str = "cohort") -> Study:
    """A study beside published ones, each with what it found."""
    (folder / "evidence").mkdir()
    for number, (name, result) in enumerate(results.items(), start=1):
        made = FILE.format(
            name=name,
            title=name.capitalize(),
            design=design if number > 1 else "prospective cohort",
            week=4 * number,
            result=result,
        )
        (folder / "evidence" / f"{name}.yaml").write_text(made, "utf-8")
    return study_of(
        folder, ASKED.replace("MORE", more).replace("EVIDENCE", ", ".join(f"{name}.good" for name in results))
    )


def found(
    folder: Path, results: dict[str, str], more: str, good: tuple[int, int] = (3, 5)
) -> dict[str, dict[str, Any]]:
    """The pooled results by their names; so many of so many patients of ours are good."""
    study = written(folder, results, more)
    rows: dict[str, list[dict[str, Any]]] = {"patients": [], "visits": [], "treatment": []}
    for number in range(good[1]):
        name = f"P{number:03}"
        rows["patients"].append({"patient": name, "last_contact": day(200)})
        rows["visits"].append({"patient": name, "visit_date": day(28), "score": 60 if number < good[0] else 40})
        rows["treatment"].append({"patient": name, "drug": "x", "start_date": day(0)})
    cohort = derive_cohort(study, records_of(study, **rows))
    made = estimate_results(study, cohort)
    checked(study, cohort, made)
    mine = (row for row in made.table.iter_rows(named=True) if row["analysis"] == "beside_all")
    return {row["result"].removeprefix("beside_all."): row for row in mine}


def counts(of: dict[str, tuple[int, int]]) -> dict[str, str]:
    return {name: f"n: {n} V, of: {total} V" for name, (n, total) in of.items()}


def events(of: dict[str, tuple[int, int]]) -> list[Events]:
    return [Events(name, n, total) for name, (n, total) in of.items()]


def agrees(results: dict[str, dict[str, Any]], at: str, wanted: Pooled) -> None:
    estimate, ahead = wanted.estimate, wanted.prediction
    for name, value in (
        ("percent", estimate.value),
        ("lower", estimate.lower),
        ("upper", estimate.upper),
        ("prediction_lower", ahead.lower),
        ("prediction_upper", ahead.upper),
    ):
        assert results[f"{at}.{name}"]["value"] == pytest.approx(100 * (value or 0))
    assert results[f"{at}.tau2"]["value"] == pytest.approx(wanted.heterogeneity.tau2.value)
    assert results[f"{at}.q"]["value"] == pytest.approx(wanted.heterogeneity.q.statistic)


RANDOM, COMMON = "proportion.{}:random", "proportion.{}:common"
GLMM, INVERSE = RANDOM.format("glmm"), RANDOM.format("inverse_variance")


def test_fourteen_series_as_in_metafor(tmp_path: Path) -> None:
    """dat.pritz1997; two series have all."""
    of = {f"s{at}": (row["n"], row["of"]) for at, row in enumerate(PRITZ["data"], start=1)}
    results = found(tmp_path, counts(of), "model: glmm, ours: no")
    assert results[f"{GLMM}.tau2"]["value"] == near(PRITZ["tau2"])
    assert results[f"{GLMM}.i2"]["value"] == near(PRITZ["i2"])
    assert results[f"{GLMM}.q"]["value"] == near(PRITZ["ratio"])
    assert (results[f"{GLMM}.percent"]["numerator"], results[f"{GLMM}.percent"]["denominator"]) == (246, 326)
    agrees(results, GLMM, mixed_proportions(events(of)))
    agrees(results, INVERSE, pool(logits(events(of))))
    assert results[f"{INVERSE}.guard_corrected"]["note"].startswith("Nobody or everybody had the event in ")


def test_ours_joins_and_each_is_left_out(tmp_path: Path) -> None:
    results = found(tmp_path, counts(COHORTS), "model: glmm, ours: yes, leave_one_out: yes", (3, 5))
    ours = Events("ours", 3, 5)
    every = [*events(COHORTS), ours]
    agrees(results, f"eligible.{GLMM}", mixed_proportions(every))
    agrees(results, f"without_ours.{GLMM}", mixed_proportions(every[:-1]))
    for number, name in enumerate(COHORTS):
        agrees(
            results,
            f"eligible.without_study.{name}:-drug.{GLMM}",
            mixed_proportions([*every[:number], *every[number + 1 :]]),
        )
    weights = pool(logits(every)).studies
    assert [
        results[f"eligible.weight.{name}.proportion.inverse_variance:random.weight"]["value"]
        for name in (*(f"{name}:-drug" for name in COHORTS), "ours")
    ] == pytest.approx([study.weight for study in weights])


def test_a_group_of_one_study_is_that_study(tmp_path: Path) -> None:
    """Nobody of 20: 0 %, with Wilson's interval, not the half of an event that a logit needs."""
    results = found(tmp_path, counts({**COHORTS, "one": (0, 20)}), "model: glmm, subgroups: design")
    alone = results[f"design.prospective-cohort.{GLMM}.percent"]
    assert (alone["value"], alone["numerator"], alone["denominator"]) == (0, 0, 20)
    assert alone["note"] == "one study: its own interval, in which it is not how far such studies lie apart"
    assert results[f"design.prospective-cohort.{GLMM}.upper"]["value"] == pytest.approx(16.11, abs=0.01)
    agrees(results, f"design.cohort.{GLMM}", mixed_proportions(events(COHORTS)[1:]))
    assert results[f"design.{GLMM}.degrees_of_freedom"]["value"] == 1


@pytest.mark.parametrize(
    ("measure", "good", "bad", "why"),
    [
        ("proportion", "n: 5 V, of: 10 V", "percent: 50 V", "only 50 % is told, and of how many it is is not known"),
        ("rate", "events: 5 V, person_years: 10 V", "rate: 50 V", "its source does not tell events and patient-years"),
        ("mean", "mean: 5 V, sd: 2 V, of: 10 V", "mean: 5 V, sd: 0 V, of: 10 V", "its standard deviation is 0"),
        ("mean", "mean: 5 V, sd: 2 V, of: 10 V", "mean: 5 V, of: 10 V", "its source does not tell a mean with its"),
    ],
)
def test_what_cannot_be_pooled_is_left_out_with_why(
    tmp_path: Path, measure: str, good: str, bad: str, why: str
) -> None:
    results = found(tmp_path, {"a": good, "b": good, "c": bad}, f"measure: {measure}, ours: no")
    name = {"proportion": "percent", "rate": "rate", "mean": "mean"}[measure]
    left = results[f"evidence.c:-drug.week 12.good.{name}"]
    assert left["value"] is None
    assert left["note"].startswith(why)
    model = "glmm" if measure != "mean" else "inverse_variance"
    assert results[f"{measure}.{model}:random.studies"]["value"] == 2


def test_one_that_remains_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="only One can be pooled, and one is none"):
        written(tmp_path, {"one": "n: 12 V, of: 17 V", "two": "percent: 40 V"}, "ours: no")


def test_no_model_fits_where_nobody_had_it(tmp_path: Path) -> None:
    results = found(tmp_path, counts({"one": (0, 12), "two": (0, 20)}), "model: glmm, ours: no")
    row = results[f"{GLMM}.percent"]
    assert row["value"] is None
    assert row["note"] == "nobody of the 32 patients of all studies had the event: no model fits that"
