"""Serious adverse events, drafted as narratives: each sentence from the charts, or a gap that says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from remit.report.document import plain
from remit.report.formats.markdown import markdown
from remit.report.narratives import narrative
from remit.report.profiles import narratives_document
from remit.schema.profiles import Period
from remit.trace.profiles import known_patients, patients_with_serious_events, profiles_of
from tests.unit.derive.small import day
from tests.unit.trace.cohort import DOSES, TEXT, Odd, Rows, odd


def told(made: Odd, patient: str) -> str:
    found = profiles_of(made.study, made.records, made.cohort, known_patients(made.cohort, [patient]))
    (profile,) = found.patients
    (one,) = profile.narratives
    return plain(narrative(made.study, profile, one))


def serious(patient: str, **more: object) -> Rows:
    return [{"patient": patient, "term": "pneumonia", "start_date": day(10), "serious": True} | more]


def test_a_narrative_says_what_the_charts_say_and_what_they_do_not(tmp_path: Path) -> None:
    assert told(odd(tmp_path), "B") == (
        "A 41-year-old man with gout (patient B, centre S01) was eligible for the study. "
        "[disease characteristics: not in the charts] X was being taken at 10 mg since day 0. "
        "On day 23 pneumonia (CTCAE grade 3) began, reported as serious. "
        "[criterion of seriousness: not in the charts] The event was judged related to the drug. "
        "Action taken: drug withdrawn. [outcome: not in the charts] "
        "Also given on that day: methylprednisolone (course of steroids, since day 22). "
        "Values around it: pain score 30 on day −3 and 35 on day 28; "
        "C-reactive protein 8.0 mg/dL on day −3 (none after)."
    )


def test_of_a_patient_who_is_not_eligible_the_reason_is_told(tmp_path: Path) -> None:
    said = told(odd(tmp_path), "C")
    assert "was not eligible for the study (no consent)." in said
    assert "stroke [grade: not in the charts] began" in said
    assert "[relation to the drug: not in the charts] [action taken: not in the charts]" in said
    assert "No other treatment is charted for that day (course of steroids)." in said


def test_the_day_of_the_stop_is_the_first_without_the_drug(tmp_path: Path) -> None:
    said = told(odd(tmp_path, adverse_events=serious("B", start_date=day(25))), "B")
    assert (
        "X had been taken at 10 mg since day 0; the day of the event was the first without it (reason: “adverse" in said
    )


def test_after_the_stop_the_last_dose_is_told(tmp_path: Path) -> None:
    said = told(odd(tmp_path, adverse_events=serious("B", start_date=day(40))), "B")
    assert "X had been taken at 10 mg since day 0 until day 24 (reason for stopping: “adverse event”)" in said
    assert "it was not being taken on the day of the event." in said


def test_whether_the_drug_was_taken_again_is_told(tmp_path: Path) -> None:
    again: Rows = [{"patient": "B", "drug": "x", "dose": 20, "start_date": day(50)}]
    event = serious("B", start_date=day(25))
    assert "No later dose of x is in the charts." in told(odd(tmp_path, adverse_events=event), "B")
    restarted = odd(tmp_path, adverse_events=event, treatment=[*DOSES, *again])
    assert "X was taken again at 20 mg from day 50." in told(restarted, "B")


def test_whether_the_drug_was_taken_again_is_not_told_where_a_dose_has_no_day(tmp_path: Path) -> None:
    made = odd(tmp_path, adverse_events=serious("B", start_date=day(25)))
    (profile,) = profiles_of(made.study, made.records, made.cohort, known_patients(made.cohort, ["B"])).patients
    doses = (*profile.treated.doses, Period(None, None, ongoing=False, amount=20.0))
    doubtful = replace(profile, treated=replace(profile.treated, doses=doses))
    said = plain(narrative(made.study, doubtful, *profile.narratives))
    assert "[whether x was taken again: not known]" in said


def test_what_else_is_charted_for_that_day_is_told(tmp_path: Path) -> None:
    said = told(odd(tmp_path, adverse_events=serious("A", start_date=day(21))), "A")
    assert "Also charted on that day: removal of a tophus." in said


def test_before_the_first_dose(tmp_path: Path) -> None:
    said = told(odd(tmp_path, adverse_events=serious("B", start_date=day(-3))), "B")
    assert "X had not been begun when the event occurred." in said


def test_a_dose_whose_stop_is_not_known(tmp_path: Path) -> None:
    said = told(odd(tmp_path, adverse_events=serious("D")), "D")
    assert "The last known dose of x was [dose: not in the charts], since day 0. [dose at onset: not known]" in said


def test_an_event_without_a_day_invents_nothing(tmp_path: Path) -> None:
    said = told(odd(tmp_path, adverse_events=serious("B", start_date=None)), "B")
    assert "[dose at onset: the day of the event is not known]" in said
    assert "[day of onset: not in the charts]" in said
    assert "[concomitant treatment: the day of the event is not known]" in said
    assert "[values around the event: its day is not known]" in said


def test_a_patient_of_whom_little_is_known(tmp_path: Path) -> None:
    said = told(odd(tmp_path, adverse_events=serious("E", term=None)), "E")
    assert said.startswith("A patient [age: not in the charts] [sex: not in the charts] with gout (patient E")
    assert "[event: not named in the charts]" in said


def test_a_patient_without_doses(tmp_path: Path) -> None:
    said = told(odd(tmp_path, adverse_events=serious("F")), "F")
    assert "[dose at onset: the day of the event is not known]" in said  # there is no day 0


def test_the_document_says_what_is_to_be_done(tmp_path: Path) -> None:
    made = odd(tmp_path)
    found = profiles_of(made.study, made.records, made.cohort, patients_with_serious_events(made.study, made.cohort))
    text = markdown(narratives_document(made.study, found), "Internal edition")
    assert "2 serious adverse events of 2 patients, by centre and patient." in text
    assert "- Drafted from the charts: a physician must read each" in text
    assert "### B: Pneumonia" in text


def test_nobody_serious(tmp_path: Path) -> None:
    made = odd(tmp_path, adverse_events=[])
    found = profiles_of(made.study, made.records, made.cohort, patients_with_serious_events(made.study, made.cohort))
    text = markdown(narratives_document(made.study, found), "Internal edition")
    assert "No adverse event of these patients is serious by the charts." in text


def test_charts_that_do_not_say_what_is_serious(tmp_path: Path) -> None:
    made = odd(tmp_path, TEXT.replace("serious: yes/no", "grave: yes/no").replace("by: [serious]", "by: [grave]"))
    found = profiles_of(made.study, made.records, made.cohort, patients_with_serious_events(made.study, made.cohort))
    text = markdown(narratives_document(made.study, found), "Internal edition")
    assert "No field of the charts says which adverse events are serious" in text


def test_markdown_leaves_no_sign_of_the_charts_as_its_own(tmp_path: Path) -> None:
    made = odd(tmp_path, adverse_events=serious("B", term="*bold* <b>"))
    found = profiles_of(made.study, made.records, made.cohort, known_patients(made.cohort, ["B"]))
    assert r"\*bold\* \<b\>" in markdown(narratives_document(made.study, found), "Internal edition")
