"""Who acts in an item's first main clause, and who joins: a reader of bodies and cues in their order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractors.facts.cues import ADVERBS, INSERTED, NOT_VERBS, TIME_WORDS, Part
from extractors.facts.labels import label_of
from extractors.facts.nlp import Hit, Item, item
from normalizers.bodies import body_key
from normalizers.body_grammar import ABSTRACT, GENERIC, HEADED, STAFF, Reading
from normalizers.body_lexicon import Words
from normalizers.body_names import SMALL_WORDS
from schemas.facts import Actors

_SENTENCE_ENDS = frozenset({".", ";", "!", "?"})
_BOUNDARIES = _SENTENCE_ENDS | {",", ":", "(", ")"}
# Words in front of a verb that is no main verb: "trong việc thực hiện", "để triển khai".
_GOVERNS = frozenset({"việc", "về", "để", "nhằm", "và", "tác", "quả", "hoạch", "trình", "đã", "tiêu", "hoặc", ","})
_LONGEST_LABEL = 40
_LONGEST_BODY = 12
_LONGEST_REST = 7
_NO_NAMES = (SMALL_WORDS | NOT_VERBS | INSERTED) - {"và", "các"}
_LONGEST_UNKNOWN = 8
_PARTLY_KNOWN = "Chưa nhận ra hết các chủ thể đứng đầu câu; cần kiểm tra lại cơ quan thực hiện."


@dataclass(frozen=True, slots=True)
class Subject:
    """The bodies that stand before the verb; `asked` says that the work is asked of them, `end` where the verb is."""

    bodies: tuple[Reading, ...]
    end: int
    asked: bool = False
    doubt: str = ""


def find_actors(
    text: str, *, heading_leads: tuple[str, ...] = (), issuer: str | None = None, kind: str = "task"
) -> Actors:
    """The bodies that lead and join by the item's own words; both empty where it names none.

    Bodies found to lead by the headings are not repeated as coordinating; `kind` is the row's kind, which changes
    nothing so far.

    >>> found = find_actors("UBND xã phối hợp với Công an xã tổ chức tập huấn.")
    >>> found.leads, found.coordinating
    (('UBND xã',), ('Công an xã',))
    >>> find_actors("Tham mưu UBND xã ban hành kế hoạch.").leads
    ()
    """
    read = item(text)
    subject = main_subject(read)
    acting = tuple(body for body in subject.bodies if body.kind != ABSTRACT) if subject else ()
    leads = _names(read.words, acting)
    staff = bool(acting) and all(body.kind == STAFF for body in acting)
    abstract = subject.bodies[0].name(read.words) if subject and not acting else None
    joining = _coordinating(read, subject, (*leads, *heading_leads), issuer or "")
    return Actors(
        leads=leads,
        coordinating=joining,
        request=bool(subject and subject.asked),
        doubts=(subject.doubt,) if subject and subject.doubt else (),
        staff_only=staff,
        abstract=abstract,
    )


def _names(words: Words, bodies: tuple[Reading, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(body.name(words) for body in bodies))


# The subject of the first main clause


def main_subject(read: Item) -> Subject | None:
    """The subject of the first main clause, or None where it has none of its own or it does not act."""
    label = _label_end(read, _first_letter(read.words, 0))
    for start in _starts(read):
        subject = _subject_at(read, start)
        # Behind a colon a list that is known only in part lists what the words before it are about.
        if subject is not None and not (subject.doubt and start == label):
            return subject
    return None


def _starts(read: Item) -> list[int]:
    """The words where the first main clause may begin: at the front, behind a label, behind an opening."""
    first = _first_letter(read.words, 0)
    starts = [first]
    label = _label_end(read, first)
    if label:
        labelled = label_of(read.text[: read.words.end[label - 1]].split(":")[0]) is not None
        fills = labelled and not read.grammar.verb(label)
        starts = [label] if fills else [first, label]
    for begin in tuple(starts):
        starts.extend(_after_opening(read, begin))
    return starts


def _first_letter(words: Words, i: int) -> int:
    while i < len(words) and not words.at(i)[0].isalnum():
        i += 1
    return i


def _label_end(read: Item, i: int) -> int | None:
    """The first word behind a label ("Nội dung 2: …", "Nếu …: …"), None where the colon opens a list."""
    words = read.words
    for j in range(i, min(i + _LONGEST_LABEL, len(words))):
        if words.at(j) in {".", ";"} and not _inside_number(words, j):
            return None
        if words.at(j) == ":":
            listed = any(hit.part is Part.LISTS and hit.end == j for hit in read.hits)
            return None if listed else _first_letter(words, j + 1)
    return None


def _inside_number(words: Words, i: int) -> bool:
    """Whether the full stop at `i` parts the digits of a number ("25.000", "1.2"), and ends no sentence."""
    return words.at(i - 1).isdigit() and words.at(i + 1).isdigit() and words.end[i] == words.start[i + 1]


def _after_opening(read: Item, i: int) -> list[int]:
    """The words behind an opening ("Căn cứ …, ", "Ít nhất 1 lần/tuần ") where a subject may stand."""
    if read.hit(i, Part.OPENS) is None:
        return []
    words = read.words
    found: list[int] = []
    j = i
    while words.at(j) in TIME_WORDS or words.at(j).isdigit():
        j += 1
    if i < j < len(words):
        if "khi" not in words.low[i:j] and read.grammar.known.predicates.longest(words, j)[0] > 1:
            return []  # "Hằng năm gặp gỡ …, những người …": the main clause has begun without a subject
        found.append(j)
    for k in range(i + 1, _sentence_end(words, i)):
        if words.at(k) in {",", ":"} and not _inside(read, k + 1):
            found.append(k + 1)
    return found


def _inside(read: Item, i: int) -> bool:
    """Whether word `i` stands inside one body that begins before it ("các sở, |ban, ngành")."""
    bodies = (read.grammar.body(k) for k in range(max(i - _LONGEST_BODY, 0), i))
    return any(body is not None and body.kind != ABSTRACT and body.end > i for body in bodies)


def _sentence_end(words: Words, i: int) -> int:
    """The word of the full stop or semicolon that ends the sentence at `i`."""
    for j in range(i, len(words)):
        abbreviation = words.at(j) == "." and (words.at(j - 1).isdigit() or words.at(j - 1) == "tp")
        if words.at(j) in _SENTENCE_ENDS and not abbreviation:
            return j
    return len(words)


def _subject_at(read: Item, i: int) -> Subject | None:
    """The acting bodies at word `i`: "UBND xã tổ chức …", "Giao Phòng Kinh tế …", "UBND xã đề nghị Công an …"."""
    ordered = read.hit(i, Part.ASKED, Part.ORDERED)
    if ordered is not None:
        return _told(read, ordered)
    bodies = read.grammar.bodies(i)
    if not bodies:
        return None
    bodies = _whole_label(read, bodies)
    verb = _verb_after(read, bodies[-1].end)
    if verb is None and (after := _behind_unknown(read, bodies)) is not None:
        return Subject(bodies, after, doubt=_PARTLY_KNOWN)
    if verb is None or (bodies[-1].kind == GENERIC and not _sure_verb(read, bodies[-1].end, verb)):
        return None
    return _passed_on(read, verb) or Subject(bodies, verb)


def _whole_label(read: Item, bodies: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """The bodies, the last with the small words of its name up to a colon: "Ban Quản lý |các công trình: lập …"."""
    words, last, known = read.words, bodies[-1], read.grammar.known
    if last.kind != HEADED:
        return bodies
    j = last.end
    while j < min(last.end + _LONGEST_REST, len(words)):
        if words.at(j) == ":":
            return (*bodies[:-1], replace(last, end=j))
        field = known.domains.longest(words, j)[0]
        clause = words.at(j) in _NO_NAMES or (not field and known.predicates.longest(words, j)[0])
        if clause or words.capital(j) or not words.at(j).isalpha():
            break
        j += field or 1
    return bodies


def _told(read: Item, hit: Hit) -> Subject | None:
    """The bodies asked or ordered to act; they need no verb ("Đề nghị Ban X: Phối hợp …")."""
    bodies = read.grammar.bodies(hit.end)
    acting = tuple(body for body in bodies if body.kind != ABSTRACT)
    if not acting or bodies[-1].end >= len(read.words):
        return None
    if read.words.at(hit.end - 1) == "mời" and read.words.at(bodies[-1].end) in _SENTENCE_ENDS:
        return None  # "Mời các cơ quan báo chí.": they are invited, and asked for no work
    return Subject(acting, bodies[-1].end, asked=hit.part is Part.ASKED)


def _passed_on(read: Item, verb: int) -> Subject | None:
    """The bodies that the subject gives the work to: "UBND xã giao Văn phòng …"."""
    hit = read.hit(_skip_adverbs(read.words, verb), Part.ASKED, Part.ORDERED)
    return _told(read, hit) if hit else None


def _verb_after(read: Item, i: int) -> int | None:
    """The word of the verb behind the bodies that end at `i`; None where no verb follows or it is passive."""
    words = read.words
    if words.at(i) == "(":
        i = next((j + 1 for j in range(i, len(words)) if words.at(j) == ")"), i)
    if words.at(i) == ":" and i + 1 < len(words):
        return None if _kind_only(read, i) else _first_letter(words, i + 1)
    if words.at(i) == "," and words.at(i + 1) in INSERTED | {"căn"}:
        i = next((j + 1 for j in range(i + 1, len(words)) if words.at(j) == ","), len(words))
    word = words.at(i)
    if not word.isalpha() or word in NOT_VERBS or read.hit(i, Part.PASSIVE):
        return None
    known = read.grammar.known.predicates.longest(words, i)[0]
    if word in INSERTED and known < 2:
        return _verb_behind(read, i)
    return i if known or not words.capital(i) else None


def _behind_unknown(read: Item, bodies: tuple[Reading, ...]) -> int | None:
    """The verb behind a list that goes on with words that are no known body.

    "UBND xã, người dân |tham gia …", or behind a colon: "Điện lực; Bưu điện; Viễn thông: |bảo đảm …".
    """
    words, known = read.words, read.grammar.known.predicates
    end = bodies[-1].end
    if words.at(end) not in {",", "và", ";"} or bodies[0].kind == ABSTRACT:
        return None
    listed = words.at(end) == ";"
    for j in range(end + 1, min(end + _LONGEST_UNKNOWN, len(words))):
        if words.at(j) == ":":
            after = _first_letter(words, j + 1)
            return after if known.longest(words, after)[0] else None
        if words.at(j) in _BOUNDARIES - {",", ";"}:
            return None
        listed = listed or words.at(j) in {",", ";"} or words.capital(j)
        if not listed and known.longest(words, j)[0] > 1:
            return j
    return None


def _sure_verb(read: Item, end: int, verb: int) -> bool:
    """Whether a known verb follows: behind a kind of office other words may still be its name ("doanh nghiệp số")."""
    return verb > end or read.grammar.known.predicates.longest(read.words, verb)[0] > 0


def _kind_only(read: Item, i: int) -> bool:
    """Whether only a kind of office stands before the colon at `i` ("Đơn vị: Triệu đồng", "Các Sở: XD, TC").

    "Các trường: Quán triệt …" is told to act.
    """
    head = read.grammar.quantified(0)
    length, kinds = read.grammar.known.heads.longest(read.words, head)
    if head + length < i or {"full", "holders"} & kinds:
        return False
    counted = head > 0 or length > 2 or (length > 1 and bool({"headed", "staff"} & kinds))
    tells = counted and read.grammar.known.predicates.longest(read.words, _first_letter(read.words, i + 1))[0] > 1
    return not tells


def _verb_behind(read: Item, i: int) -> int | None:
    """The verb behind a clause put between: "UBND xã trong phạm vi quản lý |có trách nhiệm …"."""
    acts = read.grammar.known.acts
    end = _sentence_end(read.words, i)
    certain = next((j for j in range(i, end) if acts.longest(read.words, j)[0]), None)
    return certain if certain is not None else _later_predicate(read, i, end)


def _later_predicate(read: Item, i: int, end: int) -> int | None:
    """The first verb of two words behind "theo chức năng, nhiệm vụ", "trong phạm vi …"; none if it is passive."""
    if read.words.at(i) not in {"theo", "tùy"} and read.words.low[i : i + 2] != ("trong", "phạm"):
        return None
    predicates = read.grammar.known.predicates
    for j in range(i + 2, end):
        if read.hit(j, Part.PASSIVE):
            return None
        if predicates.longest(read.words, j)[0] > 1 and read.words.at(j - 1) not in _GOVERNS:
            return j
    return None


def _skip_adverbs(words: Words, i: int) -> int:
    while True:
        step = next((n for n in (2, 3, 1) if " ".join(words.low[i : i + n]) in ADVERBS), 0)
        if not step:
            return i
        i += step


# Who joins


def _coordinating(read: Item, subject: Subject | None, leads: tuple[str, ...], issuer: str) -> tuple[str, ...]:
    """The bodies that join anywhere in the item, leads not repeated."""
    keys = {body_key(lead, issuer) for lead in leads}
    found: dict[str, str] = {}
    for hit in read.hits:
        if hit.part not in (Part.JOINS, Part.JOINS_BARE):
            continue
        closing = _closing_clause(read, hit)
        if closing or not (_inside(read, hit.start) or _described(read, hit)):
            for name in closing or _joining(read, hit, subject):
                key = body_key(name, issuer)
                if key not in keys:
                    found.setdefault(key, name)
    return tuple(found.values())


def _closing_clause(read: Item, hit: Hit) -> tuple[str, ...]:
    """The body of "…, |các tổ dân phố phối hợp|." at a sentence's end; "các cơ quan phối hợp" is a name instead."""
    words = read.words
    if words.at(hit.end) not in _SENTENCE_ENDS | {""}:
        return ()
    for k in range(hit.start - 1, max(hit.start - _LONGEST_BODY, 0), -1):
        body = read.grammar.body(k)
        if words.at(k - 1) in _BOUNDARIES and body is not None and body.end == hit.end:
            head = read.grammar.quantified(k)
            named = words.low[head : head + 2] in {("cơ", "quan"), ("đơn", "vị")}
            return () if named else (words.span(k, hit.start),)
    return ()


def _joining(read: Item, hit: Hit, subject: Subject | None) -> tuple[str, ...]:
    words = read.words
    bodies = read.grammar.bodies(_skip_adverbs(words, hit.end))
    named = tuple(body for body in bodies if body.kind not in (ABSTRACT, STAFF) or len(bodies) > 1)
    named = tuple(body for body in named if not _leads_by_role(words, body))
    names = _names(words, named)
    if names:
        return names
    before = _subject_before(read, hit.start)
    if before and not (subject and before[0].start == subject.bodies[0].start):
        return _names(words, before)
    return ()


def _leads_by_role(words: Words, body: Reading) -> bool:
    """Whether a body is only "cơ quan chủ trì", the lead under another name."""
    return any("chủ trì" in " ".join(words.low[body.start : end]) for end in (body.end, body.end + 2))


def _subject_before(read: Item, i: int) -> tuple[Reading, ...]:
    """The bodies of a later clause whose verb begins at `i`: "…; các đơn vị liên quan phối hợp thực hiện"."""
    words = read.words
    for start in range(i - 1, -1, -1):
        if start and words.at(start - 1) not in _BOUNDARIES:
            continue
        bodies = read.grammar.bodies(start)
        if bodies and bodies[0].kind not in (ABSTRACT, STAFF) and not _inside(read, start):
            return bodies if _skip_adverbs(words, bodies[-1].end) >= i > bodies[-1].start else ()
        if words.at(start - 1) in _SENTENCE_ENDS:
            break
    return ()


def _described(read: Item, hit: Hit) -> bool:
    """Whether the joint work is only spoken of: "Kiểm tra việc chủ trì, phối hợp với …", "quy chế phối hợp với …"."""
    words = read.words
    i = hit.start
    while words.at(i - 1) in {",", "và"} and words.low[max(i - 3, 0) : i - 1] == ("chủ", "trì"):
        i -= 3
    before = [other for other in read.hits if other.end == i]
    if any(other.part is Part.DESCRIBED for other in before):
        return True
    if words.low[max(i - 2, 0) : i] != ("công", "tác"):
        return False
    return any(other.part is Part.INSPECTED and other.end <= i for other in read.hits if i - other.end <= 3)
