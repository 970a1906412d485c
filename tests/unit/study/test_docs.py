"""docs/study-file.md tells every key, and its examples are right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel

from remit.study.build import read_study
from remit.study.document import parse_document
from remit.study.model import StudyFile
from remit.study.pack_model import FILES

PAGE = (Path(__file__).parents[3] / "docs" / "study-file.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def keys(annotation: Any) -> Iterator[str]:
    """Every key that may stand anywhere inside."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        hints = get_type_hints(annotation, include_extras=True)
        for name, info in annotation.model_fields.items():
            yield info.alias or name
            yield from keys(hints[name])
    elif get_origin(annotation) is not None:
        inner = get_args(annotation)[:1] if get_origin(annotation) is Annotated else get_args(annotation)
        for each in inner:
            yield from keys(each)


@pytest.mark.parametrize("key", sorted(set(keys(StudyFile))))
def test_each_key_of_the_study_file_is_told(key: str) -> None:
    assert re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`|^ *{key}:|[{{ ]{key}: ", PAGE, re.MULTILINE), key


@pytest.mark.parametrize("key", sorted({key for shape in FILES.values() for key in keys(shape)} - {"loinc"}))
def test_each_key_of_a_pack_is_told(key: str) -> None:
    assert re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`|^ *{key}:", PAGE, re.MULTILINE), key


def test_the_whole_example_is_a_study(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(EXAMPLES[0], "utf-8")
    study = read_study(tmp_path)
    assert [analysis.title for analysis in study.analyses] == ["Patients at baseline", "Effectiveness"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_is_yaml(example: str) -> None:
    parse_document(example, "docs")
