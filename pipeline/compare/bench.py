"""What a comparison costs: `python -m pipeline.compare.bench`.

Stores plans made by changing one sample plan (114, the communes of a city, and fewer), compares them from their
stored rows, then again with nothing and with one plan changed, writes the matrix, and reads as many plans from text.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipeline.compare.accuracy import TEXTS
from pipeline.compare.match import Matcher
from pipeline.compare.nightly import write_matrix
from pipeline.compare.sets import load_set
from pipeline.compare.stored import update_stored
from pipeline.kit import Kit, load_kit
from pipeline.run import extract_file
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from schemas.extraction import Extraction

COMMUNES = 114
_ROWS = 60
_SIZES = (28, 57, COMMUNES)
_READ = 5


def made_plan(plan: Extraction, number: int, edition: int = 1) -> Extraction:
    """A plan of 60 rows, no two alike: each row ends with the number of its commune, and with the edition after it.

    Editions of one number have one document: what changed is how it was read.
    """
    sha256 = hashlib.sha256(f"{number}".encode()).hexdigest()
    key = sha256[:16]
    rows = tuple(
        replace(row, text=f"{row.text} Xã số {number}, bản {edition}.", task_id=f"{key}-{at}", document_id=key)
        for at, row in enumerate((plan.rows * 2)[:_ROWS])
    )
    raw = replace(plan.raw, source=replace(plan.raw.source, sha256=sha256))
    header = replace(plan.tree.header, issuer=f"Ủy ban nhân dân xã số {number}")
    return replace(plan, raw=raw, rows=rows, tree=replace(plan.tree, header=header))


def _put(store: Store, made: Extraction) -> None:
    source = made.raw.source
    store.save(made, Seen(f"/{source.sha256}", "ke-hoach.txt", source.sha256, source.size))


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def bench_store(plan: Extraction, matcher: Matcher, count: int, folder: Path) -> dict[str, float]:
    """Processor seconds for `count` stored plans: all, none changed, one changed, the matrix written."""
    store = Store.open(f"sqlite:///{folder}/{count}.db")
    for number in range(count):
        _put(store, made_plan(plan, number))
    update = partial(update_stored, store, matcher)
    seconds = {"all": _seconds(update), "none changed": _seconds(update)}
    _put(store, made_plan(plan, 0, edition=2))
    seconds["one changed"] = _seconds(update)
    seconds["matrix written"] = _seconds(partial(write_matrix, store, matcher, folder))
    return seconds


def bench_reading(kit: Kit) -> float:
    """Processor seconds for reading one plan from text."""
    text = TEXTS / "001_hong_chau.txt"
    extract_file(text, kit)
    return min(_seconds(partial(extract_file, text, kit)) for _ in range(_READ))


def main() -> None:
    """Print processor seconds for each number of plans, for one changed plan, and for reading the plans from text."""
    kit = load_kit()
    plan = extract_file(TEXTS / "001_hong_chau.txt", kit)
    matcher = Matcher(load_set("hai_phong_5049"))
    matcher.compare(plan.rows)
    with tempfile.TemporaryDirectory() as folder:
        for count in _SIZES:
            spent = bench_store(plan, matcher, count, Path(folder))
            told = ", ".join(f"{name} {value:.3f} s" for name, value in spent.items())
            print(
                f"{count:4} plans x 56 criteria x {_ROWS} rows: {told}; {spent['all'] / count * 1000:.1f} ms a plan"
            )
    one = bench_reading(kit)
    print(f"reading the same plan from text: {one * 1000:.1f} ms, {COMMUNES} plans {one * COMMUNES:.2f} s")


if __name__ == "__main__":
    main()
