"""One entry of `indirect:` in a comparison: with which published arm our patients are compared, and how."""

from __future__ import annotations

from pydantic import BaseModel

from remit.study.written import CLOSED, Label, Text


class IndirectPart(BaseModel):
    """An indirect comparison, in which our patients are made like those of a published arm."""

    model_config = CLOSED

    label: Label | None = None
    """What is printed; without it, the name with spaces."""
    against: Text
    """The published outcome, as in `trial.remission`."""
