"""What a paragraph or run of a .docx has from itself or from its chain of styles."""

from __future__ import annotations

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

OFF = frozenset({"0", "false", "off", "none"})
MOST_STYLES_DEEP = 20


class Styles:
    """Looks up properties through `w:basedOn`."""

    def __init__(self, root: Element | None) -> None:
        found = root.findall(qn("w:style")) if root is not None else []
        self._fonts: dict[str, str] = {}
        self._styles = {one.get(qn("w:styleId")) or "": one for one in found}
        self._default = next(
            (
                one.get(qn("w:styleId")) or ""
                for one in found
                if one.get(qn("w:type")) == "paragraph" and one.get(qn("w:default")) in ("1", "true", "on")
            ),
            "",
        )

    def paragraph_style(self, paragraph: Element) -> str:
        """The id of the paragraph's style."""
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return (style.get(qn("w:val")) or "") if style is not None else self._default

    def of_paragraph(self, paragraph: Element, name: str) -> Element | None:
        """The element `name` of the paragraph's properties, its own or its style's."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn(name)}")
        return own if own is not None else self.of_style(self.paragraph_style(paragraph), f"{qn('w:pPr')}/{qn(name)}")

    def of_style(self, style: str, path: str) -> Element | None:
        """The element at `path` of the style or of the nearest that it is based on."""
        for _ in range(MOST_STYLES_DEEP):
            element = self._styles.get(style)
            if element is None:
                return None
            found = element.find(path)
            if found is not None:
                return found
            base = element.find(qn("w:basedOn"))
            style = (base.get(qn("w:val")) or "") if base is not None else ""
        return None

    def font(self, run: Element, paragraph: Element) -> str:
        """The name of the run's font for Latin letters, "" where neither it nor a style names one."""
        path = f"{qn('w:rPr')}/{qn('w:rFonts')}"
        own = _font_of(run.find(path))
        if own:
            return own
        style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
        named = self._style_font(style.get(qn("w:val")) or "") if style is not None else ""
        return named or self._style_font(self.paragraph_style(paragraph))

    def _style_font(self, style: str) -> str:
        if style not in self._fonts:
            self._fonts[style] = _font_of(self.of_style(style, f"{qn('w:rPr')}/{qn('w:rFonts')}"))
        return self._fonts[style]

    def holds(self, run: Element, paragraph: Element, name: str) -> bool:
        """Whether a property such as `w:b` or `w:vanish` is on for the run."""
        own = run.find(f"{qn('w:rPr')}/{qn(name)}")
        if own is None:
            style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
            path = f"{qn('w:rPr')}/{qn(name)}"
            own = self.of_style(style.get(qn("w:val")) or "", path) if style is not None else None
            if own is None:
                own = self.of_style(self.paragraph_style(paragraph), path)
        return own is not None and (own.get(qn("w:val")) or "1") not in OFF


def _font_of(fonts: Element | None) -> str:
    if fonts is None:
        return ""
    return fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi")) or ""
