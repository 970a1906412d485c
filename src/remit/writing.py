"""The author's text with the numbers of a finished run: what `remit write` does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from remit.errors import WrongInput
from remit.finished import read_finished
from remit.output import check_out, whole_folder
from remit.report.author.forms import Catalogue, Printer, catalogue_of, decimals_printed
from remit.report.author.template import read_template
from remit.report.author.typed import Typed, pairs_of, typed_numbers
from remit.report.language import code_named, language_of
from remit.report.lookup import Result
from remit.report.report import build_document
from remit.schema.run_folder import STUDY
from remit.study.as_read import STUDY_FILE
from remit.study.evidence.told import told
from remit.study.style import PLAIN

MOST_LIKELY = 2  # of the results that a number equals, those that are named


@dataclass(frozen=True)
class Written:
    """How many numbers are called, and those that were typed by hand."""

    bound: int
    typed: tuple[Typed, ...]

    def lines(self) -> list[str]:
        """For each typed number a line with its place; then how many there are."""
        found = [_told(each) for each in self.typed]
        equal = sum(1 for each in self.typed if each.equals)
        none = len(self.typed) - equal
        return [
            *found,
            f"Numbers: {self.bound} called; typed by hand {equal} that equal a result, {none} that equal none.",
        ]


def _told(typed: Typed) -> str:
    if not typed.equals:
        return f"{typed.place}: warning: {typed.text} was typed by hand, and equals no result"
    named = " or ".join(f"{{{{ {call} }}}}" for call in typed.equals[:MOST_LIKELY])
    others = len(typed.equals) - MOST_LIKELY
    more = f", or {others} others" if others > 0 else ""
    return f"{typed.place}: hint: {typed.text} was typed by hand; it is {named}{more}"


def write_text(template: Path, folder: Path, out: Path, language: str = "en") -> Written:
    """Fill the template with the results of a finished run. Raises WrongInput before anything is written."""
    text = _text(template)
    if out.is_dir():
        raise WrongInput("--out", f"{out} is a folder", f"Name a file: {out / template.name}.")
    if out.resolve() == template.resolve():
        raise WrongInput("--out", f"{out} is the template itself", "Name another file.")
    check_out(out.parent)
    code = code_named(language)
    found = read_template(text, str(template))
    run = read_finished(folder)
    catalogue = catalogue_of(run.results)
    say = language_of(code, run.study.translations.get(code, {}))
    plain = build_document(replace(run.study, style=PLAIN), run.results, run.intake)
    printer = Printer(catalogue, say, say.style(run.study.style), decimals_printed(plain))
    filled = found.filled([printer.said(call) for call in found.calls])
    named = pairs_of([(folder / STUDY / STUDY_FILE).read_text("utf-8")])
    typed = typed_numbers(found, catalogue, named)
    with whole_folder(out.parent) as made:
        (made / out.name).write_text(filled, "utf-8")
    return Written(len(found.calls), tuple(typed))


def results_like(folder: Path, pattern: str) -> list[str]:
    """A line for each result whose name has each word of the pattern: its name and value."""
    catalogue: Catalogue = catalogue_of(read_finished(folder).results)
    found = catalogue.found(pattern)
    if not found:
        raise WrongInput(pattern, "no result has this in its name", "Give fewer words, or parts of words.")
    width = max(len(result.id) for result in found)
    return [f"{result.id:<{width}}  {_value(result)}".rstrip() for result in found]


def _value(result: Result) -> str:
    if result.value is None:
        return f"— {result.note or ''}".rstrip()
    published = told(result.statistic, result.note)
    return f"{result.value:.6g} {published[1] if published else ''}".rstrip()


def _text(template: Path) -> str:
    try:
        return template.read_text("utf-8-sig")  # as some editors of Windows save it
    except FileNotFoundError:
        raise WrongInput(str(template), "there is no such file", "Name a template in Markdown.") from None
    except (OSError, UnicodeDecodeError):
        raise WrongInput(str(template), "it cannot be read as text in UTF-8", "Save it so.") from None
