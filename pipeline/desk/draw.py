"""Draws a page of a kept file as a JPEG, in a process of its own under limits; run as `python -m pipeline.desk.draw`.

The pages' process never parses what somebody dropped, and it has threads, which must not be forked: so this one is
started for a page, and itself only starts the child that draws.
"""

from __future__ import annotations

import io
import json
import math
import sys
from pathlib import Path
from typing import Any

from pipeline.isolate import Limits, run_limited
from schemas.errors import PlanError, UnreadableFile
from schemas.source import SourceFile

DPI = 130
"""Small print can be read at it, and a page stays near 200 kB."""
POINTS = 72.0
QUALITY = 80
LIMITS = Limits(wall_seconds=30, cpu_seconds=30, memory_bytes=3 << 29, written_bytes=32 << 20)
NO_PAGE = "Tệp không có trang này."


def draw(path: Path, number: int) -> tuple[bytes, float, float]:
    """The JPEG of page `number` (from 1) and the page's width and height in points, those of the rows' boxes."""
    with path.open("rb") as file:
        head = file.read(1024)
    from extractors.readers.image_files import is_image

    return _draw_picture(path, number) if is_image(head) else _draw_pdf(path, number)


def _draw_pdf(path: Path, number: int) -> tuple[bytes, float, float]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        if not 0 < number <= len(document):
            raise UnreadableFile(NO_PAGE)
        document.init_forms()
        page = document[number - 1]
        width, height = page.get_size()
        image = page.render(scale=_scale(width, height) / POINTS, may_draw_forms=True).to_pil()
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(NO_PAGE, str(error)) from error
    return _jpeg(image), width, height


def _draw_picture(path: Path, number: int) -> tuple[bytes, float, float]:
    from itertools import islice

    from PIL import Image

    from extractors.readers.image_files import pictures

    found = next(islice(pictures(SourceFile(path, path.name, "", 0)), number - 1, None), None)
    if found is None:
        raise UnreadableFile(NO_PAGE)
    width, height = found.area.x1, found.area.bottom
    image = Image.fromarray(found.picture)
    wanted = _scale(width, height) / POINTS
    image.thumbnail((max(1, round(width * wanted)), max(1, round(height * wanted))))
    return _jpeg(image), width, height


def _scale(width: float, height: float) -> float:
    """The dots an inch at which a page of any size gives at most about 4 million dots."""
    inches = max(1e-3, width * height / POINTS**2)
    return min(float(DPI), math.sqrt(4_000_000 / inches))


def _jpeg(image: Any) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def main(source: str, number: str, target: str) -> int:
    """Write the picture to `target` and its size as JSON to standard output; a refusal as its sentence and code."""
    try:
        picture, width, height = run_limited(draw, Path(source), int(number), limits=LIMITS)
    except PlanError as error:
        print(json.dumps({"refused": str(error)}))
        return error.exit_code
    Path(target).write_bytes(picture)
    print(json.dumps({"width": width, "height": height}))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
