"""Unmarked paragraphs that number themselves by a word: "Nhiệm vụ 1: …", "Hoạt động 2. …", "Bước 3 (…): …"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from normalizers.fold import fold

# The words by which plans count their parts; the number is followed by a sign, or by nothing.
_LABEL = re.compile(
    r"^(?P<word>nhiem vu|nhom nhiem vu|noi dung|hoat dong|giai phap|nhom giai phap|buoc|giai doan|dot|muc tieu"
    r"|chuyen de|du an|tieu du an|cau phan)\s+(?P<number>\d{1,2}|[ivx]{1,5})\s*(?:[:.(]|$)"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


def labelled(texts: Sequence[str]) -> frozenset[int]:
    """The places of the texts that count on by the same word from 1 ("Nhiệm vụ 1: …", "Nhiệm vụ 2: …").

    One alone counts nothing, and names no part.

    >>> sorted(labelled(["Nhiệm vụ 1: Hạ tầng số", "Lắp đặt mạng.", "Nhiệm vụ 2: Tập huấn"]))
    [0, 2]
    >>> labelled(["Giai đoạn 1 đã hoàn thành.", "Bước 1: Khảo sát"])
    frozenset()
    """
    places: dict[str, list[int]] = defaultdict(list)
    counted: dict[str, int] = defaultdict(int)
    for place, text in enumerate(texts):
        said = _LABEL.match(fold(text))
        if said is None:
            continue
        number = _number(said["number"])
        if number in (1, counted[said["word"]] + 1):
            counted[said["word"]] = number
            places[said["word"]].append(place)
    return frozenset(place for found in places.values() if len(found) > 1 for place in found)


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    values = [_ROMAN[letter] for letter in written]
    return sum(
        -value if any(later > value for later in values[place + 1 :]) else value for place, value in enumerate(values)
    )
