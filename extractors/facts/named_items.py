"""The items that an assigning sentence names: "nội dung (1), (2), (7)", "các điểm 2.1, 2.2 phần A, Mục III"."""

from __future__ import annotations

import re

_UNIT = r"(?:nội dung|mục|tiểu mục|điểm|khoản|nhiệm vụ|tiêu chí|chỉ tiêu|ý|phần việc)"
_LABEL = r"(?:\((?:\d{1,3}|[a-zđ]{1,3})\)|\d{1,3}(?:\.\d{1,3})*\)?|[a-zđ]\)?(?![\wÀ-ỹ]))"
_LINK = r"(?:\s*(?:,|;|và|đến|-|–|,\s*và)\s*(?:(?:các\s+)?(?:" + _UNIT + r")\s+)?)"
_SCOPE_NAME = r"(?:phần|mục|chương)\s+(?:[IVX]{1,5}|[A-H]|thứ\s+\w+)(?!\w)"
_SCOPE = rf"(?:\s*,?\s*(?:của\s+|thuộc\s+|tại\s+)?{_SCOPE_NAME})+"
# "nội dung (1), (2), (7)"; "các điểm 2.1, 2.2 phần A, Mục III"; "mục 3 phần II"
_ITEMS = rf"(?:các\s+)?{_UNIT}(?:\s+số)?\s+(?P<labels>{_LABEL}(?:{_LINK}{_LABEL})*)(?P<scope>{_SCOPE})?"
NAMED = re.compile(
    rf"(?:{_ITEMS}|(?:các\s+)?(?P<only>{_SCOPE_NAME}(?:\s*(?:,|và)\s*{_SCOPE_NAME})*))"
    r"(?:\s*(?:của\s+|tại\s+|trong\s+|thuộc\s+)?(?:kế\s+hoạch(?:\s+này)?|(?:mục|phần|điểm|khoản)\s+này)"
    r"|\s*nêu\s+trên|\s*trên)?",
    re.IGNORECASE,
)
_ONE_LABEL = re.compile(_LABEL, re.IGNORECASE)
_RANGE = re.compile(
    r"(\(?)(\d{1,3})(\)?)\s*(?:đến|-|–)\s*(?:(?:nội dung|mục|điểm)\s+)?\(?(\d{1,3})\)?", re.IGNORECASE
)
_ONE_SCOPE = re.compile(r"(?:phần|mục|chương)\s+([IVX]{1,5}|[A-H])(?!\w)", re.IGNORECASE)
_ROMAN = re.compile(r"[IVX]+")
_LETTERED_ROMAN = frozenset("IVX")


def named_items(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels of items of the same block ("(1)", "2.1"), and the places of items elsewhere ("A/III/2.1").

    >>> named_items("thực hiện nội dung (1), (2), (7)")
    (('(1)', '(2)', '(7)'), ())
    >>> named_items("thực hiện nội dung các điểm 2.1, 2.2 phần A, Mục III")
    ((), ('A/III/2.1', 'A/III/2.2'))
    """
    markers: list[str] = []
    places: list[str] = []
    for named in NAMED.finditer(text):
        if named["only"]:
            places.extend(_scopes(named["only"]))
            continue
        labels = _labels(named["labels"])
        scope = "/".join(sorted(_scopes(named["scope"] or ""), key=_is_roman))
        if scope:
            places.extend(f"{scope}/{label}" for label in labels)
        else:
            markers.extend(labels)
    return tuple(dict.fromkeys(markers)), tuple(dict.fromkeys(places))


def _labels(text: str) -> list[str]:
    return [_label(found.group()) for found in _ONE_LABEL.finditer(_RANGE.sub(_counted, text))]


def _counted(found: re.Match[str]) -> str:
    """A range written out: "(1) đến (4)" is "(1), (2), (3), (4)"."""
    opening, first, closing, last = found.groups()
    return ", ".join(f"{opening}{number}{closing}" for number in range(int(first), int(last) + 1))


def _label(written: str) -> str:
    return written if written.startswith("(") else written.rstrip(")").lower()


def _scopes(text: str) -> list[str]:
    return [found.group(1).upper() for found in _ONE_SCOPE.finditer(text)]


def _is_roman(scope: str) -> bool:
    """Whether a scope is a Roman section, which stands below a lettered part ("A/III")."""
    return set(scope) <= _LETTERED_ROMAN
