"""The grammar of a body's name: quantifier, head, name, and the tail that says which one it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalizers.body_lexicon import Lexicon, Words, lexicon

FULL, HEADED, GENERIC, HOLDER, STAFF, ABSTRACT = "full", "headed", "generic", "holder", "staff", "abstract"
SEPARATORS = frozenset({",", ";", "và", "hoặc", "/", "&", "+", "cùng"})
_NAME_JOINTS = frozenset({",", "và", "-", "&", "/"})
_NUMBER = re.compile(r"\d+|[ivx]+", re.IGNORECASE)
_OF = frozenset({"thuộc", "của", "ở", "trong"})
_SHORT_LEVELS = frozenset({"thành", "thị"})  # "các huyện, thị, thành": only behind another level
_AGENCY_CLASSES = ("cơ quan ngang bộ", "cơ quan thuộc chính phủ")
_WEAK_ALONE = frozenset({"tổ chức", "cá nhân", "cơ sở", "lực lượng"})
_PARTED_CLAUSES = frozenset({"", ".", ")", "và", "có", "chịu", ";", ":"})
_LONGEST_UNKNOWN = 6
_LONGEST_PURPOSE = 14


@dataclass(frozen=True, slots=True)
class Reading:
    """A body from word `start` to `end` - 1 and what it is; `implied` is the head that a list leaves out."""

    start: int
    end: int
    kind: str
    implied: str = ""

    def name(self, words: Words) -> str:
        """The body's name as written, with its head where the list leaves it out."""
        return f"{self.implied} {words.span(self.start, self.end)}".strip()


class Grammar:
    """Reads bodies out of one text."""

    def __init__(self, words: Words, known: Lexicon | None = None) -> None:
        self.words = words
        self.known = known or lexicon()

    # Bodies and lists of them

    def body(self, i: int) -> Reading | None:
        """The longest body that begins at word `i`, or None."""
        head = self._after_quantifier(i)
        person = self._person(head)
        if person:
            return Reading(i, person, HOLDER)
        length, kinds = self.known.heads.longest(self.words, head)
        if not length or "not_bodies" in kinds:
            return None
        read = self._by_kind(i, head, length, kinds)
        return read if read and read.end > head else None

    def bodies(self, i: int) -> tuple[Reading, ...]:
        """The list of bodies that begins at word `i`: ("UBND xã", "các thôn") of "UBND xã, các thôn tổ chức"."""
        first = self.body(i)
        if first is None:
            return ()
        found = [*self._headless(first)]
        while (after := self.separated(found[-1].end)) is not None:
            following = self.body(after)
            if following is None:
                break
            found.extend(self._headless(following))
        return tuple(found)

    def separated(self, i: int) -> int | None:
        """The word behind the separators of a list at `i` (", và"), or None where there is none."""
        j = i
        while self.words.at(j) in SEPARATORS:
            j += 1
        if self.words.at(j) == "với" and self.words.at(j - 1) == "cùng":
            return None
        return j if j > i else None

    def _headless(self, body: Reading) -> list[Reading]:
        """The body and those behind it whose head the list leaves out: "Sở Tài chính, Nội vụ", "các sở: Y tế, …"."""
        length, kinds = self.known.heads.longest(self.words, head := self._after_quantifier(body.start))
        if not length or not {"headed", "generic"} & kinds:
            return [body]
        implied = self.words.span(head, head + length)
        found = [body]
        if body.end == head + length and self.words.at(body.end) == ":":
            name = self._field_name(body.end + 1)
            if name is None:
                return [body]
            found = [Reading(body.end + 1, name, HEADED, implied)]
        elif body.kind != HEADED:
            return [body]
        while (after := self.separated(found[-1].end)) is not None:
            if self.body(after) is not None or (name := self._field_name(after)) is None:
                break
            found.append(Reading(after, name, HEADED, implied))
        return found

    def _field_name(self, i: int) -> int | None:
        """The end of a department's field with a capital ("Nội vụ") that is a name by itself."""
        if not self.words.capital(i):
            return None
        end = self._name(i)
        return self._tails(end) if end > i and self.known.domains.longest(self.words, i)[0] else None

    # One body

    def _after_quantifier(self, i: int) -> int:
        while length := self.known.quantifiers.longest(self.words, i)[0]:
            i += length
        return i

    def _by_kind(self, start: int, head: int, length: int, kinds: frozenset[str]) -> Reading | None:
        after = head + length
        if "staff" in kinds and (read := self._staff(start, after)):
            return read
        if "full" in kinds:
            return Reading(start, self._tails(after), FULL)
        if "purposed" in kinds and (purpose := self._purpose(after)) > after:
            return Reading(start, self._tails(purpose), HEADED)
        if "headed" in kinds and (name := self._name(after)) > after:
            return Reading(start, self._tails(name), HEADED)
        if "holders" in kinds and (read := self._holder(start, head, after)):
            return read
        if {"generic", "abstract"} & kinds and (read := self._group(start, head)):
            return read
        if "headed" in kinds:
            return self._bare(start, head, after)
        return None

    def _bare(self, start: int, head: int, after: int) -> Reading | None:
        """A head without a name: "Văn phòng Sở", "Đoàn xã", "các tổ", "Trung tâm" with a capital."""
        end = self._tails(after)
        if end > after or start < head or self.words.capital(head):
            return Reading(start, end, HEADED)
        return None

    def _staff(self, start: int, after: int) -> Reading | None:
        return Reading(start, self._tails(self._staff_run(after)), STAFF)

    def _staff_run(self, i: int) -> int:
        """The end of "…, viên chức và người lao động"."""
        while (after := self.separated(i)) is not None:
            length, kinds = self.known.heads.longest(self.words, after)
            if "staff" not in kinds:
                break
            i = after + length
        return i

    def _holder(self, start: int, head: int, after: int) -> Reading | None:
        """An office holder with what is held; in small letters and bare only where the office says enough itself."""
        end = self._held(after)
        if end == after:
            end = self._tails(after)
        alone = after - head >= 2 or self.words.capital(head)
        if end == after and not (alone or start < head):
            return None
        if end == after and self.words.at(head) in {"lãnh", "đại", "thường", "thành"}:
            return None if start == head else Reading(start, end, HOLDER)
        return Reading(start, self._bracket(self._named(end)), HOLDER)

    def _held(self, i: int) -> int:
        """The end of the office held: a body, or a list of kinds of offices ("Thủ trưởng các sở, ban, ngành")."""
        if self.words.at(i) == "của":
            i += 1
        body = self.body(i)
        if body is None or body.kind == STAFF:
            return i if self.words.at(i - 1) != "của" else i - 1
        end = body.end
        while self._is_class(body) and (after := self.separated(end)) is not None:
            following = self.body(after)
            if following is None or not self._is_class(following) or self._after_quantifier(after) != after:
                break
            end = following.end
        return end

    def _is_class(self, body: Reading) -> bool:
        said = " ".join(self.words.low[self._after_quantifier(body.start) : body.end])
        return body.kind in (GENERIC, ABSTRACT) or said.startswith(_AGENCY_CLASSES)

    def _named(self, i: int) -> int:
        """The end of a person's name behind an office ("Chủ tịch UBND xã Nguyễn Văn A")."""
        j = i
        while self.words.capital(j) and not self.known.heads.longest(self.words, j)[0]:
            j += 1
        return j if j - i >= 2 else i

    def _person(self, i: int) -> int | None:
        """The end of "[đồng chí] Nguyễn Văn A - Phó Chủ tịch UBND xã", where a person is named before the office."""
        if i == 0 or self.words.at(i - 1) not in {"chí", "ông", "bà"}:
            return None
        end = self._named(i)
        if end == i:
            return None
        if self.words.at(end) in {"-", ","}:
            office = self.body(end + 1)
            if office and office.kind in (HOLDER, STAFF):
                return office.end
        return end

    def _purpose(self, i: int) -> int:
        """The end of what a committee is for, up to its place or the verb of the sentence; `i` where neither comes."""
        for j in range(i, min(i + _LONGEST_PURPOSE, len(self.words) + 1)):
            if self._place(j) > j or self.known.acts.longest(self.words, j)[0]:
                return j
            if not (self.words.at(j).isalnum() or self.words.at(j) == "-") or self.words.at(j) in _OF:
                return i
        return i

    # Kinds of offices

    def _group(self, start: int, head: int) -> Reading | None:
        """A run of kinds of offices: "các sở, ban, ngành, đoàn thể thành phố"."""
        members: list[str] = []
        end = head
        while length := self._member(end):
            members.append(" ".join(self.words.low[end : end + length]))
            end += length
            after = self.separated(end)
            if after is not None and self._member(after) and self.words.at(end) not in {";", "+", "cùng"}:
                end = after
        if not members:
            return None
        tailed = self._tails(end, generic=True)
        if not self._stands(members, start < head, tailed > end, head):
            return None
        abstract = all(self._is_abstract(member) for member in members) and (len(members) == 1 or start == head)
        plural = start < head and not set(members) <= {"chính quyền", "nhà nước"}
        return Reading(start, tailed, ABSTRACT if abstract and not plural else GENERIC)

    def _is_abstract(self, member: str) -> bool:
        return "abstract" in self.known.heads.longest(Words.of(member), 0)[1]

    def _member(self, i: int) -> int:
        """The length of a kind of office at `i`, 0 where there is none or it begins a name of its own."""
        length, kinds = self.known.heads.longest(self.words, i)
        if not {"generic", "abstract"} & kinds:
            return 0
        after = i + length
        if "headed" in kinds and self._name(after) > after and not self.known.modifiers.longest(self.words, after)[0]:
            return 0
        if self.words.low[i:after] == ("tổ", "chức") and not self._organisation(i, after):
            return 0
        return length

    def _organisation(self, i: int, after: int) -> bool:
        """Whether "tổ chức" is an organisation here, not the verb."""
        counted = self.words.at(i - 1) in {"các", "những", "mỗi", "từng", "mọi"}
        behind = self.words.at(after)
        if behind in {"", ".", ";", ")"} or self.known.modifiers.longest(self.words, after)[0]:
            return True
        listed = behind in {",", "và"} and (self._member(after + 1) > 0 or self.words.at(i - 1) in {",", "và"})
        return counted or listed or behind in {"thuộc", "của", "ở", "được", "có"}

    def _stands(self, members: list[str], counted: bool, tailed: bool, head: int) -> bool:
        """Whether the run is a body by itself; a single short word needs a quantifier, a partner or a tail."""
        if counted or len(members) > 1 or tailed:
            return members != ["cá nhân"]
        if members[0] in _WEAK_ALONE:
            return False
        return " " in members[0] or "abstract" in self.known.heads.longest(self.words, head)[1]

    # Names

    def _name(self, i: int) -> int:
        """The end of a department's name at `i`: known fields in any letters, other names by their capitals."""
        end = self._segment(i)
        if end == i:
            return i
        first = i
        while True:
            joint = self.words.at(end)
            whole = " ".join(self.words.low[first:end]) in self.known.whole_fields
            if joint not in _NAME_JOINTS or (joint in {",", "/"} and whole):
                break
            following = self._joined(end + 1, i)
            if following == end + 1 or (whole and joint == "và" and self._is_whole(end + 1, following)):
                break
            end = following
        return end

    def _is_whole(self, i: int, j: int) -> bool:
        return " ".join(self.words.low[i:j]) in self.known.whole_fields

    def _joined(self, i: int, first: int) -> int:
        """The end of a further field behind "và", "," or a dash, `i` where something else begins there."""
        length, kinds = self.known.heads.longest(self.words, i)
        known = self.known.domains.longest(self.words, i)[0]
        if length > known or (length and length == known and self._begins_body(i, length, kinds)):
            return i
        if not self.words.capital(i) and (self.words.capital(first) or self._is_predicate(i)):
            return self._segment(i) if known and self.words.at(i - 1) == "-" else i
        return self._segment(i)

    def _begins_body(self, i: int, length: int, kinds: frozenset[str]) -> bool:
        if "full" in kinds or "generic" in kinds:
            return True
        return "headed" in kinds and self._segment(i + length) > i + length

    def _is_predicate(self, i: int) -> bool:
        return self.known.predicates.longest(self.words, i)[0] > 0

    def _segment(self, i: int) -> int:
        """The end of one field at `i`: a known one, or a capital and the small letters behind it."""
        end = i
        while True:
            known = self.known.domains.longest(self.words, end)[0]
            sure = end == i or self.words.capital(end) or not self._is_predicate(end)
            if known and sure and not self._level_here(end):
                end += known
            elif self._unknown_here(end, i):
                end = self._unknown(end)
            else:
                return end

    def _level_here(self, i: int) -> bool:
        length = self.known.levels.longest(self.words, i)[0]
        return length > self.known.domains.longest(self.words, i)[0]

    def _unknown_here(self, i: int, first: int) -> bool:
        word = self.words.at(i)
        if not self.words.capital(i) or self.known.levels.longest(self.words, i)[0]:
            return bool(_NUMBER.fullmatch(word)) and i > 0 and word.isdigit() and i == first
        length, kinds = self.known.heads.longest(self.words, i)
        return not length or "not_bodies" in kinds or (i == first and not {"full", "headed"} & kinds)

    def _unknown(self, i: int) -> int:
        """The end of an unknown name: its capital and at most four words in small letters before a verb."""
        end = i + 1
        while end - i <= _LONGEST_UNKNOWN and self._goes_on(end):
            end += 1
        return end

    def _goes_on(self, i: int) -> bool:
        word = self.words.at(i)
        if not word.isalpha() or self.words.capital(i) or word in SEPARATORS or word in _OF:
            return False
        if self._is_predicate(i) or self.known.levels.longest(self.words, i)[0]:
            return False
        return not self.known.modifiers.longest(self.words, i)[0] and word not in {
            "trực",
            "liên",
            "tại",
            "với",
            "như",
        }

    # Tails

    def _tails(self, i: int, generic: bool = False) -> int:
        """The end of the words that say which office it is: place, level, parent, "liên quan", "được giao …"."""
        while True:
            end = self._place(i)
            if end == i and generic:
                end = self._modifier(i)
            if end == i:
                end = self._parent(i)
            if end == i:
                end = self._related(i)
            if end == i:
                end = self._bracket(i)
            if end == i:
                return i
            i = end

    def _modifier(self, i: int) -> int:
        length, kinds = self.known.modifiers.longest(self.words, i)
        if not length:
            part = self.words.low[i : i + 2]
            clause = part in {("chủ", "trì"), ("phối", "hợp")} and self.words.at(i + 2) in _PARTED_CLAUSES
            return i + 2 if clause else i
        longer = self.known.predicates.longest(self.words, i)[0]
        if "given" not in kinds and longer and longer >= length:
            return i
        return i + length

    def _related(self, i: int) -> int:
        for phrase in (("có", "liên", "quan"), ("liên", "quan"), ("trực", "thuộc"), ("khác",)):
            if self.words.low[i : i + len(phrase)] == phrase and self.words.at(i + len(phrase)) != "đến":
                return i + len(phrase)
        if self.words.low[i : i + 3] == ("trên", "địa", "bàn"):
            return self._place(i + 3)
        length, kinds = self.known.modifiers.longest(self.words, i)
        return i + length if "given" in kinds else i

    def _parent(self, i: int) -> int:
        """The end of "thuộc Ủy ban nhân dân xã", "của tỉnh", "trực thuộc Trung ương"."""
        if "full" in self.known.heads.longest(self.words, i)[1] or self._own_office(i):
            body = self.body(i)
            return body.end if body else i + 1
        j = i + 1 if self.words.at(i) == "trực" else i
        if self.words.at(j) not in _OF:
            return i
        body = self.body(j + 1)
        if body and body.kind != STAFF and (body.kind != ABSTRACT or self.words.at(j) != "trong"):
            return body.end
        place = self._place(j + 1)
        return place if place > j + 1 else i

    def _own_office(self, i: int) -> bool:
        """Whether an office stands behind its parts without a name: "Văn phòng Sở"."""
        return self.words.capital(i) and self.words.at(i) in {"sở", "bộ"} and self._segment(i + 1) == i + 1

    def _place(self, i: int) -> int:
        """The end of a level with its name: "xã Lương Minh", "các xã, phường", "cấp tỉnh", "Thành phố", "các cấp"."""
        j = self._after_quantifier(i) if self.words.at(i) in {"các", "mỗi", "từng", "những"} else i
        if self.words.at(j) == "cấp":
            return self._rank(i, j)
        if self.words.low[j : j + 2] == ("cùng", "cấp"):
            return j + 2
        length = self._level(j)
        if not length or (length == 1 and self.words.at(j) in _SHORT_LEVELS):
            return i
        end = self._proper(j + length)
        while self.words.at(end) in {",", "và", "/", "hoặc"}:
            after = self._after_quantifier(end + 1) if self.words.at(end + 1) == "các" else end + 1
            length = self._level(after)
            if not length or self.words.at(after + length - 1) == "cơ":
                break
            end = self._proper(after + length)
        return end

    def _rank(self, start: int, i: int) -> int:
        """The end of "cấp xã", "các cấp", "cấp trên", `start` where "cấp" is something else."""
        if start < i:
            return i + 1
        following = self.words.at(i + 1)
        if following in {"trên", "dưới"}:
            return i + 2
        length = self._level(i + 1)
        end = i + 1 + length
        while length and self.words.at(end) in {",", "và", "/"} and (more := self._level(end + 1)):
            end += 1 + more
        return end if length else start

    def _level(self, i: int) -> int:
        length = self.known.levels.longest(self.words, i)[0]
        head, kinds = self.known.heads.longest(self.words, i)
        blocked = head > length and bool({"not_bodies", "full", "headed"} & kinds)
        return 0 if blocked else length

    def _proper(self, i: int) -> int:
        """The end of a place's own name: capitals, numbers, a dash between them."""
        end = i
        while True:
            if self._is_proper(end):
                end += 1
            elif end > i and self.words.at(end) == "-" and self._is_proper(end + 1):
                end += 2
            elif self.words.at(end) == "số" and self.words.at(end + 1).isdigit():
                end += 2
            else:
                return end

    def _is_proper(self, i: int) -> bool:
        if self.words.at(i).isdigit():
            return self.words.at(i + 1) not in {"/", "-", "%", "."} and self.words.at(i + 1) not in {"ngày", "lần"}
        if not self.words.capital(i):
            return False
        length, kinds = self.known.heads.longest(self.words, i)
        return not (length > 1 and "not_bodies" not in kinds)

    def _bracket(self, i: int) -> int:
        """The end of a bracketed parent: "(Sở Nội vụ)"."""
        if self.words.at(i) != "(":
            return i
        body = self.body(i + 1)
        named = body is not None and body.kind in (FULL, HEADED) and self.words.at(body.end) == ")"
        return body.end + 1 if body and named else i
