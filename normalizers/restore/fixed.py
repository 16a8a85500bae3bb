"""Repairs that need no model: list markers, the letters of document numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from normalizers.restore.alphabet import bare, case_of, cased

# Letters of document numbers and bodies that lose their bar: QĐ, NĐ-CP, HĐND …
_CODES = {
    "QD": "QĐ",
    "ND": "NĐ",
    "HDND": "HĐND",
    "BGDDT": "BGDĐT",
    "SGDDT": "SGDĐT",
    "GDDT": "GDĐT",
    "GD-DT": "GD-ĐT",
    "BLDTBXH": "BLĐTBXH",
    "SLDTBXH": "SLĐTBXH",
    "LDTBXH": "LĐTBXH",
    "TLD": "TLĐ",
    "LDLD": "LĐLĐ",
    "DU": "ĐU",
    "DCT": "ĐCT",
    "CTDD": "CTĐD",
    "BCD": "BCĐ",
    "BCDTW": "BCĐTW",
    "TGD": "TGĐ",
    "TTDT": "TTĐT",
    "BDG": "BĐG",
    "CDS": "CĐS",
    "HDQT": "HĐQT",
    "HDTV": "HĐTV",
    "KHHGD": "KHHGĐ",
    "ATLD": "ATLĐ",
    "ATVSLD": "ATVSLĐ",
    "NLD": "NLĐ",
    "NSDLD": "NSDLĐ",
    "QDND": "QĐND",
    "QSDD": "QSDĐ",
    "DVHC": "ĐVHC",
}
_CODE = re.compile(r"(?<![^\W_])(?:" + "|".join(sorted(_CODES, key=len, reverse=True)) + r")(?![^\W_])")
_ROMAN_LIKE = re.compile(r"(?=.*[IVXl|])(?!.*i[^l1|]*$)[IVXl1|i]*|i[l1|]")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_NEXT = frozenset({"II", "III", "VII", "VIII", "XII", "XIII"})
_TO_ROMAN = str.maketrans({"l": "I", "i": "I", "1": "I", "|": "I"})
_CENT = {"¢": "c", "€": "c", "@": "a"}
_IN_BRACKETS = re.compile(r" ?\(\d{1,2}\)")
_LETTER_MARKER = re.compile(r"\(?(.)\)")


def mended_code(text: str) -> str:
    """A document number with the bars of its letters; digits never change.

    >>> mended_code("15/2020/ND-CP"), mended_code("87/QD-UBND"), mended_code("49/KH-UBND")
    ('15/2020/NĐ-CP', '87/QĐ-UBND', '49/KH-UBND')
    """
    return _CODE.sub(lambda found: _CODES[found.group()], text)


def mended_markers(markers: Sequence[str]) -> list[str]:
    """The enumerators of the lines of a text, in order, as they were printed.

    A token with only digits stays; a second "d)" in a row is "đ)". A number that lost a stroke ("Il." for III) is the
    one that comes next.

    >>> mended_markers(["I.", "a)", "b)", "¢)", "d)", "d)", "I1.", "I11.", "1.", "11."])
    ['I.', 'a)', 'b)', 'c)', 'd)', 'đ)', 'II.', 'III.', '1.', '11.']
    >>> mended_markers(["I.", "II.", "Il.", "IV."])
    ['I.', 'II.', 'III.', 'IV.']
    """
    result: list[str] = []
    letter = last = ""
    for marker in markers:
        mended = _mended(marker)
        if _ROMAN.fullmatch(number := mended.strip("().-/ ")) and number:
            if number == last and mended != marker and f"{last}I" in _NEXT:
                mended = mended.replace(last, f"{last}I")
            last = mended.strip("().-/ ")
        if found := _LETTER_MARKER.fullmatch(mended):
            if found[1] == "d" and letter == "d":
                mended = mended.replace("d", "đ")
            letter = found[1]
        result.append(mended)
    return result


def mended_reference(word: str, behind: str) -> str | None:
    """The word "mục" where a word of its letters stands before a number in brackets; None elsewhere.

    >>> mended_reference("mức", " (1), (8)"), mended_reference("Mức", " 5 triệu"), mended_reference("mục", " (2)")
    ('mục', None, None)
    """
    if bare(word.lower()) != "muc" or word.lower() == "mục" or not _IN_BRACKETS.match(behind):
        return None
    return cased("mục", case_of(word))


def _mended(marker: str) -> str:
    body = marker.strip("().-/ ")
    if body in _CENT:
        return marker.replace(body, _CENT[body])
    if _ROMAN_LIKE.fullmatch(body) and (len(body) > 1 or body == "|"):
        roman = body.translate(_TO_ROMAN)
        if _ROMAN.fullmatch(roman):
            return marker.replace(body, roman)
    return marker
