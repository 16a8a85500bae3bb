"""`python -m normalizers.build.render_pairs CORPUS OUT.tsv.gz [PAGES]`: pages of training text and what OCR reads.

The lines are drawn with a fixed seed; the same program versions give the same bytes.
"""

from __future__ import annotations

import gzip
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from normalizers.build.corpus import lines_of
from normalizers.build.render import Look, read_page, training_looks, wrapped

_FILES = {
    "phapdien.txt.zst": 0.4,
    "local_decisions.txt.zst": 0.1,
    "mtc_docs.txt.zst": 0.1,
    "uts_vlc.txt.zst": 0.1,
    "baomoi_news.txt.zst": 0.3,
}
_LINES = 45
_CAPITALS = 0.06
_EVERY_LATIN = 5
"""Every fifth page is read with tesseract's model of all Latin letters."""
_SAMPLED = 400_000
HEAD = ("clean", "noisy", "render", "tesseract_conf", "page")


def training_lines(corpus: Path, n_lines: int) -> list[str]:
    """So many printed lines of the corpus, mixed over its files, some in capitals."""
    chance = random.Random(4711)
    lines: list[str] = []
    for name, share in _FILES.items():
        wanted = int(n_lines * share) + 1
        pool = [line.strip() for line, _ in zip(lines_of(corpus / name), range(_SAMPLED), strict=False)]
        chosen = chance.sample([line for line in pool if len(line) > 20], wanted)
        printed = [part for line in chosen for part in wrapped(line)]
        lines += printed[:wanted]
    chance.shuffle(lines)
    return [line.upper()[:60] if chance.random() < _CAPITALS else line for line in lines]


def pages(lines: list[str], looks: list[Look]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table page by page."""
    for number, look in enumerate(looks):
        language = "Latin" if number % _EVERY_LATIN == _EVERY_LATIN - 1 else "eng"
        printed = lines[number * _LINES : (number + 1) * _LINES]
        for clean, (noisy, confidence) in zip(printed, read_page(printed, look, language), strict=True):
            if noisy:
                yield clean, noisy, f"{look.name}|{language}", f"{confidence:.0f}", f"p{number}"


def write_pages(out: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]], n_pages: int) -> None:
    """Write a table of read lines, packed without a time, and say how many there are."""
    lines = ["\t".join(head), *("\t".join(cell.replace("\t", " ") for cell in row) for row in rows)]
    out.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))
    print(f"{len(lines) - 1} lines from {n_pages} pages")


def main() -> None:
    """Write the table."""
    corpus, out = Path(sys.argv[1]), Path(sys.argv[2])
    n_pages = int(sys.argv[3]) if len(sys.argv) > 3 else 150
    lines = training_lines(corpus, n_pages * _LINES)
    looks = training_looks(len(lines) // _LINES)
    write_pages(out, HEAD, pages(lines, looks), len(looks))


if __name__ == "__main__":
    main()
