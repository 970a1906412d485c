"""When patients start, are seen, drop out, stop and interrupt the drug; and which rows they have."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import polars as pl
import pytest

from remit.derive.derive import derive_cohort
from remit.schema.cohort import Cohort
from remit.simulate.draw import draw_records
from tests.unit.simulate.making import drawn, small
from tests.unit.simulate.monte_carlo import about, mean, numbers, share

N = 4000
CUTOFF = dt.date(2024, 6, 30)
DOSES = """
forms:
  doses:
    rows:
      - {from: 0, to: 84, fields: {drug: x, dose: 45, reason: done}}
      - {from: 84, fields: {drug: x, dose: 30}}
"""


def cohort(folder: Path, simulate: str, n: int = N) -> Cohort:
    study = small(folder, simulate)
    return derive_cohort(study, draw_records(study, n, 1))


def day(frame: pl.DataFrame, date: str, starts: pl.DataFrame) -> pl.Series:
    """Days from the index date, which is the start of the first dose."""
    index = starts.group_by("patient").agg(pl.col("start_date").min().alias("index"))
    joined = frame.join(index, on="patient", how="left", maintain_order="left")
    return (joined[date] - joined["index"]).dt.total_days()


@pytest.mark.parametrize("simulate", ["", DOSES, "starts: [2023-02-01, 2023-02-01]", "follow_up: [100, 300]"])
def test_the_index_date_is_the_one_drawn(tmp_path: Path, simulate: str) -> None:
    found = cohort(tmp_path, simulate, 300)
    assert found.ledger.filter(pl.col("action") != "unused").is_empty()
    days = found.patients["index__observed_day"]
    assert days.null_count() == 0
    visits = found.visits.filter(pl.col("visit") == "week12")["day"]
    assert visits.min() >= 63  # type: ignore[operator]
    assert visits.max() <= 105  # type: ignore[operator]


def test_starts_are_spread_over_the_period(tmp_path: Path) -> None:
    records = drawn(tmp_path, "starts: [2023-01-01, 2023-12-31]", N)
    starts = records.forms["doses"].group_by("patient").agg(pl.col("start_date").min())["start_date"]
    assert starts.min() == dt.date(2023, 1, 1)
    assert starts.max() == dt.date(2023, 12, 31)
    numbers((starts - dt.date(2023, 1, 1)).dt.total_days(), 182, 365 / math.sqrt(12))


def test_visits_keep_to_their_windows_and_to_their_day(tmp_path: Path) -> None:
    records = drawn(tmp_path, "jitter: 5\nmissed: {week12: 10 %, week24: 20 %}\ndrop_out: 0 %", N)
    visits = records.forms["visits"]
    days = day(visits, "visit_date", records.forms["doses"])
    at = [days.filter(days.is_between(*window)) for window in ((-30, 0), (63, 105), (140, 196))]
    assert sum(map(len, at)) == visits.height
    assert len(at[0]) == N
    about(len(at[1]) / N, 0.9, math.sqrt(0.09 / N))
    about(len(at[2]) / N, 0.8, math.sqrt(0.16 / N))
    numbers(at[1], 84, math.sqrt(25 + 1 / 12))


def test_without_jitter_each_visit_is_on_its_day(tmp_path: Path) -> None:
    records = drawn(tmp_path, "jitter: 0", 200)
    assert set(day(records.forms["visits"], "visit_date", records.forms["doses"])) == {0, 84, 168}


def test_drop_out(tmp_path: Path) -> None:
    """A share has left by the last visit: nothing is known of them afterwards, and their doses end with the reason."""
    told = "starts: [2023-01-01, 2023-06-30]\ndrop_out: {share: 30 %, reason: moved away}\n" + DOSES
    records = drawn(tmp_path, told, N)
    doses, patients = records.forms["doses"], records.forms["patients"]
    seen = day(patients, "last_seen", doses)
    share(seen <= 168, 0.3)
    share(seen <= 84, 1 - 0.7**0.5)
    left = patients.filter(patients["last_seen"] < CUTOFF)
    last = doses.join(left.select("patient", "last_seen"), on="patient", how="semi").group_by("patient").last()
    assert set(last["reason"]) == {"moved away"}
    for form, date in (("visits", "visit_date"), ("events", "start"), ("doses", "start_date")):
        late = records.forms[form].join(patients.select("patient", "last_seen"), on="patient")
        assert late.filter(pl.col(date) > pl.col("last_seen")).is_empty()


def test_without_a_reason_doses_go_on_until_the_last_contact(tmp_path: Path) -> None:
    doses = drawn(tmp_path, "drop_out: 30 %\n", 500).forms["doses"]
    assert doses["ongoing"].all()
    assert doses["reason"].null_count() == doses.height


def test_who_stops_for_good(tmp_path: Path) -> None:
    told = DOSES + "    stop: {share: 40 %, reasons: {harm: 25 %, no effect: 75 %}}\n"
    study = small(tmp_path, "drop_out: 0 %\n" + told)
    doses = draw_records(study, N, 1).forms["doses"]
    stopped = doses.filter(pl.col("reason").is_in(["harm", "no effect"]))
    days = day(stopped, "stop_date", doses)
    about((days <= 168).sum() / N, 0.4, math.sqrt(0.24 / N))
    about((days <= 84).sum() / N, 1 - 0.6**0.5, math.sqrt(0.18 / N))
    share(stopped["reason"] == "harm", 0.25)
    assert stopped["patient"].is_unique().all()
    after = doses.join(stopped.select("patient", stop="stop_date"), on="patient")
    assert after.filter(pl.col("start_date") >= pl.col("stop")).is_empty()


def test_who_interrupts_the_drug(tmp_path: Path) -> None:
    told = "drop_out: 0 %\n" + DOSES + "    interruptions: {share: 30 %, days: [7, 20], reasons: {pause: 100 %}}\n"
    found = cohort(tmp_path, told)
    interrupted = found.patients["dosing__interruptions"]
    share(interrupted > 0, 0.3)
    assert set(interrupted) == {0, 1}
    periods = found.periods.sort("patient", "start_day").with_columns(
        gap=pl.col("start_day").shift(-1).over("patient") - pl.col("stop_day")
    )
    gaps = periods.filter(pl.col("reason") == "pause")["gap"]
    assert gaps.min() == 7
    assert gaps.max() == 20
    mean(gaps, 13.5, 4)
    assert set(periods.filter(pl.col("reason") != "pause")["gap"].drop_nulls()) <= {0}


def test_what_goes_on_has_no_stop_and_no_reason(tmp_path: Path) -> None:
    doses = drawn(tmp_path, DOSES, 500).forms["doses"]
    assert doses.filter("ongoing").select(pl.col("stop_date", "reason").is_null().all()).row(0) == (True, True)
    ended = doses.filter(~pl.col("ongoing"))
    assert ended.select((pl.col("stop_date") > pl.col("start_date")).all()).item()


def test_other_drugs_in_the_form_of_the_doses_are_left_alone(tmp_path: Path) -> None:
    told = "drop_out: 0 %\n" + DOSES + "      - {from: 0, fields: {drug: y}}\n    stop: 90 %\n"
    doses = drawn(tmp_path, told, 500).forms["doses"]
    assert doses.filter(drug="y")["ongoing"].all()
    assert doses.filter(drug="y").height == 500


def test_rows_at_a_rate(tmp_path: Path) -> None:
    """A Poisson number over the follow-up."""
    told = "starts: [2023-06-30, 2023-06-30]\ndrop_out: 0 %\nforms: {events: {rows: [{rate: 2}]}}"
    records = drawn(tmp_path, told, N)
    counts = records.forms["patients"].join(records.forms["events"], on="patient", how="left")
    each = counts.group_by("patient").agg(pl.col("term").count())["term"]
    years = (CUTOFF - dt.date(2023, 6, 30)).days / 365.25
    numbers(each, 2 * years, math.sqrt(2 * years))


def test_rows_of_a_share_on_their_days(tmp_path: Path) -> None:
    told = """
starts: [2023-01-01, 2023-06-30]
drop_out: 0 %
forms:
  doses:
    rows:
      - {from: 0, fields: {drug: x}}
      - {share: 25 %, from: [-100, -50], days: [10, 20], to: -40, fields: {drug: z}}
  events:
    rows: [{share: 60 %, from: 10}, {share: 10 %, from: {mean: 60, sd: 5}, fields: {term: late}}]
"""
    records = drawn(tmp_path, told, N)
    doses, events = records.forms["doses"], records.forms["events"]
    old = doses.filter(drug="z")
    about(old.height / N, 0.25, math.sqrt(0.25 * 0.75 / N))
    index = doses.filter(drug="x").select("patient", index="start_date")
    days = old.join(index, on="patient")
    starts = (days["start_date"] - days["index"]).dt.total_days()
    lengths = (days["stop_date"] - days["start_date"]).dt.total_days()
    assert (starts.min(), starts.max()) == (-100, -50)
    assert lengths.min() >= 1  # type: ignore[operator]
    assert lengths.max() <= 20  # type: ignore[operator]
    assert (days["stop_date"] - days["index"]).dt.total_days().max() == -40  # type: ignore[operator]
    late = events.filter(term="late").join(index, on="patient")
    numbers((late["start"] - late["index"]).dt.total_days(), 60, math.sqrt(25 + 1 / 12))
    about((events.height - late.height) / N, 0.6, math.sqrt(0.24 / N))


def test_no_rows(tmp_path: Path) -> None:
    records = drawn(tmp_path, "forms: {events: {rows: []}}", 50)
    assert records.forms["events"].is_empty()
    assert records.forms["events"].columns == ["patient", "centre", "_row", "term", "start", "serious", "grade"]


def test_dates_lie_between_birth_and_last_contact(tmp_path: Path) -> None:
    told = """
forms:
  patients:
    fields:
      birth_date: {before: index, unit: years, mean: 3, sd: 2, range: [0, 18]}
      diagnosis_date: {before: index, unit: years, median: 5, quartiles: [2, 10]}
"""
    patients = drawn(tmp_path, told, 2000).forms["patients"]
    assert (patients["diagnosis_date"] >= patients["birth_date"]).all()
    assert (patients["diagnosis_date"] <= patients["last_seen"]).all()


def test_ages_are_those_declared(tmp_path: Path) -> None:
    told = "birth_date: {before: index, unit: years, median: 40, quartiles: [30, 52], range: [18, 80]}"
    records = drawn(tmp_path, f"forms: {{patients: {{fields: {{{told}}}}}}}", N)
    ages = -day(records.forms["patients"], "birth_date", records.forms["doses"]) / 365.25
    for wanted, quartile in ((0.25, 30), (0.5, 40), (0.75, 52)):
        share(ages < quartile, wanted)
    assert ages.min() >= 18  # type: ignore[operator]


def test_a_date_after_another(tmp_path: Path) -> None:
    told = "forms: {visits: {fields: {sent_on: {after: visit_date, days: 3}}}}".replace("days: 3", "value: 3")
    visits = drawn(tmp_path, told, 500).forms["visits"]
    assert set((visits["sent_on"] - visits["visit_date"]).dt.total_days()) == {3}


def test_centres_have_their_sizes(tmp_path: Path) -> None:
    patients = drawn(tmp_path, "centres: {Rome: 3, Paris: 1}", N).forms["patients"]
    share(patients["centre"] == "Rome", 0.75)
    assert patients["patient"].str.starts_with("SYN-").all()
    assert patients["patient"].is_unique().all()
