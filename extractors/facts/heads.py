"""Whether a heading or an introducing item is a body, or has one as its subject."""

from __future__ import annotations

import re

from extractors.facts.acting import find_actors
from extractors.facts.assignments import assigning_heading
from extractors.facts.inline import inline_assignments
from extractors.facts.nlp import item
from normalizers.body_grammar import ABSTRACT, STAFF
from normalizers.unicode import tidy
from schemas.facts import Actors

_REQUESTS = r"(?:(?:trân trọng )?(?:kính )?(?:đề nghị|mời))"
# "Trách nhiệm của Sở X", "Giao Sở Nội vụ:", "Đề nghị các tổ chức đoàn thể:", "Đối với UBND cấp xã"
_OPENING = re.compile(
    rf"^(?:(?P<asks>{_REQUESTS})|phân công(?: nhiệm vụ)?(?: cho)?|giao(?: nhiệm vụ)?(?: cho)?|yêu cầu|đối với|về phía"
    r"|(?:trách nhiệm|nhiệm vụ|vai trò)(?: cụ thể)?(?: của)?|ở|các)\s+(?=\S)",
    re.IGNORECASE,
)
# What may stand behind the bodies of a heading: citizens, "có trách nhiệm", "chủ trì thực hiện", a bracket.
_BEHIND = re.compile(
    r"^(?:\s*(?:,|và)\s+(?:các )?(?:hộ (?:gia đình|kinh doanh|sản xuất)|cá nhân|gia đình|người dân|[Nn]hân dân))*"
    r"[\s:.;,/]*(?:\([^()]*\))?[\s:.;,/]*(?:(?:có trách nhiệm|chịu trách nhiệm|chủ trì|phối hợp|thực hiện|triển khai"
    r"|tổ chức|tham mưu|các nội dung|nội dung|nhiệm vụ|các nhiệm vụ|sau|sau đây|như sau|và|cùng"
    r"|(?:theo|căn cứ(?: vào)?|trong phạm vi) (?:chức năng|nhiệm vụ|thẩm quyền|phân công|lĩnh vực|quyền hạn)"
    r"[^:.;()]{0,80})[\s:.;,]*)*$",
    re.IGNORECASE,
)
_CARRIES_OUT = {("thực", "hiện"), ("tổ", "chức"), ("tiến", "hành"), ("triển", "khai")}
_LONGEST_TITLE = 24
# One person's post as heading: "Chuyên viên phụ trách lĩnh vực Hành chính", "Cán bộ làm công tác dân số".
_POST = re.compile(
    r"^(?:(?:các )?đồng chí )?(?:cán bộ|công chức|chuyên viên|viên chức|nhân viên|giáo viên|người|bộ phận)"
    r"(?: [^\W\d_]+){0,4} (?:phụ trách|chuyên trách|làm công tác|được (?:giao|phân công)(?: phụ trách)?)\b"
    r"[^:.;]{0,90}$",
    re.IGNORECASE,
)
_ENDS_IN_BRACKET = re.compile(r"\w\W*\([^()]+\)[\s.:;]*$")
_SIGNS = '*_# \t“”"'


def heading_bodies(text: str) -> Actors | None:
    """The bodies that a heading is or whose act it introduces; None where it names none so.

    >>> heading_bodies("Trung tâm Phục vụ hành chính công:").leads
    ('Trung tâm Phục vụ hành chính công',)
    >>> heading_bodies("Đề nghị các tổ chức đoàn thể:").request
    True
    >>> heading_bodies("Xây dựng hình ảnh người đứng đầu gương mẫu") is None
    True
    """
    said = tidy(text).strip(_SIGNS)
    if not said or assigning_heading(said) is not None:
        return None
    post = said.rstrip(" :.")
    if _POST.match(post):
        return Actors(leads=(post,))
    opening = _OPENING.match(said)
    if opening and opening.group().strip().lower() != "các":
        found = _is_list(said[opening.end() :], bool(opening["asks"]))
        if found:
            return found
    return _is_list(said, False) or _subject(said)


def _is_list(said: str, asked: bool) -> Actors | None:
    """The bodies where the words are a list of bodies and nothing else."""
    read = item(said)
    bodies = read.grammar.bodies(0)
    named = [body for body in bodies if body.kind != ABSTRACT]
    if not named or not _BEHIND.match(said[read.words.end[bodies[-1].end - 1] :]):
        return None
    names = tuple(dict.fromkeys(body.name(read.words) for body in named))
    return Actors(leads=names, request=asked, staff_only=all(body.kind == STAFF for body in named))


def _subject(said: str) -> Actors | None:
    found = find_actors(said)
    return found if found.leads else _bracketed(said) or _run_together(said)


def _bracketed(said: str) -> Actors | None:
    """Who the last bracket of a heading says: "3. Chương trình “Hành quân xanh” (Chi đoàn Quân sự chủ trì)"."""
    if not _ENDS_IN_BRACKET.search(said):
        return None
    made = inline_assignments(said)
    leads = tuple(name for one in made for name in one.leads)
    return (
        Actors(leads=leads, coordinating=tuple(name for one in made for name in one.coordinating)) if leads else None
    )


def _run_together(said: str) -> Actors | None:
    """The subject of a sentence that runs on from its title without a sign, and says the title's words again.

    >>> _run_together("Giám sát trực tiếp Công an xã thực hiện giám sát trực tiếp qua các hoạt động sau:").leads
    ('Công an xã',)
    """
    if not said.endswith(":"):
        return None
    read = item(said)
    low = read.words.low
    for i in range(2, min(len(low), _LONGEST_TITLE)):
        bodies = read.grammar.bodies(i) if read.words.capital(i) else ()
        if bodies and low[bodies[-1].end : bodies[-1].end + 2] in _CARRIES_OUT:
            behind = low[bodies[-1].end + 2 :]
            if any(behind[j : j + 2] == low[:2] for j in range(len(behind))):
                return Actors(leads=tuple(body.name(read.words) for body in bodies))
    return None
