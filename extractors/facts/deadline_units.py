"""The days, months, quarters and years that a time is made of, as written, with or without their year.

The patterns are for `rules.view` texts (lower case, plain dashes). A `Unit` knows what it lacks; `period` needs it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum

from normalizers import periods
from schemas.facts import Period


class Grain(IntEnum):
    """How wide a unit is."""

    DAY = 1
    MONTH = 2
    QUARTER = 3
    SPAN = 4
    """6 tháng đầu năm, 9 tháng đầu năm."""
    YEAR = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """A calendar unit; `number` is the day, month or quarter, for a span the count of months (negative: the last).

    A year is its `year` alone; None there means "the plan's year" ("trong năm").
    """

    grain: Grain
    number: int = 0
    month: int | None = None
    year: int | None = None

    def completed(self, other: Unit) -> Unit:
        """The unit with the month and year that only the other one states ("26" beside "27/12/2011")."""
        month = self.month
        if self.grain is Grain.DAY and month is None:
            month = other.month
        return replace(self, month=month, year=self.year or other.year)

    def period(self, year: int | None) -> Period | None:
        """The unit's days, in `year` where it states none; None where a year lacks or there is no such day."""
        year = self.year or year
        if year is None:
            return None
        try:
            return self._in(year)
        except ValueError:
            return None

    def _in(self, year: int) -> Period:
        match self.grain:
            case Grain.DAY:
                return periods.day(year, self.month or 0, self.number)
            case Grain.MONTH:
                return periods.month(year, self.number)
            case Grain.QUARTER:
                return periods.quarter(year, self.number)
            case Grain.SPAN if self.number < 0:
                return periods.months(year, 13 + self.number, 12)
            case Grain.SPAN:
                return periods.months(year, 1, self.number)
            case _:
                return periods.year(year)


D = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
M = r"(?:0?[1-9]|1[0-2])(?!\d)"
Y = r"(?:19|20)\d\d(?!\d)"
Q = r"(?:iv|i{1,3}|[1-4])(?!\w)"
_BEFORE_NUMBER = r"(?<![\d/.,\-])"
_SLASH = r"\s?/\s?"
_SEP = r"\s?[/.\-]\s?"
# "/2026", " năm 2026", ", năm 2026", "-2026", " 2026"
OF_YEAR = rf"(?:\s?[/\-.]\s?|\s?,?\s?năm\s|\s){Y}"
# "20 giờ 15 phút", "8h00", "17:00"
CLOCK = r"\d{1,2}\s?(?:giờ|h|g|:)\s?(?:\d{1,2})?\s?(?:phút|p|')?"
PART_OF_DAY = r"(?:sáng|chiều|tối|cả|hết)\s"
_WORD_DAY = rf"(?:{CLOCK},?\s)?(?:{PART_OF_DAY})?(?:(?:thứ\s\w+|chủ nhật)\s?[,(]?\s?)?(?:ngày|mùng|mồng)\s?"
# "Phường 3 tháng 5/2026" is no third of May: a day in words without "ngày" stands first or behind a word of time
_ALONE = r"(?:(?:\A|(?<=trước\s)|(?<=nhất\s)|(?<=từ\s)|(?<=đến\s)|(?<=hết\s)|(?<=vào\s)|(?<=:\s)|(?<=\())(?=\d))"
_NOT_A_SHARE = r"(?!\s(?:ngày|buổi|số|tổng|thành viên|đại biểu|người|diện tích|dân số))"

DATE = (
    rf"(?:(?:{_WORD_DAY})?{_BEFORE_NUMBER}{D}{_SEP}{M}{_SEP}{Y}"
    rf"|(?:{_WORD_DAY}|{_ALONE}){D}\s?/?\s?tháng\s?{M}\s?(?:,?\s?năm\s?|/\s?){Y})(?![/\d])"
)  # ngày 30/6/2026, 31-12-2025, ngày 05 tháng 12 năm 2025
ISO_DATE = rf"{_BEFORE_NUMBER}{Y}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
DAY_MONTH = (
    rf"(?:(?:{_WORD_DAY})?{_BEFORE_NUMBER}(?!24/7){D}{_SLASH}{M}(?!\s?[/%\d]){_NOT_A_SHARE}"
    rf"|{_WORD_DAY}{D}\s?/?\s?tháng\s?{M})"
)
DAY = rf"(?:{DATE}|{ISO_DATE}|{DAY_MONTH})"
_PART_OF = r"(?:đầu|giữa|cuối|nửa đầu|nửa cuối|thượng tuần|trung tuần|hạ tuần|tuần \w+(?: \w+)?(?: của)?)\s"
_MONTH_WORDS = {"một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8}
_MONTH_WORDS |= {"chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12}
_MONTH_NAME = "|".join(sorted(_MONTH_WORDS, key=len, reverse=True))
MONTH = (
    rf"(?:{_PART_OF})?(?:tháng\s?{M}(?:{OF_YEAR})?|\bt\s?\.?{M}\s?/\s?{Y}|{_BEFORE_NUMBER}{M}{_SLASH}{Y}"
    rf"|tháng\s(?:{_MONTH_NAME})\snăm\s{Y})(?![/\d])"
)  # tháng 3/2026, T3/2026, 03/2026, tháng Ba năm 2026, cuối tháng 3
QUARTER = rf"(?:{_PART_OF})?(?:quý\s?{Q}|\bq\s?\.?\s?{Q}(?=\s?/))(?:{OF_YEAR})?"
SPAN = rf"\b(?:\d{{1,2}}|sáu|chín|ba|nửa)\s(?:tháng\s)?(?:đầu|cuối)\s(?:của\s)?năm(?:\s{Y})?"
YEAR = rf"(?:năm|giai đoạn)\s?{Y}"
BARE_YEAR = rf"{_BEFORE_NUMBER}{Y}"
_END_OF = r"(?:cuối|hết)\s"
UNIT = rf"(?:{SPAN}|{DAY}|{QUARTER}|{MONTH}|(?:{_END_OF})?{YEAR})"

_SPOKEN = {"sáu": 6, "chín": 9, "ba": 3, "nửa": 6}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_GRAINS = tuple(
    (grain, re.compile(rf"(?:{pattern})\Z"))
    for grain, pattern in (
        (Grain.SPAN, SPAN),
        (Grain.DAY, DAY),
        (Grain.QUARTER, QUARTER),
        (Grain.MONTH, MONTH),
        (Grain.YEAR, rf"(?:{_END_OF})?(?:{YEAR}|{BARE_YEAR})"),
    )
)
_PREAMBLE = re.compile(rf"^(?:{CLOCK},?\s)?.*?(?=ngày|mùng|mồng)|thứ\s\w+")
_NUMBER = re.compile(r"\d+|\b(?:iv|i{1,3})\b")
_MONTH_IN_WORDS = re.compile(rf"tháng\s({_MONTH_NAME})\s")
_IMPRECISE = re.compile(rf"^{_PART_OF}(?!năm)")


def read_unit(words: str) -> Unit | None:
    """The unit that the words are ("quý ii/2026", "ngày 05 tháng 12"); None where they are none.

    >>> read_unit("quý ii/2026")
    Unit(grain=<Grain.QUARTER: 3>, number=2, month=None, year=2026)
    """
    words = words.strip()
    for grain, pattern in _GRAINS:
        if pattern.match(words):
            return of_grain(grain, words)
    return None


def of_grain(grain: Grain, words: str) -> Unit:
    """The unit of a known grain from the numbers in the words, which may be short ("26", "27/12", "II/2026").

    >>> of_grain(Grain.DAY, "26"), of_grain(Grain.QUARTER, "iii").number
    (Unit(grain=<Grain.DAY: 1>, number=26, month=None, year=None), 3)
    """
    if found := _MONTH_IN_WORDS.search(words):
        words = f"tháng {_MONTH_WORDS[found[1]]} {words[found.end() :]}"
    numbers = [_ROMAN.get(n) or int(n) for n in _NUMBER.findall(_behind_preamble(grain, words))]
    if grain is Grain.DAY and numbers and numbers[0] > 31:  # 2026-06-30
        numbers.reverse()
    if grain is Grain.SPAN:
        return _span(words, numbers)
    year = next((n for n in numbers if n > 1000), None)
    small = [n for n in numbers if n <= 1000]
    if grain is Grain.YEAR:
        return Unit(grain, year=year)
    return Unit(grain, small[0] if small else 0, small[1] if grain is Grain.DAY and len(small) > 1 else None, year)


def _behind_preamble(grain: Grain, words: str) -> str:
    """The words from the unit's own on: without the hour of a day, the "tuần 3" of a month."""
    if grain is Grain.DAY:
        return _PREAMBLE.sub("", words)
    own = {Grain.MONTH: "tháng", Grain.QUARTER: "quý"}.get(grain, "")
    return words[max(words.find(own), 0) :]


def _span(words: str, numbers: list[int]) -> Unit:
    """6 tháng đầu năm 2026: the first six months; cuối: the last."""
    year = next((n for n in numbers if n > 1000), None)
    spoken = next((n for word, n in _SPOKEN.items() if words.startswith(word)), 6)
    count = min(next((n for n in numbers if n <= 1000), spoken), 12)
    return Unit(Grain.SPAN, -count if "cuối" in words else count, year=year)


def is_imprecise(words: str) -> bool:
    """Whether only a part of the unit is meant ("tuần đầu tháng 3", "cuối quý II").

    >>> is_imprecise("tuần đầu tháng 3/2026"), is_imprecise("tháng 3/2026")
    (True, False)
    """
    return bool(_IMPRECISE.match(words))
