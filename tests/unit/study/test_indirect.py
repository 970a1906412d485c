"""What is written of an indirect comparison, and what is refused: each with its line and what would do."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.study import Study
from tests.unit.indirect import ASKED, asked, written


def indirect(study: Study) -> Indirect:
    (found,) = (each for each in study.analyses if isinstance(each, Indirect))
    return found


def test_what_is_asked(tmp_path: Path) -> None:
    found = indirect(written(tmp_path, asked("{steroids: steroids, age: {is: age, label: years, spread: yes}}")))
    assert (found.name, found.title) == ("beside_other", "OTHER, drug: indirect comparison")
    assert (found.endpoint, found.visit, found.estimand, found.populations) == (
        "good",
        "week4",
        "policy",
        ("eligible",),
    )
    assert (found.share, found.of) == (Fraction(2, 5), 100)
    steroids, age = found.matches
    assert (steroids.mean, steroids.sd, steroids.of_arm, steroids.yes_no) == (Fraction(17, 50), None, False, True)
    assert (age.mean, age.sd, age.of_arm, age.variable.label) == (40, 9, True, "years")
    assert (found.methods, found.bootstrap, found.seed) == (("maic", "stc"), None, 1)


def test_their_unit_is_converted_to_ours(tmp_path: Path) -> None:
    (mass,) = indirect(written(tmp_path, asked("{mass: {is: weight, spread: yes}}"))).matches
    assert (mass.mean, mass.sd, mass.factor) == (70, 12, Fraction(1, 1000))


def test_a_rule_of_the_comparison_may_judge_ours(tmp_path: Path) -> None:
    rule = "    rules: [{name: strict, label: strictly good, is: score >= 70}]\n    indirect:\n"
    found = indirect(written(tmp_path, asked(more="endpoint: strict").replace("    indirect:\n", rule)))
    assert (found.endpoint, found.judged.label) == ("strict", "strictly good")


def test_an_arm_that_is_alone_need_not_be_named(tmp_path: Path) -> None:
    text = asked(against="other.alone").replace("        arm: drug\n", "")
    found = indirect(written(tmp_path, text))
    assert (found.result.arm, found.of, found.published.time) == ("drug", 25, None)


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        (asked("{steriods: steroids}"), "there is no characteristic at the baseline of other 'steriods'", "steroids"),
        (asked(against="other"), "'other' is no published outcome", "trial.remission"),
        (asked(against="nobody.good"), "there is no evidence 'nobody'", ""),
        (asked(against="other.bad"), "there is no outcome of other 'bad'", ""),
        (asked(arm="x"), "there is no arm of other.good 'x'", ""),
        (ASKED.replace("        arm: drug\n", ""), "good of OTHER is told of several arms", "drug, placebo"),
        (asked(against="other.mean"), "OTHER gives no percentage of score in drug", "name an outcome"),
        (asked(against="bare.good"), "the evidence bare tells nothing of its patients at baseline", "`baseline:`"),
        (
            asked("{steroids: age}"),
            "they give a percentage of on corticosteroids, and this is no yes or no",
            "age >= 40",
        ),
        (asked("{steroids: site}"), "they give a percentage of on corticosteroids, and this is no yes or no", "female"),
        (asked("{age: site}"), "they give a mean of age, and this is no number", "Name a number"),
        (asked("{weight: weight}"), "weight is theirs in lb, and ours in kg", "certainty D"),
        (asked("{duration: age}"), "other gives neither a percentage nor a mean of duration", "median"),
        (asked("{male: consent}"), "other tells male of placebo, not of drug", "another arm"),
        (asked("{steroids: {is: steroids, spread: yes}}"), "a yes or no has no spread of its own", "`spread`"),
        (asked("{duration_: age}"), "'duration_'", "small letters"),
        (asked("{bare: {is: weight, spread: yes}}"), "other gives no standard deviation of bare weight", "`spread`"),
        (asked("{weights: steroids}"), "'weights' is also what the weights are called", "otherwise"),
        (asked("{steroids: nothing}"), "'nothing'", ""),
        (asked("{good: steroids}"), "'good' is also their outcome", "otherwise"),
        (asked(more="endpoint: nothing"), "there is no endpoint or rule 'nothing'", "good"),
        (asked(more="endpoint: late"), "late is not evaluated at week4", "at:"),
        (asked(more="methods: [guess]"), "methods", ""),
        (asked(more="bootstrap: 1"), "", "from 2 to 1000"),
        (asked("{}"), "match", ""),
        (ASKED.replace("  main: {kind", "  beside_other: {kind"), "'beside_other' is also an analysis", "Rename one."),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, what: str, remedy: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        written(tmp_path, text)
    assert "study.yaml" in wrong.value.where
    assert what in str(wrong.value)
    assert remedy in str(wrong.value)


def test_the_message_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as wrong:
        written(tmp_path, asked("{steriods: steroids}"))
    lines = (tmp_path / "study.yaml").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "steriods" in text)
    assert f":{line}:" in f"{wrong.value.where}:" or f"line {line}" in wrong.value.where
