"""`python -m pipeline.night.bench_reading FOLDER --data DATA`: the CPU and clock seconds of reading a folder.

The measure that `make bench-flows` holds the flow against: taken in, read by several workers, stored.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from pipeline.crew import work_off
from pipeline.ingest import find_files, take_in
from pipeline.kit import load_kit
from pipeline.night.bench import cpu_seconds
from pipeline.settings import load_settings
from pipeline.store.store import Store


def main(arguments: list[str] | None = None) -> int:
    """0; prints CPU seconds, children included, and clock seconds, without those of the imports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args(arguments)
    settings = load_settings({}, data=asked.data)
    begun, used = time.perf_counter(), cpu_seconds()
    store = Store.open(settings.database_url)
    for found in find_files([asked.folder])[0]:
        take_in(found, store, settings)
    work_off(settings, load_kit())
    print(f"{cpu_seconds() - used:.3f} {time.perf_counter() - begun:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
