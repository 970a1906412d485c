"""The JSON Schema of a file of evidence: it takes what remit takes, and refuses what is misspelt."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from remit.cli import app
from remit.study.json_schema import evidence_schema, evidence_schema_text
from remit.study.packs import BUILT_IN
from tests.unit.study.editor import seen
from tests.unit.study.evidence.files import EVIDENCE

VALID = jsonschema.Draft7Validator(evidence_schema())
FILES = sorted(BUILT_IN.glob("*/evidence/*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_takes_each_file_of_the_packs(path: Path) -> None:
    for version in ("1.1", "1.2"):
        assert not [error.message for error in VALID.iter_errors(seen(path.read_text("utf-8"), version))]


@pytest.mark.parametrize(
    ("old", "new"),
    [("percent: 60 V", "percent: 60"), ("percent: 60 V", "percents: 60 V"), ("design: randomised", "design: random")],
)
def test_it_refuses_what_remit_refuses(old: str, new: str) -> None:
    assert not [*VALID.iter_errors(seen(EVIDENCE, "1.2"))]
    assert [*VALID.iter_errors(seen(EVIDENCE.replace(old, new), "1.2"))]


def test_it_is_printed() -> None:
    jsonschema.Draft7Validator.check_schema(evidence_schema())
    printed = CliRunner().invoke(app, ["schema", "--evidence"]).stdout
    assert printed == evidence_schema_text()
    assert json.loads(printed)["title"] == "A published study, as evidence for remit"
