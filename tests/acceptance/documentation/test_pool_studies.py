"""A published meta-analysis is reproduced by the commands of the documentation, and what they print stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "how-to" / "pool-studies.md").read_text("utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
PRINTED = [
    line for text in re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) for line in text.splitlines()
]


def test_every_line_that_the_page_shows_is_printed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "bcg-vaccine", tmp_path / "examples" / "bcg-vaccine")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said: list[str] = []
    for command in COMMANDS:
        done = subprocess.run(
            ["bash", "-euc", command], cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        said += done.stdout.splitlines()
    assert [line for line in PRINTED if line not in said] == []
    assert len(COMMANDS) == 2
    assert (tmp_path / "pooled" / "forest.svg").is_file()


def test_what_colditz_and_others_published() -> None:
    """JAMA 1994;271:698-702: a relative risk of 0.49 (95 % CI 0.34 to 0.70)."""
    assert "a relative risk of 0.49 (95 % CI 0.34 to 0.70)" in PAGE
    assert any(line.split("  ")[1:] and "0.49 (0.34 to 0.70)" in line for line in PRINTED)
