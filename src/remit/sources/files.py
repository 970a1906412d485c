"""Finding the charts in a folder.

    S01.xlsx  S02.xlsx …        one workbook (.xlsx or .xlsm) a centre, whose name is the centre
    S01/visits.csv …            or one folder a centre, with a file a sheet
    charts.xlsx                 with `centre_column`: one workbook for all centres
    patients.csv  visits.csv    with `centre_column`: or a file a sheet

Both ways may stand side by side. Hidden files and the lock files of Excel (~$S01.xlsx) are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from remit.errors import WrongInput
from remit.sources.sheets import Book, CsvBook, ExcelBook
from remit.sources.synthetic import FILE as SYNTHETIC

EXCEL = (".xlsx", ".xlsm")
OTHER_SPREADSHEETS = (".xls", ".xlsb", ".ods", ".fods", ".numbers", ".gsheet", ".tsv")


@dataclass(frozen=True)
class CentreBook:
    """A book of charts. `centre` is None where a column tells it."""

    book: Book
    centre: str | None


@dataclass(frozen=True)
class Found:
    """The charts, sorted by centre, and the names of files in the folder that are no charts."""

    books: list[CentreBook]
    others: list[str]


def find(folder: Path, centre_column: str | None) -> Found:
    """Raises WrongInput if the folder is missing, holds no charts, or holds charts that would be passed over."""
    if not folder.is_dir():
        raise WrongInput(str(folder), "there is no such folder.", "Name the folder that holds the charts.")
    paths = visible(folder)
    books = [path for path in paths if path.suffix.lower() in EXCEL and path.is_file()]
    loose = [path for path in paths if path.suffix.lower() == ".csv" and path.is_file()]
    folders = {path: csv for path in paths if path.is_dir() and (csv := csv_files(path))}
    refuse_other_spreadsheets(paths)
    used = {*books, *loose, *folders}
    others = [path.name for path in paths if path not in used and path.name != SYNTHETIC]
    others += [
        f"{path.name}/{inside.name}"
        for path, csv in folders.items()
        for inside in visible(path)
        if inside not in csv and inside.name != SYNTHETIC
    ]
    if centre_column is not None:
        return Found([CentreBook(only_book(folder, books, loose, folders), None)], others)
    if loose:
        raise WrongInput(
            loose[0].name,
            "a .csv file of no centre.",
            "Put each centre's files into its own folder (S01/visits.csv), or tell `centre_column` in the study file.",
        )
    named = [(path.stem, path) for path in books] + [(path.name, path) for path in folders]
    refuse_same_centre(folder, named)
    if not named:
        raise no_charts(folder)
    return Found([CentreBook(open_book(path, folders.get(path)), centre) for centre, path in sorted(named)], others)


def only_book(folder: Path, books: list[Path], loose: list[Path], folders: dict[Path, list[Path]]) -> Book:
    """The one book that holds all centres."""
    names = [path.name for path in (*books, *folders)] + (["*.csv"] if loose else [])
    if not names:
        raise no_charts(folder)
    if len(names) > 1:
        raise WrongInput(
            str(folder),
            f"with a centre column one book holds all centres, but here are {', '.join(names)}.",
            "Leave one of them in the folder, or take `centre_column` out of the study file.",
        )
    if books:
        return open_book(books[0], None)
    return CsvBook(by_stem(loose), "") if loose else open_book(*next(iter(folders.items())))


def open_book(path: Path, csv: list[Path] | None) -> Book:
    return ExcelBook(path, path.name) if csv is None else CsvBook(by_stem(csv), path.name)


def csv_files(folder: Path) -> list[Path]:
    return [path for path in visible(folder) if path.suffix.lower() == ".csv" and path.is_file()]


def by_stem(paths: Iterable[Path]) -> dict[str, Path]:
    return {path.stem: path for path in paths}


def visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$")))


def refuse_other_spreadsheets(paths: list[Path]) -> None:
    """A centre must not be left out because its workbook has another format."""
    for path in paths:
        if path.suffix.lower() in OTHER_SPREADSHEETS:
            raise WrongInput(path.name, "workbooks of this format are not read.", "Save it as .xlsx.")


def refuse_same_centre(folder: Path, named: list[tuple[str, Path]]) -> None:
    seen: dict[str, Path] = {}
    for centre, path in named:
        first = seen.setdefault(centre.casefold(), path)
        if first != path:
            raise WrongInput(
                str(folder),
                f"{first.name} and {path.name} are both of the centre {centre}.",
                "Leave the one that counts in the folder.",
            )


def no_charts(folder: Path) -> WrongInput:
    return WrongInput(str(folder), "the folder holds no charts.", "Put one workbook (.xlsx) a centre into it.")
