"""The same bytes for the same drawing. svg2pdf, within vl-convert, writes the fonts of a page in an order that changes
from run to run, and numbers what belongs to them in that order (PDF 1.7, 7.3.10 and 7.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OBJECT = re.compile(rb"\s*(\d+) 0 obj\n")
_LENGTH = re.compile(rb"/Length (\d+)")
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_NAMED = re.compile(rb"(?:^[ \t]*/\w+ \d+ 0 R\n){2,}", re.MULTILINE)
_STREAM = b"\nstream\n"


def settled(pdf: bytes) -> bytes:
    """Its objects numbered in the order in which they are met from the root, what a dictionary names sorted.

    Raises ValueError if it is not written as svg2pdf writes.
    """
    head, objects, trailer = _read(pdf)
    order = _met(trailer, objects)
    names = {old: new for new, old in enumerate(order, start=1)}
    written = bytearray(head)
    places = []
    for old in order:
        places.append(len(written))
        dictionary, stream = objects[old]
        written += b"%d 0 obj\n%s%s\nendobj\n\n" % (names[old], _renamed(dictionary, names), stream)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(order) + 1)
    written += b"".join(b"%010d 00000 n\r\n" % place for place in places)
    written += b"trailer\n%s\nstartxref\n%d\n%%%%EOF" % (_renamed(trailer, names), start)
    return bytes(written)


_Objects = dict[int, tuple[bytes, bytes]]


def _read(pdf: bytes) -> tuple[bytes, _Objects, bytes]:
    """What comes before the objects; of each its dictionary and its stream; the trailer's dictionary."""
    first = _OBJECT.search(pdf)
    if first is None:
        raise ValueError("the PDF holds no object")
    objects: _Objects = {}
    at = first.start()
    while found := _OBJECT.match(pdf, at):
        body = found.end()
        end = pdf.index(b"\nendobj", body)
        stream = pdf.find(_STREAM, body, end)
        if stream < 0:
            objects[int(found[1])] = (_sorted(pdf[body:end]), b"")
        else:
            length = _LENGTH.search(pdf, body, stream)
            if length is None:
                raise ValueError("a stream of the PDF has no length")
            end = pdf.index(b"\nendobj", stream + len(_STREAM) + int(length[1]))
            objects[int(found[1])] = (_sorted(pdf[body:stream]), pdf[stream:end])
        at = end + len(b"\nendobj")
    trailer = pdf[pdf.index(b"trailer\n", at) + len(b"trailer\n") : pdf.index(b"\nstartxref", at)]
    return pdf[: first.start()].rstrip() + b"\n\n", objects, _sorted(trailer)


def _sorted(dictionary: bytes) -> bytes:
    return _NAMED.sub(lambda found: b"".join(sorted(found[0].splitlines(keepends=True))), dictionary)


def _met(trailer: bytes, objects: _Objects) -> list[int]:
    order: dict[int, None] = {}

    def meet(named: Iterable[bytes]) -> None:
        for each in map(int, named):
            if each not in order:
                order[each] = None
                meet(_REFERENCE.findall(objects[each][0]))

    meet(_REFERENCE.findall(trailer))
    return list(order)


def _renamed(dictionary: bytes, names: dict[int, int]) -> bytes:
    return _REFERENCE.sub(lambda found: b"%d 0 R" % names[int(found[1])], dictionary)
