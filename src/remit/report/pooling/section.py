"""The section of a pool: sentences, a forest plot, and a table of the pooled estimates."""

from __future__ import annotations

from remit.report.document import Block, Section
from remit.report.lookup import Lookup
from remit.report.pooling.cautions import caution_blocks
from remit.report.pooling.forest import pooling_figure
from remit.report.pooling.found import Found
from remit.report.pooling.sentences import pooling_sentences
from remit.report.pooling.tables import pooled_table, studies_fold
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study


def pooling_section(study: Study, pooling: Pooling, lookup: Lookup) -> Section:
    found = Found(study, pooling, lookup)
    figure = pooling_figure(found)
    blocks: list[Block] = [*pooling_sentences(study, pooling, lookup), *caution_blocks(found)]
    blocks += [figure] if figure else []
    blocks += [pooled_table(found), studies_fold(found)]
    return Section(f"analysis-{pooling.name}", pooling.title, tuple(blocks))
