"""A comparison: our endpoint beside what other studies published."""

from __future__ import annotations

from remit.report.document import Section
from remit.report.lookup import Lookup
from remit.study.comparisons.kinds import Comparison
from remit.study.study import Study


def comparison_section(study: Study, analysis: Comparison, lookup: Lookup) -> Section:
    return Section(f"analysis-{analysis.name}", analysis.title, ())
