"""Lines and tables as a reader found them → a `RawDocument` whose text, offsets and characters are in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from extractors.readers.layout_tables import AUTHORITY, MOTTO
from extractors.readers.legacy_text import convert_line, modern
from normalizers.fold import fold
from schemas.errors import FileTooLarge, NoTextFound
from schemas.source import Block, Cell, Line, RawDocument, SourceFile, Table

# Soft hyphen, zero-width spaces and joiners, direction marks, byte order mark: print nothing.
DAMAGED = "\ufffd"
DAMAGED_LETTERS = "Có {n} chữ bị hỏng trong tệp (đọc ra là “�”); đề nghị đối chiếu với bản gốc."
# Signs that show what follows from right to left: no Vietnamese text needs them.
TURNED = re.compile("[\u202d\u202e]")
TURNED_LETTERS = "Tệp có ký tự ẩn làm đảo chiều chữ, chữ hiện ra khác với chữ được đọc; đề nghị kiểm tra lại tệp."
UNSEEN = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
INVISIBLE = re.compile(f"[{UNSEEN}]")
# What parts two columns in a line of text.
WIDE_GAP = re.compile(r"\s*(?:\t|[ \u00a0]{4})\s*")
NUMBERED = re.compile(r"^so\b")
DATED = re.compile(r"\bngay\b.*\bthang\b")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
WHITESPACE = re.compile(r"[\s\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# What Word's symbol fonts put into the private area for bullets, as they look in print.
SYMBOL_BULLETS = str.maketrans(
    {
        "\uf02d": "-",
        "\uf0b7": "•",
        "\uf0a7": "▪",
        "\uf0d8": "➢",
        "\uf0fc": "✓",
        "\uf076": "❖",
        "\uf0a8": "□",
        "\uf06f": "□",
        "\uf0b4": "×",
        "\uf02b": "+",
        "\uf02a": "*",
        "\ufffe": "-",
    }
)
OLD_ENCODING = (
    "Tệp dùng bảng mã cũ (TCVN3, VNI hoặc VPS), đã chuyển sang Unicode; đề nghị kiểm tra lại chữ hoa, chữ thường."
)
TOO_LONG = "Tệp “{name}” có hơn {most} {what}, nhiều hơn mọi kế hoạch; đề nghị tách nhỏ rồi gửi lại."
# Some 600 pages; the longest line is a whole plan that lost its line ends.
MOST_LINES, MOST_OF_A_LINE, MOST_LETTERS = 50_000, 60_000, 2_000_000
NOTHING_READ = "Không tìm thấy chữ nào trong tệp “{name}”; đề nghị kiểm tra lại tệp hoặc gửi bản có nội dung."


def clean(text: str) -> str:
    """The text of one line in NFC, with single plain spaces and without unseen characters.

    >>> clean("Ủy\\u00a0ban  nhân\\tdân\\u00ad xã ")
    'Ủy ban nhân dân xã'
    >>> clean("Kế hoạch số 173-KH/BDVTU\\ufffeUBNDTP")
    'Kế hoạch số 173-KH/BDVTU-UBNDTP'
    """
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text).translate(SYMBOL_BULLETS))
    return unicodedata.normalize("NFC", CONTROL.sub("", WHITESPACE.sub(" ", text)).strip())


def halves(text: str) -> list[str]:
    """The two sides of a letterhead or signature that stand in one line with a wide gap between; else the line.

    >>> halves("ỦY BAN NHÂN DÂN\\t\\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    ['ỦY BAN NHÂN DÂN', 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM']
    >>> halves("1.\\tPhòng Văn hóa")
    ['1.\\tPhòng Văn hóa']
    """
    sides = [side for side in WIDE_GAP.split(text) if side.strip()]
    if len(sides) != 2:
        return [text]
    left, right = fold(sides[0].strip()), fold(sides[1].strip())
    told = MOTTO.search(right) or AUTHORITY.match(right) or (NUMBERED.match(left) and DATED.search(right))
    return sides if told else [text]


def split_lines(line: Line) -> tuple[tuple[Line, ...], ...]:
    """The line cleaned, one `Line` for each line end in it, side by side of a wide gap; none for nothing."""
    parts = [halves(part) for part in line.text.splitlines()]
    sides: list[list[Line]] = [[], []]
    for part in parts:
        for side, text in zip(sides, part, strict=False):
            if cleaned := clean(text):
                side.append(replace(line, text=cleaned, blank_before=0))
    found = [side for side in sides if side]
    if found:
        found[0][0] = replace(found[0][0], blank_before=line.blank_before)
    return tuple(tuple(side) for side in found)


def assemble(
    source: SourceFile,
    reader: str,
    blocks: Iterable[Block],
    *,
    n_pages: int | None = None,
    warnings: Iterable[str] = (),
    facts: dict[str, str] | None = None,
) -> RawDocument:
    """The document of these blocks: lines cleaned, empty ones dropped, offsets counted.

    Raises NoTextFound where no line is left, and FileTooLarge where there is more text than any plan has.
    """
    blocks, encoding = _modern(list(blocks))
    turned = any(isinstance(block, Line) and TURNED.search(block.text) for block in blocks)
    placed, texts = _place(blocks)
    known = {"legacy_encoding": encoding} if encoding else {}
    if not texts:
        raise NoTextFound(NOTHING_READ.format(name=source.name))
    _check_size(texts, source.name)
    return RawDocument(
        source=source,
        reader=reader,
        blocks=tuple(placed),
        text="\n".join(texts),
        n_pages=n_pages,
        warnings=tuple(dict.fromkeys([*warnings, *_doubts(texts, bool(encoding), turned)])),
        facts={**(facts or {}), **known},
    )


def _doubts(texts: list[str], old: bool, turned: bool) -> Iterator[str]:
    """The sentences about the letters of a document, whatever reader found them."""
    if old:
        yield OLD_ENCODING
    if damaged := sum(text.count(DAMAGED) for text in texts):
        yield DAMAGED_LETTERS.format(n=damaged)
    if turned:
        yield TURNED_LETTERS


def _check_size(texts: list[str], name: str) -> None:
    measures = (
        (len(texts), MOST_LINES, "dòng"),
        (max(map(len, texts)), MOST_OF_A_LINE, "chữ trong một dòng"),
        (sum(map(len, texts)), MOST_LETTERS, "chữ"),
    )
    for size, most, what in measures:
        if size > most:
            raise FileTooLarge(TOO_LONG.format(name=name, most=f"{most:,}".replace(",", "."), what=what))


def _modern(blocks: list[Block]) -> tuple[list[Block], str]:
    """The blocks in Unicode, and the old encoding in which they were ("" for none)."""
    found = modern("\n".join(line.text for block in blocks for line in _lines(block)))
    if found is None:
        return blocks, ""
    encoding = found[1]

    def converted(line: Line) -> Line:
        return replace(line, text=convert_line(line.text, encoding))

    return [_mapped(block, converted) for block in blocks], encoding


def _lines(block: Block) -> tuple[Line, ...]:
    return block.lines if isinstance(block, Table) else (block,)


def _mapped(block: Block, change: Callable[[Line], Line]) -> Block:
    if not isinstance(block, Table):
        return change(block)
    cells = tuple(replace(cell, lines=tuple(map(change, cell.lines))) for cell in block.cells)
    return replace(block, cells=cells, repeated=tuple(map(change, block.repeated)))


def _place(blocks: Iterable[Block]) -> tuple[list[Block], list[str]]:
    counter = _Counter()
    placed: list[Block] = []
    for block in blocks:
        if isinstance(block, Table):
            placed.append(_place_table(block, counter))
        else:
            placed.extend(counter.place(block))
    return placed, counter.texts


def _place_table(table: Table, counter: _Counter) -> Table:
    """The table with its lines placed in the order in which `Table.groups` gives them."""
    placed = [tuple(_each(group, counter)) for group in table.groups]
    at = iter(zip(table.groups, placed, strict=True))
    cells: list[Cell] = []
    repeated: list[Line] = []
    for cell in table.cells:
        group, lines = next(at)
        while group is not cell.lines:
            repeated += lines
            group, lines = next(at)
        cells.append(replace(cell, lines=lines))
    repeated += [line for _, lines in at for line in lines]
    return replace(table, cells=tuple(cells), repeated=tuple(repeated))


def _each(lines: Iterable[Line], counter: _Counter) -> Iterable[Line]:
    for line in lines:
        yield from counter.place(line)


class _Counter:
    """Gives each line its offset and its paragraph's number, in the order in which the lines come."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._next = 0
        self._blank = 0
        self._paragraph = -1

    def place(self, line: Line) -> list[Line]:
        """The line's own lines, placed; an empty one only leaves its gap to the next."""
        sides = split_lines(line)
        if not sides:
            self._blank = max(self._blank, line.blank_before)
            return []
        return [self._placed(part) for side in sides for part in self._numbered(side, line.paragraph)]

    def _numbered(self, side: tuple[Line, ...], paragraph: int | None) -> list[Line]:
        if paragraph is None:
            return list(side)
        self._paragraph += 1
        return [replace(part, paragraph=self._paragraph) for part in side]

    def _placed(self, line: Line) -> Line:
        placed = replace(line, start=self._next, blank_before=max(line.blank_before, self._blank))
        self.texts.append(line.text)
        self._next += len(line.text) + 1
        self._blank = 0
        return placed
