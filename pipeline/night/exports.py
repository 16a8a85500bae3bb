"""The tables of a night: one file a commune and format, one of all where they are few; only what changed is written.

Beside them lies a note (`pipeline.night.made`) of what each file was made of: a night without news writes nothing,
and a file that is written anew takes over the rows of documents that stand as they stood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.exports import EXPORTS, export
from pipeline.exports.kept import NOTHING, Kept, spans_of
from pipeline.listing import Listing
from pipeline.night.made import FolderNote, Made, Part, file_sha256, kept_of, part_key
from pipeline.store.news import Holding, holdings
from pipeline.store.queries import find_whole_documents
from pipeline.store.store import Store

WHOLE = "nhiem_vu"
BY_COMMUNE = "theo_xa"
NOBODY = "chua_ro_xa"
"""The file of documents that lay in no commune's folder."""
MOST_ROWS = 20_000
"""Rows up to which all are written into one file too: beyond it no spreadsheet is a pleasure, and the cost grows."""
TOGETHER = 20
"""Communes whose rows are loaded at once and noted at once: a night that is killed writes at most so many again."""
_BAD = str.maketrans(dict.fromkeys('/\\:*?"<>|\x00\n\r\t', "_"))


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written now, those that were as they should be, and those taken away."""

    written: tuple[Path, ...]
    kept: int
    removed: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file as it should be: its format, and the documents in it with their keys."""

    form: str
    parts: tuple[Part, ...]

    @property
    def documents(self) -> tuple[str, ...]:
        return tuple(part.document_id for part in self.parts)


def write_tables(store: Store, formats: Sequence[str], folder: Path) -> Written:
    """Write the tables of the store that changed into `folder`; raises `StoreError` where one cannot be written."""
    wanted = dict(_wanted(holdings(store), formats))
    note = FolderNote.read(folder, _is_ours)
    stale = [name for name, one in wanted.items() if not note.stands(name, one.parts)]
    gone = [name for name in note.files if name not in wanted]
    before = {name: note.files.pop(name) for name in [*stale, *gone] if name in note.files}
    if stale or gone:
        note.write()  # first: what is half done must not be taken for done
    try:
        groups = [_Group({name: wanted[name] for name in names}, before, folder) for names in _same(stale, wanted)]
        for first in range(0, len(groups), TOGETHER):
            for group, listing in _loaded(store, groups[first : first + TOGETHER]):
                group.write(listing, folder, note)
            note.write()
        for name in gone:
            (folder / name).unlink(missing_ok=True)
    finally:
        if stale:
            note.write()
    return Written(
        tuple(folder / name for name in stale), len(wanted) - len(stale), tuple(folder / name for name in gone)
    )


def _same(stale: Iterable[str], wanted: dict[str, _Wanted]) -> Iterable[list[str]]:
    """The files of the same documents: rows are loaded once for all formats."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in stale:
        groups[wanted[name].documents].append(name)
    return groups.values()


class _Group:
    """Files of the same documents: rows are loaded only of those that not all the files' old ones hold."""

    def __init__(self, wanted: dict[str, _Wanted], before: dict[str, Made], folder: Path) -> None:
        self._wanted, self._before = wanted, before
        self._kept = {
            name: kept_of(folder / name, before.get(name), one.parts) if EXPORTS[one.form].keeps else NOTHING
            for name, one in wanted.items()
        }
        self._common = set.intersection(*(set(one.spans) for one in self._kept.values()))
        self.documents = next(iter(wanted.values())).documents

    @property
    def fresh(self) -> list[str]:
        """The documents whose rows must be loaded."""
        return [key for key in self.documents if key not in self._common]

    def write(self, listing: Listing, folder: Path, note: FolderNote) -> None:
        """Write the files of a listing with the records of all documents and the rows of the fresh ones."""
        counts = _counted(listing)
        for name, one in self._wanted.items():
            old = self._before[name].counts() if self._common else {}
            known = counts | {key: old[key] for key in self._common}
            parts = [
                replace(part, rows=rows, review=review)
                for part in one.parts
                for rows, review in [known.get(part.document_id, (0, 0))]
            ]
            export(listing, one.form, folder / name, _only(self._kept[name], self._common, old))
            note.files[name] = Made(file_sha256(folder / name), tuple(parts))


def _loaded(store: Store, groups: Sequence[_Group]) -> Iterator[tuple[_Group, Listing]]:
    """Each group with its listing: one look into the store serves all of them."""
    documents = list(dict.fromkeys(key for group in groups for key in group.documents))
    fresh = list(dict.fromkeys(key for group in groups for key in group.fresh))
    found = find_whole_documents(store, documents, fresh)
    records, spans = found.by_id(), spans_of(found)
    for group in groups:
        here = [spans[key] for key in group.fresh if key in spans]
        rows = tuple(row for first, count in here for row in found.rows[first : first + count])
        yield group, Listing(tuple(records[key] for key in group.documents if key in records), rows)


def _only(kept: Kept, documents: set[str], counts: dict[str, tuple[int, int]]) -> Kept:
    spans = {key: span for key, span in kept.spans.items() if key in documents}
    return Kept(kept.path, spans, sum(counts[key][1] for key in spans))


def _counted(listing: Listing) -> dict[str, tuple[int, int]]:
    """How many rows of each document there are, and how many of them want a look."""
    counts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in listing.rows:
        rows, review = counts[row.document_id]
        counts[row.document_id] = rows + 1, review + row.needs_review
    return counts


def _wanted(held: Sequence[Holding], formats: Sequence[str]) -> Iterable[tuple[str, _Wanted]]:
    """Each file's name, and the file as it should be."""
    parts: dict[str, list[Holding]] = defaultdict(list)
    for one in held:
        for name in {_file_name(commune) for commune in one.communes} or {NOBODY}:
            parts[f"{BY_COMMUNE}/{name}"].append(one)
    if sum(one.n_rows for one in held) <= MOST_ROWS:
        parts[WHOLE] = list(held)
    for name, mine in sorted(parts.items()):
        for form in formats:
            yield (
                f"{name}{EXPORTS[form].suffix}",
                _Wanted(form, tuple(Part(one.document_id, part_key(one, form)) for one in mine)),
            )


def _file_name(commune: str) -> str:
    return commune.translate(_BAD).strip(" .")[:120] or NOBODY


def _is_ours(name: str) -> bool:
    """Whether a noted file is one that this module writes: nothing else is ever taken away."""
    path = Path(name)
    suffixes = {form.suffix for form in EXPORTS.values()}
    return (
        str(path.parent) in (".", BY_COMMUNE)
        and path.suffix in suffixes
        and (path.stem == WHOLE) == (str(path.parent) == ".")
    )
