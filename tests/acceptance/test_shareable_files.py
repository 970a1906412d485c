"""What is written to be shared names no patient, date of one or place of the computer, in whatever file it may be."""

from __future__ import annotations

import datetime
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
import pytest

from remit.publish import publish
from remit.run import run_study

EXAMPLE = Path(__file__).parents[2] / "examples" / "rheumatoid-arthritis"
ALL = "html,docx,pdf,tables,figures,text,strobe"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("private-place") / "results"
    run_study(EXAMPLE, folder)
    return folder


@pytest.fixture(scope="module")
def texts(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """By file, and by file in a file, all that can be read in it."""
    out = tmp_path_factory.mktemp("shared")
    publish(finished, ALL, out=out, tell=lambda _: None)
    return {
        f"{path.relative_to(out)}{name}": text
        for path in sorted(out.rglob("*"))
        if path.is_file()
        for name, text in read(path)
    }


def read(path: Path) -> Iterator[tuple[str, str]]:
    content = path.read_bytes()
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for name in parts.namelist():
                inner = parts.read(name).decode("utf-8", "ignore")
                yield f"!{name}", inner
                yield f"!{name}, its words", re.sub("<[^>]+>", " ", inner)
    elif path.suffix == ".pdf":
        yield "!raw", content.decode("latin-1")
        if shutil.which("pdftotext"):
            yield "", subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
    else:
        yield "", content.decode("utf-8", "ignore")


def test_no_file_names_a_patient(finished: Path, texts: Mapping[str, str]) -> None:
    patients = {*pl.read_parquet(finished / "patients.parquet")["patient"]}
    assert patients
    assert not [name for name, text in texts.items() if {*re.findall(r"[\w-]+", text)} & patients]


def test_no_file_has_a_date_of_a_patient(finished: Path, texts: Mapping[str, str]) -> None:
    days: set[datetime.date] = set()
    for path in finished.glob("*.parquet"):
        for column in pl.read_parquet(path).select(pl.selectors.date()):
            days |= {*column.drop_nulls()}
    assert days
    ways = {way for day in days for way in (f"{day}", f"{day:%d/%m/%Y}", f"{day.day} {day:%B %Y}", f"{day:%d.%m.%Y}")}
    assert not [(name, way) for name, text in texts.items() for way in ways if way in text]


def test_no_file_tells_where_the_run_was(finished: Path, texts: Mapping[str, str]) -> None:
    assert not [name for name, text in texts.items() if str(finished) in text or "private-place" in text]


def test_the_first_page_tells_the_rule(texts: Mapping[str, str]) -> None:
    files = ["report-shareable.html", "report-shareable.docx!word/document.xml, its words"]
    files += ["report-shareable.pdf"] if "report-shareable.pdf" in texts else []
    for name in files:
        assert "Counts from 1 to 4 are hidden" in " ".join(texts[name].split())
