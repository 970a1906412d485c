"""What is pooled, as a study file names it; and what is refused, with its place and what would do."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.study.build import read_study
from remit.study.comparisons.pooled import Pooling
from tests.unit.estimate.pooling.making import Numbers, of, read, text_of, write_evidence

TWO = {"a": of(3, 9), "b": of(4, 10)}
BARE: Numbers = {"percent": "40 V"}


def refused(folder: Path, *lines: str, studies: dict[str, Numbers] | None = None) -> str:
    with pytest.raises(WrongInput) as wrong:
        read(folder, studies or dict(TWO), *lines)
    return " ".join(str(wrong.value).split())


def pool_of(folder: Path, studies: dict[str, Numbers], *lines: str, more: str = "") -> Pooling:
    write_evidence(folder, studies, more)
    (folder / "study.yaml").write_text(text_of(*lines), "utf-8")
    return next(each for each in read_study(folder).analyses if isinstance(each, Pooling))


def labels(pooling: Pooling) -> list[str]:
    return [each.name for each in pooling.studies]


# What is named


def test_a_study_alone_stands_for_the_outcome_that_is_like_that_of_the_comparison(tmp_path: Path) -> None:
    more = """\
  good_week52:
    label: good
    concept: clinical response
    week: 52
    definition: {words: a good score}
    missing: {handling: non-response}
    results: {x: {n: 1 V, of: 2 V}}
"""
    pooling = pool_of(tmp_path, dict(TWO), "of: [a, b]", more=more)
    assert [each.outcome.name for each in pooling.studies] == ["good", "good"]
    assert pooling.name == "beside_all"


def test_by_concept_all_that_tell_it_are_taken_but_those_that_are_not_wanted(tmp_path: Path) -> None:
    studies = {**TWO, "c": of(5, 20), "d": BARE}
    pooling = pool_of(tmp_path, studies, "of: {concept: clinical response, weeks: [2, 6], designs: [cohort], but: [b]}")
    assert labels(pooling) == ["a: x", "c: x"]
    assert [(each.published.name, each.why) for each in pooling.left_out] == [
        ("d: x", "only 40 % is told, and of how many it is is not known")
    ]


def test_without_of_it_is_what_stands_in_the_comparison(tmp_path: Path) -> None:
    write_evidence(tmp_path, TWO)
    text = text_of("leave_one_out: yes").replace("[a.good]", "[a.good, b.good]")
    (tmp_path / "study.yaml").write_text(text, "utf-8")
    pooling = next(each for each in read_study(tmp_path).analyses if isinstance(each, Pooling))
    assert labels(pooling) == ["a: x", "b: x"]


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ({"percent": "40 K", "of": "30 V"}, "only 40 % [K] of 30 is told, and no count is worked out of a percentage"),
        (
            {"percent": "49.5 V", "of": "30 V", "fits": "no"},
            "only 49.5 % is told, which is no whole number of 30 patients",
        ),
        ({"of": "30 V", "median": "4 V"}, "its source does not tell how many reached it of how many"),
    ],
)
def test_what_is_no_count_of_patients_is_left_out_by_name(tmp_path: Path, numbers: Numbers, why: str) -> None:
    pooling = pool_of(tmp_path, {**TWO, "c": numbers}, "of: [a, b, c]")
    assert [each.why for each in pooling.left_out] == [why]


def test_a_mean_without_spread_is_left_out(tmp_path: Path) -> None:
    means: dict[str, Numbers] = {
        name: {"mean": "1 V", "sd": f"{sd} V", "of": "9 V"} for name, sd in zip("abc", "110", strict=True)
    }
    pooling = pool_of(tmp_path, means, "of: [a, b, c]", "measure: mean")
    assert [each.why for each in pooling.left_out] == [
        "its standard deviation is 0, so that it would outweigh all others"
    ]


# What is refused


def test_one_study_is_no_pool(tmp_path: Path) -> None:
    said = refused(tmp_path, "of: [a]")
    assert "all: only A can be pooled, and one is none" in said


def test_one_that_is_left_is_no_pool_and_the_others_are_named_with_their_reason(tmp_path: Path) -> None:
    said = refused(tmp_path, "of: [a, c]", studies={**TWO, "c": BARE})
    assert "only A can be pooled" in said
    assert "Left out: C: only 40 % is told, and of how many it is is not known." in said


def test_ours_alone_is_no_pool(tmp_path: Path) -> None:
    said = refused(tmp_path, "of: [c, d]", "ours: yes", studies={**TWO, "c": BARE, "d": BARE})
    assert "only our own result can be pooled" in said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["of: [a, b, a]"], "a: x stands twice, so that its patients would count twice"),
        (["of: [a, z]"], "there is no evidence 'z'"),
        (["of: [a, b.best]"], "b has no outcome 'best'"),
        (["of: [a, {of: b.good, arms: [y]}]"], "there is no arm of b.good 'y'"),
        (["of: [a, b]", "drug: y"], "a.good has no arm of y, but of x"),
        (["of: [a, b]", "ours: whatever"], "there is no estimand 'whatever'"),
        (["of: [a, b]", "population: those"], "there is no population of beside 'those'"),
        (["of: [a, b]", "measure: mean"], "there is nothing to pool"),
        (["of: [a, b]", "moderators: [age]"], "there is no moderator of these studies 'age'"),
        (["of: [a, b]", "subgroups: colour"], "subgroups"),
        (["of: {concept: clinical response, weeks: [8, 4]}"], "from week 8 to 4"),
        (["of: {concept: clinical respons}"], "there is no published outcome of the concept 'clinical respons'"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, lines: list[str], said: str) -> None:
    assert said in refused(tmp_path, *lines)


def test_studies_that_share_patients_are_refused(tmp_path: Path) -> None:
    write_evidence(tmp_path, TWO)
    path = tmp_path / "evidence" / "b.yaml"
    path.write_text(path.read_text("utf-8").replace("design: cohort", "design: cohort\noverlaps: [a]"), "utf-8")
    (tmp_path / "study.yaml").write_text(text_of("of: [a, b]"), "utf-8")
    with pytest.raises(WrongInput, match="a and b have some of the same patients"):
        read_study(tmp_path)


def test_reviews_are_refused(tmp_path: Path) -> None:
    write_evidence(tmp_path, TWO)
    path = tmp_path / "evidence" / "b.yaml"
    path.write_text(path.read_text("utf-8").replace("design: cohort", "design: meta-analysis"), "utf-8")
    (tmp_path / "study.yaml").write_text(text_of("of: [a, b]"), "utf-8")
    with pytest.raises(WrongInput, match="its studies would count twice"):
        read_study(tmp_path)


def test_means_are_of_no_mixed_model_of_counts_and_not_ours(tmp_path: Path) -> None:
    means = {name: {"mean": "1 V", "sd": "1 V", "of": "9 V"} for name in ("a", "b")}
    assert "glmm pools counts" in refused(tmp_path, "of: [a, b]", "measure: mean", "model: glmm", studies=means)
    assert "ours is a proportion" in refused(tmp_path, "of: [a, b]", "measure: mean", "ours: yes", studies=means)


def test_evidence_without_outcomes_is_named(tmp_path: Path) -> None:
    write_evidence(tmp_path, TWO)
    path = tmp_path / "evidence" / "b.yaml"
    head, _, _ = path.read_text("utf-8").partition("outcomes:")
    path.write_text(head, "utf-8")
    (tmp_path / "study.yaml").write_text(text_of("of: [a, b]"), "utf-8")
    with pytest.raises(WrongInput, match="b has no outcome"):
        read_study(tmp_path)
