"""Texts of the study file in two languages: `label: {en: …, it: …}`, and the section of translations."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.study.build import read_study
from remit.study.study import Study
from tests.unit.study.making import STUDY, changed, written

WEEK12 = "week12: {day: 84, window: [63, 105]}"


def make(folder: Path, week12: str = WEEK12, more: str = "") -> Study:
    return read_study(written(folder, changed(STUDY, WEEK12, week12) + more))


def test_a_label_may_stand_in_two_languages(tmp_path: Path) -> None:
    study = make(tmp_path, "week12: {label: {en: Week 12, it: settimana 12}, day: 84, window: [63, 105]}")
    assert study.visits[1].label == "Week 12"
    assert study.translations == {"it": {"Week 12": "settimana 12"}}


def test_other_texts_have_a_section(tmp_path: Path) -> None:
    study = make(tmp_path, more="report:\n  translations: {it: {female: femmina}}\n")
    assert study.translations == {"it": {"female": "femmina"}}


def test_a_study_without_has_none(tmp_path: Path) -> None:
    assert make(tmp_path).translations == {}


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("{it: settimana 12}", "visits.week12.label cannot be {it: …}\n  It takes a text, or one for each language"),
        ("{en: Week 12, fr: semaine 12}", "visits.week12.label cannot be {en: …, fr: …}\n  It takes a text, or one"),
    ],
)
def test_what_no_label_is(label: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as wrong:
        make(tmp_path, f"week12: {{label: {label}, day: 84, window: [63, 105]}}")
    assert message in str(wrong.value)


def test_one_text_has_one_translation(tmp_path: Path) -> None:
    week12 = "week12: {label: {en: Week 12, it: settimana 12}, day: 84, window: [63, 105]}"
    with pytest.raises(WrongInput) as wrong:
        make(tmp_path, week12, "report:\n  translations: {it: {Week 12: sett. 12}}\n")
    assert "'Week 12' is 'settimana 12' here, and 'sett. 12' elsewhere in the file" in str(wrong.value)
