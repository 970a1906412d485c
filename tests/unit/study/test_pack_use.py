"""Definitions and instruments of packs in a study: what they bind to, and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.language.describe import describe
from remit.study.build import read_study

STUDY = """\
remit: 1
study: {id: use, title: Use, data_cutoff: 2024-06-30}
packs: {tiny: "1"}
index: start
visits:
  baseline: {day: 0, window: [-30, 30]}
  week12: {day: 84, window: [63, 105]}
forms:
  patients:
    rows: once
    fields:
      start: date
      sex: {levels: [female, male]}
      gender: {levels: [woman, man]}
  visits:
    rows: visit
    date: seen
    fields:
      seen: date
      weight: {unit: g, range: [0, 200000]}
      knee: {instrument: Knee}
      total_only: {score: Hip}
endpoints:
  better: {at: [week12], definition: Knee better}
  healed: {at: [week12], definition: Hip healed}
  lean: {at: [week12], definition: lean}
  lean_before: {label: lean before, at: [week12], definition: lean, with: {weight: weight@baseline}}
"""
PACK = """\
Knee:
  title: knee score
  needs: {sex: {levels: [female, male]}}
  segments: {left: left knee, right: right knee}
  items: {rest: {range: [0, 9]}, walking: {range: [0, 9]}}
  is: left_rest + right_rest + if(sex == "male", 1, 0)
  requires: known(left_walking)
  total: [0, null]
  criteria: {better: {title: better knees, is: fall(total) >= 3, source: made for the tests, certainty: D}}
  source: made for the tests
  certainty: D
Hip:
  title: hip score
  items: {rest: {range: [0, 9]}}
  total: [0, 9]
  criteria:
    better: {is: fall(total) >= 1, source: made for the tests, certainty: D}
    healed: {is: total == 0, source: made for the tests, certainty: D}
    at rest: {is: total == 0 and rest == 0, source: made for the tests, certainty: D}
  source: made for the tests
  certainty: D
"""
LEAN = """\
lean:
  title: a lean patient
  takes: {weight: {unit: kg, decimals: 1}}
  is: weight < 60
  source: made for the tests
  certainty: D
"""


def folder(home: Path, study: str = STUDY) -> Path:
    pack = home / "packs" / "tiny"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text('pack: tiny\nversion: "1"\ntitle: tiny\n')
    (pack / "instruments.yaml").write_text(PACK)
    (pack / "definitions.yaml").write_text(LEAN)
    (home / "study.yaml").write_text(study)
    return home


def test_what_packs_define_is_said_of_the_study(tmp_path: Path) -> None:
    study = read_study(folder(tmp_path))
    said = {
        name: (endpoint.label, describe(endpoint.queries["week12"], study.scope, "week12"))
        for name, endpoint in study.endpoints.items()
    }
    assert said == {
        "better": ("better knees", "the knee score fell from baseline by at least 3"),
        "healed": ("Hip healed", "the hip score is exactly 0"),
        "lean": ("a lean patient", "the weight is below 60 kg"),
        "lean_before": ("lean before", "the weight at baseline is below 60 kg"),
    }


def test_each_segment_has_a_subtotal(tmp_path: Path) -> None:
    definitions = read_study(folder(tmp_path)).scope.definitions
    assert definitions["knee_left"].label == "knee score (left knee)"
    assert definitions["knee_left"].text == "left_rest + left_walking"
    assert definitions["knee"].text == 'if(known(left_walking), left_rest + right_rest + if(sex == "male", 1, 0))'


WRONG = [
    ("definition: Knee better", "definition: ▶Knee beter", "no pack has the definition 'Knee beter'"),
    ("definition: lean}", "definition: lean, with: {▶wieght: weight}}", "lean takes no 'wieght'"),
    ("weight@baseline}", "▶sex}", "weight is a number in kg, and this is a level (female, male)"),
    ("weight@baseline}", "▶knee}", "weight is a number in kg, and this is a number"),
    ("weight@baseline}", "▶wieght}", "there is no 'wieght'"),
    ("weight@baseline}", "weight +▶}", "the expression ends too early"),
    # 60 what? The pack speaks of kg, this study of g
    ("weight@baseline}", "▶60}", "weight is a number in kg, and 60 has no unit"),
    (
        "definition: Knee better}",
        "definition: Knee better, with: {total: ▶total_only}}",
        "total_only is Hip, which has a criterion better of its own",
    ),
    (
        "{instrument: Knee}",
        "{instrument: Knee, with: {sex: ▶gender}}",
        "sex is a level (female, male), and this is a level (woman, man)",
    ),
    ("{instrument: Knee}", "{instrument: Knee, with: {▶height: weight}}", "Knee takes no 'height'"),
    ("{score: Hip}", "{score: Hip, ▶with: {rest: weight}}", "total_only is a score, which has no 'with'"),
    (
        "definition: Hip healed",
        "definition: ▶Hip at rest",
        "Hip at rest asks for rest, and total_only is only the total",
    ),
    (
        "      total_only: {score: Hip}\n",
        "      one: {score: Hip}\n      two: {score: Hip}\n",
        "the study has several fields with Hip: visits.one, visits.two",
    ),
    ("      total_only: {score: Hip}\n", "", "Hip healed is of a field with Hip, and the study has none"),
    (
        "      sex: {levels: [female, male]}\n",
        "",
        "nothing says what 'sex' is in this study: there is no 'sex'",
    ),
    ("definition: Knee better}", "with: {weight: weight}, is: yes}", "better has `with`, and no `definition`"),
    (
        "  better: {at: [week12], definition: Knee better}",
        "  ▶better: {at: [week12]}",
        "better says neither what it is nor which definition it follows",
    ),
]


@pytest.mark.parametrize(("old", "new", "what"), WRONG)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert old in STUDY
    marked = STUDY.replace(old, new, 1)
    with pytest.raises(WrongInput) as raised:
        read_study(folder(tmp_path, marked.replace("▶", "")))
    assert raised.value.what == what
    if "▶" in marked:
        before = marked[: marked.index("▶")]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        assert raised.value.where.endswith(f"study.yaml:{line}:{column}")


def test_is_and_definition_do_not_stand_together(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as raised:
        read_study(folder(tmp_path, STUDY.replace("definition: lean}", "definition: lean, is: yes}")))
    assert raised.value.what == "lean has both `is` and `definition`"


@pytest.mark.parametrize("bound", ["60 kg", "60000 g", "0"])
def test_a_number_with_its_unit_may_be_bound(tmp_path: Path, bound: str) -> None:
    read_study(folder(tmp_path, STUDY.replace("weight@baseline}", f"{bound}}}")))


def test_a_total_may_be_bound_to_another_expression(tmp_path: Path) -> None:
    text = STUDY.replace("definition: Hip healed}", "definition: Hip healed, with: {total: knee}}")
    study = read_study(folder(tmp_path, text))
    said = describe(study.endpoints["healed"].queries["week12"], study.scope, "week12")
    assert said == "the knee score is exactly 0"


LOAD = """\
Load:
  title: load
  needs: {height: {unit: cm, range: [50, 250]}}
  items: {weight: {unit: kg, range: [10, 400]}}
  is: weight / 1 kg / (height / 1 m)
  total: [0, 400]
  source: made for the tests
  certainty: D
"""


@pytest.mark.parametrize(
    ("height", "refused"),
    [
        ("{unit: cm, range: [50, 250]}", ""),
        ("{unit: m, decimals: 2, range: [0.5, 2.5]}", ""),
        ("{unit: cm, range: [100, 220]}", ""),
        ("{unit: cm, decimals: 2, range: [0.5, 250]}", "[50, 250]"),  # 1.80 would be read as centimetres
        ("{unit: m, decimals: 2, range: [0.5, 250]}", "[0.5, 2.5]"),
    ],
)
def test_a_field_behind_a_need_stays_in_its_range(tmp_path: Path, height: str, refused: str) -> None:
    pack = tmp_path / "packs" / "tiny"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text('pack: tiny\nversion: "1"\ntitle: tiny\n')
    (pack / "instruments.yaml").write_text(LOAD)
    (tmp_path / "study.yaml").write_text(
        "remit: 1\nstudy: {id: needs, title: Needs}\npacks: {tiny: '1'}\nindex: start\nforms:\n  patients:\n"
        f"    rows: once\n    fields:\n      start: date\n      height: {height}\n      load: {{instrument: Load}}\n"
    )
    if not refused:
        read_study(tmp_path)
        return
    with pytest.raises(WrongInput) as error:
        read_study(tmp_path)
    assert error.value.where.endswith("study.yaml:11:7")
    assert error.value.what == "height may be what height of Load cannot be: it has no range, or a wider one"
    assert error.value.remedy == f"Give height `range: {refused}`: what lies outside is then refused."
