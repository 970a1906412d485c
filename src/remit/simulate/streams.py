"""Random numbers, a stream for each purpose: a field more does not change what is drawn for the others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Streams:
    seed: int

    def of(self, *purpose: str | int) -> np.random.Generator:
        """The generator for a purpose, such as ("visits", "crp", "missing"): always the same for one seed."""
        digest = hashlib.sha256("\0".join(map(str, purpose)).encode()).digest()
        words = np.frombuffer(digest[:16], dtype=np.uint32)
        return np.random.Generator(
            np.random.PCG64DXSM(np.random.SeedSequence(self.seed, spawn_key=tuple(map(int, words))))
        )
