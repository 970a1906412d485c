"""Every worked example of every pack, by the interpreter and on Polars; and that a wrong one is told."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from remit.derive.engines import engine_named
from remit.errors import WrongInput
from remit.language.interpret import Result
from remit.language.scope import Scope
from remit.study.packs import BUILT_IN, load_pack
from remit.study.worked_examples import WorkedExample, faults, worked_examples
from tests.spec.frames import Charts
from tests.unit.study.making import PACK

EXAMPLES = Path(__file__).parents[3] / "examples"
FOLDERS = sorted(path.parent for home in (BUILT_IN, *EXAMPLES.glob("*/packs")) for path in home.glob("*/pack.yaml"))
NAMES = [folder.name for folder in FOLDERS]


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_by_the_interpreter(folder: Path) -> None:
    assert faults(load_pack(folder).contents) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_on_polars(folder: Path) -> None:
    by_scope: dict[int, list[WorkedExample]] = defaultdict(list)
    for example in worked_examples(load_pack(folder).contents):
        by_scope[id(example.scope)].append(example)
    found = [fault for examples in by_scope.values() for fault in _on_polars(examples[0].scope, examples)]
    assert found == []


def _on_polars(scope: Scope, examples: list[WorkedExample]) -> list[str]:
    patients = {f"P{number}": example.patient for number, example in enumerate(examples)}
    queries = list(dict.fromkeys(example.query for example in examples))
    values: dict[object, dict[str, Result]] = dict(
        zip(queries, Charts(patients, scope, engine_named("polars")).evaluate(queries), strict=True)
    )
    faults = (example.fault(values[example.query][f"P{number}"]) for number, example in enumerate(examples))
    return [fault for fault in faults if fault is not None]


def test_each_instrument_with_items_has_an_example() -> None:
    for folder in FOLDERS:
        contents = load_pack(folder).contents
        without = [part.name for part in contents.instruments.values() if part.items and not part.examples]
        assert without == []


PAIN = """\
Pain:
  title: pain
  items: {rest: {range: [0, 5]}, walking: {range: [0, 5], choices: {0: none, 5: much}}}
  needs: {weight: {unit: kg, decimals: 1}, sex: {levels: [female, male]}}
  is: rest + 2 * walking + if(sex == "male", 1, 0) + weight / 100 kg
  decimals: 0
  total: [0, null]
  bands: {low: [0, 9], high: [10, null]}
  checks: {rest hurts less: {is: rest <= walking, source: made for the tests, certainty: D}}
  criteria: {better: {is: fall(total) >= 3, source: made for the tests, certainty: D}}
  examples:
    - {items: {rest: 1, walking: 2}, needs: {weight: 49.9, sex: male}, total: 6, band: low}
    - {items: {rest: 1, walking: 2}, needs: {weight: 50000 g, sex: male}, total: 7}
    - {items: {rest: 1, walking: 2}, needs: {weight: 10.0}, total: 5 to 6}
    - {items: {rest: 1, walking: 2}, total: unknown}
  counter_examples:
    - {items: {rest: 1, walking: 2}, needs: {weight: 10.0, sex: female}, total: 5, not: 3, why: walking not doubled}
  source: made for the tests
  certainty: D
"""
LEAN = """\
lean:
  title: lean
  takes: {weight: {unit: kg, decimals: 1}, since: date, smoker: yes/no}
  is: weight < 60 kg and since < 2024-01-01 and not smoker
  examples:
    - {given: {weight: 59.9, since: 2023-12-31, smoker: no}, is: yes}
    - {given: {weight: 60.0}, is: no}
    - {given: {weight: <60}, is: unknown}
  source: made for the tests
  certainty: D
"""


def pack(folder: Path, instruments: str = PAIN, definitions: str = LEAN) -> Path:
    home = folder / "tiny"
    home.mkdir()
    (home / "pack.yaml").write_text(PACK["pack"])
    (home / "instruments.yaml").write_text(instruments)
    (home / "definitions.yaml").write_text(definitions)
    return home


def test_examples_are_read_with_units_limits_and_unknowns(tmp_path: Path) -> None:
    assert faults(load_pack(pack(tmp_path)).contents) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("total: 7}", "total: 8}", "Pain (example 2) is 7, and the example says 8"),
        ("band: low", "band: high", "the band of Pain (example 1) is low, and the example says high"),
        ("total: 5, not: 3", "total: 5, not: 5", "Pain (counter-example 1) is 5, which the example calls wrong"),
        ("total: unknown", "total: 5", "Pain (example 4) is unknown, and the example says 5"),
    ],
)
def test_an_example_that_comes_out_otherwise_is_told(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in PAIN
    (found,) = faults(load_pack(pack(tmp_path, PAIN.replace(old, new))).contents)
    assert found.split(": ", 1)[1] == fault


WRONG = [
    ("rest + 2 * walking", "rest + 2 * ▶running", "the pack names no item, need or parameter 'running' here"),
    ("if(sex ==", "if(▶gender ==", "the pack names no item, need or parameter 'gender' here"),
    (
        'rest + 2 * walking + if(sex == "male", 1, 0) + weight / 100 kg',
        "▶0 kg + weight",
        "the total is a number in kg",
    ),
    (
        "low: [0, 9], high: [10, null]",
        "low: [0, 9], high: ▶[11, null]",
        "between the bands low and high there is a gap",
    ),
    (
        "low: [0, 9], high: [10, null]",
        "low: [0, 9], high: ▶[9, null]",
        "the bands low and high overlap, or stand in the wrong order",
    ),
    ("{items: {rest: 1, walking: 2}, total", "{items: {▶rset: 1, walking: 2}, total", "there is no item 'rset'"),
    ("{weight: 49.9, sex: male}", "{▶height: 49.9, sex: male}", "there is no need 'height'"),
    ("band: low", "band: ▶middle", "there is no band 'middle'"),
    ("choices: {0: none, 5: much}", "choices: {0: none, ▶6: much}", "the choice 6 lies outside the range"),
    ("needs: {weight: {", "needs: {▶rest: {range: [0, 5]}, weight: {", "rest is also an item of Pain"),
    ("is: rest <= walking", "is: ▶rest + walking", "this is a number, where yes or no is asked for"),
    ("is: fall(total) >= 3", "is: fall(▶totals) >= 3", "the pack names no item, need or parameter 'totals' here"),
    (
        "{rest: {range",
        "{▶total: {range: [0, 1]}, rest: {range",
        "'total' has a meaning of its own, and cannot be a name",
    ),
]


@pytest.mark.parametrize(("old", "new", "what"), WRONG)
def test_what_is_wrong_in_an_instrument(tmp_path: Path, old: str, new: str, what: str) -> None:
    _wrong(tmp_path, PAIN, old, new, what, "instruments")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("smoker: yes/no}", "smoker: yes/no, ▶age: {range: [0, 9]}}", "lean takes age, and does not use it"),
        ("not smoker", "not ▶smokes", "the pack names no item, need or parameter 'smokes' here"),
        ("{given: {weight: 60.0}", "{given: {▶wieght: 60.0}", "there is no parameter 'wieght'"),
    ],
)
def test_what_is_wrong_in_a_definition(tmp_path: Path, old: str, new: str, what: str) -> None:
    _wrong(tmp_path, LEAN, old, new, what, "definitions")


def _wrong(folder: Path, text: str, old: str, new: str, what: str, file: str) -> None:
    assert old in text
    marked = text.replace(old, new, 1)
    with pytest.raises(WrongInput) as raised:
        load_pack(pack(folder, **{file: marked.replace("▶", "")}))
    assert raised.value.what == what
    if "▶" in marked:
        before = marked[: marked.index("▶")]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        assert raised.value.where.endswith(f"{file}.yaml:{line}:{column}")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("weight: 49.9, sex", "weight: heavy, sex", "'heavy' is not a number"),
        ("weight: 49.9, sex", "weight: 49.95, sex", "49.95 has more decimals than weight"),
        ("weight: 49.9, sex", "weight: 49 mm, sex", "49 mm cannot be brought to kg"),
        ("sex: male}, total: 6", "sex: man}, total: 6", "sex has no level 'man'"),
    ],
)
def test_an_example_that_cannot_be_read(tmp_path: Path, old: str, new: str, what: str) -> None:
    with pytest.raises(WrongInput) as raised:
        worked_examples(load_pack(pack(tmp_path, PAIN.replace(old, new))).contents)
    assert raised.value.what == what


def test_an_example_with_what_is_no_date(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as raised:
        faults(load_pack(pack(tmp_path, definitions=LEAN.replace("since: 2023-12-31", "since: soon"))).contents)
    assert raised.value.what == "since is a date, and not 'soon'"
