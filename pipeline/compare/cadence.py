"""How often: what a plan says against what a criterion asks."""

from __future__ import annotations

import re

_RULE = re.compile(r"FREQ=(\w+)(?:;INTERVAL=(\d+))?")  # "FREQ=MONTHLY;INTERVAL=3" is every quarter
_A_YEAR = {"DAILY": 365.0, "WEEKLY": 52.0, "MONTHLY": 12.0, "YEARLY": 1.0}
_WORDS = {
    ("DAILY", 1): "hằng ngày",
    ("WEEKLY", 1): "01 lần/tuần",
    ("MONTHLY", 1): "01 lần/tháng",
    ("MONTHLY", 3): "hằng quý",
    ("MONTHLY", 6): "6 tháng/lần",
    ("YEARLY", 1): "hằng năm",
}
_SAME = 1.1


def a_year(recurrence: str | None) -> float | None:
    """Times a year of the most frequent rule; None where there is none.

    >>> a_year("FREQ=MONTHLY;INTERVAL=6 FREQ=YEARLY")  # định kỳ 6 tháng, 1 năm
    2.0
    """
    rates = [_A_YEAR[f] / int(n or 1) for f, n in _RULE.findall(recurrence or "") if f in _A_YEAR]
    return max(rates, default=None)


def in_words(recurrence: str) -> str:
    """The rules as staff say them.

    >>> in_words("FREQ=MONTHLY;INTERVAL=6")
    '6 tháng/lần'
    """
    found = [(freq, int(n or 1)) for freq, n in _RULE.findall(recurrence)]
    return ", ".join(_WORDS.get(one, f"{one[0].lower()} x {one[1]}") for one in found)


def against(given: str | None, asked: str | None) -> str | None:
    """ "missing", "weaker", "stronger", "same", or None where nothing is asked and nothing given.

    >>> against("FREQ=MONTHLY;INTERVAL=6", "FREQ=MONTHLY")
    'weaker'
    """
    mine, wanted = a_year(given), a_year(asked)
    if wanted is None:
        return "stronger" if mine else None
    if mine is None:
        return "missing"
    if mine * _SAME < wanted:
        return "weaker"
    return "stronger" if mine > wanted * _SAME else "same"
