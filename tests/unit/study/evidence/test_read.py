"""A file of evidence: what is read from it, and what is refused, each with its place and what would do."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from remit.errors import WrongInput
from remit.study.evidence.evidence import ALL, NUMBERS, Design, MissingHandling
from remit.study.evidence.model import EvidencePart
from remit.study.evidence.read import read_evidence
from tests.unit.study.evidence.files import file_of

ROOT = Path(__file__).parents[4]


def test_each_number_keeps_its_text_its_decimals_and_its_certainty(tmp_path: Path) -> None:
    evidence = read_evidence(file_of(tmp_path), {})
    age = evidence.baseline["age"].of[ALL]
    assert age.mean is not None
    assert (age.mean.text, age.mean.value, age.mean.decimals, age.mean.certainty) == ("40.5", Fraction(81, 2), 1, "V")
    female = evidence.baseline["female"].of["placebo"].percent
    assert female is not None
    assert not female.sure
    assert female.mark == " [K]"
    assert age.mean.mark == ""
    assert (evidence.kind, evidence.line, evidence.citation.pubmed) == ("trial", "first", "1")


def test_the_denominator_is_that_of_the_arm_where_none_is_told(tmp_path: Path) -> None:
    relief = read_evidence(file_of(tmp_path), {}).outcomes["relief_week4"].results
    drug, placebo = relief["drug"], relief["placebo"]
    assert drug.of is not None
    assert (drug.of.text, drug.own_of, drug.counts, drug.fits) == ("20", False, (12,), True)
    assert (placebo.counts, placebo.fits, placebo.note) == ((), False, "printed so")


def test_a_denominator_of_its_own_or_unknown(tmp_path: Path) -> None:
    changes = (("percent: 60 V, n: 12 V", "percent: 60 V, of: 5 D"), ("33 V, fits: no", "33 V, of: unknown"))
    relief = read_evidence(file_of(tmp_path, *changes), {}).outcomes["relief_week4"].results
    assert relief["drug"].own_of
    assert relief["drug"].counts == (3,)
    assert (relief["placebo"].of, relief["placebo"].own_of, relief["placebo"].counts) == (None, True, None)


def test_safety_needs_no_definition(tmp_path: Path) -> None:
    harms = read_evidence(file_of(tmp_path), {}).safety["harms"]
    assert (harms.definition.words, harms.definition.stated, harms.handling) == ("not stated", False, "not stated")
    assert list(harms.results["drug"].numbers) == ["of", "events", "rate", "person_years"]


def test_a_percentage_of_a_curve_need_not_fit(tmp_path: Path) -> None:
    changes = (("handling: non-response", "handling: time to event"), ("33 V, fits: no", "33 V"), (", n: 12 V", ""))
    relief = read_evidence(file_of(tmp_path, *changes), {}).outcomes["relief_week4"].results
    assert relief["placebo"].estimated
    assert relief["placebo"].counts is None


def test_a_publication_that_rounds_does_not_cut_off(tmp_path: Path) -> None:
    """6/9 is 66.67: printed 66, if digits are cut off."""
    change = ("33 V, fits: no, note: printed so", "66 V, of: 9 V")
    assert read_evidence(file_of(tmp_path, change), {}).outcomes["relief_week4"].results["placebo"].counts == (6,)
    cut = (change, ("source: Its abstract", "rounding: cut off"))
    assert read_evidence(file_of(tmp_path, *cut), {}).outcomes["relief_week4"].results["placebo"].counts == (6,)
    rounded = (change, ("source: Its abstract", "rounding: rounded"))
    with pytest.raises(WrongInput, match="no whole number of 9 patients is 66 %"):
        read_evidence(file_of(tmp_path, *rounded), {})


def test_a_definition_is_named_by_a_pack(tmp_path: Path) -> None:
    change = ("{words: pain of at most 3}", "{words: pain of at most 3, name: relief}")
    evidence = read_evidence(file_of(tmp_path, change), {"relief": object()})
    assert evidence.outcomes["relief_week4"].definition.name == "relief"


WRONG = {
    "no definition": (
        ("    definition: {words: pain of at most 3}\n", ""),
        "15:3: outcomes.relief_week4 has no 'definition'\n  Add `definition:`.",
    ),
    "percent above 100": (
        ("percent: 60 V", "percent: 160 V"),
        "22:23: a percentage cannot be 160\n  It lies from 0 to 100.",
    ),
    "percent below 0": (("percent: 60 V", "percent: -0 V"), "22:23: a percentage cannot be -0"),
    "n above N": (
        ("n: 12 V, low", "n: 21 V, low"),
        "22:32: 21 of 20 patients\n  n cannot be above its denominator.",
    ),
    "n that is not whole": (("n: 12 V, low", "n: 12.5 V, low"), "22:32: n cannot be 12.5\n  It takes a whole number."),
    "n that is not of the percentage": (
        ("n: 12 V, low", "n: 13 V, low"),
        "22:23: 13 of 20 is not 60 %, however one rounds\n  Look it up again. If it was published so, add `fits: no`",
    ),
    "a percentage of nobody": (
        ("{percent: 33 V, fits: no, note", "{percent: 33 V, note"),
        "23:26: no whole number of 10 patients is 33 %\n  Look it up again.",
    ),
    "it fits after all": (
        ("{percent: 33 V", "{percent: 30 V"),
        "23:38: 30 % fits: it is 3 of 10\n  Remove `fits: no`.",
    ),
    "nothing to fit": (
        ("{percent: 33 V", "{mean: 33 V"),
        "there is nothing to fit: no percentage of a known number of patients\n  Remove `fits: no`.",
    ),
    "no certainty": (
        ("percent: 60 V", "percent: 60"),
        "22:23: outcomes.relief_week4.results.drug.percent cannot be '60'\n  It takes a number as printed and how sure "
        "it is (V read in the source, D arithmetic, K+ and K from knowledge): 49.5 V.",
    ),
    "unknown certainty": (
        ("percent: 60 V", "percent: 60 Z"),
        "percent cannot be '60 Z'\n  It takes a number as printed",
    ),
    "too unsure": (
        ("percent: 60 V", "percent: 60 K-"),
        "22:23: 60 is of low confidence (K-): too little to set beside results\n  Read it in a source, or leave",
    ),
    "a denominator in words": (
        ("percent: 60 V, n: 12 V", "percent: 60 V, of: all"),
        "cannot be 'all'\n  It takes a number as printed and how sure it is, as in 94 V; or unknown.",
    ),
    "unknown arm": (
        ("      drug: {percent: 60", "      drugs: {percent: 60"),
        "22:7: there is no arm 'drugs'\n  Did you mean drug?",
    ),
    "an arm called all": (("  placebo: {drug: placebo", "  all: {drug: placebo"), "10:3: 'all' cannot be an arm"),
    "id of another file": (
        ("evidence: trial-1", "evidence: trial-2"),
        "1:11: the evidence in this file calls itself 'trial-2', and the file is called trial-1.yaml\n"
        "  Give both the same name.",
    ),
    "an id with capitals": (
        ("evidence: trial-1", "evidence: Trial"),
        "1:11: evidence cannot be 'Trial'\n  It takes small letters and digits, with hyphens between: u-exceed",
    ),
    "a design of its own": (("design: randomised trial", "design: trial"), "3:9: design cannot be 'trial'"),
    "arms that do not add up": (
        ("n: 30 V", "n: 31 V"),
        "8:1: the arms have 20 + 10 = 30 patients, and the study has 31\n  Correct a number, or leave out the n",
    ),
    "an interval the wrong way round": (
        ("low: 36.1 V, high: 80.9 V", "low: 80.9 V, high: 36.1 V"),
        "22:43: the interval goes from 80.9 to 36.1\n  Exchange them.",
    ),
    "a percentage outside its interval": (
        ("low: 36.1 V", "low: 61 V"),
        "22:23: 60 % lies outside its interval, 61 to 80.9\n  Look the three up again.",
    ),
    "an interval beyond 100 %": (("high: 80.9 V", "high: 180.9 V"), "60 % has an interval beyond 0 to 100 %"),
    "an interval with one end": (
        ("low: 36.1 V, high: 80.9 V", "low: 36.1 V"),
        "22:43: an interval with `low`, and without `high`\n  Add `high:`.",
    ),
    "the level of no interval": (
        ("low: 36.1 V, high: 80.9 V, level: 95 V", "level: 95 V"),
        "22:45: the level of an interval, and no interval\n  Add `low:` and `high:`.",
    ),
    "a level beyond 100 %": (("level: 95 V", "level: 950 V"), "an interval of 950 %\n  It lies between"),
    "a denominator above the arm": (
        ("percent: 60 V, n: 12 V", "percent: 60 V, n: 15 V, of: 25 V"),
        "of 25 patients, and the arm has 20\n  Correct one of the two",
    ),
    "an arm above the study": (
        ("n: 30 V", "n: 19 V"),
        "the arms have 20 + 10 = 30 patients, and the study has 19",
    ),
    "an arm without a number": (
        ("{percent: 60 V, n: 12 V, low: 36.1 V, high: 80.9 V, level: 95 V", "{note: none"),
        "22:7: drug has no number\n  Add `percent:` or another; or leave the arm out.",
    ),
    "quartiles the wrong way round": (("mean: 40.5 V, sd: 9 V", "median: 40 V, q1: 41 V"), "median is 40, below 41"),
    "a rate of other events": (
        ("person_years: 1.5 V", "person_years: 100 V"),
        "events in 100 person-years are not 466.7 per 100 person-years\n  Look the three up again.",
    ),
    "a week before the first": (("week: 4", "week: -4"), "week cannot be '-4'\n  It takes a week, 0 or more: 12."),
    "counts of a curve": (
        ("handling: non-response", "handling: time to event"),
        "60 % is estimated over time, and 12 are counted\n  Leave out `n:`",
    ),
    "a spread below 0": (("sd: 9 V", "sd: -9 V"), "12:52: sd cannot be -9\n  It is 0 or more."),
    "no time at all": (("person_years: 1.5 V", "person_years: 0 V"), "person_years cannot be 0\n  Leave it out where"),
    "a characteristic without a number": (
        (", mean: 40.5 V, sd: 9 V", ""),
        "12:3: age has no number\n  Add `percent:` or `mean:`, or `results:` by arm.",
    ),
    "a characteristic told twice": (
        ("female: {label: female, ", "female: {label: female, percent: 50 V, "),
        "13:3: female has numbers of the whole study, and by arm\n  Write either the ones or the others.",
    ),
    "a name told twice": (
        ("  harms: {label", "  relief_week4: {label"),
        "25:3: 'relief_week4' is also under outcomes\n  Rename one.",
    ),
    "a definition that no pack has": (
        ("{words: pain of at most 3}", "{words: pain of at most 3, name: relief}"),
        "19:50: no pack defines 'relief'\n  There is none. Without `name:` the definition stands in words only.",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_place(case: str, tmp_path: Path) -> None:
    change, message = WRONG[case]
    path = file_of(tmp_path, change)
    with pytest.raises(WrongInput) as told:
        read_evidence(path, {})
    assert str(told.value).startswith(f"{path}:")
    assert message in str(told.value)


def test_the_example_of_the_documentation_is_right(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how-to" / "published-evidence.md").read_text("utf-8")
    path = tmp_path / "north-2024.yaml"
    path.write_text(text.partition("```yaml\n")[2].partition("```")[0], "utf-8")
    evidence = read_evidence(path, {"HBI remission": object()})
    assert evidence.outcomes["remission_week12"].results["drug"].counts == (19,)


def test_the_documentation_tells_every_key_and_word() -> None:
    text = (ROOT / "docs" / "how-to" / "published-evidence.md").read_text("utf-8")
    words = [*get_args(Design), *get_args(MissingHandling), *NUMBERS]
    assert not [
        word for word in (*words, *EvidencePart.model_fields) if f"`{word}`" not in text and f"\n{word}:" not in text
    ]
