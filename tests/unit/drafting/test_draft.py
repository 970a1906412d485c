"""Whatever is chosen, the draft is a study file that runs, reads well and that an editor takes."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest

from remit.drafting.choices import read_weeks
from remit.drafting.draft import value, within
from remit.drafting.new import new_study
from remit.drafting.questions import Told
from remit.report.methods import methods_text
from remit.run import run_study
from remit.study.analyses.kinds import Events
from remit.study.build import read_study
from remit.study.document import parse_document
from remit.study.json_schema import study_schema
from remit.study.study import Study
from tests.unit.drafting.filled import PATIENTS, fill
from tests.unit.study.editor import seen

IBD = Told(pack="ibd", drug="upadacitinib")
NO_PACK = Told(disease="a rare disease", pack="none")
GRID = {
    "nothing told": Told(),
    "all told": Told(
        title="Upadacitinib: the cohort #1",
        disease="Crohn's disease",
        pack="ibd",
        drug="upadacitinib",
        weeks="0,12,24",
        instruments=["HBI"],
        scores=["SES-CD"],
        labs=["CRP", "calprotectin"],
        measures=["weight: kg 20 to 300"],
        steroids=True,
        endpoints=["clinical remission: hbi <= 4", "response: fall(hbi) >= 3", "both: clinical_remission and response"],
        centres=["Rome", "Milan"],
    ),
    "a pack, nothing measured": Told(pack="ibd", instruments=[], endpoints=[]),
    "a pack and steroids": Told(pack="ibd", steroids=True),
    "only a total": Told(pack="ibd", scores=["SES-CD"]),
    "only laboratory tests": Told(pack="ibd", labs=["CRP", "bowel wall thickness"]),
    "no pack": NO_PACK,
    "no pack, measures": Told(pack="none", measures=["pain: 0 to 10", "5-ASA: mg/L", "joints"], steroids=True),
    "no endpoint": Told(pack="none", measures=["pain"], endpoints=[], centres=[]),
    "steroids without an endpoint": Told(pack="none", steroids=True, endpoints=[]),
    "one visit": Told(pack="ibd", weeks="52"),
    "many visits": Told(pack="ibd", weeks="0,1,2,4,8,12,26,52,104"),
    "a drug with an apostrophe": Told(pack="none", drug="St John's wort, 5 %"),
}  # fmt: skip


def drafted(folder: Path, told: Told) -> str:
    return new_study(folder, told, None, print).path.read_text("utf-8")


@pytest.mark.parametrize("told", GRID.values(), ids=GRID.keys())
def test_a_draft_runs(tmp_path: Path, told: Told) -> None:
    drafted(tmp_path, told)
    study = fill(tmp_path)
    done = run_study(tmp_path, tmp_path / "results")
    assert done.cohort.patients["eligible"].sum() == PATIENTS
    assert done.intake.left_out == 0
    measured = done.cohort.visits.group_by("visit").len().sort("visit")
    assert dict(measured.iter_rows()) == {visit.name: PATIENTS for visit in study.visits}


@pytest.mark.parametrize("told", GRID.values(), ids=GRID.keys())
def test_a_draft_is_what_an_editor_takes(tmp_path: Path, told: Told) -> None:
    text = drafted(tmp_path, told)
    for version in ("1.1", "1.2"):
        assert [
            error.message for error in jsonschema.Draft7Validator(study_schema()).iter_errors(seen(text, version))
        ] == []


@pytest.mark.parametrize("told", GRID.values(), ids=GRID.keys())
def test_a_draft_is_readable(tmp_path: Path, told: Told) -> None:
    lines = drafted(tmp_path, told).split("\n")
    assert lines[0] == "# yaml-language-server: $schema=study.schema.json"
    assert [line for line in lines if line != line.rstrip() or "\t" in line] == []
    assert all(before or after for before, after in pairwise(lines[:-1])), "two empty lines"
    assert [line for line in lines if len(line) > 140] == []
    assert any("CHECK" in line for line in lines)


def study_of(folder: Path, told: Told) -> Study:
    drafted(folder, told)
    return read_study(folder)


def test_what_was_chosen_stands_in_it(tmp_path: Path) -> None:
    study = study_of(tmp_path, GRID["all told"])
    assert study.identity.title == "Upadacitinib: the cohort #1"
    assert [visit.name for visit in study.visits] == ["baseline", "week12", "week24"]
    assert list(study.endpoints) == ["clinical_remission", "steroid_free_clinical_remission", "response", "both"]
    assert study.primary is not None
    assert (study.primary.endpoint, study.primary.visit) == ("clinical_remission", "week12")
    assert {"hbi_pain", "ses_cd", "crp", "calprotectin", "weight"} <= set(study.forms["visits"].fields)
    assert [analysis.name for analysis in study.analyses] == [
        "baseline", "effectiveness", "course", "disposition", "safety",
    ]  # fmt: skip


def test_the_methods_read_well(tmp_path: Path) -> None:
    text = " ".join(methods_text(study_of(tmp_path, GRID["all told"])).split())
    for sentence in (
        "Day 0 is the index date: the start date of the first dosing period for which the drug is upadacitinib.",
        "Under 18 (required: age is at least 18 years).",
        "The Harvey-Bradshaw index is at most 4.",
        "Free of corticosteroids: No course of corticosteroids that includes the visit date.",
        "Permanent stop of the drug: Week 12: The day of the permanent stop is before day 84.",
    ):
        assert sentence in text


def test_an_instrument_brings_its_remission(tmp_path: Path) -> None:
    study = study_of(tmp_path, Told(pack="ibd", instruments=["HBI"]))
    assert [endpoint.label for endpoint in study.endpoints.values()] == [
        "clinical remission (HBI at most 4)",
        "clinical response (HBI fell by at least 3)",
        "continuation of the drug",
    ]


def test_without_such_a_band_a_number_falls(tmp_path: Path) -> None:
    study = study_of(tmp_path, Told(pack="none", measures=["pain: 0 to 10"]))
    assert [endpoint.label for endpoint in study.endpoints.values()] == ["pain halved", "continuation of the drug"]


@pytest.mark.parametrize(
    ("weeks", "windows"),
    [
        ("0,12,24", [(-28, 0), (56, 112), (140, 196)]),
        ("12", [(-28, 0), (56, 112)]),
        ("0, 2, 8", [(-28, 0), (8, 20), (36, 76)]),
        ("week 0, week 1, week 2", [(-28, 0), (4, 10), (11, 17)]),
    ],
)
def test_windows_are_disjoint(tmp_path: Path, weeks: str, windows: list[tuple[int, int]]) -> None:
    study = study_of(tmp_path, Told(pack="none", weeks=weeks))
    assert [(visit.low, visit.high) for visit in study.visits] == windows
    assert [visit.day // 7 for visit in study.visits] == list(read_weeks(weeks))


TEXTS = [
    "plain",
    "a: b",
    "a #b",
    "[a]",
    "{a}",
    "a, b",
    "'a'",
    '"a"',
    "yes",
    "null",
    "~",
    "- a",
    "> a",
    "@a",
    "Crohn's",
    "5",
]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_stay_what_they_are(text: str) -> None:
    assert parse_document(f"x: {value(text)}", "").data == {"x": text}
    assert parse_document(f"{{x: {within(text)}, y: z}}", "").data == {"x": text, "y": "z"}


EXAMPLE = re.compile(r"^( *)# ((?:  )?(?:  )?[a-zA-Z].*)$")


def with_examples(text: str) -> str:
    """The draft with its commented examples in use: lines of `key: value`, and what is indented below such a key."""
    lines = []
    inside = False
    for line in text.split("\n"):
        example = EXAMPLE.match(line)
        inside = bool(example) and (
            (inside and example[2].startswith("  ")) or bool(re.match("[a-z][a-z_0-9 ]*:", example[2]))
        )
        lines.append(f"{example[1]}{example[2]}" if example and inside else line)
    return "\n".join(lines)


def test_the_examples_in_its_comments_can_be_used(tmp_path: Path) -> None:
    text = with_examples(drafted(tmp_path, GRID["all told"]))
    (tmp_path / "study.yaml").write_text(text, "utf-8")
    study = read_study(tmp_path)
    assert study.data_cutoff is not None
    assert study.identity.design is not None
    assert [criterion.label for criterion in study.criteria] == [
        "under 18",
        "not active",
        "diagnosed in the last 6 months",
    ]
    assert list(study.populations) == ["eligible", "on_drug_week12"]
    assert list(study.charts.habits) == ["Rome"]
    assert [analysis.special_interest_source for analysis in study.analyses if isinstance(analysis, Events)] != [None]


def test_without_an_endpoint_its_example_can_be_used(tmp_path: Path) -> None:
    text = with_examples(drafted(tmp_path, GRID["no endpoint"]))
    (tmp_path / "study.yaml").write_text(text, "utf-8")
    assert list(read_study(tmp_path).endpoints) == ["on_the_drug"]
