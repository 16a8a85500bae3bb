"""Lines taken apart into places for the decoder, and words put back as edits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from normalizers.restore.evidence import Reason, WordEvidence
from normalizers.restore.reading import Place
from normalizers.restore.tokens import Token, TokenKind, tokens
from schemas.source import Edit

Sure = tuple[int, int, float]
"""A place in a line (start, end) and how sure OCR was of it, 0–100."""
_CHUNK = re.compile(r"\S+")
_END = Token(TokenKind.BREAK, 0, 0, "")


@dataclass(frozen=True, slots=True)
class Passage:
    """The lines of one kind of damage as places, a break where a paragraph or another kind begins.

    `pages` has the page (or run of lines) of each line.
    """

    lines: Sequence[str]
    pages: Sequence[int]
    places: tuple[Place, ...]

    @classmethod
    def of(
        cls,
        lines: Sequence[str],
        pages: Sequence[int],
        chosen: Sequence[int],
        new_paragraph: Sequence[bool] | None,
        sure: Mapping[int, Sequence[Sure]],
    ) -> Passage:
        """The passage of the chosen lines; `sure` says by line how sure OCR was of what stands where."""
        places: list[Place] = []
        last = -1
        for number in chosen:
            begins = new_paragraph[number] if new_paragraph else _ends_paragraph(lines, number)
            if places and (begins or number != last + 1 or _changes_case(lines, number)):
                places.append(Place(number, _END, False))
            places.extend(_places(lines[number], number, sure.get(number, ())))
            last = number
        return cls(lines, pages, tuple(places))


def goes_on(line: str) -> bool:
    """Whether a line begins in the middle of a sentence: no paragraph begins with a small letter.

    Behind a blank line, too: in a text of double spacing every line has one in front of it.

    >>> goes_on("lòng của người dân"), goes_on("Căn cứ Luật")
    (True, False)
    """
    return line.lstrip()[:1].islower()


def _ends_paragraph(lines: Sequence[str], number: int) -> bool:
    """Whether a line is blank and stands between two paragraphs."""
    return not lines[number].strip() and not any(goes_on(line) for line in lines[number + 1 : number + 2])


def _changes_case(lines: Sequence[str], number: int) -> bool:
    """Whether a line of capitals stands next to one of small letters: a heading, not the same sentence."""
    above, here = lines[number - 1], lines[number]
    return above.isupper() != here.isupper()


def _places(line: str, number: int, sure: Sequence[Sure]) -> list[Place]:
    found: list[Place] = []
    last = -2
    for token in tokens(line):
        glued = token.start == last + 1 and line[last] == " "
        known = [value for start, end, value in sure if start < token.end and end > token.start]
        found.append(Place(number, token, glued, min(known, default=None)))
        last = token.end
    return found


def edits_of(words: Sequence[WordEvidence]) -> tuple[Edit, ...]:
    """The edits of a line by its words that changed."""
    return tuple(
        Edit(word.start, word.end, word.source, word.chosen, word.reason.value, round(word.posterior, 4))
        for word in words
        if word.changed
    )


def chunk_edits(source: str, final: str, reason: Reason, found: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits from a source line in another encoding to the final line, word by word where the words agree."""
    before, after = list(_CHUNK.finditer(source)), list(_CHUNK.finditer(final))
    if len(before) != len(after):
        score = min((edit.score for edit in found), default=1.0)
        return (Edit(0, len(source), source, final, reason.value, score),) if source != final else ()
    gaps = zip(_CHUNK.split(source), _CHUNK.split(final), strict=True)
    if any(old != new for old, new in gaps):
        return (Edit(0, len(source), source, final, reason.value),)
    return tuple(
        Edit(old.start(), old.end(), old.group(), new.group(), reason.value)
        for old, new in zip(before, after, strict=True)
        if old.group() != new.group()
    )
