"""A document → .docx. pandoc makes it from the tree; what pandoc has no word for is added afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from remit.errors import WrongInput
from remit.report.document import Document
from remit.report.formats.fit import MOST_LINES
from remit.report.formats.pandoc import Drawings, tree
from remit.report.formats.paper import on_paper
from remit.report.formats.word_styles import PAGE, W, styles_xml

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_FIRST = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file knows

REMEDY = 'Install what it needs: pip install "remit[word]". Nothing has been written.'


def docx(
    document: Document,
    edition: str,
    drawings: Drawings,
    made: datetime,
) -> bytes:
    """edition: which one this is, in words. drawings: of each figure by its number.

    Raises WrongInput if pandoc is not installed.
    """
    blocks = tree(on_paper(document), edition, drawings)
    with tempfile.TemporaryDirectory(prefix="remit-word-") as folder:
        inside = Path(folder)
        for drawing in drawings.values():
            (inside / f"{drawing.name}.png").write_bytes(drawing.png)
        (inside / "reference.docx").write_bytes(_reference(document, edition))
        (inside / "tree.json").write_text(json.dumps(blocks), "utf-8")
        _run_pandoc(inside, made)
        parts = _parts((inside / "report.docx").read_bytes())
    return _packed(_finished(parts, {f"{each.name}.png": each.svg for each in drawings.values()}))


def pandoc_command() -> str:
    """Raises WrongInput if there is none."""
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError) as error:
        raise WrongInput("--as docx", "a Word file is made by pandoc, which is not installed", REMEDY) from error


def _run_pandoc(folder: Path, made: datetime) -> None:
    arguments = ["tree.json", "--from", "json", "--to", "docx", "--reference-doc", "reference.docx"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(made.timestamp()))}
    done = subprocess.run(
        [pandoc_command(), *arguments, "--output", "report.docx"],
        cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        raise WrongInput("--as docx", f"pandoc could not make the Word file: {said}", REMEDY)


# The file whose styles, header and footer pandoc takes over


def _reference(document: Document, edition: str) -> bytes:
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _relations([("officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": _relations(
            [("styles", "styles.xml"), ("header", "header1.xml"), ("footer", "footer1.xml")]
        ),
        "word/document.xml": _EMPTY,
        "word/styles.xml": styles_xml(),
        "word/header1.xml": _header(document, edition),
        "word/footer1.xml": _footer(document),
    }
    return _packed({name: part.encode() for name, part in parts.items()})


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        for name, kind in (
            ("document", "document.main"), ("styles", "styles"), ("header1", "header"), ("footer1", "footer"),
        )
    )
    + "</Types>"
)  # fmt: skip
_EMPTY = (
    f'{_HEAD}<w:document xmlns:w="{W}" xmlns:r="{_R}"><w:body><w:p/><w:sectPr>'
    '<w:headerReference w:type="default" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/>'
    f"{PAGE}</w:sectPr></w:body></w:document>"
)


def _relations(targets: list[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{each}</Relationships>'


def _header(document: Document, edition: str) -> str:
    said = _paragraph("header", f"{document.title}. {edition}.")
    if document.synthetic:
        said = _paragraph("HeaderSynthetic", f"Synthetic data. {document.synthetic}") + said
    return f'{_HEAD}<w:hdr xmlns:w="{W}">{said}</w:hdr>'


def _footer(document: Document) -> str:
    page = "".join(
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {field} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        f'<w:r><w:fldChar w:fldCharType="end"/></w:r>{between}'
        for field, between in (("PAGE", '<w:r><w:t xml:space="preserve"> of </w:t></w:r>'), ("NUMPAGES", ""))
    )
    said = f'<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="right"/></w:pPr>{page}</w:p>'
    return f'{_HEAD}<w:ftr xmlns:w="{W}">{said}</w:ftr>'


def _paragraph(style: str, said: str) -> str:
    name = style[0].upper() + style[1:]
    return f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr><w:r><w:t>{escape(said)}</w:t></w:r></w:p>'


# What pandoc has no word for


def _finished(parts: dict[str, bytes], svgs: Mapping[str, str]) -> dict[str, bytes]:
    _keep_prefixes(parts["word/document.xml"])
    body = ET.fromstring(parts["word/document.xml"])
    for table in body.iter(_w("tbl")):
        _rule_head(table)
        _keep_together(table)
    _end_turned(body)
    _same_header_everywhere(body)
    vectors = _add_vectors(body, svgs)
    relations = "".join(
        f'<Relationship Id="{identity}" Type="{_R}/image" Target="media/{file}"/>'
        for identity, (file, _) in vectors.items()
    )
    svg = '<Default Extension="svg" ContentType="image/svg+xml"/>' if vectors else ""
    changed = {
        "word/document.xml": ET.tostring(body, "utf-8", xml_declaration=True),
        "word/_rels/document.xml.rels": _with(parts["word/_rels/document.xml.rels"], relations),
        "[Content_Types].xml": _with(parts["[Content_Types].xml"], svg),
    }
    return {**parts, **changed, **{f"word/media/{file}": svg.encode() for file, svg in vectors.values()}}


def _with(part: bytes, more: str) -> bytes:
    """Before the end of its outermost element."""
    before, end, after = part.rpartition(b"</")
    return before + more.encode() + end + after


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def _rule_head(table: ET.Element) -> None:
    """A line under the last row of the head; and no row is broken across pages."""
    rows = table.findall(_w("tr"))
    heads = [row for row in rows if row.find(f"{_w('trPr')}/{_w('tblHeader')}") is not None]
    for row in rows:
        settings = row.find(_w("trPr"))
        if settings is None:
            settings = ET.Element(_w("trPr"))
            row.insert(0, settings)
        settings.insert(0, ET.Element(_w("cantSplit")))
    for cell in heads[-1].findall(_w("tc")) if heads else ():
        settings = cell.find(_w("tcPr"))
        if settings is not None:
            _end_head(settings)


def _keep_together(table: ET.Element) -> None:
    """A short table on one page; of a long one the first rows with the head."""
    rows = table.findall(_w("tr"))
    lines = sum(max(len(cell.findall(_w("p"))) for cell in row.findall(_w("tc"))) for row in rows)
    for row in rows[:-1] if lines <= MOST_LINES else rows[:4]:
        for settings in row.iterfind(f"{_w('tc')}/{_w('p')}/{_w('pPr')}"):
            settings.insert(1, ET.Element(_w("keepNext")))


def _end_head(settings: ET.Element) -> None:
    """In the order that the schema of Word asks for: gridSpan, vMerge, tcBorders, vAlign."""
    borders = ET.SubElement(settings, _w("tcBorders"))
    ET.SubElement(borders, _w("bottom"), {_w("val"): "single", _w("sz"): "6", _w("space"): "0", _w("color"): "auto"})
    ET.SubElement(settings, _w("vAlign"), {_w("val"): "bottom"})


def _end_turned(document: ET.Element) -> None:
    """A document whose last page is turned ends there: no upright page, empty, behind it."""
    body = document[0]
    last, paragraph = body[-1], body.findall(_w("p"))[-1]
    turned = paragraph.find(f"{_w('pPr')}/{_w('sectPr')}")
    if turned is None or any(each.tag == _w("tbl") for each in list(body)[list(body).index(paragraph) :]):
        return
    body.remove(paragraph)
    for kind in ("pgSz", "pgMar"):
        old, new = last.find(_w(kind)), turned.find(_w(kind))
        if old is not None and new is not None:
            old.attrib.clear()
            old.attrib.update(new.attrib)


def _same_header_everywhere(body: ET.Element) -> None:
    """Sections with turned pages have the header and footer of the last, which are those of the reference."""
    *others, last = body.iter(_w("sectPr"))
    references = [each for each in last if each.tag in (_w("headerReference"), _w("footerReference"))]
    for section in others:
        for number, reference in enumerate(references):
            section.insert(number, reference)


def _add_vectors(body: ET.Element, svgs: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Beside each PNG its SVG, which Word and LibreOffice prefer: by their identity, the files with their content."""
    added: dict[str, tuple[str, str]] = {}
    for picture in body.iter(f"{{{_PIC}}}pic"):
        named, blip = picture.find(f".//{{{_PIC}}}cNvPr"), picture.find(f".//{{{_A}}}blip")
        if named is None or blip is None or named.get("descr") not in svgs:
            continue
        file = str(named.get("descr"))
        identity = f"rIdSvg{len(added) + 1}"
        extensions = ET.SubElement(blip, f"{{{_A}}}extLst")
        extension = ET.SubElement(extensions, f"{{{_A}}}ext", {"uri": _SVG_EXTENSION})
        ET.SubElement(extension, f"{{{_SVG}}}svgBlip", {f"{{{_R}}}embed": identity})
        added[identity] = (f"{Path(file).stem}.svg", svgs[file])
    return added


# The file


def _parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(file)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """The same bytes for the same parts: no file in it has a time of its own."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _FIRST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, part)
    return buffer.getvalue()


def _keep_prefixes(xml: bytes) -> None:
    ET.register_namespace("asvg", _SVG)
    for _, (prefix, name) in ET.iterparse(BytesIO(xml), events=("start-ns",)):
        if prefix:
            ET.register_namespace(prefix, name)
