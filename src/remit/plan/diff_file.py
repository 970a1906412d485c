"""What changed between two runs, as a workbook: definitions, charts and numbers, a sheet each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from remit.errors import WrongInput
from remit.output import check_out, now, whole_folder
from remit.plan.diff import Diff
from remit.plan.told import because_words, by_name


def check_file(path: Path) -> None:
    """Raises WrongInput for a file that is no workbook, or cannot be written."""
    if path.suffix.lower() != ".xlsx" or path.is_dir():
        raise WrongInput("--out", f"{path} is not the name of a workbook", "Name a file: changes.xlsx.")
    check_out(path.parent)


def write_diff(diff: Diff, path: Path) -> None:
    """Raises WrongInput; then nothing is written."""
    check_file(path)
    content = _workbook(diff)
    with whole_folder(path.parent) as made:
        (made / path.name).write_bytes(content)


def _workbook(diff: Diff) -> bytes:
    from xlsxwriter import Workbook

    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        synthetic = diff.notes[1].synthetic or diff.notes[0].synthetic
        told = {"category": "synthetic", "comments": synthetic} if synthetic else {}
        book.set_properties({"created": now().replace(tzinfo=None), **told})
        bold = book.add_format({"bold": True})
        for title, (heads, rows) in _sheets(diff).items():
            sheet = book.add_worksheet(title)
            first = 0
            if synthetic:
                sheet.write_string(0, 0, f"Synthetic data. {' '.join(synthetic.split())}", bold)
                first = 1
            sheet.write_row(first, 0, heads, bold)
            sheet.freeze_panes(first + 1, 0)
            sheet.set_column(0, len(heads) - 1, 18)
            for number, row in enumerate(rows, first + 1):
                sheet.write_row(number, 0, ["" if cell is None else cell for cell in row])
    return buffer.getvalue()


Sheets = Mapping[str, tuple[Sequence[str], Iterable[Sequence[str | float | int | None]]]]


def _sheets(diff: Diff) -> Sheets:
    definitions = [(each.kind, each.name, each.planned, each.now) for each in diff.definitions]
    patients = [(patient, centre, "added") for patient, centre in diff.added.items()]
    patients += [(patient, centre, "gone") for patient, centre in diff.gone.items()]
    cells = [(c.patient, c.form, c.date, c.field, c.before, c.now, c.place) for c in diff.cells]
    nothing = (None, None, None, None)
    numbers = [
        (each.result, each.unit, *(each.before or nothing), *(each.now or nothing), each.by)
        + ((because_words(diff, each), by_name(each.patients)) if each.before and each.now else ("", ""))
        for each in diff.numbers
    ]
    counts = ("value", "numerator", "denominator", "missing")
    heads = ("result", "unit", *(f"{name} {side}" for side in ("before", "now") for name in counts), "by", "because of")
    return {
        "numbers": ((*heads, "patients counted otherwise"), numbers),
        "definitions": (("kind", "name", "before", "now"), definitions),
        "cells": (("patient", "form", "date", "field", "before", "now", "place"), cells),
        "patients": (("patient", "centre", "how"), patients),
        "versions": (("what",), [(each,) for each in diff.versions]),
    }
