"""The one error that a user sees: where it is, what is wrong, and what would do. Exit code 2, no traceback."""

from __future__ import annotations


class WrongInput(Exception):
    """A study file, a pack or the structure of the charts is wrong; nothing has been written.

    where: the file with line and column ("study.yaml:12:9"), or the file with sheet ("S03.xlsx, sheet visits").
    what: what is wrong, one sentence.
    remedy: what would do, one sentence.
    """

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(where, what, remedy)
        self.where = where
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n  {self.remedy}"
