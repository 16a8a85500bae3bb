"""The night's comparison: the changed plans against every set, the matrix written, what changed said in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from pipeline.compare.match import Matcher
from pipeline.compare.matrix import WORTH, make_matrix
from pipeline.compare.matrix_html import matrix_html
from pipeline.compare.matrix_xlsx import write_matrix_xlsx
from pipeline.compare.sets import load_set
from pipeline.compare.stored import Updated, columns, set_key, update_stored
from pipeline.exports.table import write_file
from pipeline.store.cell_decisions import decisions_on
from pipeline.store.comparisons import Change, changes_since, fingerprints, held_plans
from pipeline.store.store import Store
from schemas.criteria import STATUS_WORDS, CriteriaSet, Status

XLSX_NAME, HTML_NAME = "ma_tran_{id}.xlsx", "ma_tran_{id}.html"
_STAMP = "<meta name='giaoviec-matrix' content='{stamp}'>"
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class SetNight:
    """One set's night: what was compared, every change since the given moment, and the files of the matrix."""

    criteria: CriteriaSet
    updated: Updated
    changes: tuple[Change, ...]
    files: tuple[Path, ...]

    def sentences(self) -> list[str]:
        """The changes in Vietnamese, one sentence each, the plans first."""
        return change_sentences(self.changes)


def compare_stored(
    store: Store, sets: Sequence[str], folder: Path | None = None, since: datetime | None = None
) -> tuple[SetNight, ...]:
    """Compare the stored plans that changed with each set (a name or a YAML file) and write the matrix anew.

    `folder` takes ma_tran_ID.xlsx and ma_tran_ID.html, left alone where nothing in them would change. The changes
    are those found by this run, or with `since` all that runs have found after that moment. Raises CriteriaError
    for a set that is wrong, StoreError where a file cannot be written.
    """
    return tuple(_night(store, Matcher(load_set(name)), folder, since) for name in sets)


def _night(store: Store, matcher: Matcher, folder: Path | None, since: datetime | None) -> SetNight:
    updated = update_stored(store, matcher)
    name = matcher.criteria.id
    changes = changes_since(store, since, name) if since else updated.changes
    files = write_matrix(store, matcher, folder) if folder else ()
    return SetNight(matcher.criteria, updated, changes, files)


def write_matrix(store: Store, matcher: Matcher, folder: Path) -> tuple[Path, ...]:
    """Write the set's matrix as workbook and page, unless the page there already shows the store as it is."""
    xlsx, html = (folder / name.format(id=matcher.criteria.id) for name in (XLSX_NAME, HTML_NAME))
    stamp = _STAMP.format(stamp=_state(store, matcher))
    if not (xlsx.is_file() and html.is_file() and stamp.encode() in _beginning(html)):
        found = columns(store, matcher.criteria.id)
        matrix = make_matrix(matcher.criteria, [one.comparison for one in found], [one.flags for one in found])
        write_file(xlsx, lambda stream: write_matrix_xlsx(matrix, stream))
        page = matrix_html(matrix, stamp).encode("utf-8")
        write_file(html, lambda stream: _write(page, stream))
    return xlsx, html


def _state(store: Store, matcher: Matcher) -> str:
    """A digest of all that the matrix is made of."""
    known = sorted(fingerprints(store, matcher.criteria.id).items())
    places = sorted((plan.document_id, plan.place) for plan in held_plans(store))
    decided = sorted(
        (plan, criterion, repr(one))
        for plan, cells in decisions_on(store, matcher.criteria.id).items()
        for criterion, one in cells.items()
    )
    return sha256(repr((set_key(matcher), known, places, decided)).encode()).hexdigest()


def _beginning(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_HEAD_BYTES)


def _write(page: bytes, stream: IO[bytes]) -> None:
    stream.write(page)


def change_sentences(changes: Iterable[Change]) -> list[str]:
    """The changes in Vietnamese: first plans that came, went or gave way, then cells, the better first."""
    found = sorted(changes, key=lambda one: (one.criterion is not None, _is_worse(one)))
    return [_sentence(one) for one in found]


def _sentence(change: Change) -> str:
    if change.criterion is not None:
        before, after = (STATUS_WORDS[Status(one)].lower() for one in (change.before or "", change.after or ""))
        return f"{change.plan}: tiêu chí {change.criterion} từ “{before}” thành “{after}”."
    if change.before is None:
        return f"{change.plan}: có kế hoạch để đối chiếu, trước chưa có."
    if change.after is None:
        return f"{change.plan}: không còn kế hoạch để đối chiếu."
    return f"{change.plan}: kế hoạch khác thay kế hoạch trước."


def _is_worse(change: Change) -> bool:
    if change.criterion is None:
        return change.after is None
    return WORTH[Status(change.after or "")] < WORTH[Status(change.before or "")]
