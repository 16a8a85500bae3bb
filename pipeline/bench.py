"""`make bench`: what the walk costs on typed plans, beside pdfplumber's own `extract_text` on the same files.

    python -m pipeline.bench [--pages 10 50 200 500] [--repeat 3]

CPU seconds of one process, both ways in one run and in turn, the least of several rounds: the machine may be busy.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pdfplumber

from pipeline.kit import load_kit
from pipeline.run import extract_file
from sample_docs.build.long_plan import write_long_plan

ROOT = Path(__file__).resolve().parent.parent


def _plumbed(path: Path) -> int:
    with pdfplumber.open(path) as document:
        letters = 0
        for page in document.pages:
            letters += len(page.extract_text() or "")
            page.close()
    return letters


def _cost(work: Callable[[], object]) -> float:
    gc.collect()
    before = time.process_time()
    work()
    return time.process_time() - before


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(files: list[Path], repeat: int) -> None:
    """Prints the cost of the walk and of pdfplumber on each file, and their ratio over all."""
    kit = load_kit()
    for file in files:
        extract_file(file, kit)
    ours = theirs = 0.0
    for file in files:
        walk = min(_cost(partial(extract_file, file, kit)) for _ in range(repeat))
        plumber = min(_cost(partial(_plumbed, file)) for _ in range(repeat))
        ours, theirs = ours + walk, theirs + plumber
        print(
            f"{file.name:36} walk {walk * 1000:8.0f} ms   pdfplumber {plumber * 1000:8.0f} ms   {walk / plumber:5.2f}"
        )
    print(f"{'all':36} walk {ours * 1000:8.0f} ms   pdfplumber {theirs * 1000:8.0f} ms   {ours / theirs:5.2f}")


def growth(pages: list[int]) -> None:
    """Prints the cost per page and the peak memory over the loaded libraries, for plans of growing length."""
    kit = load_kit()
    sample = next((ROOT / "sample_docs").rglob("002_*.pdf"))
    extract_file(sample, kit)
    loaded = _peak_mib()
    with tempfile.TemporaryDirectory() as folder:
        for count in pages:
            file = Path(folder) / f"{count}.pdf"
            write_long_plan(count, file)
            rows = 0

            def work(file: Path = file) -> None:
                nonlocal rows
                rows = len(extract_file(file, kit).rows)

            cost = _cost(work)
            peak = _peak_mib() - loaded
            print(
                f"{count:5} pages {cost * 1000 / count:7.1f} ms/page {rows:6} rows, peak +{peak:.0f} MiB", flush=True
            )


def main(arguments: list[str] | None = None) -> int:
    """0; prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", nargs="*", type=int, default=[10, 50, 200, 500])
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args(arguments)
    compare(sorted((ROOT / "sample_docs" / "typed").glob("*.pdf")), options.repeat)
    growth(options.pages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
