"""Study, records, cohort and results → the trace: who was counted, and why, down to the cells of the charts."""

from __future__ import annotations

from remit.schema.cohort import Cohort
from remit.schema.records import CENTRE, PATIENT, Records
from remit.schema.results import Results
from remit.schema.trace import Trace
from remit.study.study import Study
from remit.trace.charts import charts_of
from remit.trace.rows import events_of
from remit.trace.sets import sets_of
from remit.trace.steps import steps_of


def build_trace(study: Study, records: Records, cohort: Cohort, results: Results) -> Trace:
    """Of a large cohort only some patients are traced: see `trace.traced`."""
    sets = sets_of(study, cohort, results)
    patients = cohort.patients[list(sets.traced)]
    steps = steps_of(study, records, patients, [(each.label, each.query) for each in sets.definitions])
    events = events_of(study, records, patients)
    charts = charts_of(study, records, patients[PATIENT])
    return Trace(
        patients=tuple(patients[PATIENT]),
        centres=tuple(patients[CENTRE].fill_null("")),
        sets=sets.sets,
        behind=sets.behind,
        of=sets.of,
        definitions=steps.definitions,
        steps=steps.steps,
        leaves=steps.leaves,
        counted_rows=(*steps.counted_rows, *events),
        rows=charts.rows,
        columns=charts.columns,
        readings=charts.readings,
        sources=sets.sources,
        whole={each.form: number for number, each in enumerate(events, len(steps.counted_rows))},
    )
