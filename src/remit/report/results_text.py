"""The results section of a paper, in sentences: what the report says beside its tables and figures, in one language."""

from __future__ import annotations

from dataclasses import replace

from remit.report.adjusted_comparison import adjusted_sentences
from remit.report.benchmarks import benchmark_sentences
from remit.report.change import change_sentences
from remit.report.comparison.compared import compared_of
from remit.report.comparison.rules import rules_sentence
from remit.report.comparison.sentences import caution, comparison_sentences
from remit.report.course import course_sentences
from remit.report.document import Block, Number, Paragraph, Section, words
from remit.report.flow import participants
from remit.report.imputation import imputed_values_sentence
from remit.report.in_style import in_style
from remit.report.indirect.sentences import indirect_sentences
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup
from remit.report.outcome import outcomes_of
from remit.report.pooling.sentences import pooling_sentences
from remit.report.rates import rate_sentences
from remit.report.safety import safety_sentences
from remit.report.sensitivity import sensitivity_sentences
from remit.report.sentences import endpoint_sentences
from remit.report.summary_sentences import summary_sentences
from remit.report.time_to_event import time_sentences
from remit.schema.results import Results
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Analysis,
    Change,
    Course,
    Endpoints,
    Events,
    Rates,
    Sensitivity,
    Summary,
    TimeToEvent,
)
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study


def results_text(study: Study, results: Results, say: Language = ENGLISH) -> Section:
    """A section an analysis, in the order of the study file; after the flow of patients, and before what was missing.

    Raises MissingResult if results lack a number that the study asks for.
    """
    lookup = Lookup(results)
    parts = [Section("participants", say.text("Participants"), participants(study, lookup, say))]
    others = []
    for analysis in study.analyses:
        said = _analysis(study, analysis, lookup, say)
        if said is None:
            others.append(say.label(analysis.title))
        elif said:
            parts.append(Section(f"analysis-{analysis.name}", say.label(analysis.title), said))
    missing: list[Block] = [imputed_values_sentence(study, lookup, say)]
    parts.append(Section("missing", say.text("Missing values"), tuple(missing)))
    further = say("Further analyses stand in the report: {analyses}.", analyses=say.listed(others))
    last = Section("results", say.text("Results"), (Paragraph(words(further)),) if others else (), tuple(parts))
    return in_style(last, say.style(study.style))


def without_empty(results: Section, say: Language = ENGLISH) -> Section:
    """Of an edition in which numbers were hidden: the sections that have some left; then which have none."""
    kept = tuple(part for part in results.sections if _numbers(part))
    gone = [part.title for part in results.sections if part not in kept]
    if not gone:
        return results
    said = say("Not in this edition, for too few patients stand behind it: {sections}.", sections=say.listed(gone))
    return replace(results, blocks=(*results.blocks, Paragraph(said)), sections=kept)


def _numbers(section: Section) -> bool:
    paragraphs = (block for block in section.blocks if isinstance(block, Paragraph))
    return any(isinstance(part, Number) for each in paragraphs for part in each.words)


def _analysis(study: Study, analysis: Analysis, lookup: Lookup, say: Language) -> tuple[Paragraph, ...] | None:
    """None: the report has it as tables."""
    match analysis:
        case Summary():
            return summary_sentences(study, analysis, lookup, say)
        case Endpoints():
            return endpoint_sentences(study, analysis, lookup, say)
        case Sensitivity():
            outcomes = outcomes_of(study, analysis, lookup, say)
            sensitive = [said for outcome in outcomes for said in sensitivity_sentences(outcome)]
            return *sensitive, *(said for outcome in outcomes for said in benchmark_sentences(outcome))
        case Course():
            return course_sentences(study, analysis, lookup, say)
        case Change():
            return tuple(change_sentences(study, analysis, lookup, say))
        case TimeToEvent():
            return time_sentences(study, analysis, lookup, say)
        case Events():
            return tuple(safety_sentences(study, analysis, lookup, say))
        case AdjustedComparison():
            return adjusted_sentences(study, analysis, lookup, say)
        case Pooling():
            return tuple(pooling_sentences(study, analysis, lookup, say))
        case Rates():
            return tuple(rate_sentences(study, analysis, lookup, say))
        case Comparison():
            compared = compared_of(study, analysis, lookup, say)
            said = [part for each in compared for part in (*comparison_sentences(each), rules_sentence(each)) if part]
            return *said, caution(analysis, say)
        case Indirect():
            return indirect_sentences(study, analysis, lookup, say)
    return None
