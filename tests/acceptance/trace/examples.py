"""The examples, derived once, with everything that is asked of their patients."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from remit.derive.define import queries
from remit.derive.derive import derive_cohort
from remit.language.query import Query, RowValue, outside_rows, walk
from remit.run import read_records
from remit.schema.cohort import Cohort
from remit.schema.records import Records
from remit.study.build import read_study
from remit.study.study import Study

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = ("upadacitinib-crohn", "rheumatoid-arthritis", "external-arm", "xanomeline-alzheimer")


@dataclass(frozen=True)
class Example:
    study: Study
    records: Records
    cohort: Cohort

    @property
    def asked(self) -> list[Query]:
        """Every definition, and each part of one that speaks of a patient."""
        found = (part for _, query in queries(self.study) for part in walk(query, outside_rows))
        return [*dict.fromkeys(part for part in found if not isinstance(part, RowValue))]


@cache
def example(name: str) -> Example:
    study = read_study(EXAMPLES / name)
    records = read_records(study)
    return Example(study, records, derive_cohort(study, records))
