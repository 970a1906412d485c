"""The editions of a report: who may see it, in the name of each file and on each page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Edition:
    """`words` stand on the first page and in the header. `patients`: single patients are shown in it."""

    name: str
    words: str
    patients: bool

    def file(self, stem: str, ending: str) -> str:
        return f"{self.folder(stem)}.{ending}"

    def folder(self, stem: str) -> str:
        return f"{stem}-{self.name}"


EDITIONS = {
    each.name: each
    for each in (
        Edition("internal", "Internal edition: for those who may see single patients", patients=True),
        Edition("shareable", "Shareable edition: without single patients and small counts", patients=False),
    )
}
