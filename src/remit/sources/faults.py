"""Cells of an .xlsx that hold an error (#N/A) or a formula that was never calculated.

calamine gives both as empty. An empty stop date means that a drug is still taken, so such a cell must not look empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree
from zipfile import ZipFile

from remit.sources.places import column_index

SUSPECT = (b'"e"', b"'e'", b"<f", b":f")  # a sheet without any has no error and no formula
CELL = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be read: as the spreadsheet shows it, and why."""

    written: str
    code: str
    reason: str


def of_sheets(workbook: ZipFile) -> Mapping[str, str]:
    """Name of each sheet → its part in the archive."""
    targets = {
        node.attrib["Id"]: normpath(join("/xl", node.attrib["Target"])).lstrip("/")
        for node in ElementTree.fromstring(workbook.read("xl/_rels/workbook.xml.rels"))
    }
    return {
        node.attrib["name"]: targets[next(value for key, value in node.attrib.items() if key.endswith("}id"))]
        for node in ElementTree.fromstring(workbook.read("xl/workbook.xml")).iter()
        if local(node) == "sheet"
    }


def find(workbook: ZipFile, part: str) -> Mapping[tuple[int, int], Fault]:
    """(row, column), both counted from 0 → what is wrong there."""
    text = workbook.read(part)
    if not any(mark in text for mark in SUSPECT):
        return {}
    return {place: fault for place, cell in cells(text) if (fault := fault_of(cell)) is not None}


def cells(sheet: bytes) -> Iterator[tuple[tuple[int, int], ElementTree.Element]]:
    """Each cell with its place. A row or cell without its own address follows the one before."""
    row, column = -1, -1
    for event, node in ElementTree.iterparse(BytesIO(sheet), ("start", "end")):
        if local(node) == "row" and event == "start":
            row, column = int(node.get("r", row + 2)) - 1, -1
        elif local(node) == "row":
            node.clear()  # a sheet may have a million
        elif local(node) == "c" and event == "end":
            address = CELL.fullmatch(node.get("r", ""))
            column = column_index(address[1]) if address else column + 1
            yield (row, column), node


def fault_of(cell: ElementTree.Element) -> Fault | None:
    inside = {local(node): node.text or "" for node in cell}
    kind, value = cell.get("t"), inside.get("v", "")
    if kind == "e":
        return error(value)
    if "f" in inside and not value and kind != "str":
        reason = "the formula was never calculated; open the workbook in a spreadsheet program and save it"
        return Fault(f"={inside['f']}", "formula-not-calculated", reason)
    return None


def error(written: str) -> Fault:
    return Fault(written, "spreadsheet-error", "the cell is an error of the spreadsheet; write the value")


def local(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]
