"""The process that draws: started early, so that its warm-up runs beside the rest of the work."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any

from remit.errors import WrongInput

_REMEDY = "Install remit again with all that it needs (vl-convert-python); nothing has been written."
_COMMAND = (sys.executable, "-P", "-m", "remit.report.figures.draw")


class Renderer:
    """A process that turns Vega-Lite specifications into SVG: `ask`, as often as there is something, then `drawn`."""

    def __init__(self, command: tuple[str, ...] = _COMMAND) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8")
        self._asked: SimpleQueue[str | None] = SimpleQueue()
        self._said = ("", "")
        self._talk = Thread(target=self._exchange, daemon=True)
        self._talk.start()

    def ask(self, specs: Mapping[str, Mapping[str, Any]]) -> None:
        """Send what is to be drawn, and do not wait."""
        self._asked.put(json.dumps(specs))

    def _exchange(self) -> None:
        """In a thread, because a process that still warms up does not read yet."""
        while (specs := self._asked.get()) is not None:
            try:
                print(specs, file=self._process.stdin, flush=True)
            except BrokenPipeError:  # it has ended, and says why below
                break
        self._said = self._process.communicate()

    def drawn(self) -> dict[str, str]:
        """The SVG of each that was asked for. Raises WrongInput if the process failed."""
        self._end()
        out, errors = self._said
        if self._process.returncode != 0:
            raise WrongInput("figures", f"they could not be drawn: {_last_line(errors)}", _REMEDY)
        found: dict[str, str] = json.loads(out)
        return found

    def _end(self) -> None:
        self._asked.put(None)
        self._talk.join()

    def __enter__(self) -> Renderer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process, whatever happened."""
        if self._process.poll() is None:
            self._process.kill()
        self._end()


def start_renderer() -> Renderer:
    """Start the process; use it in a `with`."""
    return Renderer()


def _last_line(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return lines[-1] if lines else "the process that draws them ended without a word"
