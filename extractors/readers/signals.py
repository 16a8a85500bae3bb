"""What a page's text layer is worth, from the letters in it: Vietnamese, foreign OCR, an old encoding, or nothing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

ONLY_VIETNAMESE = frozenset("ảạằắẳẵặầấẩẫậẻẽẹềếểễệỉịỏọồốổỗộờớởỡợủụừứửữựỷỹỵơưđ")
# Frequent syllables that a page without Vietnamese marks cannot show.
STOP_WORDS = """
của và các thực hiện ủy uỷ nhân dân kế hoạch công tác trên địa bàn xã phường thành phố tỉnh năm định cơ đơn vị về
việc với được để đến từ số ngày tháng tổ chức là những này chính nhiệm vụ nghị quyết quản lý nước cán bộ đảng phòng
ở có phối hợp triển nội dung tại không người phát
"""
STOP = frozenset(unicodedata.normalize("NFC", STOP_WORDS).split())
# Letters and symbols that TCVN3 and VNI put in the place of Vietnamese ones: "CéNG HßA", "COÄNG HOØA".
LEGACY = frozenset("¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹»¼½¾ÆÇÈÉÊËÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßäåæçëîïðñöø÷ûüþÿÄÅ")
SYMBOL_IN_WORD = re.compile(r"\w[¡-¿×÷]+\w|\w[¡-¿×÷]+\b|\b[¡-¿×÷]+\w")
PRIVATE = re.compile("[\ue000-\uf8ff\ufffd]|\\(cid:\\d+\\)")
SYLLABLE = re.compile(r"[^\W\d_]+")


# Of a page without text; less is an emblem or a rule.
SOME_PICTURE = 0.1
# Letters and digits: the shortest typed page of the measured set has 381.
FEW_CHARS, FEWER_CHARS = 250, 100


class PageClass(StrEnum):
    """What to do with a page: take its text, read its picture, or ask which of both is better."""

    GOOD = "good"
    NONE = "none"
    GARBAGE = "garbage"
    UNMARKED = "unmarked"
    """No Vietnamese letters and no picture to read instead: left to restoration."""
    LEGACY = "legacy"
    AMBIGUOUS = "ambiguous"
    STAMPED = "stamped"
    """A picture with a few typed words on it, such as a number and a day: both are read."""


@dataclass(frozen=True, slots=True)
class Signals:
    """Counts and shares, each 0–1 except `chars`; see the thresholds in `page_class`."""

    chars: int
    vietnamese: float
    stop: float
    legacy: float
    symbols_in_words: float
    private: float

    @property
    def worth(self) -> float:
        """How much the text looks like Vietnamese; two readings of one page can be compared by it."""
        return self.vietnamese + self.stop


def signals(text: str) -> Signals:
    """The signals of a text.

    >>> signals("Ủy ban nhân dân xã ban hành Kế hoạch năm 2026").stop > 0.5
    True
    """
    text = unicodedata.normalize("NFC", text)
    lower = text.lower()
    words = SYLLABLE.findall(lower)
    # Counted by kind of character: a page has thousands of them, and some eighty kinds.
    counts, small = Counter(text), Counter(lower)
    letters = sum(count for char, count in small.items() if char.isalpha() or char in LEGACY)
    chars = sum(count for char, count in counts.items() if char.isalnum())
    return Signals(
        chars=chars,
        vietnamese=_share(sum(small[char] for char in ONLY_VIETNAMESE), letters),
        stop=_share(sum(word in STOP for word in words), len(words)),
        legacy=_share(sum(counts[char] for char in LEGACY), letters),
        symbols_in_words=_share(len(SYMBOL_IN_WORD.findall(text)), len(words)),
        private=_share(len(PRIVATE.findall(text)), max(chars, 1)),
    )


def page_class(found: Signals, image_cover: float, invisible: float = 0.0, drawn: bool = False) -> PageClass:
    """The class of a page from its signals, the share of the page under a picture, and of its text that is unseen.

    `drawn` says that there are shapes enough to be letters turned into outlines.

    The thresholds lie far from every page of the measured set (typed, scanned, foreign OCR layer, TCVN3, VNI).
    """
    pictured = image_cover >= 0.8 or invisible >= 0.9
    if found.chars < 20:
        return PageClass.NONE if image_cover >= SOME_PICTURE or drawn else PageClass.GOOD
    if is_legacy(found):
        return PageClass.LEGACY
    if found.private > 0.01:
        return PageClass.AMBIGUOUS
    vietnamese = found.vietnamese >= 0.10 and found.stop >= 0.15
    if image_cover >= 0.8 and invisible < 0.5 and found.chars < (FEW_CHARS if vietnamese else FEWER_CHARS):
        return PageClass.STAMPED
    if vietnamese:
        return PageClass.GOOD
    if found.vietnamese < 0.05 and found.stop < 0.12:
        return PageClass.GARBAGE if pictured else PageClass.UNMARKED
    return PageClass.AMBIGUOUS if pictured else PageClass.GOOD


def is_legacy(found: Signals) -> bool:
    """Whether the text is Vietnamese of an old encoding shown as Latin letters."""
    return found.vietnamese < 0.02 and found.legacy >= 0.035


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
