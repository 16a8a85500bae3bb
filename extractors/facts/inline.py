"""Assignments inside a row's own words: "… (Công an xã chủ trì)", "Giao Phòng X chủ trì", later orders."""

from __future__ import annotations

import re

from extractors.facts.acting import find_actors
from extractors.facts.assignments import (
    _LEADS,
    _in_brackets,
    _of_label,
    _of_sentence,
    _Segment,
    _segments,
    _unbracketed,
)
from extractors.facts.labels import label_of
from extractors.facts.nlp import item
from normalizers.bodies import is_body, split_bodies
from normalizers.body_grammar import FULL, GENERIC, HEADED, HOLDER
from normalizers.unicode import tidy
from schemas.facts import Actors, Assignment, AssignmentKind

_INNER_BRACKET = re.compile(r"\((?P<inner>[^()]{4,240})\)")  # "… (Công an xã chủ trì)."
# Words behind which a colon opens a list of those concerned, not of those who act: "phối hợp với các đơn vị: …".
_OPENS_LIST = re.compile(
    r"\b(?:gồm|gồm có|với|cho|của|là|như|sau|tại|từ|về|đến|cơ quan|đơn vị|địa phương|ngành|tổ chức|đối tượng"
    r"|thành phần|đại biểu|mời|lãnh đạo|doanh nghiệp|huyện|xã|phường|thôn)\s*$",
    re.IGNORECASE,
)
# The part that the bodies before it have: "Công an xã (chủ trì), Đoàn xã (phối hợp)".
_PART_OF = re.compile(
    r"\s\((?P<part>(?:đơn vị |cơ quan )?(?:chủ trì|chủ trì thực hiện|thực hiện|phối hợp|cùng phối hợp))\)"
)
_OFFICES = frozenset({FULL, HEADED, HOLDER})
_GIVES = re.compile(r"(?:Giao|Phân công)\s+\w")
_ASKS = re.compile(r"(?:(?:Kính )?[Đđ]ề nghị|[Yy]êu cầu)\s+\w")
_CLOSING_LETTERS = 300
"""Letters: who does the work stands in so many last ones."""
# The verb behind who does it: "(Phòng Văn hóa - Xã hội trình)".
_DOES_IT = re.compile(
    r"\s(?:trình|thực hiện|chuẩn bị|tham mưu|phụ trách|tổ chức|đảm nhiệm|chịu trách nhiệm|báo cáo)$"
)
_LONGEST_NAME = 14
"""Words: a body's name has no more."""
_LONGEST_LIST = 40
"""Words: a list of bodies has no more."""
_COMMAS = re.compile(r"[,.;]\s+")
# A last sentence that says only by whom: "… Phòng Tin học thực hiện."
_DONE_BY = re.compile(
    r"[.;]\s+(?P<who>[^.;]{4,160}?)\s+(?:chịu trách nhiệm )?(?:tổ chức |triển khai )?(?:thực hiện|phụ trách)[.]?$"
)
# A last bracket or a last piece behind a dash that may hold only who does it: "… (Văn phòng)", "… - Phòng Tin học".
_APART_LAST = re.compile(r"\s(?:\((?P<inner>[^()]{4,160})\)|[-–—]\s(?P<behind>[^\W\d_][^.;()]{3,120}))[.;]?$")
_SENTENCES = re.compile(r"(?<=[.;)])\s+(?=[(\wĐ])")
# Words with which a mere time may begin: "Hoàn thành trước ngày …", "Bắt đầu từ …", "Trong năm 2026".
_ONLY_TIME = re.compile(
    r"(?:hoàn thành|bắt đầu|kết thúc|dự kiến|thực hiện|triển khai|từ|đến|trong|trước|sau|ngày|tháng|quý|năm|hằng|hàng"
    r"|định kỳ|thường xuyên|đợt|giai đoạn|tuần)\b[^:]{0,60}$",
    re.IGNORECASE,
)


def inline_assignments(text: str) -> tuple[Assignment, ...]:
    """What the words of a row assign behind its act: a bracket at the end, or a labelled sentence.

    >>> inline_assignments("Tổ chức ra quân (Công an xã chủ trì, phối hợp với Đoàn xã).")[0].coordinating
    ('Đoàn xã',)
    >>> inline_assignments("Phát 02 phóng sự. Đơn vị chủ trì: Phòng Văn hóa - Xã hội.")[0].leads
    ('Phòng Văn hóa - Xã hội',)
    >>> inline_assignments("Kiểm tra chợ, nhà trọ (theo kế hoạch riêng).")
    ()
    """
    said = tidy(text)
    found: list[Assignment] = []
    for bracket in _INNER_BRACKET.finditer(said):
        inner = bracket["inner"].strip()
        if bracket.start():
            found += (
                _in_brackets(bracket[0])
                or _actors_only(_segments(inner))
                or next(filter(None, map(_led, inner.split("; "))), ())
            )
    found += _parts_named(said) or _named_last(said) or _named_apart(said) or _closing_words(said)
    sentences = [piece for piece in _SENTENCES.split(said)[1:] if piece.strip()]
    for piece in sentences:
        found += _actors_only(_segments(_unbracketed(piece.strip()))) or _ordered(piece)
    return tuple(found)


def _led(words: str) -> tuple[Assignment, ...]:
    """What words that say "chủ trì" assign, whole: "Công an xã chủ trì, phối hợp với Đoàn xã"."""
    return _of_sentence(words, None) if _LEADS.search(words) else ()


def _parts_named(said: str) -> list[Assignment]:
    """What "…: Công an xã (chủ trì), Đoàn xã, Hội Phụ nữ (phối hợp)." assigns; nothing where nobody leads."""
    leads: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    begin = 0
    for part in _PART_OF.finditer(said):
        names = _offices_ending(said[begin : part.start()])
        begin = part.end()
        if "phối hợp" in part["part"]:
            joins += names
        else:
            leads += names
    return [Assignment(AssignmentKind.ACTORS, leads=leads, coordinating=joins, text=said)] if leads else []


def _offices_ending(words: str) -> tuple[str, ...]:
    """The list of bodies that stands at the very end of the words, as long as it is."""
    read = item(words)
    last = len(read.words)
    for i in range(max(last - _LONGEST_LIST, 0), last):
        bodies = read.grammar.bodies(i)
        if bodies and bodies[-1].end == last:
            return tuple(body.name(read.words) for body in bodies)
    return ()


def _named_last(said: str) -> list[Assignment]:
    """What "Bảo đảm an ninh: Công an xã." assigns: only bodies behind the colon of an act."""
    act, colon, value = said.rpartition(":")
    if not colon or ":" in act or label_of(act) is not None or _OPENS_LIST.search(act):
        return []
    who = value.partition(";")[0].strip(" .")
    read = item(act)
    known = read.grammar.known
    begins = read.grammar.verb(0) or any(
        some.longest(read.words, 0)[0] > 1 for some in (known.predicates, known.domains)
    )
    if not _only_offices(who) or not begins:
        return []
    return [Assignment(AssignmentKind.ACTORS, leads=split_bodies(who), text=who)]


def _only_offices(words: str) -> bool:
    """Whether words are a list of offices and nothing else."""
    named = item(words)
    bodies = named.grammar.bodies(0)
    listed = bool(bodies) and bodies[-1].end == len(named.words) and bodies[0].kind in _OFFICES
    return listed and all(body.kind in _OFFICES or body.kind == GENERIC for body in bodies)


def _named_apart(said: str) -> list[Assignment]:
    """What "Tổ chức hội nghị sơ kết (Văn phòng)." assigns: only bodies apart from an act that names nobody for it.

    A bracket straight behind a body belongs to that body ("gửi Sở Nội vụ (Phòng Cải cách hành chính)").
    """
    apart = _APART_LAST.search(said)
    if not apart or is_body(act := said[: apart.start()]) or find_actors(act).leads:
        return []
    names = _DOES_IT.sub("", (apart["inner"] or apart["behind"]).strip(" .;"))
    before = item(act)
    last = len(before.words)
    ends = (before.grammar.body(i) for i in range(max(last - _LONGEST_NAME, 0), last))
    if not _only_offices(names) or any(body is not None and body.end == last for body in ends):
        return []
    return [Assignment(AssignmentKind.ACTORS, leads=split_bodies(names), text=names)]


def _closing_words(said: str) -> tuple[Assignment, ...]:
    """What a row's last words assign: "…, Phòng Kinh tế chủ trì, Công an xã phối hợp.", "…. Sở Y tế thực hiện."."""
    for comma in _COMMAS.finditer(said, max(len(said) - _CLOSING_LETTERS, 0)):
        tail = said[comma.end() :].removeprefix("do ")
        if made := _led(tail):
            return made
        if tail.startswith("giao ") and (given := _ordered("G" + tail[1:])):
            return tuple(given)
    done = _DONE_BY.search(said)
    names = split_bodies(done["who"]) if done else ()
    if not done or not names or not all(is_body(name) for name in names):
        return ()
    return (Assignment(AssignmentKind.ACTORS, leads=names, text=done["who"]),)


def _ordered(sentence: str) -> list[Assignment]:
    """What a further sentence "Giao Sở Nội vụ …" assigns."""
    if not _GIVES.match(sentence):
        return []
    actors = find_actors(sentence)
    said = Assignment(AssignmentKind.ACTORS, leads=actors.leads, coordinating=actors.coordinating, text=sentence)
    return [said] if actors.leads else []


def later_order(text: str) -> Actors | None:
    """Whom a further sentence asks or tells to act ("… Đề nghị các sở, ngành …"), None where none does.

    >>> later_order("Đây là nhiệm vụ cấp bách. Đề nghị Công an tỉnh khẩn trương thực hiện.").leads
    ('Công an tỉnh',)
    """
    for piece in _SENTENCES.split(tidy(text))[1:]:
        if _ASKS.match(piece) and (actors := find_actors(piece)).leads:
            return actors
    return None


def _actors_only(segments: list[_Segment]) -> list[Assignment]:
    made = [one for segment in segments for one in _of_label(segment)]
    return [one for one in made if one.kind is AssignmentKind.ACTORS and (one.leads or one.coordinating)]


def states_step(text: str) -> bool:
    """Whether a line of a schedule says what is done, not only when.

    >>> states_step("Quý II/2026: Tổ chức tập huấn, ban hành quy chế.")
    True
    >>> states_step("Đợt 1: Từ ngày 05/01/2026 đến ngày 20/02/2026.")
    False
    """
    label, colon, behind = tidy(text).partition(":")
    return any(_begins_with_act(part) for part in ((label, behind) if colon else (label,)))


def _begins_with_act(part: str) -> bool:
    said = part.strip(' “"')
    if not said or label_of(said) is not None or _ONLY_TIME.match(said):
        return False
    read = item(said)
    body = read.grammar.body(0)
    if body is not None and body.end > read.grammar.known.predicates.longest(read.words, 0)[0]:
        return bool(find_actors(said).leads)  # "Chi bộ thôn Đông Hải" begins with no verb "chi"
    return bool(
        read.grammar.verb(0) or read.grammar.known.domains.longest(read.words, 0)[0] or find_actors(said).leads
    )
