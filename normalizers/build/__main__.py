"""`python -m normalizers.build restoration|context …`: builds the data files of restoration and their manifest."""

from __future__ import annotations

import argparse
from pathlib import Path

from normalizers.build.context import build_context
from normalizers.build.restoration import build_channel, build_known, build_language, build_slips


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m normalizers.build", description=__doc__)
    parser.add_argument("what", choices=("restoration", "language", "channel", "slips", "context"))
    parser.add_argument("--corpus", type=Path, help="folder of *.zst, one paragraph a line")
    parser.add_argument("--pairs", type=Path, nargs="*", default=(), help="tables of clean and noisy lines")
    parser.add_argument(
        "--slips", type=Path, nargs="*", default=(), help="tables of poor pages read by Vietnamese OCR"
    )
    parser.add_argument("--tests", type=Path, nargs="*", default=(), help="folders of texts that must stay unseen")
    asked = parser.parse_args()
    tests = sorted(path for folder in asked.tests for path in folder.glob("*.txt"))
    if asked.what == "context":
        build_context(sorted(asked.corpus.glob("*.zst")), tests)
    if asked.what in ("restoration", "language"):
        build_language(sorted(asked.corpus.glob("*.zst")), tests)
    if asked.what in ("restoration", "channel"):
        build_channel(sorted(asked.pairs))
        build_known(sorted(asked.pairs))
    if asked.what in ("restoration", "slips"):
        build_slips(sorted(asked.slips))


if __name__ == "__main__":
    main()
