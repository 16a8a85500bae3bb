"""Quantified targets of an item: "100% cán bộ, công chức", "ít nhất 01 lần/năm", "từ 90% trở lên"."""

from __future__ import annotations

import re

from extractors.facts.rules import Rule, composed, find, rule, view
from schemas.facts import Target

TARGETS: list[Rule[Target]] = []
"""The table of targets; an example's expectation is (value, unit, comparator)."""

# 1.200 · 26.811,5 · 2,5 · 98.5 · 05
_NUMBER = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d{1,2})?)"
_ALONE = r"(?<![\w/.,\-])"
_COMPARED = {
    ">=": r"ít nhất|tối thiểu|không dưới|không thấp hơn|không ít hơn|từ(?=[^.;,]{0,40}%|[^.;,]{0,40}trở lên)|≥|>=",
    "<=": r"không quá|không vượt quá|không vượt|tối đa|nhiều nhất|không cao hơn|không hơn|≤|<=",
    ">": r"trên|hơn|vượt|lớn hơn|>",
    "<": r"dưới|thấp hơn|nhỏ hơn|ít hơn|<",
}
_COMPARATOR = "|".join(
    rf"(?P<{name}>{_COMPARED[sign]})"
    for sign, name in ((">=", "least"), ("<=", "most"), (">", "over"), ("<", "under"))
)
_SIGNS = {"least": ">=", "most": "<=", "over": ">", "under": "<"}
_TENDENCY = r"(?:(?:tăng|giảm|đạt|bằng|còn|duy trì)(?:\stỷ lệ)?\s)?"
_APPROXIMATELY = r"(?:khoảng\s|bình quân\s)?"
_BRACKETED_WORDS = r"(?:\s?\([^()\d]{2,20}\))?"  # 02 (hai) mô hình
_STAFF = (
    r"(?:các\s)?cán bộ(?:,\s?(?:công chức|viên chức|đảng viên|chiến sĩ|người lao động)|\svà\s(?:công chức"
    r"|người lao động))*"
)
_STOP = (
    r"được|có|phải|đạt|thực hiện|trở|tham gia|hoàn thành|sử dụng|là|không|và|trong|vào|theo|so|của|để|khi|đến|tại"
    r"|thuộc|trên|đã|sẽ|"
    r"nắm|biết|ký|cam kết|từ|với|mỗi|hằng|đáp ứng|gắn|chấp hành|bảo đảm|đảm bảo|kế|về|cho|ở|do|hoặc|nhằm"
    r"|dự kiến|dự toán|tham dự"
)
_WORD = rf"(?!(?:{_STOP})\b)[^\W\d_]+"
# a phrase is taken whole, up to what cannot belong to it, or not at all: half a noun is none
_PHRASE_END = rf"(?=\s?(?:[.,;:()/\"”]|\Z)|\s(?:(?:{_STOP})\b|\d))"
_NOUN = rf"(?:\s(?:{_STAFF}|{_WORD}(?:\s{_WORD}){{0,7}}{_PHRASE_END}))?"
_PERIOD = r"(?:\s?/\s?(?:\d{1,2}\s)?(?:ngày|tuần|tháng|quý|năm|tháng|lượt|người|hồ sơ|đơn vị|thôn|xã|hộ|lần)\b)"
# counted things that make a target by themselves; other nouns need "ít nhất", "không quá" …
_COUNTED = (
    r"(?:tin,\s?bài|tin\sbài|bài\sviết|tin|bài|lần|mô hình|chuyên mục|chuyên đề|hội nghị|lớp(?:\stập huấn)?"
    r"|cuộc(?:\sthi)?|buổi|sáng kiến"
    r"|phóng sự|video|đợt|hội thảo|tổ|câu lạc bộ|công trình|sản phẩm|điểm|phút|giờ)"
)
_NEVER_A_UNIT = (
    r"(?!\s?(?:tuổi|năm\s(?:qua|trước|nay|học)|tháng\s(?:đầu|cuối|\d)|điều|khoản|mục|giờ\s\d|phút\s(?:ngày|-|đến)"
    r"|ngày\s\d))"
)
_UNIT = (
    rf"(?:tin,\s?bài|{_COUNTED}{_PHRASE_END}|{_WORD}(?:\s{_WORD}){{0,3}}{_PHRASE_END}"
    rf"|{_COUNTED}|{_WORD}(?:\s{_WORD})?)"
)
_NOT_A_NOUN = (
    r"(?!\s(?:trở|đến|và|hoặc|của|tháng|năm|quý|giai|ngày\s(?!làm\sviệc)|năm|điều|khoản|mục|điểm\s[a-zđ]\b|phần"
    r"|phụ|là|được|có|các|so|trong)\b)"
)


def find_targets(text: str) -> tuple[Target, ...]:
    """The quantified targets in an item's text, in order; not its dates, years, document numbers or articles.

    >>> find_targets("Phấn đấu từ 90% trở lên người dân hài lòng.")
    (Target(text='từ 90% trở lên', value=90.0, unit='%', comparator='>='),)
    >>> find_targets("Tổng kinh phí không quá 1.200 triệu đồng")
    (Target(text='không quá 1.200 triệu đồng', value=1200.0, unit='triệu đồng', comparator='<='),)
    >>> find_targets("Theo Điều 12 Nghị định số 30/2020/NĐ-CP ngày 05/3/2020")
    ()
    """
    plain, places = composed(text)
    found = []
    for hit in find(TARGETS, view(plain)):
        start, end = (places[hit.start], places[hit.end]) if places else (hit.start, hit.end)
        said = hit.said
        found.append(Target(text[start:end].strip(), said.value, said.unit, said.comparator))
    return tuple(found)


def number(words: str) -> float:
    """The number that Vietnamese digits stand for: the dot parts thousands, the comma decimals.

    >>> number("1.200"), number("2,5"), number("98.5"), number("05")
    (1200.0, 2.5, 98.5, 5.0)
    """
    head, _, decimals = words.partition(",")
    parts = head.split(".")
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
        head = "".join(parts)
    return float(f"{head}.{decimals}" if decimals else head)


def _comparator(said: re.Match[str]) -> str:
    """The sign of the words round the number; "từ 90" without "trở lên" is at least 90 all the same."""
    if "trở xuống" in said[0]:
        return "<="
    if "trở lên" in said[0]:
        return ">="
    return next((sign for name, sign in _SIGNS.items() if said[name]), "=")


def _target(said: re.Match[str], unit: str) -> Target:
    return Target(said[0], number(said["n"]), " ".join(unit.split()), _comparator(said))


@rule(
    TARGETS,
    rf"(?:\b{_TENDENCY}(?:(?:{_COMPARATOR})\s?)?{_APPROXIMATELY})(?<![\d/.,\-])(?P<n>{_NUMBER})\s?(?:%\s?)?(?:(?:-"
    rf"|đến)\s?{_NUMBER}\s?)?%"
    rf"(?:\s?/\s?năm)?(?:\strở\s(?:lên|xuống)|{_NOUN})",
    ("100% cán bộ, công chức", (100.0, "%", "=")),
    ("từ 90% trở lên", (90.0, "%", ">=")),
    ("trên 95%", (95.0, "%", ">")),
    ("giảm 30%", (30.0, "%", "=")),
    ("tối thiểu 2,5%", (2.5, "%", ">=")),
    ("từ 10 - 13%", (10.0, "%", ">=")),
)
def share(said: re.Match[str]) -> Target:
    """A percentage and what it is of."""
    return _target(said, "%")


@rule(
    TARGETS,
    rf"\b{_TENDENCY}(?:{_COMPARATOR})"
    rf"\s{_APPROXIMATELY}(?P<n>{_NUMBER})(?![\d/%]){_BRACKETED_WORDS}{_NEVER_A_UNIT}{_NOT_A_NOUN}"
    rf"(?:\s?-\s?\d+)?\s(?P<unit>(?:triệu|tỷ|nghìn)\s\w+|{_UNIT}{_PERIOD}?)(?:\strở\s(?:lên|xuống))?",
    ("ít nhất 01 lần/năm", (1.0, "lần/năm", ">=")),
    ("tối thiểu 02 mô hình", (2.0, "mô hình", ">=")),
    ("không quá 15 phút", (15.0, "phút", "<=")),
    ("trên 1.200 hộ", (1200.0, "hộ", ">")),
    ("ít nhất 01 tin, bài", (1.0, "tin, bài", ">=")),
)
def compared(said: re.Match[str]) -> Target:
    """A number of things with at least, at most, more or less than."""
    return _target(said, said["unit"])


@rule(
    TARGETS,
    rf"{_ALONE}\b(?P<n>\d{{1,3}})(?P<least>(?!))?(?P<most>(?!))?(?P<over>(?!))?(?P<under>(?!))?{_BRACKETED_WORDS}{_NEVER_A_UNIT}\s"
    rf"(?P<unit>(?:tin,\s?bài|tin\sbài|bài\sviết|mô hình|chuyên mục|chuyên đề|hội nghị|hội thảo|lớp tập huấn"
    rf"|cuộc thi|sáng kiến|phóng sự"
    rf"|lần(?=\s?/)){_PERIOD}?)(?!\w)",
    ("01 tin, bài", (1.0, "tin, bài", "=")),
    ("02 lần/năm", (2.0, "lần/năm", "=")),
    ("02 (hai) mô hình", (2.0, "mô hình", "=")),
)
def counted(said: re.Match[str]) -> Target:
    """A number of things that plans set as targets."""
    return _target(said, said["unit"])
