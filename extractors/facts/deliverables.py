"""What an item is to bring forth: the words behind "Sản phẩm:", or the document that it says is to be issued."""

from __future__ import annotations

import re

_COLON = r"\s*[:：]\s*"
_LABEL = (
    r"(?:sản phẩm(?:\s(?:đầu ra|dự kiến|hoàn thành|chủ yếu|cụ thể|thực hiện|,?\s?kết quả)){0,2}"
    r"|kết quả(?:\s(?:đầu ra|dự kiến|đạt được|cần đạt|sản phẩm|thực hiện|hoàn thành)){0,2}|đầu ra"
    r"|kết quả\s?/\s?sản phẩm|sản phẩm\s?/\s?kết quả)"
)
_OTHER_LABEL = (
    r"(?:thời gian|thời hạn|tiến độ|cơ quan|đơn vị|chủ trì|phối hợp|kinh phí|địa điểm|thành phần|lãnh đạo"
    r"|người thực hiện)"
)
# "Xây dựng quy chế. Sản phẩm: Quyết định ban hành Quy chế; Thời gian: Quý II/2026"
_LABELLED = re.compile(
    rf"(?:^|[.;(|\n+–-]\s*){_LABEL}{_COLON}(?P<what>[^\n|]+?)(?=\s*[.;|(+–-]?\s*\b{_OTHER_LABEL}[^:.;]{{0,30}}:|$"
    rf"|\s\||\n)",
    re.IGNORECASE,
)
_DOCUMENT = (
    r"(?:Kế hoạch|Quyết định|Báo cáo|Quy chế|Chương trình|Đề án|Nghị quyết|Chỉ thị|Hướng dẫn|Công văn|Thông báo"
    r"|Tờ trình|Quy định"
    r"|Bộ tiêu chí|Bộ quy tắc|Quy trình|Quy tắc|Nội quy|Danh mục|Phương án)"
)
# "Ban hành Quyết định thành lập Ban Chỉ đạo." The act must open the item: elsewhere it may tell of what was issued
_ISSUED = re.compile(
    rf"^(?:(?:Tham mưu|Xây dựng|Nghiên cứu|Rà soát|Soạn thảo|Trình)(?:[^.;:,]{{0,60}}?),?\s(?:và\s)?)?ban hành\s"
    rf"(?P<what>{_DOCUMENT}\b[^.;:,()\n]{{0,160}})",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\bđã ban hành|ban hành kèm|được ban hành|do .{1,40} ban hành", re.IGNORECASE)
_EDGE = " \t.;,:()–-+|"
_CLAUSE = re.compile(r"\s(?:trước ngày|chậm nhất|trong (?:năm|quý|tháng)|để|nhằm|theo|trên cơ sở)\b.*", re.IGNORECASE)


def find_deliverable(text: str) -> str | None:
    """The product that the item names, as written; None where it names none clearly.

    >>> find_deliverable("Xây dựng quy chế phối hợp. Sản phẩm: Quyết định ban hành Quy chế; Thời gian: Quý II/2026")
    'Quyết định ban hành Quy chế'
    >>> find_deliverable("Ban hành Quyết định thành lập Ban Chỉ đạo trong quý I/2026.")
    'Quyết định thành lập Ban Chỉ đạo'
    >>> find_deliverable("Tổ chức tuyên truyền tới Nhân dân.") is None
    True
    """
    if labelled := _LABELLED.search(text):
        return _trimmed(labelled["what"])
    issued = _ISSUED.match(text)
    if issued is None or text.isupper() or _TOLD.search(text):
        return None
    return _trimmed(_CLAUSE.sub("", issued["what"]))


def _trimmed(words: str) -> str | None:
    """The words without the punctuation round them; a closing bracket stays where its opening one does."""
    words = words.strip(_EDGE)
    if words.count("(") > words.count(")"):
        words += ")"
    return words or None
