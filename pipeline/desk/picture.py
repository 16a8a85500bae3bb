"""The pictures of pages, drawn once and kept in the data folder beside the originals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from pipeline.confine import secrets_of
from pipeline.settings import Settings
from schemas.errors import UnreadableFile
from schemas.source import BBox

SECONDS = 45
AT_ONCE = BoundedSemaphore(2)
"""A page takes a core and some hundred megabytes while it is drawn."""
NOT_DRAWN = "Không vẽ được ảnh của trang này; xem chữ của văn bản ở dưới."


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture: where the file lies, its size in points, and the places to mark."""

    number: int
    path: Path
    width: float
    height: float
    boxes: tuple[BBox, ...] = ()


def page_picture(settings: Settings, sha256: str, number: int) -> Picture:
    """The picture of page `number` of a kept file; raises `UnreadableFile` where it cannot be drawn."""
    place = settings.data / "trang" / sha256[:2] / f"{sha256}-{number}.jpg"
    told = place.with_suffix(".json")
    if not (place.is_file() and told.is_file()):
        _draw(settings.originals / sha256[:2] / sha256, number, place, told)
    size = json.loads(told.read_text(encoding="ascii"))
    return Picture(number, place, size["width"], size["height"])


def _draw(source: Path, number: int, place: Path, told: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    hidden = secrets_of(os.environ)
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    with tempfile.TemporaryDirectory(dir=place.parent, prefix="ve-") as folder, AT_ONCE:
        aside = Path(folder) / "trang.jpg"
        command = [sys.executable, "-m", "pipeline.desk.draw", str(source), str(number), str(aside)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS, env=environment, check=False
            )
            said = json.loads(done.stdout)
        except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
            raise UnreadableFile(NOT_DRAWN, str(error)) from error
        if done.returncode:
            raise UnreadableFile(NOT_DRAWN, said.get("refused", ""))
        size = Path(folder) / "trang.json"
        size.write_text(json.dumps(said), encoding="ascii")
        aside.replace(place)
        size.replace(told)
