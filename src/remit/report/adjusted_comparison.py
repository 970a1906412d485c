"""An adjusted comparison of arms that chance did not assign."""

from __future__ import annotations

from remit.report.document import Section
from remit.report.lookup import Lookup
from remit.study.analyses.kinds import AdjustedComparison
from remit.study.study import Study


def adjusted_section(study: Study, analysis: AdjustedComparison, lookup: Lookup) -> Section:
    return Section(f"analysis-{analysis.name}", analysis.title, ())
