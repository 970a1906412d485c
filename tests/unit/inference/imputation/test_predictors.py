"""Which columns predict which."""

import numpy as np

from remit.inference.imputation.predictors import chosen
from remit.inference.imputation.table import Cell, Column, coded_table

KNOWN: list[Cell] = [float(each) for each in range(40)]


def column(name: str, visit: int | None = None, group: str | None = None, always: bool = False) -> Column:
    measure = name.partition("@")[0]
    return Column(name, "number", KNOWN, measure=measure, visit=visit, group=group, always=always)


def predictors(columns: list[Column], per_term: int = 1) -> tuple[list[str], list[str]]:
    """Of the first column: those chosen, and those left out."""
    table = coded_table(columns)
    found = chosen(table[0], table, per_term)
    return [each.column.name for each in found.predictors], [each.column.name for each in found.left_out]


COURSE = [
    column("pain@2", 2, "hbi"),
    column("weight@0", 0),
    column("weight@2", 2),
    column("stools@1", 1, "hbi"),
    column("age"),
    column("stools@2", 2, "hbi"),
    column("pain@0", 0, "hbi"),
    column("pain@3", 3, "hbi"),
    column("pain@1", 1, "hbi"),
    column("arm", always=True),
]


def test_the_nearest_kin_comes_first() -> None:
    assert predictors(COURSE)[0] == [
        "arm",
        "pain@1",
        "pain@3",
        "pain@0",
        "stools@2",
        "age",
        "stools@1",
        "weight@2",
        "weight@0",
    ]


def test_few_known_values_bear_few_predictors() -> None:
    assert predictors(COURSE, per_term=10) == (
        ["arm", "pain@1", "pain@3", "pain@0"],
        ["stools@2", "age", "stools@1", "weight@2", "weight@0"],
    )
    assert len(predictors(COURSE, per_term=1000)[0]) == 1


def test_of_yes_and_no_the_rarer_answer_counts() -> None:
    rare = Column("rare", "yes/no", [True] * 5 + [False] * 35)
    even = Column("even", "yes/no", [True] * 20 + [False] * 20)
    assert len(predictors([rare, *COURSE], per_term=5)[0]) == 2
    assert len(predictors([even, *COURSE], per_term=5)[0]) == 8


def test_levels_need_a_term_each_and_the_next_may_still_fit() -> None:
    site = Column("site", "unordered", [*"abcd"] * 10, levels=tuple("abcd"), always=True)
    assert predictors([COURSE[0], site, *COURSE[1:]], per_term=20) == (
        ["arm", "pain@1"],
        ["site", "pain@3", "pain@0", "stools@2", "age", "stools@1", "weight@2", "weight@0"],
    )


def test_what_does_not_vary_or_is_hardly_known_predicts_nothing() -> None:
    constant = Column("constant", "number", [1.0] * 40)
    hardly = Column("hardly", "number", [*KNOWN[:9], *[None] * 31])
    assert predictors([COURSE[0], constant, hardly]) == ([], [])


def test_order_in_the_table_decides_between_equals() -> None:
    names = [f"x{place}" for place in np.random.default_rng(1).permutation(5)]
    assert predictors([column("y"), *(column(name) for name in names)])[0] == names
