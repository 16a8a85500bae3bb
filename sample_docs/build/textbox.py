"""A text box as Word writes it: a drawing, and the same text again as a fallback for old word processors."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.text.paragraph import Paragraph

EMU_PER_MM = 36000
POINTS_PER_MM = 72 / 25.4
LINE_MM = 7.0
"""Height of a line of the box."""
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
LINE = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="center"/></w:pPr>'
    '<w:r><w:rPr><w:b/><w:sz w:val="28"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r></w:p>'
)
BOX = """<w:r {namespaces}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/>
<wp:docPr id="1" name="Text Box 1"/><a:graphic>
<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent>{lines}</w:txbxContent></wps:txbx>
<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0"/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>
</mc:Choice><mc:Fallback><w:pict>
<v:shape style="width:{width_pt:.0f}pt;height:{height_pt:.0f}pt" stroked="f" filled="f">
<v:textbox inset="0,0,0,0"><w:txbxContent>{lines}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>
</mc:AlternateContent></w:r>"""


def put_text_box(paragraph: Paragraph, lines: list[str], *, width_mm: float) -> None:
    """Puts a text box without a frame into `paragraph`, `width_mm` millimetres wide, its `lines` bold and centred."""
    height_mm = LINE_MM * len(lines)
    xml = BOX.format(
        namespaces=NAMESPACES,
        cx=round(width_mm * EMU_PER_MM),
        cy=round(height_mm * EMU_PER_MM),
        width_pt=width_mm * POINTS_PER_MM,
        height_pt=height_mm * POINTS_PER_MM,
        lines="".join(LINE.format(escape(line)) for line in lines),
    )
    holder: Any = paragraph._p
    holder.append(parse_xml("".join(xml.splitlines())))
