"""`python -m pipeline.accuracy_restored`: task rows out of damaged texts, beside those out of the clean ones.

The plans that have a hand-made table (those of SHARED too, where it is set) are stripped of their marks, and typeset,
damaged and read by tesseract's English model; each is restored and its rows scored beside those of the clean text.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from normalizers.build.render import Look, read_page, wrapped
from normalizers.restore.alphabet import bare
from pipeline.accuracy import own_cases
from pipeline.kit import Kit, load_kit
from pipeline.run import extract_file
from pipeline.score import Score, load_table, score_records

LOOKS = (Look("tinos", 13, 300, "clean"), Look("tinos", 13, 200, "blur"))
COLUMNS = ("rows", "path", "kind", "lead", "coordinating", "time")
_LINES = 45
_CELLS = 0.1
_EMPHASIS = re.compile(r"[*#]+|\|")  # of web pages, which no printed page shows
_WIDTH = 88


def read_by_english(text: str, look: Look) -> str:
    """The text printed in the look and read by tesseract's English model; empty lines stay where they were."""
    unmarked = _EMPHASIS.sub("", text)
    printed = [part for line in unmarked.splitlines() for part in (wrapped(line, _WIDTH) or [""])]
    return "\n".join(_pages(printed, look))


def _pages(lines: Sequence[str], look: Look) -> Iterator[str]:
    for start in range(0, len(lines), _LINES):
        page = lines[start : start + _LINES]
        if any(page):
            yield from (read for read, _ in read_page(page, look))
        else:
            yield from page


def damages() -> dict[str, Callable[[str], str]]:
    """What is done to a text, by name; the first one leaves it clean."""
    ways: dict[str, Callable[[str], str]] = {"clean": str, "stripped": bare}
    for look in LOOKS:
        ways[f"eng {look.dpi}"] = partial(read_by_english, look=look)
    return ways


def shared_texts(shared: Path) -> Iterator[tuple[Path, Path]]:
    """(gold, text) of the plans outside the repository that have a table made by hand."""
    own = {gold.name for gold, _ in own_cases()}
    for gold in sorted((shared / "gold").glob("*.json")):
        for text in sorted((shared / "plans").glob(f"{gold.stem}_*.txt")):
            if gold.name not in own:
                yield gold, text


def _is_flattened(text: Path) -> bool:
    """Whether a text holds a table with its cells one below the other, which no page can show."""
    lines = text.read_text(encoding="utf-8").splitlines()
    return sum(line.strip() == "|" for line in lines) > _CELLS * len(lines)


def scored(gold: Path, text: str, kit: Kit) -> Score:
    """The score of the rows of a text."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.txt"
        file.write_text(text, encoding="utf-8")
        return score_records(load_table(gold), extract_file(file, kit).to_record())


def main(arguments: list[str] | None = None) -> int:
    """0; prints a line for each plan and damage, and one for each damage in all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[], help="parts of file names")
    parser.add_argument("--damages", nargs="*", default=[], help="parts of the names of damages")
    parser.add_argument("--show", action="store_true", help="list every difference")
    options = parser.parse_args(arguments)
    cases = list(own_cases())
    if shared := os.environ.get("SHARED"):
        cases += shared_texts(Path(shared))
    else:
        print("SHARED is not set: only the sample plans are scored.", file=sys.stderr)
    kit = load_kit()
    print(f"{'':44}" + "".join(f"{column[:7]:>8}" for column in COLUMNS))
    for name, way in damages().items():
        if options.damages and not any(part in name for part in options.damages):
            continue
        total = Score()
        printable = [case for case in cases if name in ("clean", "stripped") or not _is_flattened(case[1])]
        for gold, file in printable:
            if options.only and not any(part in file.name for part in options.only):
                continue
            score = scored(gold, way(file.read_text(encoding="utf-8")), kit)
            total += score
            _print(f"{name:16} {file.name}", score)
            if options.show:
                print(*(f"    {difference}" for difference in score.differences), sep="\n")
        _print(f"{name:16} in all", total)
    return 0


def _print(name: str, score: Score) -> None:
    figures = score.figures()
    print(f"{name:44.44}" + "".join(f"{figures[column]:>8.3f}" for column in COLUMNS), flush=True)


if __name__ == "__main__":
    sys.exit(main())
