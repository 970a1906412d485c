"""Where the time of `remit run` goes, by step: processor time of its main process, of the example and at a large size.

`python benchmarks/steps.py STUDY OUT TOLD [CHARTS]` runs the study and writes what each step took.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from measuring import EXAMPLE, PEAK_UNIT, run_once, table, without_imputation

RUNS = 5


@dataclass(frozen=True)
class Step:
    """`seconds`: of all its threads. `mebibytes`: the most that the process had held by its end."""

    name: str
    seconds: float
    mebibytes: float


def section(charts: Path, patients: int, folder: Path) -> Iterator[str]:
    example = [_steps(EXAMPLE, folder / f"steps-{number}") for number in range(RUNS + 1)][1:]
    large = _steps(without_imputation(folder), folder / "steps-large", charts)
    rows = [
        (name, f"{seconds:.2f}", f"{at_large.seconds:.1f}", f"{at_large.mebibytes / 1024:.1f}")
        for (name, seconds), at_large in zip(_medians(example), large, strict=True)
    ]
    print(*rows, sep="\n", flush=True)
    yield "\n## By step\n"
    yield f"Processor time in seconds of `remit run {EXAMPLE}`, of all threads of its main process together:"
    yield f"the median of {RUNS} runs of the 71 patients, and one run of {patients:,} simulated ones without"
    yield "imputation. Figures are drawn by another process.\n"
    yield from table(("step", "71 patients", f"{patients:,} patients", "peak memory so far, GiB"), rows)


def _medians(runs: Sequence[Sequence[Step]]) -> list[tuple[str, float]]:
    return [
        (of_step[0].name, statistics.median(step.seconds for step in of_step)) for of_step in zip(*runs, strict=True)
    ]


def _steps(study: Path | str, out: Path, *charts: Path) -> list[Step]:
    told = out.with_suffix(".json")
    run_once(sys.executable, Path(__file__), study, out, told, *charts)
    return [Step(*each) for each in json.loads(told.read_text("utf-8"))]


def main(study: Path, out: Path, told: Path, charts: Path | None = None) -> None:
    import resource

    from remit.run import run_study

    marks: list[tuple[str, float, float]] = []

    def mark(step: str) -> None:
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT / 2**20
        marks.append((step, time.process_time(), held))

    run_study(study, out, say=mark, charts=charts)
    mark("")
    starting = ("Starting Python, importing remit and its libraries", marks[0][1], marks[0][2])
    steps = [(name, later - at, held) for (name, at, _), (_, later, held) in pairwise(marks)]
    told.write_text(json.dumps([starting, *steps]), "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
