"""`make accuracy-scans`: how well scanned, photographed and old-encoded pages are read, layer by layer.

    SHARED=… python -m pipeline.scans.accuracy [--salts WORD …] [--layers NAME …] [--documents PART …] [--worst 10]

Sets are made by the shared folder's maker of test pages, once for each salt, and kept in the cache folder.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from extractors.readers import open_source, read
from pipeline.kit import Kit, load_kit
from pipeline.run import extract_raw
from pipeline.scans.page_score import (
    PageScore,
    cells,
    has_table,
    load_measures,
    page_texts,
    pooled,
    score_page,
    score_rows,
)
from pipeline.scans.sets import LAYERS, Layer, Scan, made, scans
from pipeline.score import Facts, load_table, score_records
from schemas.source import RawDocument

GOLD = Path(__file__).resolve().parents[2] / "tests" / "gold"
# The documents of a set whose whole text has a hand-made table.
GOLD_OF = {"d1_lechan": "000.json", "d3_haiphong": "002.json"}
TUNED_ON = ("alpha", "bravo")
POOR, GOOD = 5.0, 1.0
"""Wrong letters in percent: pages over the first must be flagged, under the second hardly any."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page as it was read: `raw` before the repair of slips, `mended` after it."""

    salt: str
    layer: str
    document: str
    number: int
    table: bool
    raw: PageScore
    mended: PageScore
    flagged: bool
    class_right: bool


@dataclass(frozen=True, slots=True)
class FileResult:
    """A file as it was read: its pages, exact and all cells, rows found of the gold's, and CPU seconds."""

    pages: list[PageResult]
    cells: tuple[int, int] | None
    rows: Facts
    agreed: Facts
    seconds: float


@cache
def _tools(shared: Path) -> tuple[Kit, Any]:
    return load_kit(), load_measures(shared)


def read_scan(shared: Path, salt: str, scan: Scan, typed: Path) -> FileResult:
    """One file of a set read and scored; `typed` is the typed original of the same text."""
    kit, measures = _tools(shared)
    began = time.process_time()
    raw = read(open_source(scan.path))
    seconds = time.process_time() - began
    mended = kit.restorer.restore_document(raw).blocks
    texts, after = (page_texts(blocks, len(scan.pages)) for blocks in (raw.blocks, mended))
    score = score_page if LAYERS[scan.layer.name].page_class != "legacy" else score_rows
    classes = raw.facts.get("page_classes", "").split()
    pages = [
        PageResult(
            salt,
            scan.layer.name,
            scan.document,
            page["page"],
            has_table(page),
            score(measures, texts[at], page),
            score(measures, after[at], page),
            any(warning.startswith(f"Trang {at + 1}:") for warning in raw.warnings),
            not scan.layer.page_class or classes[at : at + 1] == [scan.layer.page_class],
        )
        for at, page in enumerate(scan.pages)
    ]
    whole = scan.layer.page_class not in ("", "legacy") and (scan.layer.name != "garbage" or scan.table is not None)
    rows, agreed = _rows(kit, raw, scan, typed) if whole else (Facts(), Facts())
    exact = cells(measures, raw.blocks, scan.table) if scan.table and whole else None
    return FileResult(pages, exact, rows, agreed, seconds)


def _rows(kit: Kit, raw: RawDocument, scan: Scan, typed: Path) -> tuple[Facts, Facts]:
    """Rows found of the gold's, and of those that the typed file has."""
    found = extract_raw(raw, kit).to_record()
    same = extract_raw(read(open_source(typed)), kit).to_record()
    gold = GOLD_OF.get(scan.document)
    against = score_records(load_table(GOLD / gold), found).rows if gold else Facts()
    return against, score_records(same, found).rows


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:7.2f}" if whole else "      –"


def _shown(name: str, files: list[FileResult]) -> str:
    pages = [page for file in files for page in file.pages]
    text = [page for page in pages if not page.table] or pages
    raw, mended = pooled([page.raw for page in text]), pooled([page.mended for page in text])
    poor = [page for page in pages if page.raw.cer > POOR]
    good = [page for page in pages if page.raw.cer < GOOD]
    exact = [file.cells for file in files if file.cells]
    rows, agreed = sum((file.rows for file in files), Facts()), sum((file.agreed for file in files), Facts())
    return (
        f"{name:16}{len(pages):5}"
        + _percent(raw["cerr"], raw["chars"])
        + _percent(raw["werr"], raw["words"])
        + _percent(mended["cerr"], mended["chars"])
        + _percent(raw["num_hit"], raw["num"])
        + f"{sum(page.flagged for page in poor):5}/{len(poor):<3}"
        + f"{sum(page.flagged for page in good):4}/{len(good):<4}"
        + f"{sum(page.class_right for page in pages):4}/{len(pages):<4}"
        + _percent(sum(done for done, _ in exact), sum(every for _, every in exact))
        + (f"{100 * rows.f1:7.1f}{100 * agreed.f1:7.1f}" if agreed.gold else f"{'–':>7}{'–':>7}")
        + f"{sum(file.seconds for file in files) / max(1, len(pages)):7.2f}"
    )


HEAD = (
    f"{'layer':16}{'pages':>5}{'CER':>7}{'WER':>7}{'mended':>7}{'digits':>7}{'>5 %':>7}  {'<1 %':>7}  "
    f"{'class':>7}  {'cells':>6}{'gold':>7}{'typed':>7}{'CPU s':>7}"
)


def report(results: dict[str, list[FileResult]], worst: int) -> None:
    """Prints a line for each layer, then the worst pages."""
    print(HEAD)
    for name, files in results.items():
        print(_shown(name, files))
    pages = [page for files in results.values() for file in files for page in file.pages]
    for page in sorted(pages, key=lambda page: -page.raw.cer)[:worst]:
        flag = "flagged" if page.flagged else ""
        print(f"{page.salt} {page.layer} {page.document} p{page.number}: {page.raw.cer:.2f} % {flag}")
    slips = Counter(page.layer for page in pages if page.mended.cer > page.raw.cer)
    print("pages on which the repair of slips made more letters wrong:", dict(slips) or "none")


def _jobs(options: argparse.Namespace) -> Iterator[tuple[Path, str, Scan, Path]]:
    for salt in options.salts:
        folder = made(options.shared, salt, options.cache)
        for layer in _wanted(options.layers):
            for scan in scans(folder, layer, options.documents):
                yield options.shared, salt, scan, folder / "typed" / f"{scan.document}.pdf"


def _wanted(names: list[str]) -> list[Layer]:
    return [LAYERS[name] for name in names or LAYERS]


def _read(job: tuple[Path, str, Scan, Path]) -> tuple[str, FileResult]:
    return job[2].layer.name, read_scan(*job)


def main(arguments: list[str] | None = None) -> int:
    """0; 2 where there is no shared folder. Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(os.environ["SHARED"]) if "SHARED" in os.environ else None)
    parser.add_argument(
        "--salts", nargs="+", default=list(TUNED_ON), help="any words; those named here were tuned on"
    )
    parser.add_argument("--layers", nargs="*", default=[], choices=list(LAYERS))
    parser.add_argument("--documents", nargs="*", default=[], help="parts of the documents' names")
    parser.add_argument("--cache", type=Path, help="where the sets are kept")
    parser.add_argument("--worst", type=int, default=5, help="how many of the worst pages are named")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.shared is None or not options.shared.is_dir():
        print("SHARED is not set: there is no maker of test pages.", file=sys.stderr)
        return 2
    results: dict[str, list[FileResult]] = {layer.name: [] for layer in _wanted(options.layers)}
    with ProcessPoolExecutor(options.workers) as pool:
        for name, result in pool.map(_read, list(_jobs(options))):
            results[name].append(result)
    report(results, options.worst)
    return 0


if __name__ == "__main__":
    sys.exit(main())
