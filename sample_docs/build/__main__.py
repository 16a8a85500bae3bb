"""`python -m sample_docs.build [--out DIR] [--all] [--only NAME…]`: makes the sample documents from their texts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sample_docs.build.samples import SAMPLES, SHORTEST, Sample
from sample_docs.build.scans import SCANNERS, write_png, write_scan, write_tiff
from sample_docs.build.seeds import read_plan
from sample_docs.build.typeset import write_docx, write_pdf

HERE = Path(__file__).resolve().parents[1]


def build(sample: Sample, folder: Path, *, every_kind: bool) -> list[Path]:
    """The files made of `sample` in `folder`: a Word document, a typed PDF, scans; TIFF and PNG if `every_kind`."""
    for part in ("typed", "scans"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    plan = read_plan(sample)
    word, typed = (folder / "typed" / f"{sample.name}.{ending}" for ending in ("docx", "pdf"))
    write_docx(plan, word)
    write_pdf(plan, typed)
    made = [word, typed]
    for name in SCANNERS if every_kind else (sample.scanner,):
        made.append(folder / "scans" / f"{sample.name}.{name}.pdf")
        write_scan(typed, SCANNERS[name], made[-1])
    if every_kind:
        made += [folder / "scans" / f"{sample.name}.pages.tiff", folder / "scans" / f"{sample.name}.page1.png"]
        write_tiff(typed, made[-2])
        write_png(typed, made[-1])
    return made


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0, or 1 where LibreOffice or the font Tinos is missing."""
    parser = argparse.ArgumentParser(prog="python -m sample_docs.build", description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the documents (default: sample_docs)")
    parser.add_argument(
        "--all", action="store_true", help="make every kind of scan of each plan, not of the shortest only"
    )
    parser.add_argument("--only", nargs="+", choices=sorted(SAMPLES), default=sorted(SAMPLES), metavar="NAME")
    options = parser.parse_args(arguments)
    try:
        for name in options.only:
            for path in build(SAMPLES[name], options.out, every_kind=options.all or name == SHORTEST):
                print(f"{path.stat().st_size / 1024:8.0f} KiB  {path}")
    except (RuntimeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
