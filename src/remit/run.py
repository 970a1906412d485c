"""The whole path, from a study file to a folder with its results: what `remit run` does."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path

import polars as pl

from remit.derive.derive import derive_cohort
from remit.derive.engines import Engine, engine_named
from remit.errors import WrongInput
from remit.estimate.estimate import estimate_results
from remit.output import check_out, now, whole_folder, write_parquet
from remit.plan.follow import Followed, followed
from remit.report.figures.renderer import Renderer, start_renderer
from remit.report.report import write_report
from remit.schema.cohort import COMPLETED, Cohort
from remit.schema.intake import Intake, intake_of
from remit.schema.plan import PlanNote
from remit.schema.records import Records
from remit.schema.results import Results
from remit.schema.run_folder import CHARTS, FORMS, RunNote, run_note, write_run_note
from remit.sources import digests
from remit.sources.kinds import source_of
from remit.study.as_read import files_of
from remit.study.build import read_study
from remit.study.study import Study
from remit.trace.individuals import individuals_of
from remit.trace.trace import build_trace


@dataclass(frozen=True)
class Run:
    study: Study
    records: Records
    cohort: Cohort
    results: Results
    intake: Intake
    note: RunNote
    report: Path


def read_records(study: Study) -> Records:
    """The study's charts, by the source that the study file names, else the one that their folder calls for.

    Raises WrongInput.
    """
    try:
        name = study.source or source_of(study.charts_folder)
        (source, *_) = entry_points(group="remit.sources", name=name)
        read = source.load()
        records: Records = read(study.charts_folder, study.forms, study.charts)
    except OSError as error:
        where = error.filename or study.charts_folder
        raise WrongInput(str(where), f"it cannot be read: {error.strerror}", "See that it may be read.") from error
    return records


def with_charts(study: Study, charts: Path | str | None) -> Study:
    """The study with other charts than its file names; None: with its own."""
    if charts is None:
        return study
    return replace(study, charts_folder=Path(charts), source=None, charts=replace(study.charts, others=True))


def with_synthetic(study: Study, records: Records) -> Study:
    """The study with what its charts say of themselves, if they say that their patients are not real."""
    if records.synthetic is None:
        return study
    return replace(study, identity=study.identity.model_copy(update={"synthetic": records.synthetic}))


def run_study(
    path: Path | str,
    out: Path | str,
    engine: str | Engine = "polars",
    say: Callable[[str], None] = lambda _: None,
    charts: Path | str | None = None,
) -> Run:
    """Read, derive, estimate, write. `say` hears of each step; `charts`: a folder of others than the study file names.

    Raises WrongInput before anything is written.
    """
    chosen = engine_named(engine) if isinstance(engine, str) else engine
    with start_renderer() as renderer:
        say("Reading the study file")
        made = now()
        study = with_charts(read_study(path), charts)
        files = files_of(study)
        plan = followed(study, files)
        check_out(Path(out), study.charts_folder)
        say("Reading the charts")
        with digests.taken(study.charts_folder, corrections_of(study)) as inputs:
            records = read_records(study)
        study = with_synthetic(study, records)
        say("Deriving the cohort")
        cohort = derive_cohort(study, records, chosen)
        say("Estimating")
        results, planned = with_plan(estimate_results(study, cohort), study, plan)
        intake = make_intake(records, cohort)
        command = command_of(study, chosen, charts is not None)
        note = run_note(files, study.identity.synthetic, made, inputs.found, command, planned)
        say("Writing the report")
        report = write(study, files, note, records, cohort, results, intake, Path(out), renderer)
    return Run(study, records, cohort, results, intake, note, report)


def corrections_of(study: Study) -> Path | None:
    """The file of corrections that applies to the charts."""
    return None if study.charts.others else study.charts.corrections


def with_plan(results: Results, study: Study, plan: Followed | None) -> tuple[Results, PlanNote | None]:
    """The results, which say whether they were planned, and what the run says of its plan."""
    return (results, None) if plan is None else plan.marked(results, study)


def command_of(study: Study, engine: Engine, others: bool) -> str:
    """What makes the run again, beside the study file. others: the charts are others than it names."""
    told = [f"remit run {shlex.quote(study.path.name)} --out FOLDER", *(["--charts CHARTS"] if others else [])]
    return " ".join([*told, *([f"--engine {engine.name}"] if engine.name != "polars" else [])])


def make_intake(records: Records, cohort: Cohort) -> Intake:
    rows = {form: frame.height for form, frame in records.forms.items()}
    centres = sorted(cohort.patients["centre"].drop_nulls().unique())
    return intake_of(rows, centres, ledger_of(records, cohort))


def ledger_of(records: Records, cohort: Cohort) -> pl.DataFrame:
    """What intake and derivation found, together."""
    return pl.concat([records.ledger, cohort.ledger])


def _completed(cohort: Cohort) -> dict[str, pl.DataFrame]:
    """By file, what was imputed and what the endpoints are then."""
    completed = cohort.completed
    if completed is None:
        return {}
    return dict(zip(COMPLETED, (completed.patients, completed.imputed, completed.models), strict=True))


def _charts(records: Records) -> dict[str, pl.DataFrame]:
    """By file, the charts as they were read."""
    forms = {f"{CHARTS}/{FORMS}/{name}": frame for name, frame in records.forms.items()}
    return {**forms, f"{CHARTS}/rows": records.rows, f"{CHARTS}/columns": records.columns}


def write(
    study: Study,
    files: Mapping[str, bytes],
    note: RunNote,
    records: Records,
    cohort: Cohort,
    results: Results,
    intake: Intake,
    out: Path,
    renderer: Renderer | None = None,
) -> Path:
    """Write everything into `out`; files appear there only when all of them are made. The report's path.

    files: see `study.as_read`.
    """
    with whole_folder(out) as made:
        synthetic = study.identity.synthetic
        write_run_note(note, files, made)
        frames = {
            "patients": cohort.patients,
            "visits": cohort.visits,
            "events": cohort.events,
            "periods": cohort.periods,
            "ledger": ledger_of(records, cohort),
            **_completed(cohort),
            **_charts(records),
        }
        (made / CHARTS / FORMS).mkdir(parents=True)
        with ThreadPoolExecutor(2) as pool:  # few at once: each is whole in memory until it is written
            written: list[Future[None]] = [
                pool.submit(write_parquet, frame, made / f"{title}.parquet", synthetic)
                for title, frame in frames.items()
            ]
            written.append(pool.submit(results.write, made, synthetic))
            (made / "intake.json").write_text(json.dumps(intake.as_json(), indent=1, ensure_ascii=False), "utf-8")
            individuals = individuals_of(study, records, cohort)
            trace = partial(build_trace, study, records, cohort, results)
            write_report(study, results, intake, made, renderer, trace, individuals, note)
        for each in written:
            each.result()
    return out / "report.html"
