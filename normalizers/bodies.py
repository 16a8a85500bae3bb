"""Names of bodies: one comparable form, and lists split where each side stands alone as a body."""

from __future__ import annotations

import re

from normalizers.body_grammar import ABSTRACT, SEPARATORS, Grammar, Reading
from normalizers.body_lexicon import Words
from normalizers.fold import search_key
from normalizers.unicode import nfc, tone_marks

ABBREVIATIONS = {
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "ubmttqvn": "ủy ban mặt trận tổ quốc việt nam",
    "ubmttq": "ủy ban mặt trận tổ quốc",
    "mttqvn": "mặt trận tổ quốc việt nam",
    "mttq": "mặt trận tổ quốc",
    "tthc": "thủ tục hành chính",
    "pvhcc": "phục vụ hành chính công",
    "vp": "văn phòng",
    "ct": "chủ tịch",
    "pct": "phó chủ tịch",
    "tp": "thành phố",
}
_TYPED = {search_key(short): full for short, full in ABBREVIATIONS.items()}
_SAME = (
    ("hội đồng nhân dân ủy ban nhân dân", "hội đồng nhân dân và ủy ban nhân dân"),
    ("mặt trận tổ quốc việt nam", "mặt trận tổ quốc"),
    ("gd và đt", "giáo dục và đào tạo"),
    ("gdđt", "giáo dục và đào tạo"),
    ("tt phục vụ hành chính công", "trung tâm phục vụ hành chính công"),
    ("có liên quan", "liên quan"),
)
_QUANTIFIERS = ("các", "những", "mỗi", "từng", "mọi", "toàn thể", "tất cả", "100", "đội ngũ")
_LEVELS = ("thị xã", "thị trấn", "xã", "phường", "đặc khu", "thành phố", "tỉnh", "huyện", "quận")
_COMMUNE = r"(?:xã|phường|đặc khu|thị trấn)"
_COMMUNES = re.compile(rf"\b{_COMMUNE}(?: (?:và )?{_COMMUNE})+\b")  # "xã phường và đặc khu"
_INNER_PLURAL = re.compile(r"(?<=\w) các (?=\w)")
_ANY_RELATED = re.compile(r"^(cơ quan đơn vị|cơ quan|đơn vị) liên quan$")
_WORD = re.compile(r"\w+")
_LINES = re.compile(r"\s*[\n|]\s*|\s*;\s*\n?\s*")
_BULLET = re.compile(r"^(?:[-–—+•*]|\(?\d{1,2}[.)]|[a-zđ]\))\s*")
# What may stand behind a body in a list and is no part of it: "(cơ quan chủ trì)", "trong phạm vi …", "thực hiện".
_NOT_PART = re.compile(
    r"\s*(?:\([^()]*\)|(?:trong|theo|để|nhằm|căn cứ|chủ trì|phối hợp|thực hiện|tham mưu|triển khai|tổ chức"
    r"|có trách nhiệm)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_HALVES = SEPARATORS - {";"} | {"-", "các", "của", "thuộc", "cấp", "với", "trực"}
_ENDS = " \t\r\n.,;:/"


def body_key(name: str, issuer: str = "") -> str:
    """The comparable form of a body's name: abbreviations spelled out, quantifiers and the issuer's place dropped.

    >>> body_key("Các Phòng Văn hoá – Xã hội xã", "Ủy ban nhân dân xã Hồng Châu")
    'phòng văn hóa xã hội'
    >>> body_key("UBND&HĐND phường"), body_key("UBND cấp xã", "Ủy ban nhân dân xã Hồng Châu")
    ('ủy ban nhân dân và hội đồng nhân dân phường', 'ủy ban nhân dân cấp xã')
    """
    spoken = [ABBREVIATIONS.get(word, word) for word in _WORD.findall(_plain(name).replace("&", " và "))]
    key = " ".join(spoken)
    for written, meant in _SAME:
        key = key.replace(written, meant)
    key = _COMMUNES.sub(_sorted_communes, _INNER_PLURAL.sub(" ", key))
    while dropped := next((word for word in _QUANTIFIERS if key.startswith(word + " ")), None):
        key = key[len(dropped) :].strip()
    key = _ANY_RELATED.sub("cơ quan đơn vị liên quan", key)
    return _without_issuer(key, " ".join(_WORD.findall(_plain(issuer)))).removesuffix(" của")


def asked_key(written: str) -> str:
    """The folded words by which somebody looks for a body: abbreviations are known without their marks too.

    >>> asked_key("van phong hdnd va ubnd") == asked_key("VP HĐND và UBND")
    True
    """
    spelled = " ".join(_TYPED.get(search_key(word), word) for word in written.split())
    return search_key(body_key(spelled))


def _plain(text: str) -> str:
    return " ".join(tone_marks(nfc(text)).casefold().split())


def _sorted_communes(found: re.Match[str]) -> str:
    return " ".join(sorted(found.group().replace("đặc khu", "đặc_khu").split()))


def _without_issuer(key: str, issuer: str) -> str:
    level = next((level for level in _LEVELS if f" {level} " in f" {issuer} "), None)
    if not level:
        return key
    own = issuer.split(f" {level} ", 1)[-1].strip()
    for tail in (f" {level} {own}", f" {level}"):
        if key.endswith(tail) and not key.endswith("cấp" + tail):
            key = key[: -len(tail)].strip()
            break
    if key in (level, f"{level} {own}", "địa phương", "chính quyền"):
        return issuer.split(f" {level} ", 1)[0].strip()
    return key


def is_body(text: str) -> bool:
    """Whether the whole text is the name of one body or a list of bodies.

    >>> is_body("Văn phòng HĐND và UBND xã"), is_body("Phòng, chống tham nhũng")
    (True, False)
    """
    words = Words.of(text.strip(_ENDS))
    found = Grammar(words).bodies(0)
    return bool(found) and found[-1].end == len(words) and any(body.kind != ABSTRACT for body in found)


def split_bodies(text: str) -> tuple[str, ...]:
    """The bodies of a list, split only where each side stands alone; what is no known body stays one name.

    >>> split_bodies("Văn phòng HĐND và UBND xã; các sở, ban, ngành và UBND cấp huyện.")
    ('Văn phòng HĐND và UBND xã', 'các sở, ban, ngành', 'UBND cấp huyện')
    >>> split_bodies("Đảng ủy, UBND xã thực hiện")
    ('Đảng ủy', 'UBND xã')
    """
    found: list[str] = []
    for line in body_lines(text):
        found.extend(_split_line(line))
    return tuple(dict.fromkeys(found))


def body_lines(text: str) -> tuple[str, ...]:
    """The lines of a list of bodies without their bullets, lines joined that break in the middle of a name.

    >>> body_lines("Sở Khoa học\\nvà Công nghệ\\nUBND xã")
    ('Sở Khoa học và Công nghệ', 'UBND xã')
    """
    found: list[str] = []
    for written in _LINES.split(nfc(text)):
        line = _BULLET.sub("", written.strip())
        if found and line and line == written.strip() and _goes_on(found[-1], line):
            found[-1] = f"{found[-1]} {line}"
        elif line:
            found.append(line)
    return tuple(found)


def _goes_on(before: str, line: str) -> bool:
    """Whether a line of a cell goes on with the name that the line before began."""
    last = Words.of(before)
    if last.at(len(last) - 1) in _HALVES or Grammar(last).unnamed():
        return True
    first = Grammar(Words.of(line)).body(0)
    return first is None or first.kind == ABSTRACT


def _split_line(line: str) -> list[str]:
    words = Words.of(line.strip(_ENDS))
    grammar = Grammar(words)
    names: list[str] = []
    at = 0
    while at < len(words):
        bodies = grammar.bodies(at)
        end = _end_of_piece(grammar, bodies[-1].end if bodies else at)
        names.extend(body.name(words) for body in bodies[:-1])
        names.append(_last_name(grammar, bodies[-1] if bodies else None, at, end))
        at = end
        while words.at(at) in SEPARATORS:
            at += 1
    return [name for name in names if name]


def _end_of_piece(grammar: Grammar, i: int) -> int:
    """The word where the next body of the list begins its separator, or the end of the line."""
    words = grammar.words
    depth = 0
    for j in range(i, len(words)):
        depth += (words.at(j) == "(") - (words.at(j) == ")")
        after = grammar.separated(j) if depth <= 0 else None
        if after is not None and grammar.body(after) is not None:
            return j
    return len(words)


def _last_name(grammar: Grammar, body: Reading | None, at: int, end: int) -> str:
    """The name of the piece `at` to `end`: the body that was read in it, or all its words."""
    words = grammar.words
    if body is None:
        return _NOT_PART.sub("", words.span(at, end)).strip(_ENDS)
    rest = words.span(body.end, end)
    if not rest or _NOT_PART.match(" " + rest) or grammar.verb(body.end):
        return body.name(words)
    between = ", " if rest.startswith(",") else " "  # "Tổ dân phố số 1, 2, 3"
    return body.name(words) + between + _NOT_PART.sub("", rest).strip(_ENDS)
