"""What a repair shows of itself: each word with its source, its rivals and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from schemas.restored import Damage
from schemas.source import Edit


class Reason(StrEnum):
    """Why a word is as it is; the value is shown to staff."""

    KEPT = "giữ nguyên"
    PROTECTED = "được bảo vệ"
    MARKS = "thêm dấu"
    NOISE = "sửa lỗi nhận dạng"
    SPLIT = "tách chữ dính"
    MERGED = "ghép chữ rời"
    DIGIT = "chữ số đọc thành chữ"
    NAME = "tên địa phương trong danh mục"
    LIST = "chữ viết tắt trong danh mục"
    MARKER = "sửa ký hiệu đầu dòng"
    GLYPH = "sửa mã ký tự"
    UNICODE = "chuẩn hóa Unicode"
    LEGACY = "chuyển bảng mã cũ"


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """One word: `source` is `text[start:end]` of line `line` as given, `chosen` what it became.

    `rivals` are other readings with their posteriors, best first; `posterior` is that of the chosen one, 0–1.
    """

    line: int
    start: int
    end: int
    source: str
    chosen: str
    posterior: float
    reason: Reason
    rivals: tuple[tuple[str, float], ...] = ()
    protected: bool = False

    @property
    def changed(self) -> bool:
        """Whether the word differs from its source."""
        return self.source != self.chosen


@dataclass(frozen=True, slots=True)
class Restoration:
    """A restored text: its lines, the edits of each line (offsets in the source line) and every word's evidence."""

    source: str
    text: str
    damage: Damage
    words: tuple[WordEvidence, ...]
    edits: tuple[tuple[Edit, ...], ...]


def replayed(source: str, edits: Sequence[Edit]) -> str:
    """The source with its edits carried out; edits are in order and do not overlap.

    >>> replayed("Uy ban", [Edit(0, 2, "Uy", "Ủy", "thêm dấu")])
    'Ủy ban'
    """
    parts, place = [], 0
    for edit in edits:
        if source[edit.start : edit.end] != edit.before:
            raise ValueError(f"edit does not fit its source at {edit.start}: {edit.before!r}")
        parts += [source[place : edit.start], edit.after]
        place = edit.end
    return "".join([*parts, source[place:]])


def doubtful(restoration: Restoration, threshold: float = 0.9) -> tuple[WordEvidence, ...]:
    """The words whose posterior lies below the threshold, in reading order."""
    return tuple(word for word in restoration.words if word.posterior < threshold and not word.protected)
