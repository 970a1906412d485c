"""Small and odd studies: each format is written, also where nobody is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.report.document import Figure, Flow, blocks_of
from remit.report.formats.csv_files import table_files
from remit.report.formats.figure_data import figure_csv
from remit.report.formats.pdf import pdf
from remit.report.formats.word import docx
from remit.report.formats.xlsx import xlsx
from remit.study.style import PLAIN
from tests.unit.report.formats.published import publication_of
from tests.unit.report.studies import PEOPLE, VISITS, asthma


@pytest.mark.parametrize("patients", [0, 1, len(PEOPLE)])
def test_a_study_of_few_patients_with_odd_names_is_written_in_each_format(tmp_path: Path, patients: int) -> None:
    report = publication_of(asthma(tmp_path, PEOPLE[:patients], VISITS[:patients]).document)
    given = (report.document, report.edition.words, report.drawings, report.made)
    assert docx(*given).startswith(b"PK")
    assert pdf(*given).startswith(b"%PDF")
    assert xlsx(report.document, report.edition.words, PLAIN, report.made).startswith(b"PK")
    files = table_files(report.document, PLAIN)
    assert all(b"synthetic" not in content for content in files.values())
    for block in blocks_of(report.document.sections):
        if isinstance(block, Figure | Flow):
            assert figure_csv(block, None)
            assert report.drawings[block.number].png.startswith(b"\x89PNG")
