"""The proof that nothing is lost and nothing is there twice: what contradicts it, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.processes import OURS, is_orphan, leftovers
from pipeline.settings import Settings
from pipeline.store.originals import is_whole, place_of
from pipeline.store.standing import all_hashes, disagreements
from pipeline.store.store import Store
from schemas.errors import StoreError


def breaches(store: Store, settings: Settings) -> Iterator[str]:
    """What is wrong, a sentence for staff each; none where every promise holds.

    The promises: every hash ever seen is in one state of the closed set, what is read has its document and all its
    rows once, every original gives the hash that it is kept under, no original is unknown, the database is sound,
    and no temporary file was left by a process that is no more.
    """
    try:
        yield from disagreements(store)
        hashes = all_hashes(store)
    except StoreError as error:  # a database that cannot be read to its end
        yield f"{error} ({error.detail})"
        return
    yield from _originals(hashes, settings.originals)
    for path in leftovers(settings.originals / "tmp"):
        yield f"{path}: tệp tạm còn sót lại"
    for path in sorted(settings.inbox.rglob(f".{OURS}*")):
        if is_orphan(path.name):
            yield f"{path}: tệp tạm còn sót lại"


def _originals(hashes: tuple[str, ...], folder: Path) -> Iterator[str]:
    for sha256 in hashes:
        place = place_of(folder, sha256)
        if not place.is_file():
            yield f"{sha256}: không còn tệp gốc"
        elif not is_whole(place):
            yield f"{sha256}: tệp gốc không còn nguyên vẹn"
    known = set(hashes)
    for path in sorted(folder.glob("??/*")):
        if path.name not in known:
            yield f"{path}: tệp gốc không có trong sổ; hãy nạp lại tệp đó"
