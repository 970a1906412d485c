"""Results → report.html."""

from __future__ import annotations

from pathlib import Path

from remit.schema.intake import Intake
from remit.schema.results import Results
from remit.study.study import Study


def write_report(study: Study, results: Results, intake: Intake, folder: Path) -> Path:
    path = folder / "report.html"
    path.write_text(f"<h1>{study.identity.title}</h1>", "utf-8")
    return path
