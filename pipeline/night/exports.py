"""The tables of a night: one file a commune and format, one of all where they are few; only what changed is written.

Beside them lies a note (`pipeline.night.made`) of what each file was made of: a night without news writes nothing,
and a file that is written anew takes over the rows of documents that stand as they stood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.exports import EXPORTS, export
from pipeline.exports.kept import NOTHING, Kept
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
NOTED_EVERY = 20
"""Groups of files after which the note is written: a night that is killed writes at most so many again."""
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
        for number, names in enumerate(_together(stale, wanted), 1):
            _write(store, folder, {name: wanted[name] for name in names}, before, note)
            if number % NOTED_EVERY == 0:
                note.write()
        for name in gone:
            (folder / name).unlink(missing_ok=True)
    finally:
        if stale:
            note.write()
    return Written(
        tuple(folder / name for name in stale), len(wanted) - len(stale), tuple(folder / name for name in gone)
    )


def _together(stale: Iterable[str], wanted: dict[str, _Wanted]) -> Iterable[list[str]]:
    """The files of the same documents: rows are loaded once for all formats."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in stale:
        groups[wanted[name].documents].append(name)
    return groups.values()


def _write(store: Store, folder: Path, wanted: dict[str, _Wanted], before: dict[str, Made], note: FolderNote) -> None:
    """Write files of the same documents: rows are loaded only of documents that not all the files' old ones hold."""
    kept = {
        name: kept_of(folder / name, before.get(name), one.parts) if EXPORTS[one.form].keeps else NOTHING
        for name, one in wanted.items()
    }
    common = set.intersection(*(set(one.spans) for one in kept.values()))
    documents = next(iter(wanted.values())).documents
    listing = find_whole_documents(store, documents, [key for key in documents if key not in common])
    counts = _counted(listing)
    for name, one in wanted.items():
        old = before[name].counts() if common else {}
        parts = [
            replace(part, rows=rows, review=review)
            for part in one.parts
            for rows, review in [old[part.document_id] if part.document_id in common else counts[part.document_id]]
        ]
        export(listing, one.form, folder / name, _only(kept[name], common, old))
        note.files[name] = Made(file_sha256(folder / name), tuple(parts))


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
