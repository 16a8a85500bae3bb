"""Lines and tables as a reader found them → a `RawDocument` whose text, offsets and characters are in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace

from extractors.readers.legacy_text import convert_line, modern
from schemas.errors import NoTextFound
from schemas.source import Block, Cell, Line, RawDocument, SourceFile, Table

# Soft hyphen, zero-width spaces and joiners, direction marks, byte order mark: print nothing.
UNSEEN = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
INVISIBLE = re.compile(f"[{UNSEEN}]")
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


def split_lines(line: Line) -> tuple[Line, ...]:
    """The line cleaned, as one `Line` for each line end in it; none where nothing is left."""
    texts = [clean(part) for part in line.text.splitlines()]
    made = [replace(line, text=text) for text in texts if text]
    return tuple(made[:1] + [replace(later, blank_before=0) for later in made[1:]])


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

    Raises NoTextFound where no line is left.
    """
    blocks, encoding = _modern(list(blocks))
    placed, texts = _place(blocks)
    known = {"legacy_encoding": encoding} if encoding else {}
    if not texts:
        raise NoTextFound(NOTHING_READ.format(name=source.name))
    return RawDocument(
        source=source,
        reader=reader,
        blocks=tuple(placed),
        text="\n".join(texts),
        n_pages=n_pages,
        warnings=tuple(dict.fromkeys([*warnings, *([OLD_ENCODING] if encoding else [])])),
        facts={**(facts or {}), **known},
    )


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
    cells: list[Cell] = [replace(cell, lines=tuple(_each(cell.lines, counter))) for cell in table.cells]
    return replace(table, cells=tuple(cells), repeated=tuple(_each(table.repeated, counter)))


def _each(lines: Iterable[Line], counter: _Counter) -> Iterable[Line]:
    for line in lines:
        yield from counter.place(line)


class _Counter:
    """Gives each line its offset, in the order in which the lines come."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._next = 0
        self._blank = 0

    def place(self, line: Line) -> list[Line]:
        lines = split_lines(line)
        if not lines:
            self._blank = max(self._blank, line.blank_before)
            return []
        placed = []
        for part in lines:
            blank = max(part.blank_before, self._blank)
            placed.append(replace(part, start=self._next, blank_before=blank))
            self.texts.append(part.text)
            self._next += len(part.text) + 1
            self._blank = 0
        return placed
