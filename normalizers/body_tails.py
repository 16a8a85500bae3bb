"""What may stand behind a body's head: its place or level, its parent, "liên quan", "được giao …"."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass

from normalizers.body_lexicon import Lexicon, Words, lexicon

FULL, HEADED, GENERIC, HOLDER, STAFF, ABSTRACT = "full", "headed", "generic", "holder", "staff", "abstract"
OF = frozenset({"thuộc", "của", "ở", "trong"})
_SHORT_LEVELS = frozenset({"thành", "thị"})  # "các huyện, thị, thành": only behind another level
_INTERNATIONAL = ("quốc", "tế")
_BRANCHES = frozenset({("chi", "nhánh"), ("cửa", "khẩu"), _INTERNATIONAL})
# The levels of schools, of which several are named with one head: "các trường mầm non, tiểu học, THCS".
_SCHOOLS = frozenset(
    {"mầm non", "mẫu giáo", "tiểu học", "thcs", "thpt", "trung học cơ sở", "trung học phổ thông", "trung học", "th"}
)
_PARTED_CLAUSES = frozenset({"", ".", ")", "và", "có", "chịu", ";", ":"})


_OWN_OFFICES = frozenset({"sở", "bộ", "cục", "viện", "trường", "ban"})


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


class Tails(ABC):
    """Reads what stands behind a body's head in one text."""

    def __init__(self, words: Words, known: Lexicon | None = None) -> None:
        self.words = words
        self.known = known or lexicon()
        self._read: dict[int, Reading | None] = {}

    @abstractmethod
    def body(self, i: int) -> Reading | None:
        """The longest body that begins at word `i`, or None."""

    @abstractmethod
    def _segment(self, i: int) -> int:
        """The end of one field of a name at `i`."""

    def quantified(self, i: int) -> int:
        """The word behind the quantifiers at `i` ("các", "mỗi", "100%")."""
        while length := self.known.quantifiers.longest(self.words, i)[0]:
            i += length
        return i

    def _tails(self, i: int, generic: bool = False) -> int:
        """The end of the words that say which office it is: place, level, parent, "liên quan", "được giao …"."""
        while True:
            end = self._place(i)
            if end == i and generic:
                end = self._modifier(i)
                end = self._schools(end, " ".join(self.words.low[i:end]))
            if end == i:
                end = self._parent(i)
            if end == i:
                end = self._related(i)
            if end == i:
                end = self._branch(i)
            if end == i:
                end = self._numbered(i)
            if end == i:
                end = self._bracket(i)
            if end == i:
                return i
            i = end

    def _numbered(self, i: int) -> int:
        """The end of "số 2" behind the name of an office that has several."""
        return i + 2 if self.words.at(i) == "số" and re.fullmatch(r"\d{1,2}", self.words.at(i + 1)) else i

    def _branch(self, i: int) -> int:
        """The end of "chi nhánh Khu vực 6", "cửa khẩu Lao Bảo": what says which of the branches it is."""
        words = self.words.low[i : i + 2]
        if words not in _BRANCHES:
            return i
        j = i + 2 if self.words.low[i + 2 : i + 4] != _INTERNATIONAL or words == _INTERNATIONAL else i + 4
        end = self._place(j)
        end = self._proper(j) if end == j else end
        return end if end > j else i

    def _schools(self, i: int, level: str) -> int:
        """The end of further levels of schools behind one ("mầm non|, tiểu học, THCS"); `i` where there is none."""
        if level not in _SCHOOLS:
            return i
        while self.words.at(i) in {",", "và", "/", "-", "&"}:
            end = self._modifier(i + 1)
            if " ".join(self.words.low[i + 1 : end]) not in _SCHOOLS:
                break
            i = end
        return i

    def _modifier(self, i: int) -> int:
        length, kinds = self.known.modifiers.longest(self.words, i)
        if not length:
            part = self.words.low[i : i + 2]
            clause = part in {("chủ", "trì"), ("phối", "hợp")} and self.words.at(i + 2) in _PARTED_CLAUSES
            return i + 2 if clause else i
        if self.words.capital(i) and "full" in self.known.heads.longest(self.words, i)[1]:
            return i
        longer = self.known.predicates.longest(self.words, i)[0]
        if "given" not in kinds and longer and longer >= length:
            return i
        return i + length

    def _related(self, i: int) -> int:
        for phrase in (
            ("có", "liên", "quan"),
            ("liên", "quan"),
            ("trực", "thuộc"),
            ("khác",),
            ("còn", "lại"),
            ("liên", "ngành"),
        ):
            if self.words.low[i : i + len(phrase)] == phrase and self.words.at(i + len(phrase)) != "đến":
                return i + len(phrase)
        on = i + 1 if self.words.at(i) == "đóng" else i
        on += 1 if on > i and self.words.at(on) == "quân" else 0
        if self.words.low[on : on + 3] == ("trên", "địa", "bàn"):
            return self._place(on + 3)
        length, kinds = self.known.modifiers.longest(self.words, i)
        return i + length if "given" in kinds else i

    def _parent(self, i: int) -> int:
        """The end of "thuộc Ủy ban nhân dân xã", "của tỉnh", "trực thuộc Trung ương"."""
        if self._own_office(i):
            return i + 1
        committee = self.words.capital(i) and self.words.low[i : i + 3] == ("ban", "chỉ", "đạo")
        if committee or "full" in self.known.heads.longest(self.words, i)[1]:
            body = self.body(i)
            return body.end if body else i + 1
        j = i + 1 if self.words.at(i) == "trực" else i
        if self.words.at(j) not in OF:
            return i
        body = self.body(j + 1)
        if body and body.kind != STAFF and (body.kind != ABSTRACT or self.words.at(j) != "trong"):
            return body.end
        place = self._place(j + 1)
        return place if place > j + 1 else i

    def _own_office(self, i: int) -> bool:
        """Whether an office stands behind its parts without a name: "Văn phòng Sở"."""
        if not self.words.capital(i) or self.words.at(i) not in _OWN_OFFICES:
            return False
        acts = not self.words.capital(i + 1) and self.known.predicates.longest(self.words, i + 1)[0] > 0
        return acts or self._segment(i + 1) == i + 1

    def _place(self, i: int) -> int:
        """The end of a level with its name: "xã Lương Minh", "các xã, phường", "cấp tỉnh", "Thành phố", "các cấp"."""
        j = self.quantified(i) if self.words.at(i) in {"các", "mỗi", "từng", "những"} else i
        if self.words.at(j) == "cấp":
            return self._rank(i, j)
        if self.words.low[j : j + 2] == ("cùng", "cấp"):
            return j + 2
        length = self._level(j)
        if not length or (length == 1 and self.words.at(j) in _SHORT_LEVELS):
            return i
        end = self._proper(j + length)
        while self.words.at(end) in {",", "và", "/", "hoặc"}:
            after = self.quantified(end + 1) if self.words.at(end + 1) == "các" else end + 1
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
        members = self.words.low[i : i + 2] == ("thành", "viên")  # no "thành" of "huyện, thị, thành"
        blocked = members or (head > length and bool({"not_bodies", "full", "headed"} & kinds))
        return 0 if blocked else length

    def _proper(self, i: int) -> int:
        """The end of a place's own name: capitals, numbers, a dash between them."""
        end = i
        while True:
            if self._is_proper(end):
                end += 1
            elif (end > i and self.words.at(end) == "-" and self._is_proper(end + 1)) or (
                self.words.at(end) == "số" and self.words.at(end + 1).isdigit()
            ):
                end += 2
            else:
                return end

    def _is_proper(self, i: int) -> bool:
        if self.words.at(i).isdigit():
            return self.words.at(i + 1) not in {"/", "-", "%", "."} and self.words.at(i + 1) not in {"ngày", "lần"}
        if not self.words.capital(i) or self.known.predicates.longest(self.words, i)[0] > 1:
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
