"""A document → .pdf, by typst from a template. Its letters are those that typst brings: the same on each machine."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from importlib import resources
from pathlib import Path

from remit.errors import WrongInput
from remit.report.document import Document
from remit.report.formats.paper import on_paper
from remit.report.formats.plain_data import Drawings, data_of

REMEDY = 'Install what it needs: pip install "remit[word]". Nothing has been written.'


def check_typst() -> None:
    """Raises WrongInput if it is not installed."""
    try:
        import typst  # noqa: F401
    except ImportError as error:
        raise WrongInput("--as pdf", "a PDF is made by typst, which is not installed", REMEDY) from error


def pdf(document: Document, edition: str, drawings: Drawings, made: datetime) -> bytes:
    """Tagged for screen readers. edition: which one this is, in words. drawings: of each figure by its number.

    Raises WrongInput if typst is not installed.
    """
    check_typst()
    import typst

    data = {**data_of(on_paper(document), edition, drawings), "made": [made.year, made.month, made.day]}
    with tempfile.TemporaryDirectory(prefix="remit-pdf-") as folder:
        inside = Path(folder)
        for drawing in drawings.values():
            (inside / f"{drawing.name}.pdf").write_bytes(drawing.pdf)
        (inside / "document.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        template = resources.files("remit.report").joinpath("templates", "report.typ").read_text("utf-8")
        (inside / "report.typ").write_text(template, "utf-8")
        return bytes(
            typst.compile(
                str(inside / "report.typ"), root=str(inside), format="pdf", ignore_system_fonts=True,
                timestamp=int(made.timestamp()),
            )
        )  # fmt: skip
