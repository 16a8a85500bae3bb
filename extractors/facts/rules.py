"""Rules: a pattern, what its words say, and examples that a generic test runs; found leftmost, then longest.

A rule table is a list that the decorator fills, so that an expression is added in one place:

    @rule(TABLE, r"quý (?P<q>[1-4])/(?P<y>\\d{4})", ("Quý 2/2026", quarter(2026, 2)))
    def in_quarter(said): ...
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Said = TypeVar("Said")
Example = tuple[str, object]

_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_SPACES = dict.fromkeys("\u00a0\t\n\r\v\f\u2007\u2009\u202f", " ")
_SAME_LENGTH = str.maketrans(
    {chr(c): chr(c).lower() for c in range(0x20, 0x1F00) if len(chr(c).lower()) == 1} | _DASHES | _SPACES
)
_RUN_OF_SPACES = re.compile(r"\s{2}")
_UNIT = r"(?:ngày|tuần|tháng|quý|năm)"
# "ngân hàng năm 2026", "đặt hàng tháng 3": goods, not "every"
_GOODS = "".join(
    f"(?<!{word} )" for word in ("ngân", "đặt", "khách", "mặt", "bán", "giao", "cửa", "đơn", "mua", "nhập")
)
_SPELLINGS = (
    (re.compile(r"\bqúi|\bqúy|\bquí(?= )"), "quý"),
    (re.compile(rf"\b{_GOODS}h[àăâằắ]ng(?=\s+{_UNIT}\b)"), "hằng"),
    (re.compile(r"\bngay(?=\s*\d{1,2}\s*(?:/|tháng|thang))"), "ngày"),
    (re.compile(r"\bthang(?=\s*\d{1,2}\b)"), "tháng"),
    (re.compile(r"\b(?<!việt )nam(?=\s*20\d\d\b)"), "năm"),
    (re.compile(r"\bđịnh kì\b"), "định kỳ"),
    (re.compile(r"(?<=\d)o(?=[/.])|(?<=/)o(?=\d)"), "0"),
)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Said]):
    """A pattern over the view of a text, the function that says what it means, and (text, expected) examples."""

    name: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Said]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Hit(Generic[Said]):
    """`view[start:end]` matched `rule`; `said` is what the rule makes of it."""

    start: int
    end: int
    rule: Rule[Said]
    said: Said


def rule(
    table: list[Rule[Said]], pattern: str, *examples: Example
) -> Callable[[Callable[[re.Match[str]], Said]], Callable[[re.Match[str]], Said]]:
    """A decorator that enters the function into the table under its own name."""

    def enter(read: Callable[[re.Match[str]], Said]) -> Callable[[re.Match[str]], Said]:
        table.append(Rule(read.__name__, re.compile(pattern), read, examples))
        return read

    return enter


def find(rules: Sequence[Rule[Said]], view: str) -> list[Hit[Said]]:
    """The hits of all rules that do not overlap: the leftmost, of these the longest, of these the first rule's."""
    spans = [
        (match.start(), -match.end(), order, match)
        for order, entry in enumerate(rules)
        for match in entry.pattern.finditer(view)
        if match.end() > match.start()
    ]
    spans.sort(key=lambda span: span[:3])
    return [Hit(m.start(), m.end(), rules[order], rules[order].read(m)) for order, m in _apart(spans)]


def _apart(spans: Iterable[tuple[int, int, int, re.Match[str]]]) -> Iterable[tuple[int, re.Match[str]]]:
    """The spans that begin where the one before has ended, or later."""
    reached = 0
    for start, minus_end, order, match in spans:
        if start >= reached:
            reached = -minus_end
            yield order, match


def view(text: str) -> str:
    """The text in lower case, of the same length, with typing variants that mean the same made one.

    >>> view("Qúy II/2026 – HÀNG năm")
    'quý ii/2026 - hằng năm'
    >>> view("đơn hàng tháng 3")  # goods ordered, not "every month"
    'đơn hàng tháng 3'
    """
    plain = text.translate(_SAME_LENGTH)
    for pattern, spelling in _SPELLINGS:
        plain = pattern.sub(spelling, plain)
    return plain


def composed(text: str) -> tuple[str, tuple[int, ...] | None]:
    """The text in NFC with single spaces, and where each character stands in the text; None where nothing moved.

    >>> composed("Quý II")
    ('Quý II', None)
    >>> composed("Quy\\u0301")
    ('Quý', (0, 1, 2, 4))
    >>> composed("Quý  II")[0]
    'Quý II'
    """
    if unicodedata.is_normalized("NFC", text) and not _RUN_OF_SPACES.search(text):
        return text, None
    letters: list[str] = []
    places: list[int] = []
    for start, cluster in _clusters(text):
        made = " " if cluster.isspace() else unicodedata.normalize("NFC", cluster)
        letters.append(made)
        places += [start] * len(made)
    return "".join(letters), (*places, len(text))


def _clusters(text: str) -> Iterable[tuple[int, str]]:
    """Each letter with the combining marks behind it, each run of spaces, and its place."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not (
            unicodedata.combining(text[place]) or (text[place].isspace() and text[place - 1].isspace())
        ):
            yield start, text[start:place]
            start = place
