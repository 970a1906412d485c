"""What a pack assumes: drawn where the study declares nothing of a field, and never instead of what it declares."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest

from remit.drafting.new import new_study
from remit.drafting.questions import Told
from remit.errors import WrongInput
from remit.simulate.draw import draw_records
from remit.study.build import read_study
from remit.study.packs import load_pack, pack_folders
from remit.study.simulation import Normal, Quartiles, Shape
from remit.study.study import Study
from tests.unit.simulate.making import STUDY, section
from tests.unit.simulate.monte_carlo import inside, share
from tests.unit.study.making import PACK, place_of, written

RHEUMATOID = Path(__file__).parents[3] / "examples" / "rheumatoid-arthritis"
ASSUMED = """\
Joints:
  mean: 20
  sd: 6
  missing: 10 %
  items: {tender: 60 %, swollen: 40 %}
  later: {mean: 9}
  assumption: made for the tests
CRP:
  median: 12
  quartiles: [5, 28]
  below: 1
  range: [0, 300]
  later: [0, 10]
  assumption: made for the tests
Stage:
  shares: {early: 70 %, late: 30 %}
  assumption: made for the tests
  source: "Made. J Tests 2000;1:1."
Pain:
  mean: 6
  sd: 2
  assumption: made for the tests
"""


def assuming(folder: Path, simulate: str = "", assumed: str = ASSUMED, study: str = STUDY) -> Study:
    return read_study(written(folder, study + section(simulate), {**PACK, "simulate": assumed}))


def shape(study: Study, form: str, field: str) -> Shape:
    return study.simulation.forms[form].shapes[field]


# Where the study says nothing


def test_until_the_reference_visit_and_later(tmp_path: Path) -> None:
    joints = shape(assuming(tmp_path), "visits", "joints")
    assert joints.draws == {"baseline": Normal(20, 6), "week12": Normal(9, 6), "week24": Normal(9, 6)}
    assert joints.missing == {"baseline": 0.1, "week12": 0.1, "week24": 0.1}
    assert joints.items == {"joints_tender": 0.6, "joints_swollen": 0.4}


def test_a_laboratory_test_is_converted_exactly_to_the_unit_of_the_field(tmp_path: Path) -> None:
    crp = shape(assuming(tmp_path), "visits", "crp")
    assert crp.draws["baseline"] == Quartiles(0.5, 1.2, 2.8)
    assert (crp.below, crp.high) == (Fraction(1, 10), Fraction(30))


def test_what_comes_out(tmp_path: Path) -> None:
    study = assuming(tmp_path)
    records = draw_records(study, 4000, 1)
    share(records.forms["patients"]["stage"] == "early", 0.7)
    inside(records.forms["visits"]["crp"], 10, 3000)
    assert study.simulation.assumed == ("patients.stage", "visits.joints", "visits.crp")


def test_a_score_is_charted_as_its_total(tmp_path: Path) -> None:
    study = assuming(tmp_path, study=STUDY.replace("pain: {range: [0, 10], decimals: 1}", "pain: {score: Joints}"))
    assert shape(study, "visits", "pain").items == {}
    assert shape(study, "visits", "pain").draws["week12"] == Normal(9, 6)


def test_items_of_an_instrument_whose_total_is_no_sum(tmp_path: Path) -> None:
    study = read_study(RHEUMATOID)
    assert shape(study, "visits", "das28_gh").draws == {"baseline": Normal(58, 20), "week12": Normal(34, 22)}
    assert "visits.cdai_patient" in study.simulation.assumed
    assert "das28" not in study.simulation.forms["visits"].shapes


# Which goes before which


def test_the_study_goes_before_the_pack_field_by_field(tmp_path: Path) -> None:
    study = assuming(tmp_path, "forms: {visits: {fields: {crp: {mean: 3, sd: 1}}}}")
    assert shape(study, "visits", "crp").draws == dict.fromkeys(("baseline", "week12", "week24"), Normal(3, 1))
    assert shape(study, "visits", "crp").below is None
    assert shape(study, "visits", "joints").draws["week12"] == Normal(9, 6)
    assert study.simulation.assumed == ("patients.stage", "visits.joints")


def test_a_study_that_declares_an_item_draws_no_assumed_total(tmp_path: Path) -> None:
    study = assuming(tmp_path, "forms: {visits: {fields: {joints_tender: {mean: 3, sd: 1}}}}")
    assert "visits.joints" not in study.simulation.assumed


def test_what_the_study_says_of_all_missing_values_goes_before_the_pack(tmp_path: Path) -> None:
    assert shape(assuming(tmp_path, "missing: 0 %"), "visits", "joints").missing == {}


def test_a_shape_that_does_not_fit_the_field_is_told_and_not_drawn(tmp_path: Path) -> None:
    narrow = STUDY.replace("lab: CRP, unit: mg/dL", "lab: CRP, range: [0, 0.2], unit: mg/dL")
    simulation = assuming(tmp_path, study=narrow).simulation
    assert "visits.crp" not in simulation.assumed
    told = [*simulation.on_assumptions()]
    assert told[0].startswith("Assumed by a pack, as the study file declares no shape: patients.stage, visits.joints.")
    assert told[1].startswith("What a pack assumes does not fit visits.crp, which is drawn from its range: the median")


# What is wrong in the file


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("Joints:", "▶Joint:", "the pack holds no instrument, laboratory test or classification 'Joint'"),
        ("mean: 20", "mean: ▶60", "the mean, 60, lies outside of the range, which goes from 0 to 56"),
        ("later: {mean: 9}", "later: {mean: ▶-9}", "the mean, -9, lies outside of the range"),
        ("later: [0, 10]", "later: ▶[0, 400]", "this, 400, lies outside of the range"),
        ("tender: 60 %", "▶tende: 60 %", "there is no item 'tende'"),
        ("items: {tender: 60 %", "▶items: {tender: 50 %", "the shares add up to 90 %"),
        ("range: [0, 300]", "range: ▶[0, 3000]", "it goes beyond the range of the field"),
        ("below: 1\n", "below: ▶301\n", "the limit of the assay lies outside of the range"),
        ("  median: 12\n  quartiles: [5, 28]", "  ▶value: 12", "CRP has units, and value tells none"),
        ("early: 70 %", "▶earl: 70 %", "there is no level 'earl'"),
        ("Stage:\n", "Stage:\n  ▶range: [0, 1]\n", "Stage is no number"),
        ("Stage:\n", "Stage:\n  ▶fields: {x: {mean: 1, sd: 1}}\n", "the pack has no items of Stage"),
        ("Joints:\n", "Joints:\n  fields: {▶x: {mean: 1, sd: 1}}\n", "there is no item 'x'"),
        ("Pain:\n  mean: 6\n  sd: 2\n", "▶Pain:\n  missing: 1 %\n", "nothing says what values of Pain look like"),
        (
            "Pain:\n  mean: 6\n  sd: 2\n  assumption: made for the tests",
            "▶Pain: {mean: 6, sd: 2}",
            "Pain has no 'assum",
        ),
        ("mean: 20", "▶at: {week12: {mean: 3}}", "'at' is not known in Joints"),
    ],
)
def test_the_message_names_file_and_place(old: str, new: str, what: str, tmp_path: Path) -> None:
    assert old in ASSUMED
    text, place = place_of(ASSUMED.replace(old, new, 1))
    with pytest.raises(WrongInput) as raised:
        assuming(tmp_path, assumed=text)
    assert raised.value.where == f"{tmp_path / 'packs' / 'tiny' / 'simulate'}.yaml:{place}", raised.value
    assert raised.value.what.startswith(what)


def test_a_name_of_two_kinds(tmp_path: Path) -> None:
    twice = PACK["classifications"].replace("Stage:", "CRP:")
    pack = {**PACK, "classifications": PACK["classifications"] + twice, "simulate": ASSUMED}
    with pytest.raises(WrongInput, match="'CRP' is of more than one kind: laboratory, classifications"):
        read_study(written(tmp_path, STUDY, pack))


# The pack of remit


def test_every_shape_of_the_ibd_pack_fits_a_plain_field(tmp_path: Path) -> None:
    """In the pack's own unit with three decimals, by the items and by the total: none falls back to its range."""
    contents = load_pack(pack_folders()["ibd"]).contents
    lines = []
    for number, name in enumerate(contents.simulate):
        if name in contents.laboratory:
            lines.append(f"      f{number}: {{lab: {name}, decimals: 3}}")
        elif name in contents.classifications:
            lines.append(f"      f{number}: {{classification: {name}}}")
        else:
            lines.append(f"      s{number}: {{score: {name}}}")
            if contents.instruments[name].items and not contents.instruments[name].needs:
                lines.append(f"      f{number}: {{instrument: {name}}}")
    text = f"""\
remit: 1
study: {{id: all, title: All}}
packs: {{ibd: "1.0"}}
index: first(visits.seen)
visits:
  baseline: {{day: 0, window: [-30, 0]}}
  week12: {{day: 84, window: [63, 105]}}
forms:
  patients: {{rows: once, fields: {{note: text}}}}
  visits:
    rows: visit
    date: seen
    fields:
      seen: date
{chr(10).join(lines)}
endpoints: {{low: {{at: [week12], is: s0 < 5}}}}
analyses: {{effect: {{kind: endpoints}}}}
"""
    (tmp_path / "study.yaml").write_text(text, "utf-8")
    simulation = read_study(tmp_path).simulation
    assert simulation.unfit == {}
    assert {field.split(".f")[1].split("_")[0] for field in simulation.assumed if ".f" in field} == {
        line.strip().split(":")[0][1:] for line in lines if line.strip().startswith("f")
    }


def test_a_draft_looks_like_a_study(tmp_path: Path) -> None:
    new_study(tmp_path / "drafted", Told(disease="Crohn's disease", drug="x"), None, lambda _: None)
    study = read_study(tmp_path / "drafted")
    visits = draw_records(study, 1000, 1).forms["visits"].with_columns(hbi=pl.sum_horizontal(cs.starts_with("hbi_")))
    of_patients = visits.drop_nulls("hbi_stools").sort("visit_date").group_by("patient")
    before, later = of_patients.first()["hbi"], of_patients.last()["hbi"]
    assert 0.9 < (before >= 5).sum() / len(before) < 1
    assert 0.3 < (later < 5).sum() / len(later) < 0.6
