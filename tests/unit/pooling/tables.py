"""Tables of studies for the tests."""

from __future__ import annotations

from pathlib import Path

BCG = Path(__file__).parents[3] / "examples" / "bcg-vaccine" / "trials.csv"

COHORTS = """study,n,of,design,week
Friedberg 2023,12,17,prospective,8
Wuhan 2025,33,77,retrospective,12
Preprint 2025,31,52,retrospective,12
Korea 2024,8,23,prospective,12
Ye 2026,24,24,retrospective,12
"""


def table(folder: Path, text: str) -> Path:
    path = folder / "studies.csv"
    path.write_text(text, "utf-8")
    return path
