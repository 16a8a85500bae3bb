"""LibreOffice, without a window: from a Word document to another format."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

from sample_docs.build.archive import MADE

LIMIT_S = 900
DATE_IN_PDF = re.compile(rb"(?<=/CreationDate\(D:)\d{14}")
HASH_IN_PDF = re.compile(rb"(?<=[</])[0-9A-F]{32}\b")
"""The file's own identity, `<64552E019C5F650C50A41C44BA2B1325>`, which depends on the moment it was made."""


def convert(source: Path, ending: str, folder: Path) -> Path:
    """The file that `soffice` made of `source` in `folder`, its ending being `ending` ("pdf").

    RuntimeError where LibreOffice is not installed or made no file.
    """
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(int(MADE.timestamp())), "TZ": "UTC"}
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", ending]
        try:
            done = subprocess.run(
                [*command, "--outdir", str(folder), str(source)],
                capture_output=True, text=True, timeout=LIMIT_S, env=environment, check=False,
            )  # fmt: skip
        except FileNotFoundError as error:
            raise RuntimeError(
                "LibreOffice (soffice) is needed to make PDF files: install it and try again"
            ) from error
    target = folder / f"{source.stem}.{ending}"
    if done.returncode or not target.exists():
        raise RuntimeError(f"LibreOffice made no {ending} of {source.name}: {done.stderr.strip()}")
    if ending == "pdf":
        _forget_the_moment(target)
    return target


def _forget_the_moment(pdf: Path) -> None:
    """Gives `pdf` a fixed date and identity of the same length, so that the same pages are the same bytes."""
    data = DATE_IN_PDF.sub(MADE.strftime("%Y%m%d%H%M%S").encode(), pdf.read_bytes())
    body, trailer, end = data.rpartition(b"trailer")
    pdf.write_bytes(body + trailer + HASH_IN_PDF.sub(b"0" * 32, end))
