"""How far a long scan is read shows while it is read."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from extractors.readers.ocr import tessdata_folder
from extractors.readers.pages_read import pages_told, tell_pages
from pipeline.isolate import run_limited

SAMPLES = Path(__file__).parents[2] / "sample_docs"


def test_a_child_tells_its_parent_how_far_it_is():
    tell_pages(0, 0)
    run_limited(tell_pages, 7, 100)
    assert pages_told() == (7, 100)


@pytest.mark.slow
@pytest.mark.skipif(tessdata_folder() is None, reason="Tesseract with Vietnamese data is not installed")
def test_the_terminal_counts_the_pages(tmp_path):
    import pypdfium2

    source = pypdfium2.PdfDocument(SAMPLES / "scans" / "000_le_chan.scan200.pdf")
    target = pypdfium2.PdfDocument.new()
    for _ in range(2):
        target.import_pages(source)
    target.save(tmp_path / "a.pdf")
    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "pipeline", "extract", str(tmp_path / "a.pdf"), "-o", str(tmp_path / "a.json")]
    child = subprocess.Popen(command, stderr=terminal, env=os.environ | {"COLUMNS": "120"})
    os.close(terminal)
    said = b""
    while child.poll() is None or not said:
        try:
            said += os.read(main, 4096)
        except OSError:
            break
    assert "trang" in said.decode(errors="replace")
    assert f"/{len(target)}" in said.decode(errors="replace")


@pytest.mark.slow
@pytest.mark.skipif(tessdata_folder() is None, reason="Tesseract with Vietnamese data is not installed")
def test_a_workers_memory_is_flat_over_two_hundred_pages():
    # In a process of its own: what other tests have loaded into this one is none of a worker's memory.
    script = "import json; from pipeline.scans.bench import memory; print(json.dumps(memory(200, 25)))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert max(found[2:]) - found[1] < 40.0
    assert found[-1] < 350.0
