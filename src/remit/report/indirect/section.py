"""The section of an indirect comparison."""

from __future__ import annotations

from remit.report.document import Block, Section
from remit.report.indirect.figure import weights_figure
from remit.report.indirect.found import found_of
from remit.report.indirect.sentences import indirect_sentences, not_mended
from remit.report.indirect.tables import balance_table, results_table
from remit.report.lookup import Lookup
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.study import Study


def indirect_section(study: Study, analysis: Indirect, lookup: Lookup) -> Section:
    found = found_of(study, analysis, lookup)
    blocks: list[Block] = [*indirect_sentences(study, analysis, lookup), not_mended(study, analysis)]
    for each in found:
        blocks += [results_table(each), balance_table(each)]
    figure = weights_figure(found)
    blocks += [figure] if figure else []
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))
