"""`make survey`: what the walk makes of many files, to be read by a person: rows, lines not placed, doubts.

python -m pipeline.survey FILE|FOLDER …
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from pipeline.kit import Kit, load_kit
from pipeline.run import extract_file
from schemas.errors import PlanError
from schemas.extraction import Extraction


def _files(arguments: list[str]) -> list[Path]:
    found: list[Path] = []
    for argument in map(Path, arguments):
        found += sorted(path for path in argument.rglob("*") if path.is_file()) if argument.is_dir() else [argument]
    return found


def _line(name: str, extraction: Extraction) -> str:
    review = sum(row.needs_review for row in extraction.rows)
    header = extraction.tree.header
    return (
        f"{name:44.44} {len(extraction.rows):5} dòng  {extraction.accounting['unplaced']:3} chưa xếp  "
        f"{review:4} cần xem  {extraction.restored.damage:10} {header.number or '–'} | {header.issuer or '–'}"
    )


def survey(files: list[Path], kit: Kit) -> Counter[str]:
    """Prints a line a file with its warnings; returns how often each kind of doubt was raised."""
    doubts: Counter[str] = Counter()
    for file in files:
        try:
            extraction = extract_file(file, kit)
        except PlanError as refusal:
            print(f"{file.name:44.44} từ chối ({refusal.exit_code}): {refusal}")
            continue
        print(_line(file.name, extraction))
        print(
            *(f"      {warning}" for warning in extraction.warnings),
            sep="\n",
            end="\n" if extraction.warnings else "",
        )
        doubts.update(
            reason.split(":")[0].split("“")[0].strip() for row in extraction.rows for reason in row.review_reasons
        )
    return doubts


def main(arguments: list[str] | None = None) -> int:
    """0; prints the survey and the doubts by how often they were raised."""
    doubts = survey(_files(sys.argv[1:] if arguments is None else arguments), load_kit())
    print(*(f"{count:6} {doubt}" for doubt, count in doubts.most_common()), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
