"""The section `comparisons`: what it means, and what is wrong in it, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.language.implication import implies
from remit.study.build import read_study
from remit.study.comparisons.kinds import Comparison, Rule
from remit.study.study import Study
from tests.unit.study.making import MARK, PACK, STUDY, written

EVIDENCE = """\
evidence: trial
title: The Trial
design: randomised trial
disease: pain
population: {words: adults with pain, n: 200 V}
citation: {text: "A paper. 2020."}
arms:
  drug: {drug: x, n: 100 V}
  placebo: {drug: placebo, n: 100 V}
outcomes:
  low_week12:
    label: low pain
    concept: clinical remission
    week: 12
    definition: {words: pain of at most 2, name: Pain low}
    missing: {handling: non-response}
    results:
      drug: {percent: 40 V, n: 40 V}
      placebo: {percent: 20 V, n: 20 V}
  fingers:
    label: no swollen finger
    concept: other
    definition: {words: no swollen finger, name: Fingers none}
    missing: {handling: not stated}
    results:
      drug: {percent: 10 V}
  calm:
    label: calm
    concept: other
    definition: {words: CRP below 5 and off steroids, name: calm off steroids}
    missing: {handling: not stated}
    results:
      drug: {percent: 12 K}
  words:
    label: better
    concept: other
    definition: {words: felt better}
    missing: {handling: not stated}
    results:
      placebo: {percent: 50 V}
safety:
  events:
    label: adverse events
    concept: adverse events
    results:
      drug: {percent: 30 V}
"""
CRITERIA = """\
  criteria:
    low: {title: low pain (at most 2), is: total <= 2, source: made for the tests, certainty: D}
    lower: {is: fall(total) >= 1, source: made for the tests, certainty: D}
"""
DEFINITIONS = """\
calm off steroids:
  title: calm, off steroids
  takes: {crp: {lab: CRP, decimals: 2}, off_steroids: {type: yes/no, label: off steroids on the day}}
  is: crp < 5 mg/L and off_steroids
  source: made for the tests
  certainty: D
calm off steroids for long:
  title: calm, long off steroids
  takes: {crp: {lab: CRP, decimals: 2}, off_steroids: {type: yes/no, label: off steroids for 90 days}}
  is: crp < 5 mg/L and off_steroids
  source: made for the tests
  certainty: D
doubled pain:
  title: twice the pain
  takes: {pain: {type: number, range: [0, 10], label: pain}}
  is: pain + pain
  source: made for the tests
  certainty: D
"""
FINGERS = """\
Fingers:
  title: swollen fingers
  items: {left: {range: [0, 5]}, right: {range: [0, 5]}}
  total: [0, 10]
  criteria:
    none: {title: no swollen finger, is: total == 0, source: made for the tests, certainty: D}
  source: made for the tests
  certainty: D
"""
PAIN = PACK["instruments"].replace("  source: made", CRITERIA + "  source: made", 1)
WITH_EVIDENCE = {**PACK, "instruments": PAIN + FINGERS, "definitions": DEFINITIONS}
ASKED = """\
comparisons:
  beside:
    evidence:
      - trial.low_week12
"""


def made(folder: Path, comparisons: str = ASKED, study: str = STUDY) -> Study:
    path = written(folder, study + comparisons.replace(MARK, ""), WITH_EVIDENCE)
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "trial.yaml").write_text(EVIDENCE, "utf-8")
    return read_study(path)


def comparison(study: Study) -> Comparison:
    (found,) = [each for each in study.analyses if isinstance(each, Comparison)]
    return found


def rules(study: Study) -> dict[str, Rule]:
    return {rule.name: rule for rule in comparison(study).rules}


def asked(*lines: str) -> str:
    return "comparisons:\n  beside:\n" + "".join(f"    {line}\n" for line in lines)


# What it means


def test_without_a_word_it_is_about_the_primary_result(tmp_path: Path) -> None:
    found = comparison(made(tmp_path))
    assert (found.endpoint, found.visit, found.populations, found.estimand) == (
        "remission", "week12", ("eligible",), "main",
    )  # fmt: skip
    assert (found.title, found.benchmark, found.arms) == ("Beside", False, None)
    (beside,) = found.beside
    assert (beside.name, beside.arms) == ("trial.low_week12", ("drug", "placebo"))


def test_some_arms_and_safety(tmp_path: Path) -> None:
    text = asked("evidence:", "  - {of: trial.low_week12, arms: [placebo]}", "  - trial.events")
    assert [(each.name, each.arms) for each in comparison(made(tmp_path, text)).beside] == [
        ("trial.low_week12", ("placebo",)),
        ("trial.events", ("drug",)),
    ]


def test_a_published_definition_is_computed_where_the_charts_have_it(tmp_path: Path) -> None:
    text = asked("evidence: [trial.low_week12, trial.fingers, trial.calm, trial.words]")
    found = rules(made(tmp_path, text))
    assert list(found) == ["pain_low", "fingers_none", "calm_off_steroids"]
    low = found["pain_low"]
    assert (low.label, low.of, low.why_not) == ("low pain (at most 2)", ("trial.low_week12",), None)
    assert low.endpoint is not None
    assert low.endpoint.at == ("week12",)
    assert found["fingers_none"].endpoint is None
    assert found["fingers_none"].why_not == "it needs Fingers, which the charts do not have"
    assert found["calm_off_steroids"].why_not == "it needs off steroids on the day, which the charts do not have"


def test_a_laboratory_test_is_bound_to_its_only_field_and_the_rest_by_with(tmp_path: Path) -> None:
    text = asked("with: {off_steroids: not steroids}", "evidence: [trial.calm]")
    (rule,) = comparison(made(tmp_path, text)).rules
    assert rule.endpoint is not None
    study = STUDY.replace("endpoints:\n", "endpoints:\n  calm: {at: [week12], is: crp < 5 mg/L and not steroids}\n", 1)
    query, other = rule.endpoint.queries["week12"], made(tmp_path, "", study).endpoints["calm"].queries["week12"]
    assert implies(query, other)
    assert implies(other, query)


def test_of_two_fields_with_the_test_none_is_taken(tmp_path: Path) -> None:
    study = STUDY.replace("      crp: {lab: CRP", "      crp_old: {lab: CRP, decimals: 2}\n      crp: {lab: CRP", 1)
    text = asked("with: {off_steroids: not steroids}", "evidence: [trial.calm]")
    (rule,) = comparison(made(tmp_path, text, study)).rules
    several = "visits.crp_old, visits.crp; `with:` says which"
    assert rule.why_not == f"it needs C-reactive protein, and several fields are that: {several}"


def test_a_name_of_the_study_is_no_answer_for_a_published_definition(tmp_path: Path) -> None:
    study = STUDY.replace("derived:\n", "derived:\n  off_steroids: not visits.steroids@week12\n", 1)
    (rule,) = comparison(made(tmp_path, asked("evidence: [trial.calm]"), study)).rules
    assert rule.why_not == "it needs off steroids on the day, which the charts do not have"
    text = asked("evidence: [trial.words]", "rules: [calm off steroids]")
    (rule,) = comparison(made(tmp_path, text, study)).rules
    assert rule.endpoint is not None  # named in the study file, as an endpoint's is


def test_rules_stand_first_and_what_means_the_same_is_one(tmp_path: Path) -> None:
    text = asked(
        "evidence: [trial.low_week12]",
        "rules:",
        "  - {label: Pain 2 or less, is: pain <= 2}",
        "  - {name: mine, definition: Pain lower, requires: known(crp)}",
    )
    found = rules(made(tmp_path, text))
    assert list(found) == ["pain_2_or_less", "mine"]
    assert found["pain_2_or_less"].of == ("trial.low_week12",)
    assert found["mine"].endpoint is not None
    assert list(found["mine"].endpoint.requires) == ["week12"]


def test_our_own_definition_is_no_second_one(tmp_path: Path) -> None:
    study = STUDY.replace("is: pain <= 3 and not steroids", "is: pain <= 2")
    made_of = comparison(made(tmp_path, study=study))
    (rule,) = made_of.rules
    assert rule.endpoint is not None
    assert rule.endpoint.name == "remission"
    assert [*made_of.judged] == []
    assert made_of.rule_of(made_of.beside[0]) == rule


def test_without_a_basis_a_rule_has_that_of_our_endpoint(tmp_path: Path) -> None:
    text = asked("endpoint: response", "evidence: [trial.low_week12]")
    study = made(tmp_path, text)
    endpoint = rules(study)["pain_low"].endpoint
    assert endpoint is not None
    assert endpoint.requires == study.endpoints["response"].requires


def test_the_name_of_a_rule_keeps_clear_of_our_endpoint(tmp_path: Path) -> None:
    renamed = STUDY.replace("  remission:\n    at", "  pain_low:\n    at")
    study = renamed.replace("endpoint: remission", "endpoint: pain_low")
    assert list(rules(made(tmp_path, study=study))) == ["pain_low_published"]


def test_endpoints_of_comparisons_are_not_those_of_the_study(tmp_path: Path) -> None:
    study = made(tmp_path)
    assert list(study.endpoints) == ["remission", "response"]
    (_, endpoint), *_ = comparison(study).judged
    assert endpoint.name == "beside__pain_low"


# What is wrong

WRONG = {
    "no such study": (asked("evidence: [▶trail.low_week12]"), "there is no evidence 'trail'", "trial"),
    "no such outcome": (asked("evidence: [▶trial.low_week2]"), "there is no outcome of trial", "low_week12"),
    "no outcome": (asked("evidence: [▶trial]"), "'trial' is no published outcome", "trial.remission"),
    "no such arm": (
        asked("evidence:", "  - {of: trial.low_week12, arms: [drug, ▶plcebo]}"),
        "there is no arm of trial.low_week12 'plcebo'", "placebo",
    ),
    "twice": (
        asked("evidence:", "  - trial.low_week12", "  - ▶{of: trial.low_week12, arms: [drug]}"),
        "trial.low_week12 stands here twice, with the arm drug", "once",
    ),
    "nothing": (asked("▶evidence: []"), "beside.evidence", ""),
    "no evidence at all": ("comparisons:\n  ▶beside:\n    endpoint: remission\n", "evidence", ""),
    "no such endpoint": (asked("endpoint: ▶remision", "evidence: [trial.words]"), "there is no endpoint", "remission"),
    "no visit of it": (
        asked("endpoint: response", "visit: ▶baseline", "evidence: [trial.words]"),
        "there is no visit of response 'baseline'", "week12",
    ),
    "no such population": (
        asked("populations: [▶men]", "evidence: [trial.words]"), "there is no population 'men'", "women",
    ),
    "no such estimand": (asked("estimand: ▶mian", "evidence: [trial.words]"), "there is no estimand 'mian'", "main"),
    "an unknown parameter": (
        asked("with: {▶of_steroids: yes}", "evidence: [trial.calm]"),
        "no definition here takes 'of_steroids'", "off_steroids",
    ),
    "a parameter of none": (
        asked("with: {▶total: pain}", "evidence: [trial.low_week12]"),
        "no definition here takes 'total'", "They take nothing",
    ),
    "a parameter of another kind": (
        asked("with: {off_steroids: ▶weight}", "evidence: [trial.calm]"),
        "off_steroids is yes/no, and this is a number in kg", "yes/no",
    ),
    "a word that means two things": (
        asked("with: {▶off_steroids: not steroids}", "evidence: [trial.calm]", "rules: [calm off steroids for long]"),
        "'off_steroids' is “off steroids for 90 days” of calm off steroids for long, and “off steroids on the day” of",
        "Say it with each",
    ),
    "an unknown definition": (
        asked("evidence: [trial.words]", "rules: [▶Pain lows]"),
        "there is no definition of a pack 'Pain lows'", "Pain low",
    ),
    "a rule that cannot be computed": (
        asked("evidence: [trial.words]", "rules: [▶Fingers none]"),
        "Fingers none cannot be computed: it needs Fingers, which the charts do not have", "",
    ),
    "a rule that is a number": (
        asked("evidence: [trial.words]", "rules: [▶doubled pain]"), "doubled pain is a number", "compare it",
    ),
    "a rule of two kinds": (
        asked("evidence: [trial.words]", "rules:", "  - ▶{is: pain < 2, definition: Pain low}"),
        "this has both `is` and `definition`", "",
    ),
    "a rule of no kind": (
        asked("evidence: [trial.words]", "rules:", "  - ▶{label: low}"), "this says neither what it is", "",
    ),
    "with, of nothing": (
        asked("evidence: [trial.words]", "rules:", "  - {is: pain < 2, ▶with: {crp: crp}}"),
        "this has `with`, and no `definition`", "",
    ),
    "a rule with a slip": (
        asked("evidence: [trial.words]", "rules:", "  - {is: pain < 2 and ▶steroid}"), "'steroid'", "",
    ),
    "a basis with a slip": (
        asked("evidence: [trial.words]", "rules:", "  - {is: pain < 2, requires: known(▶crpp)}"), "'crpp'", "",
    ),
    "a rule without a name": (
        asked("evidence: [trial.words]", "rules:", "  - ▶{label: “<”, is: pain < 2}"),
        "no name can be made of '“<”'", "Add `name:`",
    ),
    "two rules of one name": (
        asked("evidence: [trial.words]", "rules:", "  - {name: low, is: pain < 2}", "  - ▶{name: low, is: pain < 1}"),
        "two rules are called 'low'", "",
    ),
    "a rule called as our endpoint": (
        asked("evidence: [trial.words]", "rules:", "  - ▶{name: remission, is: pain < 2}"),
        "'remission' is also our endpoint", "",
    ),
    "an unknown parameter of a rule": (
        asked("evidence: [trial.words]", "rules:", "  - {definition: Pain low, with: {▶totel: pain}}"),
        "Pain low takes no 'totel'", "total",
    ),
    "the name of an analysis": (ASKED.replace("beside", "▶effect"), "'effect' is also an analysis", "Rename"),
    "the name of an endpoint": (ASKED.replace("beside", "▶response"), "'response' is also an endpoint", "Rename"),
    "the name of a form": (ASKED.replace("beside", "▶visits"), "'visits' is also a form", "Rename the comparison"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "what", "remedy"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_at_its_place(tmp_path: Path, text: str, what: str, remedy: str) -> None:
    with pytest.raises(WrongInput) as caught:
        made(tmp_path, text)
    before = (STUDY + text).partition(MARK)[0]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert caught.value.where == f"{tmp_path / 'study.yaml'}:{line}:{column}"
    assert what in caught.value.what
    assert remedy in caught.value.remedy


def test_without_a_primary_result_it_must_say_what_it_is_about(tmp_path: Path) -> None:
    start = STUDY.index("primary:")
    study = STUDY[:start] + STUDY[STUDY.index("\n", start) + 1 :]
    with pytest.raises(WrongInput, match="beside is about the primary endpoint, and the study has none"):
        made(tmp_path, study=study)
