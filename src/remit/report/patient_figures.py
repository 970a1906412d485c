"""The figures in which each patient is drawn, in the sections where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remit.report.document import Block, Paragraph, Section
from remit.report.figures.lines import lines_figure
from remit.report.figures.swimmer import swimmer_figure
from remit.report.figures.waterfall import bars_left_out, waterfall_figure
from remit.report.lookup import Lookup
from remit.schema.profiles import Individuals
from remit.study.analyses.kinds import Analysis, Change, Course
from remit.study.study import Study


def with_patients(
    study: Study, analysis: Analysis, section: Section, lookup: Lookup, individuals: Individuals
) -> Section:
    """The section with the figure in which each patient is drawn, if the analysis has one."""
    more: list[Block] = []
    match analysis:
        case Change():
            figure = waterfall_figure(study, analysis, individuals.bars)
            left_out = bars_left_out(study, analysis, individuals.bars)
            more = [*([figure] if figure else []), *([Paragraph((left_out,))] if left_out else [])]
        case Course():
            drawn = lines_figure(study, analysis, lookup, individuals.lines)
            more = [drawn] if drawn else []
    return replace(section, blocks=(*section.blocks, *more))


def treatment_sections(study: Study, individuals: Individuals) -> Iterator[Section]:
    if swimmer := swimmer_figure(study, individuals.treatments):
        yield Section("treatment-by-patient", "Treatment of each patient", (swimmer,), individual=True)
