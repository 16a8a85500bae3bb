"""Sets of criteria from YAML, checked line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.compare.derive import derive_needs
from pipeline.compare.phrases import choices
from pipeline.lined_yaml import LINE, Fields, load_lined
from schemas.criteria import CriteriaSet, Criterion, Needs, Part
from schemas.errors import CriteriaError

FOLDER = Path(__file__).with_name("criteria")
_READING = ".reading.yaml"
_REQUIRED = ("id", "text")
_TEXTS = ("id", "text", "source_path", "cadence", "cadence_text", "target", "due")
_LISTS = ("expected_lead", "keywords")
_NUMBERS = ("points", "threshold", "cadence_min")
_DATES = ("valid_from", "valid_to")
HEADS = frozenset({"content", "channel", "place", "people", "cadence", "form", "act", "trigger", "remark"})


def set_ids() -> tuple[str, ...]:
    """The names of the sets that come with the program.

    >>> "hai_phong_5049" in set_ids()
    True
    """
    return tuple(sorted(p.stem for p in FOLDER.glob("*.yaml") if not p.name.endswith(_READING)))


def load_set(name: str) -> CriteriaSet:
    """The set of a name or of a YAML file, checked; raises CriteriaError with file and line.

    >>> load_set("hai_phong_5049").rebuilt
    True
    """
    path = FOLDER / f"{name}.yaml" if name in set_ids() else Path(name)
    if not path.is_file():
        raise CriteriaError(f"Không có bộ tiêu chí “{name}”; các bộ có sẵn: {', '.join(set_ids())}.")
    data = _load(path)
    beside = path.with_name(path.stem + _READING)
    return _set(data, path, _readings(_load(beside), beside) if beside.is_file() else {})


def _load(path: Path) -> Fields:
    return load_lined(path, _wrong)


def _wrong(path: Path, line: int, what: str) -> CriteriaError:
    return CriteriaError(f"Tệp {path.name}, dòng {line}: {what}.")


def _set(data: Fields, path: Path, readings: dict[str, Needs]) -> CriteriaSet:
    for key in ("id", "title", "criteria"):
        if not data.get(key):
            raise _wrong(path, data[LINE], f"thiếu “{key}”")
    groups = tuple((str(one["id"]), str(one["title"])) for one in data.get("groups") or ())
    criteria = tuple(_criteria(data["criteria"], path, dict(groups), readings))
    unknown = sorted(set(readings) - {one.id for one in criteria})
    if unknown:
        raise _wrong(path, 1, f"cách đọc của tiêu chí không có trong bộ: {', '.join(unknown)}")
    plain = {key: str(value) for key, value in (data.get("decision") or {}).items() if key != LINE}
    dates = _dates(data, path)
    return CriteriaSet(
        str(data["id"]),
        str(data["title"]),
        criteria,
        groups,
        str(data.get("version") or 1),
        dates[0] or plain.get("date"),
        dates[1],
        bool(data.get("rebuilt")),
        str(data.get("source") or ""),
        plain,
    )


def _dates(data: Fields, path: Path) -> tuple[str | None, str | None]:
    """The first and last day of the set, checked."""
    found: list[str | None] = []
    for key in _DATES:
        written = str(data.get(key) or "")
        try:
            found.append(date.fromisoformat(written).isoformat() if written else None)
        except ValueError as error:
            raise _wrong(path, data.lines[key], f"“{key}” phải là ngày, viết như 2025-12-31") from error
    first, last = found
    if first and last and last < first:
        raise _wrong(path, data.lines["valid_to"], "“valid_to” ở trước “valid_from”")
    return first, last


def _criteria(items: Any, path: Path, groups: dict[str, str], readings: dict[str, Needs]) -> Iterator[Criterion]:
    if not isinstance(items, list):
        raise _wrong(path, 1, "“criteria” phải là một danh sách")
    seen: set[str] = set()
    for item in items:
        if not isinstance(item, dict):
            raise _wrong(path, 1, "mỗi tiêu chí phải là các mục “tên: giá trị”")
        line = item[LINE]
        for key in _REQUIRED:
            if not isinstance(item.get(key), str) or not item[key].strip():
                raise _wrong(path, line, f"tiêu chí thiếu “{key}” (chữ, đặt trong dấu nháy)")
        if item["id"] in seen:
            raise _wrong(path, line, f"mã “{item['id']}” dùng hai lần")
        seen.add(item["id"])
        yield _criterion(item, path, groups, readings)


def _criterion(item: dict[str, Any], path: Path, groups: dict[str, str], readings: dict[str, Needs]) -> Criterion:
    line = item[LINE]
    texts: dict[str, Any] = {key: item.get(key) for key in _TEXTS}
    for key, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise _wrong(path, line, f"“{key}” của tiêu chí {item['id']} phải là chữ")
    lists: dict[str, Any] = {key: _listed(item.get(key), key, path, line) for key in _LISTS}
    numbers: dict[str, Any] = {key: item.get(key) for key in _NUMBERS}
    for key, value in numbers.items():
        if value is not None and not isinstance(value, int | float):
            raise _wrong(path, line, f"“{key}” của tiêu chí {item['id']} phải là số")
    group = str(item.get("group") or "")
    if groups and group not in groups:
        raise _wrong(path, line, f"nhóm “{group}” của tiêu chí {item['id']} không có trong “groups”")
    needs = readings.get(item["id"]) or derive_needs(item["text"], lists["keywords"])
    return Criterion(group=group, needs=needs, **texts, **lists, **numbers)


def _listed(value: Any, key: str, path: Path, line: int) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _wrong(path, line, f"“{key}” phải là một danh sách chữ")
    return tuple(value)


def _readings(data: dict[str, Any], path: Path) -> dict[str, Needs]:
    return {str(key): _reading(value, path) for key, value in data.items() if key != LINE}


def _reading(value: Any, path: Path) -> Needs:
    if not isinstance(value, dict) or not isinstance(value.get("subject"), list):
        raise _wrong(path, value[LINE] if isinstance(value, dict) else 1, "cách đọc thiếu “subject” (danh sách)")
    return Needs(
        str(value.get("act") or ""),
        tuple(choices(group) for group in value["subject"]),
        tuple(_part(item, path) for item in value.get("parts") or ()),
        choices(value.get("except") or ""),
        bool(value.get("content_of_publishing")),
        bool(value.get("telling")),
    )


def _part(item: Any, path: Path) -> Part:
    named = [(key, value) for key, value in item.items() if key != LINE] if isinstance(item, dict) else []
    if len(named) != 1 or named[0][0] not in HEADS or not isinstance(named[0][1], dict):
        line = item[LINE] if isinstance(item, dict) else 1
        raise _wrong(path, line, f"phần phải là một trong {', '.join(sorted(HEADS))}")
    head, said = named[0]
    ((name, phrases),) = [(key, value) for key, value in said.items() if key != LINE]
    return Part(head, str(name), choices(str(phrases or name)))
