"""The file of settings of the night: YAML, every mistake told with file and line.

A field is a line of its section's table: its name and how its value is read. Times are Asia/Ho_Chi_Minh.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.lined_yaml import LINE, Fields, Items, load_lined
from schemas.errors import ConfigError

FORMATS = ("xlsx", "csv", "parquet", "jsonl")
SECURITIES = ("starttls", "tls", "none")
ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder to read: of `commune`, or with a sub-folder for each commune where that is None."""

    path: Path
    commune: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """Where the digest is sent by SMTP; the password lies in a file of its own, or there is none."""

    host: str
    sender: str
    to: tuple[str, ...]
    port: int = 25
    security: str = "starttls"
    user: str | None = None
    password_file: Path | None = None


@dataclass(frozen=True, slots=True)
class NightConfig:
    """What a night does; `year` None is the year of the night, `jobs` None as many as the machine has cores.

    `full_check_days`: every so many days each file is read again to its last byte, whatever its size and times say.
    """

    file: Path
    folders: tuple[Folder, ...]
    out: Path
    province: str = "Hải Phòng"
    year: int | None = None
    sets: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("xlsx",)
    days: tuple[int, ...] = (7, 30)
    full_check_days: int = 7
    keep_digests: int = 60
    jobs: int | None = None
    schedule: str = "0 1 * * *"
    data: Path | None = None
    database: str | None = None
    mail: Mail | None = None


@dataclass(frozen=True, slots=True)
class _At:
    """A place in the file, for the words of a mistake; `base` is the folder that paths are relative to."""

    file: Path
    line: int
    name: str

    @property
    def base(self) -> Path:
        return self.file.parent

    def wrong(self, what: str) -> ConfigError:
        return _wrong(self.file, self.line, f"“{self.name}” {what}")


def _wrong(path: Path, line: int, what: str) -> ConfigError:
    where = f", dòng {line}" if line else ""
    return ConfigError(f"Tệp {path.name}{where}: {what}.")


Reader = Callable[[Any, _At], Any]


def _text(value: Any, at: _At) -> str:
    if not isinstance(value, str) or not value.strip():
        raise at.wrong("phải là chữ")
    return value.strip()


def _path(value: Any, at: _At) -> Path:
    return (at.base / Path(_text(value, at)).expanduser()).absolute()


def _number(least: int, most: int) -> Reader:
    def read(value: Any, at: _At) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise at.wrong(f"phải là số nguyên từ {least} đến {most}")
        return value

    return read


def _one_of(*known: str) -> Reader:
    def read(value: Any, at: _At) -> str:
        if value not in known:
            raise at.wrong(f"phải là một trong: {', '.join(known)}")
        return str(value)

    return read


def _many(one: Reader) -> Reader:
    """A list of values, or a single one that stands for it."""

    def read(value: Any, at: _At) -> tuple[Any, ...]:
        items = value if isinstance(value, Items) else Items([value])
        lines = items.lines or (at.line,) * len(items)
        found = tuple(one(item, _At(at.file, line, at.name)) for item, line in zip(items, lines, strict=True))
        if not found:
            raise at.wrong("không được để trống")
        return found

    return read


def _cron(value: Any, at: _At) -> str:
    written = _text(value, at)
    if len(written.split()) != 5:
        raise at.wrong("phải là lịch cron năm phần, ví dụ “0 1 * * *” là 1 giờ sáng hằng ngày")
    return written


def _folder(value: Any, at: _At) -> Folder:
    if isinstance(value, str):
        return Folder(_path(value, at))
    return Folder(**_section(value, at, FOLDER, ("path",)))


def _mail(value: Any, at: _At) -> Mail:
    return Mail(**_section(value, at, MAIL, ("host", "sender", "to")))


def _address(value: Any, at: _At) -> str:
    written = _text(value, at)
    if "@" not in written or any(letter.isspace() for letter in written):
        raise at.wrong(f"phải là địa chỉ thư điện tử, không phải “{written}”")
    return written


def _set(value: Any, at: _At) -> str:
    """A set's name, or the path of its file."""
    written = _text(value, at)
    return str(_path(value, at)) if written.endswith((".yaml", ".yml")) else written


FOLDER: dict[str, Reader] = {"path": _path, "commune": _text}
MAIL: dict[str, Reader] = {
    "host": _text,
    "port": _number(1, 65535),
    "security": _one_of(*SECURITIES),
    "user": _text,
    "password_file": _path,
    "sender": _address,
    "to": _many(_address),
}
NIGHT: dict[str, Reader] = {
    "province": _text,
    "year": _number(2000, 2100),
    "folders": _many(_folder),
    "out": _path,
    "sets": _many(_set),
    "formats": _many(_one_of(*FORMATS)),
    "days": _many(_number(1, 366)),
    "full_check_days": _number(1, 365),
    "keep_digests": _number(1, 3660),
    "jobs": _number(1, 256),
    "schedule": _cron,
    "data": _path,
    "database": _text,
    "mail": _mail,
}
"""The fields of the file: the one place to add one, beside its line in `NightConfig`."""


def load_night(file: Path) -> NightConfig:
    """The settings of a file, checked; paths are relative to the file. Raises `ConfigError` with file and line."""
    data = load_lined(file, _wrong)
    return NightConfig(file=file, **_section(data, _At(file, 1, file.name), NIGHT, ("folders", "out")))


def _section(data: Any, at: _At, known: Mapping[str, Reader], needed: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(data, Fields):
        raise at.wrong("phải là các mục “tên: giá trị”")
    for name in data:
        if name not in known and name != LINE:
            raise _wrong(at.file, data.lines.get(name, at.line), f"không có mục “{name}”; có: {', '.join(known)}")
    for name in needed:
        if data.get(name) is None:
            raise _wrong(at.file, data[LINE], f"thiếu “{name}”")
    return {
        name: read(data[name], _At(at.file, data.lines[name], name))
        for name, read in known.items()
        if data.get(name) is not None
    }
