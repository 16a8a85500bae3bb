"""Which font the words of a web page are set in: named in its styles, at the element, or by a font tag."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
# "p.MsoNormal", ".tieude", "h1": what a rule is for; longer paths are told by their last part.
SELECTOR = re.compile(r"(?:^|[\s>+~])([a-z][a-z0-9]*)?((?:\.[\w-]+)*)\s*$", re.I)
FAMILY = re.compile(r"(?<![\w-])font-family\s*:\s*[\"']?\s*([^,;\"']+)", re.I)
SHORT = re.compile(r"(?<![\w-])font\s*:[^;]*?\d(?:pt|px|em|%)\S*\s+[\"']?\s*([^,;\"']+)", re.I)
MOST_STYLE = 1_000_000


class HtmlFonts:
    """The fonts that a page's style sheets name, by tag and class; of two rules that fit the closer, then the later.

    Of the ways in which a rule may choose its elements those are known that Word and LibreOffice write.
    """

    def __init__(self, root: HtmlElement) -> None:
        self._named: dict[tuple[str, str], str] = {}
        for sheet in root.iter("style"):
            for selectors, said in RULE.findall(COMMENT.sub(" ", (sheet.text or "")[:MOST_STYLE])):
                if font := family(said):
                    self._name(selectors, font)

    def of(self, node: HtmlElement, around: str) -> str:
        """The font of an element's own words; `around` is that of the element in which it stands."""
        tag, classes = node.tag.lower(), (node.get("class") or "").split()
        told = family(node.get("style") or "")
        for key in (*((tag, name) for name in classes), *(("", name) for name in classes), (tag, "")):
            told = told or self._named.get(key, "")
        face = (node.get("face") or "").split(",")[0].strip("\"' ") if tag == "font" else ""
        return told or face or around

    def _name(self, selectors: str, font: str) -> None:
        for selector in selectors.split(","):
            found = SELECTOR.search(selector)
            if not found or not (found[1] or found[2]):
                continue
            tag = (found[1] or "").lower()
            for name in found[2].split(".")[1:] or [""]:
                self._named[tag, name] = font


def family(style: str) -> str:
    """The first font that declarations of a style name, "" where they name none.

    >>> family("margin:0cm;mso-ascii-font-family:Arial;font-family:'.VnTimeH','serif'")
    '.VnTimeH'
    """
    found = FAMILY.search(style) or SHORT.search(style)
    return found[1].strip() if found else ""
