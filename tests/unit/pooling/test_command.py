"""`remit pool`: what it says, and what it writes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from remit.cli import app
from remit.pooling.asked import Asked
from remit.pooling.done import pool_table
from remit.pooling.drawn import drawings
from remit.pooling.lines import lines_of
from remit.pooling.rows import rows_of
from tests.unit.pooling.tables import BCG, COHORTS, table


def said(path: Path, asked: Asked) -> list[str]:
    return list(lines_of(pool_table(path, asked)))


def test_the_page_of_the_terminal(tmp_path: Path) -> None:
    lines = said(table(tmp_path, COHORTS), Asked(subgroup="design", leave_one_out=True))
    assert lines[:2] == [
        "5 studies, inverse variance of the logit, random effects (REML), Hartung-Knapp 95 %",
        "n/N; Proportion, % (95 % interval); weight",
    ]
    assert "  Friedberg 2023       12/17  70.6 (46.9 to 86.7)  19.7 %" in lines  # Wilson's interval, as everywhere
    assert "  Ye 2026              24/24  100.0 (86.2 to 100.0)  6.7 %" in lines  # as found, not as corrected
    assert "By design" in lines
    assert "Without one study" in lines
    assert "Funnel plot: of 5 studies its test tells nothing; it needs 10." in lines
    assert lines[-1] == "Columns that were not used: week."
    assert any(line.startswith("Nobody or everybody had the event in Ye 2026; 0.5 was added") for line in lines)


def test_a_mixed_model_has_no_weights_and_two_tests(tmp_path: Path) -> None:
    lines = said(table(tmp_path, COHORTS), Asked(model="mixed", subgroup="design"))
    assert lines[1] == "n/N; Proportion, % (95 % interval)"
    assert any(line.startswith("  Likelihood-ratio test ") for line in lines)
    assert "  Wald test: none, for a study without events, or with nothing else, has no Wald test" in lines
    assert any(line.startswith("  Between them: chi-squared ") for line in lines)


def test_a_common_effect_predicts_nothing(tmp_path: Path) -> None:
    lines = said(table(tmp_path, COHORTS), Asked(model="common"))
    assert "  Prediction interval         none: a common effect is the same in a further study" in lines
    assert "  tau² none: a common effect leaves no variance between studies" in lines


def test_an_interval_of_tau2_without_end(tmp_path: Path) -> None:
    text = "study,n,of\nA,2,9\nB,9,9\nC,0,8\nD,9,10\n"
    lines = said(table(tmp_path, text), Asked(model="mixed"))
    assert any(line.startswith("  tau² ") and line.endswith(" to ∞)") for line in lines)


def test_regression_and_funnel_of_the_trials_of_bcg() -> None:
    lines = said(BCG, Asked(moderators=["latitude"]))
    assert "  All moderators: F 12.59, 1 and 11 degrees of freedom, p = 0.005" in lines
    assert "Funnel plot: Egger's regression on the standard error: t(11) = −1.40, p = 0.189" in lines
    plain = said(BCG, Asked(moderators=["latitude"], interval="normal"))
    assert any(line.startswith("  All moderators: chi-squared ") for line in plain)


def test_one_study_more_at_a_time() -> None:
    """The last line is all of them; the first two trials are of 1948 and 1949."""
    lines = said(BCG, Asked(cumulative="year"))
    at = lines.index("One study more at a time, by year")
    assert lines[at + 1].startswith("  Ferguson & Simes 1949 ")
    assert "0.49 (0.33 to 0.73), I² 92.2 %" in lines[at + 12]
    assert lines[-1] == "Columns that were not used: latitude, allocation."


def test_a_funnel_of_studies_that_are_equally_exact(tmp_path: Path) -> None:
    rows = "".join(f"S{at},{at % 3},1\n" for at in range(12))
    lines = said(table(tmp_path, f"study,estimate,se\n{rows}"), Asked())
    assert "Funnel plot: all studies are equally exact, or lie on one line, so there is nothing to test." in lines


KINDS = {
    "rates": "study,events,person_years\nA,3,120\nB,0,80.5\nC,9,200\n",
    "means": "study,mean,sd,n\nA,3.5,2,26\nB,-3,2,6\nC,1,1,20\n",
    "two rates": "study,events1,person_years1,events2,person_years2\nA,3,120,5,100\nB,0,80,3,77\nC,9,200,4,190\n",
    "two means": "study,mean1,sd1,n1,mean2,sd2,n2\nA,3,1,10,2,1,12\nB,4,1,9,3,2,9\nC,2,1,30,2,1,30\n",
    "estimates": "study,estimate,se\nA,0.3,0.1\nB,0.3,0.2\nC,0.3,0.1\n",
}


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
def test_each_kind_of_study_is_pooled_and_drawn(tmp_path: Path, text: str) -> None:
    done = pool_table(table(tmp_path, text), Asked(leave_one_out=True))
    assert any(line.startswith("  Pooled ") for line in lines_of(done))
    assert all(svg.startswith("<svg") for svg in drawings(done).values())


def test_more_studies_than_a_forest_draws(tmp_path: Path) -> None:
    rows = "".join(f"S{at},{at % 7},{20 + at}\n" for at in range(80))
    drawn = drawings(pool_table(table(tmp_path, f"study,n,of\n{rows}"), Asked()))["forest.svg"]
    assert "23 more studies stand in the table" in drawn
    assert ">Pooled<" in drawn


def test_what_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    given = [str(BCG), "--subgroup", "allocation", "--moderator", "latitude", "--leave-one-out", "--out", str(out)]
    given += ["--cumulative", "year"]
    done = CliRunner().invoke(app, ["pool", *given])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in out.iterdir()) == ["forest.svg", "funnel.svg", "pooled.csv", "pooled.json"]
    with (out / "pooled.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pooled = next(row for row in rows if row["part"] == "pooled")
    assert float(pooled["value"]) == pytest.approx(0.4894, abs=1e-4)
    assert pooled["studies"] == "13"
    parts = dict.fromkeys(row["part"] for row in rows)
    assert list(parts) == [
        "pooled", "prediction", "heterogeneity", "study", "subgroup", "moderator", "without", "cumulative", "funnel",
    ]  # fmt: skip
    told = json.loads((out / "pooled.json").read_text("utf-8"))
    assert (told["measure"], told["model"], told["interval"]) == ("risk ratio", "random effects", "Hartung-Knapp")
    assert len(told["results"]) == len(rows)
    assert "Comstock et al. 1976" in (out / "forest.svg").read_text("utf-8")


def test_an_end_that_is_infinite_is_written_as_such(tmp_path: Path) -> None:
    path, out = table(tmp_path, "study,n,of\nA,2,9\nB,9,9\nC,0,8\nD,9,10\n"), tmp_path / "out"
    done = CliRunner().invoke(app, ["pool", str(path), "--model", "mixed", "--out", str(out)])
    assert done.exit_code == 0, done.output
    results = json.loads((out / "pooled.json").read_text("utf-8"))["results"]
    assert next(row for row in results if row["of"] == "tau2")["upper"] == "infinite"


def test_the_mixed_model_of_rates_has_a_row_for_each_test(tmp_path: Path) -> None:
    rows = rows_of(pool_table(table(tmp_path, KINDS["rates"]), Asked(model="mixed")))
    assert [row.of for row in rows if row.part == "heterogeneity"] == ["Q", "Wald", "tau2", "I2", "H2"]


def test_a_folder_that_cannot_be_written_is_refused_before(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    done = CliRunner().invoke(app, ["pool", str(BCG), "--out", str(tmp_path / "out")])
    assert done.exit_code != 0
    assert "is a file" in str(done.exception)


@pytest.mark.parametrize(
    ("measure", "text", "title"),
    [
        ("risk difference", "n1,of1,n2,of2\nA,3,10,2,10\nB,4,9,3,9\n", "n/N; Risk difference, percentage points"),
        (
            "rate difference",
            f"{KINDS['two rates'].removeprefix('study,')}",
            "events/years; Rate difference per 100 person-years",
        ),
    ],
)
def test_differences_have_their_unit(tmp_path: Path, measure: str, text: str, title: str) -> None:
    lines = said(table(tmp_path, f"study,{text}"), Asked(measure=measure))
    assert lines[1] == f"{title} (95 % interval); weight"
