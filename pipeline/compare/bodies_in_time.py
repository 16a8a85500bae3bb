"""Bodies that a plan names after their end, and bodies of another province."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from normalizers.assets import load_yaml
from normalizers.fold import LOWER, UPPER, fold
from normalizers.places import FIRST_DAY, Gazetteer
from pipeline.compare.former_units import former_units
from pipeline.compare.plans import Plan
from pipeline.exports.words import day_words

_ASSET = "bodies_in_time.yaml"
_OLD = re.compile(r"^\s*\(?(?:cũ|trước đây|trước sắp xếp)\b", re.IGNORECASE)  # "UBND quận Lê Chân (cũ)"
_NAME = rf"[{UPPER}][{LOWER}]+(?:\s+[{UPPER}][{LOWER}]+){{0,3}}"
_PLACED = re.compile(rf"\b(quận|huyện|thị xã|thành phố)\s+({_NAME})", re.UNICODE)  # "thành phố Thủ Đức"
_LEVELS_ABOVE = ("thành phố", "tỉnh")


@dataclass(frozen=True, slots=True)
class Ended:
    """A body's end: how it is called, its last ISO day, who follows it, and by what."""

    pattern: re.Pattern[str]
    until: str
    successor: str
    basis: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A body named out of its time or place: where it stands, the words, who follows, and why, in Vietnamese."""

    where: str
    words: str
    successor: str
    reason: str


@cache
def _calendar() -> tuple[tuple[Ended, ...], tuple[re.Pattern[str], ...]]:
    data = load_yaml(_ASSET)
    ended = tuple(
        Ended(re.compile(rf"\b(?:{one['say']})", re.IGNORECASE), one["until"], one["successor"], one["basis"])
        for one in data["ended"]
    )
    return ended, tuple(re.compile(say, re.IGNORECASE) for say in data["set_aside"])


def plan_day(plan: Plan) -> str | None:
    """The ISO day of the plan: its issue, else its latest legal basis or the first year that it plans for."""
    if plan.issued:
        return plan.issued
    days = [basis.get("date") for basis in plan.document.get("legal_bases") or ()]
    years = plan.document.get("plan_years") or ()
    days += [f"{min(years)}-01-01"] if years else []
    return max((day for day in days if day), default=None)


def flags(plan: Plan) -> list[Flag]:
    """The bodies that the plan names after their end or out of their province, each once for each place."""
    day = plan_day(plan)
    told = _told(plan, day)
    province = _province(plan)
    found: dict[tuple[str, str], Flag] = {}
    for where, text in _places_to_look(plan):
        for flag in (
            *_ended(where, text, day, told),
            *_former(where, text, day, province, told),
            *_elsewhere(where, text, province),
        ):
            found.setdefault((flag.where, fold(flag.words)), flag)
    return list(found.values())


def _told(plan: Plan, day: str | None) -> str:
    if day is None:
        return ""
    return f"kế hoạch {'' if plan.issued else 'không ghi ngày, tính từ '}ngày {day_words(day)}"


def _places_to_look(plan: Plan) -> Iterator[tuple[str, str]]:
    for row in plan.rows:
        yield row.path, row.text
        for body in (*row.lead, *row.coordinating):
            yield row.path, body
    for recipient in plan.document.get("recipients") or ():
        yield "Nơi nhận", recipient


def _ended(where: str, text: str, day: str | None, told: str) -> Iterator[Flag]:
    if day is None:
        return
    for body in _calendar()[0]:
        if day <= body.until:
            continue
        for found in body.pattern.finditer(text):
            if _is_set_aside(text, found.start(), found.end()):
                continue
            yield Flag(
                where,
                found.group(),
                body.successor,
                f"không còn từ sau ngày {day_words(body.until)} ({body.basis}); {told}",
            )


def _is_set_aside(text: str, start: int, end: int) -> bool:
    """Whether the name stands in a citation, or is said to be an old one."""
    return any(pattern.search(text[:start]) for pattern in _calendar()[1]) or bool(_OLD.search(text[end:]))


def _former(where: str, text: str, day: str | None, province: str | None, told: str) -> Iterator[Flag]:
    for unit in former_units(text, day, province):
        if not _is_set_aside(text, unit.start, unit.end):
            reason = f"không còn từ ngày {day_words(FIRST_DAY)} (sắp xếp đơn vị hành chính)"
            yield Flag(where, unit.words, unit.successor, f"{reason}; {told}")


def _elsewhere(where: str, text: str, province: str | None) -> Iterator[Flag]:
    if province is None:
        return
    for found in _PLACED.finditer(text):
        home = _homes(found.group(1), found.group(2))
        acting = re.search(r"(?:UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân)[^.;]*$", text[: found.start()])
        if home and fold(province) not in {fold(one) for one in home} and acting:
            reason = f"thuộc {', '.join(sorted(home))}, không thuộc {province}"
            yield Flag(where, found.group(), "không có: kiểm tra lại tên cơ quan", reason)


def _homes(level: str, name: str) -> set[str]:
    """The provinces that have, or had, a unit of this level and name; the name's own province counts."""
    words = name.split()
    for size in range(len(words), 0, -1):
        wanted = " ".join(words[:size])
        if level in _LEVELS_ABOVE and _is_province(wanted):
            return set()
        places = Gazetteer.load().find(wanted)
        homes = {place.province for place in places if place.level == level}
        if homes:
            return homes
    return set()


def _is_province(name: str) -> bool:
    return any(
        place.level in _LEVELS_ABOVE and place.province == place.full_name for place in Gazetteer.load().find(name)
    )


def _province(plan: Plan) -> str | None:
    """The province of the issuer, where its name leaves only one."""
    issuer = str(plan.document.get("issuer") or "")
    for level, name in re.findall(
        rf"((?i:thành phố|tỉnh|phường|xã|đặc khu|thị trấn|quận|huyện))\s+({_NAME})", issuer
    ):
        places = [place for place in Gazetteer.load().find(name) if place.level == level.lower()]
        own = {place.province for place in places if place.province == place.full_name}
        homes = own or {place.province for place in places if place.current} or {place.province for place in places}
        if len(homes) == 1:
            return homes.pop()
    return None
