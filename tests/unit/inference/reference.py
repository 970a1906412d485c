"""Numbers of other programs, from tests/reference, and the pages that print them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "reference"


def reference(name: str) -> dict[str, Any]:
    """What tests/reference/NAME.R wrote."""
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return read


def page(name: str) -> str:
    """docs/methods/NAME.md, its lines joined."""
    return " ".join((FOLDER.parents[1] / "docs" / "methods" / f"{name}.md").read_text("utf-8").split())
