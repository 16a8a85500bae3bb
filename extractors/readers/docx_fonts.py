"""Runs of a Word document set in a font of before Unicode (.VnTime, VNI-Times), whose letters it shows as others."""

from __future__ import annotations

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from extractors.readers.docx_styles import Styles
from extractors.readers.old_fonts import OldText


class OldFonts:
    """The old fonts of a document; `used` are the encodings in which text was really found."""

    def __init__(self, body: Element, styles: Styles) -> None:
        self._styles = styles
        self._text = OldText()
        for paragraph in body.iter(qn("w:p")):
            for run in paragraph.findall(qn("w:r")):
                font = styles.font(run, paragraph)
                for text in run.iter(qn("w:t")):
                    self._text.sample(text.text or "", font)

    @property
    def used(self) -> set[str]:
        """The encodings in which text was found."""
        return self._text.used

    def modern(self, text: str, run: Element, paragraph: Element) -> str:
        """The text of a run in Unicode, as its font shows it; the same where the font or the text is no old one."""
        return self._text.modern(text, self._styles.font(run, paragraph))
