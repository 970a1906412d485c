"""What is wrong in the section `simulate`: one message, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.simulate.making import wrong


def of_field(form: str, shape: str) -> str:
    return f"forms: {{{form}: {{fields: {{{shape}}}}}}}"


FIELDS = [
    ("patients", "▶shoe_size: 42", "there is no field of patients 'shoe_size'"),
    ("visits", "▶joints_red: 4", "there is no field of visits 'joints_red'"),
    ("patients", "sex: {▶shares: {female: 60 %, male: 50 %}}", "the shares add up to 110 %"),
    ("patients", "sex: {▶shares: {female: 60 %}}", "the shares add up to 60 %"),
    ("patients", "sex: {shares: {▶femal: 60 %, male: 40 %}}", "there is no level 'femal'"),
    ("patients", "sex: ▶femal", "there is no level 'femal'"),
    ("patients", "sex: {mean: ▶3, sd: 1}", "mean does not fit a level (female, male)"),
    ("patients", "smoker: ▶perhaps", "'perhaps' is no share of those who say yes"),
    ("patients", "smoker: {shares: ▶{yes: 30 %, no: 70 %}}", "shares does not fit yes/no"),
    ("patients", "smoker: {share: ▶130 %}", "simulate.forms.patients.fields.smoker.share cannot be '130 %'"),
    ("patients", "note: ▶nd", "'nd' says in this study's charts that nothing is known"),
    ("patients", "height: {mean: ▶300, sd: 5}", "the mean, 300, lies outside of the range, which goes from 100 to 250"),
    ("patients", "height: {mean: 170, sd: ▶90}", "no values from 100 to 250 have the mean 170 and the sd 90"),
    ("patients", "height: {mean: 170, sd: ▶-9}", "simulate.forms.patients.fields.height.sd cannot be '-9'"),
    ("patients", "height: ▶{mean: 170}", "the shape has no sd"),
    ("patients", "height: ▶{mean: 170, sd: 3, median: 160}", "the shape is told in more than one way: mean and median"),
    ("patients", "height: ▶[180, 160]", "the greatest value stands before the least"),
    ("patients", "height: ▶[90, 160]", "this, 90, lies outside of the range"),
    ("patients", "height: ▶tall", "'tall' is not a number"),
    ("patients", "height: ▶170.55", "170.55 has more decimals than the field, 1"),
    ("patients", "height: {median: ▶200, quartiles: [150, 190]}", "the median, 200, does not lie between the quartil"),
    ("patients", "height: {mean: 170, sd: 5, range: ▶[50, 200]}", "it goes beyond the range of the field"),
    ("patients", "height: {mean: 170, sd: 5, range: ▶[200, 150]}", "the range ends before it begins"),
    ("patients", "height: {mean: 170, sd: 5, ▶below: 150}", "charts cannot say '<' or '>' of height"),
    ("patients", "height: {mean: 170, sd: 5, ▶items: {a: 100 %}}", "items does not fit height, which is a number in"),
    ("patients", "height: {mean: 170, sd: 5, ▶at: {week12: 4}}", "patients has no visits"),
    ("patients", "▶birth_date: {mean: 40, sd: 3}", "birth_date is a date, and nothing says from when on"),
    ("patients", "birth_date: {before: ▶start, mean: 40, sd: 3}", "there is no date above birth_date in patients 'st"),
    ("patients", "birth_date: {before: index, ▶after: index, mean: 4, sd: 3}", "birth_date lies both before and after"),
    ("patients", "▶last_seen: {after: index, mean: 40, sd: 3}", "`follow_up` and `drop_out` of `simulate` say when"),
    ("patients", "heavy_smoker: {share: 3 %, among: ▶sex}", "there is no yes/no field in a form with `rows: once` 's"),
    ("visits", "▶visit_date: {after: index, mean: 40, sd: 3}", "the visits or rows of `simulate` say when visit_date"),
    ("doses", "▶stop_date: {after: index, mean: 40, sd: 3}", "`to`, `days` or `stop` of `simulate` say when"),
    ("visits", "crp: {median: 1, quartiles: [0.5, 2], below: ▶0}", "the limit of the assay lies outside of the range"),
    ("visits", "crp: {median: 1, quartiles: [0.5, 2], below: ▶0.555}", "it has more decimals than crp, 2"),
    ("visits", "crp: {median: 1, quartiles: [0.5, 2], below: 1, above: ▶1}", "the upper limit of the assay lies below"),
    ("visits", "crp: {median: 1, quartiles: [0.5, 2], at: {▶week13: 4}}", "there is no visit 'week13'"),
    ("visits", "pain: {mean: 5, sd: 1, at: {week12: {mean: ▶12}}}", "the mean, 12, lies outside of the range"),
    ("visits", "▶pain: {at: {week12: {mean: 5, sd: 1}}}", "nothing says the shape of pain at baseline"),
    ("visits", "pain: {mean: 5, sd: 1, correlation: ▶2}", "correlation cannot be '2'"),
    ("visits", "pain: {mean: 5, sd: 1, severity: ▶-1.5}", "severity cannot be '-1.5'"),
    ("visits", "▶pain: {mean: 5, sd: 1, severity: 0.8, centre_effect: 0.7}", "severity and centre together explain m"),
    ("visits", "▶pain: {mean: 5, sd: 1, severity: 0.8, correlation: 0.5}", "severity and centre alone make values co"),
    ("visits", "joints: {mean: 20.5, sd: ▶0.4}", "no values with 0 decimals have the mean 20.5 and the sd 0.4"),
    ("patients", "height: {mean: 100.5, sd: ▶5.1}", "the sd, 5.1, is more than 10 times as far as the mean lies insi"),
    ("visits", "joints: {mean: ▶60, sd: 1}", "the mean, 60, lies outside of the range, which goes from 0 to 56"),
    ("visits", "joints: {mean: 6, sd: 1, items: {▶red: 100 %}}", "there is no item 'red'"),
    ("visits", "joints: {mean: 6, sd: 1, ▶items: {tender: 90 %}}", "the shares add up to 90 %"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "shape", "what"), FIELDS, ids=[each[1] for each in FIELDS])
def test_a_shape(tmp_path: Path, form: str, shape: str, what: str) -> None:
    assert what in wrong(tmp_path, of_field(form, shape)).what


OTHERS = [
    ("forms: {▶visit: {fields: {pain: 3}}}", "there is no form 'visit'"),
    ("forms: {visits: {▶rows: [{from: 0}]}}", "visits has `rows: visit`"),
    ("forms: {events: {rows: [{from: 0, ▶to: 4}]}}", "an event of events has no end"),
    ("forms: {events: {rows: [{▶rate: 2, share: 4 %}]}}", "a rate has neither `share` nor `from`"),
    ("forms: {events: {rows: [{rate: ▶200}]}}", "rate cannot be '200'"),
    ("forms: {events: {rows: [{from: ▶soon}]}}", "'soon' is not a number"),
    ("forms: {events: {rows: [{▶from: {missing: 3 %}}]}}", "it does not say how many days"),
    ("forms: {doses: {rows: [{from: 10, to: ▶10}]}}", "the period ends before it starts"),
    ("forms: {doses: {rows: [{fields: {▶colour: red}}]}}", "there is no field of doses 'colour'"),
    ("forms: {events: {▶stop: 20 %}}", "events is not the form of `dosing`"),
    ("forms: {doses: {stop: ▶100 %}}", "not all can have left by the last visit"),
    ("forms: {doses: {stop: {share: 20 %, reasons: {▶bored: 100 %}}}}", "there is no level 'bored'"),
    ("forms: {doses: {stop: {share: 20 %, ▶reasons: {harm: 90 %}}}}", "the shares add up to 90 %"),
    ("drop_out: ▶100 %", "not all can have left by the last visit"),
    ("drop_out: {share: 5 %, reason: ▶bored}", "there is no level 'bored'"),
    ("missed: {▶week13: 4 %}", "there is no visit 'week13'"),
    ("starts: ▶[2024-02-01, 2024-01-01]", "the last start lies before the first"),
    ("starts: ▶[2024-02-01, 2024-12-01]", "patients start after the data cut-off, 2024-06-30"),
    ("follow_up: ▶-3", "this, -3, lies outside of the range"),
    ("centres: {S01: ▶0}", "a centre without patients"),
    ("centres: ▶[S01, S01]", "simulate.centres cannot be [S01, S01]"),
    ("centres: ▶[a/b]", "'a/b' holds '/', which the name of a file cannot have"),
    ("correlation: ▶-0.2", "simulate.correlation cannot be '-0.2'"),
    ("▶jiter: 4", "'jiter' is not known in simulate"),
]  # fmt: skip


@pytest.mark.parametrize(("simulate", "what"), OTHERS, ids=[each[0] for each in OTHERS])
def test_the_rest(tmp_path: Path, simulate: str, what: str) -> None:
    assert what in wrong(tmp_path, simulate).what


def test_a_study_whose_index_date_is_a_field(tmp_path: Path) -> None:
    from remit.errors import WrongInput
    from tests.unit.simulate.making import STUDY, small

    study = STUDY.replace('index: first(doses.start_date, where drug == "x")', "index: diagnosis_date")
    with pytest.raises(WrongInput, match="`starts` of `simulate` say when diagnosis_date is"):
        small(tmp_path, "forms: {patients: {fields: {diagnosis_date: {before: index, value: 3}}}}", study)


def test_doses_without_a_field_for_reasons(tmp_path: Path) -> None:
    from remit.errors import WrongInput
    from tests.unit.simulate.making import STUDY, small

    study = STUDY.replace("  reason: reason\n", "")
    with pytest.raises(WrongInput, match="no field holds reasons for stopping"):
        small(tmp_path, "drop_out: {share: 3 %, reason: harm}", study)
