"""What a finished run left in its folder: the study and the charts as they were read, the cohort and its results."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from remit.derive.imputable import completions
from remit.errors import WrongInput
from remit.schema.cohort import COMPLETED, FRAMES, Cohort, Completed
from remit.schema.intake import Intake, intake_from
from remit.schema.records import Records
from remit.schema.results import Results
from remit.schema.run_folder import CHARTS, FORMS, RUN, STUDY, RunNote, digest_of, read_run_note
from remit.study.as_read import STUDY_FILE, read_kept
from remit.study.study import Study


@dataclass(frozen=True)
class Finished:
    """A run: its study, its cohort, and what it says of itself.

    The rest is read when it is asked for, and raises WrongInput then if it is gone. `guards` of what was imputed are
    not kept: the results hold them.
    """

    folder: Path
    study: Study
    cohort: Cohort
    note: RunNote

    @property
    def synthetic(self) -> str | None:
        return self.note.synthetic

    @cached_property
    def results(self) -> Results:
        return Results(_frame(self.folder, "results"))

    @cached_property
    def intake(self) -> Intake:
        path = self.folder / "intake.json"
        try:
            return intake_from(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            raise WrongInput(str(path), "it is gone, or not what a run writes", "Run the study again.") from None

    @cached_property
    def records(self) -> Records:
        """The charts as they were read. Their ledger is the run's: also of what derivation found."""
        folder = self.folder / CHARTS
        forms = {name: _frame(folder / FORMS, name) for name in self.study.forms}
        rows, columns = _frame(folder, "rows"), _frame(folder, "columns")
        return Records(forms, rows, columns, self.cohort.ledger, self.synthetic)


def read_finished(folder: Path) -> Finished:
    """The run that wrote this folder. Raises WrongInput."""
    note = _note(folder)
    _check_study(folder, note)
    study = read_kept(folder / STUDY / STUDY_FILE)
    identity = study.identity.model_copy(update={"synthetic": note.synthetic})
    patients, visits, events, periods, ledger = (_frame(folder, name) for name in FRAMES)
    cohort = Cohort(patients, visits, events, periods, ledger, _completed(folder, study))
    return Finished(folder, replace(study, identity=identity), cohort, note)


def _completed(folder: Path, study: Study) -> Completed | None:
    if not completions(study):
        return None
    patients, imputed, models = (_frame(folder, name) for name in COMPLETED)
    return Completed(patients, imputed, models, guards=())


def _note(folder: Path) -> RunNote:
    if not folder.is_dir():
        raise WrongInput(str(folder), "there is no such folder", "Name the folder that `remit run … --out` wrote.")
    try:
        return read_run_note(folder)
    except FileNotFoundError:
        what = f"it holds no {RUN}: it is no folder of a run, or an older remit wrote it"
        raise WrongInput(str(folder), what, "Run the study again: `remit run STUDY --out FOLDER`.") from None
    except (OSError, ValueError, TypeError, KeyError):
        raise WrongInput(str(folder / RUN), "it cannot be read as what a run writes", "Run the study again.") from None


def _check_study(folder: Path, note: RunNote) -> None:
    """The definitions must be those that the cohort was derived by."""
    for name, digest in note.study.items():
        path = folder / STUDY / name
        if not path.is_file():
            raise WrongInput(str(path), "the run wrote this file, and it is gone", "Run the study again.")
        if digest_of(path.read_bytes()) != digest:
            remedy = "Change the study where it is kept, and run it again."
            raise WrongInput(str(path), "it was changed since the run, so that the cohort may not fit it", remedy)


def _frame(folder: Path, name: str) -> pl.DataFrame:
    path = folder / f"{name}.parquet"
    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError):
        raise WrongInput(str(path), "it is gone, or no Parquet file", "Run the study again.") from None
