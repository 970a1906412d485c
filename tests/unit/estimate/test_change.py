"""Changes within patients: who has both values, means, signed ranks, and what cannot be given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.estimate.change import certain_ranks
from remit.estimate.estimate import estimate_results
from remit.inference.rank_tests import signed_rank
from remit.inference.t_tests import paired_t
from remit.report.document import Paragraph, Table, plain
from remit.schema.records import censored_column
from tests.unit.derive.small import STUDY, day, records_of, study_of
from tests.unit.report.studies import NO_INTAKE, Made, section_of, table_of

ANALYSIS = "analyses:\n  moved: {kind: change, title: Moved, rows: [score]}\n"
LAB = STUDY.replace(
    "      score: {type: number, range: [0, 100]}", "      score: {lab: CRP, unit: mg/dL, decimals: 1}"
).replace("index:", 'packs: {ibd: "1.0"}\nindex:')
ARMS = STUDY.replace("      consent: yes/no", "      consent: yes/no\n      group: {levels: [old, new]}").replace(
    "index:", "arms: {planned: group, reference: old}\nindex:"
)
AT = "moved.eligible.week4.score.observed"

Value = int | str | None  # "<3" and ">8": beyond a limit of the assay


def cell(value: Value) -> dict[str, Any]:
    """Of the assay in tenths."""
    if isinstance(value, str):
        return {"score": int(value[1:]), censored_column("score"): {"<": -1, ">": 1}[value[0]]}
    return {"score": value, censored_column("score"): None if value is None else 0}


def made(folder: Path, pairs: Sequence[tuple[Value, Value]], text: str = STUDY, more: str = ANALYSIS) -> Made:
    study = study_of(folder, more, text)
    patients: list[dict[str, Any]] = []
    visits: list[dict[str, Any]] = []
    for number, pair in enumerate(pairs):
        name = f"P{number}"
        group = {"group": "new" if number % 2 else "old"} if "arms:" in text else {}
        patients.append({"patient": name, "last_contact": day(200), **group})
        visits += [
            {"patient": name, "visit_date": day(on), **cell(value)} for on, value in zip((0, 28), pair, strict=True)
        ]
    treatment = [{"patient": each["patient"], "drug": "x", "start_date": day(0)} for each in patients]
    records = records_of(study, patients=patients, visits=visits, treatment=treatment)
    return Made(study, estimate_results(study, derive_cohort(study, records)), NO_INTAKE)


def rows(of: Made, at: str = AT) -> dict[str, dict[str, Any]]:
    every = of.results.table.iter_rows(named=True)
    return {row["statistic"]: row for row in every if row["result"].startswith(at + ".")}


def said(of: Made) -> str:
    texts = [plain(block.words) for block in section_of(of, "moved").blocks if isinstance(block, Paragraph)]
    return " | ".join(texts).replace("\u00a0", " ")


def table(of: Made) -> Table:
    return table_of(section_of(of, "moved"))


def line(of: Made, number: int) -> list[str]:
    row = table(of).rows[number]
    cells = [plain(text) for each in row.cells for text in each.lines]
    return [plain(row.label).replace("\u00a0", " "), *cells]


PAIRS: list[tuple[Value, Value]] = [(50, 40), (60, 44), (70, 70), (55, 61), (80, 50), (90, None), (None, 20), (65, 45)]
DIFFERENCES = [-10, -16, 0, 6, -30, -20]


def test_those_with_both_values_are_compared_with_themselves(tmp_path: Path) -> None:
    found = rows(made(tmp_path, PAIRS))
    t, ranks = paired_t(DIFFERENCES), signed_rank(DIFFERENCES)
    wanted = {
        "n": 6,
        "before_mean": 380 / 6,
        "before_median": 62.5,
        "after_mean": 310 / 6,
        "after_median": 47.5,
        "mean_change": t.value,
        "lower": t.lower,
        "upper": t.upper,
        "hodges_lehmann": ranks.value,
        "hodges_lehmann_lower": ranks.lower,
        "hodges_lehmann_upper": ranks.upper,
        "p": ranks.p,
    }
    assert {name: row["value"] for name, row in found.items() if name in wanted} == pytest.approx(wanted)
    for row in found.values():
        assert (row["denominator"], row["missing"], row["population_n"]) == (6, 2, 8)
    assert found["p"]["method"] == "Wilcoxon signed rank, exact, zeros by Pratt; Hodges-Lehmann"


def test_whom_the_pairs_leave_out_is_told(tmp_path: Path) -> None:
    of = made(tmp_path, PAIRS)
    told = (
        "The paired test counts 6 of 8 patients: 2 without both values are left out, and may have fared differently. "
        "Of the 7 with the first value, 1 has no later one."
    )
    guard = rows(of)["guard_paired_subset"]
    assert (guard["value"], guard["note"]) == (None, told)
    assert told in said(of)


def test_nobody_is_left_out_where_all_have_both(tmp_path: Path) -> None:
    of = made(tmp_path, [(50, 40), (60, 44)])
    assert "guard_paired_subset" not in rows(of)
    assert "Caution" not in said(of)


def test_only_the_first_value_is_missing(tmp_path: Path) -> None:
    guard = rows(made(tmp_path, [(50, 40), (None, 44)]))["guard_paired_subset"]
    assert guard["note"].endswith("Of the 1 with the first value, all have a later one.")


def test_the_report_gives_a_sentence_and_a_line(tmp_path: Path) -> None:
    of = made(tmp_path, PAIRS)
    assert said(of).startswith(
        "Among eligible patients (N = 8), the mean change from baseline was as follows: score at week 4: −11.7 (95 % "
        "CI −25.6 to 2.2) in 6 patients with both values, signed rank test p = 0.125."
    )
    assert line(of, 0) == ["Score"]
    assert line(of, 1)[:5] == ["Week 4", "6/8", "62.5; 63.3", "47.5; 51.7", "−11.7 (−25.6 to 2.2)"]


def test_in_nobody_in_one_and_without_any_change(tmp_path: Path) -> None:
    of = made(tmp_path, [(50, None), (None, 40)])
    found = rows(of)
    assert found["mean_change"]["value"] is found["p"]["value"] is found["hodges_lehmann"]["value"] is None
    assert found["mean_change"]["note"] == found["p"]["note"] == "no patient has both values"
    assert "guard_paired_subset" not in found
    assert "not given, for nobody has both values" in said(of)
    assert line(of, 1) == ["Week 4", "0/2", *["—"] * 5]

    one = made(tmp_path, [(50, 40)])
    found = rows(one)
    assert (found["mean_change"]["value"], found["lower"]["value"]) == (-10, None)
    assert found["lower"]["note"] == "one patient alone has both values: an interval needs two"
    assert found["p"]["value"] == 1
    assert line(one, 1)[4] == "−10.0 (—)"

    found = rows(made(tmp_path, [(50, 50), (60, 60)]))
    assert (found["mean_change"]["value"], found["hodges_lehmann"]["value"], found["p"]["value"]) == (0, 0, None)
    assert found["p"]["note"] == "all differences are zero: they give no interval and no test"


def test_by_arm_and_in_total(tmp_path: Path) -> None:
    of = made(tmp_path, [(50, 40), (60, 44), (70, 60), (55, 61), (80, 78), (90, 71)], ARMS)
    assert rows(of)["n"]["value"] == 6
    old = rows(of, AT.replace("eligible", "eligible.arm.old"))
    assert old["mean_change"]["value"] == pytest.approx((-10 - 10 - 2) / 3)
    assert "at week 4 with old: −7.3 (95 % CI" in said(of)
    assert [line(of, number)[0] for number in range(1, 4)] == [
        "Week 4, Old (N = 3)",
        "Week 4, New (N = 3)",
        "Week 4, Total (N = 6)",
    ]


# Values beyond an assay's limit: in tenths


def test_exact_values_of_an_assay(tmp_path: Path) -> None:
    found = rows(made(tmp_path, [(50, 40), (60, 44), (20, 25)], LAB))
    assert found["mean_change"]["value"] == pytest.approx((-1.0 - 1.6 + 0.5) / 3)
    assert found["hodges_lehmann"]["unit"] == "mg/dL"
    assert found["p"]["value"] == signed_rank([-10, -16, 5]).p


def test_where_the_order_is_certain_there_is_a_test_without_an_estimate(tmp_path: Path) -> None:
    """40 to 45 below, however far below the limit; 10 and 10 below; 3 above; no change."""
    of = made(tmp_path, [(50, "<5"), (60, 50), (30, 20), (20, 23), (30, 30)], LAB)
    found = rows(of)
    for name in ("mean_change", "lower", "upper", "hodges_lehmann"):
        assert found[name]["value"] is None
        assert found[name]["note"].startswith("1 of 5 patients have values beyond the assay's limits")
    assert found["p"]["value"] == signed_rank([-45, -10, -10, 3, 0]).p
    assert "not given in 5 patients with both values (1 of 5 patients have values beyond" in said(of)
    assert [len(each.notes) for each in table(of).rows[1].cells] == [0, 0, 1, 1, 1, 0]


@pytest.mark.parametrize(
    "pair",
    [
        ("<5", "<5"),  # nobody knows the direction
        (50, ">40"),
        (50, "<45"),  # 5 or more: perhaps less than another's 10
        ("<20", 30),
    ],
)
def test_where_it_is_not_certain_there_is_none(tmp_path: Path, pair: tuple[Value, Value]) -> None:
    of = made(tmp_path, [pair, (60, 50), (30, 20)], LAB)
    p = rows(of)["p"]
    assert p["value"] is None
    assert p["note"].startswith("some values are known only to be beyond the assay's limits")
    assert line(of, 1)[-1] == "—"


# The lowest and the highest change of each patient: few whole numbers, so that many are tied or overlap.
SPANS = st.lists(st.tuples(st.integers(-6, 6), st.sampled_from([0, 0, 0, 1, 3, None])), min_size=1, max_size=5)


@settings(deadline=None)  # the first example loads scipy
@given(SPANS, st.randoms(use_true_random=False))
def test_p_is_given_only_where_all_completions_agree(spans: list[tuple[int, int | None]], chance: Random) -> None:
    """A change is at least `least`, and at most so much more; None: no limit is known."""
    ends = pl.DataFrame(
        {
            "before_low": [0] * len(spans),
            "before_high": [0] * len(spans),
            "after_low": [least for least, _ in spans],
            "after_high": [None if more is None else least + more for least, more in spans],
        },
        schema=dict.fromkeys(("before_low", "before_high", "after_low", "after_high"), pl.Int64),
    )
    ranks = certain_ranks(ends)
    assume(ranks is not None)
    for _ in range(20):
        changes = [least + chance.uniform(0, 9 if more is None else more) for least, more in spans]
        assert signed_rank(changes).p == signed_rank(ranks or []).p


def test_values_beyond_a_limit_are_ranked_in_each_arm(tmp_path: Path) -> None:
    """Patients in turn are of the old and the new arm, one with a value beyond a limit in each. Which of these two
    changed more is not known, so that there is no p of both arms."""
    arms = ARMS.replace("score: {type: number, range: [0, 100]}", "score: {lab: CRP, unit: mg/dL, decimals: 1}")
    text = arms.replace("index:", 'packs: {ibd: "1.0"}\nindex:')
    pairs: list[tuple[Value, Value]] = [(50, "<3"), (60, "<3"), (40, 20), (30, 20), (20, 10), (10, 5)]
    found = made(tmp_path, pairs, text).results.table
    p = found.filter(pl.col("result").str.contains("moved.eligible.*observed.p$"))
    assert p.select("group_level", "numerator", "denominator").rows() == [
        (None, None, 6),
        ("old", None, 3),
        ("new", None, 3),
    ]
    assert p["value"].is_null().to_list() == [True, False, False]


# What cannot be asked


@pytest.mark.parametrize(
    ("instead", "what"),
    [
        ("rows: [consent]", "this is yes/no"),
        ("rows: [score@week4]", "this is the same at each visit"),
        ("rows: [{is: score, among: consent}]", "a change has no `among`"),
        ("rows: [score, score]", "two rows are called 'score'"),
        ("rows: [score], to: [week5]", "there is no visit 'week5'"),
        ("rows: [score], to: [baseline]", "a change goes from baseline to visits after it"),
        ("rows: [score], from: week4", "a change goes from week4 to visits after it"),
        ("rows: [score], populations: [others]", "there is no population 'others'"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, instead: str, what: str) -> None:
    with pytest.raises(WrongInput) as error:
        study_of(tmp_path, ANALYSIS.replace("rows: [score]", instead))
    assert what in error.value.what


def test_the_methods_say_how_changes_are_tested(tmp_path: Path) -> None:
    of = made(tmp_path, PAIRS)
    methods = next(each for each in of.document.sections if each.name == "methods").sections
    texts = " ".join(plain(block.words) for part in methods for block in part.blocks if isinstance(block, Paragraph))
    assert "differences of zero are ranked and then left out" in texts
    assert "No hypothesis is tested but by Wilcoxon’s signed rank test, and no allowance" in texts
