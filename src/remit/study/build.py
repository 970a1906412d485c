"""Study file → Study: read, complete from the packs, resolve every expression. Raises WrongInput with file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from remit.language.types import Date
from remit.study.analyses.build import make_analyses
from remit.study.analyses.declared import Declared
from remit.study.analyses.events import study_periods
from remit.study.arms import ArmsOfAnalyses, make_arms
from remit.study.comparisons.build import make_comparisons
from remit.study.definitions import DefinitionsBuilder
from remit.study.document import Document, read_document
from remit.study.endpoints import (
    make_endpoints,
    make_estimands,
    make_events,
    make_primary,
    refuse_primary_of_no_analysis,
)
from remit.study.expressions import Expressions, expect_exact_date
from remit.study.files import charts_folder, corrections_file, sources, study_file
from remit.study.imputation import make_imputation
from remit.study.loading import validate
from remit.study.model import StudyFile
from remit.study.names import Taken, refuse_same_columns, refuse_same_labels
from remit.study.observation import check_observation, date_of_patient, make_dosing
from remit.study.packs import load_packs
from remit.study.place import Place
from remit.study.populations import make_criteria, make_populations, make_subgroups
from remit.study.report_model import make_style
from remit.study.scope import full_scope, index_scope, make_charts, make_forms, make_visits
from remit.study.selection import Timeline
from remit.study.simulation_build import SimulationBuilder
from remit.study.study import Endpoint, Estimand, Population, Study, Visit
from remit.study.target_trial import make_target_trial
from remit.study.translations import translations_of


def read_study(path: Path | str) -> Study:
    """Read a study file, or the study.yaml of a folder.

    Raises WrongInput for the first thing that is wrong, with file, line and column.
    """
    path = study_file(Path(path))
    return study_of(read_document(path), path)


def study_of(document: Document, path: Path) -> Study:
    """The study that a document says; packs are looked for beside `path`. Raises WrongInput."""
    file = validate(document, StudyFile)
    place = Place(document)
    packs = load_packs(file.packs, place / "packs", path.parent)
    forms, totals = make_forms(file, packs, place)
    visits = make_visits(file, place)
    if file.charts.source is not None:
        (place / "charts" / "source").known(file.charts.source, sources(), "source of charts")
    check_observation(file, forms, visits, place)
    builder = DefinitionsBuilder(file, packs, totals, place)
    definitions = builder.definitions(Taken(forms, [visit.name for visit in visits]))
    scope = full_scope(file, forms, packs, visits, definitions)
    expressions = Expressions(scope, index_scope(file, forms, packs))
    index = expressions.query(file.index, place / "index", Date, before=True)
    expect_exact_date(index, place / "index")
    dosing = make_dosing(file, forms, expressions, place)
    builder.check(expressions, forms, visits[-1].name if visits else None)
    observed_until = date_of_patient("observed_until", file.observed_until, forms, place)
    timeline = Timeline(scope, index, visits, observed_until)
    criteria = make_criteria(file, timeline, expressions, place)
    populations = make_populations(file, expressions, place)
    endpoints = make_endpoints(file, timeline, expressions, place)
    events = make_events(file, visits, expressions, place)
    estimands = make_estimands(file, place)
    subgroups = make_subgroups(file, expressions, place)
    arms = make_arms(file, expressions, place)
    labelled: dict[str, Iterable[Visit | Population | Endpoint | Estimand]] = {
        "visits": visits,
        "populations": populations.values(),
        "endpoints": endpoints.values(),
        "estimands": estimands.values(),
    }
    for section, parts in labelled.items():
        refuse_same_labels({part.name: part.label for part in parts}, place / section)
    refuse_same_columns(forms, file.endpoints, file.analyses, place / "analyses")
    refuse_same_columns(forms, file.endpoints, file.comparisons, place / "comparisons")
    declared = Declared(file, packs, forms, visits, populations, endpoints, expressions, place, timeline)
    primary = make_primary(file, populations, endpoints, place)
    analyses = (*make_analyses(declared, ArmsOfAnalyses(arms)), *make_comparisons(declared))
    refuse_primary_of_no_analysis(primary, analyses, place / "primary")
    simulated = SimulationBuilder(file, packs, totals, forms, visits, dosing, index, place / "simulate")
    return Study(
        path=path,
        identity=file.study,
        packs=packs,
        charts_folder=charts_folder(file.charts, path.parent, place / "charts"),
        source=file.charts.source,
        charts=replace(
            make_charts(file.charts, forms, place / "charts"), corrections=corrections_file(file.charts, path.parent)
        ),
        forms=forms,
        scope=scope,
        index=index,
        observed_until=observed_until,
        birth=date_of_patient("birth", file.birth, forms, place),
        visits=visits,
        dosing=dosing,
        criteria=criteria,
        populations=populations,
        endpoints=endpoints,
        events=events,
        estimands=estimands,
        primary=primary,
        subgroups=subgroups,
        periods=study_periods(declared),
        analyses=analyses,
        simulation=simulated.simulation(),
        checks=builder.checks(expressions),
        arms=arms,
        imputation=make_imputation(declared),
        style=make_style(file.report, place / "report"),
        smallest_cell=file.report.smallest_cell,
        translations=translations_of(file.report, place),
        target_trial=make_target_trial(file, analyses, place / "target_trial"),
    )
