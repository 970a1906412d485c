"""The standard normal numbers behind each field: what centre, patient and moment have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.simulate.streams import Streams
from remit.study.simulation import Shape, Simulation

Latent = NDArray[np.float32]
CORRELATION = 0.5  # over visits, where none is declared


@dataclass(frozen=True)
class Crowd:
    """The patients: `centre` counts those of all replicates, so that each replicate has centres of its own."""

    streams: Streams
    simulation: Simulation
    centre: NDArray[np.intp]
    severity: Latent

    def latent(self, form: str, field: str, shape: Shape, visits: int = 1) -> Latent:
        """Of each patient at each visit: severity, the centre's part, the patient's own, and the moment's."""
        centre, severity, common = self._common(shape)
        told = shape.correlation if shape.correlation is not None else self.simulation.correlation
        correlation = max(CORRELATION, common) if told is None else told
        lasting = np.float32(max(correlation - common, 0.0) ** 0.5)
        passing = np.float32((1 - max(correlation, common)) ** 0.5)
        if visits == 1:
            lasting, passing = np.float32(0), np.float32((1 - common) ** 0.5)
        z = self._standard((len(self.centre), visits), form, field, "moment") * passing
        z += self._shared(form, field, centre, severity)[:, None]
        if lasting:
            z += lasting * self._standard((len(self.centre), 1), form, field, "patient")
        return z

    def of_rows(self, form: str, field: str, shape: Shape, patients: NDArray[np.intp], plan: int) -> Latent:
        """Of each row, for forms with any number of rows a patient."""
        centre, severity, common = self._common(shape)
        z = self._standard((len(patients),), form, field, "row", plan) * np.float32((1 - common) ** 0.5)
        if common:
            z += self._shared(form, field, centre, severity)[patients]
        return z

    def _common(self, shape: Shape) -> tuple[float, float, float]:
        centre = self.simulation.centre_effect if shape.centre_effect is None else shape.centre_effect
        return centre, shape.severity, centre**2 + shape.severity**2

    def _shared(self, form: str, field: str, centre: float, severity: float) -> Latent:
        shared = np.float32(severity) * self.severity
        if centre:
            count = int(self.centre.max()) + 1
            shared = shared + np.float32(centre) * self._standard((count,), form, field, "centre")[self.centre]
        return shared

    def _standard(self, size: tuple[int, ...], *purpose: str | int) -> Latent:
        return self.streams.of(*purpose).standard_normal(size, dtype=np.float32)
