"""`make bench-ocr`: what reading scans costs, beside Tesseract alone, in process and as a program.

    python -m pipeline.scans.bench [--repeat 5] [--pages 1 2] [--scan-pages 100] [--typed-pages 500]

CPU seconds, all ways in each round in turn; seconds and ratios are medians of the rounds: the machine may be busy.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2
import tesserocr
from PIL import Image

from extractors.readers.image_files import pdf_picture
from extractors.readers.ocr import LANGUAGE, tessdata_folder
from extractors.readers.page_image import prepared
from extractors.readers.scan import PagePicture, read_page
from pipeline.scans.shown import Shown, shown_reading
from sample_docs.build.long_plan import write_long_plan

SCANS = Path(__file__).resolve().parents[2] / "sample_docs" / "scans"
FILES = (
    "002_hai_phong_49.scan300.pdf",
    "000_le_chan.scan200.pdf",
    "000_le_chan.scan150.pdf",
    "000_le_chan.scan300bw.pdf",
)

Round = tuple[float, float, float]
"""CPU seconds of our reading, of Tesseract in process, and of its program."""


def _pages(name: str, wanted: list[int]) -> Iterator[PagePicture]:
    document = pypdfium2.PdfDocument(SCANS / name)
    for number in wanted:
        if number <= len(document):
            yield pdf_picture(document[number - 1], number)
    document.close()


def _cpu() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _cost(work: Callable[[], object]) -> float:
    before = _cpu()
    work()
    return _cpu() - before


def _in_process(api: Any, page: PagePicture) -> Callable[[], str]:
    """Tesseract alone on the picture that our reading prepares; the preparation is not counted."""
    grey, dpi = prepared(page.picture, page.dpi)
    height, width = grey.shape

    def recognise() -> str:
        api.SetImageBytes(grey.tobytes(), width, height, 1, width)
        api.SetSourceResolution(dpi)
        return str(api.GetUTF8Text())

    return recognise


def _command(path: Path, dpi: int) -> None:
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    command = ["tesseract", str(path), "-", "-l", LANGUAGE, "--psm", "3", "--dpi", str(dpi)]
    subprocess.run(command, check=True, capture_output=True, env=environment)


def costs(wanted: list[int], repeat: int) -> None:
    """Prints CPU seconds a page of our reading, of Tesseract in process and of its program, and the ratios."""
    api = tesserocr.PyTessBaseAPI(path=tessdata_folder() or "", lang=LANGUAGE)
    print(f"{'CPU seconds a page':34}{'ours':>8}{'process':>9}{'program':>9}{'ratios':>14}")
    every: list[Round] = [(0.0, 0.0, 0.0)] * repeat
    for name in FILES:
        of_file: list[Round] = [(0.0, 0.0, 0.0)] * repeat
        for page in _pages(name, wanted):
            rounds = _rounds(page, api, repeat)
            print(_line(f"{name} {page.number}", rounds), flush=True)
            of_file, every = _added(of_file, rounds), _added(every, rounds)
        print(_line(name, of_file), flush=True)
    print(_line("all", every), flush=True)


def _rounds(page: PagePicture, api: Any, repeat: int) -> list[Round]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pnm"
        Image.fromarray(page.picture).save(path)
        read_page(page)
        ways = (partial(read_page, page), _in_process(api, page), partial(_command, path, page.dpi))
        return [(_cost(ways[0]), _cost(ways[1]), _cost(ways[2])) for _ in range(repeat)]


def _added(rounds: list[Round], others: list[Round]) -> list[Round]:
    return [(a + d, b + e, c + f) for (a, b, c), (d, e, f) in zip(rounds, others, strict=True)]


def _line(name: str, rounds: list[Round]) -> str:
    ours, process, program = (median(one[at] for one in rounds) for at in range(3))
    ratios = [median(one[0] / one[at] for one in rounds) for at in (1, 2)]
    return f"{name:34}{ours:8.2f}{process:9.2f}{program:9.2f}{ratios[0]:7.2f}{ratios[1]:7.2f}"


def _read_one(number: int) -> float:
    (page,) = _pages("000_le_chan.scan200.pdf", [number])
    return read_page(page).confidence


def workers(rounds: int) -> None:
    """Prints pages a second with one worker and with two."""
    context = multiprocessing.get_context("fork")
    speeds = []
    for count in (1, 2):
        with ProcessPoolExecutor(count, mp_context=context) as pool:
            list(pool.map(_read_one, [1] * count))
            began = time.perf_counter()
            done = len(list(pool.map(_read_one, [1, 2, 3] * rounds)))
            speeds.append(done / (time.perf_counter() - began))
    load = os.getloadavg()[0]
    print(f"pages a second: {speeds[0]:.2f} with one worker, {speeds[1]:.2f} with two (load {load:.1f})")


def _resident() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def memory(pages: int, step: int = 20) -> list[float]:
    """The resident memory in MiB after every `step` pages that one worker reads; printed, and returned."""
    found = []
    for number in range(pages):
        _read_one(number % 3 + 1)
        if (number + 1) % step == 0:
            found.append(_resident())
    print("memory of a worker in MiB, every", step, "pages:", " ".join(f"{value:.0f}" for value in found))
    return found


def typed(pages: int) -> None:
    """Prints the cost of the text, classes, lines and tables of a long typed plan, and its peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        count = write_long_plan(pages, path)
        script = (
            "import pathlib,sys,time;from extractors.readers import open_source,read;"
            "b=time.process_time();r=read(open_source(sys.argv[1]));c=time.process_time()-b;"
            # The peak that the system's accounting names would be that of the process that started this one.
            "told=pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1];"
            "print(1000*c/r.n_pages, int(told.split()[0])/1024)"
        )
        found = subprocess.run([sys.executable, "-c", script, str(path)], check=True, capture_output=True, text=True)
    cost, peak = map(float, found.stdout.split())
    print(f"{count} typed pages: {cost:.1f} ms CPU a page, peak {peak:.0f} MiB with all libraries")


def long_scan(pages: int) -> list[Shown]:
    """What was shown while one long scan was read at a terminal; prints its cost, the bar and the reader's memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        source = pypdfium2.PdfDocument(SCANS / "000_le_chan.scan200.pdf")
        target = pypdfium2.PdfDocument.new()
        while len(target) < pages:
            target.import_pages(source, list(range(min(len(source), pages - len(target)))))
        target.save(path)
        before = _cpu()
        seen = shown_reading(path)
    print(f"a scan of {pages} pages: {(_cpu() - before) / pages:.2f} CPU seconds a page, rows and all")
    print(f"the bar named {len(seen)} of {seen[-1].pages} pages; the reader held, in MiB at every tenth of them:")
    print(" ".join(f"{at.page}:{at.mebibytes:.0f}" for at in seen[:: max(1, len(seen) // 10)]), flush=True)
    return seen


def main(arguments: list[str] | None = None) -> int:
    """0; prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--pages", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--scan-pages", type=int, default=100)
    parser.add_argument("--typed-pages", type=int, default=500)
    options = parser.parse_args(arguments)
    if options.pages:
        costs(options.pages, options.repeat)
        workers(2)
    if options.typed_pages:
        typed(options.typed_pages)
    if options.scan_pages:
        memory(options.scan_pages)
        long_scan(options.scan_pages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
