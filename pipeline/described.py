"""Items whose lines below say no act, only what the act is about: its matter, whom it touches, how, by whom."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.facts.inline import states_step
from normalizers.fold import fold
from schemas.plan import Node, Role

_CONTENT = re.compile(r"^noi dung(?: thuc hien| cong viec| nhiem vu| chinh| kiem tra| giam sat)?\s*:\s*")
# A noun that opens the description of a thing to be made, so that "Nội dung: …" says no act of its own.
_DESCRIBES = re.compile(
    r"^(?:quy dinh|bao gom|gom|nghi dinh|quyet dinh|cong thong tin|he thong|de an|chuong trinh|ke hoach|bo tieu chi"
    r"|noi dung|viec|la\b)"
)
# "Hình thức: trực tiếp", "Thành phần đoàn: 05 đồng chí", "Phân công: đồng chí Nguyễn Văn A làm trưởng đoàn".
_MANNER = re.compile(
    r"^(?:doi tuong|pham vi|dia ban|dia diem|hinh thuc|phuong phap|cach thuc|thanh phan|truong doan|phan cong|moc)\b"
    r"[^:]{0,40}:"
)


def is_described_by(node: Node, others: Sequence[Node]) -> bool:
    """Whether the children `others`, which assign nothing, only describe the item above them, which is the row.

    One "Nội dung: …" beside assigning items is enough where it describes a thing; several lines describe an item that
    says an act ("Kiểm tra chuyên đề": matter, whom, when).
    """
    if len(node.children) < 2 or any(one.children for one in others):
        return False
    if len(others) == 1 and _is_matter(others[0].text):
        return True
    assigned = len(others) < len(node.children)
    return assigned and states_step(node.text) and all(_describes(one) for one in others)


def _is_matter(text: str) -> bool:
    own = fold(text)
    label = _CONTENT.match(own)
    return bool(label and _DESCRIBES.match(own[label.end() :]))


def _describes(node: Node) -> bool:
    if _is_matter(node.text) or (node.role is Role.STATEMENT and _MANNER.match(fold(node.text))):
        return True
    label, _, behind = node.text.partition(":")
    return bool(_MANNER.match(fold(label) + ":")) and not states_step(behind)
