"""The labels of assigning items, in one table: "Cơ quan chủ trì", "Thời gian hoàn thành", "Sản phẩm"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalizers.unicode import tone_marks
from schemas.facts import AssignmentKind


@dataclass(frozen=True, slots=True)
class Label:
    """What a label fills in.

    `joins`: its bodies take part; `expressly`: it says *chủ trì*. `needs_bodies`: the words are a label only where
    bodies follow ("Kiểm tra: …"); `needs_colon`: alone on a line they are a label only with a colon.
    """

    pattern: re.Pattern[str]
    kind: AssignmentKind
    example: str
    joins: bool = False
    expressly: bool = False
    needs_bodies: bool = False
    needs_colon: bool = False


_WHO_WORD = (
    r"(?:cơ quan|đơn vị|bộ phận|phòng|ban|ngành|người|cán bộ|công chức|cá nhân|tổ chức|lực lượng|tổ"
    r"|cấp|chủ thể|đầu mối|lãnh đạo)"
)
_WHO = (
    rf"(?!tổ chức (?:thực hiện|triển khai))(?:các )?{_WHO_WORD}(?:(?:,| và|/|, và) (?:các )?{_WHO_WORD})*"
    r"(?: được giao| có trách nhiệm| chịu trách nhiệm)?"
)
_ACT = (
    r"(?:thực hiện|triển khai|tham mưu|tổ chức|chịu trách nhiệm|phụ trách|đầu mối|thường trực|soạn thảo|xây dựng"
    r"|tổng hợp|trình|chuẩn bị|báo cáo|chính)"
)
_MORE = rf"(?:(?:,| và|/)? ?(?:{_ACT}|chủ trì|phối hợp|theo dõi))*"
_WORDS = r"(?:[ ,/]+[\w-]+){0,7}"

LABELS: tuple[Label, ...] = (
    Label(
        re.compile(rf"(?:{_WHO} )?(?:đồng )?chủ trì{_MORE}"),
        AssignmentKind.ACTORS,
        "Cơ quan chủ trì tham mưu",
        expressly=True,
        needs_colon=True,
    ),
    Label(
        re.compile(rf"(?:{_WHO} )(?:cùng )?phối(?: kết)? hợp{_MORE}"),
        AssignmentKind.ACTORS,
        "Cơ quan phối hợp tham mưu",
        joins=True,
    ),
    Label(
        re.compile(r"(?:đề nghị |mời |cùng )?phối(?: kết)? hợp(?: (?:thực hiện|với))?"),
        AssignmentKind.ACTORS,
        "Phối hợp",
        joins=True,
        needs_colon=True,
    ),
    Label(re.compile(rf"{_WHO} {_ACT}{_MORE}"), AssignmentKind.ACTORS, "Cơ quan thực hiện, phối hợp thực hiện"),
    Label(
        re.compile(
            rf"(?:phân công|giao|trách nhiệm|tổ chức|đơn vị|thực hiện|triển khai)"
            rf"(?: (?:nhiệm vụ|trách nhiệm|cho|{_ACT}))*|phụ trách(?: chính| chung| thực hiện)?|{_WHO}"
        ),
        AssignmentKind.ACTORS,
        "Phân công thực hiện",
        needs_bodies=True,
        needs_colon=True,
    ),
    Label(
        re.compile(
            r"(?:dự kiến )?(?:thời gian|thời hạn|thời điểm|tiến độ|hạn|hoàn thành)"
            r"(?:(?:,| và)? (?:thực hiện|hoàn thành|triển khai|tổ chức|kiểm tra|dự kiến|trình|báo cáo|ban hành|xong"
            r"|công việc|nhiệm vụ|bắt đầu|kết thúc|áp dụng|gửi|đào tạo|nộp|tiến độ|thời hạn|thời gian|và|, ))*"
            + _WORDS
        ),
        AssignmentKind.TIME,
        "Thời gian hoàn thành",
        needs_colon=False,
    ),
    Label(
        re.compile(
            r"(?:(?:yêu cầu|dự kiến) )?(?:sản phẩm|kết quả|đầu ra)"
            r"(?:(?:,| và|/)? ?(?:sản phẩm|kết quả|đầu ra|dự kiến|cụ thể|thực hiện|hoàn thành|cần đạt|đạt được"
            r"|chính))*"
        ),
        AssignmentKind.DELIVERABLE,
        "Sản phẩm đầu ra",
        needs_colon=True,
    ),
    Label(
        re.compile(
            rf"(?:{_WHO} )?(?:chỉ đạo|theo dõi|kiểm tra|giám sát|đôn đốc)"
            r"(?:(?:,| và) (?:theo dõi|kiểm tra|giám sát|đôn đốc|đánh giá|tổng hợp))*"
        ),
        AssignmentKind.MONITORING,
        "Theo dõi, kiểm tra, đôn đốc",
        needs_bodies=True,
        needs_colon=True,
    ),
    Label(
        re.compile(
            r"(?:thành phần|(?:lực lượng|đối tượng|đại biểu)(?= tham (?:gia|dự))|số lượng|địa điểm(?: [\w-]+){0,3}"
            r"|(?:cơ quan |đơn vị |nơi )?(?:tiếp )?nhận báo cáo)"
            r"(?:(?:,| và)? (?:đoàn|tổ công tác|tham dự|tham gia|dự|mời|thực hiện|tổ chức|địa điểm|thành phần"
            r"|kiểm tra|họp|hội nghị|gồm|dự kiến|số lượng))*"
        ),
        AssignmentKind.UNSCORED,
        "Thành phần",
    ),
)

_SPACES = re.compile(r"\s+")
_NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)*|[a-zđ])[.)]\s*")
_LONGEST = 90


def label_of(words: str) -> Label | None:
    """The label that these words are, whole; None where they are none.

    >>> label_of("Cơ quan chủ trì tham mưu").expressly
    True
    >>> label_of("Nội dung thực hiện") is None
    True
    """
    said = _SPACES.sub(" ", tone_marks(words).lower()).strip(" *_.:-–+")
    if not said or len(said) > _LONGEST:
        return None
    said = _NUMBERED.sub("", said)
    return next((label for label in LABELS if label.pattern.fullmatch(said)), None)
