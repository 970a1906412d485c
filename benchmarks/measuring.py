"""Commands in new processes, as a user starts them: seconds, and the most memory that one held."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = "examples/upadacitinib-crohn"
REMIT = str(Path(sys.executable).with_name("remit"))
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes: macOS counts in these, Linux in kibibytes


@dataclass(frozen=True)
class Run:
    """`mebibytes`: the most that the process, or one of those that it started, held, as the kernel says at its end."""

    seconds: float
    mebibytes: float


def run_once(*command: str | Path) -> Run:
    """Ends the benchmark if the command fails."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            sys.exit(f"{command} failed ({process.returncode}):\n{said.read().decode(errors='replace')}")
    return Run(seconds, usage.ru_maxrss * PEAK_UNIT / 2**20)


def median(runs: Sequence[Run]) -> Run:
    return Run(statistics.median(run.seconds for run in runs), max(run.mebibytes for run in runs))


def simulate(patients: int, folder: Path) -> tuple[Run, Path]:
    """Charts of so many patients of the example study."""
    out = folder / f"simulated-{patients}"
    run = run_once(REMIT, "simulate", EXAMPLE, "--patients", str(patients), "--out", out)
    return run, out / "charts"


def without_imputation(folder: Path) -> Path:
    """The example study in a folder of its own, without the imputation of missing values: that draws each of them some
    hundred times, for studies of hundreds of patients."""
    written = (ROOT / EXAMPLE / "study.yaml").read_text("utf-8")
    section = re.compile(r"^imputation:\n(?:  .*\n)+", re.MULTILINE)
    handling = re.compile(r"^    missing: \[observed, imputation\]\n", re.MULTILINE)
    for pattern in (section, handling):
        written, times = pattern.subn("", written)
        if times != 1:
            sys.exit(f"{EXAMPLE}: its imputation is not written as this benchmark expects")
    study = folder / "without-imputation"
    study.mkdir(exist_ok=True)
    (study / "study.yaml").write_text(written, "utf-8")
    return study


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """In Markdown; the first column is text, the others numbers."""
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
