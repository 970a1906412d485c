"""A study can have every instrument of the pack as a field, and bind every definition and criterion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from remit.study.build import read_study
from remit.study.names import slug
from tests.unit.packs.reading import written

INSTRUMENTS, DEFINITIONS = written("instruments"), written("definitions")


def study(visit_fields: dict[str, Any], endpoints: dict[str, Any], folder: Path, **derived: Any) -> Path:
    """A study file with such fields at its visits, and such definitions."""
    document = {
        "remit": 1,
        "study": {"id": "all-of-the-pack", "title": "All of the pack", "data_cutoff": "2024-06-30"},
        "packs": {"ibd": written("pack")["version"]},
        "index": "start_date",
        "visits": {"baseline": {"day": 0, "window": [-30, 0]}, "week12": {"day": 84, "window": [63, 105]}},
        "forms": {
            "patients": {
                "rows": "once",
                "fields": {
                    "start_date": "date",
                    "sex": ["female", "male"],
                    "height": {"unit": "cm", "range": [50, 250]},
                },
            },
            "visits": {"rows": "visit", "date": "visit_date", "fields": {"visit_date": "date", **visit_fields}},
        },
        "eligibility": {"too small": {"include": "height >= 100 cm"}},
        "derived": derived or {"tall": "height > 200 cm"},
        "endpoints": endpoints,
        "analyses": {"endpoints": {"kind": "endpoints"}},
    }
    path = folder / "study.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), "utf-8")
    return path


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_is_a_field_and_its_criteria_are_endpoints(name: str, tmp_path: Path) -> None:
    kind = "instrument" if "items" in INSTRUMENTS[name] else "score"
    criteria = INSTRUMENTS[name].get("criteria", {})
    endpoints: dict[str, Any] = {
        f"endpoint_{slug(label)}": {"at": ["week12"], "definition": f"{name} {label}"} for label in criteria
    }
    endpoints["measured"] = {"at": ["week12"], "is": "known(score)"}
    read = read_study(study({"score": {kind: name}}, endpoints, tmp_path))
    assert {f"endpoint_{slug(label)}" for label in criteria} <= read.endpoints.keys()


NUMBERS = [name for name in DEFINITIONS if name.startswith(("CTCAE", "Montreal", "prednisone")) and "check" not in name]


@pytest.mark.parametrize("name", [name for name in DEFINITIONS if name not in NUMBERS])
def test_a_definition_of_yes_or_no_is_an_endpoint(name: str, tmp_path: Path) -> None:
    endpoint = {"at": ["week12"], "definition": name}
    read = read_study(study(DEFINITIONS[name]["takes"], {"result": endpoint}, tmp_path))
    assert "result" in read.endpoints


@pytest.mark.parametrize("name", NUMBERS)
def test_a_grade_or_dose_is_a_derived_value(name: str, tmp_path: Path) -> None:
    endpoint = {"at": ["week12"], "is": "number >= 2 mg" if "prednisone" in name else "number >= 2"}
    read = read_study(study(DEFINITIONS[name]["takes"], {"high": endpoint}, tmp_path, number={"definition": name}))
    assert "high" in read.endpoints
