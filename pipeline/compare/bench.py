"""What a comparison costs: `python -m pipeline.compare.bench`.

Compares plans made by changing one sample plan (114, the communes of a city, and fewer) from their rows, and reads
as many plans from text beside it.
"""

from __future__ import annotations

import time
from dataclasses import replace

from pipeline.compare.accuracy import TEXTS, load_samples
from pipeline.compare.match import Matcher
from pipeline.compare.sets import load_set
from schemas.task import TaskRow

COMMUNES = 114
_ROWS = 60
_SIZES = (14, 28, 57, COMMUNES)
_READ = 5


def _plans(count: int) -> list[tuple[TaskRow, ...]]:
    """Plans of 60 rows, no two alike: every row's text ends with the name of its commune."""
    rows = (load_samples().source_rows * 2)[:_ROWS]
    return [tuple(replace(row, text=f"{row.text} Xã số {n}.") for row in rows) for n in range(count)]


def main() -> None:
    """Print seconds for each number of plans, for one changed plan, and for reading the same plans from text."""
    from pipeline.kit import load_kit
    from pipeline.run import extract_file

    matcher = Matcher(load_set("hai_phong_5049"))
    matcher.compare(_plans(1)[0])
    for count in _SIZES:
        plans = _plans(count)
        began = time.process_time()
        for rows in plans:
            matcher.compare(rows)
        spent = time.process_time() - began
        print(f"{count:4} plans x 56 criteria x {_ROWS} rows: {spent:6.2f} s, {spent / count * 1000:5.1f} ms a plan")
    kit = load_kit()
    text = TEXTS / "001_hong_chau.txt"
    extract_file(text, kit)
    began = time.process_time()
    for _ in range(_READ):
        extract_file(text, kit)
    each = (time.process_time() - began) / _READ
    print(f"reading the same plan from text: {each * 1000:.1f} ms, {COMMUNES} plans {each * COMMUNES:.2f} s")


if __name__ == "__main__":
    main()
