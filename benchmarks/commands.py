"""Whole commands at the size of the example."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from measuring import EXAMPLE, REMIT, median, run_once, table

RUNS = 5


def section(folder: Path) -> Iterator[str]:
    rows = []
    for name, command in (("remit --help", ["--help"]), (f"remit run {EXAMPLE}", ["run", EXAMPLE, "--out"])):
        runs = [
            run_once(REMIT, *command, *([folder / f"example-{number}"] if "--out" in command else []))
            for number in range(RUNS + 1)
        ][1:]
        seconds = [run.seconds for run in runs]
        found = median(runs)
        spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
        rows.append((f"`{name}`", f"{found.seconds:.2f}", spread, f"{found.mebibytes:.0f}"))
    yield f"## Whole commands\n\nThe example of 71 patients: the median of {RUNS} runs after a warm-up.\n"
    yield from table(("command", "seconds", "fastest to slowest", "peak memory, MiB"), rows)
