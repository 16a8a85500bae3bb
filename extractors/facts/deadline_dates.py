"""The rules of dated times: ranges, bounds, single units. A new expression is one more decorated function."""

from __future__ import annotations

import re

from extractors.facts.deadline_sayings import IMPRECISE, SHORT_YEAR, Force, Saying, within
from extractors.facts.deadline_units import (
    BARE_YEAR,
    CLOCK,
    DAY,
    MONTH,
    OF_YEAR,
    PART_OF_DAY,
    QUARTER,
    SPAN,
    UNIT,
    YEAR,
    D,
    Grain,
    M,
    Q,
    Unit,
    Y,
    is_imprecise,
    of_grain,
    read_unit,
)
from extractors.facts.rules import Rule, rule
from schemas.facts import Period, Qualifier

DATED: list[Rule[Saying]] = []
"""The table of dated expressions; the examples' periods are those without a plan's year."""

_TO = r"\s?(?:-{1,2}>?|÷|~|đến(?:\shết|\strước)?|tới)\s?(?:hết\s|cuối\s)?"
_AND = r"\s?(?:,|;|và|&|\+|hoặc)\s?"
_JOIN = rf"(?:{_TO}|{_AND})"
_FROM = r"\b(?:(?:bắt đầu|kể|tính)\s)?từ\s(?:đầu\s|giữa\s|sau\s)?"
_ALSO = r"(?:cả\s|vào\s)?"
_EDGE = r"(?:(?:thời điểm|thời hạn|khoảng)\s)?"
_ONWARDS = (
    r"(?:\s?trở đi|\s?(?:và|,)\s?(?:các|những)\snăm\s(?:tiếp theo|sau|tiếp|kế tiếp)(?:\s?sau)?|\s?(?:và|,)\shằng năm)"
)
_BEFORE = (
    rf"\b(?:(?:chậm|muộn)\snhất\s(?:là\s)?)?(?:xong\s)?trước\s(?:(?:thời điểm"
    rf"|khi hết)\s)?(?:{CLOCK},?\s)?(?:{PART_OF_DAY})?"
)
_BY = (
    r"\b(?:(?:chậm|muộn)\snhất(?:\slà)?(?:\s(?:vào|đến|trong|hết|cuối|ngày))*|(?:cho\s)?(?:đến|tới)(?:\s(?:hết"
    r"|cuối))?"
    r"|hết|xong|không\s(?:quá|muộn hơn)|hạn\s(?:cuối|chót)(?:\slà)?)(?:\s?:)?\s"
)
_IN = r"\b(?:ngay\s)?(?:trong|vào|suốt|xong trong)\s(?:(?:khoảng|giai đoạn|thời gian)\s)?"
_FEW = r"{0,6}"


def _series_of(word: str, short: str, tail: str) -> str:
    """A pattern of several units of one grain, the word said once: "quý I, II/2026"."""
    more = rf"(?:{_JOIN}{_ALSO}(?:{word})?{short}){_FEW}"
    return rf"(?:{_FROM}|{_IN})?{_ALSO}(?P<a>{word}{short}){more}{_JOIN}{_ALSO}(?P<b>(?:{word})?{tail})"


def _ends(said: re.Match[str], grain: Grain, force: Force = Force.STRONG) -> Saying:
    """From the first named unit to the last."""
    first, last = of_grain(grain, said["a"]), of_grain(grain, said["b"])
    return Saying(first, last, None, Qualifier.WITHIN, force)


_SHORT_DAY = rf"{D}(?:\s?/\s?{M}(?:\s?/\s?{Y})?|\stháng\s{M}(?:\snăm\s{Y})?)?"
_FULL_DAY = rf"{D}(?:\s?/\s?{M}(?:\s?/\s?{Y})?|\s?/?\s?tháng\s{M}(?:\s?,?\snăm\s{Y})?)(?!\s?[/\d])"


@rule(
    DATED,
    _series_of(rf"(?:{PART_OF_DAY})?(?:(?:các|những)\s)?ngày\s", _SHORT_DAY, _FULL_DAY),
    ("Ngày 26, 27/12/2011", Period("2011-12-26", "2011-12-27")),
    ("các ngày 03, 04 và 05/12/2025", Period("2025-12-03", "2025-12-05")),
    ("Từ ngày 05/12/2025 đến hết ngày 20/02/2026", Period("2025-12-05", "2026-02-20")),
    ("Chiều ngày 28/12 và cả ngày 29/12/2011", Period("2011-12-28", "2011-12-29")),
    ("từ ngày 05 đến ngày 20 tháng 02 năm 2026", Period("2026-02-05", "2026-02-20")),
)
def several_days(said: re.Match[str]) -> Saying:
    """Days of which only the last may name month and year."""
    return _ends(said, Grain.DAY, Force.STRONG if said[0].startswith(("từ", "trong", "vào")) else Force.PLAIN)


@rule(
    DATED,
    _series_of(r"tháng\s", rf"{M}(?:{OF_YEAR})?", rf"{M}(?:{OF_YEAR})?(?!\s?[/\d])"),
    ("Từ tháng 3 đến tháng 9/2026", Period("2026-03-01", "2026-09-30")),
    ("tháng 11/2025 - 02/2026", Period("2025-11-01", "2026-02-28")),
    ("tháng 3, 4 năm 2026", Period("2026-03-01", "2026-04-30")),
)
def several_months(said: re.Match[str]) -> Saying:
    """Months of which only the last may name the year."""
    return _ends(said, Grain.MONTH)


@rule(
    DATED,
    _series_of(r"quý\s?", rf"{Q}(?:{OF_YEAR})?", rf"{Q}(?:{OF_YEAR})?"),
    ("trong quý I và quý II năm 2026", Period("2026-01-01", "2026-06-30")),
    ("Quý IV/2025 - Quý II/2026", Period("2025-10-01", "2026-06-30")),
    ("Quý III, IV/2026", Period("2026-07-01", "2026-12-31")),
)
def several_quarters(said: re.Match[str]) -> Saying:
    """Quarters of which only the last may name the year."""
    return _ends(said, Grain.QUARTER)


@rule(
    DATED,
    r"\b(?:giai đoạn|đợt|bước)\s(?:\d{1,2}|[ivx]{1,4})\s?\((?:năm\s|từ\s(?:năm\s)?)?"
    rf"(?P<a>{BARE_YEAR}){_JOIN}(?:năm\s)?(?P<b>{Y})\)",
    ("giai đoạn 1 (2026 - 2027)", Period("2026-01-01", "2027-12-31")),
)
def numbered_stage(said: re.Match[str]) -> Saying:
    """The years of a numbered stage of the work."""
    return _ends(said, Grain.YEAR, Force.STRONG)


@rule(
    DATED,
    rf"\b(?:giai đoạn|đợt|bước)\s(?:\d{{1,2}}|[ivx]{{1,4}})\s?\((?P<u>{YEAR})\)",
    ("giai đoạn 3 (năm 2028)", Period("2028-01-01", "2028-12-31")),
)
def stage_of_a_year(said: re.Match[str]) -> Saying:
    """The year of a numbered stage of the work."""
    return _unit(said["u"], Force.STRONG)


@rule(
    DATED,
    rf"(?:{_FROM}|{_IN}|\bxuyên suốt\s)?(?:(?:\d+\s|các\s)?năm\s?|giai đoạn\s?)?(?P<a>{BARE_YEAR})"
    rf"(?:,\s?{Y}){_FEW}{_JOIN}(?:năm\s)?(?P<b>{Y})(?!\s?[/\d])",
    ("năm 2026 - 2027", Period("2026-01-01", "2027-12-31")),
    ("từ năm 2026 đến năm 2030", Period("2026-01-01", "2030-12-31")),
    ("xuyên suốt 2025–2035", Period("2025-01-01", "2035-12-31")),
)
def several_years(said: re.Match[str]) -> Saying:
    """A range of years; without a preposition it may as well be part of a programme's name."""
    return _ends(said, Grain.YEAR, Force.STRONG if said[0].startswith(("từ", "trong", "xuyên")) else Force.WEAK)


@rule(
    DATED,
    rf"(?P<from>{_FROM})?{_EDGE}(?P<a>{UNIT}|{BARE_YEAR}){_TO}{_EDGE}{_ALSO}(?P<b>{UNIT}|{BARE_YEAR}"
    rf"|(?:ngày\s)?{DAY})",
    ("từ 17/12/2025 đến 25/01/2026", Period("2025-12-17", "2026-01-25")),
    ("từ tháng 10/2025 đến hết quý I/2026", Period("2025-10-01", "2026-03-31")),
)
def from_to(said: re.Match[str]) -> Saying:
    """A range between units of any two grains."""
    first, last = read_unit(said["a"]), read_unit(said["b"])
    days = bool(first and last and first.grain is Grain.DAY)
    force = Force.STRONG if said["from"] else Force.PLAIN if days and "ngày" in said[0] else Force.WEAK
    return Saying(first, last, None, Qualifier.WITHIN, force)


@rule(
    DATED,
    rf"(?P<from>{_FROM})?(?<![\d/.,\-])(?P<a>{D}){_TO}(?P<b>{D}\s?/\s?{M}\s?/\s?{Y})",
    ("10-11/5/2026", Period("2026-05-10", "2026-05-11")),
    ("từ 10 đến 12/5/2026", Period("2026-05-10", "2026-05-12")),
)
def numbered_days(said: re.Match[str]) -> Saying:
    """Days without the word, of which the last names month and year."""
    return _ends(said, Grain.DAY, Force.STRONG if said["from"] else Force.WEAK)


@rule(
    DATED,
    rf"(?:từ\s)?{CLOCK}(?:{_TO}{CLOCK})?,?\s(?:của\s)?(?P<day>{DAY})",
    ("8h00-10h00 ngày 28/12/2011", Period(due="2011-12-28")),
    ("Từ 20 giờ 15 phút - 20 giờ 45 phút ngày 23 tháng 1 năm 2026", Period(due="2026-01-23")),
)
def at_hours(said: re.Match[str]) -> Saying:
    """Hours of a day: the day."""
    return _unit(said["day"], Force.PLAIN)


@rule(
    DATED,
    rf"{_BEFORE}(?P<u>{UNIT}|{BARE_YEAR})(?:\s?(?:,|và|hoặc)\s(?P<more>(?:ngày\s)?{DAY}))?",
    ("trước ngày 16 tháng 12 năm 2025", Period(due="2025-12-16")),
    ("xong trước 17h00 ngày 30/6/2026", Period(due="2026-06-30")),
    ("trước tháng 6/2026", Period(due="2026-05-31")),
)
def before(said: re.Match[str]) -> Saying:
    """trước …: that day; before a longer unit its eve."""
    last = read_unit(said["more"] or said["u"])
    return Saying(None, last, None, Qualifier.BEFORE, ahead=True)


@rule(
    DATED,
    rf"{_BY}{_EDGE}(?P<u>(?:cuối\s)?(?:{UNIT}|{BARE_YEAR}))",
    ("Chậm nhất ngày 04/8/2020", Period(due="2020-08-04")),
    ("chậm nhất là ngày 30/01/2026", Period(due="2026-01-30")),
    ("đến hết tháng 01/2021", Period(due="2021-01-31")),
    ("đến cuối năm 2025", Period(due="2025-12-31")),
    ("hết quý III/2026", Period(due="2026-09-30")),
)
def by(said: re.Match[str]) -> Saying:
    """chậm nhất, đến (hết): the unit's last day."""
    return Saying(None, read_unit(said["u"].removeprefix("cuối ")), None, Qualifier.BY)


@rule(
    DATED,
    rf"\btừ nay đến(?:\shết|\scuối)?\s(?P<u>{UNIT}|{BARE_YEAR})",
    ("từ nay đến hết năm 2025", Period(due="2025-12-31")),
    ("Từ nay đến 30/6/2026", Period(due="2026-06-30")),
)
def from_now(said: re.Match[str]) -> Saying:
    """From now on until: only the end is known."""
    return Saying(None, read_unit(said["u"]), None, Qualifier.BY)


@rule(
    DATED,
    rf"{_FROM}{_EDGE}(?P<u>{UNIT}|{BARE_YEAR}(?={_ONWARDS}))(?:{_ONWARDS})?",
    ("từ ngày 01 tháng 01 năm 2026", Period("2026-01-01")),
    ("Từ năm 2025 trở đi", Period("2025-01-01")),
)
def since(said: re.Match[str]) -> Saying:
    """từ …: a first day and no last."""
    return Saying(read_unit(said["u"]), None, None, Qualifier.FROM)


@rule(
    DATED,
    rf"(?:{_IN})?(?P<u>{UNIT}|{BARE_YEAR}){_ONWARDS}",
    ("Năm 2027 trở đi", Period("2027-01-01")),
    ("trong năm 2026 và những năm tiếp theo", Period("2026-01-01")),
    ("2026 trở đi", Period("2026-01-01")),
)
def onwards(said: re.Match[str]) -> Saying:
    """… trở đi, và các năm tiếp theo: a first day and no last."""
    return Saying(read_unit(said["u"]), None, None, Qualifier.FROM, Force.PLAIN)


@rule(
    DATED,
    rf"{_IN}(?P<u>(?:{PART_OF_DAY})?{UNIT})",
    ("trong tháng 3/2023", Period("2023-03-01", "2023-03-31")),
    ("vào ngày 28/7/2020", Period(due="2020-07-28")),
    ("trong 6 tháng đầu năm 2026", Period("2026-01-01", "2026-06-30")),
)
def in_unit(said: re.Match[str]) -> Saying:
    """trong, vào …: both ends, for a day that day."""
    return _unit(said["u"], Force.STRONG)


@rule(DATED, rf"(?P<u>{DAY}|{MONTH}|{QUARTER}|{SPAN})", ("Quý II/2026", Period("2026-04-01", "2026-06-30")))
def unit(said: re.Match[str]) -> Saying:
    """A day, month or quarter by itself; without the word "ngày" it needs a place made for a time."""
    named = any(word in said["u"] for word in ("ngày", "tháng", "quý"))
    return _unit(said["u"], Force.PLAIN if named else Force.WEAK)


@rule(
    DATED,
    rf"\b{PART_OF_DAY}(?P<u>{D}\s?/\s?{M}(?:\s?/\s?{Y})?)(?!\s?[/\d])",
    ("Sáng 23/02/2026", Period(due="2026-02-23")),
)
def part_of_a_day(said: re.Match[str]) -> Saying:
    """sáng 23/02/2026: who says what part of it says that it is a day."""
    return _unit(said["u"], Force.PLAIN)


@rule(DATED, rf"\b{YEAR}", ("Năm 2026", Period("2026-01-01", "2026-12-31")))
def whole_year(said: re.Match[str]) -> Saying:
    """năm 2026 by itself: as often what the work is about."""
    return _unit(said[0], Force.WEAK)


@rule(DATED, rf"\b(?:vào\s)?(?:đầu|giữa|cuối)\s{YEAR}", ("Cuối năm 2026", Period()))
def part_of_a_year(said: re.Match[str]) -> Saying:
    """cuối năm 2026: no day that the plan states."""
    return Saying(force=Force.WEAK, doubt=IMPRECISE)


@rule(DATED, rf"\A[\s|(]*(?P<y>{Y})[\s|).,;]*\Z", ("2026", Period("2026-01-01", "2026-12-31")))
def bare_year(said: re.Match[str]) -> Saying:
    """A cell that holds nothing but a year."""
    return _unit(said["y"], Force.WEAK)


@rule(
    DATED,
    rf"(?<![\d/.,]){D}/{M}/(?P<y>2\d)(?![\d/])",
    ("30/6/26", Period(due="2026-06-30")),
)
def short_year(said: re.Match[str]) -> Saying:
    """30/6/26: the century is a guess, and said to be."""
    number, month, year = (int(part) for part in said[0].split("/"))
    return within(Unit(Grain.DAY, number, month, 2000 + year), Force.WEAK, SHORT_YEAR)


@rule(DATED, r"\btrong năm(?:\snay)?(?=\W|\Z)(?!\s?(?:\d|học\b|qua\b|trước\b|tới\b|ngân sách\b|đầu\b|sau\b))")
def in_the_year(said: re.Match[str]) -> Saying:
    """trong năm: the plan's year."""
    return within(Unit(Grain.YEAR))


@rule(DATED, r"\bcả năm(?=\W|\Z)(?!\s?\d)", ("Cả năm", Period()))
def the_whole_year(said: re.Match[str]) -> Saying:
    """Cả năm, alone in a cell: the plan's year."""
    return within(Unit(Grain.YEAR), Force.WEAK)


@rule(
    DATED,
    rf"\b(?:từ\s)?(?:đầu\s|cuối\s|hết\s|kết thúc\s)?năm học\s?(?:{Y}(?:\s?-\s?{Y})?)?",
    ("năm học 2025 - 2026", Period()),
)
def school_year(said: re.Match[str]) -> Saying:
    """A school year has no dates of the calendar that the plan states."""
    return Saying(force=Force.WEAK)


def _unit(words: str, force: Force) -> Saying:
    """A unit by itself; None of the calendar is an empty saying."""
    found = read_unit(words)
    if found is None:
        return Saying(force=force)
    return within(found, force, IMPRECISE if is_imprecise(words.strip()) else None)
