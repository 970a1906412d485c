"""Times whole commands, each in a new process as a user starts it, and writes docs/benchmarks.md.

The median of five runs after one that warms up, with bytecode compiled beforehand. Memory is the largest that a run
held, its own subprocesses counted one by one, as the kernel reports it when the process ends.
"""

from __future__ import annotations

import compileall
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import remit

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "benchmarks.md"
RUNS = 5
OUT = "<out>"  # replaced by a new folder for each run

COMMANDS = (
    ("remit", "--help"),
    ("remit", "run", "examples/upadacitinib-crohn", "--out", OUT),
)


@dataclass(frozen=True)
class Run:
    seconds: float
    mebibytes: float


def run_once(command: tuple[str, ...]) -> Run:
    program = Path(sys.executable).with_name(command[0])
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as said:
        arguments = [str(Path(folder) / "out") if part == OUT else part for part in command[1:]]
        start = time.perf_counter()
        process = subprocess.Popen([program, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed ({process.returncode}):\n{said.read().decode(errors='replace')}")
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kibibytes
    return Run(seconds, usage.ru_maxrss * unit / 2**20)


def measure(command: tuple[str, ...]) -> list[Run]:
    run_once(command)
    return [run_once(command) for _ in range(RUNS)]


def row(command: tuple[str, ...], runs: list[Run]) -> str:
    seconds = [run.seconds for run in runs]
    memory = max(run.mebibytes for run in runs)
    spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
    return f"| `{' '.join(command)}` | {statistics.median(seconds):.2f} | {spread} | {memory:.0f} |"


def main() -> None:
    compileall.compile_dir(Path(remit.__file__).parent, quiet=1)
    lines = [
        "# Benchmarks",
        "",
        f"Whole commands in new processes: the median of {RUNS} runs after a warm-up, bytecode compiled. Peak memory",
        "is the largest of the runs. Written by `make bench`.",
        "",
        f"{os.cpu_count()} CPUs ({platform.machine()}), {platform.system()}, Python {platform.python_version()}.",
        "",
        "| command | seconds | fastest to slowest | peak memory, MiB |",
        "|---|---:|---:|---:|",
    ]
    lines += [row(command, measure(command)) for command in COMMANDS]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
