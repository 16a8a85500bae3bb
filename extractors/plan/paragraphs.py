"""Printed lines joined into paragraphs: what was broken at the margin is whole again, what starts anew stays apart.

Evidence is weighed, none of it decides alone: the marker at the start, whether the line above was full, how it
ends, blank lines, indents and bold type, each only where the document uses it consistently.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.plan.markers import Enumerator, as_lower_roman, read_marker
from extractors.plan.mending import mend
from normalizers.fold import LOWER, UPPER, fold
from schemas.plan import Slice, Style
from schemas.progress import advance
from schemas.source import Line

_TERMINATED = re.compile(r"[.;:!?…]\s*[”\"')\]*]*\s*$|[.;:]/?\.?\s*$|/\./?\s*$")
_STARTS_LOWER = re.compile(r"\s*[(“\"']*[" + LOWER + "]")
_NUMBER_BROKEN = re.compile(r"[^\W_]-$")
_NUMBER_GOES_ON = re.compile(f"^[{UPPER}0-9]")
_CAPITALS = re.compile(f"[{UPPER}]{{2}}.*[{UPPER}]{{2}}")
_SMALL = re.compile(f"[{LOWER}]")
_OPEN_BRACKET = re.compile(r"\([^()]*$")
# The second half of names that are written with a dash: "Phòng Văn hóa\n- Xã hội", "Kinh tế\n- Hạ tầng".
_SECOND_HALVES = (
    "xa hoi", "ha tang", "do thi", "nghe nghiep", "kien truc", "thuong binh", "dich vu", "the thao", "ke hoach",
    "ky thuat", "phan bien", "hanh phuc", "tu do", "an ninh", "thong tin", "du lich", "tai chinh", "quoc phong",
)  # fmt: skip
_USUAL_LETTER, _USUAL_CAPITAL = 0.48, 0.68
_WIDTHS = (
    dict.fromkeys("ijlt", 0.28) | dict.fromkeys("fr,.;:()'-/|!", 0.31) | {"m": 0.78, "w": 0.72, " ": 0.25, '"': 0.42}
)
"""Ems: a printer fills lines by width, not by letters, so that a line's room is judged by width."""
_NARROWEST = 26.0
"""Ems: the text of an A4 page is no narrower (16 cm at 14 points are 32 ems)."""
_LAST_NUMBER, _FIRST_NUMBER = re.compile(r"\d+(?=\s*\Z)"), re.compile(r"\d+")
_QUOTED_LINES = 12
"""Lines: a quotation left open for longer lacks its closing mark."""
_ENOUGH_LINES = 12
"""Lines: from this number on it shows whether paragraphs are broken at the margin."""
# Of the usual width: a full line. So many full lines with an indent tell what indents mean.
_FULL, _ENOUGH_INDENTS = 0.97, 5
_BROKEN_SHARE = 0.03
"""Of the lines: in a broken text a third and more begin with a small letter."""
_UNWRAPPED = 140
"""Characters: a document with lines this long keeps a paragraph on a line."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together: the enumerator of the first, its own words, and the way back to the lines."""

    enumerator: Enumerator | None
    text: str
    slices: tuple[Slice, ...]

    @property
    def bold(self) -> bool:
        """Whether every line is bold."""
        return all(piece.line.bold for piece in self.slices)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a document's lines have in common: the usual full width, and which signs of a new paragraph it uses."""

    width: float
    uses_blanks: bool
    strict_blanks: bool
    """Whether nearly every marked line has a blank line above: then a line without one goes on."""
    margin: dict[int, float]
    """Left edge of body lines by page; empty where indents say nothing."""
    unwrapped: bool
    numbered_paragraphs: bool
    uses_bold: bool
    first_lines: bool = False
    """Whether an indent is that of a paragraph's first line alone: full indented lines go on at the left edge."""


def printed_width(text: str) -> float:
    """The width of a text in ems of a Times-like face, in which offices print: good to some per cent.

    >>> printed_width("mmm") > printed_width("iiii")
    True
    """
    return sum(
        _WIDTHS.get(letter, _USUAL_CAPITAL if letter.isupper() else _USUAL_LETTER) for letter in fold(text)
    ) + (_USUAL_CAPITAL - _USUAL_LETTER) * sum(map(str.isupper, text))


def _extent(line: Line) -> float:
    return line.bbox.x1 if line.bbox else printed_width(line.text)


def _strict_blanks(lines: Sequence[Line]) -> bool:
    marked = [line for line in lines[1:] if read_marker(line.text)]
    return len(marked) >= 3 and sum(line.blank_before > 0 for line in marked) >= 0.9 * len(marked)


def _margins(lines: Sequence[Line]) -> dict[int, float]:
    edges: dict[int, Counter[int]] = {}
    for line in lines:
        if line.bbox and line.page and len(line.text) > 20:
            edges.setdefault(line.page, Counter())[round(line.bbox.x0 / 3)] += 1
    margins: dict[int, float] = {}
    for page, counts in edges.items():
        usual = [edge for edge, count in counts.items() if count >= max(2, 0.12 * counts.total())]
        if usual:
            margins[page] = min(usual) * 3.0
    return margins


def _indents_tell(lines: Sequence[Line], margins: dict[int, float]) -> bool:
    placed = [line for line in lines if line.bbox and line.page in margins]
    indented = sum(_is_indented(line, margins) for line in placed)
    return bool(placed) and 0.1 <= indented / len(placed) <= 0.8


def _is_indented(line: Line, margins: dict[int, float]) -> bool:
    margin = margins.get(line.page or 0)
    return bool(margin is not None and line.bbox and line.bbox.x0 > margin + 9)


def _first_lines(lines: Sequence[Line], margins: dict[int, float], width: float) -> bool:
    """Whether nearly all indented lines that are full are followed by one at the left edge of their page."""
    pairs = ((before, line) for before, line in pairwise(lines) if before.bbox and before.page == line.page)
    full = [line for before, line in pairs if _extent(before) > _FULL * width and _is_indented(before, margins)]
    return len(full) >= _ENOUGH_INDENTS and sum(_is_indented(line, margins) for line in full) <= 0.2 * len(full)


def learn_layout(lines: Sequence[Line]) -> Layout:
    """The layout of a document's lines: width in points (PDF, scan) or characters (text)."""
    lengths = sorted(_extent(line) for line in lines) or [0.0]
    blanks = sum(line.blank_before > 0 for line in lines) / max(len(lines), 1)
    margins = _margins(lines)
    indented = _indents_tell(lines, margins)
    width = max(lengths[int(0.93 * (len(lengths) - 1))], 0.0 if any(line.bbox for line in lines) else _NARROWEST)
    bold = sum(line.bold for line in lines) / max(len(lines), 1)
    long_lines = sum(len(line.text) > _UNWRAPPED for line in lines)
    return Layout(
        width=width,
        uses_blanks=0.04 <= blanks <= 0.8,
        strict_blanks=_strict_blanks(lines),
        margin=margins if indented else {},
        unwrapped=(long_lines >= 2 and long_lines >= 0.05 * len(lines)) or _never_broken(lines),
        numbered_paragraphs=any(line.paragraph is not None for line in lines),
        uses_bold=0.02 <= bold <= 0.6,
        first_lines=indented and _first_lines(lines, margins, width),
    )


def _never_broken(lines: Sequence[Line]) -> bool:
    """Whether hardly a line begins with a small letter: then no paragraph is broken at the margin."""
    small = sum(bool(_STARTS_LOWER.match(line.text)) and not read_marker(line.text) for line in lines)
    return len(lines) >= _ENOUGH_LINES and small <= _BROKEN_SHARE * len(lines)


def _fits(before: Line, line: Line, layout: Layout) -> bool:
    """Whether the line's first word would have had room on the line above, so that the break was meant."""
    word = (line.text.split() or [""])[0]
    if before.bbox:
        per_letter = (before.bbox.x1 - before.bbox.x0) / max(len(before.text), 1)
        return before.bbox.x1 + per_letter * (len(word) + 1) < layout.width - 2 * per_letter
    return printed_width(f"{before.text} {word}") < 0.985 * layout.width


def _is_capitals(text: str) -> bool:
    """Whether a line is a heading in capitals: "III. TỔ CHỨC THỰC HIỆN"."""
    return bool(_CAPITALS.search(text)) and not _SMALL.search(text)


def _signs(before: Line, line: Line, layout: Layout) -> int:
    """How much speaks for a new paragraph (positive) or for a broken line (negative)."""
    ended = bool(_TERMINATED.search(before.text))
    fits = _fits(before, line, layout)
    score = (1 if ended else -2) + (2 if fits else -2) - (3 if _STARTS_LOWER.match(line.text) else 0)
    if fits and _extent(before) < (0.75 if _is_numbered(before) else 0.6) * layout.width:
        score += 2
    if layout.uses_blanks:
        score += 3 if line.blank_before else (-6 if layout.strict_blanks else -1)
    if layout.margin:
        score += (4 if layout.first_lines else 2) if _is_indented(line, layout.margin) else -2
    if layout.uses_bold and before.bold != line.bold:
        score += 3
    if _is_capitals(before.text) and not _is_capitals(line.text):
        score += 4
    return score


def _is_numbered(line: Line) -> bool:
    found = read_marker(line.text)
    return found is not None and not found.is_bullet


def _goes_on(before: Line, line: Line, layout: Layout) -> bool:
    """Whether an unmarked line belongs to the paragraph of the line above it."""
    ended = bool(_TERMINATED.search(before.text))
    lower = bool(_STARTS_LOWER.match(line.text))
    if layout.numbered_paragraphs and before.paragraph is not None and before.paragraph == line.paragraph:
        return True
    if (lower and not ended) or _ends_open_range(before, line, line.text.lstrip(" -–"), layout):
        return True
    if layout.numbered_paragraphs or layout.unwrapped:
        return False
    return _signs(before, line, layout) <= 0


def _is_item(found: Enumerator, before: Line | None, line: Line, layout: Layout, seen: dict[str, int]) -> bool:
    """Whether an enumerator at the start of a line begins an item, rather than being a word of a broken line."""
    if before is None:
        return True
    own = line.text[found.end :].strip()
    plausible = found.number in (1, seen.get(found.family, 0) + 1)
    if found.marker.style is Style.DECIMAL and not found.marker.written.endswith((".", ")", ":")):
        plausible = plausible and _decimal_follows(found, seen)
        if not plausible:
            return False
    if _TERMINATED.search(before.text) or (layout.uses_blanks and line.blank_before):
        return True
    new_paragraph = layout.numbered_paragraphs and line.paragraph != before.paragraph
    if found.is_bullet:
        return _bullet_begins(own, before, line, layout) or (new_paragraph and not _STARTS_LOWER.match(own))
    if new_paragraph:
        return True
    if found.marker.style is Style.PAREN and _OPEN_BRACKET.search(before.text):
        return False
    return _fits(before, line, layout) or _is_capitals(before.text) or (plausible and not _STARTS_LOWER.match(own))


def _decimal_follows(found: Enumerator, seen: dict[str, int]) -> bool:
    above = found.marker.label.rsplit(".", 1)[0]
    return seen.get("arabic") == int(above) if above.isdigit() else True


def _bullet_begins(own: str, before: Line, line: Line, layout: Layout) -> bool:
    if _ends_open_range(before, line, own, layout) or (layout.strict_blanks and _goes_on_small(before, line, own)):
        return False
    if fold(own).startswith(_SECOND_HALVES) and (_STARTS_LOWER.match(own) or not _fits(before, line, layout)):
        return False
    if _STARTS_LOWER.match(own):
        return _fits(before, line, layout)
    return not _OPEN_BRACKET.search(before.text) or _fits(before, line, layout)


def _ends_open_range(before: Line, line: Line, own: str, layout: Layout) -> bool:
    """Whether a number was broken from the one it reaches to: "bình quân 05", "- 06%/năm".

    Where the line had room the two must be alike: "1. Đến hết năm 2026" is a heading, "- 80% cán bộ …" its item.
    """
    first, second = _LAST_NUMBER.search(before.text), _FIRST_NUMBER.match(own)
    if not first or not second:
        return False
    return len(first[0]) == len(second[0]) or not _fits(before, line, layout)


def _goes_on_small(before: Line, line: Line, own: str) -> bool:
    """Whether a dash without a blank line above, before a small letter, goes on with a text that has not ended."""
    return bool(_STARTS_LOWER.match(own)) and not line.blank_before and not _TERMINATED.search(before.text)


def _glue(left: str, right: str) -> str:
    """Two lines as one text: a document number broken at its hyphen is joined without a space.

    >>> _glue("Công văn số 6217/SNV-XDCQ-", "CTTN ngày 15/8/2025")
    'Công văn số 6217/SNV-XDCQ-CTTN ngày 15/8/2025'
    """
    if not left or not right:
        return left or right
    if _NUMBER_BROKEN.search(left) and _NUMBER_GOES_ON.match(right):
        return left + right
    return f"{left} {right}"


def join(pieces: Iterable[Slice]) -> str:
    """The words of slices as one text with single spaces.

    >>> join([Slice(Line("- Nâng  cao "), 1, 12), Slice(Line("trách nhiệm"), 0, 11)])
    'Nâng cao trách nhiệm'
    """
    text = ""
    for piece in pieces:
        text = _glue(text, " ".join(piece.line.text[piece.start : piece.end].split()))
    return text


def _paragraph(lines: list[Line], found: Enumerator | None) -> Paragraph:
    slices = [Slice(line, 0, len(line.text)) for line in lines]
    if found:
        slices[0] = Slice(lines[0], found.end, len(lines[0].text))
    return Paragraph(found, join(slices), tuple(slices))


class _Reader:
    """Gathers lines into paragraphs; remembers the last number of each list."""

    def __init__(self, layout: Layout, noisy: bool) -> None:
        self.layout = layout
        self.noisy = noisy
        self.done: list[Paragraph] = []
        self.lines: list[Line] = []
        self.found: Enumerator | None = None
        self.seen: dict[str, int] = {}
        self.letters = ""
        self.family = ""
        self.mended: list[str] = []

    def close(self) -> None:
        if self.lines:
            self.done.append(_paragraph(self.lines, self.found))
        self.lines, self.found = [], None

    def add(self, line: Line) -> None:
        before = self.lines[-1] if self.lines else None
        found = self.read(line)
        if (
            found
            and not (found.is_bullet and self.inside_quotation())
            and _is_item(found, before, line, self.layout, self.seen)
        ):
            self.close()
            self.lines, self.found = [line], found
            self.remember(found)
        elif before is not None and (self.marker_alone() or _goes_on(before, line, self.layout)):
            self.lines.append(line)
        else:
            self.close()
            self.lines = [line]

    def read(self, line: Line) -> Enumerator | None:
        """The line's enumerator; on a line that was not typed, mended by what must follow."""
        found = read_marker(line.text, self.letters)
        found = found and as_lower_roman(found, self.seen)
        if line.confidence is None and not self.noisy:
            return found
        mended = mend(line.text, found, self.seen, self.family)
        if mended is not None and mended is not found and mended != found:
            self.mended.append(f"số mục “{mended.marker.written}” được hiểu là “{mended.marker.label}”")
        return mended

    def inside_quotation(self) -> bool:
        """Whether a quotation is open: the dash of “Kỷ cương - Nề nếp; Chủ động - Sáng tạo” is no bullet."""
        text = " ".join(line.text for line in self.lines)
        return len(self.lines) <= _QUOTED_LINES and text.rfind("“") > text.rfind("”")

    def marker_alone(self) -> bool:
        """Whether the open paragraph is a mere marker whose words stand on the next line."""
        return bool(self.found and len(self.lines) == 1 and not self.lines[0].text[self.found.end :].strip())

    def remember(self, found: Enumerator) -> None:
        if not found.is_bullet:
            self.seen[found.family] = found.number
        self.family = found.family
        if found.marker.style in (Style.LETTER, Style.PART):
            self.seen["roman"] = 0
        if found.marker.style in (Style.LETTER, Style.PART, Style.ROMAN):
            self.seen["arabic"] = 0
        if found.marker.style is Style.ARABIC:
            self.seen["decimal1"] = 0
        if found.marker.style is Style.LETTER:
            self.letters = found.marker.label
        elif found.marker.style is Style.ROMAN:
            self.letters = ""


class ParagraphReader:
    """Reads the stretches of one part between its tables, in order; `mended` tells which enumerators were mended."""

    def __init__(self, layout: Layout, noisy: bool = False) -> None:
        self._reader = _Reader(layout, noisy)

    @property
    def mended(self) -> tuple[str, ...]:
        """Vietnamese phrases, one for each enumerator that was mended."""
        return tuple(self._reader.mended)

    def read(self, lines: Sequence[Line]) -> tuple[Paragraph, ...]:
        """The paragraphs of consecutive lines (noise left out), each with its enumerator."""
        for line in lines:
            advance()
            if line.noise is None and line.text.strip():
                self._reader.add(line)
        self._reader.close()
        done, self._reader.done = tuple(self._reader.done), []
        return done


def read_paragraphs(lines: Sequence[Line], layout: Layout) -> tuple[Paragraph, ...]:
    """The paragraphs of consecutive lines of one part (noise left out), each with its enumerator.

    >>> lines = [Line("1. Mục đích:"), Line("- Xây dựng bộ máy gần dân, tôn trọng"), Line("dân.")]
    >>> [p.text for p in read_paragraphs(lines, learn_layout(lines))]
    ['Mục đích:', 'Xây dựng bộ máy gần dân, tôn trọng dân.']
    """
    return ParagraphReader(layout).read(lines)
