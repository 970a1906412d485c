"""Where something stands in a file, for messages about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.study.document import Document, Key


@dataclass(frozen=True)
class Place:
    """A value in a file; `place / "at" / 0` is deeper inside it."""

    document: Document
    key: Key = ()

    def __truediv__(self, step: str | int) -> Place:
        return Place(self.document, (*self.key, step))

    def wrong(self, what: str, remedy: str) -> WrongInput:
        """An error at the value."""
        return WrongInput(self.document.where(self.key), what, remedy)

    def wrong_name(self, what: str, remedy: str) -> WrongInput:
        """An error at the key in front of the value."""
        return WrongInput(self.document.where_named(self.key), what, remedy)

    def known(self, name: str, known: Iterable[str], kind: str) -> None:
        """Raises WrongInput if `name`, the value that stands here, is not among the known ones."""
        names = list(known)
        if name not in names:
            raise self.wrong(f"there is no {kind} '{name}'", nearest(name, names))

    def known_key(self, known: Iterable[str], kind: str) -> None:
        """As `known`, of the key in front of the value."""
        name, names = str(self.key[-1]), list(known)
        if name not in names:
            raise self.wrong_name(f"there is no {kind} '{name}'", nearest(name, names))

    def each(self, names: Iterable[str], known: Iterable[str], kind: str) -> None:
        """As `known`, of a list."""
        everything = list(known)
        for number, name in enumerate(names):
            (self / number).known(name, everything, kind)
