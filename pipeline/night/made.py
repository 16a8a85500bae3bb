"""What the tables of a night were made of: a note beside them, and what of a table can be taken over by the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.exports.kept import NOTHING, Kept
from pipeline.exports.table import write_text
from pipeline.store.news import Holding
from schemas.extraction import RULES_VERSION

NOTE = ".giaoviec-bang.json"
FORM = "2"
"""Raised by hand when the same rows would be written otherwise."""
KEY_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Part:
    """A document in a table: `key` changes with its rows and how they are written; its rows, and those in doubt."""

    document_id: str
    key: str
    rows: int = 0
    review: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """A file as it was written: the digest of its bytes, and its documents in their order."""

    sha256: str
    parts: tuple[Part, ...]

    def counts(self) -> dict[str, tuple[int, int]]:
        """Each document's rows, and those of them that want a look."""
        return {part.document_id: (part.rows, part.review) for part in self.parts}


def part_key(held: Holding, form: str) -> str:
    """What a document's rows in a table depend on, as a short digest."""
    told = f"{FORM} {RULES_VERSION} {form} {held.document_id} {held.key}"
    return hashlib.sha256(told.encode()).hexdigest()[:KEY_DIGITS]


@dataclass(slots=True)
class FolderNote:
    """The files of a folder by their names there, each with what it was made of."""

    folder: Path
    files: dict[str, Made]

    @classmethod
    def read(cls, folder: Path, is_ours: Callable[[str], bool]) -> FolderNote:
        """The note of a folder; one that is missing or spoiled makes its tables be written anew."""
        try:
            found = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = {}
        named = found.items() if isinstance(found, dict) else ()
        return cls(folder, {name: _made(said) for name, said in named if is_ours(name)})

    def write(self) -> None:
        """Write the note; raises `StoreError` where it cannot be written."""
        told = {
            name: [made.sha256, [[part.document_id, part.key, part.rows, part.review] for part in made.parts]]
            for name, made in sorted(self.files.items())
        }
        write_text(self.folder / NOTE, json.dumps(told, ensure_ascii=False))

    def stands(self, name: str, parts: Iterable[Part]) -> bool:
        """Whether a file is there and holds these documents as they are."""
        made = self.files.get(name)
        known = [(part.document_id, part.key) for part in made.parts] if made else None
        return known == [(part.document_id, part.key) for part in parts] and (self.folder / name).is_file()


def _made(said: Any) -> Made:
    try:
        digest, parts = said
        return Made(
            str(digest), tuple(Part(str(key), str(word), int(rows), int(review)) for key, word, rows, review in parts)
        )
    except (TypeError, ValueError):
        return Made("", ())


def kept_of(path: Path, made: Made | None, parts: Iterable[Part]) -> Kept:
    """What a file holds of the wanted documents as they are; nothing where it is not the one that was written."""
    if made is None or not made.parts or not path.is_file() or file_sha256(path) != made.sha256:
        return NOTHING
    wanted = {(part.document_id, part.key) for part in parts}
    spans, review, first = {}, 0, 0
    for part in made.parts:
        if part.rows and (part.document_id, part.key) in wanted:
            spans[part.document_id] = (first, part.rows)
            review += part.review
        first += part.rows
    return Kept(path, spans, review)


def file_sha256(path: Path) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
