"""The Word file opens in LibreOffice, and shows each table, figure and caption there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from remit.report.document import plain
from remit.report.formats.paper import on_paper
from remit.report.formats.word import docx
from tests.unit.report.formats.published import drawn_of, published, tables_of


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Word file as LibreOffice prints it."""
    office, text = shutil.which("soffice"), shutil.which("pdftotext")
    writer = office and Path(office).resolve().with_name("libswlo.so").exists()
    if not (writer and text) and not os.environ.get("CI"):
        pytest.skip("LibreOffice Writer and poppler's pdftotext are needed to see how the Word file is shown")
    folder = tmp_path_factory.mktemp("word")
    report = published()
    (folder / "report.docx").write_bytes(docx(report.document, report.edition.words, report.drawings, report.made))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "report.docx")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / "report.pdf"


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def text_of(pdf: Path, *options: str) -> list[str]:
    """Of each page."""
    said = subprocess.check_output(["pdftotext", *options, str(pdf), "-"], text=True)
    return [squeezed(page) for page in said.split("\f")][:-1]


def test_each_caption_is_shown(converted: Path) -> None:
    text, document = "".join(text_of(converted)), on_paper(published().document)
    for each in (*tables_of(document), *drawn_of(document)):
        assert squeezed(f"{each.number}. {plain(each.title)}")[:60] in text, each.number


def test_each_cell_of_each_table_is_shown(converted: Path) -> None:
    """Line by line: a cell may stand on two lines."""
    text = "".join(text_of(converted))
    for table in tables_of(published().document):
        for row in table.rows:
            assert squeezed(plain(row.label))[:8] in text, (table.number, row.label)
            for cell in row.cells:
                assert all(squeezed(plain(line))[:8] in text for line in cell.lines), (table.number, row.label)


def test_each_figure_is_shown(converted: Path) -> None:
    """Older LibreOffice shows the picture, newer the drawing, whose letters can then be read."""
    listed = subprocess.check_output(["pdfimages", "-list", str(converted)], text=True).splitlines()
    pictures = [line for line in listed if " image " in line]
    text = "".join(text_of(converted))
    drawings = published().drawings.values()
    letters = [
        [squeezed(said) for said in re.findall(r"<text[^>]*>([^<]{6,40})</text>", each.svg)] for each in drawings
    ]
    assert len(pictures) >= len(letters) or all(any(said in text for said in figure) for figure in letters)


def test_each_page_says_which_edition_it_is_and_that_its_data_are_synthetic(converted: Path) -> None:
    report = published()
    for page in text_of(converted):
        assert squeezed(report.edition.words) in page
        assert "Syntheticdata." in page
