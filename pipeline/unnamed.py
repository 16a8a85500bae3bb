"""Who is told by a name that nobody knows: "Thú y viên cơ sở: trực tiếp tiêm phòng" under "Tổ chức thực hiện"."""

from __future__ import annotations

import re

from extractors.facts.labels import label_of
from extractors.facts.nlp import item
from normalizers.fold import fold

UNKNOWN_ACTOR = "Chưa nhận ra “{name}” là ai; dòng tạm ghi cho cơ quan ban hành"
_ASSIGNS = re.compile(r"^(?:to chuc (?:thuc hien|trien khai)|phan cong|trach nhiem|nhiem vu cua)\b")
# What a line is about, before a colon, and no name.
_TOPIC = re.compile(
    r"^(?:cong tac|che do|kinh phi|ngan sach|noi dung|cac noi dung|ve|doi voi|thoi gian|hinh thuc|phuong phap"
    r"|phuong thuc|cach thuc|bien phap|giai phap|nhiem vu|yeu cau|luu y|rieng|hang|dinh ky|truoc|sau|trong|tu|den|khi"
    r"|dip|dot|ngay|buoc|giai doan|thang|quy|nam|tuan|viec|linh vuc|tai|mot so|dia diem)\b"
)
_LONGEST = 6


def unknown_actor(text: str, section: str) -> str | None:
    """The name before an item's colon that an assigning section tells to act; None where there is none.

    >>> unknown_actor("Thú y viên cơ sở: trực tiếp tiêm phòng.", "Tổ chức thực hiện")
    'Thú y viên cơ sở'
    >>> unknown_actor("Công tác tuyên truyền: Tổ chức 02 hội nghị.", "Tổ chức thực hiện") is None
    True
    """
    name, colon, told = text.partition(":")
    if not colon or not _ASSIGNS.match(fold(section).strip()) or len(name.split()) > _LONGEST:
        return None
    if not name[:1].isupper() or _TOPIC.match(fold(name)) or label_of(name) is not None:
        return None
    said, act = item(name), item(told.strip())
    predicates = said.grammar.known.predicates
    if any(predicates.longest(said.words, i)[0] > 1 for i in range(len(said.words))):
        return None
    return name.strip() if predicates.longest(act.words, 0)[0] else None
