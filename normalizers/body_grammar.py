"""The grammar of a body: quantifier, head, name, and the tail that says which one it is; and lists of bodies."""

from __future__ import annotations

from normalizers.body_lexicon import Words
from normalizers.body_names import PREVENTING, SEPARATORS, Names
from normalizers.body_tails import ABSTRACT, FULL, GENERIC, HEADED, HOLDER, OF, STAFF, Reading

__all__ = ["ABSTRACT", "FULL", "GENERIC", "HEADED", "HOLDER", "SEPARATORS", "STAFF", "Grammar", "Reading"]

_AGENCY_CLASSES = ("cơ quan ngang bộ", "cơ quan thuộc chính phủ")
_WEAK_ALONE = frozenset({"tổ chức", "cá nhân", "cơ sở", "lực lượng"})
_LONGEST_POST = 10
"""Words of a person's post, which nobody can list."""
_LONGEST_PURPOSE = 14
_TITLED = frozenset({"phòng", "ban", "trạm", "tổ", "đội", "khoa", "trưởng", "viện", "đoàn"})
"""Kinds of offices that close a title: "Trưởng phòng", "Phó trưởng ban", "Trưởng trạm"."""


_DEEPEST = 30
"""Bodies within bodies ("… thuộc … của …"): no name nests deeper, only a text that repeats itself does."""


class Grammar(Names):
    """Reads bodies out of one text."""

    _depth = 0

    # Bodies and lists of them

    def body(self, i: int) -> Reading | None:
        """The longest body that begins at word `i`, or None."""
        if i in self._read:
            return self._read[i]
        if self._depth >= _DEEPEST:
            return None
        self._depth += 1
        try:
            self._read[i] = self._body(i)
        finally:
            self._depth -= 1
        return self._read[i]

    def unnamed(self) -> bool:
        """Whether the text ends in a head whose name is still to come ("Văn phòng", "UBND xã, Ban Quản lý")."""
        listed = self.bodies(0)
        if not listed or listed[-1].end < len(self.words):
            return False
        head = self.quantified(listed[-1].start)
        length, kinds = self.known.heads.longest(self.words, head)
        return head + length == len(self.words) and "headed" in kinds and not {"full", "holders"} & kinds

    def _body(self, i: int) -> Reading | None:
        head = self.quantified(i)
        person = self._person(head)
        if person:
            return Reading(i, person, HOLDER)
        length, kinds = self._head(head)
        if not length or "not_bodies" in kinds:
            return None
        read = self._by_kind(i, head, length, kinds)
        return read if read and read.end > head else None

    def _head(self, i: int) -> tuple[int, frozenset[str]]:
        """The length and the kinds of the head at `i`; "Khoa |Phòng, chống bệnh truyền nhiễm" is no "khoa phòng"."""
        length, kinds = self.known.heads.longest(self.words, i)
        if length > 1 and self.words.low[i + length - 1 : i + length + 2] == PREVENTING:
            return self.known.heads.longest(Words.of(self.words.span(i, i + length - 1)), 0)
        return length, kinds

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

    def verb(self, i: int) -> bool:
        """Whether a verb stands at word `i` that is no field of an office ("thúc đẩy", not "xây dựng")."""
        return self._is_predicate(i) and not self.known.domains.longest(self.words, i)[0]

    def _headless(self, body: Reading) -> list[Reading]:
        """The body and those behind it whose head the list leaves out: "Sở Tài chính, Nội vụ", "các sở: Y tế, …"."""
        length, kinds = self.known.heads.longest(self.words, head := self.quantified(body.start))
        if not length or not {"headed", "generic"} & kinds:
            return [body]
        implied = self.words.span(head, head + length)
        found = [body]
        if body.end == head + length and self.words.at(body.end) == ":":
            name = self._field_name(body.end + 1)
            if name is None:
                return [body]
            if self.separated(name) is None:
                return [body]  # "Các trường học: |Tổ chức bàn giao": one name is no list, but what they do
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

    def _by_kind(self, start: int, head: int, length: int, kinds: frozenset[str]) -> Reading | None:
        after = head + length
        if "staff" in kinds and (read := self._staff(start, after)):
            return read
        if "full" in kinds:
            named = self._proper(after) if self.words.capital(after) and self._place(after) == after else after
            return Reading(start, self._of_offices(self._tails(named)), FULL)
        if "purposed" in kinds and (purpose := self._purpose(after)) > after:
            return Reading(start, self._tails(purpose), HEADED)
        if "headed" in kinds and (name := self._name(after)) > after:
            return Reading(start, self._tails(name), HEADED)
        if "purposed" in kinds and (team := self._team(after)) > after:
            return Reading(start, self._tails(team), HEADED)
        if "holders" in kinds and (read := self._holder(start, head, after)):
            return read
        if {"generic", "abstract"} & kinds and (read := self._group(start, head)):
            return read
        if "headed" in kinds:
            return self._bare(start, head, after)
        return None

    def _of_offices(self, i: int) -> int:
        """The end of the offices that a whole name belongs to: "Công đoàn |các doanh nghiệp"."""
        if self.words.at(i) != "các" or self._place(i) > i:
            return i
        body = self.body(i)
        return body.end if body and body.kind == GENERIC else i

    def _bare(self, start: int, head: int, after: int) -> Reading | None:
        """A head without a name: "Văn phòng Sở", "Đoàn xã", "các tổ", "Trung tâm" with a capital."""
        end = self._tails(after)
        counted = start < head or self.words.capital(head)
        if end > after or (counted and " ".join(self.words.low[head:after]) not in self.known.never_bare):
            return Reading(start, end, HEADED)
        return None

    def _staff(self, start: int, after: int) -> Reading | None:
        if self.words.capital(after) and self.known.domains.longest(self.words, after)[0]:
            name = self._name(after)  # "công chức Tư pháp - Hộ tịch": one office, not staff in general
            return Reading(start, self._tails(name), HOLDER)
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
        if end == after and (head_of := self._heads_office(after)):
            end = head_of
        if end == after:
            end = self._tails(after)
        end = self._in_charge(end)
        alone = after - head >= 2 or self.words.capital(head)
        if end == after and not (alone or start < head):
            return None
        if end == after and self.words.at(head) in {"lãnh", "đại", "thường", "thành"}:
            return None if start == head else Reading(start, end, HOLDER)
        return Reading(start, self._second_office(self._bracket(self._named(end))), HOLDER)

    def _second_office(self, i: int) -> int:
        """The end of the office that one holds besides: "Chủ tịch UBND xã| - Trưởng ban", "…|, ủy viên:"."""
        if self.words.low[i : i + 4] in {(",", "ủy", "viên", ":"), (",", "thành", "viên", ":")}:
            return i + 3
        body = self.body(i + 1) if self.words.at(i) == "-" and self.words.capital(i + 1) else None
        return body.end if body and body.kind == HOLDER else i

    def _heads_office(self, i: int) -> int:
        """The end of the office in a title that names its kind: "Trưởng phòng |Kinh tế"; 0 where it names none."""
        if self.words.at(i - 1) not in _TITLED or not self.words.capital(i):
            return 0
        name = self._name(i)
        return self._tails(name) if name > i else 0

    def _in_charge(self, i: int) -> int:
        """The end of "phụ trách văn hóa - xã hội" behind an office holder, `i` where no field follows."""
        if self.words.low[i : i + 2] != ("phụ", "trách"):
            return i
        j = i + 4 if self.words.low[i + 2 : i + 4] == ("lĩnh", "vực") else i + 2
        known = self.known.domains.longest(self.words, j)[0]
        return max(self._name(j), j + known) if known else i

    def _held(self, i: int) -> int:
        """The end of the office held: a body, or a list of kinds of offices ("Thủ trưởng các sở, ban, ngành")."""
        if self.words.at(i) == "của":
            i += 1
        if self.words.at(i).isdigit() and (counted := self.known.levels.longest(self.words, i + 1)[0]):
            return i + 1 + counted  # "Chi hội trưởng |12 thôn"
        body = self.body(i)
        if body is None and self.words.capital(i) and "headed" in self._head(i)[1]:
            return i + self._head(i)[0]  # "Chủ tịch |Hội", "Giám đốc |Sở"
        if body is None or body.kind == STAFF:
            return i if self.words.at(i - 1) != "của" else i - 1
        end = body.end
        while self._is_class(body) and (after := self.separated(end)) is not None:
            following = self.body(after)
            if following is None or not self._is_class(following) or self.quantified(after) != after:
                break
            end = following.end
        return end

    def _is_class(self, body: Reading) -> bool:
        said = " ".join(self.words.low[self.quantified(body.start) : body.end])
        return body.kind in (GENERIC, ABSTRACT) or said.startswith(_AGENCY_CLASSES)

    def _named(self, i: int) -> int:
        """The end of a person's name behind an office ("Chủ tịch UBND xã Nguyễn Văn A")."""
        j = i
        while self.words.capital(j) and not self.known.heads.longest(self.words, j)[0]:
            j += 1
        return j if j - i >= 2 else i

    def _person(self, i: int) -> int | None:
        """The end of "[đồng chí] Nguyễn Văn A - Phó Chủ tịch UBND xã": a person before the office."""
        comrade = self.words.at(i - 1) == "chí" or self.words.low[max(i - 3, 0) : i] == ("đ", "/", "c")
        if i == 0 or not (comrade or self.words.at(i - 1) in {"ông", "bà"}):
            return None
        end = self._named(i)
        if end == i and comrade and self._called(i):
            end = i + 1
        if end == i:
            return None
        while self.words.at(end) in {"-", ","}:
            office = self.body(end + 1)
            if office is None or office.kind not in (HOLDER, STAFF):
                break
            end = office.end
        return self._post(end)

    def _post(self, i: int) -> int:
        """The end of an unknown post behind a person, `i` where none comes.

        Up to a colon ("Đ/c Mai| - UV BTV:"), behind a dash also up to the end ("Phụ trách: đ/c Mai| - UV BTV.").
        """
        if self.words.at(i) not in {"-", "–", ","} or self.body(i + 1) is not None:
            return i
        for j in range(i + 1, min(i + _LONGEST_POST, len(self.words) + 1)):
            if self.words.at(j) == ":" or (self.words.at(j) in {"", ".", ";"} and self.words.at(i) != ","):
                return j if j > i + 1 else i
            if self._is_predicate(j) or not (self.words.at(j).isalnum() or self.words.at(j) in {"-", ","}):
                break
        return i

    def _called(self, i: int) -> bool:
        """Whether a person is called by one name: "đồng chí Lan"."""
        return self.words.capital(i) and not self.known.heads.longest(self.words, i)[0]

    def _purpose(self, i: int) -> int:
        """The end of what a committee is for, up to its place or the verb behind; `i` where neither comes."""
        for j in range(i, min(i + _LONGEST_PURPOSE, len(self.words) + 1)):
            if self._place(j) > j or self.known.acts.longest(self.words, j)[0]:
                return j
            if not (self.words.at(j).isalnum() or self.words.at(j) == "-") or self.words.at(j) in OF:
                return i
        return i

    def _team(self, i: int) -> int:
        """The end of the one work that a team is named by: "Tổ |hỗ trợ| tổng hợp kết quả"; `i` where it does it."""
        end = i + self.known.works.longest(self.words, i)[0]
        named = end > i and (self._is_predicate(end) or self.words.at(end) in {":", ""})
        return end if named else i

    # Kinds of offices

    def _group(self, start: int, head: int) -> Reading | None:
        """A run of kinds of offices: "các sở, ban, ngành, đoàn thể thành phố"."""
        members: list[str] = []
        end = head
        while length := self._member(end):
            if members and self.words.at(end - 1) not in SEPARATORS and self.words.at(end) == "tổ":
                break  # "các sở, ngành |tổ chức hội thảo"
            members.append(" ".join(self.words.low[end : end + length]))
            end += length
            if members[0] in self.known.alone:
                break
            after = self.separated(end)
            if after is not None and self._member(after) and self.words.at(end) not in {";", "+", "cùng"}:
                end = after
        if not members:
            return None
        end = self._schools(end, members[-1].removeprefix("trường "))
        tailed = self._tails(self._counted(end), generic=True)
        if not self._stands(members, start < head, tailed > end, head):
            return None
        abstract = all(self._is_abstract(member) for member in members) and (len(members) == 1 or start == head)
        plural = start < head and not set(members) <= {"chính quyền", "nhà nước"}
        return Reading(start, tailed, ABSTRACT if abstract and not plural else GENERIC)

    def _counted(self, i: int) -> int:
        """The end of a number behind a kind of office: "Tổ dân phố |số 5"."""
        return i + 2 if self.words.at(i) == "số" and self.words.at(i + 1).isdigit() else i

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
