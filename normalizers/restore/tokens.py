"""A line cut into what is a word to be read, what is protected, and what only separates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from normalizers.restore.alphabet import bare


class TokenKind(StrEnum):
    """What a piece of a line is for the decoder."""

    WORD = "word"
    NUMBER = "number"
    """Protected; the decoder sees a number."""
    DIGITS = "digits"
    """One or two digits that may have been a word."""
    MARKER = "marker"
    """The enumerator of a line: a break."""
    COMMA = "comma"
    BREAK = "break"
    LATIN = "latin"
    """An address, an e-mail, a code: protected, of no known word."""


@dataclass(frozen=True, slots=True)
class Token:
    """`line[start:end]`; for a word `tail` is punctuation behind it that may belong to it ("git’", "ci?")."""

    kind: TokenKind
    start: int
    end: int
    text: str
    tail: str = ""


_CHUNK = re.compile(r"\S+")
# a | or [ in front of a small letter may be an l
_OPENING = re.compile(r"(?:[\"'“”‘’({<«*•·+=_–—\-…~^]|[|\[](?![^\W\d_A-ZĐ]))*")
_CLOSING = re.compile(r"[\"“”)\]}>»*.,;:…!?’'‘™°|_–—\-\\/]*$")
_DOUBTFUL_TAIL = re.compile(r"[’'‘?!™°]")
# 49/KH-UBND, 28/02/2025, 08/2018/TT-BNV: digits joined to anything by a slash, a dot or a hyphen
_JOINED_DIGITS = re.compile(r".*\d[./\-–]\w.*|.*\w[./\-–]\d.*")
_THREE_DIGITS = re.compile(r".*\d.*\d.*\d.*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")
_SHORT_DIGITS = re.compile(r"\d{1,2}")
_ADDRESS = re.compile(
    r".*(?:@[\w-]+\.(?:[\w-]+\.)*[a-z]{2,6}$|://|^www\.|\.(?:vn|com|net|org|edu|gov)\b).*", re.IGNORECASE
)
_ROMAN = re.compile(r"[IVX]{1,5}")
# the letters of a document number that stand alone: KH-UBND, QD-TTg
_SYMBOL = re.compile(r"/?(?:KH|Q[ĐD]|N[ĐD]|NQ|TB|TT|TTr|CT|CV|BC|GM|H[ĐD]|TTLT|CTr)(?:-[A-ZĐ][A-Za-zĐ&]+)+")
# thay mặt, ký thay, thừa lệnh, thừa ủy quyền: before the name of a signing body
# b/c, t/h: one letter for a word each; 5G; (2b) copies; 30CTr/TU, CTr/TU: the letters of a document number
_LETTERS = re.compile(r"[^\W\d_]/[^\W\d_]")
_CODE = re.compile(r"[2-6]G|\d+[A-ZĐ]\w*/[A-ZĐ].*|(?:CTr|NQ|KH|Q[ĐD]|TT|TB|KL|CT)/(?:TW|TU|HU|[ĐD]U)")
_COPIES = re.compile(r"\d{1,2}b")
# "t6.chtrc", "nam.2025", "S6:12": a sign read between two words
_SPOTTED = re.compile(r"(?=[^.:]{2})([^\W\d_]+\d?[^\W\d_]*)(?:[.:]([^\W\d_]+\d?[^\W\d_]+)|(?:(?<!\d)\.|:)(\d+))")
# "thang5", "nam2025": a number stuck to the word before it
_STUCK = re.compile(r"(ng[aàa]y|th[aá]ng|n[aăä]m|[Đđ]i[eéêề]u)(\d{1,4})", re.IGNORECASE)
_SIGNING = frozenset({"TM", "KT", "TL", "TUQ"})
_INNER = re.compile(r"[-–—/&.]")
_LETTER = re.compile(r"[^\W\d_]")
_LONE_SYMBOL = re.compile(r"[&¢¥€£@#§]\d?|\d[&¢¥€£@§]")
# "1." "2.1." "a)" "A." "I." "(1)" "1/" and what OCR makes of them: "¢)" "I1." "l11"
MARKER = re.compile(
    r"\s*(?:[-–—+*•]\s+|\(?(?:[0-9IVXivxl]{1,4}(?:\.\d{1,2})*|\|)\s?(?:[.)]+(?=\s|$|[^\W\d_]|-)"
    r"|/+(?=\s|$|[^\W\d_][^\W\d_A-ZĐ]))|[^\W\d_]\)|[¢€đd]\)|\([^\W\d_¢]\)|[A-Za-zĐđ]\s?\.(?=\s|[^\W\d_]{2})"
    r"|[IVXl1]{1,4}(?:\s*[-–.]\s)|\d{1,2}(?:\.\d{1,2})+\.?\s)"
)
# what stands before or behind a short number and makes it a number, marks and case aside: "số 5", read as "sb 5"
_BEFORE_NUMBER = frozenset(["so", "s6", "sb", "ngay", "thang", "nam", "dieu", "didu", "khoan", "muc", "quy"])
# “4 xin”, "5 khong": what a slogan counts stands right behind its opening quotation mark
_QUOTED = re.compile(r"(?:(?<![^\s(])[\"'”’]|[“‘«])$")
_AND = frozenset(["va", "hoac"])
_COUNT_BEFORE = 3
"""The number that is counted on from stands one or two words before the comma."""
_AFTER_NUMBER = frozenset(["thang", "%"])


def tokens(line: str) -> list[Token]:
    """The tokens of a line from left to right; what lies between them only separates.

    >>> [(token.kind.value, token.text) for token in tokens("1. Sb 49/KH-UBND, ¢ dia phwong.")]
    [('marker', '1.'), ('word', 'Sb'), ('number', '49/KH-UBND'), ('comma', ','), ('word', '¢'), ('word', 'dia'), \
('word', 'phwong'), ('break', '.')]
    """
    found: list[Token] = []
    begin = 0
    if marker := MARKER.match(line):
        text = marker.group().strip()
        start = line.index(text)
        found.append(Token(TokenKind.MARKER, start, start + len(text), text))
        begin = start + len(text)
    for chunk in _CHUNK.finditer(line, begin):
        found.extend(_chunk_tokens(line, chunk.start(), chunk.end()))
    return _guarded(found, line)


def _chunk_tokens(line: str, start: int, end: int) -> Iterator[Token]:
    """Yield the tokens of a run without spaces."""
    text = line[start:end]
    if _ADDRESS.fullmatch(text):
        yield Token(TokenKind.LATIN, start, end, text)
        return
    opening = _OPENING.match(text)
    head = opening.end() if opening else 0
    closing = _CLOSING.search(text, head)
    stop = closing.start() if closing else len(text)
    if head >= stop:
        yield from _punctuation(line, start, end)
        return
    yield from _core(line, start + head, start + stop, text[stop:])
    yield from _punctuation(line, start + stop, end)


def _punctuation(line: str, start: int, end: int) -> Iterator[Token]:
    for place in range(start, end):
        if line[place] in ",":
            yield Token(TokenKind.COMMA, place, place + 1, ",")
        elif line[place] in ".;:!?…":
            yield Token(TokenKind.BREAK, place, place + 1, line[place])


def _core(line: str, start: int, end: int, behind: str) -> Iterator[Token]:
    """Yield the tokens of a run without punctuation at its ends."""
    text = line[start:end]
    if two := _SPOTTED.fullmatch(text) or _STUCK.fullmatch(text):
        yield from _core(line, start, start + two.end(1), "")
        yield from _core(line, start + max(two.start(2), two.start(two.lastindex or 2)), end, behind)
    elif _LETTERS.fullmatch(text) or (_COPIES.fullmatch(text) and line[:start].endswith("(")):
        yield Token(TokenKind.LATIN, start, end, text)
    elif behind.startswith("%") or any(
        kind.fullmatch(text) for kind in (_THREE_DIGITS, _JOINED_DIGITS, _SYMBOL, _CODE)
    ):
        yield Token(TokenKind.NUMBER, start, end, text)
    elif _LONE_SYMBOL.fullmatch(text):
        yield Token(TokenKind.WORD, start, end, text)
    elif _SHORT_DIGITS.fullmatch(text):
        yield Token(TokenKind.DIGITS, start, end, text)
    elif _NUMBER.fullmatch(text) or _ROMAN.fullmatch(text):
        yield Token(TokenKind.NUMBER, start, end, text)
    elif _LETTER.search(text):
        tail = behind[:1] if _DOUBTFUL_TAIL.match(behind) else ""
        yield from _words(text, start, tail)
    else:
        yield Token(TokenKind.LATIN, start, end, text)


def _words(text: str, start: int, tail: str) -> Iterator[Token]:
    """Yield the words of a run joined by hyphens, slashes or &; "x&" and "h@i" are one word each."""
    place = 0
    parts = []
    for inner in _INNER.finditer(text):
        left, right = text[place : inner.start()], text[inner.end() :]
        if len(left) < 2 or len(_INNER.split(right)[0]) < 2:
            continue
        parts.append((place, inner.start()))
        place = inner.end()
    parts.append((place, len(text)))
    for begin, end in parts:
        last = end == len(text)
        part = text[begin:end]
        kind = TokenKind.LATIN if part in _SIGNING or not _LETTER.search(part) else TokenKind.WORD
        yield Token(kind, start + begin, start + end, text[begin:end], tail if last else "")


def _guarded(found: list[Token], line: str) -> list[Token]:
    """The tokens, short numbers made plain numbers where their neighbours say so."""
    result: list[Token] = []
    for index, token in enumerate(found):
        if token.kind is TokenKind.DIGITS and (
            _is_number(found, index) or _QUOTED.search(line, 0, token.start) or _counts_on(result)
        ):
            token = Token(TokenKind.NUMBER, token.start, token.end, token.text)
        result.append(token)
    return result


def _counts_on(before: list[Token]) -> bool:
    """Whether the words before a short number count: "4 xin, 4 luon va" 5 khong, "3 khong -" 4 …"""
    if len(before) < _COUNT_BEFORE or not _joins(before[-1]):
        return False
    counted = [token for token in before[-_COUNT_BEFORE - 1 : -2] if _is_count(token)]
    return bool(counted)


def _joins(token: Token) -> bool:
    return token.kind is TokenKind.COMMA or bare(token.text.lower()) in _AND


def _is_count(token: Token) -> bool:
    return token.kind is TokenKind.NUMBER and bool(_SHORT_DIGITS.fullmatch(token.text))


def _is_number(found: list[Token], index: int) -> bool:
    before = bare(found[index - 1].text.lower()) if index else ""
    after = bare(found[index + 1].text.lower()) if index + 1 < len(found) else ""
    value = found[index].text
    if not index or before in _BEFORE_NUMBER or after in _AFTER_NUMBER:
        return True
    return value.startswith("0") and len(value) == 2
