"""The rules of times without a date: they are shown as the deadline's text, and give no day."""

from __future__ import annotations

import re

from extractors.facts.deadline_sayings import Saying
from extractors.facts.rules import Rule, rule
from schemas.facts import Period, Qualifier

UNDATED: list[Rule[Saying]] = []
"""The table of times that no calendar day follows from."""

RELATIVE: list[Rule[Saying]] = []
"""The table of times counted from an event, whose words may hold a date that is not the deadline."""

_REST = r"[^.,;:()\n]{1,70}"


@rule(
    RELATIVE,
    rf"\b(?:trong|sau|chậm nhất(?: là)?(?: sau)?|không quá|trước)\s(?:thời (?:hạn|gian)\s|vòng\s)?(?:tối đa\s"
    rf"|không quá\s)?"
    rf"(?:\d{{1,3}}|một|hai|ba|năm|bảy|mười)(?:\s?\(\w+\))?\s(?:ngày|tuần|tháng|giờ)\b(?!\s?\d)(?:\slàm việc)?"
    rf"(?:,?\s(?:kể từ|tính từ|từ|sau khi)\s{_REST})?",
    ("trong thời hạn 05 ngày kể từ ngày nhận đơn", Period()),
)
def after_an_event(said: re.Match[str]) -> Saying:
    """A number of days from an event that has no date."""
    return Saying(qualifier=Qualifier.WITHIN)


@rule(
    UNDATED,
    rf"\b(?:ngay\s)?(?:sau khi|khi có|khi phát sinh|sau mỗi đợt|trước khi)(?:\s{_REST})?|\bngay khi\s{_REST}"
    rf"|\bngay sau\s{_REST}",
    ("ngay sau khi kết thúc hội nghị", Period()),
    ("khi có yêu cầu báo cáo đột xuất", Period()),
)
def at_an_event(said: re.Match[str]) -> Saying:
    """When something happens."""
    return Saying()


@rule(
    UNDATED,
    r"\b(?:vào\s|dịp\s)?(?:cuối|đầu|giữa)\snăm(?!\s?\d|\shọc|\stháng|\w)|\b(?:nhân\s)?dịp\s(?:tết|lễ|năm mới"
    r"|kỷ niệm|các ngày lễ)"
    r"(?:\s[^.,;:()\n]{1,40})?",
    ("cuối năm", Period()),
)
def season(said: re.Match[str]) -> Saying:
    """cuối năm, dịp lễ."""
    return Saying()


@rule(
    UNDATED,
    r"\b(?<!chi )(?<!không )(?<!kinh phí )thường xuyên(?:,\s?(?:liên tục|kịp thời|đột xuất))?\b"
    r"|\bđịnh kỳ(?:\svà đột xuất)?\b|\bđột xuất\b"
    r"|\bkịp thời\b|\bxuyên suốt\b",
    ("Thường xuyên", Period()),
    ("định kỳ và đột xuất", Period()),
)
def always(said: re.Match[str]) -> Saying:
    """thường xuyên, kịp thời, đột xuất, định kỳ."""
    return Saying()
