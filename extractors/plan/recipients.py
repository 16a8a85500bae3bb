"""The end of a document: Nơi nhận and the signature, also where the two columns were read into one another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from extractors.plan.sheet import Seen, join_lines
from normalizers.fold import LOWER, UPPER, fold

RECIPIENTS = re.compile(r"\W*n[o0]i\s?nh[ao]n\b\s*[:;.]?")  # "Nơi nhận:", "Noi nhan"
_OFFICES = (
    "(?:pho |quyen )?(?:chu tich|bi thu|giam doc|tong giam doc|truong phong|hieu truong|truong ban|vien truong|"
    "cuc truong|chi cuc truong|tong cuc truong|chanh van phong|chanh thanh tra|chanh an|bo truong|thu truong|"
    "thu tuong|thu ky|truong cong an|chi huy truong|chinh uy|chu nhiem|truong thon|truong doan|tong thanh tra|"
    "thong doc|vu truong|pho truong (?:ban|phong|doan)|to truong)"
)
# "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "T/M BAN THƯỜNG VỤ", "TUQ.", "Q. GIÁM ĐỐC"; party documents set no full stop
_MARK = r"t\s?[./]?\s?m|k\s?[./]?\s?t|t\s?[./]?\s?l|t\s?[./]?\s?u\s?[./]?\s?q|q"
_ON_BEHALF = rf"(?:(?:{_MARK})\s?[.,]\s?|(?:t/m|k/t|t/l)\s)(?=[a-z]{{2}})|(?:thay mat|thua lenh) "
_SIGNATURE = re.compile(rf"(?:{_ON_BEHALF}).{{3,70}}\Z|{_OFFICES}\b.{{0,45}}\Z")
# the same at the end of a line of the other column: "- TT. Đảng ủy, HĐND; CHỦ TỊCH"
_BESIDE = re.compile(rf"(?<=[\s;.:,])(?:{_ON_BEHALF}|{_OFFICES}\b)")
# the begin of a body or office that goes on in the next line ("TM. ỦY BAN NHÂN" / "DÂN")
_UNFINISHED = re.compile(
    r"\b(?:uy ban|nhan|hoi dong(?: nhan)?|ban(?: thuong| chap)?|pho|chu|giam|truong|van|chanh)\Z"
)
# the printed mark of a digital signature
_STAMPED = re.compile(r"(?:ky boi|nguoi ky|gio ky|thoi gian ky|ngay ky|co quan\s*:|email\s*:|chu ky so)")
_OFFICE = re.compile(rf"(?<![a-z]){_OFFICES}\b")
_ACTING = re.compile(rf"({_MARK})(?:\s?[.,]\s?|\s(?=[a-z]{{3}}))")
_SYLLABLE = rf"[{UPPER}][{LOWER}]*"
_RANKS = r"(?:(?:TS|ThS|PGS|GS|BS|CN|KS)\.?\s?|(?:Đại|Thượng|Trung|Thiếu) (?:tướng|tá|úy)\s)*"
_NAME = re.compile(rf"{_RANKS}(?P<name>{_SYLLABLE}(?:\s{_SYLLABLE}){{1,5}})\Z")
# "- UBND các xã; Nguyễn Văn Tùng": the name was read into the line of the other column
_NAME_BESIDE = re.compile(rf"(?<=[;.,])\s+{_RANKS}(?P<name>{_SYLLABLE}(?:\s{_SYLLABLE}){{1,4}})\Z")
_ENTRY = re.compile(r"\s*[-–—+•*]\s*")
_LABEL = re.compile(r"[^;,]{3,40}:\Z")
_KEPT = re.compile(r"luu\b")
_SIGNED = re.compile(r"\(?(?:da ky|ky(?: ten)?(?:,| va) (?:dong )?dau|ky ten|dau ky)\)?")
# What a form asks for behind the office: "HIỆU TRƯỞNG (Ký tên, đóng dấu)".
_TO_SIGN = re.compile(r"\s*\((?:đã )?ký\b[^()]*\)", re.IGNORECASE)
# Names that keep their capitals inside of an office: "Trưởng Công an xã".
_NAMES_INSIDE = re.compile(r"\b(?:công an|ubnd|hđnd|mttq)\b")
# words with which no person's name begins; marks kept, because Trương and Đoàn are family names
_ORGANS = re.compile(
    r"(?:bộ|ban|ủy|uỷ|phòng|sở|trường|cộng hòa|cộng hoà|độc lập|ubnd|hđnd|hội đồng|công an|văn phòng|tỉnh|huyện|xã|"
    r"phường|các|cục|chi cục|danh sách|phụ lục|kế hoạch|biểu|mẫu|nơi|trung tâm|đảng|thường trực)\b"
)


class Place(Enum):
    """What a line of the end is."""

    HEAD = auto()
    ENTRY = auto()
    MORE = auto()
    OFFICE = auto()
    NAME = auto()
    STAMP = auto()
    OTHER = auto()


# Surnames whose letters without marks are no surname themselves and can stand for one only.
_SURNAMES = {
    fold(name).capitalize(): name
    for name in (
        "Nguyễn",
        "Trần",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Đặng",
        "Bùi",
        "Đỗ",
        "Hồ",
        "Dương",
        "Đào",
        "Trịnh",
        "Lưu",
    )
}


@dataclass(frozen=True, slots=True)
class Ending:
    """What the end of a document says: recipients in order, who signed and as what (None where unsaid)."""

    recipients: tuple[str, ...] = ()
    signer: str | None = None
    signer_title: str | None = None
    body: str | None = None
    """The body in whose name it was signed, as written ("ỦY BAN NHÂN DÂN")."""


def is_signature(seen: Seen) -> bool:
    """Whether the line is an office in capitals or "TM. …", as above a signature."""
    return seen.upper and bool(_SIGNATURE.match(seen.fold))


def is_recipients(seen: Seen) -> bool:
    """Whether the line opens the list of recipients."""
    found = RECIPIENTS.match(seen.fold)
    return bool(found and seen.text[:12].strip(" *_-")[:1] in "NnÑ")


def person(text: str) -> str | None:
    """The name of a person, if the line is nothing else.

    >>> person("Nguyễn Thị Thu Hương")
    'Nguyễn Thị Thu Hương'
    >>> person("PHẠM VĂN TÂN")
    'Phạm Văn Tân'
    >>> person("Sở Nội vụ")
    """
    text = text.strip(" .*_|")
    if text.isupper():
        text = "" if _SIGNATURE.match(fold(text)) else text.title()
    found = _NAME.match(text)
    if not found or _OFFICE.search(fold(text)) or len(text) > 40:
        return None
    name = found["name"]
    return None if _ORGANS.match(name.lower()) else marked_surname(name)


def marked_surname(name: str) -> str:
    """The name with the marks of its surname, where OCR lost them and only one surname can be meant.

    >>> marked_surname("Pham Văn Tân"), marked_surname("Vu Thị Hoa")
    ('Phạm Văn Tân', 'Vu Thị Hoa')
    """
    first, _, rest = name.partition(" ")
    return f"{_SURNAMES.get(first, first)} {rest}" if rest else name


def place_of(seen: Seen) -> Place:
    """What the line is among recipients and signature."""
    if is_recipients(seen):
        return Place.HEAD
    if is_signature(seen) or _SIGNED.match(seen.fold):
        return Place.OFFICE
    if _ENTRY.match(seen.text):
        return Place.ENTRY
    if _STAMPED.match(seen.fold):
        return Place.STAMP
    if person(seen.text):
        return Place.NAME
    return Place.MORE if len(seen.text) < 90 else Place.OTHER


def places(lines: Iterable[Seen]) -> list[Place]:
    """What each line of the end is, seen in order: an office may go on in the next line."""
    found: list[Place] = []
    before: Seen | None = None
    for seen in lines:
        place = place_of(seen)
        goes_on = before is not None and found[-1] is Place.OFFICE and _UNFINISHED.search(before.fold)
        if goes_on and seen.upper and place in (Place.MORE, Place.NAME):
            place = Place.OFFICE
        found.append(place)
        before = seen
    return found


def read_ending(lines: Sequence[Seen]) -> Ending:
    """The recipients and the signature out of the lines of both parts, in reading order."""
    entries: list[str] = []
    offices: list[str] = []
    names: list[str] = []
    begun = False
    for seen, place in zip(lines, places(lines), strict=True):
        if place is Place.OFFICE:
            goes_on = offices and _UNFINISHED.search(fold(offices[-1]))
            offices[-1:] = [f"{offices[-1]} {seen.text}"] if goes_on else [*offices[-1:], seen.text]
        elif place is Place.NAME:
            names.append(person(seen.text) or "")
        else:
            begun = begun or place is Place.HEAD
            text, beside, name = _split_columns(seen.text)
            offices += [beside] if beside else []
            names += [name] if name else []
            _add_entry(entries, text, place, begun)
    recipients = tuple(entry for entry in map(_clean, entries) if entry)
    signer = names[-1] if names else None
    return Ending(recipients, signer, office_title(offices), _acted_for(offices))


def _split_columns(text: str) -> tuple[str, str, str | None]:
    """The words of the recipients' column, the office in capitals that was read into it, and the name behind that."""
    for found in _BESIDE.finditer(fold(text)):
        words = text[found.start() :].split()
        capitals = next((at for at, word in enumerate(words) if not word.isupper()), len(words))
        rest = " ".join(words[capitals:])
        if capitals and (capitals > 1 or "." in words[0]) and (not rest or person(rest)):
            return text[: found.start()].strip(), " ".join(words[:capitals]), person(rest)
    beside = _NAME_BESIDE.search(text)
    name = person(beside["name"]) if beside else None
    return (text[: beside.start("name")].strip(), "", name) if beside and name else (text, "", None)


def _add_entry(entries: list[str], text: str, place: Place, begun: bool) -> None:
    """Add what a line of the recipients' column says: a new entry, several, or the rest of the last one."""
    head = RECIPIENTS.match(fold(text)) if place is Place.HEAD else None
    text = text[head.end() :].strip(" *_") if head else text
    is_label = place is not Place.ENTRY and _LABEL.match(text)
    if not text or not begun or is_label or place in (Place.STAMP, Place.OTHER):
        return
    parts = [part for part in re.split(r"(?:(?<=;)|(?<=\A))\s*[-–]\s+|;\s+(?=[-–])", text) if part.strip()]
    if place is Place.MORE and entries:
        if not entries[-1].rstrip().endswith((";", ".")):
            entries[-1] = join_lines([entries[-1], *parts])
        elif not _KEPT.match(fold(_clean(entries[-1]))):
            entries += parts
        return
    entries += parts


def _clean(entry: str) -> str:
    entry = _ENTRY.sub("", entry.strip(), count=1) if _ENTRY.match(entry) else entry
    return entry.strip().rstrip(";,.:").strip(" *_")


def _acted_for(offices: list[str]) -> str | None:
    for office in offices:
        found = re.match(r"t\s?[./]?\s?m\s?[.,]\s?", fold(office))
        if found:
            return office[found.end() :].strip()
    return None


def office_title(offices: list[str]) -> str | None:
    """The signer's own office in sentence case, out of the lines above the name.

    >>> office_title(["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"])
    'Phó Chủ tịch'
    >>> office_title(["KT.TRƯỞNG PHÒNG"])
    'KT. Trưởng phòng'
    >>> office_title(["TRƯỞNG CÔNG AN XÃ"])
    'Trưởng Công an xã'
    """
    offices = [part for line in offices for part in _single(line)]
    own = [office for office in offices if not _ACTING.match(fold(office)) and _OFFICE.search(fold(office))]
    if own:
        return _office_case(own[-1])
    for office in reversed(offices):
        acting = _ACTING.match(fold(office))
        if acting and _OFFICE.match(fold(office[acting.end() :])):
            mark = re.sub(r"[\s./]", "", acting.group(1)).upper()
            return f"{mark}. {_office_case(office[acting.end() :])}"
    return None


def _single(line: str) -> list[str]:
    """The offices of a line that holds two ("KT. CHỦ TỊCH PHÓ CHỦ TỊCH")."""
    starts = [found.start() for found in re.finditer(rf"(?:{_ON_BEHALF})?{_OFFICES}", fold(line))]
    if not starts:
        return [line]
    return [line[low:high].strip() for low, high in zip(starts, [*starts[1:], len(line)], strict=True)]


def _office_case(office: str) -> str:
    office = _NAMES_INSIDE.sub(_spelled, _TO_SIGN.sub("", office).strip(" *.").lower())
    for first in ("phó ", "quyền "):
        if office.startswith(first):
            return first.capitalize() + _begun(office[len(first) :])
    return _begun(office)


def _spelled(name: re.Match[str]) -> str:
    return name[0].capitalize() if " " in name[0] else name[0].upper()


def _begun(office: str) -> str:
    return office[:1].upper() + office[1:]
