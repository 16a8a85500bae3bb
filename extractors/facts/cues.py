"""The cues beside bodies: phrases that say which part the next body plays. One table, `CUES`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What a cue says of the bodies behind it."""

    JOINS = "joins"
    """They take part: "phối hợp với Y"."""
    JOINS_BARE = "joins_bare"
    """They take part where a body follows at once: "phối hợp Y"; else the subject before takes part."""
    ASKED = "asked"
    """They are asked to act: "Đề nghị X …"."""
    ORDERED = "ordered"
    """They are told to act: "Giao X …"."""
    OPENS = "opens"
    """A time, ground or case stands before the subject: "Căn cứ …, UBND xã …"."""
    DESCRIBED = "described"
    """The joint work is only spoken of: "quy chế phối hợp với …"."""
    INSPECTED = "inspected"
    """What follows is looked at, not done: "Kiểm tra việc phối hợp với …"."""
    LISTS = "lists"
    """What follows the colon is a list, not a sentence: "gồm: …"."""
    PASSIVE = "passive"
    """The subject before does not act: "được khen thưởng"."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase and what it says; `example` shows it."""

    phrase: str
    part: Part
    example: str = ""


_PHRASES: tuple[tuple[Part, str, tuple[str, ...]], ...] = (
    (
        Part.JOINS,
        "Phối hợp chặt chẽ với Công an xã tuần tra",
        (
            "phối hợp với",
            "phối hợp cùng",
            "phối hợp cùng với",
            "phối hợp chặt chẽ với",
            "phối hợp chặt chẽ cùng",
            "phối hợp thường xuyên với",
            "phối hợp đồng bộ với",
            "phối hợp hiệu quả với",
            "phối hợp tốt với",
            "phối kết hợp với",
            "phối hợp thực hiện với",
            "phối hợp trao đổi với",
            "phối hợp , hỗ trợ với",
            "kết hợp với",
            "kết hợp cùng",
            "cùng với",
            "cùng phối hợp với",
            "liên hệ phối hợp với",
            "với sự phối hợp của",
            "có sự phối hợp của",
        ),
    ),
    (
        Part.JOINS_BARE,
        "Phối hợp Công đoàn động viên cán bộ",
        ("phối hợp", "phối hợp chặt chẽ", "phối kết hợp", "cùng phối hợp", "cùng tham gia", "phối hợp , hỗ trợ"),
    ),
    (
        Part.ASKED,
        "Đề nghị Ủy ban MTTQ Việt Nam xã tham gia giám sát",
        (
            "đề nghị",
            "kính đề nghị",
            "trân trọng đề nghị",
            "trân trọng kính đề nghị",
            "kính mời",
            "mời",
            "trân trọng kính mời",
        ),
    ),
    (
        Part.ORDERED,
        "Giao Phòng Kinh tế chủ trì tổng hợp",
        (
            "giao",
            "giao cho",
            "giao trách nhiệm cho",
            "giao nhiệm vụ cho",
            "yêu cầu",
            "ủy quyền cho",
            "ủy quyền",
        ),
    ),
    (
        Part.OPENS,
        "Trên cơ sở kết quả rà soát, Sở Nội vụ tham mưu",
        (
            "bên cạnh đó",
            "căn cứ",
            "chậm nhất",
            "chậm nhất là",
            "cùng thời điểm",
            "dựa trên",
            "để",
            "đến",
            "định kỳ",
            "đối với",
            "đồng thời",
            "hàng",
            "hằng",
            "ít nhất",
            "khi",
            "mỗi",
            "ngay khi",
            "ngay sau",
            "ngày",
            "ngoài ra",
            "nhằm",
            "năm",
            "nếu",
            "quý",
            "riêng",
            "sau",
            "tại",
            "thông qua",
            "theo",
            "tháng",
            "tối thiểu",
            "trên cơ sở",
            "trong",
            "trong đó",
            "trường hợp",
            "trước",
            "tùy",
            "tùy theo",
            "từ",
            "từ nay",
            "từ kết quả",
            "vào",
            "với",
            "xuất phát từ",
        ),
    ),
    (
        Part.DESCRIBED,
        "Ban hành quy chế phối hợp với Công an xã",
        (
            "cơ chế",
            "cơ quan",
            "chương trình",
            "hoạt động",
            "giao ban",
            "kế hoạch",
            "mối quan hệ",
            "quan hệ",
            "quy chế",
            "quy định",
            "quy trình",
            "sự",
            "thỏa thuận",
            "tình hình",
            "việc",
            "vai trò",
            "kết quả",
        ),
    ),
    (
        Part.INSPECTED,
        "Kiểm tra công tác phối hợp với Trưởng thôn",
        ("kiểm tra", "giám sát", "thanh tra", "đánh giá", "khảo sát", "báo cáo", "rà soát"),
    ),
    (
        Part.LISTS,
        "Thành lập Tổ công tác gồm: Chủ tịch UBND xã làm tổ trưởng",
        ("gồm", "bao gồm", "gồm có", "như", "là", "sau", "như sau", "sau đây", "thành phần", "cụ thể"),
    ),
    (Part.PASSIVE, "Cán bộ, công chức được tập huấn", ("được", "bị")),
)

CUES: tuple[Cue, ...] = tuple(Cue(phrase, part, example) for part, example, phrases in _PHRASES for phrase in phrases)

ADVERBS = frozenset(
    (
        "chặt chẽ",
        "chủ động",
        "có trách nhiệm",
        "cùng",
        "đồng bộ",
        "hiệu quả",
        "kịp thời",
        "tích cực",
        "thường xuyên",
        "tốt",
        "tăng cường",
        "tiếp tục",
        "chịu trách nhiệm",
        "thực hiện",
        "phải",
        "cần",
    )
)
"""Words that may stand between a subject and its verb, or between a verb and its object."""

INSERTED = frozenset(("trong", "theo", "trên", "tùy", "ngoài", "khi", "qua", "thông", "đối"))
"""Small words that open a clause between the subject and its verb: "UBND xã trong phạm vi … có trách nhiệm"."""

NOT_VERBS = frozenset(
    ("của", "tại", "thuộc", "về", "ở", "bằng", "với", "như", "gồm", "nêu", "này", "đó", "và", "hoặc", "để")
)
"""Small words that go on with the name, so that no verb follows the body before them."""

_TIMES = """
    ít nhất tối thiểu định kỳ hằng hàng mỗi một hai ba bốn lần tuần tháng quý năm ngày giờ đợt kỳ dịp trong trước sau
    đến hết từ vào cuối đầu giữa chậm nhất là cả này nay sáng chiều thứ và khi có i ii iii iv v / - – ( ) học khoảng
    thời gian
"""
TIME_WORDS = frozenset(_TIMES.split())
"""Words of a time before the subject: "Ít nhất 1 lần/tuần Đảng ủy, UBND xã cử …"."""
