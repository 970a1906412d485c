"""What a study file means: short forms, defaults, and what comes from the packs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from remit.derive.derive import derive_cohort
from remit.errors import WrongInput
from remit.language.describe import describe
from remit.language.query import digest
from remit.language.resolve import resolve, resolve_name
from remit.language.types import Level, Number
from remit.run import read_records
from remit.sources.cells import key
from remit.study.analyses.kinds import Course, Endpoints, Events, Summary
from remit.study.build import read_study
from remit.study.codes import alike
from remit.study.study import Study
from tests.unit.study.charts import charts
from tests.unit.study.making import STUDY, changed, place_of, written


def study(folder: Path, *changes: tuple[str, str]) -> Study:
    text = STUDY
    for old, new in changes:
        text = changed(text, old, new)
    return read_study(written(folder, text))


def test_a_study_is_read_by_its_file_or_its_folder(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert read_study(tmp_path).identity == read_study(str(path)).identity
    assert read_study(tmp_path).charts_folder == tmp_path / "charts"


def test_every_scalar_is_the_text_that_was_written(tmp_path: Path) -> None:
    """YAML would make of these a truth, an octal number, a float, and minutes."""
    for text in ("yes", "no", "on", "010", "1.0", "1e3", "12:30", "2024-06-30", "~x"):
        found = study(tmp_path, ("title: A small study", f"title: {text}"), ('tiny: "1"', "tiny: 1"))
        assert found.identity.title == text
    levels = study(tmp_path, ("stage: {classification: Stage}", "stage: {levels: {low: [1, 01], high: no}}"))
    assert levels.forms["patients"].fields["stage"].codes == {"1": "low", "01": "low", "no": "high"}


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + STUDY.replace("\n", "\r\n").encode())
    assert read_study(path).identity.title == "A small study"
    text, place = place_of(changed(STUDY, "and not steroids", "and not ▶steriods"))
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    with pytest.raises(WrongInput) as raised:
        read_study(path)
    assert raised.value.where == f"{path}:{place}"


def test_short_forms(tmp_path: Path) -> None:
    short = study(
        tmp_path,
        ("sex: {levels: {female: F, male: M}}", "sex: [female, male]"),
        ('  women:\n    where: sex == "female"', '  women: sex == "female"'),
        ("    populations: {week12: [eligible, women]}", "    populations: [eligible, women]"),
        ("  heavy: weight@baseline > 100 kg", "  heavy: {is: weight@baseline > 100 kg}"),
        ("    kind: summary\n", "    kind: summary\n    populations: [eligible]\n"),
    )
    long = study(tmp_path)
    assert short.forms["patients"].fields["sex"].type == long.forms["patients"].fields["sex"].type
    assert short.populations == long.populations
    assert short.criteria == long.criteria
    assert short.analyses == long.analyses


def test_labels_and_titles_that_are_not_written(tmp_path: Path) -> None:
    found = study(tmp_path)
    assert [visit.label for visit in found.visits] == ["Baseline", "Week 12"]
    assert found.populations["women"].label == "Women"
    assert [analysis.title for analysis in found.analyses] == ["Baseline", "Effect", "Course", "Safety"]
    summary = found.analyses[0]
    assert isinstance(summary, Summary)
    assert [(row.name, row.label, row.unit) for row in summary.rows] == [
        ("age", "age", "years"),
        ("sex", "sex", None),
        ("body_weight", "body weight", None),
    ]


def test_a_score_has_range_and_bands_of_its_pack_and_its_own_label(tmp_path: Path) -> None:
    pain = study(tmp_path).forms["visits"].fields["pain"]
    assert (pain.label, pain.low, pain.high) == ("pain from 0 to 10", 0, 10)
    assert [band.name for band in pain.bands] == ["none", "mild", "severe"]


def test_an_instrument_is_its_items_and_their_sum(tmp_path: Path) -> None:
    found = study(tmp_path)
    fields = found.forms["visits"].fields
    assert fields["joints_swollen"].label == "Joints, swollen joints"
    assert (fields["joints_tender"].low, fields["joints_tender"].high) == (0, 28)
    assert "joints" not in fields
    assert describe(resolve("joints@week12", found.scope), found.scope, "week12") == (
        "“Joints, tender” plus “Joints, swollen joints”"
    )


def test_a_laboratory_test_in_another_unit_than_its_packs(tmp_path: Path) -> None:
    """The pack's range is 0 to 1000 mg/L; the study's unit is mg/dL, ten times as large."""
    crp = study(tmp_path).forms["visits"].fields["crp"]
    assert crp.units == {"mg/dL": 1, "mg/L": Fraction(1, 10)}
    assert (crp.low, crp.high) == (0, 100)
    assert crp.type == Number("mg/dL", 2, 10_000, censored=True, test="CRP", several_units=True)


def test_a_number_may_have_decimals_in_its_range_and_bands(tmp_path: Path) -> None:
    new = "weight: {decimals: 2, range: [0.5, 9.25], bands: {low: [0.5, 2.59], high: [2.6, 9.25]}}"
    found = study(
        tmp_path,
        ("weight: {unit: kg, decimals: 1, range: [20, 300]}", new),
        ("heavy: weight@baseline > 100 kg", 'heavy: band(weight@baseline) == "high"'),
    )
    weight = found.forms["visits"].fields["weight"]
    assert (weight.low, weight.high, weight.type) == (Fraction(1, 2), Fraction(37, 4), Number("", 2, 925))
    assert weight.bands[1].low == Fraction(26, 10)


def test_a_classification_may_be_ordered(tmp_path: Path) -> None:
    found = study(tmp_path, ("{classification: Stage}", "{classification: Stage, ordered: yes}"))
    assert found.forms["patients"].fields["stage"].type == Level(("early", "late"), ordered=True)
    assert found.forms["patients"].fields["stage"].codes == {"I": "early", "II": "late", "III": "late"}


def test_populations_for_all_visits_are_those_of_the_visits_that_endpoints_have(tmp_path: Path) -> None:
    found = study(
        tmp_path,
        ("    populations: {week12: [eligible, women]}", "    populations: [women]\n"),
        (", population: eligible", ", population: women"),
    )
    effect = found.analyses[1]
    assert isinstance(effect, Endpoints)
    assert effect.populations == {"week12": ("women",)}
    assert effect.subgroups == ("sex",)


def test_a_course_over_some_visits_may_be_of_changes(tmp_path: Path) -> None:
    found = study(tmp_path, ("rows: [pain, crp]", "visits: [week12]\n    rows: [change(pain)]"))
    course = found.analyses[2]
    assert isinstance(course, Course)
    assert [list(queries) for _, queries in course.rows] == [["week12"]]


def test_events_have_the_periods_on_their_own_form(tmp_path: Path) -> None:
    events = study(tmp_path).analyses[3]
    assert isinstance(events, Events)
    assert [period.name for period in events.periods] == ["before", "after"]
    assert [kind.name for kind in events.special_interest] == ["infection", "falls"]


def test_an_endpoint_may_be_used_in_another_and_means_the_same_when_written_out(tmp_path: Path) -> None:
    by_name = study(tmp_path, ("swollen: joints_swollen > 0", "both: remission and response"))
    written_out = "(pain <= 3 and not steroids) and (fall(pain) > 3 and crp < 0.5 mg/dL)"
    in_words = study(tmp_path, ("swollen: joints_swollen > 0", f"both: {written_out}"))
    one, two = (digest(resolve_name("both", found.scope, visit="week12")) for found in (by_name, in_words))
    assert one == two


def test_fields_that_share_a_name_are_told_apart_by_their_form(tmp_path: Path) -> None:
    found = study(
        tmp_path,
        ("      smoker: yes/no\n", "      smoker: yes/no\n      steroids: yes/no\n"),
        ("and not steroids", "and not visits.steroids"),
    )
    assert "steroids" in found.forms["patients"].fields


def test_words_are_compared_here_as_the_sources_compare_them() -> None:
    for text in ("Yes", " yes ", "SÌ", "Straße", "ＹＥＳ", "no  longer", "ﬁne"):
        assert alike(text) == key(text)


# Files and folders


def wrong(path: Path) -> WrongInput:
    with pytest.raises(WrongInput) as raised:
        read_study(path)
    return raised.value


def test_a_study_that_does_not_exist(tmp_path: Path) -> None:
    error = wrong(tmp_path / "none.yaml")
    assert (error.where, error.what) == (str(tmp_path / "none.yaml"), "there is no such file")


def test_a_folder_without_study_yaml_names_what_might_be_it(tmp_path: Path) -> None:
    assert wrong(tmp_path).what == "the folder holds no study.yaml"
    (tmp_path / "protocol.yaml").write_text("remit: 1")
    assert wrong(tmp_path).remedy == f"Name its study file: {tmp_path / 'protocol.yaml'}."


def test_a_study_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path)

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert wrong(path).what == "it cannot be read: Permission denied"


@pytest.mark.parametrize("raw", [b"remit: 1\nstudy: {id: \xe9}\n", b"PK\x03\x04\xff\xfe"])
def test_a_file_that_is_not_utf_8(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_bytes(raw)
    error = wrong(path)
    assert error.what == "this is not text in UTF-8"
    assert error.where == f"{path}:{'2:13' if raw.startswith(b'remit') else '1:5'}"


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "---\n"])
def test_an_empty_file(text: str, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(text)
    assert wrong(path).what in ("the file is empty", "the file holds no keys and values")


@pytest.mark.parametrize("text", ["- remit: 1\n", "remit\n", "'remit: 1'\n", "42"])
def test_a_file_that_holds_no_keys(text: str, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(text)
    assert wrong(path).what == "the file holds no keys and values"


@pytest.mark.parametrize("deep", ["[" * 100_000, "{a: " * 100_000, "a: " + "[" * 31])
def test_brackets_without_end(deep: str, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(deep)
    assert wrong(path).what in ("this is nested too deeply", "a second ':' stands here, or the indentation is wrong")


def test_an_alias_cannot_blow_the_file_up(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("a: &a [x, x]\nb: &b [*a, *a]\n")
    assert wrong(path).what == "'&a': references inside YAML are not used here"


def test_a_very_long_expression_is_refused_and_not_a_crash(tmp_path: Path) -> None:
    long = " and ".join(["pain <= 3"] * 5000)
    path = written(tmp_path, changed(STUDY, "pain <= 3 and not steroids", long))
    assert "too long" in wrong(path).what
    path = written(tmp_path, changed(STUDY, "pain <= 3 and not steroids", "(" * 5000 + "smoker" + ")" * 5000))
    assert wrong(path).where.startswith(f"{path}:76:")


def test_doses_of_one_drug_need_no_condition(tmp_path: Path) -> None:
    """Down to the cohort: a condition that always holds is no column to filter by."""
    found = read_study(charts(tmp_path, changed(STUDY, '  where: drug == "x"\n', "")))
    cohort = derive_cohort(found, read_records(found))
    assert cohort.patients["dosing__days_on_drug"].to_list() == [334, 28, 214]
