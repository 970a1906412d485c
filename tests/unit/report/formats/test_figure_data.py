"""What a figure draws, as rows of a .csv."""

from __future__ import annotations

import csv
from io import StringIO

from remit.report.document import Figure, Flow, blocks_of
from remit.report.formats.figure_data import figure_csv
from tests.unit.report.formats.published import published


def rows_of(name: str) -> list[dict[str, str]]:
    (block,) = [
        each
        for each in blocks_of(published().document.sections)
        if isinstance(each, Figure | Flow) and each.name == name
    ]
    content = figure_csv(block, published().document.synthetic).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(content, newline="")))


def test_the_flow_is_a_row_a_box() -> None:
    first, *_, last = rows_of("flow")
    assert (first["box"], first["count"], first["result"]) == ("Patients screened", "71", "flow.screened.n")
    assert last["box"] == "Active perianal disease at baseline"


def test_percentages_are_given_with_their_intervals_and_not_where_they_stand_on_the_paper() -> None:
    row = rows_of("effectiveness-endpoints")[0]
    assert list(row) == ["panel", "result", "value", "low", "high", "text", "synthetic"]
    assert row["result"] == "effectiveness.eligible.week12.clinical_remission.as_published.percent"
    assert (float(row["value"]), row["text"]) == (51.5625, "51.6\xa0%")


def test_a_curve_is_given_by_the_day_and_its_band_with_it() -> None:
    rows = rows_of("persistence-curve")
    first = next(row for row in rows if row["share"])
    assert (first["day"], first["share"], first["curve"]) == ("22", "98.4375", "All")
    assert all(float(row["lower"]) <= float(row["share"]) <= float(row["upper"]) for row in rows if row["lower"])
    assert [row["at risk"] for row in rows if row["day"] == "0"] == ["64"]


def test_each_figure_has_rows_and_each_row_its_result_and_says_that_it_is_synthetic() -> None:
    for block in blocks_of(published().document.sections):
        if isinstance(block, Figure | Flow):
            rows = rows_of(block.name)
            assert rows, block.name
            assert all(row["result"] and row["synthetic"] for row in rows)
