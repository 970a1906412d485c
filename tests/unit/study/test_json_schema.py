"""The JSON Schema of the study file: it refuses what is misspelt, and never what remit takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from typer.testing import CliRunner

from remit.cli import app
from remit.errors import WrongInput
from remit.study.build import read_study
from remit.study.document import parse_document
from remit.study.json_schema import schema_text, study_schema
from remit.study.model import StudyFile
from tests.unit.study.editor import plain, seen
from tests.unit.study.making import STUDY, changed, written
from tests.unit.study.test_docs import EXAMPLES

ROOT = Path(__file__).parents[3]
SCHEMA = study_schema()
VALID = jsonschema.Draft7Validator(SCHEMA)
STUDIES = sorted(path for folder in ("examples", "tests/acceptance") for path in (ROOT / folder).rglob("study.yaml"))


def complaints(text: str, version: str = "1.2") -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALID.iter_errors(seen(text, version))]


# What is right


def test_it_is_a_schema_with_each_of_its_definitions() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    for part in SCHEMA["$defs"].values():
        jsonschema.Draft7Validator.check_schema(part)
    assert json.loads(schema_text()) == SCHEMA


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, part in schema.get("properties", {}).items():
        yield f"{path}{name}", part
    for name, part in schema.get("$defs", {}).items():
        yield from properties(part, f"{name}.")


@pytest.mark.parametrize(("name", "part"), list(properties(SCHEMA)))
def test_each_key_says_what_it_is(name: str, part: dict[str, Any]) -> None:
    told = part.get("description") or SCHEMA["$defs"][part["$ref"].split("/")[-1]]["description"]
    assert told.endswith((".", "}", "`")), name
    assert "title" not in part


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.parent.name)
def test_the_studies_of_the_repository_are_right(path: Path, version: str) -> None:
    assert complaints(path.read_text("utf-8"), version) == []


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_the_small_study_is_right(version: str) -> None:
    assert complaints(STUDY, version) == []


def model_takes(data: Any) -> bool:
    try:
        StudyFile.model_validate(data)
    except ValidationError:
        return False
    return True


def of_studies() -> Iterator[str]:
    """The examples of study files: the first is a whole one, the others are of its keys."""
    whole = parse_document(EXAMPLES[0], "docs").data
    for example in EXAMPLES:
        if model_takes({**whole, **parse_document(example, "docs").data}):
            yield example


def test_the_documentation_has_such_examples() -> None:
    assert len(list(of_studies())) >= 5


@pytest.mark.parametrize("example", list(of_studies()))
def test_the_examples_of_the_documentation_are_right(example: str) -> None:
    data = {**seen(EXAMPLES[0]), **seen(example)}
    assert [error.message for error in VALID.iter_errors(data)] == []


SHORT = [
    ("      smoker: yes/no", "      smoker: {type: yes/no, yes: smoking, no: not smoking}"),
    ("sex: {levels: {female: F, male: M}}", "sex: [female, male]"),
    ("sex: {levels: {female: F, male: M}}", "sex: {levels: {female: [F, 1], male: 2}}"),
    ("stage: {classification: Stage}", "stage: {classification: Stage, ordered: yes, optional: False}"),
    ("range: [20, 300]", 'range: [20.5, null]'),
    ("range: [20, 300]", 'range: [~, "300"]'),
    ("  women:\n    where: sex", "  women: sex"),
    ("data_cutoff: 2024-06-30", 'data_cutoff: "2024-06-30"'),
    ("remit: 1", 'remit: "1"'),
    ('tiny: "1"', "tiny: 1"),
    ("title: A small study", "title: 2024"),
    ("title: A small study", "title: no"),
    ("day: 84", 'day: "84"'),
    ("yes: [yes, Y]", "yes: [yes, Y, 1, true]"),
    ('after: "yes"', "after: yes"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), SHORT)
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_short_and_other_ways_to_write_are_right(tmp_path: Path, old: str, new: str, version: str) -> None:
    text = changed(STUDY, old, new)
    read_study(written(tmp_path, text))
    assert complaints(text, version) == []


# What is wrong

WRONG = [
    ("remit: 1", "remit: 2"),
    ("remit: 1", "remit: true"),
    ("remit: 1\n", ""),
    ("index: first", "idx: first"),
    ("endpoints:\n", "endpoint:\n"),
    ("  title: A small study\n", ""),
    ("  title: A small study\n", "  title:\n"),
    ("  title: A small study\n", "  title: [a, b]\n"),
    ("  title: A small study", '  title: " "'),
    ("data_cutoff: 2024-06-30", "data_cutoff: 30/06/2024"),
    ("packs:\n  tiny: \"1\"", "packs: [tiny]"),
    ("  yes: [yes, Y]", "  yes: Y"),
    ("  yes: [yes, Y]", "  yes: []"),
    ("dates: day/month/year", "dates: dmy"),
    ("{visits: {CRP serum: crp}}", "{CRP serum: crp}"),
    ("{day: 84, window: [63, 105]}", "{day: 84}"),
    ("{day: 84, window: [63, 105]}", "{day: 12 weeks, window: [63, 105]}"),
    ("{day: 84, window: [63, 105]}", "{day: 84, window: [63]}"),
    ("{day: 84, window: [63, 105]}", "{day: 84, window: [63, 105, 120]}"),
    ("{day: 84, window: [63, 105]}", "{day: 84, window: 63-105}"),
    ("{day: 84, window: [63, 105]}", "{day: 99999, window: [63, 105]}"),
    ("{day: 84, window: [63, 105]}", "{day: 84.5, window: [63, 105]}"),
    ("pick: last", "pick: latest"),
    ("  week12: {day", "  Week 12: {day"),
    ("    rows: once", "    rows: one"),
    ("    rows: once\n", ""),
    ("    date: visit_date\n", ""),
    ("    start: start_date\n    stop: stop_date\n", "    start: start_date\n"),
    ("birth_date: date", "birth_date: datum"),
    ("birth_date: date", "Birth Date: date"),
    ("birth_date: date", "birth_date: 1"),
    ("weight: {unit: kg, decimals: 1", "weight: {unit: kg, decimals: 12"),
    ("weight: {unit: kg, decimals: 1", "weight: {unit: kg, decimal: 1"),
    ("range: [20, 300]", "range: [low, high]"),
    ("range: [20, 300]", "range: 20"),
    ("sex: {levels: {female: F, male: M}}", "sex: {levels: []}"),
    ("stage: {classification: Stage}", "stage: {classification: Stage, ordered: sometimes}"),
    ("unit: years", "unit: weeks"),
    ("age: {is: index_date - birth_date, unit: years}", "age: {unit: years}"),
    ("    include: age >= 18 years", "    includes: age >= 18 years"),
    ("    include: age >= 18 years", "    include: age >= 18 years\n    exclude: heavy"),
    ("    where: sex", "    if: sex"),
    ("    is: pain <= 3 and not steroids\n", ""),
    ("    at: [week12]\n    is: pain", "    is: pain"),
    ("    at: [week12]\n    is: pain", "    at: week12\n    is: pain"),
    ("stopped: composite", "stopped: censored"),
    ("estimand: main}", "estimands: main}"),
    ("population: eligible, estimand", "estimand"),
    ("    kind: summary", "    kind: sumary"),
    ("    kind: summary\n", ""),
    ("    kind: course\n    rows: [pain, crp]", "    kind: course\n    rows: []"),
    ("    kind: course\n    rows: [pain, crp]", "    kind: course"),
    ("    kind: endpoints", "    kind: endpoints\n    rows: [age]"),
    ("    form: events\n", ""),
    ("{is: weight@baseline, label: body weight}", "{label: body weight}"),
]  # fmt: skip


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(("old", "new"), WRONG)
def test_what_is_wrong_is_refused_by_both(tmp_path: Path, old: str, new: str, version: str) -> None:
    text = STUDY.replace(old, new, 1)
    assert text != STUDY
    assert complaints(text, version)
    with pytest.raises(WrongInput):
        read_study(written(tmp_path, text))


# Random changes: what the schema refuses, remit refuses too

DATA: Any = parse_document(STUDY, "small").data
TEXTS = [
    "", " ", "x", "yes", "no", "True", "off", "date", "yes/no", "number", "0", "1", "01", "+1", "-1", "1.0", "1.5",
    ".5", "1e3", "99999", "1234567890", "2024-06-30", "2024-02-31", "20240630", "٣", "null", "~", "a b", " 84 ",
    "eligible", "week12", "age", "sex", "last", "summary", "composite", 'sex == "female"', "1/3", "visit", "period",
]  # fmt: skip
KEYS = ["x", "is", "at", "label", "kind", "rows", "where", "yes", "Week 12", "1", "", "day", "unit", "levels", "type"]


def places(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    for step, inner in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield (*path, step)
        yield from places(inner, (*path, step))


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


PLACES = list(places(DATA))
VALUES = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(PLACES).map(lambda path: at(DATA, path)),
    st.lists(st.sampled_from(TEXTS), max_size=3),
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(TEXTS), max_size=2),
)


@st.composite
def changed_studies(draw: st.DrawFn) -> Any:
    data = deepcopy(DATA)
    for path in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=2)):
        try:
            around, inside = at(data, path[:-1]), at(data, path)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
        if isinstance(around, str):
            continue  # an earlier change put a text there
        match draw(st.sampled_from(["replace", "replace", "remove", "add"])):
            case "replace":
                around[path[-1]] = deepcopy(draw(VALUES))
            case "remove":
                del around[path[-1]]
            case _ if isinstance(inside, dict):
                inside[draw(st.sampled_from(KEYS))] = deepcopy(draw(VALUES))
            case _ if isinstance(inside, list):
                inside.append(deepcopy(draw(VALUES)))
    return data


def as_seen(data: Any, version: str) -> Any:
    if isinstance(data, dict):
        return {key: as_seen(value, version) for key, value in data.items()}
    if isinstance(data, list):
        return [as_seen(each, version) for each in data]
    return data if version == "quoted" else plain(data, version)


def as_read(data: Any, version: str) -> Any:
    """What remit reads: texts as they stand, and nothing for a plain null."""
    if isinstance(data, dict):
        return {key: as_read(value, version) for key, value in data.items()}
    if isinstance(data, list):
        return [as_read(each, version) for each in data]
    return None if version != "quoted" and plain(data, version) is None else data


def text_of(data: Any, version: str) -> str:
    """As JSON, which is YAML; plain scalars that YAML would cut or join stay between quotation marks."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {text_of(value, version)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(text_of(each, version) for each in data) + "]"
    return data if version != "quoted" and plain(data, version) != data and data else json.dumps(data)


@pytest.mark.parametrize("version", ["1.1", "1.2", "quoted"])
@given(data=changed_studies())
@settings(max_examples=300, deadline=None)
def test_what_remit_takes_is_not_refused(tmp_path_factory: pytest.TempPathFactory, version: str, data: Any) -> None:
    if VALID.is_valid(as_seen(data, version)) or not model_takes(as_read(data, version)):
        return
    with pytest.raises(WrongInput):  # the schema refuses what only the checks after the model find
        read_study(written(tmp_path_factory.mktemp("study"), text_of(data, version)))


# The command


def test_the_command_prints_it() -> None:
    done = CliRunner().invoke(app, ["schema"])
    assert (done.exit_code, json.loads(done.output)) == (0, SCHEMA)


def test_the_command_writes_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["schema", "--out", str(tmp_path / "new" / "study.schema.json")])
    assert done.exit_code == 0
    assert json.loads((tmp_path / "new" / "study.schema.json").read_text("utf-8")) == SCHEMA


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["schema", "--out", str(tmp_path)])
    assert isinstance(done.exception, WrongInput)
    assert done.exception.what == f"{tmp_path} is a folder"
