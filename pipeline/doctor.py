"""What is installed, what is missing and how to get it; and whether the store still is what it says."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline.settings import Settings
from schemas.errors import PlanError

SECONDS = 20
LEAST_FREE = 1 << 30
CHUNK = 1 << 20


class Health(StrEnum):
    """How it stands with one thing."""

    GOOD = "good"
    LACKING = "lacking"
    """The product works, but not for every file."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: its name, how it stands, what was found and what to do."""

    name: str
    health: Health
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """An outside program: the command that tells its version, what it is for, and how to get it."""

    name: str
    command: tuple[str, ...]
    use: str
    remedy: str


PROGRAMS = (
    Program(
        "tesseract", ("tesseract", "--version"), "đọc bản quét và ảnh", "apt install tesseract-ocr tesseract-ocr-vie"
    ),
    Program("soffice", ("soffice", "--version"), "đọc .doc, .rtf, .odt", "apt install libreoffice-writer"),
)
PACKAGES = ("pdfplumber", "pypdfium2", "python-docx", "spacy", "underthesea", "unidecode", "pandas", "prefect")
FONTS = ("Times New Roman", "Liberation Serif", "Tinos")


def examine(settings: Settings, deep: bool = False) -> tuple[Finding, ...]:
    """What was found, in the order of `CHECKS`; `deep` also reads every kept file and compares its hash."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _programs,
        _vietnamese_ocr,
        _fonts,
        _packages,
        _assets,
        lambda: _data_folder(settings),
        lambda: _database(settings, deep),
    )
    return tuple(finding for check in checks for finding in check())


def _run(*command: str) -> str | None:
    """Return what a program prints, None where it is missing or does not answer."""
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False, errors="replace")
    except (subprocess.TimeoutExpired, OSError):
        return None
    return done.stdout or done.stderr


def _programs() -> Iterator[Finding]:
    for program in PROGRAMS:
        said = _run(*program.command)
        if said is None:
            yield Finding(program.name, Health.LACKING, f"không có ({program.use})", program.remedy)
        else:
            first = said.strip().partition("\n")[0]
            yield Finding(program.name, Health.GOOD, f"{first} ({program.use})")


def _vietnamese_ocr() -> Iterator[Finding]:
    languages = (_run("tesseract", "--list-langs") or "").split()
    if "vie" in languages:
        yield Finding("tesseract: vie", Health.GOOD, "có dữ liệu nhận dạng tiếng Việt")
    else:
        yield Finding("tesseract: vie", Health.LACKING, "không có (đọc bản quét)", "apt install tesseract-ocr-vie")


def _fonts() -> Iterator[Finding]:
    """Without a font of these measures LibreOffice breaks the pages of a .doc elsewhere."""
    listed = _run("fc-list", ":", "family") or ""
    there = [font for font in FONTS if font in listed]
    if there:
        yield Finding("phông chữ", Health.GOOD, ", ".join(there))
    else:
        yield Finding(
            "phông chữ", Health.LACKING, "không có phông thay Times New Roman", "apt install fonts-croscore"
        )


def _packages() -> Iterator[Finding]:
    missing, there = [], []
    for name in PACKAGES:
        try:
            there.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Finding(
            "gói Python", Health.BROKEN, f"thiếu {', '.join(missing)}", "pip install -c constraints.txt -e ."
        )
    else:
        yield Finding("gói Python", Health.GOOD, ", ".join(there))


def _assets() -> Iterator[Finding]:
    from pipeline.kit import load_kit

    try:
        load_kit()
    except PlanError as error:
        yield Finding("dữ liệu của chương trình", Health.BROKEN, str(error), "cài đặt lại giaoviec")
    else:
        yield Finding("dữ liệu của chương trình", Health.GOOD, "đủ và đúng mã kiểm tra")


def _data_folder(settings: Settings) -> Iterator[Finding]:
    from pipeline.store.engine import NETWORK_SYSTEMS, file_system

    there = settings.data
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    found = f"{settings.data} (còn trống {free >> 30} GB)"
    if file_system(settings.data.absolute()) in NETWORK_SYSTEMS:
        yield Finding("thư mục dữ liệu", Health.LACKING, found, "nằm trên ổ mạng; nên đặt trên ổ đĩa của máy")
    elif free < LEAST_FREE:
        yield Finding("thư mục dữ liệu", Health.LACKING, found, "dọn bớt đĩa")
    else:
        yield Finding("thư mục dữ liệu", Health.GOOD, found)


def _database(settings: Settings, deep: bool) -> Iterator[Finding]:
    from pipeline.store.queries import count_by_state, find_documents, find_faults
    from pipeline.store.store import Store

    try:
        store = Store.open(settings.database_url)
        counted, faults = count_by_state(store), find_faults(store)
        hashes = tuple(document["sha256"] for document in find_documents(store))
    except PlanError as error:
        yield Finding("cơ sở dữ liệu", Health.BROKEN, str(error), error.detail)
        return
    said = ", ".join(f"{state}: {count}" for state, count in sorted(counted.items())) or "chưa có tệp nào"
    yield Finding("cơ sở dữ liệu", Health.BROKEN if faults else Health.GOOD, "; ".join(faults) or said)
    wrong = list(_wrong_originals(hashes, settings.originals, deep))
    if wrong:
        remedy = "nạp lại những tệp này từ nơi gửi"
        yield Finding("tệp gốc", Health.BROKEN, f"thiếu hoặc hỏng {len(wrong)}: {wrong[0][:16]}…", remedy)
    else:
        yield Finding("tệp gốc", Health.GOOD, "đủ, đúng mã kiểm tra" if deep else "đủ")


def _wrong_originals(hashes: tuple[str, ...], folder: Path, deep: bool) -> Iterator[str]:
    for sha256 in hashes:
        path = folder / sha256[:2] / sha256
        if not path.is_file() or (deep and _digest(path) != sha256):
            yield sha256


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
