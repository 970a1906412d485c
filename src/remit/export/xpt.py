"""SAS transport files, version 5, as regulators take them: names of 8 characters, labels of 40, texts of 200, ASCII."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from remit.errors import WrongInput
from remit.export.dataset import Dataset

LONGEST_LABEL, LONGEST_TEXT = 40, 200  # bytes
# What stands for characters that are not in ASCII, where they are not a letter with a mark: the rest is "?".
_SPELLED = str.maketrans(
    {
        "μ": "u", "°": "deg ", "×": "x", "±": "+/-", "≤": "<=", "≥": ">=", "→": "->", "−": "-", "–": "-", "—": "-",
        "‐": "-", "‑": "-", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "⁄": "/",
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "ł": "l", "Ł": "L",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Lost:
    """What an XPT file could not hold, by variable. `cut`: how many texts were too long. `spelled`: how many were not
    ASCII, and are spelled in it."""

    cut: dict[str, int]
    spelled: dict[str, int]


def write_xpt(data: Dataset, path: Path, label: str) -> Lost:
    """Write a data set; in the other files all texts are whole. Raises WrongInput if two subjects would become one."""
    from pyreadstat import write_xport

    lost, held = Lost({}, {}), data.table
    for name in (variable.name for variable in data.variables if variable.kind == "text"):
        texts = data.table[name]
        foreign = texts.filter(texts.str.contains(r"[^\x00-\x7f]"))
        in_ascii = texts.replace({text: spelled(text) for text in foreign.unique()})
        long = in_ascii.filter(in_ascii.str.len_bytes() > LONGEST_TEXT)
        for found, counts in ((long, lost.cut), (foreign, lost.spelled)):
            if len(found):
                counts[name] = len(found)
        held = held.with_columns(in_ascii.replace({text: fitting(text, LONGEST_TEXT) for text in long.unique()}))
    _check_subjects(data.table["USUBJID"], held["USUBJID"])
    write_xport(
        held,
        path,
        file_label=fitting(label, LONGEST_LABEL),
        column_labels=[fitting(variable.label, LONGEST_LABEL) for variable in data.variables],
        table_name=data.name,
        file_format_version=5,
        variable_format={variable.name: "DATE9." for variable in data.variables if variable.kind == "date"},
    )
    return lost


def _check_subjects(subjects: pl.Series, held: pl.Series) -> None:
    pairs = pl.DataFrame({"subject": subjects, "held": held}).unique(maintain_order=True)
    same = pairs.filter(pl.col("held").is_duplicated())
    if same.height:
        one, other = same.filter(held=same["held"][0])["subject"][:2]
        what = f"the patients '{one}' and '{other}' would have the same id in a SAS transport file"
        remedy = f"Give them ids that differ in ASCII characters, among the first {LONGEST_TEXT}."
        raise WrongInput("USUBJID", what, remedy)


def fitting(text: str, room: int) -> str:
    """The beginning of a text, in ASCII, that has at most so many characters."""
    return spelled(text)[:room].rstrip()


def spelled(text: str) -> str:
    """In ASCII: letters without their marks, what has a spelling by it, anything else as a question mark."""
    if text.isascii():
        return text
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return letters.translate(_SPELLED).encode("ascii", "replace").decode()
