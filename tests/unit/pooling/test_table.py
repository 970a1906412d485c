"""What a table of studies must be; each fault is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.pooling.asked import Asked
from remit.pooling.done import pool_table
from remit.pooling.kinds import KINDS, kind_of
from remit.pooling.table import read_table
from tests.unit.pooling.tables import COHORTS, table

TWO = "B,1,2\n"

WRONG = [
    ("n above N", f"study,n,of\nA,30,26\n{TWO}", ":2", "A has n = 30, more than its of = 26"),
    ("a percentage", f"study,n,of\nA,38.5,26\n{TWO}", ":2", "n of A is '38.5', and a count is needed"),
    ("a percentage, marked", f"study,n,of\nA,45 %,26\n{TWO}", ":2", "n of A is '45 %', and a count is needed"),
    ("a count below 0", f"study,n,of\nA,-3,26\n{TWO}", ":2", "n of A is '-3', and a count is needed"),
    ("nobody", f"study,n,of\nA,0,0\n{TWO}", ":2", "A: 0 of 0 is no proportion"),
    ("an empty cell", f"study,n,of\n\n{TWO}A,,26\n", ":4", "A has nothing in the column n"),
    ("one study", "study,n,of\nA,3,26\n", "studies.csv", "A is the only study: one study cannot be pooled"),
    ("no study", "study,n,of\n", "studies.csv", "there is no study to pool"),
    ("negative sd", "study,mean,sd,n\nA,3,-2,26\nB,3,2,6\n", ":2", "A: a standard deviation of -2 is below 0"),
    ("no sd", "study,mean,sd,n\nB,3,2,6\nA,3,0,26\n", ":3", "A has no sampling variance above 0"),
    ("no number", "study,mean,sd,n\nA,3 mg,2,26\nB,3,2,6\n", ":2", "mean of A is '3 mg', and a number is needed"),
    ("decimal comma", 'study,mean,sd,n\nA,"3,5",2,26\nB,3,2,6\n', ":2", "mean of A is '3,5', and a number is needed"),
    ("not finite", "study,mean,sd,n\nA,inf,2,26\nB,3,2,6\n", ":2", "mean of A is 'inf', and a number is needed"),
    ("no time", "study,events,person_years\nA,3,0\nB,3,2\n", ":2", "A: 3 events in a time of 0 are no rate"),
    ("no error", "study,estimate,se\nA,3,0\nB,3,2\n", ":2", "the standard error of A is 0"),
    ("a study twice", f"study,n,of\nA,3,26\nA,4,26\n{TWO}", ":3", "A stands in line 2, too"),
    ("no name", f"study,n,of\n,3,26\n{TWO}", ":2", "the study has no name"),
    ("too many cells", f"study,n,of\nA,3,26,1\n{TWO}", ":2", "the row has 4 cells, and the heading 3"),
    ("a column twice", "study,n,n\nA,3,26\n", ":1", "two columns are called 'n'"),
    ("no column study", "trial,n,of\nA,3,26\n", ":1", "no column is called study"),
    ("no effect", "study,n,fo\nA,3,26\n", ":1", "its columns, study, n, fo, tell no effect of a study"),
    (
        "two effects",
        "study,n,of,estimate,se\nA,3,26,1,1\n",
        ":1",
        "the columns can be read in more than one way: n, of (proportion) and estimate, se (estimate)",
    ),
    ("another unit", "study,estimate,se\nB,3,2\nA,3,2e-8\n", ":3", "A is 1e+08 times as exact as B"),
    ("nothing", "", "studies.csv", "the table is empty"),
    ("nothing first", f"\nstudy,n,of\n{TWO}", ":1", "the first line is empty"),
    ("a line break in a cell", f'study,n,of\n{TWO}"A\nx",3,26\n', ":3", "a quotation mark opens or closes at"),
    ("a quotation mark left open", f'study,n,of\n"A,3,26\n{TWO}', ":2", "a quotation mark opens or closes at"),
    ("no text", f"study,n,of\nA\0,3,26\n{TWO}", ":2", "a character that cannot be shown, U+0000, stands there"),
    ("too far", "study,estimate,se\nA,3e200,1\nB,3,2\n", ":2", "estimate of A is 3e200, and nothing that is pooled is"),
    ("too near", "study,mean,sd,n\nB,3,2,6\nA,3,1e-99,5\n", ":3", "sd of A is 1e-99, and nothing that is pooled is"),
]


@pytest.mark.parametrize(("text", "where", "what"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_table_is_named_with_its_line(tmp_path: Path, text: str, where: str, what: str) -> None:
    with pytest.raises(WrongInput) as found:
        pool_table(table(tmp_path, text), Asked())
    assert found.value.where.endswith(where)
    assert found.value.what.startswith(what)
    assert found.value.remedy


def test_what_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="there is no such file"):
        read_table(tmp_path / "studies.csv")
    with pytest.raises(WrongInput, match="this is a folder"):
        read_table(tmp_path)
    (tmp_path / "studies.csv").write_bytes(b"study,n,of\nM\xfcller,1,2\n")
    with pytest.raises(WrongInput, match="no text in UTF-8"):
        read_table(tmp_path / "studies.csv")


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_columns_apart_by_semicolon_or_tab(tmp_path: Path, delimiter: str) -> None:
    text = "\ufeffstudy,n,of\n A ,3,26\nB,1,2\n".replace(",", delimiter)
    assert read_table(table(tmp_path, text)).names == ("A", "B")


def test_each_kind_is_told_by_its_columns(tmp_path: Path) -> None:
    for kind in KINDS:
        written = table(tmp_path, f"study,{','.join(kind.columns)}\n")
        assert kind_of(read_table(written)) is kind


ASKED = [
    (Asked(measure="risk ratio"), "--measure", "'risk ratio' is none of its choices"),
    (Asked(model="fixed"), "--model", "'fixed' is none of its choices"),
    (Asked(heterogeneity="EB"), "--heterogeneity", "'EB' is none of its choices"),
    (Asked(model="common", heterogeneity="ML"), "--heterogeneity", "a common effect has no choice"),
    (Asked(interval="t"), "--interval", "'t' is none of its choices"),
    (Asked(model="mixed", interval="Hartung-Knapp"), "--interval", "'Hartung-Knapp' is none of its choices"),
    (Asked(model="mixed", measure="Freeman-Tukey"), "--measure", "a mixed model pools on the logit alone"),
    (Asked(model="mixed", moderators=["week"]), "--moderator", "moderators are for"),
    (Asked(subgroup="line"), "--subgroup", "has no column 'line'"),
    (Asked(cumulative="line"), "--cumulative", "has no column 'line'"),
    (Asked(moderators=["line"]), "--moderator", "has no column 'line'"),
]


@pytest.mark.parametrize(("asked", "where", "what"), ASKED, ids=[what for _, _, what in ASKED])
def test_what_cannot_be_asked(tmp_path: Path, asked: Asked, where: str, what: str) -> None:
    with pytest.raises(WrongInput) as found:
        pool_table(table(tmp_path, COHORTS), asked)
    assert found.value.where == where
    assert what in found.value.what


def test_a_mixed_model_of_means_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="a mixed model is of counts in single groups"):
        pool_table(table(tmp_path, "study,mean,sd,n\nA,3,2,26\nB,3,2,6\n"), Asked(model="mixed"))


def test_a_moderator_is_of_numbers_or_of_levels(tmp_path: Path) -> None:
    slip = COHORTS.replace("Korea 2024,8,23,prospective,12", "Korea 2024,8,23,prospective,12 weeks")
    with pytest.raises(WrongInput, match="week of Korea 2024 is '12 weeks', and a number is needed"):
        pool_table(table(tmp_path, slip), Asked(moderators=["week"]))
    found = pool_table(table(tmp_path, COHORTS), Asked(moderators=["design"])).regression
    assert found is not None
    assert [each.name for each in found.coefficients] == ["intercept", "design: retrospective"]


def test_studies_that_no_model_pools(tmp_path: Path) -> None:
    none = table(tmp_path, "study,n,of\nA,0,26\nB,0,2\n")
    with pytest.raises(WrongInput, match="nobody of the 28 patients of all studies had the event"):
        pool_table(none, Asked(model="mixed"))
    with pytest.raises(WrongInput, match="three are needed"):
        pool_table(none, Asked(leave_one_out=True))
    same = table(tmp_path, "study,n,of,where\nA,1,26,x\nB,2,20,x\n")
    for model in ("random", "mixed"):
        with pytest.raises(WrongInput, match="there is one subgroup"):
            pool_table(same, Asked(model=model, subgroup="where"))


def test_a_ratio_beyond_all_numbers_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"an effect is too large to be told(?s:.*)write its logarithm"):
        pool_table(table(tmp_path, "study,estimate,se\nA,800,1\nB,2,1\n"), Asked("log ratio"))


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (Asked(model="mixed", leave_one_out=True), "without C: nobody of the 36 patients"),
        (Asked(model="mixed", cumulative="year"), "up to B by year: nobody of the 36 patients"),
        (Asked(model="mixed", subgroup="year"), "in the subgroup 1990: A is the only study"),
    ],
)
def test_a_part_that_no_mixed_model_fits_is_named(tmp_path: Path, asked: Asked, part: str) -> None:
    text = "study,n,of,year\nA,0,26,1990\nB,0,10,1995\nC,3,9,2000\n"
    with pytest.raises(WrongInput, match=part):
        pool_table(table(tmp_path, text), asked)
