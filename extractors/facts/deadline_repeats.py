"""The rules of recurring times: every week, once a quarter, by the 25th of each month."""

from __future__ import annotations

import re

from extractors.facts.deadline_sayings import SEVERAL_TIMES, Force, Saying
from extractors.facts.deadline_units import CLOCK, DAY, MONTH, PART_OF_DAY, QUARTER, D
from extractors.facts.rules import Rule, rule
from normalizers.periods import every
from schemas.facts import Period, Qualifier

REPEATED: list[Rule[Saying]] = []
"""The table of recurring expressions."""

_UNITS = {"ngày": "day", "tuần": "week", "tháng": "month", "quý": "quarter", "năm": "year"}
_IN_A_YEAR = 12
_NUMBERS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6}
_COUNT = r"(?:\d{1,2}|một|hai|ba|bốn|năm|sáu)"
# "năm 2026", "quý II", "tháng 3", "năm học" are not "every"
_ANY_UNIT = (
    r"(?:ngày|tuần(?!\s(?:thứ|đầu|cuối))|tháng(?!\s?\d)|quý(?!\s(?:i{1,3}\b|iv\b|\d))|năm(?!\s?\d|\shọc))(?!\w)"
)
_REGULARLY = r"(?:theo\s)?định kỳ(?:\s(?:là|vào|theo))?\s"
_EVERY = r"(?:hằng|mỗi)\s"
# the day of a period: "hằng tháng (trước ngày 20), năm …", "hằng tháng trước ngày 20, năm trước ngày 10/12"
_BRACKET = r"(?:\s?\([^()]{0,80}\)|\s(?:trước|chậm nhất)\sngày\s\d{1,2}(?:/\d{1,2})?(?=,\s(?:quý|6 tháng|năm)\s))?"
_STEP = (
    rf"(?:\s?(?:,|;|và|hoặc|/|-)\s?(?:(?:báo cáo|tổng kết"
    rf"|sơ kết)\s)?(?:{_EVERY})?(?:{_COUNT}\s)?{_ANY_UNIT}(?!\s?(?:lần|một lần)){_BRACKET})"
)
_AT_LEAST = r"(?:(?:ít nhất|tối thiểu|không dưới|trung bình)\s)?"
_THINGS = (
    r"(?:lần|ngày|buổi|kỳ|cuộc|đợt|phiên|số|lớp|chuyên mục|chuyên đề|hội nghị|tin(?:,?\s?bài)?|bài(?:\sviết)?"
    r"|lượt kiểm tra|lượt)"
)
_STEPS = re.compile(rf"(?:(?P<n>{_COUNT})\s)?(?P<unit>{_ANY_UNIT})(?=\W|\Z)")
_BRACKETED = re.compile(r"\([^()]*\)|(?:trước|chậm nhất)\sngày\s\d[\d/]*")
_BOUND = (
    rf"(?:(?:(?:chậm|muộn)\snhất(?:\s(?:là|vào))?|trước|xong trước|từ|đến(?:\shết)?"
    rf"|vào)\s){{0,3}}(?:{CLOCK},?\s)?(?:{PART_OF_DAY})?"
)


def _steps(words: str) -> str:
    """The RRULE texts of "6 tháng, 1 năm", distinct, in order."""
    rules = []
    for step in _STEPS.finditer(_BRACKETED.sub("", words)):
        rules.append(every(_UNITS[step["unit"]], _number(step["n"])))
    return " ".join(dict.fromkeys(rules))


def _number(words: str | None) -> int:
    """The count in digits or letters, one where none is said."""
    if not words:
        return 1
    return max(_NUMBERS.get(words) or int(words), 1)


def _saying(recurrence: str, doubt: str | None = None) -> Saying:
    return Saying(recurrence=recurrence, qualifier=Qualifier.EVERY, force=Force.STRONG, doubt=doubt)


@rule(
    REPEATED,
    rf"\b(?:{_REGULARLY}|thường xuyên,?\s)?{_EVERY}(?:ngày|tuần|tháng|quý|năm(?!\shọc))(?!\w){_BRACKET}{_STEP}*",
    ("hằng quý", Period(recurrence="FREQ=MONTHLY;INTERVAL=3")),
    ("Định kỳ hàng tháng, quý, năm", Period(recurrence="FREQ=MONTHLY FREQ=MONTHLY;INTERVAL=3 FREQ=YEARLY")),
    ("hàng tuần", Period(recurrence="FREQ=WEEKLY")),
    ("hằng tháng trước ngày 20, năm trước ngày 10/12", Period(recurrence="FREQ=MONTHLY FREQ=YEARLY")),
)
def each(said: re.Match[str]) -> Saying:
    """hằng …, mỗi …, and what is listed behind it."""
    return _saying(_steps(said[0].replace("thường xuyên", "")))


@rule(
    REPEATED,
    rf"\b{_REGULARLY}(?:{_AT_LEAST})(?:báo cáo\s)?\(?(?:{_COUNT}\s)?{_ANY_UNIT}(?!/){_BRACKET}{_STEP}*",
    ("Định kỳ 6 tháng, 1 năm", Period(recurrence="FREQ=MONTHLY;INTERVAL=6 FREQ=YEARLY")),
    ("định kỳ báo cáo (tháng, quý, năm)", Period(recurrence="FREQ=MONTHLY FREQ=MONTHLY;INTERVAL=3 FREQ=YEARLY")),
    ("định kỳ quý, năm", Period(recurrence="FREQ=MONTHLY;INTERVAL=3 FREQ=YEARLY")),
    (
        "định kỳ 06 tháng (trước ngày 15/6) và năm (trước ngày 15/12)",
        Period(recurrence="FREQ=MONTHLY;INTERVAL=6 FREQ=YEARLY"),
    ),
)
def regularly(said: re.Match[str]) -> Saying:
    """định kỳ with its periods."""
    return _saying(_steps(said[0].removeprefix("theo ").removeprefix("định kỳ ").replace("báo cáo (", "")))


@rule(
    REPEATED,
    rf"\bbáo cáo\s(?P<n>{_COUNT}\s)?(?P<unit>tuần|tháng|quý|năm)(?=\s\((?:chậm nhất|trước|ngày))",
    ("báo cáo quý (trước ngày 15/3)", Period(recurrence="FREQ=MONTHLY;INTERVAL=3")),
)
def report_of(said: re.Match[str]) -> Saying:
    """báo cáo quý, báo cáo 6 tháng with its day in brackets: a report of every such period."""
    return _saying(every(_UNITS[said["unit"]], _number((said["n"] or "").strip())))


@rule(
    REPEATED,
    r"\b(?:sơ kết|tổng kết)\s(?:(?P<n>\d{1,2})\stháng(?!\s(?:đầu|cuối))|(?:cuối\s)?năm(?!\s?\d|\s?học|\w))",
    ("sơ kết 06 tháng", Period(recurrence="FREQ=MONTHLY;INTERVAL=6")),
    ("tổng kết năm", Period(recurrence="FREQ=YEARLY")),
)
def review_of(said: re.Match[str]) -> Saying:
    """sơ kết 6 tháng, tổng kết năm: reviews that come with every such period."""
    return _saying(every("month", int(said["n"])) if said["n"] else every("year"))


@rule(
    REPEATED,
    rf"\b(?:{_REGULARLY})?{_AT_LEAST}(?:cứ\s)?(?P<n>{_COUNT}\s)?(?P<unit>{_ANY_UNIT})\s?(?:/|(?:có\s|họp\s"
    rf"|báo cáo\s)?)\s?"
    rf"(?:(?:ít nhất|tối thiểu)\s)?(?:(?:một|01|1)\s)?(?:lần|kỳ|đợt)(?!\s?/)\b",
    ("1 tháng/lần", Period(recurrence="FREQ=MONTHLY")),
    ("định kỳ 6 tháng/lần", Period(recurrence="FREQ=MONTHLY;INTERVAL=6")),
    ("3 tháng một lần", Period(recurrence="FREQ=MONTHLY;INTERVAL=3")),
    ("hai tuần một lần", Period(recurrence="FREQ=WEEKLY;INTERVAL=2")),
)
def units_a_time(said: re.Match[str]) -> Saying:
    """N tháng/lần: once in N months."""
    return _saying(every(_UNITS[said["unit"]], _number((said["n"] or "").strip())))


@rule(
    REPEATED,
    rf"\b(?:{_REGULARLY})?{_AT_LEAST}(?P<n>{_COUNT})\s?(?:\(\w+\)\s)?(?P<what>{_THINGS})(?:\s[^\W\d]+){{0,3}}?\s?"
    rf"(?:/\s?|{_EVERY}|trong\s(?:một\s|1\s|01\s|{_EVERY})|trên một\s"
    rf"|một\s)(?:(?P<of>{_COUNT})\s)?(?P<unit>{_ANY_UNIT})",
    ("ít nhất 01 lần/tuần", Period(recurrence="FREQ=WEEKLY")),
    ("01 ngày/tuần", Period(recurrence="FREQ=WEEKLY")),
    ("02 lần/năm", Period(recurrence="FREQ=MONTHLY;INTERVAL=6")),
    ("01 lần/6 tháng", Period(recurrence="FREQ=MONTHLY;INTERVAL=6")),
)
def times_a_unit(said: re.Match[str]) -> Saying:
    """N lần/năm: N times in a year, which is every 12/N months where that is whole."""
    count, of, unit = _number(said["n"]), _number(said["of"]), _UNITS[said["unit"]]
    if said["what"] != "lần" or count == 1:
        return _saying(every(unit, of))
    spell = {"year": _IN_A_YEAR, "quarter": 3, "month": 1}.get(unit, 0) * of
    if spell and spell % count == 0:
        return _saying(every("month", spell // count))
    return _saying(every(unit, of), SEVERAL_TIMES)


@rule(
    REPEATED,
    rf"\b(?:{_REGULARLY})?{_BOUND}(?:{DAY}|{MONTH}|{QUARTER})(?:\s?(?:,|và|-|đến)\s?(?:{DAY}|{MONTH}"
    rf"|{QUARTER}))?\s?\(?(?:của\s)?(?:{_EVERY})năm(?!\s?\d)",
    ("trước ngày 30/11 hằng năm", Period(recurrence="FREQ=YEARLY")),
    ("đến ngày 30 tháng 6 hàng năm", Period(recurrence="FREQ=YEARLY")),
    ("Quý IV hàng năm", Period(recurrence="FREQ=YEARLY")),
)
def day_of_each_year(said: re.Match[str]) -> Saying:
    """A day or month of every year: no date of its own."""
    return _saying(every("year"))


@rule(
    REPEATED,
    rf"\b(?:{_REGULARLY})?{_BOUND}(?:các\s)?tuần\s(?:thứ\s(?:{D}|{_COUNT})|đầu(?:\stiên)?|cuối(?:\scùng)?)\s(?:của\s)?"
    rf"(?:{_EVERY}tháng|các tháng|tháng(?:\s(?:đầu|cuối)(?:\stiên|\scùng)?(?:\scủa)?\s(?:{_EVERY})?(?P<of>quý|năm))?)"
    rf"(?!\s?\d|\s(?:i{{1,3}}\b|iv\b|này\b|tới\b|trước\b))",
    ("định kỳ vào tuần thứ 2 của tháng đầu quý", Period(recurrence="FREQ=MONTHLY;INTERVAL=3")),
    ("tuần cuối của tháng", Period(recurrence="FREQ=MONTHLY")),
    ("tuần đầu hằng tháng", Period(recurrence="FREQ=MONTHLY")),
)
def week_of_each_month(said: re.Match[str]) -> Saying:
    """A week of every month, or of a month of every quarter."""
    return _saying(every(_UNITS[said["of"] or "tháng"]))


@rule(
    REPEATED,
    rf"\b(?:{_REGULARLY})?{_BOUND}(?:các\s)?ngày\s{D}(?:\s?(?:,|và|-|đến)\s?(?:ngày\s)?{D})*\s(?:của\s)?"
    rf"(?:(?:{_EVERY})(?P<unit>tháng|quý)|tháng\s(?:liền kề|sau|kế tiếp|tiếp theo|báo cáo|liền sau)(?P<q>\s(?:quý"
    rf"|của quý))?"
    rf"|tháng\s(?:đầu|cuối|cuối cùng)(?:\stiên)?(?:\scủa)?\s(?:{_EVERY})?(?P<of>quý|6 tháng|năm)(?!\s?(?:i{{1,3}}\b"
    rf"|iv\b|\d)))",
    ("ngày 16 hàng tháng", Period(recurrence="FREQ=MONTHLY")),
    ("trước ngày 05 của tháng liền kề", Period(recurrence="FREQ=MONTHLY")),
    ("trước ngày 15 tháng cuối quý", Period(recurrence="FREQ=MONTHLY;INTERVAL=3")),
)
def day_of_each_month(said: re.Match[str]) -> Saying:
    """A day of every month, or of a month of every quarter."""
    of = (said["of"] or said["unit"] or "").strip()
    if of == "6 tháng":
        return _saying(every("month", 6))
    unit = "quarter" if said["q"] else _UNITS.get(of, "month")
    return _saying(every(unit))
