"""The command line with real readers and isolation, but hand-made rows: what is tested here is the door."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.making import extraction


@dataclass
class Ran:
    """What a run of the command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


def walk() -> types.ModuleType:
    """A stand-in of `pipeline.run` that really reads the file, then hands out rows made by hand."""
    from extractors.readers import open_source, read
    from schemas.extraction import Extraction
    from schemas.source import RawDocument
    from tests.making import rows

    def extract_raw(raw: RawDocument, _kit: object) -> Extraction:
        if "BOM HẸN GIỜ" in raw.text:
            raise KeyError("unforeseen")
        made = extraction()
        return replace(made, raw=raw, rows=rows(raw.source.document_id), warnings=raw.warnings)

    module = types.ModuleType("pipeline.run")
    module.__dict__["extract_raw"] = extract_raw
    module.__dict__["extract_file"] = lambda path, kit: extract_raw(read(open_source(path)), kit)
    return module


@pytest.fixture
def fake_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    module = walk()
    monkeypatch.setitem(sys.modules, "pipeline.run", module)
    monkeypatch.setattr("pipeline.run", module, raising=False)
    monkeypatch.setattr("pipeline.kit.load_kit", lambda: object())


@pytest.fixture
def giaoviec(
    fake_walk: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Ran]:
    """Run the command with arguments, its data in a folder of the test."""
    monkeypatch.setenv("GIAOVIEC_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("GIAOVIEC_DATABASE_URL", raising=False)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def run(*arguments: object) -> Ran:
        from pipeline.cli import main

        monkeypatch.setattr(sys, "argv", ["giaoviec", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run
