"""`make accuracy-worn`: how pages are read that were worn in other ways than those of the shared maker.

SHARED=… python -m pipeline.scans.worn [--salt WORD] [--wears NAME …] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import zlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2

from extractors.readers import open_source, read
from pipeline.scans.page_score import PageScore, load_measures, page_texts, pooled, score_page
from pipeline.scans.sets import LAYERS, made, scans
from pipeline.scans.wear import WEARS, worn
from schemas.errors import PlanError

# A first page, a body page, the page with the signature, a page with a table.
PAGES = (("d2_hongchau", 1), ("d2_hongchau", 4), ("d1_lechan", 4), ("d5_phuluc", 3))
POINTS = 72
POOR = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """One page to be worn and read; `truth` as the set has it."""

    wear: str
    typed: Path
    number: int
    truth: dict[str, Any]
    shared: Path
    keep: Path | None


def read_worn(job: Job) -> tuple[str, PageScore, bool, str]:
    """(wear, score, whether the page was flagged, its name) of one page."""
    measures, wear = load_measures(job.shared), WEARS[job.wear]
    name = f"{job.wear}.{job.typed.stem}.p{job.number}"
    random = np.random.default_rng(zlib.crc32(name.encode()))
    document = pypdfium2.PdfDocument(job.typed)
    clean = np.array(document[job.number - 1].render(scale=wear.dpi / POINTS).to_pil().convert("RGB"))
    document.close()
    data = worn(clean, wear, random)
    with tempfile.TemporaryDirectory() as folder:
        path = (job.keep or Path(folder)) / f"{name}{'.jpg' if wear.quality else '.png'}"
        path.write_bytes(data)
        try:
            raw = read(open_source(path))
        except PlanError as error:
            return job.wear, score_page(measures, "", job.truth), True, f"{name} ({error})"
    flagged = any(warning.startswith("Trang 1:") for warning in raw.warnings)
    return job.wear, score_page(measures, page_texts(raw.blocks, 1)[0], job.truth), flagged, name


def _jobs(options: argparse.Namespace) -> list[Job]:
    folder = made(options.shared, options.salt, options.cache)
    truths = {scan.document: scan for scan in scans(folder, LAYERS["typed"], [])}
    return [
        Job(wear, truths[document].path, number, truths[document].pages[number - 1], options.shared, options.keep)
        for wear in options.wears or WEARS
        for document, number in PAGES
    ]


def main(arguments: list[str] | None = None) -> int:
    """0; 2 where there is no shared folder. Prints a line for each wear, and each page that is poor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(os.environ["SHARED"]) if "SHARED" in os.environ else None)
    parser.add_argument("--salt", default="alpha")
    parser.add_argument("--wears", nargs="*", default=[], choices=list(WEARS))
    parser.add_argument("--cache", type=Path, help="where the sets are kept")
    parser.add_argument("--keep", type=Path, help="a folder for the worn pages")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.shared is None or not options.shared.is_dir():
        print("SHARED is not set: there is no maker of test pages.", file=sys.stderr)
        return 2
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(options.workers) as pool:
        results = list(pool.map(read_worn, _jobs(options)))
    print(f"{'wear':14}{'CER':>8}{'WER':>8}{'digits':>8}   pages in percent (! flagged)")
    for wear in dict.fromkeys(result[0] for result in results):
        own = [result for result in results if result[0] == wear]
        sums = pooled([score for _, score, _, _ in own])
        figures = [
            100 * sums[part] / max(1, sums[whole])
            for part, whole in (("cerr", "chars"), ("werr", "words"), ("num_hit", "num"))
        ]
        pages = " ".join(f"{score.cer:.2f}{'!' if flagged else ''}" for _, score, flagged, _ in own)
        print(f"{wear:14}" + "".join(f"{figure:8.2f}" for figure in figures) + f"   {pages}")
    lost = [name for _, score, flagged, name in results if score.cer > POOR and not flagged]
    print("over 5 % and not flagged:", ", ".join(lost) or "none")
    return 0


if __name__ == "__main__":
    sys.exit(main())
