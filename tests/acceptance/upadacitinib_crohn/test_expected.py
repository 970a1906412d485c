"""Every number of expected.yaml, which an independent program computed from the charts, is found in results.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from remit.run import run_study

EXAMPLE = Path(__file__).parents[3] / "examples" / "upadacitinib-crohn"
EXPECTED = yaml.safe_load((Path(__file__).parent / "expected.yaml").read_text("utf-8"))

Rows = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    out = tmp_path_factory.mktemp("run") / "out"
    run_study(EXAMPLE, out)
    rows = json.loads((out / "results.json").read_text("utf-8"))
    return {row["result"]: row for row in rows}


B = "baseline.eligible"
E = "effectiveness.eligible"
ON = "effectiveness.on_drug_week12"
D = "disposition.eligible"
S = "safety.eligible"


def n(address: str) -> list[tuple[str, str]]:
    return [(f"{address}.n", "value")]


def of(address: str) -> list[tuple[str, str]]:
    """A count and its denominator, of "33/63"."""
    return [(f"{address}.n", "numerator"), (f"{address}.n", "denominator")]


def mean_sd(address: str, with_n: bool = False) -> list[tuple[str, str]]:
    names = [(f"{address}.mean", "value"), (f"{address}.sd", "value")]
    return [*names, (f"{address}.n", "value")] if with_n else names


def handlings(endpoint: str, visit: str, **extra: list[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    return {
        "decided": of(f"{E}.{visit}.{endpoint}.decided"),
        "eligible": of(f"{E}.{visit}.{endpoint}.as_published"),
        **extra,
    }


def levels(address: str, names: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    return {said: n(f"{address}.{level}.observed") for said, level in names.items()}


def same(*names: str) -> dict[str, str]:
    return {name: name.replace(" ", "-") for name in names}


ENDPOINTS = (
    "clinical remission",
    "clinical response",
    "biochemical remission",
    "transmural response",
    "transmural healing",
    "deep remission",
)

# Where each leaf of expected.yaml stands in results.json: (result, column) for each number of the leaf, in order.
PLACES: dict[str, Any] = {
    "screened": n("flow.screened"),
    "eligible": n("flow.eligible"),
    "excluded": {
        "under 18": n("flow.excluded.under_18"),
        "thromboembolism or arterial event": n("flow.excluded.thromboembolism_or_arterial_event"),
        "cardiovascular risk factors": n("flow.excluded.cardiovascular_risk_factors"),
        "not active": n("flow.excluded.not_active"),
        "follow-up under 6 months": n("flow.excluded.follow_up_under_6_months"),
    },
    "baseline": {
        "age, years, mean (SD)": mean_sd(f"{B}.age.observed"),
        "age at diagnosis, years, mean (SD)": mean_sd(f"{B}.age_at_diagnosis.observed"),
        "disease duration, years, mean (SD)": mean_sd(f"{B}.disease_duration.observed"),
        "female": n(f"{B}.female.observed"),
        "current smokers": n(f"{B}.smoker.observed"),
        "previous abdominal surgery": levels(
            f"{B}.previous_surgery", same("ileocecal resection", "jejunoileal resection", "colonic resection", "none")
        ),
        "extra-intestinal manifestations": levels(
            f"{B}.extraintestinal",
            same(
                "peripheral arthritis", "axial arthritis", "pyoderma gangrenosum", "erythema nodosum", "uveitis", "none"
            ),
        ),
        "location": levels(f"{B}.location", same("ileal", "colonic", "ileocolonic")),
        "upper disease": n(f"{B}.upper_gi.observed"),
        "perianal disease": n(f"{B}.perianal.observed"),
        "perianal disease, active": n(f"{B}.perianal_active.observed"),
        "corticosteroids": n(f"{B}.steroids_at_baseline.observed"),
        "behaviour": levels(f"{B}.behaviour", same("inflammatory", "stricturing", "penetrating")),
        "extent over 30 cm": n(f"{B}.extent_over_30cm.observed"),
        "HBI, mean (SD), n": mean_sd("course.eligible.baseline.hbi.observed", with_n=True),
        "HBI band": {
            **levels(f"{B}.hbi_band", same("mild", "moderate", "severe")),
            "missing": [(f"{B}.hbi_band.mild.observed.n", "missing")],
        },
        "SES-CD band": levels(f"{B}.ses_cd_band", same("moderate", "severe")),
        "CRP > 0.5 mg/dL": of(f"{B}.crp_over_0_5.observed"),
        "calprotectin > 250 ug/g": of(f"{B}.calprotectin_over_250.observed"),
        "calprotectin > 150 ug/g": of(f"{B}.calprotectin_over_150.observed"),
    },
    "week 12": {
        "HBI, mean (SD), n": mean_sd("course.eligible.week12.hbi.observed", with_n=True),
        "clinical remission": handlings(
            "clinical_remission",
            "week12",
            **{
                "percent of eligible": [(f"{E}.week12.clinical_remission.as_published.percent", "value")],
                "of those on corticosteroids at baseline": of(
                    "effectiveness.eligible.steroids_at_baseline.yes.week12.clinical_remission.as_published"
                ),
            },
        ),
        "clinical response": handlings("clinical_response", "week12"),
        "biochemical remission": handlings(
            "biochemical_remission",
            "week12",
            **{"requires both tests at both visits": of(f"{E}.week12.biochemical_remission.required")},
        ),
        "transmural response": handlings("transmural_response", "week12"),
        "transmural healing": handlings("transmural_healing", "week12"),
        "deep remission": handlings("deep_remission", "week12", complete=of(f"{E}.week12.deep_remission.complete")),
        "composite estimand, of 64": {name: n(f"{E}.week12.{name.replace(' ', '_')}.composite") for name in ENDPOINTS},
        "continuation": of(f"{E}.week12.continuation.decided"),
        "discontinued": levels(f"{D}.reason", same("lack of efficacy", "adverse event")),
        "surgery in induction": {
            "patients": n(f"{D}.bowel_surgery_in_induction.observed"),
            "perforation": n(f"{D}.indication_for_surgery.bowel-perforation.observed"),
            "persistent disease activity": n(f"{D}.indication_for_surgery.persistent-disease-activity.observed"),
            "resumed the drug afterwards": n(f"{D}.resumed_after_surgery.observed"),
        },
    },
    "week 24": {
        "HBI, mean (SD), n": mean_sd("course.eligible.week24.hbi.observed", with_n=True),
        "clinical remission": handlings(
            "clinical_remission", "week24", on_drug_week12=of(f"{ON}.week24.clinical_remission.as_published")
        ),
        "clinical response": handlings(
            "clinical_response", "week24", on_drug_week12=of(f"{ON}.week24.clinical_response.as_published")
        ),
        "biochemical remission": {"decided": of(f"{E}.week24.biochemical_remission.decided")},
        "biochemical remission at week 12 or 24": {
            "eligible": of(f"{E}.week24.biochemical_remission_by_week24.as_published"),
            "on_drug_week12": of(f"{ON}.week24.biochemical_remission_by_week24.as_published"),
        },
        "fistula drainage of the 10 active at baseline": {
            **levels("fistulas.active_perianal.drainage", same("improved", "no change")),
            "unknown": [("fistulas.active_perianal.drainage.improved.observed.n", "missing")],
        },
        "fistula drainage of the 8 of them in on_drug_week12": {
            **levels("fistulas.active_perianal_on_drug.drainage", same("improved", "no change")),
            "unknown": [("fistulas.active_perianal_on_drug.drainage.improved.observed.n", "missing")],
        },
    },
    "safety": {
        "induction": {
            "events": [(f"{S}.induction.any.events", "value")],
            "patients": [(f"{S}.induction.any.patients", "value")],
        },
        "all": {
            "events": [(f"{S}.all.any.events", "value")],
            "patients": [(f"{S}.all.any.patients", "value")],
            "serious": [(f"{S}.all.serious.yes.events", "value")],
        },
        "action taken": {
            name: [(f"{S}.all.action_taken.{name.replace(' ', '-')}.events", "value")]
            for name in ("dose not changed", "drug interrupted", "drug withdrawn")
        },
    },
}


def leaves(expected: Any, places: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    """(path, expected leaf, its places), for each leaf; a leaf without a place is an error."""
    if isinstance(expected, dict):
        assert set(expected) == set(places), path
        for key, inner in expected.items():
            yield from leaves(inner, places[key], (*path, key))
    else:
        yield " / ".join(path), expected, places


ALL = list(leaves(EXPECTED, PLACES))


@pytest.mark.parametrize(("expected", "places"), [leaf[1:] for leaf in ALL], ids=[leaf[0] for leaf in ALL])
def test_expected(expected: Any, places: list[tuple[str, str]], results: Rows) -> None:
    if isinstance(expected, list):
        wanted = [str(number) for number in expected]
    else:
        wanted = re.findall(r"[\d.]+", str(expected))
    assert len(wanted) == len(places)
    for number, (result, column) in zip(wanted, places, strict=True):
        decimals = len(number.partition(".")[2])
        assert round(results[result][column], decimals) == float(number), result


def test_all_numbers_have_a_denominator_and_a_missing_count(results: Rows) -> None:
    """But for published ones, of which a denominator stands where it was published, and for what is pooled of them."""
    pooled = [row for row in results.values() if str(row["analysis"]).endswith("_real_world")]
    others = [row for row in results.values() if row not in pooled]
    published = [row for row in others if row["group"] == "evidence" and row["population"] is None]
    assert all(row["note"] for row in published)
    for row in [row for row in others if row not in published]:
        assert row["denominator"] is not None, row["result"]
        assert row["missing"] is not None, row["result"]
        assert row["population_n"] is not None, row["result"]


def test_a_pooled_number_is_of_all_patients_of_its_studies(results: Rows) -> None:
    """Weights are of one study, a test between kinds of studies of none."""
    for analysis in ("remission_week12_real_world", "response_week12_real_world"):
        here = [row for row in results.values() if row["analysis"] == analysis and row["value"] is not None]
        told = [row for row in here if row["statistic"] in ("percent", "lower", "upper", "prediction_lower", "i2")]
        assert told
        assert all(row["denominator"] is not None for row in told), analysis


def test_every_value_that_is_not_given_says_why(results: Rows) -> None:
    for row in results.values():
        assert row["value"] is not None or row["note"], row["result"]
