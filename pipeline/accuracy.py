"""`make accuracy`: how the product's tables compare with the hand-made ones, per document and in all.

    python -m pipeline.accuracy [--show] [--only NAME …] [--shared FOLDER] [--samples]

The gold of the sample plans lies in tests/gold; that of other plans is read from the folder named by SHARED (or
--shared), and left out with a message where there is none.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.kit import Kit, load_kit
from pipeline.run import extract_file
from pipeline.score import Score, load_table, score_records

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold"
SAMPLES = ROOT / "sample_docs"
_COLUMNS = ("rows", "path", "kind", "text", "lead", "coordinating", "time", "fields", "legal_bases")


def own_cases() -> Iterator[tuple[Path, Path]]:
    """(gold, text file) of the sample plans."""
    for gold in sorted(GOLD.glob("*.json")):
        for text in sorted((SAMPLES / "text").glob(f"{gold.stem}_*.txt")):
            yield gold, text


def sample_cases() -> Iterator[tuple[Path, Path]]:
    """(gold, file) of the PDFs, DOCX and scans made from the sample plans."""
    for gold in sorted(GOLD.glob("*.json")):
        for file in sorted(SAMPLES.rglob(f"{gold.stem}_*")):
            if file.parent.name in ("typed", "scans") and ".page" not in file.name.replace(".pages", ""):
                yield gold, file


def shared_cases(shared: Path) -> Iterator[tuple[Path, Path]]:
    """(gold, file) of the plans that are not part of the repository."""
    own = {gold.name for gold in GOLD.glob("*.json")}
    for gold in sorted((shared / "gold").glob("*.json")):
        if gold.name in own:
            continue
        originals = sorted((shared / "binaries").glob(f"{gold.stem}_*.htm"))
        yield gold, (originals or sorted((shared / "plans").glob(f"{gold.stem}_*.txt")))[0]


def _line(name: str, score: Score) -> str:
    figures = score.figures()
    return f"{name:34.34}" + "".join(f"{figures[column]:>8.3f}" for column in _COLUMNS)


def report(cases: list[tuple[Path, Path]], kit: Kit, show: bool) -> Score:
    """Prints a line a document and one for all facts pooled; returns the pooled score."""
    print(f"{'':34}" + "".join(f"{column[:7]:>8}" for column in _COLUMNS))
    total = Score()
    for gold, file in cases:
        extraction = extract_file(file, kit)
        score = score_records(load_table(gold), extraction.to_record())
        total += score
        print(_line(file.name, score), f" chưa xếp {extraction.accounting['unplaced']}", flush=True)
        if show:
            print(*(f"    {difference}" for difference in score.differences), sep="\n")
    print(_line("pooled", total))
    return total


def main(arguments: list[str] | None = None) -> int:
    """0; prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="list every difference")
    parser.add_argument("--only", nargs="*", default=[], help="parts of file names")
    parser.add_argument(
        "--samples", action="store_true", help="also the PDFs, DOCX and scans made from the sample plans"
    )
    parser.add_argument("--shared", type=Path, default=Path(os.environ["SHARED"]) if "SHARED" in os.environ else None)
    options = parser.parse_args(arguments)
    kit = load_kit()
    cases = list(own_cases())
    if options.shared and options.shared.is_dir():
        cases += shared_cases(options.shared)
    else:
        print("SHARED is not set: only the sample plans are scored.", file=sys.stderr)
    report([case for case in cases if _wanted(case, options.only)], kit, options.show)
    if options.samples:
        report([case for case in sample_cases() if _wanted(case, options.only)], kit, options.show)
    return 0


def _wanted(case: tuple[Path, Path], only: list[str]) -> bool:
    return not only or any(part in case[1].name for part in only)


if __name__ == "__main__":
    sys.exit(main())
