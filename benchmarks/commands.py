"""Whole commands at the size of the example."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from measuring import EXAMPLE, REMIT, median, run_once, table

RUNS = 5
NUMBER = "effectiveness.eligible.week12.clinical_remission.as_published.percent"
FORMATS = "docx,pdf,html,tables,figures"


def section(folder: Path) -> Iterator[str]:
    out = folder / "example"
    commands: dict[str, list[str | Path]] = {
        "remit --help": ["--help"],
        f"remit run {EXAMPLE}": ["run", EXAMPLE, "--out", out],
        f"remit report DIR --as {FORMATS}": ["report", out, "--as", FORMATS],
        f"remit report DIR --as {FORMATS} --edition internal": [
            "report",
            out,
            "--as",
            FORMATS,
            "--edition",
            "internal",
        ],
        f"remit explain DIR {NUMBER} --patient S03-002": ["explain", out, NUMBER, "--patient", "S03-002"],
        "remit explain DIR --cell S03.xlsx/visits/C5": ["explain", out, "--cell", "S03.xlsx/visits/C5"],
    }
    rows = []
    for name, command in commands.items():
        runs = [run_once(REMIT, *command) for _ in range(RUNS + 1)][1:]
        seconds = [run.seconds for run in runs]
        found = median(runs)
        spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
        rows.append((f"`{name}`", f"{found.seconds:.2f}", spread, f"{found.mebibytes:.0f}"))
    yield f"## Whole commands\n\nThe example of 71 patients: the median of {RUNS} runs after a warm-up.\n"
    yield from table(("command", "seconds", "fastest to slowest", "peak memory, MiB"), rows)
