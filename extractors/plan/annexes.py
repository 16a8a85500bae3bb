"""Annexes: their heads ("PHỤ LỤC I", "Biểu số 2") and the parts that they open."""

from __future__ import annotations

import re

from extractors.plan.sheet import Seen, Sheet, marker
from extractors.plan.title import ATTACHED
from schemas.plan import PartKind

Cut = tuple[int, PartKind, str | None]
"""From this line of the sheet on, the document is of this kind (and in this annex)."""

# "PHỤ LỤC", "Phụ lục I", "PHỤ LỤC SỐ 02: DANH MỤC", "Phụ lục 1 -"
_HEAD = re.compile(r"\W*phu\s+luc(?:\s+so)?(?:\s*:?\s*(?P<number>\d{1,2}|[ivx]{1,5}))?\b(?P<rest>.*)")
# "Biểu số 01", "Mẫu số 2", "DANH MỤC NHIỆM VỤ": they open an annex only behind the signature
_FORM = re.compile(
    r"\W*(?:(?:bieu|mau|bang)(?: mau| bieu)?(?: so)? ?\d{1,2}\b|danh muc\b|de cuong\b|bang (?:phan cong|"
    r"tong hop|phu luc))"
)
_ROMAN_VALUE = {"i": 1, "v": 5, "x": 10}
_FOOTNOTE = re.compile(r"\[\d+\]")


def arabic(numeral: str) -> int:
    """The value of a Roman or Arabic number as it stands in a head.

    >>> arabic("IV"), arabic("02")
    (4, 2)
    """
    if numeral.isdigit():
        return int(numeral)
    values = [_ROMAN_VALUE[letter] for letter in numeral.lower()]
    return sum(-low if low < high else low for low, high in zip(values, [*values[1:], 0], strict=True))


def annex_of(seen: Seen) -> str | None:
    """The path part of the annex that the line opens ("PL", "PL2"), None where it opens none.

    The line must be a head: in capitals, or nothing but the words and the number.
    """
    found = _HEAD.match(seen.fold)
    if not found:
        return None
    rest = found["rest"].strip(" .:-*")
    letters = [letter for letter in seen.text if letter.isalpha()]
    head = sum(map(str.isupper, letters[:6])) >= 6 and (
        not rest or seen.text[found.start("rest") :].strip(" .:-")[:1].isupper()
    )
    if not head and (rest or not seen.starts or not (found["number"] or seen.line.centered or seen.line.bold)):
        return None
    return f"PL{arabic(found['number'])}" if found["number"] else "PL"


def opens_annex(seen: Seen) -> bool:
    """Whether the line opens an annex behind the signature, by whatever name."""
    return annex_of(seen) is not None or bool(_FORM.match(seen.fold) and (seen.upper or seen.line.centered))


def cut_annexes(sheet: Sheet, low: int, high: int, opened: bool) -> list[Cut]:
    """The cuts of lines `low` to `high` - 1 at the heads of annexes.

    `opened`: what stands before the first head is an annex too, because the signature is behind us.
    """
    cuts: list[Cut] = []
    at, current = low, "PL"
    if opened and low < high and annex_of(sheet[low]) is None:
        if _FOOTNOTE.match(sheet[low].text):
            return []
        at = _cut_head(
            sheet, low, high, "PL", cuts, opens_annex(sheet[low]) or (sheet[low].upper and sheet[low].cell is None)
        )
    while at < high:
        annex = annex_of(sheet[at])
        if (annex and sheet[at].cell is None) or (annex and sheet[at].starts and _alone(sheet, at)):
            current = annex
            at = _cut_head(sheet, at, high, current, cuts, True)
        else:
            at += 1
    return cuts


def _alone(sheet: Sheet, at: int) -> bool:
    """Whether the line's table begins with it (a head set in a frame, or a head read into the table below)."""
    return at == 0 or sheet[at - 1].block != sheet[at].block


def _cut_head(sheet: Sheet, at: int, high: int, annex: str, cuts: list[Cut], has_head: bool) -> int:
    """Add the head that begins at `at`, then the annex itself; the index behind the head."""
    end = _head_end(sheet, at, high) if has_head else at
    if end > at:
        cuts.append((at, PartKind.ANNEX_HEAD, annex))
    if end < high:
        cuts.append((end, PartKind.ANNEX, annex))
    return max(end, at + 1)


def _head_end(sheet: Sheet, at: int, high: int) -> int:
    end = at + 1
    bracket = False
    while end < high:
        seen = sheet[end]
        if bracket or ATTACHED.match(seen.fold):
            bracket = (")" not in seen.text and "(" in sheet[end].text) or (bracket and ")" not in seen.text)
            end += 1
            continue
        inside = seen.cell is not None and seen.block != sheet[at].block
        if inside or marker(seen.text) or annex_of(seen) or not (seen.upper or _still_head(sheet, at, end)):
            break
        end += 1
    return end


def _still_head(sheet: Sheet, at: int, end: int) -> bool:
    """Whether a line in small letters still belongs to the head: centred or bold like it, or right below it."""
    seen = sheet[end]
    if seen.line.centered or (seen.line.bold and len(seen.text) < 120):
        return True
    return (
        end == at + 1
        and len(seen.text) < 120
        and not seen.text.endswith((".", ";", ":"))
        and not seen.text.startswith("-")
    )
