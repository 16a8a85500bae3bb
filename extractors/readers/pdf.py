"""PDF: typed pages by their text layer with boxes and ruled tables, scanned ones by their picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from extractors.readers.assemble import assemble
from extractors.readers.glyphs import Glyphs
from extractors.readers.image_files import pdf_picture
from extractors.readers.joined_tables import join_tables
from extractors.readers.layout import page_lines, row_lines
from extractors.readers.layout_tables import is_layout
from extractors.readers.legacy_text import convert_line, modern
from extractors.readers.page_noise import mark_noise
from extractors.readers.pages_read import tell_pages
from extractors.readers.pdf_fields import NO_ANNOTATIONS, Annotations, filled_in, page_annotations
from extractors.readers.pdf_layers import MOST_DIFFERENCE, difference, numbers_doubt
from extractors.readers.pdf_page import PageContent, page_content, page_turn, turned_box, upright
from extractors.readers.pdf_remarks import COMMENTED, has_layers, hidden_remark, remarks
from extractors.readers.pdf_signatures import read_signatures, signature_doubts
from extractors.readers.pdf_spoken import spoken_remark
from extractors.readers.pdf_tables import found_boxes, inside, outside, ruled_table
from extractors.readers.pieces import Piece, pieces
from extractors.readers.scan import PageReading, read_page
from extractors.readers.signals import PageClass, signals
from schemas.errors import EncryptedFile, FileTooLarge, UnreadableFile
from schemas.progress import advance
from schemas.source import LAYER_PAGES, BBox, Block, Line, Noise, RawDocument, SourceFile, Table

MOST_PAGES = 500
PASSWORD_ERROR = 4
# A PDF that lost its first line is a damaged PDF, no text.
HEADLESS = re.compile(rb"\s*\d+ \d+ obj\b")
ENCRYPTED = b"/Encrypt"
BROKEN = "Tệp PDF “{name}” bị hỏng hoặc chưa tải xong; đề nghị mở thử tệp rồi gửi lại bản khác."
LOCKED = "Tệp PDF “{name}” có mật khẩu; đề nghị bỏ mật khẩu rồi gửi lại."
LARGE = "Tệp PDF “{name}” có {n} trang, nhiều hơn {most} trang; đề nghị tách nhỏ rồi gửi lại."
NO_TABLES = (
    "Trang {page}: không nhận ra được bảng vì trang có quá nhiều nét vẽ hoặc bị lỗi; đề nghị xem lại trang này."
)
DEAD_PAGE = "Trang {page} của tệp “{name}” bị hỏng nên không đọc được; đề nghị kiểm tra lại trang này."
UNMARKED = "Trang {page}: lớp chữ của tệp không có dấu tiếng Việt; đề nghị kiểm tra lại nội dung đọc được."
PICTURED = 0.5
# What pdfplumber and pdfminer raise on damaged pages; the text does not depend on them.
PLUMBER_ERRORS = (
    PdfminerException,
    MalformedPDFException,
    PDFException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    MemoryError,  # its own structures are many times the file's
)
FILLED_CLASSES = (PageClass.NONE, PageClass.STAMPED)
OCR_CLASSES = (*FILLED_CLASSES, PageClass.GARBAGE)
# Of a page: from here on it lies under a picture, and its text is unpainted.
COVERED, UNPAINTED = 0.8, 0.9


@dataclass(slots=True)
class _Read:
    """What has been read so far, page by page."""

    pages: list[list[Block]] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    classes: list[PageClass] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    confidences: dict[int, float] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    turned: set[int] = field(default_factory=set)
    """Pages that were turned upright to be read: their boxes are not those of the page as the file shows it."""
    layer_believed: bool | None = None
    """Whether the OCR layer of its first page says what we read there; None before one was seen."""


@dataclass(slots=True)
class _Opened:
    """The document while its pages are read."""

    source: SourceFile
    pdf: Any
    plumber: _Plumber
    layered: bool


def is_pdf(data: bytes) -> bool:
    """Whether the bytes are a PDF; some begin with a few stray bytes."""
    return b"%PDF-" in data[:1024] or (HEADLESS.match(data) is not None and b"startxref" in data[-2048:])


def read_pdf(source: SourceFile) -> RawDocument:
    """The lines and tables of a PDF in reading order, with page and box.

    Raises UnreadableFile, EncryptedFile, FileTooLarge, NoTextFound, and MissingProgram where a page needs OCR.
    """
    found = _Read()
    data = source.path.read_bytes()
    with _opened(source) as pdf, _plumbed(source) as plumber:
        if len(pdf) > MOST_PAGES:
            raise FileTooLarge(LARGE.format(name=source.name, n=len(pdf), most=MOST_PAGES))
        _read_signatures(pdf, data, found)
        found.warnings.extend(remarks(pdf, data))
        opened = _Opened(source, pdf, plumber, has_layers(data))
        for index in range(len(pdf)):
            tell_pages(index, len(pdf))
            _read_page(opened, index, found)
            advance()
    lines = [[block for block in page if isinstance(block, Line)] for page in found.pages]
    blocks = join_tables(list(_woven(found.pages, mark_noise(lines, found.heights))))
    facts = {"page_classes": " ".join(found.classes), **found.facts}
    if found.confidences:
        facts["ocr_confidence"] = " ".join(f"{page}:{sure:.0f}" for page, sure in found.confidences.items())
    if turned := found.turned | plumber.turned:
        facts["turned_pages"] = " ".join(map(str, sorted(turned)))
    return assemble(source, "pdf", blocks, n_pages=len(found.pages), warnings=found.warnings, facts=facts)


def _read_signatures(pdf: Any, data: bytes, found: _Read) -> None:
    signatures = read_signatures(pdf, data)
    if signatures:
        found.facts["signatures"] = " | ".join(signature.told for signature in signatures)
        found.warnings.extend(signature_doubts(signatures, data))


def _woven(pages: list[list[Block]], lines: list[list[Line]]) -> Iterator[Block]:
    """The blocks of all pages, their lines taken from `lines`."""
    for page, marked in zip(pages, lines, strict=True):
        rest = iter(marked)
        for block in page:
            yield block if isinstance(block, Table) else next(rest)


@contextmanager
def _opened(source: SourceFile) -> Iterator[Any]:
    try:
        pdf = pypdfium2.PdfDocument(source.path)
    except (pypdfium2.PdfiumError, OSError) as error:
        told = getattr(error, "err_code", None) == PASSWORD_ERROR or "password" in str(error).lower()
        if told and ENCRYPTED in source.path.read_bytes():  # what pdfium tells may be of the file before
            raise EncryptedFile(LOCKED.format(name=source.name), detail=str(error)) from error
        raise UnreadableFile(BROKEN.format(name=source.name), detail=str(error)) from error
    with closing(pdf):
        if len(pdf) == 0:
            raise UnreadableFile(BROKEN.format(name=source.name), detail="no pages")
        yield pdf


class _Plumber:
    """pdfplumber's document, opened only when a page has rules."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._document: Any = None
        self._turned: dict[int, tuple[int, float, float]] = {}

    def turn(self, index: int, page: Any, rotation: int) -> None:
        """Turn a page of pdfium in memory, so that its text is upright; the cells of its tables will follow."""
        before = page.get_rotation() % 360
        if rotation != before:
            self._turned[index] = (rotation - before, *page.get_size())
            page.set_rotation(rotation)

    @property
    def turned(self) -> set[int]:
        """The numbers of the pages that were turned."""
        return {index + 1 for index in self._turned}

    def boxes(self, index: int) -> list[list[BBox]] | None:
        """The cells of the tables of a page; None where pdfplumber cannot read it."""
        try:
            if self._document is None:
                self._document = pdfplumber.open(self._source.path)
            page = self._document.pages[index]
            try:
                how = self._turned.get(index, (0, 0.0, 0.0))
                return [[turned_box(box, *how) for box in boxes] for boxes in found_boxes(page)]
            finally:
                page.close()
        except PLUMBER_ERRORS:
            return None

    def close(self) -> None:
        """Close the document."""
        if self._document is not None:
            with suppress(*PLUMBER_ERRORS):  # closing walks the pages once more
                self._document.close()


@contextmanager
def _plumbed(source: SourceFile) -> Iterator[_Plumber]:
    plumber = _Plumber(source)
    try:
        yield plumber
    finally:
        plumber.close()


def _shown(opened: _Opened, index: int) -> tuple[Any, Annotations]:
    """The page as it is shown: number and day that the registry fills in are fields, printed here (in memory)."""
    page = opened.pdf[index]
    if not pdfium.FPDFPage_GetAnnotCount(page.raw):
        return page, NO_ANNOTATIONS
    with closing(page.get_textpage()) as textpage:
        opened.plumber.turn(index, page, upright(page, textpage))
    noted = page_annotations(page, page_turn(page), index + 1)
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return opened.pdf[index], noted


def _read_page(opened: _Opened, index: int, found: _Read) -> None:
    """Read one page into `found`; a page that is damaged is said and passed over."""
    blocks: list[Block] = []
    height, quality = 0.0, PageClass.NONE
    try:
        shown, noted = _shown(opened, index)
        with closing(shown) as page, closing(page.get_textpage()) as textpage:
            opened.plumber.turn(index, page, upright(page, textpage))
            content = page_content(page, textpage, index + 1, noted, opened.layered)
            height, quality = content.height, content.quality
            blocks = [*_page_blocks(page, textpage, content, opened, found), *_apart(textpage, content)]
            _tell(content, noted, found)
            found.warnings.extend(filter(None, [spoken_remark(page, index + 1)]))
    except (pypdfium2.PdfiumError, UnreadableFile):  # the latter where OCR gave a page up
        found.warnings.append(DEAD_PAGE.format(page=index + 1, name=opened.source.name))
    found.pages.append(blocks)
    found.heights.append(height)
    found.classes.append(quality)


def _tell(content: PageContent, noted: Annotations, found: _Read) -> None:
    """Say what the page holds beside its text."""
    if content.quality is PageClass.UNMARKED:
        found.warnings.append(UNMARKED.format(page=content.number))
    if noted.comments:
        found.warnings.append(COMMENTED.format(page=content.number, n=noted.comments))
    if content.hidden is not None and (hidden := content.hidden.text.strip()):
        found.warnings.append(hidden_remark(content.number, hidden))


def _apart(textpage: Any, content: PageContent) -> Iterator[Line]:
    """The lines of signatures' stamps and of what nobody sees, named as such."""
    for noise, groups in ((Noise.STAMP, content.stamps), (Noise.HIDDEN, [content.hidden] if content.hidden else [])):
        for glyphs in groups:
            for line in row_lines(pieces(glyphs, textpage, columns=False), content.number):
                yield replace(line, noise=noise)


def _page_blocks(page: Any, textpage: Any, content: PageContent, opened: _Opened, found: _Read) -> list[Block]:
    if content.quality in OCR_CLASSES:
        return _scanned(page, textpage, content, found)
    if content.quality is PageClass.GOOD and content.image_cover >= COVERED and content.invisible >= UNPAINTED:
        return _layered(page, textpage, content, opened, found)
    blocks = _typed(content, textpage, opened.plumber, found)
    if content.quality is PageClass.AMBIGUOUS and content.image_cover >= PICTURED:
        return _better(blocks, read_page(pdf_picture(page, content.number)).blocks)
    return blocks


def _layered(page: Any, textpage: Any, content: PageContent, opened: _Opened, found: _Read) -> list[Block]:
    """A page with the Vietnamese layer of another OCR: the layer, or our own reading where the first was poor."""
    if found.layer_believed:
        return _believed(content, textpage, opened, found)
    blocks = _scanned(page, textpage, content, found)
    ours = _text(blocks)
    if doubt := numbers_doubt(content.number, ours, content.text):
        found.warnings.append(doubt)
    if found.layer_believed is None:
        differs = difference(ours, content.text)
        found.layer_believed = differs <= MOST_DIFFERENCE
        found.facts["ocr_layer"] = f"{'kept' if found.layer_believed else 'read anew'}: {differs:.1%}"
    if found.layer_believed:
        del found.confidences[content.number]
        found.turned.discard(content.number)
        return _believed(content, textpage, opened, found)
    return blocks


def _believed(content: PageContent, textpage: Any, opened: _Opened, found: _Read) -> list[Block]:
    """The blocks of the layer, its page noted: no typist wrote it, so slips may be looked for in it."""
    found.facts[LAYER_PAGES] = f"{found.facts.get(LAYER_PAGES, '')} {content.number}".strip()
    return _typed(content, textpage, opened.plumber, found)


def _scanned(page: Any, textpage: Any, content: PageContent, found: _Read) -> list[Block]:
    """The blocks read from the page's picture, what is typed on it put in its place; an old layer is kept beside."""
    reading: PageReading = read_page(pdf_picture(page, content.number))
    found.confidences[content.number] = reading.confidence
    if reading.turned:
        found.turned.add(content.number)
    found.warnings.extend(reading.warnings)
    if content.quality in FILLED_CLASSES:
        typed = [line for line in row_lines(pieces(content.glyphs, textpage), content.number) if line.text.strip()]
        return _with_fields(reading.blocks, typed)
    found.facts[f"old_layer_{content.number}"] = content.text.strip()
    return reading.blocks


def _with_fields(blocks: list[Block], typed: list[Line]) -> list[Block]:
    if not typed:
        return blocks
    lines = [block for block in blocks if isinstance(block, Line)]
    tables = [block for block in blocks if isinstance(block, Table)]
    return _interleaved(filled_in(lines, typed), tables)


def _better(typed: list[Block], scanned: list[Block]) -> list[Block]:
    return max(typed, scanned, key=lambda blocks: signals(_text(blocks)).worth)


def _text(blocks: list[Block]) -> str:
    return "\n".join(
        line.text for block in blocks for line in (block.lines if isinstance(block, Table) else (block,))
    )


def _typed(content: PageContent, textpage: Any, plumber: _Plumber, found: _Read) -> list[Block]:
    """The lines and tables of a page with a text layer."""
    old = modern(content.text) if content.quality is PageClass.LEGACY else None

    def lettered(glyphs: Glyphs, columns: bool) -> list[Piece]:
        made = pieces(glyphs, textpage, columns=columns)
        return [replace(piece, text=convert_line(piece.text, old[1], piece.font)) for piece in made] if old else made

    boxes = plumber.boxes(content.number - 1) if content.ruled else []
    if boxes is None or content.crowded:
        found.warnings.append(NO_TABLES.format(page=content.number))
        boxes = []

    def read_cell(box: BBox) -> tuple[Line, ...]:
        return tuple(row_lines(lettered(inside(content.glyphs, box), False), content.number))

    tables = [table for cells in boxes if (table := ruled_table(cells, content.number, read_cell)) is not None]
    tables = [table for table in tables if not is_layout(table) and any(cell.text for cell in table.cells)]
    free = outside(content.glyphs, [table.bbox for table in tables if table.bbox])
    lines = page_lines(lettered(free, True), content.number, content.width, content.height)
    return _interleaved(lines, tables)


def _interleaved(lines: list[Line], tables: list[Table]) -> list[Block]:
    """Each table before the first line that stands below its top."""
    blocks: list[Block] = []
    waiting = sorted(tables, key=lambda table: table.bbox.top if table.bbox else 0.0)
    for line in lines:
        while waiting and line.bbox and waiting[0].bbox and line.bbox.top >= waiting[0].bbox.top:
            blocks.append(waiting.pop(0))
        blocks.append(line)
    return blocks + list(waiting)
