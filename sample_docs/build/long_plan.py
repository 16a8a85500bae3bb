"""`python -m sample_docs.build.long_plan PAGES FILE.pdf`: a typed plan of as many pages as asked, for `make bench`.

The sections of a sample plan are repeated, each copy numbered on from the one before, within the parts (I, II, III)
that the plan itself has.
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2

from sample_docs.build.samples import SAMPLES
from sample_docs.build.seeds import LABEL, read_plan
from sample_docs.build.typeset import write_pdf

MODEL = "002_hai_phong_49"
PARAGRAPHS_PER_PAGE = 12.0
"""A first guess; the pages of the first try correct it."""
MOST_TRIES = 6
FEWEST_PAGES, MOST_PAGES = 10, 500
SECTION_NUMBER = re.compile(r"^(\**)\d{1,2}(?=\.)")
"""`3` in `**3. Văn phòng**`."""


def write_long_plan(pages: int, path: Path) -> int:
    """The number of pages of the plan written to `path`: `pages`, or the nearest that `MOST_TRIES` tries came to.

    ValueError where `pages` is not within 10–500; RuntimeError where LibreOffice is missing or fails.
    """
    if not FEWEST_PAGES <= pages <= MOST_PAGES:
        raise ValueError(f"a long plan has {FEWEST_PAGES} to {MOST_PAGES} pages, not {pages}")
    plan = read_plan(SAMPLES[MODEL])
    too_few, too_many = 0, sys.maxsize
    paragraphs, made = round(pages * PARAGRAPHS_PER_PAGE), 0
    for _ in range(MOST_TRIES):
        write_pdf(replace(plan, body=tuple(lengthen(plan.body, paragraphs))), path)
        made = _page_count(path)
        if made == pages:
            break
        too_few, too_many = (paragraphs, too_many) if made < pages else (too_few, paragraphs)
        guess = round(paragraphs * pages / made)
        paragraphs = guess if too_few < guess < too_many else (too_few + too_many) // 2
    return made


def lengthen(body: Sequence[str], paragraphs: int) -> Iterator[str]:
    """The paragraphs of `body` with the sections of each part repeated until there are about `paragraphs` of them.

    >>> list(lengthen(["Căn cứ", "I. NỘI DUNG", "1. Mục đích", "a) Một", "2. Yêu cầu"], 7))
    ['Căn cứ', 'I. NỘI DUNG', '1. Mục đích', 'a) Một', '2. Yêu cầu', '3. Mục đích', 'a) Một']
    """
    parts = [list(_grouped(part, "number")) for part in _grouped(body, "roman")]
    lengths = [sum(map(len, sections)) for _, *sections in parts]
    seen = added = 0
    for (head, *sections), length in zip(parts, lengths, strict=True):
        seen += length
        more = (paragraphs - len(body)) * seen // sum(lengths) - added
        added += more
        yield from head
        yield from itertools.islice(_numbered_on(sections), length + more)


def _numbered_on(sections: Sequence[Sequence[str]]) -> Iterator[str]:
    for number, section in enumerate(itertools.cycle(sections), start=1):
        heading, *rest = section
        yield SECTION_NUMBER.sub(rf"\g<1>{number}", heading, count=1)
        yield from rest


def _grouped(body: Iterable[str], kind: str) -> Iterator[list[str]]:
    """What stands before the first label of `kind`, then each such label with what follows it."""
    group: list[str] = []
    for text in body:
        label = LABEL.match(text.lstrip("*"))
        if label and label[kind]:
            yield group
            group = []
        group.append(text)
    yield group


def _page_count(path: Path) -> int:
    document = pypdfium2.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 where the plan has as many pages as asked, else 1."""
    parser = argparse.ArgumentParser(prog="python -m sample_docs.build.long_plan", description=__doc__)
    parser.add_argument("pages", type=int)
    parser.add_argument("path", type=Path)
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        made = write_long_plan(options.pages, options.path)
    except (ValueError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.path}: {made} pages, made in {time.perf_counter() - started:.0f} s")
    return 0 if made == options.pages else 1


if __name__ == "__main__":
    raise SystemExit(main())
