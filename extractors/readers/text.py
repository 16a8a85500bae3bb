"""Plain text: UTF-8, UTF-16 or an old Vietnamese encoding, with or without Markdown and web emphasis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.readers.assemble import assemble
from extractors.readers.emphasis import is_rule, strip_emphasis
from extractors.readers.encoding import decode
from extractors.readers.flat_tables import CELL_END, blocks_of
from extractors.readers.grids import grid_blocks
from extractors.readers.inline_tables import inline_tables
from schemas.errors import UnsupportedFormat
from schemas.source import Block, Line, Noise, RawDocument, SourceFile

NOT_TEXT = "Tệp “{name}” không phải là văn bản đọc được; đề nghị lưu lại thành .docx, .pdf hoặc .txt rồi gửi lại."
# Other things in letters, whose words are not told by them: programs for printers, keys, markup, rests of a PDF.
OTHERS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:%!PS|-----BEGIN |data:[\w./+-]+;base64,|<\?xml|<svg\b|\{\\rtf|\d+ \d+ obj\b)"
)
# A mail or a web page of one file: its text is packed, and files may hang on it.
MAIL = re.compile(rb"^(?:MIME-Version|Content-Transfer-Encoding):", re.I | re.M)
MAIL_HEAD = 8000
PACKED = re.compile(rb"[A-Za-z0-9+/=]{60,}")
PACKED_KINDS = (re.compile(rb"[A-Z]"), re.compile(rb"[a-z]"), re.compile(rb"\d"))
LONE_NUMBER = re.compile(r"^[-–—\s]*(\d{1,3})[-–—\s]*$")
# A printed page holds more lines than this; a column of row numbers has fewer between them.
LINES_OF_A_PAGE = 14


def is_text(data: bytes) -> bool:
    """Whether the bytes are text in an encoding that is known here, and no other thing written in letters."""
    if OTHERS.match(data) or is_mail(data) or _is_packed(data):
        return False
    return decode(data) is not None


def is_mail(data: bytes) -> bool:
    """Whether the bytes are a mail, or a web page saved in the form of one (.mht)."""
    return MAIL.search(data[:MAIL_HEAD]) is not None


def _is_packed(data: bytes) -> bool:
    """Whether more than half of the bytes are a file packed into letters (Base64)."""
    runs = b"".join(PACKED.findall(data))
    return 2 * len(runs) > len(data) and all(kind.search(runs) for kind in PACKED_KINDS)


def read_text(source: SourceFile) -> RawDocument:
    """The lines of a text file, tables flattened by a web page rebuilt; raises UnsupportedFormat for other bytes."""
    found = decode(source.path.read_bytes())
    if found is None:
        raise UnsupportedFormat(NOT_TEXT.format(name=source.name))
    text, encoding = found
    return assemble(source, "text", text_blocks(text), facts={"encoding": encoding})


def text_blocks(text: str) -> list[Block]:
    """The lines and rebuilt tables of a text."""
    rows = [row.strip("\r") for row in re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text)]
    blocks: list[Block] = []
    for plain, cells in inline_tables(rows):
        blocks += blocks_of(_page_numbers(list(_plain_lines(plain))))
        blocks += grid_blocks(cells) if cells else []
    return blocks


def _plain_lines(rows: list[str]) -> Iterator[Line]:
    """One line for each row that says something; the lone "|" of a flattened table is kept as it is."""
    blank, paragraph = 0, list[str]()
    for row in [*rows, ""]:
        if row.strip() and row.strip() != CELL_END:
            paragraph.append(row)
            continue
        yield from _paragraph(paragraph, blank)
        blank = 0 if paragraph else blank
        paragraph = []
        if row.strip():
            yield Line(CELL_END, blank_before=blank)
            blank = 0
        else:
            blank += 1
    if blank > 1:
        yield Line("", blank_before=blank - 1)


def _paragraph(rows: list[str], blank: int) -> Iterator[Line]:
    for text, bold in strip_emphasis(rows):
        noise = Noise.RULE if is_rule(text) else None
        yield Line(text, blank_before=blank, bold=bold, noise=noise)
        blank = 0 if text.strip() else blank + 1


def _page_numbers(lines: list[Line]) -> list[Line]:
    """The lines, lone numbers that count the pages (2, 3, 4 … a page apart) marked as such."""
    due, last, marked = 0, -1, list(lines)
    for at, line in enumerate(lines):
        number = LONE_NUMBER.match(line.text)
        if not number or _between_cells(lines, at):
            continue
        value = int(number[1])
        if at - last > LINES_OF_A_PAGE and (value == due or (due == 0 and value in (1, 2))):
            marked[at] = _numbered(line)
            due, last = value + 1, at
    return marked


def _between_cells(lines: list[Line], at: int) -> bool:
    near = lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2]
    return any(line.text == CELL_END for line in near)


def _numbered(line: Line) -> Line:
    return Line(line.text, blank_before=line.blank_before, noise=Noise.PAGE_NUMBER)
