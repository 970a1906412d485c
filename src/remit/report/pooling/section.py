"""The section of a pool: sentences, what to keep in mind, the figures, and the pooled estimates as tables."""

from __future__ import annotations

from remit.report.document import Block, Section
from remit.report.lookup import Lookup
from remit.report.pooling.cautions import caution_blocks
from remit.report.pooling.forest import forest_figure
from remit.report.pooling.found import Found
from remit.report.pooling.funnel import funnel_figure
from remit.report.pooling.sentences import pooling_sentences
from remit.report.pooling.studies import studies_fold
from remit.report.pooling.tables import moderators_table, pooled_tables
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study


def pooling_section(study: Study, pooling: Pooling, lookup: Lookup) -> Section:
    found = Found(study, pooling, lookup)
    blocks: list[Block] = [*pooling_sentences(study, pooling, lookup), *caution_blocks(found)]
    blocks += [figure for figure in (forest_figure(found), funnel_figure(found)) if figure]
    blocks += [*pooled_tables(found), *moderators_table(found), studies_fold(found)]
    return Section(f"analysis-{pooling.name}", pooling.title, tuple(blocks))
