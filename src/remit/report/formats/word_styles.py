"""The styles of the Word file, by the names under which a journal can restyle them."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SERIF, SANS = "Times New Roman", "Arial"  # everybody's Word has them, and LibreOffice fonts as wide as these
ACCENT, SOFT, WARN = "0B4A66", "54585D", "7A3200"

_MARGINS = (
    '<w:pgMar w:top="1531" w:right="1417" w:bottom="1304" w:left="1417" w:header="680" w:footer="567" w:gutter="0"/>'
)
PAGE = f'<w:pgSz w:w="11906" w:h="16838"/>{_MARGINS}'  # A4, in twentieths of a point
TURNED_PAGE = f'<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>{_MARGINS}'


@dataclass(frozen=True)
class Style:
    """Of paragraphs. Sizes and spaces in points; `left` in millimetres; `edges`: lines around it, by their side."""

    name: str
    based_on: str = "Normal"
    font: str = ""
    size: float = 0
    bold: bool = False
    italic: bool = False
    colour: str = ""
    before: float | None = None
    after: float | None = None
    left: float = 0
    align: str = ""
    line: float = 0
    keep_next: bool = False
    outline: int | None = None
    edges: tuple[str, ...] = ()
    new_page: bool = False


PARAGRAPHS = (
    Style("Normal", "", SERIF, 11, after=6, line=1.15),
    Style("Body Text"),
    Style("First Paragraph", "Body Text"),
    Style("Compact", "Body Text", after=2),
    Style("Lead", size=12),
    Style("Title", "Normal", SANS, 20, bold=True, before=0, after=10, line=1.1, keep_next=True),
    Style("Edition", "Normal", SANS, 10, bold=True, colour=ACCENT, after=8),
    Style("Edition Rule", "Normal", SANS, 9.5, after=8),
    Style("Synthetic", "Normal", SANS, 9.5, colour=WARN, after=8, edges=("top", "bottom")),
    Style("Fact", "Normal", SANS, 9.5, after=2),
    Style("Heading 1", "Normal", SANS, 15, bold=True, colour=ACCENT, before=20, after=6, keep_next=True, outline=0),
    Style("Heading 2", "Normal", SANS, 12, bold=True, before=14, after=4, keep_next=True, outline=1),
    Style("Heading 3", "Normal", SANS, 10.5, bold=True, before=12, after=4, keep_next=True, outline=2),
    Style("Heading 4", "Heading 3", italic=True, outline=3),
    Style("Heading Unnumbered", "Normal", SANS, 12, bold=True, colour=ACCENT, before=16, after=6, keep_next=True),
    Style("Contents Line", "Normal", SANS, 9.5, after=2),
    Style("Finding Number", "Normal", SERIF, 20, colour=ACCENT, before=4, after=4, line=1.0),
    Style("Finding Label", "Normal", SANS, 9.5, bold=True, before=7, after=1, line=1.05, keep_next=True),
    Style("Finding Line", "Normal", SANS, 9, colour=SOFT, after=1, line=1.05),
    Style("Definition Term", "Normal", before=4, after=1, keep_next=True),
    Style("Definition", "Normal", after=3, left=6),
    Style("Table Caption", "Normal", SANS, 9.5, before=14, after=4, line=1.1, keep_next=True),
    Style("Image Caption", "Normal", SANS, 9.5, before=4, after=14, line=1.1),
    Style("Captioned Figure", "Normal", before=12, after=4, line=1.0, keep_next=True),
    Style("Table Cell", "Normal", SANS, 8, before=1.5, after=1, line=1.0),
    Style("Table Detail", "Table Cell", size=7, colour=SOFT, before=0),
    Style("Table Label", "Table Cell"),
    Style("Table Label Inner", "Table Label", left=3),
    Style("Table Heading", "Table Cell", bold=True, before=5, keep_next=True),
    Style("Table Head", "Table Cell", bold=True, before=2, after=2, keep_next=True),
    Style("Table Head Detail", "Table Cell", size=7, before=0, after=2, keep_next=True),
    Style("Table Group", "Table Head", edges=("bottom",)),
    Style("Table Note", "Normal", SANS, 8, colour=SOFT, before=1, after=1, line=1.05),
    Style("Table End", "Normal", SANS, 6, before=0, after=4, line=1.0),
    Style("Made with", "Normal", SANS, 8, colour=SOFT, before=6, after=2),
    Style("header", "Normal", SANS, 8, colour=SOFT, after=2, line=1.0),
    Style("Header Synthetic", "header", bold=True, colour=WARN, after=4, edges=("bottom",)),
    Style("footer", "Normal", SANS, 8, colour=SOFT, after=0, line=1.0),
)


def styles_xml() -> str:
    """word/styles.xml: the styles of paragraphs, of links and raised marks, and of tables."""
    made = "".join(_paragraph(style) for style in PARAGRAPHS)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<w:styles xmlns:w="{W}">{_DEFAULTS}{made}{_OTHERS}</w:styles>'


def identifier(name: str) -> str:
    """Word names a style by an identifier without spaces: that of "Table Head" is TableHead."""
    return "".join(word[0].upper() + word[1:] for word in name.split(" "))


def _paragraph(style: Style) -> str:
    based = f'<w:basedOn w:val="{identifier(style.based_on)}"/>' if style.based_on else ""
    default = ' w:default="1"' if style.name == "Normal" else ""
    custom = "" if style.name.split(" ")[0] in _WORDS_OWN else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{default}{custom} w:styleId="{identifier(style.name)}">'
        f'<w:name w:val="{escape(_name(style.name))}"/>{based}<w:qFormat/>'
        f"<w:pPr>{_placed(style)}</w:pPr><w:rPr>{_lettered(style)}</w:rPr></w:style>"
    )


_WORDS_OWN = ("Normal", "Body", "Title", "Heading", "header", "footer")


def _name(name: str) -> str:
    """Word's own headings are written small."""
    return name.lower() if name[:-1] == "Heading " else name


def _placed(style: Style) -> str:
    """In the order that the schema of Word asks for."""
    spacing = "".join(
        f' w:{side}="{round(points * 20)}"'
        for side, points in (("before", style.before), ("after", style.after))
        if points is not None
    )
    line = f' w:line="{round(style.line * 240)}" w:lineRule="auto"' if style.line else ""
    edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="2" w:color="auto"/>' for side in style.edges)
    return "".join(
        (
            "<w:keepNext/>" if style.keep_next else "",
            "<w:pageBreakBefore/>" if style.new_page else "",
            f"<w:pBdr>{edges}</w:pBdr>" if edges else "",
            f"<w:spacing{spacing}{line}/>" if spacing or line else "",
            f'<w:ind w:left="{round(style.left * 56.7)}"/>' if style.left else "",
            f'<w:jc w:val="{style.align}"/>' if style.align else "",
            f'<w:outlineLvl w:val="{style.outline}"/>' if style.outline is not None else "",
        )
    )


def _lettered(style: Style) -> str:
    font = f'<w:rFonts w:ascii="{style.font}" w:hAnsi="{style.font}" w:cs="{style.font}"/>' if style.font else ""
    return "".join(
        (
            font,
            "<w:b/>" if style.bold else "",
            "<w:i/>" if style.italic else "",
            f'<w:color w:val="{style.colour}"/>' if style.colour else "",
            f'<w:sz w:val="{round(style.size * 2)}"/>' if style.size else "",
        )
    )


_DEFAULTS = (
    "<w:docDefaults><w:rPrDefault><w:rPr>"
    f'<w:rFonts w:ascii="{SERIF}" w:hAnsi="{SERIF}" w:cs="{SERIF}" w:eastAsia="{SERIF}"/>'
    '<w:sz w:val="22"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>'
)
_NO_SPACE = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
_OTHERS = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/></w:style>'
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    f'<w:rPr><w:color w:val="{ACCENT}"/></w:rPr></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
    f'<w:tblInd w:w="0" w:type="dxa"/>{_NO_SPACE}</w:tblPr></w:style>'
    '<w:style w:type="table" w:customStyle="1" w:styleId="Table"><w:name w:val="Table"/>'
    f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    '<w:top w:val="single" w:sz="12" w:space="0" w:color="auto"/>'
    '<w:bottom w:val="single" w:sz="12" w:space="0" w:color="auto"/>'
    f"</w:tblBorders>{_NO_SPACE}</w:tblPr></w:style>"
    '<w:style w:type="table" w:customStyle="1" w:styleId="Findings"><w:name w:val="Findings"/>'
    f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    '<w:top w:val="single" w:sz="6" w:space="0" w:color="auto"/>'
    '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="auto"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="DCDEE0"/>'
    f"</w:tblBorders>{_NO_SPACE}</w:tblPr></w:style>"
)
