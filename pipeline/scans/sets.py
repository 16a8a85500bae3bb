"""Sets of scanned pages with their truth, made once for each salt and kept in a folder.

The maker is a script of the shared folder (tools/make_scans.py). It needs LibreOffice, Tesseract with English data,
two font packages, and a Python of its own with PyMuPDF: that library is AGPL and stays out of the product.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

MAKER = Path("tools") / "make_scans.py"
MAKER_NEEDS = ("pymupdf", "img2pdf", "python-docx", "pillow", "numpy", "opencv-python-headless")
PAGE = re.compile(r"\.p(\d+)\.jpg$")


@dataclass(frozen=True, slots=True)
class Layer:
    """One way in which the pages of a set come: where its files lie, and the class that a page of it has."""

    name: str
    folder: str
    suffix: str
    page_class: str
    scanned: bool = True


LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        Layer("typed", "typed", ".pdf", "good", scanned=False),
        Layer("s300", "scans", ".s300.pdf", "none"),
        Layer("s200", "scans", ".s200.pdf", "none"),
        Layer("s150", "scans", ".s150.pdf", "none"),
        Layer("bw200", "scans", ".bw200.pdf", "none"),
        Layer("garbage", "garbage", ".eng.pdf", "garbage"),
        Layer("tcvn3", "legacy", ".tcvn3.pdf", "legacy", scanned=False),
        Layer("vni", "legacy", ".vni.pdf", "legacy", scanned=False),
        Layer("photo", "photo", ".jpg", ""),
    )
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A file of a set with the truth of its pages (blocks by kind, printed rows, page number), first to last."""

    layer: Layer
    document: str
    path: Path
    pages: list[dict[str, Any]]
    table: dict[str, Any] | None


def cache_folder() -> Path:
    """Where the sets are kept."""
    return user_cache_path("giaoviec") / "scans"


def made(shared: Path, salt: str, folder: Path | None = None) -> Path:
    """The folder of the set of this salt, made where it is not yet there."""
    folder = folder or cache_folder()
    done = folder / salt
    if not done.is_dir():
        part = folder / f"{salt}.part"
        shutil.rmtree(part, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
        command = [str(_python(folder)), str(shared / MAKER), str(part), salt]
        subprocess.run(command, check=True, env=environment, stdout=sys.stderr)
        part.rename(done)
    return done


def _python(folder: Path) -> Path:
    """A Python that has what the maker needs."""
    home = folder / "python"
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *MAKER_NEEDS], check=True, stdout=sys.stderr)
        (home / "ready").touch()
    return python


def scans(folder: Path, layer: Layer, documents: list[str]) -> Iterator[Scan]:
    """The files of one layer; `documents` are parts of the wanted names, none for all."""
    for path in sorted((folder / layer.folder).glob(f"*{layer.suffix}")):
        document = path.name.split(".")[0]
        if documents and not any(part in document for part in documents):
            continue
        truth = json.loads((folder / "truth" / f"{document}.json").read_text(encoding="utf-8"))
        shown = PAGE.search(path.name)
        pages = [page for page in truth["pages"] if not shown or page["page"] == int(shown[1])]
        if layer.name == "garbage":
            pages = pages[: 3 if truth["table"] is None else None]
        yield Scan(layer, document, path, pages, truth["table"])
