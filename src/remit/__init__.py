"""remit: treatment-effectiveness cohort studies from charts to paper.

import remit

study = remit.read_study("my-study")
records = remit.read_records(study)
cohort = remit.derive_cohort(study, records)
results = remit.estimate_results(study, cohort)
remit.run_study("my-study", out="results")  # all of it, with the report
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from remit.derive.derive import derive_cohort
    from remit.errors import WrongInput
    from remit.estimate.estimate import estimate_results
    from remit.export.export import Exported, export_adam
    from remit.report.report import write_report
    from remit.run import Run, read_records, run_study
    from remit.schema.cohort import Cohort
    from remit.schema.records import Records
    from remit.schema.results import Results
    from remit.simulate.draw import draw_records
    from remit.simulation.charts import simulate_study
    from remit.simulation.operating import operating_characteristics
    from remit.study.build import read_study
    from remit.study.study import Study

# Imported when they are used: `remit --help` needs none of them.
_HOMES = {
    "Cohort": "remit.schema.cohort",
    "Exported": "remit.export.export",
    "Records": "remit.schema.records",
    "Results": "remit.schema.results",
    "Run": "remit.run",
    "Study": "remit.study.study",
    "WrongInput": "remit.errors",
    "derive_cohort": "remit.derive.derive",
    "draw_records": "remit.simulate.draw",
    "estimate_results": "remit.estimate.estimate",
    "export_adam": "remit.export.export",
    "operating_characteristics": "remit.simulation.operating",
    "read_records": "remit.run",
    "read_study": "remit.study.build",
    "run_study": "remit.run",
    "simulate_study": "remit.simulation.charts",
    "write_report": "remit.report.report",
}

__all__ = [
    "Cohort",
    "Exported",
    "Records",
    "Results",
    "Run",
    "Study",
    "WrongInput",
    "derive_cohort",
    "draw_records",
    "estimate_results",
    "export_adam",
    "operating_characteristics",
    "read_records",
    "read_study",
    "run_study",
    "simulate_study",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version("remit")
    if name not in _HOMES:
        raise AttributeError(f"module 'remit' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
