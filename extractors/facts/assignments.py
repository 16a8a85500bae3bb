"""Assigning items: "Cơ quan chủ trì: …", "Thời gian hoàn thành: …", "X chủ trì … thực hiện nội dung (1), (2)"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extractors.facts.acting import find_actors
from extractors.facts.cues import TIME_WORDS
from extractors.facts.labels import Label, label_of
from extractors.facts.named_items import NAMED, named_items
from extractors.facts.nlp import item
from normalizers.bodies import body_key, body_lines, is_body, split_bodies
from normalizers.unicode import tidy
from schemas.facts import Actors, Assignment, AssignmentKind

_SEGMENTS = re.compile(
    r"(?<=[.;])\s+|\s*\n\s*|\s+[-–]\s+(?=[A-ZĐÂÊÔƠƯÁÀỦỞỢ][^:]{2,60}:)"
    r"|(?<=,)\s+(?=(?:(?:cơ quan|đơn vị)\s)?phối hợp(?:\sthực hiện)?\s?:)"
)
_BRACKETED = re.compile(r"^\((?P<inner>.+)\)[.;]?$", re.DOTALL)  # "(Cơ quan chủ trì: Sở Nội vụ)"
# "Công an xã chủ trì, |Ban CHQS xã phối hợp."
_CLAUSES = re.compile(
    r"\s*;\s*|(?<=[^\d])\.\s+"
    r"|(?:(?<=chủ trì)|(?<=thực hiện)|(?<=phụ trách)),\s+(?=[A-ZĐ]|các |phòng |ban |đơn vị )"
)
# An order that says only who: "Giao Phòng Nội vụ chủ trì, phối hợp với Công an xã thực hiện."
_TOLD = re.compile(r"^(?:Giao|Phân công)(?: cho| nhiệm vụ cho)?\s+")
# A line that says only when: "Hoàn thành trước ngày 15/5/2026."
_ONLY_WHEN = re.compile(
    r"^(?:hoàn thành|thực hiện xong|thực hiện|xong)\s+(?:xong\s+)?(?:trước|trong|vào|chậm nhất|đến)\s"
    r"(?:(?:hết|ngày|tháng|quý|năm|là|vào|[IV]{1,3}|[\d/.-]+)[\s,.;]*)+$",
    re.IGNORECASE,
)
_PLAN_ITSELF = re.compile(r"\bkế hoạch\b", re.IGNORECASE)
_LEADS = re.compile(r"\bchủ trì\b", re.IGNORECASE)
_JOINS_WORD = r"(?:cùng )?phối(?: kết)? hợp"
_JOINS = re.compile(rf"\b{_JOINS_WORD}\b", re.IGNORECASE)
# "các sở, ngành phối hợp (thực hiện)": words in front of which all bodies join.
_ONLY_JOINS = re.compile(
    rf"(?P<who>.+?)\s+{_JOINS_WORD}(?:\s+(?:tổ chức|triển khai|thực hiện))*[.;]?$", re.IGNORECASE
)
_REFERENCE = re.compile(
    r"^(?:theo|thực hiện theo|như)\b.*\b(?:phân công|quyết định|phụ lục|kế hoạch số|văn bản|công văn)\b"
    r"|^theo (?:bảng|biểu|danh mục)\b",
    re.IGNORECASE,
)  # "Theo phân công tại Quyết định số 12/QĐ-UBND"
_REFERENCE_SENTENCE = re.compile(r"^(?:thực hiện )?theo (?:sự )?phân công (?:tại|của|trong|theo)\b", re.IGNORECASE)
# Words of an assigning sentence that add no act of their own.
_ACT = (
    r"(?:chủ trì|đồng chủ trì|phối hợp|với|thực hiện|triển khai|tổ chức|tham mưu|công khai|chịu trách nhiệm"
    r"|có trách nhiệm|phụ trách|theo dõi|đôn đốc|hoàn thành|đầu mối|là|và|cùng|chính|cơ quan|đơn vị|việc|các|nhiệm vụ"
    r"|nội dung|này|trên|nêu|liên quan|tại|theo|chức năng|được giao|quy định|kế hoạch|của|công tác)"
)
_CITIZENS = r"(?:toàn thể|các tầng lớp|nhân dân|người dân|học sinh|hộ dân|hộ gia đình|quần chúng)"
_ACTS_ONLY = re.compile(rf"^[\s,.;:]*(?:{_ACT}[\s,.;:]+)*$", re.IGNORECASE)
_WITH_CITIZENS = re.compile(rf"\b{_CITIZENS}\b", re.IGNORECASE)
_AND_CITIZENS = re.compile(
    rf"(?:\s*,|\s+và|\s+cùng)\s+{_CITIZENS}(?:\s+{_CITIZENS})*(?=\s*[.;,]|\s*$)", re.IGNORECASE
)
_BEFORE_BODIES = frozenset({"với", "cùng", "hợp", ",", ";", "và", "."})
_NO_OWN_ACT = frozenset({("đề", "nghị"), ("phối", "hợp"), ("chủ", "trì"), ("thực", "hiện"), ("lãnh", "đạo")})
_ROLE_MARK = re.compile(r"\((?P<role>[^()]*(?:chủ trì|phối hợp)[^()]*)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Segment:
    label: Label
    value: str


def parse_assignment(text: str, *, under: Assignment | None = None) -> tuple[Assignment, ...]:
    """What an assigning item fills in, one for each label; () where the item is a task of its own.

    `under` is what the heading of the item assigns ("c) Cơ quan thực hiện:"), so that a bare list of bodies counts.

    >>> [found.coordinating for found in parse_assignment("Chủ trì: Sở Nội vụ. Phối hợp: Công an tỉnh")]
    [(), ('Công an tỉnh',)]
    >>> parse_assignment("Phòng Kinh tế công khai mục (7).")[0].markers
    ('(7)',)
    >>> parse_assignment("UBND xã xây dựng cơ chế tiếp nhận ý kiến.")
    ()
    """
    said = _unbracketed(tidy(text).strip("*_ "))
    if several := _in_brackets(said):
        return several
    segments = _segments(said)
    if segments:
        return tuple(made for segment in segments for made in _of_label(segment))
    if _REFERENCE_SENTENCE.match(said):
        return (Assignment(AssignmentKind.ACTORS, by_reference=True, text=said),)
    if under is not None and under.kind is not AssignmentKind.ACTORS:
        return _under_other(said, under)
    if _ONLY_WHEN.match(said):
        return (Assignment(AssignmentKind.TIME, text=said),)
    return _of_sentence(_TOLD.sub("", _within_brackets(said)), under)


def _in_brackets(said: str) -> tuple[Assignment, ...]:
    """What "(Sở A chủ trì; Sở B phối hợp; thời gian: tháng 3)" assigns; () where a part of it assigns nothing."""
    inner = _BRACKETED.match(said)
    parts = [part.strip() for part in inner["inner"].split(";")] if inner and ";" in inner["inner"] else []
    if len(parts) < 2 or not _LEADS.search(said) or "(" in said[1:]:
        return ()
    under = Assignment(AssignmentKind.ACTORS)
    made = [_only_time(part) or parse_assignment(part, under=under if ":" not in part else None) for part in parts]
    return tuple(one for found in made for one in found) if all(made) else ()


def _only_time(part: str) -> tuple[Assignment, ...]:
    """What a part of a bracket that is only a time assigns: "Quý IV/2025"."""
    words = item(part).words.low
    timed = bool(words) and all(word in TIME_WORDS or word.isdigit() or word in ".,/" for word in words)
    return (Assignment(AssignmentKind.TIME, text=part),) if timed else ()


def _within_brackets(said: str) -> str:
    """The words of a line that stands in brackets as a whole: "(Phòng Nội vụ chủ trì)"."""
    inner = _BRACKETED.match(said)
    return inner["inner"] if inner and "(" not in inner["inner"] else said


def assigning_heading(text: str) -> Assignment | None:
    """What a label without words behind it assigns ("c) Cơ quan thực hiện:"), None for any other text.

    >>> assigning_heading("Cơ quan thực hiện, phối hợp thực hiện").kind.value
    'actors'
    """
    said = tidy(text).strip("*_ ")
    bare = said.rstrip(":. ")
    label = label_of(bare)
    if label is None or ":" in bare or (label.needs_colon and not said.endswith(":")):
        return None
    return Assignment(label.kind, expressly_leads=label.expressly, text="")


def fields_actors(lead_cell: str, coordinating_cell: str = "") -> Actors:
    """The bodies of a table line's two cells; a lead cell may say "Chủ trì: …, Phối hợp: …" itself.

    >>> fields_actors("Chủ trì: Sở Nội vụ\\nPhối hợp: UBND cấp xã", "").coordinating
    ('UBND cấp xã',)
    """
    found = Actors()
    if tidy(lead_cell):
        found = _cell(lead_cell)
    joining = _listed(coordinating_cell) if tidy(coordinating_cell) else ()
    settled = _settled(replace(found, coordinating=(*found.coordinating, *joining)))
    unknown = [name for name in (*settled.leads, *settled.coordinating) if not is_body(name)]
    return replace(settled, doubts=tuple(f"Chưa nhận ra tên cơ quan “{name}”." for name in unknown))


def _cell(text: str) -> Actors:
    segments = _segments(_unbracketed(text.strip()))
    if not segments:
        lines = [_value_actors(line) for line in body_lines(text)]
        return Actors(
            leads=tuple(name for one in lines for name in one.leads),
            coordinating=tuple(name for one in lines for name in one.coordinating),
        )
    made = [assignment for segment in segments for assignment in _of_label(segment)]
    return Actors(
        leads=tuple(name for one in made for name in one.leads),
        coordinating=tuple(name for one in made for name in one.coordinating),
    )


def _unbracketed(text: str) -> str:
    inner = _BRACKETED.match(text)
    return inner["inner"] if inner and label_of(inner["inner"].split(":")[0]) else text


# Labels


def _segments(text: str) -> list[_Segment]:
    """The labels of a text with the words behind them; [] where its first words are no label."""
    found: list[_Segment] = []
    for piece in _SEGMENTS.split(text):
        head, colon, value = piece.partition(":")
        label = label_of(head.strip("-–+* ")) if colon else None
        if label is not None and _fits(label, value):
            found.append(_Segment(label, value.strip()))
        elif not found:
            return []
        else:
            found[-1] = _Segment(found[-1].label, f"{found[-1].value} {piece}".strip())
    return found


def _fits(label: Label, value: str) -> bool:
    """Whether what follows suits the label: "Kiểm tra: …" assigns only where bodies follow."""
    said = value.strip()
    if label.kind is AssignmentKind.ACTORS and _states_own_act(said):
        return False
    return not label.needs_bodies or bool(said and (is_body(said) or _names_bodies(said) or _REFERENCE.match(said)))


def _states_own_act(said: str) -> bool:
    """Whether an act follows where bodies are due: "Bộ phận Tổng hợp: theo dõi" is told to, no label."""
    read = item(said)
    verb = read.words.low[:2] not in _NO_OWN_ACT and read.grammar.known.predicates.longest(read.words, 0)[0] > 1
    return verb and not read.grammar.bodies(0) and not _REFERENCE.match(said)


def _names_bodies(said: str) -> bool:
    """Whether words say only who leads and who joins: "Sở Nội vụ chủ trì, phối hợp với Công an tỉnh."."""
    rest = _WITH_CITIZENS.sub(" ", _without_bodies(said))
    return bool(item(said).grammar.bodies(0)) and bool(_ACTS_ONLY.match(rest + " "))


def _of_label(segment: _Segment) -> tuple[Assignment, ...]:
    label, value = segment.label, segment.value
    if label.kind is not AssignmentKind.ACTORS:
        leads = _listed(value) if label.kind is AssignmentKind.MONITORING else ()
        return (Assignment(label.kind, leads=leads, text=value),)
    if _REFERENCE.match(value):
        return (Assignment(label.kind, by_reference=True, text=value),)
    who = _AND_CITIZENS.sub("", value)
    actors = _settled(_joined_value(who) if label.joins else _value_actors(who))
    markers, places = named_items(value)
    expressly = label.expressly or bool(actors.leads and _LEADS.search(value))
    return (
        Assignment(
            label.kind,
            leads=actors.leads,
            coordinating=actors.coordinating,
            expressly_leads=expressly and bool(actors.leads),
            markers=markers,
            places=places,
            text=value,
        ),
    )


def _listed(value: str) -> tuple[str, ...]:
    """The bodies of a list; a whole sentence in it gives its acting bodies."""
    names: list[str] = []
    for clause in _CLAUSES.split(value):
        if clause.strip():
            acting = find_actors(clause)
            names.extend(acting.leads or split_bodies(clause))
    return tuple(dict.fromkeys(names))


def _joined_value(value: str) -> Actors:
    """The bodies behind "Cơ quan phối hợp:"; all join, also those asked to ("Đề nghị X phối hợp thực hiện")."""
    return Actors(coordinating=_listed(value))


def _value_actors(value: str) -> Actors:
    """The bodies behind "Cơ quan thực hiện:", clause by clause: acting ones lead, those behind "phối hợp" join."""
    leads: list[str] = []
    joining: list[str] = []
    for clause in _CLAUSES.split(value.strip()):
        if not clause.strip():
            continue
        actors = _clause_actors(clause)
        leads.extend(actors.leads)
        joining.extend(actors.coordinating)
    return Actors(leads=tuple(dict.fromkeys(leads)), coordinating=tuple(dict.fromkeys(joining)))


def _clause_actors(clause: str) -> Actors:
    marked = _role_marks(clause)
    if marked is not None:
        return marked
    joins = _ONLY_JOINS.match(clause.strip())
    if joins and not _LEADS.search(clause) and all(is_body(name) for name in split_bodies(joins["who"])):
        return Actors(coordinating=split_bodies(joins["who"]))
    acting = find_actors(clause)
    if acting.leads and not acting.staff_only:
        only_joins = _JOINS.search(clause) and not _LEADS.search(clause) and not acting.coordinating
        return Actors(coordinating=acting.leads) if only_joins and _after_subject_joins(clause) else acting
    if acting.coordinating:
        before = _JOINS.split(clause, maxsplit=1)[0].strip(" ,;")
        return Actors(leads=split_bodies(before) if before else (), coordinating=acting.coordinating)
    return Actors(leads=split_bodies(clause))


def _after_subject_joins(clause: str) -> bool:
    """Whether a clause says only that its one body joins: "Sở Tài chính phối hợp thực hiện"."""
    bodies = item(clause).grammar.bodies(0)
    return len(bodies) >= 1 and bool(
        re.match(rf"\s*{_JOINS_WORD}\b", clause[item(clause).words.end[bodies[-1].end - 1] :])
    )


def _role_marks(clause: str) -> Actors | None:
    """The bodies of "Sở Nội vụ (chủ trì), Sở Tài chính (phối hợp)"; None where no bracket gives a part."""
    if not _ROLE_MARK.search(clause):
        return None
    leads: list[str] = []
    joining: list[str] = []
    at = 0
    for mark in _ROLE_MARK.finditer(clause):
        names = split_bodies(clause[at : mark.start()].strip(" ,;"))
        (joining if "chủ trì" not in mark["role"].lower() else leads).extend(names)
        at = mark.end()
    rest = clause[at:].strip(" ,;.")
    return Actors(leads=tuple(leads), coordinating=(*joining, *(split_bodies(rest) if rest else ())))


def _settled(actors: Actors) -> Actors:
    """The same bodies, each once, leads not repeated among those that join."""
    leads = {body_key(name, ""): name for name in reversed(actors.leads)}
    joining = {body_key(name, ""): name for name in reversed(actors.coordinating)}
    return replace(
        actors,
        leads=tuple(dict.fromkeys(name for name in actors.leads if leads[body_key(name, "")] == name)),
        coordinating=tuple(
            dict.fromkeys(
                name
                for name in actors.coordinating
                if joining[body_key(name, "")] == name and body_key(name, "") not in leads
            )
        ),
    )


# What a row says inside its own words


# Sentences without a label


def _under_other(said: str, under: Assignment) -> tuple[Assignment, ...]:
    """A child of "Thành phần:" or "Thời gian:": an act of its own is a row, other words are what the label gives."""
    if under.kind is not AssignmentKind.UNSCORED and find_actors(said).leads:
        return ()
    return (Assignment(under.kind, text=said),)


def _of_sentence(said: str, under: Assignment | None) -> tuple[Assignment, ...]:
    """An assigning sentence: bodies, "chủ trì", "phối hợp với …" and the items it names, and no act besides."""
    read = item(said)
    bodies = read.grammar.bodies(0)
    if not bodies:
        return ()
    markers, places = named_items(said)
    rest = _without_bodies(said)
    if not _ACTS_ONLY.match(rest + " "):
        return ()
    says_who = bool(_LEADS.search(said) or _JOINS.search(said))
    if under is None and not (markers or places or (says_who and bodies[-1].end < len(read.words))):
        return ()
    if under is None and not (markers or places) and (not _LEADS.search(said) or _PLAN_ITSELF.search(said)):
        return ()
    actors = _settled(_value_actors(said))
    return (
        Assignment(
            AssignmentKind.ACTORS,
            leads=actors.leads,
            coordinating=actors.coordinating,
            expressly_leads=bool(_LEADS.search(said)),
            markers=markers,
            places=places,
            text=said,
        ),
    )


def _without_bodies(said: str) -> str:
    """The sentence without its bodies and without the items it names."""
    read = item(said)
    words = read.words
    kept: list[str] = []
    i = 0
    while i < len(words):
        bodies = read.grammar.bodies(i) if i == 0 or words.at(i - 1) in _BEFORE_BODIES else ()
        end = bodies[-1].end if bodies else i + 1
        gap = words.start[end] if end < len(words) else len(said)
        kept.append(", " if bodies else said[words.start[i] : gap])
        i = end
    return NAMED.sub(" ", "".join(kept))
