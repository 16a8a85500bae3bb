"""The names of offices: known fields in any letters, unknown ones by their capitals ("Phòng Kinh tế - Hạ tầng")."""

from __future__ import annotations

import re

from normalizers.body_tails import OF, Tails

SEPARATORS = frozenset({",", ";", "và", "hoặc", "/", "&", "+", "cùng"})
_NAME_JOINTS = frozenset({",", "và", "-", "&", "/"})
_NUMBER = re.compile(r"\d+|[ivx]+", re.IGNORECASE)
_LONGEST_UNKNOWN = 6
_LONGEST_REST = 3
_OF_A_TRADE = ("chuyên", "ngành")
_ENDS_NAME = frozenset({"", ",", ";", ":", ".", ")"})
PREVENTING = ("phòng", ",", "chống")
"""The two words of one work, as in "Khoa Phòng, chống bệnh truyền nhiễm"."""
_SMALL = """
    sớm luôn đều vẫn cũng đã đang sẽ không chưa chỉ còn thì mà này đó trên dưới nêu mình ngay hiện lại nữa được bị do
    vì khi nếu về cho từ đến tới vào ra lên xuống theo tại ở trong ngoài qua bằng để nhằm là có phải cần nên hết biết
    làm như cùng sau trước nhất rồi
"""
SMALL_WORDS = frozenset(_SMALL.split())
"""Words with which a clause goes on, not a name."""


class Names(Tails):
    """Reads the name behind a head ("Sở |Văn hóa, Thể thao và Du lịch")."""

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
        if self.words.low[i : i + 3] == PREVENTING and self.words.capital(i):
            return self._unknown(i + 2)
        end = i
        while True:
            known = self.known.domains.longest(self.words, end)[0]
            if self._office_here(end, known):
                return end
            sure = self.words.capital(end if end > i else i - 1) or not self._is_predicate(end)
            sure = sure or self.words.capital(end) or (known > 0 and self._ends_name(end + known))
            if known and sure and not self._level_here(end):
                end += known
            elif self._unknown_here(end, i):
                end = self._unknown(end)
            else:
                return self._rest(end) if end > i and self.words.capital(i) else end

    def _rest(self, i: int) -> int:
        """The end of two or three small words that a known field goes on with ("Quản lý |chuyên ngành| chủ trì").

        Only where the verb that shows a body to act, or a sign, stands behind them; `i` where none does.
        """
        end = i
        if self.words.low[end : end + 2] == _OF_A_TRADE:
            end += 2
        while end - i < _LONGEST_REST and self._goes_on(end) and not self._opens_other(end):
            end += 1
        shown = self.words.at(end) in _ENDS_NAME or self.known.acts.longest(self.words, end)[0] > 0
        return end if end - i >= 2 and shown else i

    def _opens_other(self, i: int) -> bool:
        """Whether a small word, a quantifier or another body stands here, with which no name goes on."""
        known = self.known
        other = known.heads.longest(self.words, i)[0] or known.quantifiers.longest(self.words, i)[0]
        return bool(other) or self.words.at(i) in SMALL_WORDS

    def _ends_name(self, i: int) -> bool:
        """Whether nothing stands at `i` on which a verb could act: the end, or a place."""
        return i >= len(self.words) or self._place(i) > i

    def _office_here(self, i: int, known: int) -> bool:
        """Whether a whole office stands here, whose first word is also a field: "VP |Đảng ủy"."""
        length, kinds = self.known.heads.longest(self.words, i)
        return "full" in kinds and length > known

    def _level_here(self, i: int) -> bool:
        length = self.known.levels.longest(self.words, i)[0]
        return length > self.known.domains.longest(self.words, i)[0]

    def _unknown_here(self, i: int, first: int) -> bool:
        word = self.words.at(i)
        if not self.words.capital(i) or self.known.levels.longest(self.words, i)[0]:
            return bool(_NUMBER.fullmatch(word)) and i > 0 and word.isdigit() and i == first
        if i > first and self.known.predicates.longest(self.words, i)[0] > 1:
            return False
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
        if not word.isalpha() or self.words.capital(i) or word in SEPARATORS or word in OF:
            return False
        if self._is_predicate(i) or self._level_here(i):
            return False
        field = self.known.domains.longest(self.words, i)[0] > 1  # "tệ nạn |xã hội"
        return (field or not self.known.modifiers.longest(self.words, i)[0]) and word not in {
            "trực",
            "liên",
            "tại",
            "với",
            "như",
        }
