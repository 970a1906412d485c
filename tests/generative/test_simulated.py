"""Whatever a study file declares, what is drawn is valid: in range, of known levels, with its dates in order."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.language.types import Level, Number
from remit.run import read_records, with_charts
from remit.schema.records import ONGOING, Records, censored_column
from remit.simulation.charts import simulate_study
from remit.study.forms import Field, Form
from remit.study.study import Study
from tests.unit.simulate.making import STUDY, section
from tests.unit.study.making import PACK, written

FEW = settings(max_examples=40, deadline=None)
SHARE = st.integers(0, 100).map(lambda share: f"{share} %")
PROPORTION = st.integers(0, 60).map(lambda number: number / 100)


def number(low: int, high: int) -> st.SearchStrategy[str]:
    """A shape of numbers from low to high."""
    inside = st.integers(low, high)
    three = st.lists(inside, min_size=3, max_size=3).map(sorted)
    return st.one_of(
        inside.map(str),
        st.tuples(inside, inside).map(lambda two: f"[{min(two)}, {max(two)}]"),
        st.tuples(st.integers(low + 1, high - 1), st.floats(0, 0.99)).map(
            lambda two: f"{{mean: {two[0]}, sd: {two[1] * widest(two[0] - low, high - two[0]):.6f}}}"
        ),
        three.map(lambda three: f"{{median: {three[1]}, quartiles: [{three[0]}, {three[2]}]}}"),
    )


def widest(below: int, above: int) -> float:
    """The sd that numbers may have whose mean lies so far inside of the range."""
    return min((below * above) ** 0.5, 10 * below, 10 * above)


def among(shape: str, more: Mapping[str, object]) -> str:
    """The shape with more keys."""
    if shape.startswith("["):
        shape = f"{{between: {shape}}}"
    if not shape.startswith("{"):
        shape = f"{{value: {shape}}}"
    told = "".join(f", {key}: {value}" for key, value in more.items())
    return shape[:-1] + told + "}"


@st.composite
def sections(draw: st.DrawFn) -> str:
    """A section `simulate` of the small study."""
    common = {
        "severity": draw(PROPORTION),
        "centre_effect": draw(PROPORTION),
        "correlation": 0.8,
        "missing": draw(SHARE),
    }
    crp = draw(st.sampled_from([{}, {"below": 3}, {"above": 40}, {"below": 3, "above": 40}]))
    female = draw(st.integers(0, 100))
    stop = draw(st.integers(0, 99))
    return f"""
centres: [{", ".join(["A", "B", "C"][: draw(st.integers(1, 3))])}]
starts: [2023-01-01, {draw(st.dates(dt.date(2023, 1, 1), dt.date(2024, 6, 30)))}]
follow_up: {draw(number(0, 400))}
jitter: {draw(st.integers(0, 60))}
missed: {draw(SHARE)}
drop_out: {{share: {draw(st.integers(0, 99))} %, reason: moved away}}
missing: {draw(SHARE)}
forms:
  patients:
    fields:
      birth_date: {{before: index, unit: years, between: [0, {draw(st.integers(0, 120))}]}}
      diagnosis_date: {among(draw(number(-400, 4000)), {"before": "index"})}
      sex: {{shares: {{female: {female} %, male: {100 - female} %}}, missing: {draw(SHARE)}}}
      smoker: {{share: {draw(SHARE)}, missing: {draw(SHARE)}}}
      heavy_smoker: {{share: {draw(SHARE)}, among: smoker}}
      height: {among(draw(number(100, 250)), common)}
  visits:
    fields:
      pain: {among(draw(number(0, 10)), common)}
      joints: {among(draw(number(0, 56)), {**common, "at": f"{{week12: {draw(number(0, 56))}}}"})}
      crp: {among(draw(number(0, 60)), {**common, **crp})}
  doses:
    rows:
      - {{from: 0, to: 84, fields: {{drug: x, reason: done}}}}
      - {{from: 84, fields: {{drug: x}}}}
      - {{share: {draw(SHARE)}, from: {draw(number(-300, 300))}, days: {draw(number(1, 100))}, fields: {{drug: y}}}}
    stop: {{share: {stop} %, reasons: {{harm: 100 %}}}}
    interruptions: {{share: {draw(st.integers(0, 99))} %, days: {draw(number(1, 60))}, reasons: {{pause: 100 %}}}}
  events:
    fields: {{grade: {draw(number(1, 5))}}}
    rows: [{{rate: {draw(st.integers(0, 5))}, among: smoker}}, {{share: {draw(SHARE)}, from: {draw(number(-9, 99))}}}]
"""


@FEW
@given(simulate=sections(), patients=st.integers(1, 40), seed=st.integers(0, 10**6))
def test_what_is_drawn_is_valid_and_reads_back(simulate: str, patients: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = written(folder, STUDY + section(simulate), PACK)
        done = simulate_study(path, patients, seed, folder / "out")
        assert done.records.forms["patients"].height == patients
        for form in done.study.forms.values():
            valid(done.study, form, done.records)
        found = read_records(with_charts(done.study, done.charts))
        asked_about = {"first-of-month", "repeated-row"}  # by chance, as in life: used all the same
        assert set(found.ledger["code"]) <= {"censored", *asked_about}
        for form_name, frame in done.records.forms.items():
            assert found.forms[form_name].equals(frame)


def valid(study: Study, form: Form, records: Records) -> None:
    frame = records.forms[form.name]
    lives = records.forms["patients"].select("patient", born="birth_date", seen="last_seen")
    joined = frame.join(lives, on="patient")
    for field in form.fields.values():
        of_field(field, frame)
        if frame.schema[field.name] == pl.Date:
            known = joined.filter(pl.col(field.name).is_not_null())
            assert (known[field.name] <= known["seen"]).all(), field.name
            assert (known[field.name] >= known["born"]).all(), field.name
    assert (lives["seen"] <= dt.date(2024, 6, 30)).all()
    if form.rows == "period":
        ended = frame.filter(~pl.col(ONGOING))
        assert (ended[form.stop or ""] > ended[form.start or ""]).all()
        assert frame.filter(ONGOING)[form.stop or ""].null_count() == frame[ONGOING].sum()
        of_doses(frame.filter(drug="x"))


def of_field(field: Field, frame: pl.DataFrame) -> None:
    known = frame[field.name].drop_nulls()
    match field.type:
        case Level(levels=levels):
            assert set(known) <= set(levels)
        case Number(decimals=decimals) as kind:
            low, high = field.low, field.high
            assert all(low is None or value >= low * 10**decimals for value in known)
            assert all(high is None or value <= high * 10**decimals for value in known)
            if kind.censored:
                signs = frame[censored_column(field.name)]
                assert signs.is_null().equals(frame[field.name].is_null())


def of_doses(doses: pl.DataFrame) -> None:
    """They follow each other without overlap, and none comes after a stop for good."""
    ordered = doses.sort("patient", "start_date").with_columns(next=pl.col("start_date").shift(-1).over("patient"))
    assert (ordered["stop_date"] <= ordered["next"]).all()
    assert ordered.filter(pl.col("reason").is_in(["harm", "moved away"]))["next"].null_count() == (
        ordered["reason"].is_in(["harm", "moved away"]).sum()
    )
