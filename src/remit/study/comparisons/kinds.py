"""A comparison, as it is asked: one of our endpoints beside what other studies published."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """An endpoint of ours at a visit under an estimand (or "decided": where it is known), beside published results. It
    is given in total: `arms` is None."""

    name: str
    title: str
    populations: tuple[str, ...]
    endpoint: str
    visit: str
    estimand: str
    arms: None = None
