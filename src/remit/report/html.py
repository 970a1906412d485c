"""A document as one HTML page that opens without a network: style and drawings stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from remit.report.document import Cell, Document, Inline, Key, Panel, Table, Words, figures_of, plain
from remit.report.figures.style import results_in
from remit.report.figures.svg import in_page
from remit.report.figures.symbols import symbol_of

if TYPE_CHECKING:
    from jinja2 import Template


_BOUND = re.compile(r' data-result="([^"]*)"')
_DATA = "<!-- what the panel shows -->"


Panelled = Callable[[set[str]], str]


def page(document: Document, drawn: Callable[[], Mapping[str, str]], panelled: Panelled | None = None) -> str:
    """The page. `drawn` gives the SVG of each panel by its name; it is waited for when all else is made. `panelled`
    gives what the panel shows, as JSON, from the names of the results that the page has; without it there is none."""
    files = ("report.css", "panel.css") if panelled else ("report.css",)
    style = Markup("".join(_file(name) for name in files))
    script = Markup(_file("panel.js")) if panelled else None
    html = _template().render(document=document, css=style, script=script, data=Markup(_DATA)).lstrip()
    panels = [panel for figure in figures_of(document.sections) for panel in figure.panels]
    shown = panelled(_results(html, panels)) if panelled else ""
    drawings = drawn()
    for panel in panels:
        html = html.replace(_place(panel), in_page(drawings[panel.name], panel.name, panel.alt), 1)
    return html.replace(_DATA, shown, 1)


def _results(html: str, panels: list[Panel]) -> set[str]:
    """The names of all results that the page or a drawing in it has."""
    drawn = (result for panel in panels for result in results_in(panel.spec))
    return {*(unescape(name) for name in _BOUND.findall(html)), *drawn}


def _place(panel: Panel) -> str:
    """Where a drawing will stand."""
    return f"<!-- drawing {escape(panel.name)} -->"


def _template() -> Template:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_printed,
    )
    environment.filters |= {"text": plain, "lines": lines, "marks": marks, "place": place, "symbol": symbol}
    return environment.get_template("report.html.j2")


def _file(name: str) -> str:
    return resources.files("remit.report").joinpath("templates", name).read_text("utf-8")


def _printed(value: object) -> object:
    """Words become spans that know their result; all else is printed as it is."""
    return inline(value) if isinstance(value, tuple) else value


def place(panel: Panel) -> Markup:
    return Markup(_place(panel))


def symbol(key: Key) -> Markup:
    """A legend's mark."""
    return Markup(symbol_of(key.shape, key.colour))


def inline(said: Words) -> Markup:
    return Markup("".join(_part(part) for part in said))


def _part(part: Inline) -> str:
    if isinstance(part, str):
        return str(escape(part))
    kind = "" if part.part == "value" else f' data-part="{part.part}"'
    return f'<span data-result="{escape(part.result)}"{kind}>{escape(part.text)}</span>'


def lines(cell: Cell, table: Table) -> Markup:
    """A cell's lines; the marks of its footnotes stand in the first. In a table that may become cards, one element."""
    said = [inline(line) for line in cell.lines]
    if said:
        said[0] += marks(cell.notes, table)
    if len(said) > 1:
        said = [Markup(f'<span class="line">{line}</span>') for line in said]
    together = Markup("").join(said)
    return Markup(f'<span class="lines">{together}</span>') if table.cards else together


def marks(notes: tuple[Words, ...], table: Table) -> Markup:
    """The marks of footnotes."""
    return Markup(f"<sup>{', '.join(table.marks(notes))}</sup>") if notes else Markup("")
