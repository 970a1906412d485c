"""A finished run → the report in the formats that people ask for: what `remit report` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from remit.errors import WrongInput
from remit.finished import Finished, read_finished
from remit.output import check_out, now, whole_folder, written
from remit.patient_pages import PATIENT_WRITERS, check_patients, patient_pages
from remit.report.document import Document, Figure, Flow, blocks_of, figures_of
from remit.report.figures.drawing import Drawing, drawings_of
from remit.report.figures.renderer import start_renderer
from remit.report.formats.editions import EDITIONS, Edition
from remit.report.language import Code, code_named, language_of
from remit.report.report import build_document, write_page
from remit.schema.profiles import NOBODY
from remit.schema.to_fix import ToFix
from remit.schema.trace import Trace

SHAREABLE = "shareable"


@dataclass(frozen=True)
class Publication:
    """What the writers are given. `panels`: the SVG of each by its name; `drawings`: each figure by its number."""

    run: Finished
    document: Document
    edition: Edition
    panels: Mapping[str, str]
    drawings: Mapping[str, Drawing]
    made: datetime
    language: Code = "en"  # of the text
    tell: Callable[[str], None] = print  # what the user must know of it


Writer = Callable[[Publication, Path], list[Path]]


def publish(
    folder: Path,
    asked: str,
    edition: str | None = None,
    out: Path | None = None,
    patients: Sequence[str] = (),
    language: str = "en",
    tell: Callable[[str], None] = print,
    to_fix: Callable[[Finished], ToFix] | None = None,
) -> list[Path]:
    """Write the report of a finished run. asked: formats, "docx,pdf". edition: the shareable one if it is not named.
    out: the run's own folder if it is not named. patients: of whom there are pages; nobody: of the first. language: of
    the format `text`; `tell` hears which labels it lacks. to_fix: looks for what matters most to fix, which stands in
    the internal edition.

    The files and folders. Raises WrongInput before anything is written.
    """
    formats, into = formats_in(asked), folder if out is None else out
    of_report = [name for name in formats if name in WRITERS]
    of_patients = [name for name in formats if name in PATIENT_WRITERS]
    check_patients(of_patients, edition, patients)
    kind, code = edition_named(edition or SHAREABLE), _language(language, formats)
    for name in formats:
        if check := CHECKS.get(name):
            check()
    with start_renderer() as renderer:
        run = read_finished(folder)
        check_out(into)
        document = _document(run, kind, to_fix) if of_report else None
        pages = patient_pages(run, patients, now()) if of_patients else None
        drawn = [document, pages.profiles if pages and "profiles" in of_patients else None]
        for figure in (figure for each in drawn if each for figure in figures_of(each.sections)):
            renderer.ask({panel.name: panel.spec for panel in figure.panels})
        panels = renderer.drawn()
    with whole_folder(into) as made:
        paths: list[Path] = []
        if document:
            drawings = drawings_of(document, panels)
            publication = Publication(run, document, kind, panels, drawings, now(), code, tell)
            paths += [path for name in of_report for path in WRITERS[name](publication, made)]
        if pages:
            paths += [path for name in of_patients for path in PATIENT_WRITERS[name](pages, panels, made)]
        files = [path.relative_to(made) for path in paths]
    return [into / path for path in files]


def formats_in(asked: str) -> list[str]:
    """Each once, in the order of WRITERS."""
    names, formats = [name.strip() for name in asked.split(",")], (*WRITERS, *PATIENT_WRITERS)
    for name in names:
        if name not in formats:
            known = ", ".join(formats)
            raise WrongInput("--as", f"'{name}' is no format of a report", f"Name one or more of {known}.")
    return [name for name in formats if name in names]


def _language(name: str, formats: list[str]) -> Code:
    code = code_named(name)
    if code != "en" and "text" not in formats:
        raise WrongInput("--language", "the text alone is written in other languages", "Add `--as text`.")
    return code


def edition_named(name: str) -> Edition:
    if name not in EDITIONS:
        raise WrongInput("--edition", f"'{name}' is no edition", f"Name one of {', '.join(EDITIONS)}.")
    return EDITIONS[name]


def _document(run: Finished, edition: Edition, to_fix: Callable[[Finished], ToFix] | None) -> Document:
    from remit.report.edition.shareable import shareable
    from remit.trace.individuals import individuals_of

    individuals = individuals_of(run.study, run.records, run.cohort) if edition.patients else NOBODY
    fixes = to_fix(run) if to_fix and edition.patients else None
    document = build_document(run.study, run.results, run.intake, individuals=individuals, note=run.note, to_fix=fixes)
    return document if edition.patients else shareable(document, run.results, run.study)


# The formats


def _html(report: Publication, folder: Path) -> list[Path]:
    from remit.trace.trace import build_trace

    run = report.run

    def trace() -> Trace:
        return build_trace(run.study, run.records, run.cohort, run.results)

    path = folder / report.edition.file("report", "html")
    made = trace if report.edition.patients else None
    return [write_page(report.document, lambda: report.panels, run.study, run.results, made, path)]


def _docx(report: Publication, folder: Path) -> list[Path]:
    from remit.report.formats.word import docx

    made = docx(report.document, report.edition.words, report.drawings, report.made)
    return [written(folder / report.edition.file("report", "docx"), made)]


def _pdf(report: Publication, folder: Path) -> list[Path]:
    from remit.report.formats.pdf import pdf

    made = pdf(report.document, report.edition.words, report.drawings, report.made)
    return [written(folder / report.edition.file("report", "pdf"), made)]


def _tables(report: Publication, folder: Path) -> list[Path]:
    from remit.report.formats.csv_files import table_files
    from remit.report.formats.xlsx import xlsx

    style = report.run.study.style
    book = folder / report.edition.file("tables", "xlsx")
    written(book, xlsx(report.document, report.edition.words, style, report.made))
    inside = folder / report.edition.folder("tables")
    inside.mkdir()
    for name, content in table_files(report.document, style).items():
        written(inside / name, content)
    return [book, inside]


def _figures(report: Publication, folder: Path) -> list[Path]:
    from remit.report.formats.figure_data import figure_csv

    inside = folder / report.edition.folder("figures")
    inside.mkdir()
    for block in blocks_of(report.document.sections):
        if isinstance(block, Figure | Flow):
            drawing = report.drawings[block.number]
            written(inside / f"{drawing.name}.svg", drawing.svg.encode())
            written(inside / f"{drawing.name}.png", drawing.png)
            written(inside / f"{drawing.name}.pdf", drawing.pdf)
            written(inside / f"{drawing.name}.csv", figure_csv(block, report.document.synthetic))
    return [inside]


def _strobe(report: Publication, folder: Path) -> list[Path]:
    from remit.report.strobe import checklist, markdown

    found = checklist(report.run.study, report.document.sections)
    text = markdown(found, report.document.title, report.document.synthetic, report.edition.words)
    return [written(folder / report.edition.file("strobe", "md"), text.encode())]


def _text(report: Publication, folder: Path) -> list[Path]:
    from remit.report.edition.shareable import shareable
    from remit.report.formats.markdown import markdown
    from remit.report.results_text import results_text, without_empty

    run, code = report.run, report.language
    say = language_of(code, run.study.translations.get(code, {}))
    section = results_text(run.study, run.results, say)
    document = replace(report.document, sections=(section,), footer=())
    if not report.edition.patients:
        document = shareable(document, run.results, run.study)
        document = replace(document, sections=tuple(without_empty(part, say) for part in document.sections))
    if lacking := list(say.labels.lacking):
        report.tell(f"Without a text in this language, as they are written ({len(lacking)}): {'; '.join(lacking)}.")
    stem = "results" if code == "en" else f"results-{code}"
    path = folder / report.edition.file(stem, "md")
    return [written(path, markdown(document, report.edition.words).encode())]


def _check_word() -> None:
    from remit.report.formats.word import pandoc_command

    pandoc_command()


def _check_pdf() -> None:
    from remit.report.formats.pdf import check_typst

    check_typst()


WRITERS: Mapping[str, Writer] = {
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
    "tables": _tables,
    "figures": _figures,
    "strobe": _strobe,
    "text": _text,
}
CHECKS: Mapping[str, Callable[[], None]] = {"docx": _check_word, "pdf": _check_pdf, "narratives-docx": _check_word}
