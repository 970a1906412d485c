"""A comparison: our endpoint beside what other studies published. Each part of it is a module of this folder.

What is made of a comparison's results by further methods, as pooled or indirect estimates, is an analysis with a
section of its own, which follows this one.
"""

from __future__ import annotations

from collections.abc import Iterator

from remit.report.arms import population_notes
from remit.report.comparison.benchmark import benchmark_table
from remit.report.comparison.compared import Compared, compared_of
from remit.report.comparison.forest import comparison_figure
from remit.report.comparison.rules import rules_sentence, rules_table
from remit.report.comparison.sentences import caution, comparison_sentences
from remit.report.comparison.side_by_side import differences_told, side_by_side
from remit.report.document import Block, Paragraph, Section
from remit.report.lookup import Lookup
from remit.study.comparisons.kinds import Comparison
from remit.study.study import Study


def comparison_section(study: Study, analysis: Comparison, lookup: Lookup) -> Section:
    blocks = [block for found in compared_of(study, analysis, lookup) for block in _blocks(found)]
    return Section(f"analysis-{analysis.name}", analysis.title, (*blocks, caution(analysis)))


def _blocks(found: Compared) -> Iterator[Block]:
    """Beside each other; by their definitions; against their percentages."""
    yield from comparison_sentences(found)
    yield from (Paragraph(each) for each in population_notes(found.analysis, found.population, found.lookup))
    beside: tuple[Block | None, ...] = (comparison_figure(found), side_by_side(found), differences_told(found))
    rules: tuple[Block | None, ...] = (rules_sentence(found), rules_table(found), benchmark_table(found))
    yield from (block for block in (*beside, *rules) if block is not None)
