"""A page a patient, and narratives of serious adverse events, as files: always of the internal edition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from remit.errors import WrongInput
from remit.finished import Finished
from remit.output import written
from remit.report.document import Document
from remit.report.formats.editions import EDITIONS
from remit.report.profiles import narratives_document, profiles_document
from remit.trace.profiles import first_patients, known_patients, patients_with_serious_events, profiles_of

EDITION = EDITIONS["internal"]


@dataclass(frozen=True)
class PatientPages:
    """What the writers are given."""

    profiles: Document
    narratives: Document
    made: datetime


Panels = Mapping[str, str]  # the SVG of each by its name


def check_patients(formats: Sequence[str], edition: str | None, patients: Sequence[str]) -> None:
    """formats: those that show single patients. Raises WrongInput where what is asked does not go together."""
    if patients and not formats:
        what = "patients can be chosen for pages that show them one by one"
        raise WrongInput("--patient", what, f"Ask for one of these with --as: {', '.join(PATIENT_WRITERS)}.")
    if formats and edition not in (None, EDITION.name):
        what = f"{formats[0]} show single patients: no edition of them may be shared"
        raise WrongInput("--edition", what, f"Leave it out, or write `--edition {EDITION.name}`.")


def patient_pages(run: Finished, patients: Sequence[str], made: datetime) -> PatientPages:
    """patients: who are shown; nobody: the first, and in narratives who had a serious event. Raises WrongInput."""
    study, cohort = run.study, run.cohort
    asked = known_patients(cohort, patients)
    pages = profiles_of(study, run.records, cohort, asked if patients else first_patients(cohort))
    narrated = asked if patients else patients_with_serious_events(study, cohort)
    narratives = profiles_of(study, run.records, cohort, narrated)
    return PatientPages(profiles_document(study, pages), narratives_document(study, narratives), made)


def _profiles(pages: PatientPages, panels: Panels, folder: Path) -> list[Path]:
    from remit.report.html import page

    return [written(folder / EDITION.file("profiles", "html"), page(pages.profiles, lambda: panels).encode())]


def _narratives(pages: PatientPages, panels: Panels, folder: Path) -> list[Path]:
    from remit.report.formats.markdown import markdown

    text = markdown(pages.narratives, EDITION.words)
    return [written(folder / EDITION.file("narratives", "md"), text.encode())]


def _narratives_word(pages: PatientPages, panels: Panels, folder: Path) -> list[Path]:
    from remit.report.formats.word import docx

    made = docx(pages.narratives, EDITION.words, {}, pages.made)
    return [written(folder / EDITION.file("narratives", "docx"), made)]


PATIENT_WRITERS: Mapping[str, Callable[[PatientPages, Panels, Path], list[Path]]] = {
    "profiles": _profiles,
    "narratives": _narratives,
    "narratives-docx": _narratives_word,
}
