"""Measures remit and writes docs/benchmarks.md: python benchmarks/run.py, or `make bench`.

It draws its own charts into a temporary folder. On a machine with nothing else to do it takes some ten minutes.
"""

from __future__ import annotations

import compileall
import os
import platform
import tempfile
from pathlib import Path

import by_hand
import cohorts
import commands
import opening
import sizes
import steps
import table_one
from measuring import ROOT, simulate

import remit

REPORT = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    compileall.compile_dir(Path(remit.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory(prefix="remit-bench-") as made:
        folder = Path(made)
        simulated, charts = {}, {}
        for size in sorted({size for of_engine in sizes.SIZES.values() for size in of_engine}):
            simulated[size], charts[size] = simulate(size, folder)
        lines = [
            "# Benchmarks",
            "",
            "Whole commands in new processes, bytecode compiled, on charts that remit simulates. Peak memory is the",
            "most that a process held, as the kernel says at its end. Written by `make bench`.",
            "",
            f"{machine()}, Python {platform.python_version()}.",
            "",
            *commands.section(folder),
            *sizes.section(charts, simulated, folder),
            *steps.section(charts[sizes.LARGE], sizes.LARGE, folder),
            *cohorts.section(),
            *opening.section(
                {
                    "71": folder / "example" / "report.html",
                    f"{sizes.LARGE:,}": folder / f"polars-{sizes.LARGE}" / "report.html",
                }
            ),
            *table_one.section(folder / f"polars-{sizes.LARGE}"),
            *by_hand.section(charts[sizes.LARGE], folder),
        ]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} CPUs ({platform.machine()}), {memory:.0f} GiB of memory, {platform.system()}"


if __name__ == "__main__":
    main()
