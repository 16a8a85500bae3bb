"""Web pages and Word's "saved as web page": paragraphs, lists and tables."""

from __future__ import annotations

import codecs
import re
from itertools import count, groupby

from lxml import etree
from lxml import html as lxml_html

from extractors.readers.assemble import OLD_ENCODING, assemble
from extractors.readers.encoding import BYTE_ORDER_MARKS, decode
from extractors.readers.grids import CellSource, grid_blocks
from extractors.readers.html_fonts import HtmlFonts
from extractors.readers.old_fonts import OldText
from extractors.readers.text import is_mail
from normalizers.enumerators import format_number
from schemas.errors import FileTooLarge, UnreadableFile
from schemas.source import Block, Line, Noise, RawDocument, SourceFile

BROKEN = "Trang web “{name}” bị hỏng, không đọc được; đề nghị mở bằng Word rồi lưu lại thành .docx."
TOO_DEEP = (
    "Trang web “{name}” lồng quá nhiều lớp nên không đọc hết được; đề nghị mở bằng Word rồi lưu lại thành .docx."
)
# The parser's own word for elements that are nested too deep: what stands below them is left out of the tree.
CUT_OFF = "ERR_RESOURCE_LIMIT"
HEAD = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|p|div)\b", re.I | re.S
)
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.I)
BOLD = re.compile(r"(?<![\w-])font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
LIGHT = re.compile(r"(?<![\w-])font-weight\s*:\s*(?:normal|[1-5]00)", re.I)
CENTERED = re.compile(r"text-align\s*:\s*center", re.I)
FOOTNOTE = re.compile(r"mso-element\s*:\s*(?:footnote|endnote)\b(?!-)", re.I)
RUNNING = re.compile(r"mso-element\s*:\s*(?:header|footer)\b", re.I)
SPACES = re.compile(r"[ \t\r\n\f]+")
# Numeric entities in this range mean windows-1252, whatever they say.
C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
SKIPPED = {"head", "script", "style", "template", "noscript", "select", "del", "xml", "title", "iframe", "object"}
SIDE = {"nav", "aside"}
BLOCKS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "pre", "center", "dl", "dt", "dd",
    "section", "article", "main", "header", "footer", "form", "fieldset", "address", "body", "html", "caption", "hr",
    "figure", "figcaption", "nav", "aside",
}  # fmt: skip
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BOLD_TAGS = {"b", "strong", "th"} | HEADINGS
LIST_STYLES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def is_html(data: bytes) -> bool:
    """Whether the bytes begin as a web page does, and as no mail that holds one."""
    if is_mail(data):
        return False
    head = data[:4096]
    for mark, name in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            head = head.decode(name, errors="ignore").encode()
    return bool(HEAD.match(head)) or b"<html" in head.lower()


def read_html(source: SourceFile) -> RawDocument:
    """The paragraphs, lists and tables of a web page; raises UnreadableFile and FileTooLarge."""
    return read_page(source, *decoded_page(source.path.read_bytes()))


def read_page(source: SourceFile, text: str, encoding: str) -> RawDocument:
    """The same of a page's characters; `encoding` is what they were in."""
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = lxml_html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(BROKEN.format(name=source.name), detail=str(error)) from error
    if any(entry.type_name == CUT_OFF for entry in parser.error_log):
        raise FileTooLarge(TOO_DEEP.format(name=source.name), detail=str(parser.error_log))
    page = _Page(HtmlFonts(root))
    try:
        page.see(root)
        blocks = page.read(root)
    except RecursionError as error:
        raise FileTooLarge(TOO_DEEP.format(name=source.name)) from error
    old = " ".join(sorted(page.old.used))
    facts = {"encoding": encoding} | ({"legacy_encoding": old} if old else {})
    return assemble(source, "html", blocks, warnings=[OLD_ENCODING] if old else [], facts=facts)


def decoded_page(data: bytes) -> tuple[str, str]:
    """The page's text and its encoding; UTF-8 is believed before what the page declares of itself."""
    if any(data.startswith(mark) for mark, _ in BYTE_ORDER_MARKS):
        found = decode(data)
        if found:
            return found
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = CHARSET.search(data[:4096])
    name = declared[1].decode("ascii", "ignore") if declared else ""
    try:
        return data.decode(codecs.lookup(name).name, errors="replace"), name
    except LookupError:
        return decode(data) or (data.decode("cp1252", errors="replace"), "cp1252")


class _Page:
    """Walks the elements and gathers paragraphs; `pieces` are texts with whether they are bold, and their fonts."""

    def __init__(self, fonts: HtmlFonts) -> None:
        self.fonts = fonts
        self.font = ""
        self.old = OldText()
        self.numbers = count()
        self.blocks: list[Block] = []
        self.pieces: list[tuple[str, bool, str]] = []
        self.label = ""
        self.centered = False
        self.noise: Noise | None = None

    def read(self, root: lxml_html.HtmlElement) -> list[Block]:
        """The blocks of the element and all in it."""
        self._walk(root, bold=False, pre=False)
        self._flush()
        return self.blocks

    def see(self, node: lxml_html.HtmlElement, around: str = "") -> None:
        """Look which words are set in old fonts, before any is read."""
        if not isinstance(node.tag, str) or node.tag in SKIPPED:
            return
        font = self.fonts.of(node, around)
        self.old.sample(node.text or "", font)
        for child in node:
            self.see(child, font)
            self.old.sample(child.tail or "", font)

    def _walk(self, node: lxml_html.HtmlElement, *, bold: bool, pre: bool) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""
        style = node.get("style") or ""
        if tag in SKIPPED or not tag or node.get("hidden") is not None or HIDDEN.search(style):
            return
        bold = (bold or tag in BOLD_TAGS or bool(BOLD.search(style))) and not (
            tag not in BOLD_TAGS and LIGHT.search(style)
        )
        if tag == "br":
            self.pieces.append(("\n", bold, self.font))
        elif tag == "table":
            self._table(node, bold)
        elif tag in BLOCKS:
            self._block(node, tag, style, bold, pre or tag == "pre")
        else:
            self._inside(node, bold=bold, pre=pre)

    def _inside(self, node: lxml_html.HtmlElement, *, bold: bool, pre: bool) -> None:
        outer, self.font = self.font, self.fonts.of(node, self.font)
        self._say(node.text, bold, pre)
        for child in node:
            self._walk(child, bold=bold, pre=pre)
            self._say(child.tail, bold, pre)
        self.font = outer

    def _say(self, text: str | None, bold: bool, pre: bool) -> None:
        if text:
            text = text.translate(C1)
            self.pieces.append((text if pre else SPACES.sub(" ", text), bold, self.font))

    def _block(self, node: lxml_html.HtmlElement, tag: str, style: str, bold: bool, pre: bool) -> None:
        self._flush()
        outer = self.centered, self.noise
        self.centered = self._is_centered(node, tag, style)
        self.noise = self._noise(node, tag, style) or self.noise
        if tag == "li":
            self.label = _list_label(node)
        self._inside(node, bold=bold, pre=pre)
        self._flush(tag in {"p", "li"})
        self.centered, self.noise = outer

    def _is_centered(self, node: lxml_html.HtmlElement, tag: str, style: str) -> bool:
        align = (node.get("align") or "").lower()
        if align or "text-align" in style:
            return align == "center" or bool(CENTERED.search(style))
        return self.centered or tag == "center"

    def _noise(self, node: lxml_html.HtmlElement, tag: str, style: str) -> Noise | None:
        if FOOTNOTE.search(style) or "MsoFootnoteText" in (node.get("class") or ""):
            return Noise.FOOTNOTE
        return Noise.RUNNING_HEAD if RUNNING.search(style) or tag in SIDE else None

    def _flush(self, ended: bool = False) -> None:
        # One letter of an old encoding may be two signs, and stand in two elements.
        runs = groupby(self.pieces, key=lambda piece: piece[2])
        text = "".join(self.old.modern("".join(piece for piece, _, _ in run), font) for font, run in runs)
        said = [bold for piece, bold, _ in self.pieces if any(char.isalnum() for char in piece)]
        self.pieces = []
        if not text.strip():
            if ended:
                self.blocks.append(Line("", blank_before=1))
            return
        text, self.label = self.label + text.strip(), ""
        self.blocks.append(
            Line(
                text,
                paragraph=next(self.numbers),
                bold=bool(said) and all(said),
                centered=self.centered,
                noise=self.noise,
            )
        )

    def _table(self, node: lxml_html.HtmlElement, bold: bool) -> None:
        self._flush()
        outer, self.blocks, self.centered = (self.blocks, self.centered), [], False
        caption = [child for child in node if child.tag == "caption"]
        rows = [[self._cell(cell, bold) for cell in row if cell.tag in {"td", "th"}] for row in _rows(node)]
        self.blocks, self.centered = outer
        for child in caption:
            self._walk(child, bold=bold, pre=False)
        self.blocks.extend(grid_blocks(rows))

    def _cell(self, node: lxml_html.HtmlElement, bold: bool) -> CellSource:
        outer, self.blocks = self.blocks, []
        self.centered = self._is_centered(node, "td", node.get("style") or "")
        self._inside(node, bold=bold or node.tag == "th", pre=False)
        self._flush()
        made, self.blocks = self.blocks, outer
        return CellSource(made, _span(node.get("rowspan")), _span(node.get("colspan")))


def _rows(table: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
    rows = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in {"thead", "tbody", "tfoot"}:
            rows += [row for row in child if row.tag == "tr"]
    return rows


def _span(value: str | None) -> int:
    return max(1, min(int(value), 10_000)) if value and value.strip().isdecimal() and len(value) < 9 else 1


def _list_label(item: lxml_html.HtmlElement) -> str:
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        depth = sum(1 for above in item.iterancestors() if above.tag == "ul")
        return "+ " if depth == 2 else "- "
    place = sum(1 for before in item.itersiblings("li", preceding=True)) + _start(parent)
    return format_number(place, LIST_STYLES.get(parent.get("type") or "1", "decimal")) + ". "


def _start(parent: lxml_html.HtmlElement) -> int:
    start = parent.get("start") or "1"
    return int(start) if start.removeprefix("-").isdecimal() and len(start) < 9 else 1
