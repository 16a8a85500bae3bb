"""Slips of Vietnamese OCR, measured page by page: what was read of poor pages before and after their repair.

Part of `make accuracy-restore`, alone `make accuracy-slips`.
The pages are of plans that no part of the model was built from, with damages that
its training pages do not have; they are enlarged and read as the readers do it, with the confidence of each word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from normalizers.build.render import TESTING, Look, Read, damaged_page, ocr_words
from normalizers.build.texts import Score, score, syllables
from normalizers.restore import Restoration, Restorer
from normalizers.restore.alphabet import bare
from normalizers.restore.lines import Sure
from schemas.restored import Damage

READ_AT = 225
"""Dots an inch to which the readers enlarge smaller pages."""
_FONTS = ("tinos", "arimo", "dejavu-serif")
_DPI = (150, 120, 100)
_ALIKE = 0.6
"""Of their letters without marks: runs of words so like each other differ in their spaces."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was printed, what was read, and how sure OCR was of each word (by line)."""

    name: str
    truth: str
    lines: list[str]
    sure: dict[int, list[Sure]]


def poor_pages(texts: Sequence[Sequence[str]]) -> Iterator[Page]:
    """Yield one page of each text (its printed lines); fonts, dots an inch and damages go round."""
    damages = list(TESTING)
    for number, lines in enumerate(texts):
        look = Look(_FONTS[number % 3], 13, _DPI[number // 3 % 3], damages[number % len(damages)])
        page, middles = damaged_page(lines, look)
        factor = READ_AT / look.dpi
        enlarged = cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        read = ocr_words(
            np.asarray(enlarged, dtype=np.uint8), [middle * factor for middle in middles], READ_AT, "vie"
        )
        yield _page(look.name, lines, read)


def _page(name: str, lines: Sequence[str], read: Sequence[Read]) -> Page:
    """The page without the lines of which nothing was read."""
    kept = [(line, words) for line, words in zip(lines, read, strict=True) if words]
    texts, sure = [], {}
    for number, (_, words) in enumerate(kept):
        place, spans = 0, []
        for word, confidence in words:
            spans.append((place, place + len(word), confidence))
            place += len(word) + 1
        texts.append(" ".join(word for word, _ in words))
        sure[number] = spans
    return Page(name, "\n".join(line for line, _ in kept), texts, sure)


def harmed(truth: str, restored: Restoration) -> tuple[int, int]:
    """(changes that put a wrong word right, changes that spoiled a right one)."""
    before, after = _right(truth, restored, "source"), _right(truth, restored, "chosen")
    changed = [number for number, word in enumerate(restored.words) if word.changed]
    mended = sum(after[number] and not before[number] for number in changed)
    return mended, sum(before[number] and not after[number] for number in changed)


def _right(truth: str, restored: Restoration, which: str) -> list[bool]:
    """For each word whether all its syllables stand in the truth at their place."""
    parts = [(part, number) for number, word in enumerate(restored.words) for part in syllables(getattr(word, which))]
    blocks = Levenshtein.opcodes(syllables(truth), [part for part, _ in parts]).as_matching_blocks()
    good = {block.b + step for block in blocks for step in range(block.size)}
    result = [True] * len(restored.words)
    for place, (_, number) in enumerate(parts):
        result[number] &= place in good
    return result


def kinds(truth: str, output: str) -> Counter[str]:
    """The wrong syllables of a page by what happened to them.

    >>> sorted(kinds("Ủy ban nhân dân xã giao việc", "Ủy bannhân dân xá giao A việc").items())
    [('glued or split', 2), ('misread', 1), ('out of dirt', 1)]
    """
    wanted, found = syllables(truth), syllables(output)
    counts: Counter[str] = Counter()
    for same, codes in groupby(Levenshtein.opcodes(wanted, found), lambda code: code.tag == "equal"):
        run = list(codes)
        left = wanted[run[0].src_start : run[-1].src_end]
        right = found[run[0].dest_start : run[-1].dest_end]
        if not same:
            counts += _kinds_of(left, right)
    return counts


def _kinds_of(left: list[str], right: list[str]) -> Counter[str]:
    """What happened where these words were printed and those were read."""
    both = min(len(left), len(right))
    alike = Levenshtein.normalized_similarity(bare("".join(left)), bare("".join(right)))
    if both and len(left) != len(right) and alike >= _ALIKE:
        return Counter({"glued or split": max(len(left), len(right))})
    return Counter({"misread": both, "not read": len(left) - both, "out of dirt": len(right) - both})


def report(pages: Sequence[Page], restorer: Restorer) -> None:
    """Print the errors before and after, with the confidences of OCR and without them."""
    for name, with_confidence in (("with confidences", True), ("as plain text", False)):
        raw, ours, mended, spoiled, below = Score(), Score(), 0, 0, 0
        was: Counter[str] = Counter()
        left: Counter[str] = Counter()
        for page in pages:
            restored = restorer.restore_lines(
                page.lines, [0] * len(page.lines), damage=Damage.OCR_SLIPS, sure=page.sure if with_confidence else {}
            )
            before, after = score(page.truth, restored.source), score(page.truth, restored.text)
            raw, ours = raw + before, ours + after
            found = harmed(page.truth, restored)
            mended, spoiled = mended + found[0], spoiled + found[1]
            below += after.errors > before.errors
            was, left = was + kinds(page.truth, restored.source), left + kinds(page.truth, restored.text)
        print(
            f"Vietnamese OCR of {len(pages)} poor pages, {name}: {raw.accuracy:.2f} → {ours.accuracy:.2f} % "
            f"of {raw.total} syllables, errors {raw.errors} → {ours.errors}; {mended} words put right, "
            f"{spoiled} spoiled, {below} pages below what was read"
        )
        print("  " + "; ".join(f"{kind}: {number} → {left[kind]}" for kind, number in was.most_common()))
