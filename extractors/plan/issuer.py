"""The issuing body spelled out: from the letterhead's capitals, else from the sentence that leads in the plan."""

from __future__ import annotations

import re
from functools import lru_cache

from normalizers.fold import fold
from normalizers.places import LEVELS, Gazetteer
from normalizers.unicode import tone_marks
from schemas.plan import Level

_SPELLED = (
    (re.compile(r"\s*&\s*(?=\w)"), " và "),
    (re.compile(r"\bUBND\b"), "Ủy ban nhân dân"),
    (re.compile(r"\bHĐND\b"), "Hội đồng nhân dân"),
    (re.compile(r"\bUBMTTQ\s?VN\b"), "Ủy ban MTTQ Việt Nam"),
    (re.compile(r"\bUBMTTQ\b"), "Ủy ban MTTQ"),
    (re.compile(r"\bMTTQ\s?VN\b"), "MTTQ Việt Nam"),
    (re.compile(r"\bBTV\b"), "Ban Thường vụ"),
    (re.compile(r"\bBCH\b(?! (?:PCTT|QUÂN|Quân|PHÒNG|Phòng|QS))"), "Ban Chấp hành"),
    (re.compile(r"\b(?:GD\s?&\s?ĐT|GDĐT|GD-ĐT)\b"), "Giáo dục và Đào tạo"),
)
"""Abbreviations that an issuer's name is freed of: the one place to add one."""

_FIXED = (
    "Ủy ban nhân dân",
    "Hội đồng",
    "Hội đồng nhân dân",
    "Ủy ban Mặt trận Tổ quốc",
    "Mặt trận Tổ quốc",
    "Ủy ban MTTQ",
    "MTTQ",
    "Việt Nam",
    "Ban Thường trực",
    "Ban Thường vụ",
    "Ban Thường vụ Đoàn",
    "Ban Chấp hành Đoàn",
    "Ban Chấp hành",
    "Ban Chỉ đạo",
    "Ban Chỉ huy",
    "Ban Quản lý",
    "Ban Dân vận",
    "Ban Tuyên giáo",
    "Ủy ban Kiểm tra",
    "Đảng ủy",
    "Đảng bộ",
    "Tỉnh ủy",
    "Thành ủy",
    "Huyện ủy",
    "Quận ủy",
    "Thị ủy",
    "Chi bộ",
    "Thủ tướng Chính phủ",
    "Chính phủ",
    "Hội Liên hiệp Phụ nữ",
    "Hội Cựu chiến binh",
    "Hội Nông dân",
    "Đoàn Thanh niên Cộng sản Hồ Chí Minh",
    "Đoàn TNCS Hồ Chí Minh",
    "Liên đoàn Lao động",
    "Công an",
    "Khu kinh tế",
    "Khu công nghiệp",
    "Tổ công tác",
    "Đề án",
    "Ban Chỉ huy Quân sự",
    "Trung tâm Phục vụ hành chính công",
    "Văn phòng",
    "Trường Trung học phổ thông",
    "Trường Trung học cơ sở",
    "Trường Tiểu học",
    "Trường Mầm non",
    "THPT",
    "THCS",
)
"""Names with capitals of their own, by which text in capitals gets its case back: the one place to add one."""

# a proper name follows: "Trường Tiểu học Nguyễn Du", "Tỉnh ủy Quảng Ninh"
_NAME_FOLLOWS = re.compile(
    r"truong (?:trung hoc pho thong|trung hoc co so|tieu hoc|mam non|mau giao|thpt|thcs|th|mn)\b"
    r"|(?:tinh|thanh|huyen|quan|thi) uy\b"
)
_FIXED_BY_FOLD = {fold(name): name for name in sorted(_FIXED, key=len)}
_FIXED_RE = re.compile("|".join(rf"\b{re.escape(key)}\b" for key in sorted(_FIXED_BY_FOLD, key=len, reverse=True)))
_LEVEL_RE = re.compile(r"\b(" + "|".join(fold(level) for level in LEVELS) + r")\s+(?!nhan dan|hoi\b|uy\b)")
# the first words of a body's name, at which a letterhead's lines are parted into bodies
_BODY_STARTS = re.compile(
    r"(?:ubnd|uy ban|hdnd|hoi dong|ubmttq|btv|bch|mat tran|dang bo|dang uy|tinh uy|thanh uy|huyen uy|quan uy|thi uy|"
    r"chi bo|so|phong|ban|"
    r"truong|bo|van phong|chi cuc|cuc|tong cuc|trung tam|cong an|cong ty|hoi|doan|lien doan|lien minh|benh vien|"
    r"dai hoc|vien|"
    r"thanh tra|thu tuong|tram|bao|dai|toa an|kho bac|ngan hang|bao hiem|cong doan|hat|doi|bcd|kiem toan|"
    r"chinh phu|to (?:cong tac|giup viec|de an|cong nghe))\b(?! hoi)"
)
_TWO_BODIES = re.compile(
    r"(?:ubnd|uy ban nhan dan|dang bo) (?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|dac khu)(?: [a-z]+){1,4}? "
    r"(?P<below>(?:so|phong|truong|dang uy|van phong|trung tam|chi bo|ban (?!thuong)) )"
)
_DEPENDENT = re.compile(
    r"ban (?:thuong truc|thuong vu|chap hanh|chi dao|chi huy(?! quan su)|to chuc|dai dien)\b|thuong truc\b|"
    r"bcd\b|to \w+"
)
# a committee's own body bears the committee's whole name: "Ủy ban Kiểm tra Đảng ủy xã …", "Văn phòng Thành ủy"
_OF_COMMITTEE = re.compile(r"(?:uy ban kiem tra|van phong|ban (?:tuyen giao|dan van|noi chinh|xay dung dang))\b")
_COMMITTEE = re.compile(r"(?:dang|tinh|thanh|huyen|quan|thi) uy\b")
_CENTRAL = re.compile(
    r"(?:thu tuong|chinh phu|bo (?!chi huy)|ban bi thu|bo chinh tri|van phong chinh phu|quoc hoi|uy ban trung uong)"
)
_PARTY_LEVELS = (
    ("tinh uy", Level.TINH),
    ("thanh uy", Level.THANH_PHO),
    ("huyen uy", Level.HUYEN),
    ("quan uy", Level.QUAN),
    ("thi uy", Level.THI_XA),
)
# "UBND phường Bắc Sơn xây dựng …": the body that leads in the plan, at the beginning of its sentence
_LEADS_IN = re.compile(
    r"(?:(?<=[.;:,] )|\A|(?<=\n))(?P<body>(?:ubnd|uy ban|ban thuong truc|ban thuong vu|ban chap hanh|dang uy|"
    r"hdnd|hoi dong nhan dan|"
    r"thuong truc|chi bo|so|phong|ban|truong|cong an|trung tam|hoi|doan|bo|van phong|chi cuc|cuc|"
    r"thu tuong)\b[^.;:,\n]{0,110}?)\s+"
    r"(?:da\s+|tiep tuc\s+)?(?:xay dung|ban hanh|trien khai|to chuc|phat dong|lap|de ra)\b"
)
_FEWEST_WORDS = 3
"""Words of a name whose capitals are looked up in the text: shorter ones have a known spelling."""
_PARENTHESIS = re.compile(r"\s*\([^)]*\)")


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer:
    return Gazetteer.load()


def issuer_of_lines(lines: tuple[str, ...]) -> str | None:
    """The issuer out of a letterhead's lines in capitals, top down, or None if they name no body.

    >>> issuer_of_lines(("UBND HUYỆN HIỆP HÒA", "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO"))
    'Phòng Giáo dục và Đào tạo huyện Hiệp Hòa'
    >>> issuer_of_lines(("ỦY BAN MTTQ VIỆT NAM", "XÃ LƯƠNG MINH", "BAN THƯỜNG TRỰC"))
    'Ban Thường trực Ủy ban MTTQ Việt Nam xã Lương Minh'
    >>> issuer_of_lines(("ĐẢNG ỦY XÃ VĨNH BẢO", "ỦY BAN KIỂM TRA"))
    'Ủy ban Kiểm tra Đảng ủy xã Vĩnh Bảo'
    """
    bodies: list[str] = []
    for line in (part for whole in lines for part in _parted(whole)):
        begins = _BODY_STARTS.match(fold(line))
        dangles = bodies and re.search(r"\b(?:va|uy ban|thu tuong|van phong)\Z|[-,&]\Z", fold(bodies[-1]))
        if begins and not dangles:
            bodies.append(line)
        elif bodies:
            bodies[-1] += " " + line
    if not bodies:
        return None
    named = [spell_out(body) for body in bodies]
    return _under(named[-1], named[-2] if len(named) > 1 else "")


def _parted(line: str) -> list[str]:
    """A line that holds a body with its place and the body below it, as two ("UBND TỈNH PHÚ THỌ SỞ NỘI VỤ")."""
    found = _TWO_BODIES.match(fold(line))
    return [line[: found.start("below")].strip(), line[found.start("below") :]] if found else [line]


def _under(body: str, superior: str) -> str:
    """The body with what its superior adds: the whole name for a dependent body, else the place."""
    if not superior:
        return body
    inside = _OF_COMMITTEE.match(fold(body)) and _COMMITTEE.match(fold(superior))
    if (inside or _DEPENDENT.match(fold(body))) and not level_and_name(body):
        return f"{body} {superior}"
    place = level_and_name(superior)
    if not place or level_and_name(body) or _CENTRAL.match(fold(body)):
        return body
    named = fold(body).endswith(f" {fold(place[0])}")  # "Bệnh viện Đa khoa tỉnh": the level is said, the name is not
    return f"{body} {place[1] if named else ' '.join(place)}"


def spell_out(name: str) -> str:
    """The body's name spelled out, with the case of running text.

    >>> spell_out("UBND PHƯỜNG LÊ CHÂN")
    'Ủy ban nhân dân phường Lê Chân'
    >>> spell_out("SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH TỈNH QUẢNG NINH")
    'Sở Văn hóa, Thể thao và Du lịch tỉnh Quảng Ninh'
    """
    name = " ".join(_PARENTHESIS.sub("", name).split()).strip(" .,;:*")
    capitals = sum(map(str.isupper, name)) > 0.8 * sum(map(str.isalpha, name))
    for pattern, meant in _SPELLED:
        name = pattern.sub(meant.upper() if capitals else meant, name)
    place = level_and_name(name)
    head = name[: -len(" ".join(place))].strip() if place else name
    head = _case_of_body(head) if capitals else _with_fixed(head)
    return " ".join([head, *(_case_of_place(*place) if place else ())]).strip()


def _case_of_body(head: str) -> str:
    """ "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG": a capital for each field of work, else small letters."""
    words = head.lower().split()
    capital_next = 2
    for at, word in enumerate(words):
        if word in ("và", "-", "–", "&"):
            capital_next = 1
        elif capital_next:
            words[at] = word[:1].upper() + word[1:]
            capital_next = 1 if at == 0 and fold(word) in ("so", "phong", "ban", "bo", "cuc", "vien", "hoi") else 0
        if word.endswith(","):
            capital_next = 1
    named = _with_fixed(" ".join(words))
    kind = _NAME_FOLLOWS.match(fold(named))
    return named[: kind.end()] + named[kind.end() :].title() if kind else named


def _with_fixed(text: str) -> str:
    """The text with each fixed name in its own spelling."""
    pieces: list[str] = []
    last = 0
    for found in _FIXED_RE.finditer(fold(text)):
        pieces += [text[last : found.start()], _FIXED_BY_FOLD[found.group()]]
        last = found.end()
    return "".join([*pieces, text[last:]])


def level_and_name(body: str) -> tuple[str, str] | None:
    """The level and name of the place at the end of a body's name as written, or None.

    >>> level_and_name("UBND phường Lê Chân"), level_and_name("Sở Nội vụ")
    (('phường', 'Lê Chân'), None)
    """
    last = None
    for found in _LEVEL_RE.finditer(fold(body)):
        rest = body[found.end() :]
        if not _is_level(body[found.start(1) : found.end(1)]):
            continue
        if rest[:1].isupper() or rest[:1].isdigit():
            last = found
            if not body.isupper():
                continue
            break
    if last is None:
        return None
    return body[last.start() : last.end()].strip(), body[last.end() :].strip(" .,")


def _is_level(written: str) -> bool:
    """Whether words that fold to a level are one, and no "QUẢN" of "BAN QUẢN LÝ" for "quận"; lost marks count."""
    return written.isascii() or tone_marks(written.lower()) in LEVELS


def _case_of_place(level: str, name: str) -> tuple[str, str]:
    """("PHƯỜNG", "LÊ CHÂN") in small letters and with the gazetteer's spelling, where it knows only one."""
    cased = " ".join(word[:1].upper() + word[1:].lower() for word in name.split())
    level = next((known for known in LEVELS if fold(known) == fold(level)), level.lower())
    spellings = {place.name for place in _gazetteer().find(cased) if place.level == level}
    if len(spellings) == 1:
        cased = spellings.pop()
    if level == "thành phố" and fold(cased) == "ho chi minh":
        level = "Thành phố"
    return level, cased


def issuer_leading_in(preamble: str, hints: tuple[str, ...] = ()) -> str | None:
    """The body that "xây dựng/ban hành Kế hoạch" in the preamble; a level without a name is completed by a hint.

    `hints` are texts that may name the place: the title, the place of the date.

    >>> issuer_leading_in("UBND thành phố ban hành Kế hoạch như sau:", ("tại thành phố Hải Phòng",))
    'Ủy ban nhân dân thành phố Hải Phòng'
    """
    sentences = list(_LEADS_IN.finditer(fold(preamble)))
    if not sentences:
        return None
    found = sentences[-1]
    name = spell_out(preamble[found.start("body") : found.end("body")])
    return complete(name, hints)


def complete(name: str, hints: tuple[str, ...]) -> str:
    """The body with the name of its place, where it ends in a bare level and a hint names such a place."""
    bare = re.search(r"\b(" + "|".join(fold(level) for level in LEVELS) + r")\Z", fold(name))
    if not bare:
        return name
    for hint in hints:
        named = re.search(rf"\b{bare.group(1)}\s+(?=\S)", fold(hint))
        if not named:
            continue
        words = []
        for word in hint[named.end() :].split():
            if not (word[:1].isupper() or word in ("-", "–")):
                break
            words.append(word.strip(",.;:"))
            if word[-1:] in ",.;:":
                break
        if words and not hint.isupper():
            return " ".join([name[: bare.start()].strip(), *_case_of_place(bare.group(1), " ".join(words))])
    return name


def as_written_in(issuer: str, text: str) -> str:
    """The issuer with the capitals that running text gives its name, which a letterhead in capitals does not tell.

    A people's committee is written in one way, whatever the text does.

    >>> as_written_in("Trung tâm kiểm soát bệnh tật", "Trung tâm Kiểm soát bệnh tật xây dựng Kế hoạch.")
    'Trung tâm Kiểm soát bệnh tật'
    """
    place = level_and_name(issuer)
    head = issuer[: -len(" ".join(place))].strip() if place else issuer
    if head.startswith("Ủy ban nhân dân") or len(head.split()) < _FEWEST_WORDS:
        return issuer
    for found in re.finditer(rf"\b{re.escape(head)}\b", text, re.IGNORECASE):
        if found[0][:1].isupper() and not found[0].isupper() and sum(map(str.isupper, found[0])) > 1:
            return found[0] + issuer[len(head) :]
    return issuer


def level_of(issuer: str | None) -> str | None:
    """The issuer's level ("phường", "sở", "trung ương"), None where its name does not tell."""
    if not issuer:
        return None
    folded = fold(issuer)
    if folded.startswith("so "):
        return str(Level.SO)
    if _CENTRAL.match(folded):
        return str(Level.TRUNG_UONG)
    for words, governed in _PARTY_LEVELS:
        if words in folded:
            return str(governed)
    place = level_and_name(issuer)
    level = (
        fold(place[0])
        if place
        else next((known for known in map(fold, LEVELS) if folded.endswith(" " + known)), None)
    )
    return next((known for known in LEVELS if fold(known) == level), None)
