"""A document's commune: by its issuer and a witness of the province, else by the folder; never by a name alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from normalizers.fold import fold
from normalizers.places import FIRST_DAY, Former, Gazetteer, Place, Succession

COMMUNE_LEVELS = ("xã", "phường", "thị trấn", "đặc khu")
DISTRICT_LEVELS = ("quận", "huyện", "thị xã", "thành phố")
SHORT = {"p": "phường", "x": "xã", "tt": "thị trấn", "đk": "đặc khu", "dk": "đặc khu"}
"""How folders shorten a level ("P. Lê Chân"): the one place to add one."""

_UNIT = re.compile(rf"\b({'|'.join(fold(level) for level in COMMUNE_LEVELS)})\s+(?=\S)")
_PROVINCE = re.compile(r"\b(thanh pho|tp\.?|tinh)\s+(?=\S)")
_DISTRICT = re.compile(r"\b(quan|huyen|thi xa) (?:uy\b)?|\b(quan|huyen|thi)(?= uy\b)")
_FOLDER_LEVEL = re.compile(r"(?:ubnd\s+)?(?P<short>p|x|tt|dk)(?:\.\s*|\s+)(?=\S)")
_OFFICE = re.compile(r"(?:ubnd|uy ban nhan dan)\s+")
_OTHERS = {"thi": "thị xã", "thi xa": "thị xã", "quan": "quận", "huyen": "huyện"}
MOST_WORDS = 5
"""Words of the longest name of a province or commune ("Bà Rịa - Vũng Tàu", "Nguyễn Bỉnh Khiêm")."""

ABOVE = "“{issuer}” không phải cơ quan cấp xã."
MANY = "“{name}” có ở {count} nơi; cần tỉnh, thành phố trong văn bản hoặc thư mục."
UNKNOWN = "Không có “{name}” trong danh mục đơn vị hành chính {province}."
NO_ISSUER = "Văn bản không ghi cơ quan ban hành, thư mục không mang tên xã, phường, đặc khu."
DISTRICT = "Văn bản không nêu tỉnh, thành phố; theo cấp huyện mà văn bản gửi đến thì là {unit}."
OTHERWISE = "Thư mục là {folder} nhưng văn bản của {issuer}."


class Basis(StrEnum):
    """By what the commune was found."""

    ISSUER = "issuer"
    FOLDER = "folder"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Placed:
    """Today's commune of a document; `former` is the unit that issued it, where that is no more.

    `commune` None: not a commune's document (`above`), or not to be told. `reason` is a Vietnamese sentence where a
    person should look, "" otherwise.
    """

    commune: Place | None
    basis: Basis
    former: Former | None = None
    above: bool = False
    reason: str = ""


def place_document(document: Mapping[str, Any], folders: Sequence[str] = (), province: str | None = None) -> Placed:
    """Whose a document is; `document` as the store gives it, `folders` the names of the folders it lay in.

    `province` says where the folders are ("Hải Phòng"): it speaks for a document only if its folder is a commune
    there, and after what the document says itself.
    """
    lying = [found for name in folders for found in folder_communes(name, province)]
    by_folder = lying[0] if len(set(lying)) == 1 else None
    issuer = document.get("issuer")
    unit = _unit_of(issuer) if issuer else None
    if issuer and unit is None and document.get("issuer_level") not in (None, *COMMUNE_LEVELS):
        return Placed(None, Basis.NONE, above=True, reason=ABOVE.format(issuer=issuer))
    if unit is None:
        return Placed(by_folder, Basis.FOLDER) if by_folder else Placed(None, Basis.NONE, reason=NO_ISSUER)
    found = _by_issuer(unit, document, province if by_folder else None, by_folder)
    if by_folder and found.commune and by_folder != found.commune and by_folder.code not in _became(found.former):
        said = OTHERWISE.format(folder=by_folder.full_name, issuer=issuer)
        return Placed(found.commune, found.basis, found.former, reason=said)
    return found


def folder_communes(name: str, province: str | None) -> tuple[Place, ...]:
    """Today's communes that a folder's name may mean in a province; () for a name that is none, or no province.

    >>> [place.full_name for place in folder_communes("P. Lê Chân", "Hải Phòng")]
    ['phường Lê Chân']
    >>> folder_communes("Bắc Sơn", "Hải Phòng"), folder_communes("Lê Chân", None)
    ((), ())
    """
    if not province:
        return ()
    words = name.replace("_", " ").strip()
    short = _FOLDER_LEVEL.match(fold(words))
    if short:
        words = f"{SHORT[short['short']]} {words[short.end() :]}"
    elif office := _OFFICE.match(fold(words)):
        words = words[office.end() :]
    found = [place for place in Gazetteer.load().find(words, province) if place.current and _is_commune(place)]
    return tuple(_spelled(words, found))


def _is_commune(place: Place) -> bool:
    return place.level in COMMUNE_LEVELS


def _spelled(words: str, found: Sequence[Place]) -> Sequence[Place]:
    """Those that are spelled exactly so, where there are some ("Cẩm Giàng" is not "Cẩm Giang")."""
    exact = [place for place in found if words.casefold().endswith(place.name.casefold())]
    return exact or found


def _unit_of(issuer: str) -> str | None:
    """The commune named in an issuer ("phường Lê Chân"), without what stands above it."""
    units = list(_UNIT.finditer(fold(issuer)))
    if not units:
        return None
    found = units[-1]
    name = issuer[found.start() :].split(",")[0].split(" - ")[0].strip(" .;")
    return name if name[found.end() - found.start() :][:1].isupper() or name[-1:].isdigit() else None


def _by_issuer(unit: str, document: Mapping[str, Any], province: str | None, folder: Place | None) -> Placed:
    """Among the units of the document's day; where the day is not known, among today's and then those of before."""
    provinces = provinces_named(document)
    day = _day(document)
    found = Placed(None, Basis.NONE)
    if day is None or day >= FIRST_DAY:
        found = _today(unit, provinces, province, folder)
        if found.commune or day is not None:
            return found
    former = _before(unit, document, provinces, province, folder)
    return former if former.commune or day is not None else found


def _today(unit: str, provinces: frozenset[str], province: str | None, folder: Place | None) -> Placed:
    named = [place for place in Gazetteer.load().find(unit) if place.current and _is_commune(place)]
    wanted = provinces or Succession.load().today(province or "")
    fitting = _spelled(unit, [place for place in named if place.province in wanted])
    if folder in fitting or len(fitting) == 1:
        return Placed(folder if folder in fitting else fitting[0], Basis.ISSUER)
    if folder and not provinces:
        return Placed(folder, Basis.FOLDER, reason=_unsure(unit, len(named), province))
    return Placed(None, Basis.NONE, reason=_unsure(unit, len(named), ", ".join(sorted(wanted))))


def _unsure(unit: str, count: int, province: str | None) -> str:
    return MANY.format(name=unit, count=count) if count > 1 else UNKNOWN.format(name=unit, province=province or "")


def _before(
    unit: str, document: Mapping[str, Any], provinces: frozenset[str], province: str | None, folder: Place | None
) -> Placed:
    """The unit of before 1 July 2025: narrowed by the province, and by the level of the district it writes to."""
    succession = Succession.load()
    levels = set(_districts_written_to(document))
    found = list(succession.find(unit, provinces or succession.today(province or "")))
    if levels:
        found = [one for one in found if one.district.startswith(tuple(levels))]
    if not found and not provinces and levels:  # the folder may lie: what the document says of itself goes first
        found = [one for one in succession.find(unit) if one.district.startswith(tuple(levels))]
    if folder and len(found) > 1:
        found = [one for one in found if folder.code in one.became] or found
    if one := _alone(found, folder, bool(provinces or province or levels)):
        into = succession.by_code.get(one.became[0]) if one.became else None
        said = "" if provinces or province in _names(one) else DISTRICT.format(unit=one.full_name)
        return Placed(into, Basis.ISSUER, one, reason=said)
    count = len(found) or len(succession.find(unit))
    return Placed(folder, Basis.FOLDER if folder else Basis.NONE, reason=_unsure(unit, count, province))


def _alone(found: Sequence[Former], folder: Place | None, witnessed: bool) -> Former | None:
    """The one unit, where more than its name speaks for it."""
    if len(found) != 1:
        return None
    return found[0] if witnessed or (folder is not None and folder.code in found[0].became) else None


def _names(former: Former) -> frozenset[str]:
    """The names of the provinces, of then and of today, that a unit lay in, with and without their level."""
    full = {former.province, *Succession.load().today(former.province)}
    return frozenset(full | {name.split(" ", 1)[1].removeprefix("phố ") for name in full})


def _became(former: Former | None) -> tuple[str, ...]:
    return former.became if former else ()


def _day(document: Mapping[str, Any]) -> str | None:
    """An ISO day on the right side of 1 July 2025: of issue, else of the years planned for, else of a legal basis.

    None where it may lie on either side: a basis of before that day says nothing of the plan's own.
    """
    if issued := document.get("issued_date"):
        return str(issued)
    change = int(FIRST_DAY[:4])
    years = [int(year) for year in document.get("plan_years") or ()]
    if years and (min(years) > change or max(years) < change):
        return f"{min(years)}-12-31"
    days = [str(basis["date"]) for basis in document.get("legal_bases") or () if basis.get("date")]
    return max((day for day in days if day >= FIRST_DAY), default=None)


def provinces_named(document: Mapping[str, Any]) -> frozenset[str]:
    """Today's provinces that a document names in its place, title, recipients and legal bases.

    >>> sorted(provinces_named({"recipients": ["UBND tỉnh Hải Dương (b/c)"]}))
    ['thành phố Hải Phòng']
    """
    return frozenset(found for text in _witnesses(document) for found in _provinces_in(text))


def _witnesses(document: Mapping[str, Any]) -> Iterator[str]:
    yield from filter(None, (document.get("issuer"), document.get("place"), document.get("title")))
    yield from document.get("recipients") or ()
    yield from filter(None, (basis.get("issuer") for basis in document.get("legal_bases") or ()))


@lru_cache(maxsize=4096)
def _provinces_in(text: str) -> tuple[str, ...]:
    """The provinces named in a text; kept, because many plans are sent to the same recipients."""
    succession = Succession.load()
    named: list[str] = []
    for found in _PROVINCE.finditer(fold(text)):
        words = text[found.end() :].split()[:MOST_WORDS]
        for count in range(len(words), 0, -1):
            if known := succession.today(" ".join(words[:count]).strip(" .,;:()")):
                named.extend(known)
                break
    return tuple(named)


def _districts_written_to(document: Mapping[str, Any]) -> Iterable[str]:
    """The levels of district that the document names of itself: issuer, recipients ("UBND Thị xã (b/c)")."""
    for text in filter(None, (document.get("issuer"), *(document.get("recipients") or ()))):
        for found in _DISTRICT.finditer(fold(text)):
            level = (found.group(1) or found.group(2)).strip()
            yield _OTHERS[level]
