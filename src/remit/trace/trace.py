"""Study, records, cohort and results → the trace: who was counted, and why, down to the cells of the charts."""

from __future__ import annotations

from remit.language.types import YesNo
from remit.schema.cohort import Cohort
from remit.schema.records import CENTRE, PATIENT, Records
from remit.schema.results import Results
from remit.schema.trace import Step, Trace, Traced
from remit.study.study import Study
from remit.trace.sets import sets_of


def build_trace(study: Study, records: Records, cohort: Cohort, results: Results) -> Trace:
    """Of a large cohort only some patients are traced: see `trace.traced`."""
    sets = sets_of(study, cohort, results)
    patients = cohort.patients[list(sets.traced)]
    return Trace(
        patients=tuple(patients[PATIENT]),
        centres=tuple(patients[CENTRE].fill_null("")),
        sets=sets.sets,
        behind=sets.behind,
        of=sets.of,
        definitions=tuple(Traced(each.label, number) for number, each in enumerate(sets.definitions)),
        steps=tuple(
            Step(each.label, isinstance(each.query.type, YesNo), ("",) * patients.height) for each in sets.definitions
        ),
        leaves=(),
        counted_rows=(),
        rows={},
        columns=(),
        readings={},
    )
