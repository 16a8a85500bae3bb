"""The words of one Word paragraph as they print: insertions in, deletions and hidden text out, field results kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from extractors.readers.docx_fonts import OldFonts
from extractors.readers.docx_styles import Styles

HIDDEN, REVISED = "hidden", "revised"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
RUN, TEXT = qn("w:r"), qn("w:t")
BOX = qn("w:txbxContent")
DELETED = {qn("w:del"), qn("w:moveFrom")}
INSERTED = {qn("w:ins"), qn("w:moveTo")}
# Elements that print a fixed text.
PRINTED = {
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
# What is no text of the paragraph, though there are letters in it.
PASSED_OVER = {
    qn("w:pPr"), qn("w:rPr"), qn("w:instrText"), qn("w:delText"), qn("w:delInstrText"), qn("w:sdtPr"),
    qn("w:sdtEndPr"), qn("w:drawing"), qn("w:pict"), qn("w:object"), qn("w:rt"), COMPATIBILITY + "Fallback",
}  # fmt: skip

Piece = tuple[str, bool]


class Words:
    """Reads paragraphs; `seen` counts hidden runs and revisions, `unseen` gathers the words that are hidden."""

    def __init__(self, styles: Styles, fonts: OldFonts) -> None:
        self.styles = styles
        self.fonts = fonts
        self.seen: Counter[str] = Counter()
        self.unseen: list[str] = []

    def pieces(self, paragraph: Element) -> list[Piece]:
        """The pieces of text of the paragraph, each with whether it is bold; "\\n" where a line is broken."""
        return list(self._walk(paragraph, paragraph))

    def joins_next(self, paragraph: Element) -> bool:
        """Whether the paragraph's end was deleted by a revision, so that it runs on into the next."""
        mark = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
        return mark is not None and any(mark.find(tag) is not None for tag in DELETED)

    def boxes(self, paragraph: Element) -> Iterator[Element]:
        """The contents of the text boxes anchored in the paragraph, each once."""
        stack = list(paragraph)[::-1]
        while stack:
            element = stack.pop()
            if element.tag == BOX:
                yield element
            elif element.tag not in DELETED and element.tag != COMPATIBILITY + "Fallback":
                stack.extend(list(element)[::-1])

    def _walk(self, element: Element, paragraph: Element) -> Iterator[Piece]:
        for child in element:
            tag = child.tag
            if tag in DELETED:
                self.seen[REVISED] += 1
            elif tag == RUN:
                yield from self._run(child, paragraph)
            elif tag in PASSED_OVER or not isinstance(tag, str):
                continue
            elif tag == MATH + "t":
                yield child.text or "", False
            else:
                self.seen[REVISED] += tag in INSERTED
                yield from self._walk(child, paragraph)

    def _run(self, run: Element, paragraph: Element) -> Iterator[Piece]:
        if self.styles.holds(run, paragraph, "w:vanish"):
            said = "".join(text.text or "" for text in run.iter(TEXT))
            self.seen[HIDDEN] += bool(said.strip())
            self.unseen.append(said)
            return
        bold = self.styles.holds(run, paragraph, "w:b")
        caps = self.styles.holds(run, paragraph, "w:caps")
        for text in self._texts(run, paragraph):
            text = self.fonts.modern(text, run, paragraph)
            yield (text.upper() if caps else text), bold

    def _texts(self, run: Element, paragraph: Element) -> Iterator[str]:
        for child in run:
            if child.tag == TEXT:
                yield child.text or ""
            elif child.tag in PRINTED:
                yield PRINTED[child.tag]
            elif child.tag == qn("w:sym"):
                yield _symbol(child)
            elif child.tag not in PASSED_OVER and isinstance(child.tag, str) and len(child):
                yield from (text for text, _ in self._walk(child, paragraph))


def _symbol(element: Element) -> str:
    code = element.get(qn("w:char")) or ""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(value) if value >= 0xF000 else chr(value + 0xF000) if 0x20 <= value < 0x100 else chr(value)
