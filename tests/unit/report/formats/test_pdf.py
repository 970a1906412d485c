"""The PDF: each table, figure and caption is on its pages, in the letters that typst brings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from remit.report.document import plain
from remit.report.formats.paper import on_paper
from remit.report.formats.pdf import pdf
from tests.unit.report.formats.published import drawn_of, published, tables_of


@cache
def made() -> bytes:
    report = published()
    return pdf(report.document, report.edition.words, report.drawings, report.made)


@cache
def pages() -> list[str]:
    if shutil.which("pdftotext") is None and not os.environ.get("CI"):
        pytest.skip("poppler's pdftotext is not installed")
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=made(), capture_output=True, check=True).stdout
    return [squeezed(page) for page in text.decode().split("\f")][:-1]


def squeezed(text: str) -> str:
    """Without spaces, and without what says which page it is: lines break where they must."""
    return re.sub(r"\s", "", text)


def test_each_caption_is_there() -> None:
    document, text = on_paper(published().document), "".join(pages())
    for each in (*tables_of(document), *drawn_of(document)):
        start = squeezed(f"{each.number}. {plain(each.title)}")[:60]
        assert start in text, each.number


def test_each_row_of_each_table_is_there() -> None:
    text = "".join(pages())
    for table in tables_of(on_paper(published().document)):
        for row in table.rows:
            for cell in row.cells:
                assert all(squeezed(plain(line))[:12] in text for line in cell.lines)


def test_which_edition_it_is_and_that_its_data_are_synthetic_stands_on_each_page() -> None:
    report = published()
    assert all(squeezed(report.edition.words) in page for page in pages())
    assert all(squeezed(f"Synthetic data. {report.document.synthetic}") in page for page in pages())


def test_no_letters_but_those_that_come_with_it(tmp_path: Path) -> None:
    if shutil.which("pdffonts") is None and not os.environ.get("CI"):
        pytest.skip("poppler's pdffonts is not installed")
    (tmp_path / "report.pdf").write_bytes(made())
    told = subprocess.check_output(["pdffonts", str(tmp_path / "report.pdf")], text=True).splitlines()[2:]
    assert {re.sub(r"^[A-Z]{6}\+|-.*", "", line.split()[0]) for line in told} == {"LibertinusSerif", "LiberationSans"}


def test_the_same_report_is_the_same_bytes() -> None:
    report = published()
    assert pdf(report.document, report.edition.words, report.drawings, report.made) == made()
