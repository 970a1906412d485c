"""Results → report.html."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from remit.report.adjusted_comparison import adjusted_section, compared
from remit.report.ancova import ancova_section
from remit.report.benchmarks import benchmark_blocks
from remit.report.cautions import cautions_section
from remit.report.centres import centres_section
from remit.report.change import change_section
from remit.report.characteristics import summary_section
from remit.report.comparison.section import comparison_section
from remit.report.completeness import completeness_section
from remit.report.course import course_sentences, course_tables
from remit.report.document import Block, Document, Section, figures_of, numbered
from remit.report.effectiveness import effectiveness_tables
from remit.report.endpoint_cautions import endpoint_cautions
from remit.report.figures.by_reason import incidence_figure
from remit.report.figures.centres import centres_figure
from remit.report.figures.completeness import completeness_figure
from remit.report.figures.completions import completions_figure
from remit.report.figures.course import course_figure
from remit.report.figures.endpoints import endpoints_figure
from remit.report.figures.events import events_figure
from remit.report.figures.love import love_figure
from remit.report.figures.propensity import overlap_figure
from remit.report.figures.ratios import hazards_figure, predictors_figure
from remit.report.figures.renderer import Renderer, start_renderer
from remit.report.figures.states import states_figure
from remit.report.figures.subgroups import subgroup_figure
from remit.report.figures.time_to_event import time_figure
from remit.report.figures.two_arms import ends_figure
from remit.report.flow import flow_diagram, participants
from remit.report.flow_arms import flow_table
from remit.report.hazards import hazard_paragraph, hazard_table
from remit.report.hazards import models_of as hazards_of
from remit.report.head import facts, findings, footer
from remit.report.imputation import imputation_section, shifts_table
from remit.report.in_style import in_style
from remit.report.indirect.section import indirect_section
from remit.report.intake import intake_section
from remit.report.lookup import Lookup
from remit.report.methods import methods_section
from remit.report.multiplicity import multiplicity_section
from remit.report.outcome import outcomes_of
from remit.report.panel.data import Json, as_json, as_script, panel_data
from remit.report.patient_figures import treatment_sections, with_patients
from remit.report.plan import with_run
from remit.report.pooling.section import pooling_section
from remit.report.post_hoc import marked
from remit.report.predictors import models_of, predictor_sentences, predictor_table
from remit.report.queries import to_fix_section
from remit.report.rates import rates_section
from remit.report.repeated_measures import repeated_section
from remit.report.safety import safety_section
from remit.report.sensitivity import sensitivity_sentences, sensitivity_table
from remit.report.sentences import endpoint_sentences
from remit.report.shift import shift_section
from remit.report.states import states_section
from remit.report.strobe import with_strobe
from remit.report.subgroups import subgroup_section
from remit.report.time_to_event import time_sentences, time_tables
from remit.report.two_arms import ends_sentences
from remit.schema.intake import Intake
from remit.schema.profiles import NOBODY, Individuals
from remit.schema.results import Results
from remit.schema.run_folder import RunNote
from remit.schema.to_fix import ToFix
from remit.schema.trace import Trace
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Analysis,
    Ancova,
    Centres,
    Change,
    Completeness,
    Course,
    Endpoints,
    Events,
    Multiplicity,
    Predictors,
    Rates,
    RepeatedMeasures,
    Sensitivity,
    Shift,
    States,
    Summary,
    TimeToEvent,
)
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study

FILE = "report.html"
Draw = Callable[[Mapping[str, Mapping[str, Any]]], None]
MakeTrace = Callable[[], Trace]


def write_report(
    study: Study,
    results: Results,
    intake: Intake,
    folder: Path,
    renderer: Renderer | None = None,
    trace: MakeTrace | None = None,
    individuals: Individuals = NOBODY,
    note: RunNote | None = None,
) -> Path:
    """Write report.html into a folder that exists, and of a large cohort its patients beside it, in `report-patients`.

    renderer: one that was started earlier, to save its warm-up. trace: makes what stands behind the results, while
    the figures are drawn. note: what a run says of itself.

    Raises MissingResult if results lack a number that the study asks for, and WrongInput if figures cannot be drawn;
    then nothing is written.
    """
    if renderer is None:
        with start_renderer() as own:
            return write_report(study, results, intake, folder, own, trace, individuals, note)
    document = build_document(study, results, intake, renderer.ask, individuals, note)
    return write_page(document, renderer.drawn, study, results, trace, folder / FILE)


def write_page(
    document: Document,
    drawn: Callable[[], Mapping[str, str]],
    study: Study,
    results: Results,
    trace: MakeTrace | None,
    path: Path,
) -> Path:
    """Write the page, and of a large cohort its patients in a folder beside it. drawn: the SVG of each panel.

    The shareable edition has no panel: it would tell of each number what is hidden beside it.
    """
    from remit.report.html import page  # Jinja is loaded while the figures are drawn

    beside: dict[str, Json] = {}
    inside = f"{path.stem}-patients"

    def panelled(printed: set[str]) -> str:
        data = panel_data(study, results, printed, trace() if trace else None)
        beside.update(data.beside)
        return as_json({**data.inline, "beside": inside})

    path.write_text(page(document, drawn, panelled if document.edition == "internal" else None), "utf-8")
    if beside:
        (path.parent / inside).mkdir()
    for name, data in beside.items():
        (path.parent / inside / f"{name}.js").write_text(as_script(name, data), "utf-8")
    return path


def build_document(
    study: Study,
    results: Results,
    intake: Intake,
    draw: Draw = lambda _: None,
    individuals: Individuals = NOBODY,
    note: RunNote | None = None,
    to_fix: ToFix | None = None,
) -> Document:
    """The report as data. `draw` hears of each section's figures as soon as they are known. `individuals`: the patients
    who are drawn one by one; nobody in an edition that may be shared. `note`: what a run says of itself; without it
    nothing is said of plan, versions and files. `to_fix`: what matters most to fix, where it was looked for."""
    sections = []
    lookup = Lookup(results)
    for plain in _sections(study, lookup, intake, individuals, to_fix):
        section = in_style(plain, study.style)
        if panels := [panel for figure in figures_of((section,)) for panel in figure.panels]:
            draw({panel.name: panel.spec for panel in panels})
        sections.append(section)
    document = Document(
        title=study.identity.title,
        synthetic=study.identity.synthetic,
        facts=facts(study, lookup),
        findings=findings(study, lookup),
        sections=numbered(tuple(sections)),
        footer=footer(study),
    )
    if note is not None:
        document = with_strobe(marked(with_run(document, study, note), study, results, note.plan), study)
    return in_style(document, study.style)


def _sections(
    study: Study, lookup: Lookup, intake: Intake, individuals: Individuals, to_fix: ToFix | None
) -> Iterator[Section]:
    if cautions := cautions_section(study, lookup, intake):
        yield cautions
    yield methods_section(study)
    yield Section("participants", "Participants", _participants(study, lookup))
    for analysis in study.analyses:
        yield with_patients(study, analysis, _analysis(study, analysis, lookup), lookup, individuals)
    yield from treatment_sections(study, individuals)
    if imputed := imputation_section(study, lookup):
        yield imputed
    yield intake_section(study, intake)
    yield to_fix_section(to_fix)


def _participants(study: Study, lookup: Lookup) -> tuple[Block, ...]:
    return *participants(study, lookup), flow_diagram(study, lookup), *flow_table(study, lookup)


def _analysis(study: Study, analysis: Analysis, lookup: Lookup) -> Section:
    match analysis:
        case Summary():
            return summary_section(study, analysis, lookup)
        case Endpoints():
            return _endpoints(study, analysis, lookup)
        case Course():
            return _course(study, analysis, lookup)
        case Events():
            return safety_section(study, analysis, lookup, events_figure(study, analysis, lookup))
        case Shift():
            return shift_section(study, analysis, lookup)
        case States():
            return states_section(study, analysis, lookup, states_figure(study, analysis, lookup))
        case Completeness():
            return completeness_section(study, analysis, lookup, completeness_figure(study, analysis, lookup))
        case TimeToEvent():
            return _times(study, analysis, lookup)
        case Sensitivity():
            return _sensitivity(study, analysis, lookup)
        case Change():
            return change_section(study, analysis, lookup)
        case Predictors():
            return _predictors(study, analysis, lookup)
        case Rates():
            return rates_section(study, analysis, lookup)
        case Centres():
            return centres_section(study, analysis, lookup, centres_figure(study, analysis, lookup))
        case Multiplicity():
            return multiplicity_section(analysis, lookup)
        case Indirect():
            return indirect_section(study, analysis, lookup)
        case Pooling():
            return pooling_section(study, analysis, lookup)
        case Comparison():
            return comparison_section(study, analysis, lookup)
        case RepeatedMeasures():
            return repeated_section(study, analysis, lookup)
        case AdjustedComparison():
            return _adjusted(study, analysis, lookup)
        case Ancova():
            return ancova_section(study, analysis, lookup)


def _endpoints(study: Study, analysis: Endpoints, lookup: Lookup) -> Section:
    figure = endpoints_figure(study, analysis, lookup)
    blocks: list[Block] = [*endpoint_sentences(study, analysis, lookup), *endpoint_cautions(study, analysis, lookup)]
    blocks += (figure,) if figure else ()
    blocks += effectiveness_tables(study, analysis, lookup)
    subgroups = subgroup_section(study, analysis, lookup, subgroup_figure(study, analysis, lookup))
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks), (subgroups,) if subgroups else ())


def _course(study: Study, analysis: Course, lookup: Lookup) -> Section:
    figure = course_figure(study, analysis, lookup)
    blocks: list[Block] = [*course_sentences(study, analysis, lookup), *((figure,) if figure else ())]
    blocks += course_tables(study, analysis, lookup)
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


def _times(study: Study, analysis: TimeToEvent, lookup: Lookup) -> Section:
    drawn = (time_figure(study, analysis, lookup), incidence_figure(study, analysis, lookup))
    blocks: list[Block] = [*time_sentences(study, analysis, lookup), *(figure for figure in drawn if figure)]
    blocks += time_tables(study, analysis, lookup)
    models = hazards_of(analysis, lookup) if analysis.covariates else []
    for model in models:
        blocks += [hazard_paragraph(study, model), hazard_table(study, model)]
    figure = hazards_figure(study, analysis, models)
    blocks += [figure] if figure else []
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


def _sensitivity(study: Study, analysis: Sensitivity, lookup: Lookup) -> Section:
    outcomes = outcomes_of(study, analysis, lookup)
    figure = completions_figure(outcomes)
    blocks: list[Block] = [said for outcome in outcomes for said in sensitivity_sentences(outcome)]
    for outcome in outcomes:
        shifts = shifts_table(outcome, study.imputation)
        blocks += [sensitivity_table(outcome), *((shifts,) if shifts else ())]
    blocks += [block for outcome in outcomes for block in benchmark_blocks(outcome)]
    blocks += [figure] if figure else []
    blocks += [said for outcome in outcomes for said in ends_sentences(outcome)]
    ends = ends_figure(outcomes)
    return Section(f"analysis-{analysis.name}", analysis.title, (*blocks, *((ends,) if ends else ())))


def _adjusted(study: Study, analysis: AdjustedComparison, lookup: Lookup) -> Section:
    every = compared(study, analysis, lookup)
    drawn = (love_figure(every), overlap_figure(every))
    return adjusted_section(study, analysis, lookup, [figure for figure in drawn if figure])


def _predictors(study: Study, analysis: Predictors, lookup: Lookup) -> Section:
    models = models_of(study, analysis, lookup)
    blocks: list[Block] = [predictor_sentences(model) for model in models]
    figure = predictors_figure(study, analysis, models)
    blocks += [figure] if figure else []
    blocks += [predictor_table(model) for model in models]
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))
