"""Sentences and phrases in one plain form, so that a phrase is found however it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from normalizers.fold import fold
from normalizers.unicode import tidy, tone_marks

_WORD = re.compile(r"[\w%]+")  # "100% hộ" has two
_SENTENCE = re.compile(r"[;!?]|(?<!\.)\.(?=\s|$)|\n")  # "a; b. C" has three sentences, "1.200 hộ, ... xã" one
_NUMBER = re.compile(r"0\d+")  # "01 lần" is "1 lần"
_LEXICON = Path(__file__).with_name("lexicon.yaml")
_MIN_SYLLABLES_TO_FOLD = 2
_MARKED_SHARE = 0.45
"""Under this share of syllables with marks a text has lost its marks; sound officialese has 0.6 to 0.9."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of every comparison: classes of acts and of bodies as phrases, propaganda, checking, general words."""

    acts: dict[str, tuple[Phrase, ...]]
    propaganda: tuple[Phrase, ...]
    checking: tuple[Phrase, ...]
    publish_plainly: tuple[Phrase, ...]
    general: tuple[Phrase, ...]
    bodies: dict[str, tuple[Phrase, ...]]


@dataclass(frozen=True, slots=True)
class Atom:
    """One run of syllables; `where` is "" for a row's own sentence, "#" heading too, "@" a class of bodies."""

    where: str
    key: str
    folded: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Runs of syllables that must all stand in one sentence, and the words to show."""

    atoms: tuple[Atom, ...]
    shown: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence between blanks: with marks, and folded where its marks were lost ("" where it has them)."""

    marked: str
    folded: str

    def holds(self, atom: Atom) -> bool:
        """Whether the run of syllables stands in the sentence."""
        return atom.key in self.marked or (atom.folded != "" and atom.folded in self.folded)

    def where(self, atom: Atom) -> int:
        """The offset of the run of syllables, -1 where it is not there."""
        return self.marked.find(atom.key)


@cache
def _data() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load(_LEXICON.read_text(encoding="utf-8"))
    return loaded


@cache
def _short() -> tuple[re.Pattern[str], dict[str, str]]:
    short = _data()["short"]
    return re.compile(rf"\b(?:{'|'.join(sorted(short, key=len, reverse=True))})\b"), short


@cache
def _same() -> tuple[tuple[str, str], ...]:
    return tuple((f" {_syllables(old)} ", f" {_syllables(new)} ") for old, new in _data()["same"].items())


def _syllables(text: str) -> str:
    words = _WORD.findall(tone_marks(tidy(text)).lower())
    return " ".join(str(int(word)) if _NUMBER.fullmatch(word) else word for word in words)


def spelled_out(text: str) -> str:
    """The text with its short forms spelled out.

    >>> spelled_out("công khai TTHC")
    'công khai thủ tục hành chính'
    """
    pattern, short = _short()
    return pattern.sub(lambda found: short[found.group()], text)


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """The syllables of a text between blanks: lower case, short forms spelled out, one spelling of each word.

    >>> plain("Hàng năm, UBND xã công khai TTHC (01 lần/tuần)")
    ' hằng năm ubnd xã công khai thủ tục hành chính 1 lần tuần '
    """
    padded = f" {_syllables(spelled_out(text))} "
    for old, new in _same():
        padded = padded.replace(old, new)
    return padded


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order; a text without words has none.

    >>> [one.marked for one in sentences("Đặt hòm thư góp ý; công khai phí.")]
    [' đặt hòm thư góp ý ', ' công khai phí ']
    """
    found = (plain(piece) for piece in _SENTENCE.split(text))
    return tuple(sentence(one) for one in found if one.strip())


def sentence(marked: str) -> Sentence:
    """The sentence of a plain text; folded only where it lost its marks.

    With its marks "tổng hợp báo cáo" is no "họp báo".

    >>> sentence(" tổng hợp báo cáo ").folded
    ''
    >>> sentence(" hop bao dinh ky ").folded
    ' hop bao dinh ky '
    """
    syllables = marked.split()
    with_marks = sum(not one.isascii() for one in syllables)
    return Sentence(marked, fold(marked) if with_marks < len(syllables) * _MARKED_SHARE else "")


@lru_cache(maxsize=16384)
def phrase(text: str) -> Phrase:
    """The phrase of its notation: " + " for "and", "#" for "heading too", "@" for a class of bodies.

    >>> [atom.key for atom in phrase("công khai + tại trụ sở").atoms]
    [' công khai ', ' tại trụ sở ']
    """
    return Phrase(tuple(_atom(piece.strip()) for piece in text.split(" + ")), text.replace("#", ""))


def _atom(text: str) -> Atom:
    where = text[0] if text[0] in "#@" else ""
    key = plain(text.removeprefix(where)) if where != "@" else text[1:]
    enough = where != "@" and len(key.split()) >= _MIN_SYLLABLES_TO_FOLD
    return Atom(where, key, fold(key) if enough else "")


def choices(text: str) -> tuple[str, ...]:
    """The choices of a group: "a|b" has two.

    >>> choices("phí|lệ phí")
    ('phí', 'lệ phí')
    """
    return tuple(piece.strip() for piece in text.split("|") if piece.strip())


@cache
def lexicon() -> Lexicon:
    """The words of every comparison, loaded once."""
    data = yaml.safe_load(_LEXICON.read_text(encoding="utf-8"))
    return Lexicon(
        {name: _phrases(text) for name, text in data["acts"].items()},
        _phrases(data["propaganda"]),
        _phrases(data["checking"]),
        _phrases(data["publish_plainly"]),
        _phrases(data["general"]),
        {name: _phrases(text) for name, text in data["bodies"].items()},
    )


def _phrases(text: str) -> tuple[Phrase, ...]:
    return tuple(phrase(one) for one in choices(text))
