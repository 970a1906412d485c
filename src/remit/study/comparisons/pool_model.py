"""One entry of `pool:` in a comparison: which published results are pooled, and how."""

from __future__ import annotations

from pydantic import BaseModel

from remit.study.written import CLOSED, Label


class PoolPart(BaseModel):
    """A pooled estimate of what stands in the comparison."""

    model_config = CLOSED

    label: Label | None = None
    """What is printed; without it, the name with spaces."""
