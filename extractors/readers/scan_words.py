"""Words read by OCR → pieces of lines in points, what was read out of seals and signatures set apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from extractors.readers.misprints import settled
from extractors.readers.ocr import OcrWord
from extractors.readers.page_image import Picture
from extractors.readers.pieces import Piece
from extractors.readers.runs import PIECE_GAP
from normalizers.fold import fold
from schemas.source import BBox, Noise, Word

ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdfghjklmnpqrstvwxz]"
SYLLABLE = re.compile(rf"^(?:{ONSET})?[aeiouy]{{1,3}}(?:ch|ng|nh|[cmnpt])?$")
# "49/KH-UBND", "11/12/2025", "UBND", "(1)", "a)", "II.", "100%", "-".
OTHER_TOKEN = re.compile(
    r"^[\W_]*(?:[\d.,/:%-]*\d[\d.,/:%-]*[a-zđ]{0,3}|[A-ZĐÂĂÊÔƠƯ&./-]{2,}|[ivxlc]+|[a-zđ])[\W_]*$", re.I
)
SIGN = re.compile(r"^(?:[-–—_+•*./:;,()\"“”…]|\./\.)+$")
EDGE = re.compile(r"^[^\w]+|[^\w]+$")
SURE, DOUBTFUL = 60.0, 35.0
RED_SHARE = 0.04
ODD_HEIGHT = 1.8
# What specks, rules and strokes are read as: never printed by themselves, nor at the edge of a word.
SPECK = re.compile(r"^[_|~^`´ˆ˙¬¦°‡†'‘’\"“”„‚\\{}<>«»‹›\[\]=#*¿¡]+$")
LONE_SIGN = re.compile(r"^[.,:;!?]{1,2}$")
SPECKLED = re.compile(r"^[|~^`´ˆ˙¬¦‡†\\¿¡]+|[|~^`´ˆ˙¬¦‡†\\¿¡]+$")
# What OCR makes of the dash before an item.
MISREAD_DASH = re.compile(r"^(?:[_—–~¬]|[~_'`.¬]-)$")


@dataclass(frozen=True, slots=True)
class Scale:
    """How dots of a picture become points of a page; `lean` is how far its lines fall per dot, round `middle`."""

    x: float
    y: float
    left: float = 0.0
    top: float = 0.0
    lean: float = 0.0
    middle: tuple[float, float] = (0.0, 0.0)

    def straight(self, box: tuple[int, int, int, int]) -> BBox:
        """The box in points as it would stand if the page did not lean."""
        across = ((box[0] + box[2]) / 2 - self.middle[0]) * self.lean * self.y
        down = ((box[1] + box[3]) / 2 - self.middle[1]) * self.lean * self.x
        found = self.box(box)
        return BBox(found.x0 + down, found.top - across, found.x1 + down, found.bottom - across)

    def box(self, box: tuple[int, int, int, int]) -> BBox:
        """The box in points."""
        return BBox(
            self.left + box[0] * self.x,
            self.top + box[1] * self.y,
            self.left + box[2] * self.x,
            self.top + box[3] * self.y,
        )


def pieces_of(
    words: Sequence[OcrWord], scale: Scale, red: Picture | None = None, *, in_cell: bool = False
) -> list[Piece]:
    """The words as pieces of lines, cut at wide gaps, and where junk stands at their ends or between them.

    Nobody signs in the cell of a table: there only signs that are no writing are junk (`in_cell`).
    """
    made: list[Piece] = []
    for _, line in groupby(words, key=lambda word: word.line):
        specks, rest = _parted(list(line))
        for column in _columns(rest) if rest else []:
            for noise, run in [(None, column)] if in_cell else _runs(column, red):
                made.append(_piece(run, scale, noise))
        made += [_piece([word], scale, Noise.HANDWRITING) for word in specks]
    return made


def _parted(line: list[OcrWord]) -> tuple[list[OcrWord], list[OcrWord]]:
    """(specks read as signs that no plan prints by themselves, the rest without such signs at its words' edges)."""
    specks = [word for at, word in enumerate(line) if _is_speck(word, first=at == 0 and len(line) > 1)]
    rest = [word for word in line if word not in specks]
    return specks, [replace(word, text=SPECKLED.sub("", word.text) or word.text) for word in rest]


def _is_speck(word: OcrWord, first: bool) -> bool:
    """Whether the word is a sign that is never printed alone; what opens a line may be a dash."""
    if first and MISREAD_DASH.match(word.text):
        return False
    return bool(SPECK.match(word.text)) or (word.confidence < SURE and bool(LONE_SIGN.match(word.text)))


def _columns(line: list[OcrWord]) -> list[list[OcrWord]]:
    """The words cut where a wide gap lies, or where the engine jumps back to the left to another column."""
    columns: list[list[OcrWord]] = []
    height = sorted(word.box[3] - word.box[1] for word in line)[len(line) // 2]
    wide = max(PIECE_GAP * height, 1)
    for word in line:
        gap = word.box[0] - columns[-1][-1].box[2] if columns else 0
        jumps = bool(columns) and word.box[2] < columns[-1][0].box[0] - wide
        if columns and gap <= wide and not jumps:
            columns[-1].append(word)
        else:
            columns.append([word])
    return columns


def _runs(words: list[OcrWord], red: Picture | None) -> Iterable[tuple[Noise | None, list[OcrWord]]]:
    """The words between the junk at both ends; junk in the middle stays, in doubt, where it stands."""
    kinds = _kinds(words, red)
    first = next((at for at, kind in enumerate(kinds) if kind is None), len(words))
    last = len(words) - next((at for at, kind in enumerate(kinds[::-1]) if kind is None), 0)
    for noise, run in ((kinds[0], words[:first]), (None, words[first:last]), (kinds[-1], words[max(last, first) :])):
        if run:
            yield noise, run


def _kinds(words: list[OcrWord], red: Picture | None) -> list[Noise | None]:
    """Why each word is none; a doubtful word in a line of good ones, and as high as they are, is kept."""
    kinds = [_junk(word, red) for word in words]
    if sum(kind is not None for kind in kinds) * 2 >= len(kinds):
        return kinds
    heights = sorted(word.box[3] - word.box[1] for word in words)
    usual = heights[len(heights) // 2]
    return [
        None if kind is Noise.HANDWRITING and word.box[3] - word.box[1] < ODD_HEIGHT * usual else kind
        for word, kind in zip(words, kinds, strict=True)
    ]


def _junk(word: OcrWord, red: Picture | None) -> Noise | None:
    """Why a word is none: no syllable of Vietnamese and hardly sure of itself, or read out of red ink."""
    syllable, token = _is_syllable(word.text), _is_token(word.text)
    if (syllable and word.confidence >= DOUBTFUL) or word.confidence >= SURE:
        return None
    if red is not None and not syllable and _red_share(word, red) > RED_SHARE:
        return Noise.STAMP
    least = DOUBTFUL / 3 if syllable or token else DOUBTFUL
    return None if word.confidence >= least else Noise.HANDWRITING


def _is_syllable(text: str) -> bool:
    """Whether the text is made of what could be syllables of Vietnamese."""
    core = EDGE.sub("", text)
    parts = [part for part in re.split(r"[-/]", fold(core)) if part]
    return bool(parts) and all(SYLLABLE.match(part) for part in parts)


def _is_token(text: str) -> bool:
    """Whether the text is a number, an abbreviation, a marker or a sign."""
    return bool(OTHER_TOKEN.match(text) or SIGN.match(text))


def _red_share(word: OcrWord, red: Picture) -> float:
    left, top, right, bottom = word.box
    area = red[max(top, 0) : bottom, max(left, 0) : right]
    return float((area > 0).mean()) if area.size else 0.0


def _piece(words: list[OcrWord], scale: Scale, noise: Noise | None) -> Piece:
    made = tuple(Word(word.text, scale.box(word.box), word.confidence, word.other) for word in words)
    boxes = [scale.straight(word.box) for word in words]
    box = BBox(
        min(one.x0 for one in boxes),
        min(one.top for one in boxes),
        max(one.x1 for one in boxes),
        max(one.bottom for one in boxes),
    )
    letters = sum(len(word.text) for word in made)
    confidence = sum(len(word.text) * (word.confidence or 0.0) for word in made) / letters
    texts = [word.text for word in made]
    if len(texts) > 1 and MISREAD_DASH.match(texts[0]):
        texts[0] = "-"
    text = settled(" ".join(texts))
    return Piece(text, box, box.bottom - box.top, False, round(confidence, 1), made, noise)
