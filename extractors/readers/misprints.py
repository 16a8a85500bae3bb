"""Slips of OCR in signs and spaces that have one reading only; no digit is ever changed for another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extractors.readers.ordinals import ROMANS, roman

# Strokes of Roman quarters: "Quý H/2026", "Quý I1/2026" can only be II; there is no quarter 11.
QUARTER = re.compile(r"\b([Qq]uý|QUÝ) (H|[IlH1]{2,3}|[1l]V)(?=[/,;.\s]|$)")
# What else is counted in Roman figures: "Học kỳ H", "Phần IH".
COUNTED = re.compile(r"\b([Hh]ọc kỳ|HỌC KỲ|[Pp]hần|PHẦN|[Cc]hương|CHƯƠNG) (H|Il|lI|ll|HI|IH|1V)(?=[.,;:\s]|$)")


@dataclass(frozen=True, slots=True)
class Slip:
    """A pattern, and what it can only be."""

    pattern: re.Pattern[str]
    meant: str | Callable[[re.Match[str]], str]


# The one place to add such a slip.
SLIPS = (
    Slip(re.compile(r"[⁄∕]"), "/"),
    Slip(re.compile(r"(?<=\w)//(?=\d)"), "/"),
    Slip(re.compile("[ÐĐ]{2,}|Ð"), "Đ"),
    Slip(re.compile(r"^-[.'·:](?=\w)"), "- "),
    Slip(re.compile(r"^(\d{1,2}),(?= [A-ZĐÀ-Ỹ][a-zà-ỹ]*\s)"), r"\1."),
    Slip(re.compile(r"^([IVX]+\.)(?=[^\W\d_a-zđ]{2})"), r"\1 "),
    Slip(re.compile(r"(?<!\d)(\d{1,2}/) (?=\d{1,2}/\d{4}\b)"), r"\1"),
    Slip(re.compile(r"(?<!\d)(\d{1,2}/\d{1,2}/) (?=\d{4}\b)"), r"\1"),
    Slip(QUARTER, lambda found: f"{found[1]} {_roman(found[2])}"),
    Slip(COUNTED, lambda found: f"{found[1]} {_roman(found[2])}"),
)


def _roman(strokes: str) -> str:
    """The Roman figure that was read as these strokes; the strokes where there is none."""
    value = roman(strokes)
    return ROMANS[value - 1] if value else strokes


def settled(text: str) -> str:
    """The text of a piece of a line with those slips mended.

    >>> settled("Quý H/2026"), settled("Quyết định ngày 30/ 12/2024"), settled("I.MỤC ĐÍCH")
    ('Quý II/2026', 'Quyết định ngày 30/12/2024', 'I. MỤC ĐÍCH')
    >>> settled("Quý I1/2026, quý 111 và quý 1V"), settled("1, Trong tháng 3"), settled("Năm 2026, Ủy ban")
    ('Quý II/2026, quý III và quý IV', '1. Trong tháng 3', 'Năm 2026, Ủy ban')
    >>> settled("Phần H. Các nhiệm vụ"), settled("Học kỳ H và cả năm học"), settled("phần H1")
    ('Phần II. Các nhiệm vụ', 'Học kỳ II và cả năm học', 'phần H1')
    >>> settled("Văn phòng HĐÐĐND, 01/⁄2026"), settled("gồm 3/ 12 xã")
    ('Văn phòng HĐND, 01/2026', 'gồm 3/ 12 xã')
    """
    for slip in SLIPS:
        text = slip.pattern.sub(slip.meant, text)
    return text
