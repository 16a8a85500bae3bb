"""Where a date stands decides whether it is a deadline: `NOT_A_DEADLINE` and `PLACES_OF_A_TIME`.

The patterns are for one sentence of a `rules.view` text in which the time expression stands between ⟦ and ⟧. Each
entry has examples, which a generic test runs: none of `NOT_A_DEADLINE` yields a date or a recurrence, each of
`PLACES_OF_A_TIME` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.facts.deadline_sayings import Force

_LEFT, _RIGHT = 240, 90
# "; " and ". " end a sentence, the dots of "30.6.2025", "TP. Huế" and "v.v." hardly matter for what follows them
_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)|\s\|\s|\s(?=\+\s)")


@dataclass(frozen=True, slots=True)
class Context:
    """Words round a time, and examples of them."""

    name: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]


NOT_A_DEADLINE: list[Context] = []
PLACES_OF_A_TIME: list[Context] = []


def _entry(table: list[Context], name: str, pattern: str, *examples: str) -> None:
    table.append(Context(name, re.compile(pattern), examples))


_LAW = (
    r"(?:luật|bộ luật|pháp lệnh|hiến pháp|nghị quyết|nghị định|quyết định|thông tư|chỉ thị|công điện|kết luận|lệnh)"
)
_PAPER = (
    rf"(?:{_LAW}|kế hoạch|công văn|tờ trình|báo cáo|hướng dẫn|thông báo|chương trình|văn bản|quy định|quy chế"
    rf"|biên bản"
    r"|đề án|giấy mời|thông tri|quy chế|hợp đồng|đề cương|công bố|ý kiến|thông cáo|giấy)"
)
_NUMBERED = r"(?:số[:\s]?\s?\d*|\d+[a-z]?\s?[/\-]\s?[\w/\-&.]+)"
_PROGRAMME = (
    r"\b(?:chương trình|đề án|kế hoạch|chiến lược|quy hoạch|nghị quyết|quyết định|dự án|mục tiêu|phong trào"
    r"|cuộc vận động"
    r"|nhiệm vụ|chỉ tiêu|phương hướng|định hướng|kịch bản|bộ tiêu chí|chỉ số|danh mục|giải pháp|lộ trình"
    r"|(?<!pháp )(?<!kỷ )luật"
    r"|nhu cầu)"
)
_ACTS = (
    r"(?:phấn đấu|hoàn thành|xong|đạt|trình|tăng|giảm|bảo đảm|đảm bảo|tổ chức|gửi|báo cáo|ban hành|triển khai"
    r"|chậm nhất"
    r"|trước|xây dựng)"
)
_OUTCOME = r"\s?(?:đạt|phấn đấu|phải|có\s|dự kiến|đảm bảo|bảo đảm|hoàn thành|tối thiểu|ít nhất|cơ bản|,?\s?\d)"
_DONE = r"(?:\bđã|\bmới|(?<!sẽ\s)(?<!phải\s)(?<!cần\s)\bđược)"  # "sẽ được công bố" is still to be done
_SAME_CLAUSE = r"[^.;:()⟦]"
_MONEY = r"(?:ngân sách(?: nhà nước)?|dự toán|kinh phí|nguồn vốn|vốn|chi thường xuyên|thu, chi|thu chi|tài chính)"
_ANNIVERSARY = (
    r"\b(?:kỷ niệm|chào mừng|ngày truyền thống|ngày thành lập|quốc khánh|cách mạng tháng|ngày giải phóng|ngày sinh"
    r"|ngày quốc tế|ngày nhà giáo|ngày lễ|chiến thắng|nhân (?:dịp|ngày))\b"
)

_entry(
    NOT_A_DEADLINE,
    "date of a numbered document",
    rf"{_PAPER}{_SAME_CLAUSE}{{0,40}}?{_NUMBERED}{_SAME_CLAUSE}{{0,110}}⟦(?:ngày\s|\d)",
    "thực hiện các tiêu chí theo Quyết định số 5049/QĐ-UBND ngày 11/12/2025",
    "Kế hoạch số 173-KH/BDVTU-UBNDTP ngày 26/12/2024 của Ban Dân vận Thành ủy",
    "Hướng dẫn 13/HD-MTTQ-BTT ngày 05 tháng 12 năm 2025",
)
_entry(
    NOT_A_DEADLINE,
    "date of a law or decision",
    rf"\b{_LAW}(?:\s(?!trước|chậm|xong|hoàn)[^\s.;:,⟦]+){{0,16}}\s⟦ngày\s",
    "theo Luật Tổ chức chính quyền địa phương ngày 16/6/2025",
)
_entry(
    NOT_A_DEADLINE,
    "number of a document straight before its date",
    r"\d+\s?[/\-][\w/\-&]*[a-zđ][\w/\-&]*\s?,?\s⟦(?:ngày\s|\d)",
    "Văn bản 1234/SNV-CCHC ngày 15/3/2026 về rà soát",
)
_entry(
    NOT_A_DEADLINE,
    "date of a document or meeting by its author",
    rf"{_PAPER}{_SAME_CLAUSE}{{0,80}}⟦ngày[^⟧]*⟧\s(?:của|về việc|v/v|quy định)\s",
    "Thông báo kết luận ngày 12/3/2026 của Chủ tịch UBND tỉnh",
)
_entry(
    NOT_A_DEADLINE,
    "when a document came about",
    rf"(?:{_DONE}|có hiệu lực|hiệu lực thi hành|áp dụng)(?:\s(?:ban hành|ký|phê duyệt|thông qua|thành lập"
    r"|công bố|thi hành|cấp|kể|quốc hội|chính phủ|hội đồng nhân dân)){0,5}(?:\s(?:vào|từ))?\s?⟦",
    "Nghị định mới được ban hành ngày 15/01/2026",
    "Luật có hiệu lực thi hành từ ngày 01/7/2026",
)
_entry(
    NOT_A_DEADLINE,
    "from when a law holds",
    rf"⟦(?:kể\s)?từ\s[^⟧]*⟧,?\s(?:khi\s)?{_LAW}\b|{_LAW}{_SAME_CLAUSE}{{0,60}}(?:hiệu lực|thi hành"
    rf"|áp dụng)[^.;:()⟦]{{0,20}}⟦",
    "bảo đảm từ ngày 01 tháng 01 năm 2026, Luật Việc làm được thực hiện thống nhất",
)
_entry(
    NOT_A_DEADLINE,
    "meeting of a date",
    r"(?:tại|theo|kết luận)\s(?:cuộc họp|phiên họp|hội nghị|kỳ họp|buổi làm việc)[^.;:()⟦]{0,60}⟦ngày",
    "theo kết luận tại cuộc họp giao ban ngày 12/3/2026",
)
_entry(
    NOT_A_DEADLINE,
    "state at a date, comparison",
    r"\b(?:tính đến|tính tới|tính từ|số liệu|so với|so sánh với|cùng kỳ|tại thời điểm|thời điểm|như|của)(?:\s(?:hết"
    r"|cùng kỳ|đến|cuối))*"
    r"\s⟦(?!(?:trước|chậm|trong))|⟦tính\s(?:đến|từ)|tính\s⟦(?:đến|tới|từ)",
    "tăng 5% so với năm 2025",
    "số liệu tính đến ngày 31/12/2025",
    "các kết quả của năm 2025",
)
_entry(NOT_A_DEADLINE, "up to now", r"⟧\s?(?:đến nay|trở về trước|-\s?nay)|⟦từ[^⟧]*đến nay", "từ năm 2020 đến nay")
_entry(
    NOT_A_DEADLINE,
    "outlook",
    r"(?:tầm nhìn|định hướng|hướng tới|hướng đến)(?:\sđến)?\s⟦",
    "Quy hoạch tỉnh, tầm nhìn đến năm 2050",
)
_entry(
    NOT_A_DEADLINE,
    "years in the name of a programme",
    rf"{_PROGRAMME}(?:(?!\b{_ACTS}\b)[^.;:()⟦])*⟦(?:(?:đến|tới|giai đoạn|năm|từ năm|từ|hết|cho)\s|\d)(?:(?!ngày"
    rf"|tháng|quý|trở đi)[^⟧])*⟧(?!{_OUTCOME})",
    "thực hiện Chương trình tổng thể cải cách hành chính giai đoạn 2021 - 2030",
    "Chiến lược quốc gia về bình đẳng giới đến năm 2030",
    "các mục tiêu từ năm 2026 đến năm 2030",
)
_entry(
    NOT_A_DEADLINE,
    "term, course, school year",
    r"(?:nhiệm kỳ|khóa|khoá|năm học|năm ngân sách|kỳ họp|đại hội|05 năm|5 năm|03 năm|3 năm|kế hoạch năm"
    r"|niên độ)(?:\s[ivxlc\d]+)?,?\s?\(?\s?⟦(?!trước)",
    "đại biểu Hội đồng nhân dân các cấp nhiệm kỳ 2026 - 2031",
    "kế hoạch 05 năm (2021 - 2025).",
)
_entry(
    NOT_A_DEADLINE,
    "a yearly budget",
    rf"{_MONEY}(?:\s(?!để\s|báo cáo|gửi|trình|trước)[^\s.;:()⟦]+){{0,9}}\s⟦(?:định kỳ\s|thường xuyên\s|trong\s"
    rf"|đầu\s)?(?:hằng năm|năm|giai đoạn)",
    "bố trí từ nguồn ngân sách nhà nước hằng năm của các cơ quan",
    "trong nguồn ngân sách nhà nước được giao trong năm 2025",
)
_entry(
    NOT_A_DEADLINE,
    "a measure or basis of each year",
    r"(?:(?:là|làm)\s(?:một\s(?:trong\s(?:những\s)?)?)?(?:căn cứ|cơ sở|tiêu chí|tiêu chuẩn|điều kiện"
    r"|tài liệu)[^.;⟦]*|(?:bình quân|trung bình|tốc độ)"
    r"(?:\stăng(?:\strưởng)?)?\s?|(?:tăng|giảm)(?:\s[^\s.;:,⟦]+){0,2}\s|(?:gắn|lồng ghép"
    r"|kết hợp)\s[^.;⟦]*(?:thi đua|khen thưởng|đánh giá"
    r"|xếp loại|bình xét|chấm điểm)[^.;,⟦]*)⟦(?:hằng|mỗi|\d)",
    "tỷ lệ hộ nghèo giảm hằng năm 1%",
    "gắn kết quả thực hiện với công tác thi đua khen thưởng hằng năm",
    "lấy kết quả thực hiện làm căn cứ đánh giá, xếp loại hằng năm",
    "tốc độ tăng trưởng bình quân hằng năm trên 10%",
)
_entry(
    NOT_A_DEADLINE,
    "days of remembrance",
    rf"{_ANNIVERSARY}(?:(?!trước|chậm|hoàn thành)[^.,;:⟦]){{0,110}}⟦(?:ngày|tháng|\d)",
    "kỷ niệm 96 năm ngày thành lập Đảng (03/02/1930 - 03/02/2026)",
    "chào mừng Quốc khánh ngày 02/9/2026",
)
_entry(
    NOT_A_DEADLINE,
    "what has its own date before the work",
    rf"(?:{_DONE}|phát sinh|(?<!học\s)(?<!tuyển\s)\bsinh|vi phạm"
    r"|xảy ra)(?:\s(?!hoàn thành|thực hiện|gửi|triển khai|giải quyết|báo cáo|trình|xong|đầu tư"
    r"|công bố)[^\s.;:,⟦]+){0,6}"
    r"\s⟦(?:trước|từ)\s(?:ngày|năm)(?![^⟧]*trở đi)",
    "các công trình đã đưa vào sử dụng trước ngày 01/7/2025",
)
_entry(
    NOT_A_DEADLINE,
    "condition that names a year",
    r"(?:đối với|các|những)\s(?:các\s)?(?:nhiệm vụ|hoạt động|nội dung|trường hợp|công việc|dự án|văn bản|chỉ tiêu"
    r"|sự kiện|ngày lễ)"
    r"(?:\s[^\s.;:,⟦]+){0,7}\s⟦trong\s(?:năm|quý|tháng)|(?:ngày lễ|sự kiện|kết quả|thành tích|nội dung"
    r"|kiến nghị)[^.;:,⟦]{0,30}\s⟦trong năm⟧",
    "Đối với các nhiệm vụ triển khai trong năm 2025, các cơ quan chủ động bố trí kinh phí",
    "tuyên truyền các ngày lễ lớn, sự kiện chính trị trong năm",
)
_entry(
    NOT_A_DEADLINE,
    "paper about a period",
    r"\b(?:báo cáo|kế hoạch|kết quả|số liệu|chỉ tiêu|tình hình|nhiệm vụ|lương|chương trình công tác|phụ cấp"
    r"|lịch (?:công tác|làm việc|trực))(?:\s(?:công tác|công việc|thực hiện|hoạt động))?\s⟦(?:"
    r"(?:các\s)?(?:tháng|quý)\s|(?:\d{1,2}|sáu|chín)\stháng)",
    "đánh giá kết quả quý I/2026",
    "xây dựng kế hoạch tháng 3/2026",
)
_entry(
    NOT_A_DEADLINE,
    "time that an inspection looks at",
    r"\b(?:mốc|niên độ|thời kỳ|giai đoạn)(?:\s(?:thời gian|thời điểm))?\s(?:được\s)?"
    r"(?:kiểm tra|giám sát|thanh tra|khảo sát|rà soát|đánh giá)(?:\sđược tính)?:?\s(?:là\s)?⟦",
    "Mốc kiểm tra từ tháng 7/2025 đến khi kiểm tra",
    "mốc thời gian giám sát: từ ngày 01/01/2025 đến ngày 31/12/2025",
)
_entry(
    NOT_A_DEADLINE,
    "months that a review looks back on",
    r"\b(?:sơ kết|tổng kết|kiểm điểm|đánh giá|tình hình|kết quả)"
    r"(?:\s(?!hoàn thành|trong|trước)[^\s.;:,()⟦]+){0,8}\s⟦"
    r"(?:\d{1,2}|sáu|chín)\stháng\s(?:đầu|cuối)",
    "Tổ chức Hội nghị sơ kết 6 tháng đầu năm 2026",
    "Báo cáo tình hình kinh tế - xã hội 6 tháng đầu năm",
)
_entry(
    NOT_A_DEADLINE,
    "years of a numbered plan",
    rf"{_PAPER}{_SAME_CLAUSE}{{0,40}}?{_NUMBERED}[^;()⟦]*⟦(?:đến|giai đoạn|năm|từ năm)\s(?:(?!ngày|tháng|quý"
    rf"|trở đi)[^⟧])*⟧(?!{_OUTCOME})",
    "theo Kế hoạch số 12/KH-UBND ngày 05/3/2025 về triển khai các hoạt động truyền thông dân số đến năm 2030",
)
_entry(
    NOT_A_DEADLINE,
    "words of a name or slogan",
    r"“[^”⟦]*⟦[^⟧”]*⟧[^”]*(?:”|$)",
    "thực hiện phương châm “Mỗi ngày đến trường có một đổi mới”",
)
_entry(NOT_A_DEADLINE, "past year", r"⟧\s(?:đã\s|vừa qua|là năm)", "Năm 2025 là năm bản lề")

_entry(
    PLACES_OF_A_TIME,
    "head of the sentence",
    r"^[\W_]*(?:[^:.;⟦]{1,30}:\s)?⟦[^⟧]*⟧\s?(?:[:,)]|\(|-\s|$|\.)",
    "Năm 2026: Triển khai đồng bộ",
    "Giai đoạn 2026 - 2030, phấn đấu đạt 100%",
)
_entry(
    PLACES_OF_A_TIME,
    "head of the sentence before an act",
    r"^[\W_]*(?:[^:.;⟦]{1,30}:\s)?⟦[^⟧]*⟧\s(?:phấn đấu|tổ chức|hoàn thành|triển khai|thực hiện|xây dựng|tiếp tục"
    r"|tập trung|duy trì|nhân rộng|ít nhất|tối thiểu"
    r"|có (?:ít nhất|trên|tối thiểu)|đạt|mở|ban hành)\b",
    "Năm 2026 phấn đấu 80% hồ sơ được số hóa",
    "Chỉ tiêu 1: Năm 2025 đạt 60% cơ quan có lãnh đạo chủ chốt là nữ",
)
_entry(
    PLACES_OF_A_TIME,
    "brackets at the end",
    r"\((?:xuyên suốt\s|thời gian:?\s|dự kiến\s|hoàn thành\s|trong\s)?⟦[^⟧]*⟧\)\s?\W*$",
    "Hoàn thiện hạ tầng công nghệ thông tin (2025 - 2026).",
)
_entry(
    PLACES_OF_A_TIME,
    "brackets behind a review",
    r"(?:báo cáo|sơ kết|tổng kết|giữa kỳ|cuối kỳ)[^.;()⟦]{0,70}\(⟦(?:năm|giai đoạn|quý|tháng)[^⟧]*⟧\)",
    "Báo cáo giữa kỳ thực hiện Kế hoạch (năm 2030) và tổng kết",
)
_entry(
    PLACES_OF_A_TIME,
    "behind a word of time",
    r"(?:thời gian|thời hạn|tiến độ|lộ trình|thời điểm)(?:\s[^\s.;:()⟦]+){0,5}\s?:?\s?\(?\s?⟦|(?:hoàn thành"
    r"|kết thúc|dự kiến|xong|thực hiện xong)"
    r"(?:\s(?:trong|vào|là))?\s?:?\s?⟦",
    "Thời gian thực hiện: năm 2026",
    "Xây dựng cơ sở dữ liệu, hoàn thành năm 2026",
)


def is_deadline(view: str, start: int, end: int, force: Force) -> bool:
    """Whether the time at `view[start:end]` says when the work is done."""
    marked = _marked(view, start, end)
    if force is Force.WEAK and not any(place.pattern.search(marked) for place in PLACES_OF_A_TIME):
        return False
    return not any(context.pattern.search(marked) for context in NOT_A_DEADLINE)


def sentence_of(view: str, place: int) -> tuple[int, int]:
    """Begin and end of the sentence that holds a place."""
    begin = 0
    for found in _SENTENCE_END.finditer(view):
        if found.start() >= place:
            return begin, found.start()
        begin = found.end()
    return begin, len(view)


def _marked(view: str, start: int, end: int) -> str:
    """The sentence round the time, which stands between ⟦ and ⟧."""
    begin = sentence_of(view, start)[0]
    stop = sentence_of(view, max(end - 1, start))[1]
    left = view[max(begin, start - _LEFT) : start]
    return f"{left}⟦{view[start:end]}⟧{view[end : max(end, min(stop, end + _RIGHT))]}"
