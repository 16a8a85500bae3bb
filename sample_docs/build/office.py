"""LibreOffice, without a window: from a Word document to another format."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from sample_docs.build.archive import MADE

LIMIT_S = 900


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
            raise RuntimeError("LibreOffice (soffice) is needed to make PDF files: install it and try again") from error
    target = folder / f"{source.stem}.{ending}"
    if done.returncode or not target.exists():
        raise RuntimeError(f"LibreOffice made no {ending} of {source.name}: {done.stderr.strip()}")
    return target
