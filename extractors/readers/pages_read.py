"""How many pages of the file now being read are done; a process that was forked tells the one that started it."""

from __future__ import annotations

import mmap
import struct

# Anonymous and shared: what a child writes, its parent sees.
_shared = mmap.mmap(-1, 8)
_numbers = struct.Struct("=II")


def tell_pages(done: int, total: int) -> None:
    """Say that `done` of `total` pages are read."""
    _numbers.pack_into(_shared, 0, done, total)


def pages_told() -> tuple[int, int]:
    """(pages read, pages of the file), as last told by this process or one forked from it; (0, 0) at first."""
    done, total = _numbers.unpack_from(_shared, 0)
    return done, total
